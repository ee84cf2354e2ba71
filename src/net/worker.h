/*
 * One web thread of the edge, inside net only: what its connections share (memory of exchanges and
 * bodies, the date, counts), and when it ends. Owner: that thread.
 */
#ifndef NET_WORKER_H
#define NET_WORKER_H

#include "base/types.h"
#include "net/reply.h"
#include "net/server.h"

#include <stdatomic.h>

struct arena;
struct conn;
struct gzip;
struct loop;

struct conn_list {
    struct conn *first, *last;
};

/* One web thread. */
struct worker {
    const struct server_conf *conf;
    struct loop *loop;
    void *thread; /* of thread_start */
    struct gzip *gzip;
    struct conn_list idle, busy; /* idle: between requests, longest first */
    unsigned nconns, max_conns;
    unsigned norphans; /* exchanges whose connection is gone */
    size_t body_bytes; /* of requests whose exchange lives */
    struct arena *spare[16]; /* of exchanges that are over */
    unsigned nspare;
    usec date_at;      /* wall second of `date` */
    char date[HTTP_DATE];
    bool is_stopping;
    uint8_t in[16 << 10], out[64 << 10]; /* of HTTP/2, within one call */
    atomic_uint_fast64_t counts[SERVER_COUNTS]; /* written here, read by any thread */
};

/* The body of a request on its way in. window: bytes since the stall clock was set. */
struct body {
    uint8_t *p;
    size_t n, room, limit, window;
};

enum { BODY_USUAL = 64 << 10 }; /* of a body when the server does not say otherwise */

str worker_date(struct worker *w);
/* NULL when out of memory. */
struct exchange *worker_exchange(struct conn *c);
/* NULL-safe. */
void worker_exchange_drop(struct exchange *x);
void worker_done(struct worker *w); /* frees the spare arenas */
/* ERR_TOO_BIG, ERR_FULL (MAX_HTTP_BODIES), ERR_MEM. */
int worker_body_add(struct worker *w, struct body *b, str data);
void worker_body_drop(struct worker *w, struct body *b);

/* ---- server.c ---- */
/* Called when a connection or an orphan has gone: the last one ends a stopping thread. */
void worker_check_end(struct worker *w);
void worker_count(struct worker *w, enum server_count what);

#endif
