#include "media/rtp.h"

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"

enum {
    PROFILE_ONE = 0xBEDE, /* RFC 8285 4.2 */
    PROFILE_TWO = 0x1000, /* RFC 8285 4.3: the low four bits are for the application */
    ONE_MAX_ID = 14,      /* id 15 ends a one-byte list */
    ONE_MAX_BYTES = 16,
};

int rtp_head(const uint8_t *p, size_t n, struct rtp *ret_rtp)
{
    struct rd r = rd_init(p, n);
    struct rtp h = {0};
    uint8_t first = rd_u8(&r), second = rd_u8(&r);

    h.seq = rd_u16(&r);
    h.ts = rd_u32(&r);
    h.ssrc = rd_u32(&r);
    rd_bytes(&r, 4u * (first & 15));
    if (r.err)
        return ERR_TRUNCATED;
    if (first >> 6 != 2)
        return ERR_SYNTAX;
    h.marker = second >> 7;
    h.pt = second & 127;
    if (first & 0x10) {
        h.profile = rd_u16(&r);
        h.ext_n = 4u * rd_u16(&r);
        h.ext = rd_bytes(&r, h.ext_n);
        if (r.err || r.p - p > UINT16_MAX)
            return ERR_SYNTAX;
    }
    h.header_n = (uint16_t)(r.p - p);
    h.payload = r.p;
    h.payload_n = rd_left(&r);
    *ret_rtp = h;
    return 0;
}

int rtp_parse(const uint8_t *p, size_t n, struct rtp *ret_rtp)
{
    struct rtp h;
    int r = rtp_head(p, n, &h);

    if (r < 0)
        return r;
    if (p[0] & 0x20) {
        /* The last byte counts itself, so nought is impossible. */
        if (h.payload_n == 0 || p[n - 1] == 0 || p[n - 1] > h.payload_n)
            return ERR_SYNTAX;
        h.padding_n = p[n - 1];
        h.payload_n -= h.padding_n;
    }
    *ret_rtp = h;
    return 0;
}

bool rtp_is_rtcp(const uint8_t *p, size_t n)
{
    return n >= 2 && (p[1] & 127) >= 64 && (p[1] & 127) <= 95;
}

/* ---- header extensions ---- */

struct element {
    uint8_t id;
    const uint8_t *p;
    size_t n;
};

/* The next element that is not padding, of either form; false at the end or at a malformed one. */
static bool next_element(struct rd *r, bool is_two, struct element *ret)
{
    struct element e = {0};

    while (rd_left(r) > 0 && e.id == 0) {
        uint8_t b = rd_u8(r);

        if (b == 0)
            continue;
        if (is_two) {
            e.id = b;
            e.n = rd_u8(r);
        } else {
            e.id = b >> 4;
            e.n = (b & 15) + 1u;
            /* RFC 8285 4.2: stop at 15; an id of 0 with a length is skipped as unknown. */
            if (e.id == 15)
                return false;
        }
        e.p = rd_bytes(r, e.n);
        if (r->err)
            return false;
    }
    *ret = e;
    return e.id != 0;
}

static str name_of(const struct element *e)
{
    return e->n > 0 && e->n <= RTP_MAX_NAME ? (str){(const char *)e->p, e->n} : (str){0};
}

static void take_element(const struct element *e, enum rtp_ext kind, struct rtp_exts *x)
{
    struct rd r = rd_init(e->p, e->n);

    switch (kind) {
    case RTP_EXT_LEVEL:
        x->has_level = e->n >= 1;
        x->level = rd_u8(&r);
        x->is_voice = x->level >> 7;
        x->level &= 127;
        break;
    case RTP_EXT_TWCC:
        x->has_twcc = e->n >= 2;
        x->twcc = rd_u16(&r);
        break;
    case RTP_EXT_ABS_TIME:
        x->has_abs_time = e->n >= 3;
        x->abs_time = rd_u24(&r);
        break;
    case RTP_EXT_MID:
        x->mid = name_of(e);
        break;
    case RTP_EXT_RID:
        x->rid = name_of(e);
        break;
    case RTP_EXT_RRID:
        x->rrid = name_of(e);
        break;
    case RTP_EXT_COUNT:
        break;
    }
}

void rtp_exts_parse(const struct rtp *r, const struct rtp_ext_ids *ids, struct rtp_exts *ret_exts)
{
    bool is_two = (r->profile & 0xFFF0) == PROFILE_TWO;
    struct rd in = rd_init(r->ext, r->ext_n);
    struct rtp_exts x = {0};
    struct element e;

    if (is_two || r->profile == PROFILE_ONE)
        while (next_element(&in, is_two, &e))
            for (unsigned kind = 0; kind < RTP_EXT_COUNT; kind++)
                if (ids->id[kind] == e.id)
                    take_element(&e, kind, &x);
    *ret_exts = x;
}

/* Value bytes of one kind, into v; 0 when the packet has none. */
static size_t value_of(enum rtp_ext kind, const struct rtp_exts *e, uint8_t v[static RTP_MAX_NAME])
{
    struct wr w = wr_init(v, RTP_MAX_NAME);

    switch (kind) {
    case RTP_EXT_LEVEL:
        if (e->has_level)
            wr_u8(&w, (uint8_t)((e->is_voice ? 128 : 0) | (e->level & 127)));
        break;
    case RTP_EXT_TWCC:
        if (e->has_twcc)
            wr_u16(&w, e->twcc);
        break;
    case RTP_EXT_ABS_TIME:
        if (e->has_abs_time)
            wr_u24(&w, e->abs_time);
        break;
    case RTP_EXT_MID:
        wr_str(&w, e->mid);
        break;
    case RTP_EXT_RID:
        wr_str(&w, e->rid);
        break;
    case RTP_EXT_RRID:
        wr_str(&w, e->rrid);
        break;
    case RTP_EXT_COUNT:
        break;
    }
    return wr_len(&w);
}

