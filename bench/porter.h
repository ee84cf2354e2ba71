/*
 * As much HTTP/1.1 as WHIP and WHEP need, on the loop of the media thread: one request a
 * connection, answered at once. For the bench alone; the house has net/server. Spec: RFC 9112, RFC
 * 9725.
 */
#ifndef BENCH_PORTER_H
#define BENCH_PORTER_H

#include "base/types.h"

struct arena;
struct loop;
struct porter;

struct porter_request {
    struct arena *arena;
    str method, path, body;
    /* the answer */
    int status;
    str location, reply, type;
};

typedef void porter_fn(struct porter_request *r, void *ctx);

/* Listens on 127.0.0.1; port 0 lets the system choose. */
int porter_new(struct loop *l, uint16_t port, porter_fn *run, void *ctx,
               struct porter **ret_porter);
uint16_t porter_port(const struct porter *p);
/* NULL-safe. Connections that are open must have ended. */
void porter_free(struct porter *p);

#endif
