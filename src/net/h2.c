/*
 * HTTP/2 on a connection (RFC 9113): nghttp2 reads and writes the frames, this file turns streams
 * into exchanges and watches what a client may cost.
 *
 *   stream_read ─▶ nghttp2 ─▶ on_header … ─▶ whole ─▶ dispatch ─▶ submit ─▶ nghttp2 ─▶ stream_write
 *
 * WebSocket stays on HTTP/1.1 (RFC 8441 is not announced). Nothing here ends the connection from
 * inside a callback of nghttp2: errors are returned up to h2_run, h2_timeout and on_finished.
 */
#include "net/h2_i.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* NOISE_S: the time over which resets and other frames that cost us more than the client count. */
enum { TICK_S = 5, NOISE_S = 10, FIELD_COST = 32, STATUS = 4, LENGTH = 24 };

/* ---- streams ---- */

static void unlink_stream(struct h2_stream *s)
{
    struct h2 *h = s->conn->h2;

    *(s->prev ? &s->prev->next : &h->first) = s->next;
    if (s->next)
        s->next->prev = s->prev;
    s->prev = s->next = NULL;
}

static void free_stream(struct h2_stream *s)
{
    worker_body_drop(s->conn->worker, &s->body);
    worker_exchange_drop(s->x); /* s lies in its arena */
}

/* Off the connection; the memory stays while the handler has it. */
static void close_stream(struct h2_stream *s)
{
    unlink_stream(s);
    s->is_closed = true;
    s->conn->h2->nanswered -= s->is_answered;
    s->conn->h2->nwaiting -= s->is_waiting;
    if (!s->is_busy)
        free_stream(s);
}

static void on_finished(struct exchange *x);

static struct h2_stream *new_stream(struct conn *c, int32_t id)
{
    struct exchange *x = worker_exchange(c);
    struct h2_stream *s = x ? arena_make(x->arena, struct h2_stream) : NULL;

    if (!s) {
        worker_exchange_drop(x);
        return NULL;
    }
    x->finished = on_finished;
    x->stream = s;
    *s = (struct h2_stream){.conn = c, .x = x, .id = id, .next = c->h2->first};
    s->moved_at = loop_now(c->worker->loop);
    if (s->next)
        s->next->prev = s;
    c->h2->first = s;
    return s;
}

/* ---- answers ---- */

