/*
 * A body of many megabytes: read on the web thread, a piece at a time, while it goes out, so that
 * who takes it slowly costs the server one piece. It lies in the arena of the exchange, whose
 * `source` it is; net cuts ranges out of it.
 */
#ifndef NET_SOURCE_H
#define NET_SOURCE_H

#include "base/types.h"

struct exchange;

enum { HTTP_PIECE = 64 << 10 };
struct http_source {
    uint64_t size; /* bytes of all */
    /* Up to `room` (<= HTTP_PIECE) of them from `at`, *ret_n > 0. An error ends the answer where it
     * stands, and the connection with it. */
    int (*read)(struct exchange *x, uint64_t at, void *to, size_t room, size_t *ret_n);
    void *ctx;
    uint64_t at, end; /* net's own, as is the next */
    void *piece;
};

#endif
