#include "media/opus.h"

#include "base/err.h"
#include "base/rd.h"

enum {
    MAX_FRAME = 1275,     /* RFC 6716 3.4 R2 */
    MAX_PACKET_US = 120000,
};

/*
 * Table 2 of RFC 6716 3.1: configurations 0-11 SILK in threes of four lengths, 12-15 hybrid, 16-31
 * CELT in fours of four.
 */
static uint32_t frame_us_of(unsigned config)
{
    static const uint32_t silk[] = {10000, 20000, 40000, 60000};
    static const uint32_t celt[] = {2500, 5000, 10000, 20000};

    if (config < 12)
        return silk[config % 4];
    if (config < 16)
        return config % 2 ? 20000 : 10000;
    return celt[config % 4];
}

/* A frame's length, one or two bytes (RFC 6716 3.2.1). */
static size_t frame_length(struct rd *r)
{
    size_t n = rd_u8(r);

    return n < 252 ? n : n + 4u * rd_u8(r);
}

/*
 * Code 3:  |v|p|  M  |  padding lengths  |  lengths of M - 1 frames if v  |  frames  |  padding |
 * Gives the longest frame.
 */
static int take_many(struct rd *r, struct opus *o, size_t *ret_longest)
{
    uint8_t head = rd_u8(r), b = 255;
    size_t padding = 0, sum = 0, longest = 0;

    o->frames = head & 63;
    if (o->frames == 0)
        return ERR_SYNTAX;
    for (bool is_padded = head & 64; is_padded && b == 255 && !r->err;) {
        b = rd_u8(r);
        padding += b == 255 ? 254 : b; /* 255 means 254 and one more length byte */
    }
    if (r->err || padding > rd_left(r))
        return ERR_SYNTAX;
    r->end -= padding;
    if (!(head & 128)) {
        *ret_longest = rd_left(r) / o->frames;
        return rd_left(r) % o->frames ? ERR_SYNTAX : 0;
    }
    for (unsigned i = 0; i + 1 < o->frames; i++) {
        size_t n = frame_length(r);

        sum += n;
        longest = n > longest ? n : longest;
    }
    if (r->err || sum > rd_left(r))
        return ERR_SYNTAX;
    *ret_longest = rd_left(r) - sum > longest ? rd_left(r) - sum : longest;
    return 0;
}

static int take_two(struct rd *r, struct opus *o, size_t *ret_longest)
{
    size_t first = frame_length(r), second;

    if (r->err || first > rd_left(r))
        return ERR_SYNTAX;
    second = rd_left(r) - first;
    o->frames = 2;
    *ret_longest = first > second ? first : second;
    return 0;
}

int opus_parse(const uint8_t *p, size_t n, struct opus *ret_opus)
{
    struct rd r = rd_init(p, n);
    struct opus o = {.frames = 1};
    uint8_t toc = rd_u8(&r);
    size_t longest = rd_left(&r);
    int err = 0;

    if (n == 0)
        return ERR_TRUNCATED;
    o.mode = toc >> 3 < 12 ? OPUS_SILK : toc >> 3 < 16 ? OPUS_HYBRID : OPUS_CELT;
    o.is_stereo = toc & 4;
    o.frame_us = frame_us_of(toc >> 3);
    if ((toc & 3) == 1) {
        o.frames = 2;
        err = longest % 2 ? ERR_SYNTAX : 0;
        longest /= 2;
    } else if ((toc & 3) == 2) {
        err = take_two(&r, &o, &longest);
    } else if ((toc & 3) == 3) {
        err = take_many(&r, &o, &longest);
    }
    if (err < 0)
        return err;
    o.packet_us = o.frame_us * o.frames;
    if (longest > MAX_FRAME || o.packet_us > MAX_PACKET_US)
        return ERR_SYNTAX;
    o.is_dtx = longest <= 1;
    *ret_opus = o;
    return 0;
}
