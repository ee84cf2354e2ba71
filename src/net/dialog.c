/*
 * The HTTP/1.1 conversation on a connection: one request after another. What has come behind a
 * request stays in the input until its answer is out, so pipelined requests are answered in their
 * order, and a client that does not read its answers is not read from.
 */
#include "net/conn.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum step { AGAIN, WAIT, GONE };

static usec after(const struct conn *c, int seconds)
{
    return loop_now(c->worker->loop) + seconds * USEC_S;
}

static enum step end(struct conn *c)
{
    conn_end(c);
    return GONE;
}

static enum step start_reply(struct conn *c)
{
    struct worker *w = c->worker;
    struct reply_conf conf = {.gzip = w->gzip, .date = worker_date(w), .is_http10 = c->is_http10};

    c->keep_alive = c->keep_alive && !c->is_refused && !w->is_stopping;
    conf.keep_alive = c->keep_alive;
    c->state = CONN_REPLY;
    c->sent = c->moved = 0;
    c->moved_at = loop_now(w->loop);
    if (reply_make(c->x, &conf, &c->reply) < 0)
        return end(c);
    worker_hold(c->x);
    worker_body_whole(w, &c->body);
    conn_set_deadline(c, after(c, MAX_HTTP_IDLE_S));
    return AGAIN;
}

static void on_finished(struct exchange *x)
{
    struct conn *c = x->conn;
    struct worker *w = c->worker;

    if (c->in_dispatch)
        return; /* answered before the dispatcher returned */
    if (c->is_dead || c->is_taken)
        conn_end(c);
    else if (start_reply(c) == AGAIN)
        (void)dialog_run(c);
    worker_relieve(w);
}

static struct exchange *new_exchange(struct conn *c)
{
    struct exchange *x = worker_exchange(c);

    if (!x)
        return NULL;
    x->finished = on_finished;
    c->x = x;
    return x;
}

/* Answers in the name of net and closes afterwards. Pages in the reader's language are web's; these
 * are for programs. */
static enum step refuse(struct conn *c, int status)
{
    struct exchange *x = c->x ? c->x : new_exchange(c);

    if (!x)
        return end(c);
    c->is_refused = true;
    conn_set_list(c, &c->worker->busy);
    http_text(x, status, S("text/plain; charset=utf-8"),
              arena_printf(x->arena, "%d %s\n", status, http_reason(status)));
    return start_reply(c);
}

static enum step refuse_body(struct conn *c)
{
    const struct server_conf *conf = c->worker->conf;

    if (!conf->too_big)
        return refuse(c, 413);
    c->is_refused = true;
    conn_set_list(c, &c->worker->busy);
    c->x->at = loop_now(c->worker->loop);
    conf->too_big(c->x, conf->ctx);
    return start_reply(c);
}

static enum step dispatch(struct conn *c)
{
    struct exchange *x = c->x;
    struct worker *w = c->worker;

    c->state = CONN_BUSY;
    conn_set_deadline(c, 0);
    worker_body_whole(w, &c->body); /* the handler's now */
    worker_let_go(x);
    x->body = (str){(const char *)c->body.p, c->body.n};
    x->at = loop_now(w->loop);
    c->in_dispatch = true;
    w->conf->dispatch(x, w->conf->ctx);
    c->in_dispatch = false;
    if (http_is_deferred(x))
        return WAIT; /* from here on another thread may have x */
    return c->is_taken ? end(c) : start_reply(c);
}

static int fill_exchange(struct conn *c, const struct h1_head *h)
{
    struct exchange *x = c->x;

    x->headers = arena_array(x->arena, h->nheaders + 1, sizeof(x->headers[0]));
    if (!x->headers)
        return ERR_MEM;
    memcpy(x->headers, h->headers, h->nheaders * sizeof(x->headers[0]));
    x->nheaders = h->nheaders;
    x->method = h->method;
    x->path = h->path;
    x->query = h->query;
    x->is_head = str_eq(h->method, S("HEAD"));
    c->keep_alive = h->keep_alive;
    c->is_http10 = h->minor == 0;
    return 0;
}

