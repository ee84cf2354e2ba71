#include "media/vp8.h"

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"

enum {
    X = 0x80, N = 0x20, SBIT = 0x10, PID = 0x07,  /* first byte */
    I = 0x80, L = 0x40, T = 0x20, K = 0x10,       /* second */
    M = 0x80,                                     /* picture id of 15 bits */
    Y = 0x20, KEYIDX = 0x1F,                      /* last */
};

static void take_extension(struct rd *r, struct vp8 *v)
{
    uint8_t flags = rd_u8(r), b;

    if (flags & I) {
        v->has_picture_id = true;
        b = rd_u8(r);
        v->is_long_id = b & M;
        v->picture_id = b & 127;
        if (v->is_long_id)
            v->picture_id = (uint16_t)(v->picture_id << 8 | rd_u8(r));
    }
    if (flags & L) {
        v->has_tl0 = true;
        v->tl0 = rd_u8(r);
    }
    if (flags & (T | K)) {
        b = rd_u8(r);
        v->has_tid = flags & T;
        v->tid = v->has_tid ? b >> 6 : 0;
        v->y = v->has_tid && (b & Y);
        v->has_key_idx = flags & K;
        v->key_idx = v->has_key_idx ? b & KEYIDX : 0;
    }
}

/*
 * RFC 6386 9.1: three bytes of frame tag, its lowest bit 0 for a key frame, which goes on with
 *
 *     | 9d 01 2a | width (14, little endian), scale (2) | height (14), scale (2) |
 */
static void take_frame(struct rd r, struct vp8 *v)
{
    uint8_t tag = rd_u8(&r);
    uint8_t b[4];

    v->is_key = !(tag & 1);
    rd_u16(&r);
    if (!v->is_key || rd_u24(&r) != 0x9D012A)
        return;
    for (unsigned i = 0; i < sizeof(b); i++)
        b[i] = rd_u8(&r);
    if (r.err)
        return;
    v->width = (uint16_t)((b[1] & 0x3F) << 8 | b[0]);
    v->height = (uint16_t)((b[3] & 0x3F) << 8 | b[2]);
}

int vp8_parse(const uint8_t *p, size_t n, struct vp8 *ret_vp8)
{
    struct rd r = rd_init(p, n);
    struct vp8 v = {0};
    uint8_t first = rd_u8(&r);

    v.is_non_reference = first & N;
    v.s = first & SBIT;
    v.partition = first & PID;
    v.is_start = v.s && v.partition == 0;
    if (first & X)
        take_extension(&r, &v);
    if (r.err || rd_left(&r) == 0)
        return ERR_TRUNCATED;
    v.n = (uint8_t)(r.p - p);
    if (v.is_start)
        take_frame(r, &v);
    *ret_vp8 = v;
    return 0;
}

void vp8_write(struct wr *w, const struct vp8 *v)
{
    int flags = (v->has_picture_id ? I : 0) | (v->has_tl0 ? L : 0) | (v->has_tid ? T : 0) |
                (v->has_key_idx ? K : 0);

    wr_u8(w, (uint8_t)((flags ? X : 0) | (v->is_non_reference ? N : 0) | (v->s ? SBIT : 0) |
                       (v->partition & PID)));
    if (!flags)
        return;
    wr_u8(w, (uint8_t)flags);
    if (v->has_picture_id)
        wr_u16(w, (uint16_t)(M << 8 | (v->picture_id & 0x7FFF)));
    if (v->has_tl0)
        wr_u8(w, v->tl0);
    if (v->has_tid || v->has_key_idx)
        wr_u8(w, (uint8_t)((v->tid & 3) << 6 | (v->y ? Y : 0) | (v->key_idx & KEYIDX)));
}
