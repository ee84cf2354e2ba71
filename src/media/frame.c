#include "media/frame.h"

#include "base/err.h"
#include "base/pkt.h"
#include "base/rd.h"

enum { STUN_HEAD = 20, CHANNEL_HEAD = 4, LENGTH_HEAD = 2 };

static int whole(size_t n, struct frame f, struct frame *ret_frame)
{
    if (f.all > FRAME_MAX)
        return ERR_TOO_BIG;
    if (n < f.all)
        return ERR_BUSY;
    *ret_frame = f;
    return 0;
}

static int take_turn(const uint8_t *p, size_t n, struct frame *ret_frame)
{
    struct rd r = rd_init(p, n);
    struct frame f = {0};
    uint16_t type = rd_u16(&r), length = rd_u16(&r);

    if (n && p[0] >> 6 > 1)
        return ERR_SYNTAX; /* 00: STUN, 01: a channel */
    if (r.err)
        return ERR_BUSY;
    if (type >> 14 == 0) {
        f.all = f.n = STUN_HEAD + (size_t)length;
        return length % 4 ? ERR_SYNTAX : whole(n, f, ret_frame);
    }
    f.n = CHANNEL_HEAD + (size_t)length;
    f.all = (f.n + 3) & ~(size_t)3;
    return whole(n, f, ret_frame);
}

static int take_length(const uint8_t *p, size_t n, struct frame *ret_frame)
{
    struct rd r = rd_init(p, n);
    struct frame f = {.at = LENGTH_HEAD, .n = rd_u16(&r)};

    if (r.err)
        return ERR_BUSY;
    f.all = LENGTH_HEAD + f.n;
    return whole(n, f, ret_frame);
}

int frame_take(enum frame_kind kind, const uint8_t *p, size_t n, struct frame *ret_frame)
{
    return kind == FRAME_TURN ? take_turn(p, n, ret_frame) : take_length(p, n, ret_frame);
}

void frame_put(struct pkt *p)
{
    p->data -= LENGTH_HEAD;
    p->data[0] = (uint8_t)(p->n >> 8);
    p->data[1] = (uint8_t)p->n;
    p->n += LENGTH_HEAD;
}
