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
 * LOOKED_FAR: for 64 kB and more, whose copying takes as long; small ones may stand in front.
 */
enum { FIRST_BODY = 4096, ARENA_BYTES = 4096, YOUNG_S = 5, LOOKED = 64, LOOKED_FAR = 1024 };

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
    worker_let_go(x);
    put_arena(x->conn->worker, x->arena);
}

void worker_hold(struct exchange *x)
{
    size_t held = arena_used(x->arena) + ARENA_BYTES;

    worker_hold_more(x->conn, held - x->held);
    x->held = held;
}

void worker_let_go(struct exchange *x)
{
    worker_hold_less(x->conn, x->held);
    x->held = 0;
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

static void relieve(usec now, void *ctx)
{
    struct worker *w = ctx;

    (void)now;
    while (w->held_bytes > MAX_HTTP_UNREAD && conn_end_fullest(w))
        ;
}

void worker_relieve(struct worker *w)
{
    if (w->held_bytes <= MAX_HTTP_UNREAD || w->relief.index)
        return;
    w->relief.run = relieve;
    w->relief.ctx = w;
    loop_timer_set(w->loop, &w->relief, loop_now(w->loop));
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

/* Of those that bring least; all that it could have been hold *ret_bytes. A file ends no forms and
 * no offers of WHIP: they hold so little that many would go for it. */
static struct body *slowest_body(const struct worker *w, const struct body *but, bool is_file,
                                 size_t *ret_bytes)
{
    usec before = loop_now(w->loop) - YOUNG_S * USEC_S;
    unsigned n = is_file ? LOOKED_FAR : LOOKED;
    struct body *worst = NULL;

    *ret_bytes = 0;
    for (struct body *b = w->first_body; b && b->clock_at < before && n; b = b->next, n--) {
        if (b == but || (is_file && b->room <= BODY_USUAL))
            continue;
        *ret_bytes += b->room;
        if (!worst || b->window < worst->window)
            worst = b;
    }
    return worst;
}

/* For b that is to have `room`. Nobody is cut in vain. */
static bool make_room(struct worker *w, const struct body *b, size_t room)
{
    bool is_file = room > BODY_USUAL;
    size_t most = MAX_HTTP_BODIES - (is_file ? MAX_HTTP_SMALL_BODIES : 0);

    while (w->body_bytes - b->room + room > most) {
        size_t bytes;
        struct body *worst = slowest_body(w, b, is_file, &bytes);

        if (w->body_bytes - b->room + room > most + bytes)
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

    if (need > b->limit)
        return ERR_TOO_BIG;
    if (need > b->room) {
        while (room < need)
            room *= 2;
        if (room > b->limit)
            room = b->limit;
        if (!make_room(w, b, room))
            return ERR_FULL;
        more = realloc(b->p, room);
        if (!more)
            return ERR_MEM;
        w->body_bytes += room - b->room;
        b->p = more;
        b->room = room;
        /* Who may send more has a session and is not cut: the third file of slides waits for the
         * first two, and does not end them. */
        if (!b->is_listed && b->limit <= MAX_HTTP_STRANGER)
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
