#include "net/conn.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/table.h"
#include "net/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* FIRST_IN: a browser's request; grows to MAX_HTTP_HEAD. ROUND_BYTES: half a millisecond of TLS. */
enum { FIRST_IN = 2048, ROUND_READS = 8, ROUND_BYTES = 8 * HTTP_PIECE };
_Static_assert(2 * MAX_HTTP_CONNS + 64 <= MAX_LOOP_TIMERS, "two timers for each of a web thread");
/* Of giving way to others. FRESH: the first bytes of TLS come after one round trip, a second on the
 * worst lines. STALLED: MOVED_BYTES take 4 s at 8 kbit/s. */
enum { FRESH_US = 2 * 1000 * 1000, STALLED_US = 5 * 1000 * 1000 };

static void list_remove(struct conn *c)
{
    struct conn_list *l = c->list;

    if (!l)
        return;
    *(c->prev ? &c->prev->next : &l->first) = c->next;
    *(c->next ? &c->next->prev : &l->last) = c->prev;
    c->prev = c->next = NULL;
    c->list = NULL;
}

void conn_set_list(struct conn *c, struct conn_list *list)
{
    list_remove(c);
    c->list = list;
    c->listed_at = loop_now(c->worker->loop);
    c->prev = list->last;
    *(list->last ? &list->last->next : &list->first) = c;
    list->last = c;
}

static bool is_ours(const struct conn *c)
{
    return c->state == CONN_BUSY || (c->state == CONN_H2 && h2_is_busy(c->h2));
}

/* Of those that we wait for who has been busy longest: came before `came` and has not said yet what
 * he wants, or has not moved since `moved`. */
static struct conn *oldest_busy(const struct worker *w, usec came, usec moved)
{
    for (struct conn *c = w->busy.first; c; c = c->next) {
        bool has_asked = c->state == CONN_BODY || c->state == CONN_REPLY || c->state == CONN_H2;

        if (!is_ours(c) && (has_asked ? c->moved_at < moved : c->listed_at < came))
            return c;
    }
    return NULL;
}

/* Who came a moment ago is idle as well, until his first bytes have come. Half-spoken connections
 * that fill the house must not make him give way to the next of their kind, nor he a handshake that
 * is younger: the one that came first goes. */
bool conn_end_oldest(struct worker *w)
{
    usec now = loop_now(w->loop);
    struct conn *c = w->idle.first;

    if (!c || now - c->listed_at < FRESH_US)
        c = oldest_busy(w, c ? c->listed_at : now + 1, now - STALLED_US);
    if (!c)
        c = w->idle.first;
    if (!c)
        c = oldest_busy(w, now + 1, now + 1);
    if (!c)
        return false;
    conn_end(c);
    return true;
}

bool conn_end_fullest(struct worker *w)
{
    struct conn *most = NULL;

    for (struct conn *c = w->busy.first; c; c = c->next) {
        if (c->held > (most ? most->held : 0))
            most = c;
    }
    if (!most)
        return false;
    worker_count(w, SERVER_UNREAD);
    conn_end(most);
    return true;
}

void conn_move(struct conn *c, size_t n)
{
    c->moved += n;
    if (c->moved < MOVED_BYTES)
        return;
    c->moved = 0;
    c->moved_at = loop_now(c->worker->loop);
}

/* For rate limits a carrier's customer is his /24 or /56; the address is forgotten here. From this
 * machine comes a proxy, which speaks for all readers at once and has limits of its own. */
static uint64_t prefix_of(const struct addr *a)
{
    return addr_is_self(a) ? 0 : table_key(a->ip, addr_is_v4(a) ? 15 : 7);
}

void conn_set_deadline(struct conn *c, usec at)
{
    c->deadline = at;
    if (at && (!c->timer.index || c->timer.at > at))
        loop_timer_set(c->worker->loop, &c->timer, at);
}

