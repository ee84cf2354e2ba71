#include "net/worker.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "net/conn.h"

#include <stdlib.h>
#include <string.h>

/*
 * ARENA_BYTES: what an exchange's arena takes before anything lies in it.
 * YOUNG_S: a body is given this time before it can be cut: at 8 kbit/s it has brought 5 kB.
 * LOOKED: the longest clocks of all; a look at every body would itself be worth an attack.
 */
enum { FIRST_BODY = 4096, ARENA_BYTES = 4096, YOUNG_S = 5, LOOKED = 64 };

str worker_date(struct worker *w)
{
    usec now = clock_wall();

    if (now - w->date_at >= USEC_S || now < w->date_at) {
        http_date(now, w->date);
        w->date_at = now / USEC_S * USEC_S;
    }
    return (str){w->date, HTTP_DATE - 1};
}

static struct arena *take_arena(struct worker *w)
{
    return w->nspare ? w->spare[--w->nspare] : arena_new();
}

/* One that has grown gives its later blocks back and is as good as new. */
static void put_arena(struct worker *w, struct arena *a)
{
    if (w->nspare == NELEM(w->spare)) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    w->spare[w->nspare++] = a;
}

void worker_done(struct worker *w)
{
    while (w->nspare)
        arena_free(w->spare[--w->nspare]);
}

struct exchange *worker_exchange(struct conn *c)
{
    struct arena *a = take_arena(c->worker);
    struct exchange *x = a ? exchange_new(a, c->worker->loop) : NULL;

    if (!x) {
        arena_free(a);
        return NULL;
    }
    x->conn = c;
    x->peer_prefix = c->peer_prefix;
    x->peer_country = c->peer_country;
    x->is_tls = c->stream.ssl != NULL;
    return x;
}

void worker_exchange_drop(struct exchange *x)
{
    if (!x)
        return;
    if (x->shared && x->shared->release)
        x->shared->release(x->shared);
    worker_hold_less(x->conn, x->held);
    put_arena(x->conn->worker, x->arena);
}

void worker_hold(struct exchange *x)
{
    size_t held = arena_used(x->arena) + ARENA_BYTES;

    worker_hold_more(x->conn, held - x->held);
    x->held = held;
}

void worker_hold_more(struct conn *c, size_t n)
{
    c->worker->held_bytes += n;
    c->held += n;
}

void worker_hold_less(struct conn *c, size_t n)
{
    c->worker->held_bytes -= n;
    c->held -= n;
}

void worker_relieve(struct worker *w)
{
    while (w->held_bytes > MAX_HTTP_UNREAD && conn_end_fullest(w))
        ;
}

/* ---- bodies ---- */

static void list_body(struct worker *w, struct body *b)
{
    b->is_listed = true;
    b->clock_at = loop_now(w->loop);
    b->prev = w->last_body;
    b->next = NULL;
    *(b->prev ? &b->prev->next : &w->first_body) = b;
    w->last_body = b;
}

void worker_body_whole(struct worker *w, struct body *b)
{
    if (!b->is_listed)
        return;
    *(b->prev ? &b->prev->next : &w->first_body) = b->next;
    *(b->next ? &b->next->prev : &w->last_body) = b->prev;
    b->is_listed = false;
}

void worker_body_clock(struct worker *w, struct body *b)
{
    b->window = 0;
    if (!b->is_listed)
        return;
    worker_body_whole(w, b);
    list_body(w, b);
}

void worker_body_begin(struct conn *c, void *stream, struct body *b, size_t limit)
{
    *b = (struct body){.conn = c, .stream = stream, .limit = limit};
}

/* Of those that bring least. Who may send more than a stranger has a session and is not cut: the
 * third file of slides waits for the first two, and does not end them. */
static struct body *slowest_body(const struct worker *w, const struct body *but)
{
    usec before = loop_now(w->loop) - YOUNG_S * USEC_S;
    struct body *worst = NULL;
    unsigned n = 0;

    for (struct body *b = w->first_body; b && b->clock_at < before && n < LOOKED; b = b->next) {
        if (b == but || b->limit > MAX_HTTP_STRANGER)
            continue;
        n++;
        if (!worst || b->window < worst->window)
            worst = b;
    }
    return worst;
}

/* more: bytes that b is to grow by; most: of all bodies. */
static bool make_room(struct worker *w, const struct body *b, size_t more, size_t most)
{
    while (w->body_bytes + more > most) {
        struct body *worst = slowest_body(w, b);

        if (!worst)
            return false;
        if (worst->stream)
            h2_cut(worst->stream);
        else
            dialog_cut(worst->conn);
    }
    return true;
}

int worker_body_add(struct worker *w, struct body *b, str data)
{
    size_t need = b->n + data.n, room = b->room ? b->room : FIRST_BODY;
    uint8_t *more;
    size_t most;

    if (need > b->limit)
        return ERR_TOO_BIG;
    if (need > b->room) {
        while (room < need)
            room *= 2;
        if (room > b->limit)
            room = b->limit;
        most = MAX_HTTP_BODIES - (room > BODY_USUAL ? MAX_HTTP_SMALL_BODIES : 0);
        if (!make_room(w, b, room - b->room, most))
            return ERR_FULL;
        more = realloc(b->p, room);
        if (!more)
            return ERR_MEM;
        w->body_bytes += room - b->room;
        b->p = more;
        b->room = room;
        if (!b->is_listed)
            list_body(w, b);
    }
    if (data.n)
        memcpy(b->p + b->n, data.p, data.n);
    b->n = need;
    return 0;
}

void worker_body_drop(struct worker *w, struct body *b)
{
    worker_body_whole(w, b);
    w->body_bytes -= b->room;
    free(b->p);
    *b = (struct body){0};
}