/* RFC 9110 10.1.1. A client that sends its body without waiting needs no word. */
static int say_continue(struct conn *c)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct iovec iov = {(void *)text, sizeof(text) - 1};
    size_t n = 0;

    if (c->at < c->nin)
        return 0;
    if (stream_write(&c->stream, &iov, 1, &n) < 0 || n != iov.iov_len)
        return ERR_IO; /* every answer before it is out, so there was room */
    return 0;
}

static enum step start_body(struct conn *c, const struct h1_head *h)
{
    const struct server_conf *conf = c->worker->conf;
    size_t limit;

    h1_body_init(&c->framing, h);
    if (c->framing.is_done)
        return dispatch(c);
    limit = conf->body_limit ? conf->body_limit(c->x, conf->ctx) : BODY_USUAL;
    worker_body_begin(c, NULL, &c->body, limit);
    if (!limit || h->length > limit)
        return refuse_body(c);
    if (h->wants_continue && say_continue(c) < 0)
        return end(c);
    c->state = CONN_BODY;
    c->moved_at = loop_now(c->worker->loop);
    worker_hold(c->x);
    conn_set_deadline(c, after(c, MAX_HTTP_STALL_S));
    return AGAIN;
}

/* Nothing is said in clear that could be said under TLS, except to the probe of a load balancer. */
static bool must_use_tls(const struct conn *c)
{
    return c->worker->conf->tls && !c->stream.ssl && !str_eq(c->x->path, S("/healthz"));
}

static enum step send_to_tls(struct conn *c, const struct h1_head *h)
{
    struct exchange *x = c->x;
    bool has_path = h->path.n && h->path.p[0] == '/';

    if (!h->host.n)
        return refuse(c, 400);
    http_set(x, S("Location"),
             arena_printf(x->arena, "https://%.*s%.*s%s%.*s", STR(h->host),
                          STR(has_path ? h->path : S("/")), h->query.n ? "?" : "", STR(h->query)));
    worker_count(c->worker, SERVER_TO_TLS);
    return refuse(c, 308);
}

static enum step start_request(struct conn *c, size_t n)
{
    struct h1_head h;
    struct exchange *x = new_exchange(c);
    str text;
    int r;

    conn_set_list(c, &c->worker->busy);
    if (!x)
        return end(c);
    /* The copy stays where it is while the input moves on. */
    text = arena_str(x->arena, (str){(const char *)c->in + c->at, n});
    if (!text.p)
        return end(c);
    conn_take(c, n);
    r = h1_head_parse(text, &h);
    if (r == 0)
        r = fill_exchange(c, &h);
    if (r < 0)
        return refuse(c, h1_status(r, false));
    return must_use_tls(c) ? send_to_tls(c, &h) : start_body(c, &h);
}

/* All input is used. What TLS still holds is looked at now, because no event will tell of it. */
static enum step need_input(struct conn *c)
{
    bool has_more = stream_has_pending(&c->stream) && !conn_must_pause(c);
    int r = has_more ? conn_fill(c) : ERR_BUSY;

    if (r == 0)
        return AGAIN;
    if (r != ERR_BUSY)
        return end(c);
    conn_want(c, EPOLLIN);
    return WAIT;
}

static enum step take_head(struct conn *c)
{
    size_t n = 0;
    int r;

    if (c->at == c->nin)
        return need_input(c);
    /* RFC 9112 2.2: an empty line before a request is forgiven. */
    if (c->nin - c->at >= 2 && !c->looked && !memcmp(c->in + c->at, "\r\n", 2)) {
        conn_take(c, 2);
        return AGAIN;
    }
    r = h1_head_end(c->in + c->at, c->nin - c->at, &c->looked, &n);
    if (r < 0)
        return refuse(c, h1_status(r, false));
    if (n)
        return start_request(c, n);
    if (c->nin > c->at && c->list == &c->worker->idle) { /* first bytes: the clock of the head */
        conn_set_list(c, &c->worker->busy);
        conn_set_deadline(c, after(c, MAX_HTTP_HEAD_S));
    }
    return need_input(c);
}

