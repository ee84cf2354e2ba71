/*
 * Bytes out: a bounded writer with a sticky error. Writes past the end set err and change nothing.
 * Network byte order.
 */
#ifndef BASE_WR_H
#define BASE_WR_H

#include "base/types.h"

#include <string.h>

struct wr {
    uint8_t *start, *p, *end;
    bool err;
};

static inline struct wr wr_init(void *p, size_t n)
{
    uint8_t *b = p;

    return (struct wr){b, b, b + n, false};
}

static inline size_t wr_len(const struct wr *w)
{
    return (size_t)(w->p - w->start);
}

/* Room for n bytes that the caller fills, or NULL (and err). */
static inline uint8_t *wr_take(struct wr *w, size_t n)
{
    uint8_t *p = w->p;

    if (w->err || (size_t)(w->end - w->p) < n) {
        w->err = true;
        return NULL;
    }
    w->p += n;
    return p;
}

static inline void wr_bytes(struct wr *w, const void *from, size_t n)
{
    uint8_t *p = wr_take(w, n);

    if (p && n)
        memcpy(p, from, n);
}

static inline void wr_str(struct wr *w, str s)
{
    wr_bytes(w, s.p, s.n);
}

static inline void wr_u8(struct wr *w, uint8_t v)
{
    wr_bytes(w, &v, 1);
}

static inline void wr_u16(struct wr *w, uint16_t v)
{
    uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};

    wr_bytes(w, b, 2);
}

static inline void wr_u24(struct wr *w, uint32_t v)
{
    uint8_t b[3] = {(uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

    wr_bytes(w, b, 3);
}

static inline void wr_u32(struct wr *w, uint32_t v)
{
    wr_u16(w, (uint16_t)(v >> 16));
    wr_u16(w, (uint16_t)v);
}

static inline void wr_u64(struct wr *w, uint64_t v)
{
    wr_u32(w, (uint32_t)(v >> 32));
    wr_u32(w, (uint32_t)v);
}

#endif