static void on_timer(usec now, void *ctx)
{
    struct conn *c = ctx;
    struct worker *w = c->worker;

    if (!c->deadline || now < c->deadline)
        conn_set_deadline(c, c->deadline);
    else if (c->state == CONN_H2)
        (void)h2_timeout(c);
    else if (c->state <= CONN_SHAKE)
        conn_end(c);
    else
        (void)dialog_timeout(c);
    worker_relieve(w);
}

void conn_want(struct conn *c, uint32_t events)
{
    if (loop_modify(c->fd, events) < 0)
        conn_set_deadline(c, loop_now(c->worker->loop)); /* deaf: ends at once */
}

static int drain(struct conn *c)
{
    uint8_t waste[4096];
    size_t n;
    int r = stream_read(&c->stream, waste, sizeof(waste), &n);

    return r == ERR_BUSY ? 0 : r;
}

static bool on_input(struct conn *c)
{
    int r = c->state == CONN_LINGER ? drain(c) : conn_fill(c);

    if (r == ERR_BUSY) {
        conn_want(c, c->stream.wants);
        return true;
    }
    if (r < 0 && r != ERR_FULL) {
        conn_end(c);
        return false;
    }
    return dialog_run(c);
}

void conn_resume(struct conn *c)
{
    loop_timer_set(c->worker->loop, &c->resume, loop_now(c->worker->loop));
}

bool conn_must_pause(struct conn *c)
{
    if (++c->nreads < ROUND_READS)
        return false;
    conn_resume(c);
    return true;
}

bool conn_must_rest(struct conn *c, size_t n)
{
    c->nsent += n;
    if (c->nsent < ROUND_BYTES)
        return false;
    conn_resume(c);
    return true;
}

static void go_on(struct conn *c, uint32_t events)
{
    c->nreads = 0;
    c->nsent = 0;
    if (c->state == CONN_BUSY) {
        /* Pipelined requests wait in the kernel; a connection that is reset is given up. */
        if (events & (EPOLLHUP | EPOLLERR))
            conn_end(c);
        else
            conn_want(c, 0);
        return;
    }
    if (c->state == CONN_REPLY) {
        (void)dialog_run(c);
        return;
    }
    if (c->state == CONN_H2)
        (void)h2_run(c);
    else if (c->state <= CONN_SHAKE)
        (void)entry_run(c);
    else
        (void)on_input(c);
}

static void on_event(uint32_t events, void *ctx)
{
    struct worker *w = ((struct conn *)ctx)->worker;

    go_on(ctx, events);
    worker_relieve(w);
}

static void on_resume(usec now, void *ctx)
{
    (void)now;
    on_event(0, ctx);
}

int conn_new(struct worker *w, int fd, const struct addr *peer)
{
    struct conn *c = calloc(1, sizeof(*c));
    int r;

    if (!c) {
        close(fd);
        return ERR_MEM;
    }
    c->worker = w;
    c->stream.fd = fd;
    c->timer.run = on_timer;
    c->timer.ctx = c;
    c->resume = (struct loop_timer){.run = on_resume, .ctx = c};
    c->peer_prefix = prefix_of(peer);
    if (w->conf->country)
        c->peer_country = w->conf->country(peer, w->conf->ctx);
    r = loop_add(w->loop, fd, EPOLLIN, on_event, c, &c->fd);
    if (r < 0) {
        stream_close(&c->stream);
        free(c);
        return r;
    }
    conn_set_list(c, &w->idle);
    w->nconns++;
    worker_count(w, SERVER_ACCEPTED);
    conn_set_deadline(c, loop_now(w->loop) + MAX_HTTP_IDLE_S * USEC_S);
    return 0;
}

void conn_drop_exchange(struct conn *c)
{
    worker_exchange_drop(c->x);
    c->x = NULL;
    worker_body_drop(c->worker, &c->body);
    c->sent = 0;
}