/* NOLINTNEXTLINE(readability-function-size): the parameters are nghttp2's */
static ssize_t give_body(nghttp2_session *session, int32_t id, uint8_t *to, size_t room,
                         uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct h2_stream *s = source->ptr;
    int r = s->rest.n ? 0 : reply_next(s->x, &s->rest);
    size_t n = s->rest.n < room ? s->rest.n : room;

    (void)session;
    (void)id;
    (void)user;
    if (r < 0)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    if (n)
        memcpy(to, s->rest.p, n);
    s->rest = str_from(s->rest, n);
    conn_move(s->conn, n);
    if (!s->rest.n && reply_is_over(s->x))
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

static void add_field(nghttp2_nv *to, size_t *n, str name, str value)
{
    to[(*n)++] = (nghttp2_nv){.name = (uint8_t *)(uintptr_t)name.p,
                              .value = (uint8_t *)(uintptr_t)value.p,
                              .namelen = name.n,
                              .valuelen = value.n};
}

/* RFC 9113 8.2.2: fields about a connection have no place in a stream. */
static bool is_about_connection(str name)
{
    return str_ieq(name, S("upgrade")) || str_ieq(name, S("connection"));
}

/* A status beside which a length stands is written by net; nghttp2 makes the names lower-case. */
static size_t list_fields(struct h2_stream *s, size_t length, char text[static STATUS + LENGTH],
                          nghttp2_nv *to)
{
    struct exchange *x = s->x;
    size_t n = 0;

    snprintf(text, STATUS, "%03u", (unsigned)x->status % 1000);
    add_field(to, &n, S(":status"), (str){text, 3});
    add_field(to, &n, S("date"), worker_date(s->conn->worker));
    for (size_t i = 0; i < x->nout; i++) {
        if (!is_about_connection(x->out[i].name))
            add_field(to, &n, x->out[i].name, x->out[i].value);
    }
    if (length == REPLY_NO_BODY)
        return n;
    if (x->type.p)
        add_field(to, &n, S("content-type"), x->type);
    snprintf(text + STATUS, LENGTH, "%zu", length);
    add_field(to, &n, S("content-length"), str_c(text + STATUS));
    return n;
}

static int answer(struct h2_stream *s)
{
    struct conn *c = s->conn;
    struct exchange *x = s->x;
    nghttp2_data_provider body = {.source.ptr = s, .read_callback = give_body};
    char text[STATUS + LENGTH];
    nghttp2_nv *fields;
    size_t length = reply_choose(x, c->worker->gzip, &s->rest);

    s->is_answered = true;
    c->h2->nanswered++;
    s->moved_at = loop_now(c->worker->loop);
    worker_body_whole(c->worker, &s->body);
    fields = arena_array(x->arena, x->nout + STATUS, sizeof(*fields));
    if (!fields)
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    worker_hold(x);
    return nghttp2_submit_response(c->h2->session, s->id, fields,
                                   list_fields(s, length, text, fields), s->rest.n ? &body : NULL);
}

static int refuse(struct h2_stream *s, int status)
{
    http_text(s->x, status, S("text/plain; charset=utf-8"),
              arena_printf(s->x->arena, "%d %s\n", status, http_reason(status)));
    return answer(s);
}

static int refuse_body(struct h2_stream *s)
{
    const struct server_conf *conf = s->conn->worker->conf;

    if (!conf->too_big)
        return refuse(s, 413);
    s->x->at = loop_now(s->conn->worker->loop);
    conf->too_big(s->x, conf->ctx);
    return answer(s);
}

static int dispatch(struct h2_stream *s)
{
    struct worker *w = s->conn->worker;
    struct exchange *x = s->x;

    worker_body_whole(w, &s->body); /* the handler's now */
    worker_let_go(x);
    x->body = (str){(const char *)s->body.p, s->body.n};
    x->at = loop_now(w->loop);
    s->in_dispatch = true;
    w->conf->dispatch(x, w->conf->ctx);
    s->in_dispatch = false;
    if (!http_is_deferred(x))
        return answer(s);
    s->is_busy = true;
    s->conn->h2->nbusy++;
    return 0;
}

/* A client that asks on and does not read: its window is its own to set, our memory is not. */
static bool is_full(const struct conn *c)
{
    return c->h2->nanswered >= MAX_H2_ANSWERS && c->held > MAX_H2_UNREAD;
}

/*
 * What asks for more than is read waits for its turn, as a pipelined request does. Refusing it
 * (REFUSED_STREAM) would be as safe, but a browser on a thin line asks for a page of pictures at
 * once, and asks again only twice. Forms do not wait, so that no body stays behind an answer.
 */
static int take_whole(struct h2_stream *s)
{
    struct h2 *h = s->conn->h2;

    s->is_whole = true;
    if (s->is_answered)
        return 0;
    if (s->body.n || !(h->nwaiting || is_full(s->conn)))
        return dispatch(s);
    s->is_waiting = true;
    h->nwaiting++;
    worker_hold(s->x);
    return 0;
}

static struct h2_stream *oldest_waiting(const struct h2 *h)
{
    struct h2_stream *oldest = NULL;

    for (struct h2_stream *s = h->nwaiting ? h->first : NULL; s; s = s->next)
        oldest = s->is_waiting ? s : oldest;
    return oldest;
}

/* Those that wait, the oldest first, as far as there is room. */
static int let_in(struct conn *c)
{
    struct h2_stream *oldest;
    struct h2 *h = c->h2;
    int r = 0;

    while (r == 0 && !is_full(c) && (oldest = oldest_waiting(h)) != NULL) {
        oldest->is_waiting = false;
        h->nwaiting--;
        r = dispatch(oldest);
    }
    return r;
}

/* ---- requests ---- */

/* The Host of HTTP/1.1 is what handlers know; :authority stands for it (RFC 9113 8.3.1). */
static int take_fields(struct h2 *h, struct exchange *x, str *ret_target)
{
    str host = {0};

    x->headers = arena_array(x->arena, h->nfields + 1, sizeof(x->headers[0]));
    if (!x->headers)
        return ERR_MEM;
    for (size_t i = 0; i < h->nfields; i++) {
        const struct http_header *f = &h->fields[i];

        if (str_eq(f->name, S(":method")))
            x->method = f->value;
        else if (str_eq(f->name, S(":path")))
            *ret_target = f->value;
        else if (str_eq(f->name, S(":authority")))
            host = f->value;
        else if (!str_starts(f->name, S(":")) && !(host.p && str_eq(f->name, S("host"))))
            x->headers[x->nheaders++] = *f;
    }
    if (host.p)
        x->headers[x->nheaders++] = (struct http_header){S("host"), host};
    x->is_head = str_eq(x->method, S("HEAD"));
    return 0;
}

static int check_head(struct h2_stream *s, bool has_body)
{
    const struct server_conf *conf = s->conn->worker->conf;
    struct h2 *h = s->conn->h2;
    struct exchange *x = s->x;
    uint64_t length = 0;
    str target = {0}, said;
    size_t limit;
    int r = take_fields(h, x, &target);

    if (r < 0 || h->has_too_many)
        return h->has_too_many ? 431 : 503;
    if (h1_target_parse(x->method, target, &x->path, &x->query) < 0 ||
        !h1_host_is_good(http_header(x, S("host"))))
        return 400;
    if (!has_body)
        return 0;
    limit = conf->body_limit ? conf->body_limit(x, conf->ctx) : BODY_USUAL;
    worker_body_begin(s->conn, s, &s->body, limit);
    said = http_header(x, S("content-length"));
    if (!limit || (said.p && str_u64(said, UINT64_MAX, &length) < 0) || length > limit)
        return 413;
    worker_hold(x);
    return 0;
}

static int take_head(struct h2_stream *s, bool has_body)
{
    int status = check_head(s, has_body);

    s->has_head = true;
    if (status)
        return status == 413 ? refuse_body(s) : refuse(s, status);
    return has_body ? 0 : take_whole(s);
}

static int on_begin(nghttp2_session *session, const nghttp2_frame *f, void *user)
{
    struct conn *c = user;
    struct h2_stream *s;

    if (f->hd.type != NGHTTP2_HEADERS || f->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    s = new_stream(c, f->hd.stream_id);
    if (!s)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    c->h2->nfields = c->h2->field_bytes = 0;
    c->h2->has_too_many = false;
    return nghttp2_session_set_stream_user_data(session, f->hd.stream_id, s);
}

static str text_of(nghttp2_rcbuf *b)
{
    nghttp2_vec v = nghttp2_rcbuf_get_buf(b);

    return (str){(const char *)v.base, v.len};
}

static int on_field(nghttp2_session *session, const nghttp2_frame *f, nghttp2_rcbuf *name,
                    nghttp2_rcbuf *value, uint8_t flags, void *user)
{
    struct h2 *h = ((struct conn *)user)->h2;
    struct h2_stream *s = nghttp2_session_get_stream_user_data(session, f->hd.stream_id);
    struct http_header *to;

    (void)flags;
    if (!s || s->has_head)
        return 0; /* trailers tell us nothing */
    h->field_bytes += text_of(name).n + text_of(value).n + FIELD_COST;
    if (h->nfields == MAX_HTTP_HEADERS || h->field_bytes > MAX_HTTP_HEAD)
        h->has_too_many = true;
    if (h->has_too_many)
        return 0;
    to = &h->fields[h->nfields++];
    to->name = arena_str(s->x->arena, text_of(name));
    to->value = arena_str(s->x->arena, text_of(value));
    return to->name.p && to->value.p ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                   void *user)
{
    struct conn *c = user;
    struct h2_stream *s = nghttp2_session_get_stream_user_data(session, id);
    int r;

    (void)flags;
    if (!s || s->is_answered)
        return 0;
    r = worker_body_add(c->worker, &s->body, (str){(const char *)p, n});
    s->body.window += n;
    conn_move(c, n);
    if (r == ERR_TOO_BIG)
        return refuse_body(s);
    return r < 0 ? refuse(s, h1_status(r, true)) : 0;
}

/* A client that opens and resets streams makes us work for answers that nobody wants
 * (CVE-2023-44487); pings, settings and empty data cost it as little. */
static int count_noise(struct conn *c, const nghttp2_frame *f)
{
    struct h2 *h = c->h2;
    usec now = loop_now(c->worker->loop);
    bool is_noise = f->hd.type == NGHTTP2_PING || f->hd.type == NGHTTP2_SETTINGS ||
                    f->hd.type == NGHTTP2_PRIORITY || (f->hd.type == NGHTTP2_DATA && !f->hd.length);

    if (now - h->noise_since > NOISE_S * USEC_S) {
        h->noise_since = now;
        h->nresets = h->nnoise = 0;
    }
    h->nresets += f->hd.type == NGHTTP2_RST_STREAM;
    h->nnoise += is_noise;
    if (h->nresets <= MAX_H2_RESETS && h->nnoise <= MAX_H2_NOISE)
        return 0;
    worker_count(c->worker, SERVER_CALMED);
    return nghttp2_session_terminate_session(h->session, NGHTTP2_ENHANCE_YOUR_CALM);
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *f, void *user)
{
    struct h2_stream *s = nghttp2_session_get_stream_user_data(session, f->hd.stream_id);
    bool is_last = f->hd.flags & NGHTTP2_FLAG_END_STREAM;

    if (f->hd.type == NGHTTP2_HEADERS && s && !s->has_head)
        return take_head(s, !is_last);
    if ((f->hd.type == NGHTTP2_HEADERS || f->hd.type == NGHTTP2_DATA) && s && is_last)
        return take_whole(s);
    return count_noise(user, f);
}

/* An answer that did not wait for the end of its request asks the client to stop (RFC 9113 8.1). */
static int on_sent(nghttp2_session *session, const nghttp2_frame *f, void *user)
{
    struct h2_stream *s = nghttp2_session_get_stream_user_data(session, f->hd.stream_id);
    bool is_last = f->hd.flags & NGHTTP2_FLAG_END_STREAM;

    (void)user;
    if ((f->hd.type == NGHTTP2_HEADERS || f->hd.type == NGHTTP2_DATA) && is_last && s &&
        !s->is_whole)
        return nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, s->id, NGHTTP2_NO_ERROR);
    return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *user)
{
    struct h2_stream *s = nghttp2_session_get_stream_user_data(session, id);

    (void)code;
    (void)user;
    if (s)
        close_stream(s);
    return 0;
}

/* ---- the connection ---- */

static int receive(struct conn *c)
{
    struct worker *w = c->worker;
    size_t n = 0;
    int r = stream_read(&c->stream, w->in, sizeof(w->in), &n);

    if (r < 0)
        return r;
    return nghttp2_session_mem_recv(c->h2->session, w->in, n) < 0 ? ERR_SYNTAX : 0;
}

static void set_clock(struct conn *c)
{
    struct worker *w = c->worker;
    bool is_idle = !c->h2->first && !c->h2->nbusy;

    if (is_idle && c->list != &w->idle) {
        conn_set_list(c, &w->idle);
        conn_set_deadline(c, loop_now(w->loop) + MAX_HTTP_IDLE_S * USEC_S);
    } else if (!is_idle && c->list != &w->busy) {
        conn_set_list(c, &w->busy);
        conn_set_deadline(c, loop_now(w->loop) + TICK_S * USEC_S);
        c->moved = 0; /* and has not stalled while nobody asked */
        c->moved_at = loop_now(w->loop);
    }
}

/* Sends, waits for what comes next, or ends. r: what reading said. */
static bool go_on(struct conn *c, int r)
{
    struct h2 *h = c->h2;
    bool is_over = (r < 0 && r != ERR_BUSY) || let_in(c) < 0;
    int sent = h2_send(c);

    if (is_over || (sent < 0 && sent != ERR_BUSY))
        goto end;
    if (sent == 0 && !nghttp2_session_want_read(h->session) &&
        !nghttp2_session_want_write(h->session))
        goto end;
    set_clock(c);
    if (h->nwaiting && !is_full(c))
        conn_resume(c);
    if (sent == 0 && c->worker->is_stopping && c->list == &c->worker->idle &&
        !nghttp2_session_want_write(h->session))
        goto end;
    /* A client that does not read is not read from. */
    conn_want(c, sent == ERR_BUSY ? c->stream.wants : EPOLLIN);
    return true;
end:
    conn_end(c);
    return false;
}

bool h2_run(struct conn *c)
{
    int r = h2_send_kept(c);

    if (r == 0)
        r = receive(c);
    while (go_on(c, r)) {
        if (r < 0 || c->h2->nkept || !stream_has_pending(&c->stream))
            return true;
        if (conn_must_pause(c))
            return true;
        r = receive(c);
    }
    return false;
}

/* The handler has answered later. */
static void on_finished(struct exchange *x)
{
    struct h2_stream *s = x->stream;
    struct conn *c = s->conn;
    struct worker *w = c->worker;
    int r = 0;

    if (s->in_dispatch)
        return;
    s->is_busy = false;
    c->h2->nbusy--;
    if (s->is_closed)
        free_stream(s);
    else
        r = answer(s) < 0 ? ERR_MEM : 0;
    if (!c->is_dead)
        (void)go_on(c, r);
    else if (!c->h2->nbusy)
        conn_end(c);
    worker_relieve(w);
}

void h2_cut(struct h2_stream *s)
{
    struct conn *c = s->conn;

    worker_count(c->worker, SERVER_CUT);
    worker_body_drop(c->worker, &s->body);
    (void)refuse(s, 408); /* without memory for it the stream is stuck, which ends it as well */
    conn_resume(c);
}

bool h2_is_busy(const struct h2 *h)
{
    return h->nbusy > 0;
}

static bool is_stuck(struct h2_stream *s, usec now)
{
    usec moved_at = s->conn->moved_at > s->moved_at ? s->conn->moved_at : s->moved_at;

    if (s->is_busy || s->is_waiting)
        return false;
    /* The answers of a connection take turns on its line: it moves as a whole. */
    if (s->is_answered)
        return now - moved_at > MAX_HTTP_IDLE_S * USEC_S;
    if (now - s->moved_at <= MAX_HTTP_STALL_S * USEC_S)
        return false;
    if (s->body.window < MOVED_BYTES)
        return true;
    worker_body_clock(s->conn->worker, &s->body);
    s->moved_at = now;
    return false;
}

bool h2_timeout(struct conn *c)
{
    struct h2 *h = c->h2;
    usec now = loop_now(c->worker->loop);

    if (c->list == &c->worker->idle || (h->nkept && now - h->wrote_at > MAX_HTTP_IDLE_S * USEC_S)) {
        h2_stop(c);
        return false;
    }
    for (struct h2_stream *s = h->first; s; s = s->next) {
        if (is_stuck(s, now))
            (void)nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, s->id, NGHTTP2_CANCEL);
    }
    conn_set_deadline(c, now + TICK_S * USEC_S);
    return go_on(c, ERR_BUSY);
}

