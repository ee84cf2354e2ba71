#include "domain/sound_file_i.h"

#include "base/err.h"

#include <string.h>

/*
 * A page (RFC 3533, 6), numbers little-endian:
 *
 *    0 "OggS"   4 version 0   5 flags   6 granule position (8)   14 stream (4)   18 number (4)
 *   22 CRC (4)  26 segments n   27 their lengths (n)   27 + n their bytes
 *
 * RFC 7845: the first page has OpusHead alone; the next packet is OpusTags, which ends its page;
 * all that follows is sound. In place of OpusTags an empty one is written; then pages count anew.
 */
enum {
    PAGE_HEAD = 27,
    FLAG_CONTINUED = 1,
    FLAG_FIRST = 2,
    SEGMENT = 255,
    HEAD_BYTES = 19, /* of OpusHead, RFC 7845 5.1 */
    TAGS_BYTES = 16, /* of OpusTags with nothing in it, 5.2 */
    KHZ = 48,        /* granule positions count samples of 48 kHz, 4 */
};

struct page {
    const uint8_t *p;
    size_t n, head; /* all of it; its head with the lengths */
    uint64_t granule;
    uint32_t stream;
    uint8_t flags;
    bool ends_packet;
};

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static int page_read(const uint8_t *p, size_t left, struct page *to)
{
    size_t n;

    if (left < PAGE_HEAD || memcmp(p, "OggS\0", 5) != 0 || left < PAGE_HEAD + (size_t)p[26])
        return ERR_SYNTAX;
    *to = (struct page){.p = p, .flags = p[5], .stream = le32(p + 14)};
    to->granule = (uint64_t)le32(p + 10) << 32 | le32(p + 6);
    to->head = n = PAGE_HEAD + (size_t)p[26];
    for (size_t i = PAGE_HEAD; i < to->head; i++)
        n += p[i];
    to->n = n;
    to->ends_packet = p[26] && p[to->head - 1] < SEGMENT;
    return n <= left ? 0 : ERR_SYNTAX;
}

/* Polynomial 0x04c11db7, nothing turned round (RFC 3533, 6, field 7). */
static uint32_t crc_of(const uint8_t *p, size_t n)
{
    uint32_t table[256], crc = 0;

    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i << 24;

        for (int k = 0; k < 8; k++)
            c = c << 1 ^ (c & 0x80000000u ? 0x04c11db7u : 0);
        table[i] = c;
    }
    for (size_t i = 0; i < n; i++)
        crc = crc << 8 ^ table[(crc >> 24 ^ p[i]) & 0xff];
    return crc;
}

static void seal(uint8_t *page, size_t n, uint32_t number)
{
    put_le32(page + 18, number);
    put_le32(page + 22, 0);
    put_le32(page + 22, crc_of(page, n));
}

static void take(struct sound_file *f, const struct page *g, uint32_t number)
{
    memcpy(f->p + f->n, g->p, g->n);
    seal(f->p + f->n, g->n, number);
    f->n += g->n;
}

/* "OpusTags", no vendor, no comments. */
static void put_tags(struct sound_file *f, uint32_t stream)
{
    uint8_t *p = f->p + f->n;
    size_t n = PAGE_HEAD + 1 + TAGS_BYTES;

    memset(p, 0, n);
    memcpy(p, "OggS", 4);
    put_le32(p + 14, stream);
    p[26] = 1;
    p[27] = TAGS_BYTES;
    memcpy(p + PAGE_HEAD + 1, "OpusTags", 8);
    seal(p, n, 1);
    f->n += n;
}

static int head_read(str bytes, struct page *g, unsigned *ret_skip)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    int r = page_read(p, bytes.n, g);

    if (r < 0)
        return r;
    if (!(g->flags & FLAG_FIRST) || g->n < g->head + HEAD_BYTES ||
        memcmp(p + g->head, "OpusHead", 8) != 0)
        return ERR_UNSUPPORTED;
    if (p[26] != 1)
        return ERR_SYNTAX;
    *ret_skip = (unsigned)(p[g->head + 10] | p[g->head + 11] << 8);
    return 0;
}

/* Goes behind OpusTags, on however many pages it is. */
static int skip_tags(str bytes, uint32_t stream, size_t *io_at)
{
    struct page g = {0};
    bool is_first = true;

    while (is_first || !g.ends_packet) {
        int r = page_read((const uint8_t *)bytes.p + *io_at, bytes.n - *io_at, &g);

        if (r < 0)
            return r;
        if (g.stream != stream || g.flags & FLAG_FIRST || !(g.flags & FLAG_CONTINUED) != is_first)
            return ERR_UNSUPPORTED;
        if (is_first && (g.n < g.head + TAGS_BYTES || memcmp(g.p + g.head, "OpusTags", 8) != 0))
            return ERR_SYNTAX;
        is_first = false;
        *io_at += g.n;
    }
    return 0;
}

int sound_ogg_clean(str bytes, struct sound_file *f)
{
    uint64_t end = 0;
    unsigned skip = 0;
    uint32_t number = 2;
    struct page g, head;
    size_t at;
    int r = head_read(bytes, &head, &skip);

    if (r < 0)
        return r;
    at = head.n;
    r = skip_tags(bytes, head.stream, &at);
    if (r < 0)
        return r;
    take(f, &head, 0);
    put_tags(f, head.stream); /* no longer than what was skipped */
    while (r == 0 && at < bytes.n) {
        r = page_read((const uint8_t *)bytes.p + at, bytes.n - at, &g);
        if (r < 0)
            break;
        if (g.stream != head.stream || g.flags & FLAG_FIRST)
            return ERR_UNSUPPORTED; /* several streams, beside or behind each other */
        if (g.granule != UINT64_MAX)
            end = g.granule;
        take(f, &g, number++);
        at += g.n;
    }
    if (r < 0)
        return r;
    f->length_ms = end > skip && end < UINT64_MAX / 2 ? (int64_t)((end - skip) / KHZ) : 0;
    return 0;
}
