/*
 * One web thread of the edge, inside net only: what its connections share (memory of exchanges and
 * bodies, the date, counts), and when it ends. Owner: that thread.
 */
#ifndef NET_WORKER_H
#define NET_WORKER_H

#include "base/types.h"
#include "net/loop.h"
#include "net/reply.h"
#include "net/server.h"

#include <stdatomic.h>

struct arena;
struct conn;
struct gzip;

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
    size_t held_bytes; /* of exchanges that wait for their clients */
    struct loop_timer relief; /* of worker_relieve */
    struct body *first_body, *last_body; /* that arrive and may be cut, by clock_at */
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
    struct conn *conn;
    void *stream; /* of HTTP/2; NULL: HTTP/1.1 */
    struct body *prev, *next;
    usec clock_at;
    uint8_t *p;
    size_t n, room, limit, window;
    bool is_listed;
};

enum { BODY_USUAL = 64 << 10 }; /* of a body when the server does not say otherwise */

str worker_date(struct worker *w);
/* NULL when out of memory. */
struct exchange *worker_exchange(struct conn *c);
/* NULL-safe. */
void worker_exchange_drop(struct exchange *x);
void worker_done(struct worker *w); /* frees the spare arenas */
/* x waits for its client, who takes its time: its memory is counted until it is dropped. */
void worker_hold(struct exchange *x);
/* So do bytes of c's that the socket has not taken. */
void worker_hold_more(struct conn *c, size_t n);
void worker_hold_less(struct conn *c, size_t n);
/* x does not wait for its client any more: a handler has it, and to end its connection
 * would free nothing. */
void worker_let_go(struct exchange *x);
/* Ends connections, those that hold most first, until MAX_HTTP_UNREAD is kept: behind the events of
 * this round, where none is being worked on. A handler may finish another connection's exchange in
 * the middle of a call of its own. */
void worker_relieve(struct worker *w);
/* stream: of HTTP/2. */
void worker_body_begin(struct conn *c, void *stream, struct body *b, size_t limit);
/* ERR_TOO_BIG, ERR_MEM, ERR_FULL: over MAX_HTTP_BODIES, and no body that is slower may be cut. */
int worker_body_add(struct worker *w, struct body *b, str data);
/* Its stall clock is set anew. */
void worker_body_clock(struct worker *w, struct body *b);
/* It has arrived. */
void worker_body_whole(struct worker *w, struct body *b);
void worker_body_drop(struct worker *w, struct body *b);

/* ---- server.c ---- */
/* Called when a connection or an orphan has gone: the last one ends a stopping thread. */
void worker_check_end(struct worker *w);
void worker_count(struct worker *w, enum server_count what);

#endif
