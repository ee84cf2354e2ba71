#include "domain/sound_file_i.h"

#include "base/err.h"
#include "base/str.h"

#include <string.h>

/*
 *   EBML head, Segment{ SeekHead, Info{…}, Tracks{ TrackEntry{…} },
 *                       Cluster{ Timestamp, blocks } … }
 *
 * An element is its number, its length and its bytes (RFC 8794, 4 to 6). Those that only hold
 * others are stepped into; a recorder that writes while it records does not know how long they
 * are. What is on the list stays; anything else becomes an element Void of the same size
 * (RFC 8794, 11.3.2), so that no place in the file changes.
 */
enum {
    EBML_HEAD = 0x1a45dfa3,
    EBML_VOID = 0xec,
    SEGMENT = 0x18538067,
    CLUSTER = 0x1f43b675,
    INFO = 0x1549a966,
    TIMESTAMP_SCALE = 0x2ad7b1,
    MUXING_APP = 0x4d80,
    WRITING_APP = 0x5741,
    TRACKS = 0x1654ae6b,
    TRACK_ENTRY = 0xae,
    TRACK_TYPE = 0x83,
    CODEC_ID = 0x86,
    CLUSTER_TIMESTAMP = 0xe7,
    BLOCK_GROUP = 0xa0,
    BLOCK = 0xa1,
    SIMPLE_BLOCK = 0xa3,
    TYPE_AUDIO = 2,
    USUAL_SCALE = 1000000, /* ns: times are ms */
    LAST_BLOCK_MS = 20,    /* as long as Opus packets are */
};

/* RFC 9559, 5.1: what a player needs. */
static const uint32_t holders[] = {SEGMENT, CLUSTER, INFO, TRACKS, TRACK_ENTRY, BLOCK_GROUP};
static const uint32_t kept[] = {
    EBML_HEAD, TIMESTAMP_SCALE, TRACK_TYPE, CODEC_ID, CLUSTER_TIMESTAMP, BLOCK, SIMPLE_BLOCK,
    0x114d9b74, /* SeekHead */
    0x1c53bb6b, /* Cues */
    0x4489,     /* Duration */
    0xd7,       /* TrackNumber */
    0x73c5,     /* TrackUID */
    0xb9,       /* FlagEnabled */
    0x88,       /* FlagDefault */
    0x9c,       /* FlagLacing */
    0x23e383,   /* DefaultDuration */
    0x63a2,     /* CodecPrivate: OpusHead */
    0x56aa,     /* CodecDelay */
    0x56bb,     /* SeekPreRoll */
    0xe1,       /* Audio */
    0xa7,       /* Position */
    0xab,       /* PrevSize */
    0x9b,       /* BlockDuration */
    0xfb,       /* ReferenceBlock */
    0x75a2,     /* DiscardPadding */
};

struct element {
    uint32_t id;
    size_t head; /* bytes of number and length */
    uint64_t n;
    bool is_endless;
};

struct walk {
    uint64_t scale, cluster, last; /* ns; in units of scale */
    unsigned ntracks, nblocks;
    bool is_opus;
};

static bool is_one_of(uint32_t id, const uint32_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == id)
            return true;
    return false;
}

/* Bytes of a number that begins with `first`: the zeros before its first one, and one more. */
static size_t width_of(uint8_t first)
{
    return first ? (size_t)__builtin_clz((unsigned)first << 24) + 1 : 9;
}

