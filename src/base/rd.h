/*
 * Bytes in: a bounded reader with a sticky error. Reads past the end set err and return 0, so a
 * parser reads a whole structure and tests err once. Network byte order.
 */
#ifndef BASE_RD_H
#define BASE_RD_H

#include "base/types.h"

struct rd {
    const uint8_t *p, *end;
    bool err;
};

static inline struct rd rd_init(const void *p, size_t n)
{
    const uint8_t *b = p;

    return (struct rd){b, b ? b + n : b, false};
}

static inline size_t rd_left(const struct rd *r)
{
    return (size_t)(r->end - r->p);
}

/* The next n bytes, or NULL (and err). */
static inline const uint8_t *rd_bytes(struct rd *r, size_t n)
{
    const uint8_t *p = r->p;

    if (r->err || rd_left(r) < n) {
        r->err = true;
        return NULL;
    }
    r->p += n;
    return p;
}

static inline uint8_t rd_u8(struct rd *r)
{
    const uint8_t *p = rd_bytes(r, 1);

    return p ? p[0] : 0;
}

static inline uint16_t rd_u16(struct rd *r)
{
    const uint8_t *p = rd_bytes(r, 2);

    return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t rd_u24(struct rd *r)
{
    const uint8_t *p = rd_bytes(r, 3);

    return p ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline uint32_t rd_u32(struct rd *r)
{
    const uint8_t *p = rd_bytes(r, 4);

    return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint64_t rd_u64(struct rd *r)
{
    uint64_t hi = rd_u32(r);

    return hi << 32 | rd_u32(r);
}

/* A reader over the next n bytes; its err is set when they are not there. */
static inline struct rd rd_sub(struct rd *r, size_t n)
{
    const uint8_t *p = rd_bytes(r, n);

    return p ? rd_init(p, n) : (struct rd){NULL, NULL, true};
}

#endif