static void conn_free(struct conn *c)
{
    struct worker *w = c->worker;

    conn_drop_exchange(c);
    h2_free(c->h2);
    free(c->in);
    free(c);
    worker_check_end(w);
}

/* Off the loop and the lists. What is left is memory. */
static void detach(struct conn *c)
{
    loop_remove(c->fd);
    c->fd = NULL;
    loop_timer_cancel(c->worker->loop, &c->timer);
    loop_timer_cancel(c->worker->loop, &c->resume);
    list_remove(c);
    c->worker->nconns--;
}

void conn_end(struct conn *c)
{
    if (c->is_dead || c->is_taken) {
        c->worker->norphans--;
        conn_free(c);
        return;
    }
    detach(c);
    stream_close(&c->stream);
    if (c->h2 ? h2_end(c) : c->state == CONN_BUSY) {
        c->is_dead = true;
        c->worker->norphans++;
        return;
    }
    conn_free(c);
}

static int make_room(struct conn *c)
{
    size_t room = c->in_room ? c->in_room * 2 : FIRST_IN;
    uint8_t *more;

    if (c->at) {
        memmove(c->in, c->in + c->at, c->nin - c->at);
        c->nin -= c->at;
        c->at = 0;
    }
    if (c->nin < c->in_room)
        return 0;
    if (room > MAX_HTTP_HEAD)
        return ERR_FULL;
    more = realloc(c->in, room);
    if (!more)
        return ERR_MEM;
    c->in = more;
    c->in_room = room;
    return 0;
}

int conn_fill(struct conn *c)
{
    size_t n = 0;
    int r = c->nin < c->in_room ? 0 : make_room(c);

    if (r < 0)
        return r;
    r = stream_read(&c->stream, c->in + c->nin, c->in_room - c->nin, &n);
    if (r < 0)
        return r;
    c->nin += n;
    return 0;
}

void conn_take(struct conn *c, size_t n)
{
    c->at += n;
    c->looked = 0;
    if (c->at < c->nin)
        return;
    c->at = c->nin = 0;
    /* An idle connection costs no buffer; one in the middle of a body keeps it. */
    if (c->state == CONN_HEAD || c->in_room > FIRST_IN) {
        free(c->in);
        c->in = NULL;
        c->in_room = 0;
    }
}

static int copy_unread(const struct conn *c, uint8_t **ret_unread, size_t *ret_n)
{
    size_t n = c->nin - c->at;
    uint8_t *copy = NULL;

    if (n) {
        copy = malloc(n);
        if (!copy)
            return ERR_MEM;
        memcpy(copy, c->in + c->at, n);
    }
    *ret_unread = copy;
    *ret_n = n;
    return 0;
}

int conn_release(struct conn *c, struct server_raw *ret_raw)
{
    int r = server_peer(c->stream.fd, &ret_raw->from);

    if (r == 0)
        r = copy_unread(c, &ret_raw->unread, &ret_raw->nunread);
    if (r < 0)
        return r;
    ret_raw->fd = c->stream.fd;
    ret_raw->ssl = c->stream.ssl;
    c->stream = (struct stream){.fd = -1};
    detach(c);
    conn_free(c);
    return 0;
}

int http_take_over(struct exchange *x, struct http_takeover *ret_takeover)
{
    struct conn *c = x->conn;
    struct http_takeover t = {.fd = -1};
    int r;

    if (!c || c->is_taken || c->state != CONN_BUSY)
        return ERR_STATE;
    if (c->is_dead)
        return ERR_CLOSED;
    r = copy_unread(c, &t.unread, &t.nunread);
    if (r < 0)
        return r;
    detach(c);
    c->is_taken = true;
    c->worker->norphans++;
    t.fd = c->stream.fd;
    t.ssl = c->stream.ssl;
    c->stream = (struct stream){.fd = -1};
    *ret_takeover = t;
    return 0;
}

void *server_thread(const struct exchange *x)
{
    return x->conn ? x->conn->worker->thread : NULL;
}