static uint64_t be(const uint8_t *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n && i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

static int element_read(const uint8_t *p, size_t left, struct element *to)
{
    size_t nid = left ? width_of(p[0]) : 9, nlen;
    uint64_t most;

    if (nid > 4 || left < nid + 1)
        return ERR_SYNTAX;
    nlen = width_of(p[nid]);
    if (nlen > 8 || left < nid + nlen)
        return ERR_SYNTAX;
    most = (1ull << 7 * nlen) - 1;
    *to = (struct element){.id = (uint32_t)be(p, nid), .head = nid + nlen};
    to->n = be(p + nid, nlen) & most;
    to->is_endless = to->n == most;
    return 0;
}

/* All its bytes become zeros behind a head of the same size, or as much larger as fits. */
static void void_it(uint8_t *p, const struct element *e)
{
    size_t whole = e->head + (size_t)e->n, nlen = e->head - 1 < 8 ? e->head - 1 : 8;
    uint64_t n = whole - 1 - nlen;

    if (!nlen)
        return; /* no head is so short */
    memset(p, 0, whole);
    p[0] = EBML_VOID;
    for (size_t i = 0; i < nlen; i++)
        p[nlen - i] = (uint8_t)(n >> 8 * i);
    p[1] |= (uint8_t)(0x80 >> (nlen - 1));
}

static int block(struct walk *w, const uint8_t *p, size_t n)
{
    size_t track = n ? width_of(p[0]) : 9;
    int64_t at;

    if (track > 8 || n < track + 3)
        return ERR_SYNTAX;
    at = (int64_t)w->cluster + (int16_t)(p[track] << 8 | p[track + 1]);
    if (at > 0 && (uint64_t)at > w->last)
        w->last = (uint64_t)at;
    w->nblocks++;
    return 0;
}

/* What has to be known of an element that stays. */
static int look(struct walk *w, const struct element *e, uint8_t *p)
{
    size_t n = (size_t)e->n;

    switch (e->id) {
    case EBML_HEAD:
        return str_find((str){(const char *)p, n}, S("webm")) < 0 ? ERR_UNSUPPORTED : 0;
    case TIMESTAMP_SCALE:
        w->scale = be(p, n);
        return w->scale >= 1000 && w->scale <= 1000000000 ? 0 : ERR_SYNTAX;
    case TRACK_TYPE:
        return ++w->ntracks > 1 || be(p, n) != TYPE_AUDIO ? ERR_UNSUPPORTED : 0;
    case CODEC_ID:
        w->is_opus = str_eq((str){(const char *)p, n}, S("A_OPUS"));
        return w->is_opus ? 0 : ERR_UNSUPPORTED;
    case CLUSTER_TIMESTAMP:
        w->cluster = be(p, n);
        return w->cluster > SOUND_LONGEST_S * 1000000000ull / w->scale ? ERR_TOO_BIG : 0;
    case BLOCK:
    case SIMPLE_BLOCK:
        return block(w, p, n);
    default:
        return 0;
    }
}

static int step(struct walk *w, uint8_t *p, size_t left, size_t *ret_n)
{
    struct element e = {0};
    int r = element_read(p, left, &e);

    if (r < 0)
        return r;
    if (is_one_of(e.id, holders, NELEM(holders))) {
        *ret_n = e.head;
        return 0;
    }
    if (e.is_endless || e.n > left - e.head)
        return ERR_SYNTAX;
    *ret_n = e.head + (size_t)e.n;
    if (e.id == MUXING_APP || e.id == WRITING_APP) { /* both must be there; the words need not */
        memset(p + e.head, ' ', (size_t)e.n);
        return 0;
    }
    if (is_one_of(e.id, kept, NELEM(kept)))
        return look(w, &e, p + e.head);
    void_it(p, &e);
    return 0;
}

int sound_webm_clean(str bytes, struct sound_file *f)
{
    struct walk w = {.scale = USUAL_SCALE};
    size_t at = 0, n;
    int r = 0;

    memcpy(f->p, bytes.p, bytes.n);
    f->n = bytes.n;
    while (r == 0 && at < bytes.n) {
        r = step(&w, f->p + at, bytes.n - at, &n);
        at += r == 0 ? n : 0;
    }
    if (r < 0)
        return r;
    if (!w.is_opus || w.ntracks != 1 || !w.nblocks)
        return ERR_SYNTAX;
    f->length_ms = (int64_t)(w.last * w.scale / 1000000 + LAST_BLOCK_MS);
    return 0;
}