void h2_stop(struct conn *c)
{
    int32_t last = nghttp2_session_get_last_proc_stream_id(c->h2->session);

    (void)nghttp2_submit_goaway(c->h2->session, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, NULL, 0);
    if (c->list == &c->worker->idle || c->h2->nkept) {
        (void)h2_send(c); /* a courtesy */
        conn_end(c);
        return;
    }
    (void)go_on(c, ERR_BUSY);
}

static int make_session(struct conn *c, nghttp2_session_callbacks *k)
{
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, MAX_H2_STREAMS},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, MAX_HTTP_HEAD},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    };

    nghttp2_session_callbacks_set_on_begin_headers_callback(k, on_begin);
    nghttp2_session_callbacks_set_on_header_callback2(k, on_field);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(k, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(k, on_frame);
    nghttp2_session_callbacks_set_on_frame_send_callback(k, on_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(k, on_close);
    if (nghttp2_session_server_new(&c->h2->session, k, c) != 0)
        return ERR_MEM;
    if (nghttp2_submit_settings(c->h2->session, NGHTTP2_FLAG_NONE, settings, NELEM(settings)) != 0)
        return ERR_MEM;
    return 0;
}

int h2_start(struct conn *c)
{
    nghttp2_session_callbacks *k = NULL;
    int r = ERR_MEM;

    c->h2 = calloc(1, sizeof(*c->h2));
    if (c->h2 && nghttp2_session_callbacks_new(&k) == 0)
        r = make_session(c, k);
    nghttp2_session_callbacks_del(k);
    c->moved_at = loop_now(c->worker->loop);
    if (r == 0)
        c->state = CONN_H2;
    return r;
}

bool h2_end(struct conn *c)
{
    struct h2 *h = c->h2;

    while (h->first)
        close_stream(h->first);
    h2_drop_kept(c);
    nghttp2_session_del(h->session);
    h->session = NULL;
    return h->nbusy > 0;
}

void h2_free(struct h2 *h)
{
    if (!h)
        return;
    nghttp2_session_del(h->session);
    free(h);
}