static enum step take_body(struct conn *c)
{
    while (!c->framing.is_done && c->at < c->nin) {
        size_t used = 0;
        str data;
        int r = h1_body_rx(&c->framing, c->in + c->at, c->nin - c->at, &used, &data);

        if (r == 0)
            r = worker_body_add(c->worker, &c->body, data);
        if (r == ERR_TOO_BIG)
            return refuse_body(c);
        if (r < 0)
            return refuse(c, h1_status(r, true));
        c->body.window += used;
        conn_move(c, used);
        conn_take(c, used);
    }
    return c->framing.is_done ? dispatch(c) : need_input(c);
}

static enum step next_request(struct conn *c)
{
    bool is_refused = c->is_refused, keep_alive = c->keep_alive;

    conn_drop_exchange(c);
    if (is_refused) {
        stream_end(&c->stream);
        c->state = CONN_LINGER;
        conn_set_deadline(c, after(c, MAX_HTTP_LINGER_S));
        conn_want(c, EPOLLIN);
        return WAIT;
    }
    if (!keep_alive || c->worker->is_stopping)
        return end(c);
    c->state = CONN_HEAD;
    conn_take(c, 0);
    conn_set_list(c, &c->worker->idle);
    conn_set_deadline(c, after(c, MAX_HTTP_IDLE_S));
    return AGAIN;
}

static int iov_from(const struct reply *r, size_t sent, struct iovec iov[static 2])
{
    str head = str_from(r->head, sent);
    str body = str_from(r->body, sent > r->head.n ? sent - r->head.n : 0);
    int n = 0;

    if (head.n)
        iov[n++] = (struct iovec){(void *)head.p, head.n};
    if (body.n)
        iov[n++] = (struct iovec){(void *)body.p, body.n};
    return n;
}

/* How many parts of the answer are to be written now; 0: it is out. */
static int next_iov(struct conn *c, struct iovec iov[static 2])
{
    int n = iov_from(&c->reply, c->sent, iov), r;

    if (n || reply_is_over(c->x))
        return n;
    r = reply_next(c->x, &c->reply.body);
    c->sent = c->reply.head.n;
    return r < 0 ? r : iov_from(&c->reply, c->sent, iov);
}

static enum step send_reply(struct conn *c)
{
    struct iovec iov[2];
    int n;

    while ((n = next_iov(c, iov)) > 0) {
        size_t went = 0;
        int r = stream_write(&c->stream, iov, n, &went);

        if (r == ERR_BUSY) {
            conn_want(c, c->stream.wants);
            return WAIT;
        }
        if (r < 0)
            return end(c);
        c->sent += went;
        conn_move(c, went);
        if (conn_must_rest(c, went)) {
            conn_want(c, 0); /* room in the socket is no second share */
            return WAIT;
        }
    }
    return n < 0 ? end(c) : next_request(c);
}

bool dialog_run(struct conn *c)
{
    enum step s;

    do {
        switch (c->state) {
        case CONN_HEAD:
            s = take_head(c);
            break;
        case CONN_BODY:
            s = take_body(c);
            break;
        case CONN_REPLY:
            s = send_reply(c);
            break;
        default:
            s = WAIT;
        }
    } while (s == AGAIN);
    return s != GONE;
}

static bool is_body_moving(struct conn *c)
{
    if (c->state != CONN_BODY || c->body.window < MOVED_BYTES)
        return false;
    worker_body_clock(c->worker, &c->body);
    conn_set_deadline(c, after(c, MAX_HTTP_STALL_S));
    return true;
}

static bool is_reply_moving(struct conn *c)
{
    usec until = c->moved_at + MAX_HTTP_IDLE_S * USEC_S;

    if (c->state != CONN_REPLY || loop_now(c->worker->loop) >= until)
        return false;
    conn_set_deadline(c, until);
    return true;
}

void dialog_cut(struct conn *c)
{
    worker_count(c->worker, SERVER_CUT);
    worker_body_drop(c->worker, &c->body);
    if (refuse(c, 408) == AGAIN)
        conn_resume(c);
}

bool dialog_timeout(struct conn *c)
{
    bool has_begun = c->state == CONN_BODY || (c->state == CONN_HEAD && c->nin > c->at);

    if (is_body_moving(c) || is_reply_moving(c))
        return true;
    if (!has_begun) {
        conn_end(c);
        return false;
    }
    return refuse(c, 408) == AGAIN && dialog_run(c);
}
