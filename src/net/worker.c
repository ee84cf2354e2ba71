#include "net/worker.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "net/conn.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BODY = 4096 };

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
    put_arena(x->conn->worker, x->arena);
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
        if (w->body_bytes - b->room + room > most)
            return ERR_FULL;
        more = realloc(b->p, room);
        if (!more)
            return ERR_MEM;
        w->body_bytes += room - b->room;
        b->p = more;
        b->room = room;
    }
    if (data.n)
        memcpy(b->p + b->n, data.p, data.n);
    b->n = need;
    return 0;
}

void worker_body_drop(struct worker *w, struct body *b)
{
    w->body_bytes -= b->room;
    free(b->p);
    *b = (struct body){0};
}
