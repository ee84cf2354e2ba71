/*
 * A web thread without its thread: a worker on a loop that the test turns by hand, and one client
 * on a socket pair.
 *
 *   edge_say ──▶ [client ═══ conn] ─▶ dialog ─▶ the test's dispatcher
 *   edge_hear ◀──────┘
 */
#ifndef TESTS_NET_EDGE_H
#define TESTS_NET_EDGE_H

#include "net/conn.h"

enum { EDGE_HEARD = 1 << 16 };

struct edge {
    struct worker worker;
    struct server_conf conf;
    int client;     /* does not block; -1: closed */
    bool is_closed; /* the server has closed its side */
    size_t nheard;
    char heard[EDGE_HEARD]; /* NUL-terminated, without Date lines */
};

/* ctx of the dispatcher is the edge. */
void edge_open(struct edge *e, http_dispatch_fn *dispatch);
/* A further connection; returns the client's end. */
int edge_connect(struct edge *e);
int edge_connect_from(struct edge *e, const char *ip);
/* Time goes on at once, for every loop of this program. */
void edge_later(usec us);
/* Sends all of it, turning the loop when the pair is full. */
void edge_say(struct edge *e, str bytes);
/* Turns the loop until nothing moves, and gives all that has come since the last call. */
const char *edge_hear(struct edge *e);
void edge_turn(struct edge *e);
void edge_close(struct edge *e);
/* The answer to x: `size` bytes that are read as they go out, byte i is edge_byte(i). From
 * `breaks_at` on there is nothing to be read (0: it never breaks). */
void edge_source(struct exchange *x, uint64_t size, uint64_t breaks_at);
char edge_byte(uint64_t i);
/* Called whenever a source is read: a client that takes at once what came before. NULL: none. */
extern void (*edge_on_read)(void);
/* The only connection of the worker, or NULL. */
struct conn *edge_conn(struct edge *e);

#endif