static bool needs_two(const struct rtp_ext_ids *ids, const struct rtp_exts *e)
{
    uint8_t v[RTP_MAX_NAME];

    for (unsigned kind = 0; kind < RTP_EXT_COUNT; kind++)
        if (ids->id[kind] > ONE_MAX_ID && value_of(kind, e, v) > 0)
            return true;
    return false;
}

static void write_exts(struct wr *w, const struct rtp_ext_ids *ids, const struct rtp_exts *e)
{
    bool is_two = needs_two(ids, e);
    uint8_t *head = wr_take(w, 4), v[RTP_MAX_NAME];
    size_t start = wr_len(w), n;

    for (unsigned kind = 0; kind < RTP_EXT_COUNT; kind++) {
        n = ids->id[kind] ? value_of(kind, e, v) : 0;
        if (n == 0)
            continue;
        if (is_two) {
            wr_u8(w, ids->id[kind]);
            wr_u8(w, (uint8_t)n);
        } else {
            wr_u8(w, (uint8_t)((size_t)ids->id[kind] << 4 | (n - 1)));
        }
        wr_bytes(w, v, n);
    }
    while ((wr_len(w) - start) % 4 && !w->err)
        wr_u8(w, 0);
    if (w->err)
        return;
    struct wr h = wr_init(head, 4);
    wr_u16(&h, is_two ? PROFILE_TWO : PROFILE_ONE);
    wr_u16(&h, (uint16_t)((wr_len(w) - start) / 4));
}

static bool has_any(const struct rtp_ext_ids *ids, const struct rtp_exts *e)
{
    uint8_t v[RTP_MAX_NAME];

    for (unsigned kind = 0; ids && e && kind < RTP_EXT_COUNT; kind++)
        if (ids->id[kind] && value_of(kind, e, v) > 0)
            return true;
    return false;
}

void rtp_write(struct wr *w, const struct rtp *r, const struct rtp_ext_ids *ids,
               const struct rtp_exts *e)
{
    bool has_exts = has_any(ids, e);

    wr_u8(w, has_exts ? 0x90 : 0x80);
    wr_u8(w, (uint8_t)((r->marker ? 128 : 0) | (r->pt & 127)));
    wr_u16(w, r->seq);
    wr_u32(w, r->ts);
    wr_u32(w, r->ssrc);
    if (has_exts)
        write_exts(w, ids, e);
}

void rtp_twcc_write(struct wr *w, uint8_t id, uint16_t number)
{
    bool is_two = id > ONE_MAX_ID;
    uint8_t *first = w->start;

    wr_u16(w, is_two ? PROFILE_TWO : PROFILE_ONE);
    wr_u16(w, 1);
    wr_u16(w, (uint16_t)(is_two ? id << 8 | 2 : (id << 4 | 1) << 8 | number >> 8));
    wr_u16(w, (uint16_t)(is_two ? number : number << 8));
    if (!w->err)
        first[0] |= 0x10;
}

/* ---- payload formats ---- */

int rtp_rtx_parse(struct rtp *r, uint8_t pt, uint32_t ssrc)
{
    if (r->payload_n < RTP_RTX_BYTES)
        return ERR_TRUNCATED;
    r->seq = (uint16_t)(r->payload[0] << 8 | r->payload[1]);
    r->payload += RTP_RTX_BYTES;
    r->payload_n -= RTP_RTX_BYTES;
    r->pt = pt;
    r->ssrc = ssrc;
    return 0;
}

void rtp_rtx_write(struct wr *w, uint16_t original_seq)
{
    wr_u16(w, original_seq);
}

/* |1| PT (7) | timestamp offset (14) | length (10) | for each older block, then |0| PT (7) | */
int rtp_red_parse(const struct rtp *r, struct rtp_red blocks[static RTP_RED_BLOCKS],
                  unsigned *ret_n)
{
    struct rd in = rd_init(r->payload, r->payload_n);
    unsigned n = 0;
    uint8_t b = rd_u8(&in);

    for (; (b & 128) && !in.err; b = rd_u8(&in)) {
        uint32_t rest = rd_u24(&in);

        if (n == RTP_RED_BLOCKS - 1)
            return ERR_SYNTAX;
        blocks[n++] = (struct rtp_red){
            .pt = b & 127, .back = (uint16_t)(rest >> 10), .n = rest & (RTP_RED_LENGTH - 1)};
    }
    for (unsigned i = 0; i < n; i++)
        blocks[i].p = rd_bytes(&in, blocks[i].n);
    if (in.err)
        return ERR_TRUNCATED;
    if (rd_left(&in) == 0)
        return ERR_SYNTAX;
    blocks[n++] = (struct rtp_red){.pt = b, .p = in.p, .n = rd_left(&in)};
    *ret_n = n;
    return 0;
}

void rtp_red_write(struct wr *w, const struct rtp_red *older, uint8_t pt)
{
    wr_u8(w, (uint8_t)(128 | older->pt));
    wr_u24(w, (uint32_t)older->back << 10 | (uint32_t)older->n);
    wr_u8(w, pt);
    wr_bytes(w, older->p, older->n);
}
