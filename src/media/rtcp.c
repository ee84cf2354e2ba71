#include "media/rtcp.h"

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"

enum {
    CNAME = 1,              /* SDES item, RFC 3550 6.5.1 */
    REPORT_BYTES = 24,
    NACK_BITS = 16,         /* a mask behind each number, RFC 4585 6.2.1 */
    REMB_MANTISSA = 18,     /* bits, draft-alvestrand-rmcat-remb-03 2.2 */
    TWCC_REF_US = 64000,    /* unit of the reference time */
    TWCC_TICK_US = 250,     /* unit of the deltas */
    TWCC_MAX_RUN = 0x1FFF,  /* 13 bits */
};

#define REMB_NAME 0x52454D42u /* "REMB" */
#define NTP_1970 UINT64_C(2208988800)

/* ---- walking ---- */

static bool is_feedback(const struct rtcp *part)
{
    return part->type == RTCP_RTPFB || part->type == RTCP_PSFB;
}

/*
 * Padding is allowed in the last part alone, and leaves the head whole. RFC 3550 6.4.1 wants a
 * multiple of four; browsers pad transport-wide feedback by one to three bytes as well, so that
 * three in four of theirs are like that (libwebrtc, transport_feedback.cc).
 */
static bool is_padding(const uint8_t *body, size_t n, bool is_fb)
{
    size_t pad = n ? body[n - 1] : 0;

    return pad && (is_fb || pad % 4 == 0) && pad + (is_fb ? 8 : 0) <= n;
}

int rtcp_check(const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);

    if (n == 0)
        return ERR_SYNTAX;
    while (rd_left(&r) > 0) {
        uint8_t head = rd_u8(&r);
        uint8_t type = rd_u8(&r);
        size_t body_n = 4u * rd_u16(&r);
        const uint8_t *body = rd_bytes(&r, body_n);
        bool is_fb = type == RTCP_RTPFB || type == RTCP_PSFB;

        if (r.err || head >> 6 != 2 || (is_fb && body_n < 8))
            return ERR_SYNTAX;
        if (head & 0x20 && (rd_left(&r) > 0 || !is_padding(body, body_n, is_fb)))
            return ERR_SYNTAX;
    }
    return 0;
}

bool rtcp_next(struct rd *r, struct rtcp *ret_part)
{
    struct rtcp part = {0};
    uint8_t head = rd_u8(r);
    struct rd body;

    part.type = rd_u8(r);
    part.count = head & 31;
    body = rd_sub(r, 4u * rd_u16(r));
    if (r->err)
        return false;
    if (head & 0x20 && rd_left(&body) > 0 && body.end[-1] <= rd_left(&body))
        body.end -= body.end[-1];
    if (rd_left(&body) >= 4)
        part.ssrc = rd_u32(&body);
    if (is_feedback(&part))
        part.media_ssrc = rd_u32(&body);
    if (body.err)
        return false;
    part.body = body.p;
    part.n = rd_left(&body);
    *ret_part = part;
    return true;
}

/* ---- reports ---- */

int rtcp_sr_parse(const struct rtcp *part, struct rtcp_sr *ret_sr)
{
    struct rd r = rd_init(part->body, part->n);
    struct rtcp_sr sr;

    if (part->type != RTCP_SR)
        return ERR_UNSUPPORTED;
    sr.ntp = rd_u64(&r);
    sr.rtp_ts = rd_u32(&r);
    sr.packets = rd_u32(&r);
    sr.octets = rd_u32(&r);
    if (r.err)
        return ERR_SYNTAX;
    *ret_sr = sr;
    return 0;
}

static int32_t signed24(uint32_t v)
{
    return (int32_t)(v & 0x7FFFFF) - (int32_t)(v & 0x800000);
}

bool rtcp_report_parse(const struct rtcp *part, unsigned i, struct rtcp_report *ret_report)
{
    struct rd r = rd_init(part->body, part->n);
    struct rtcp_report b;

    if ((part->type != RTCP_SR && part->type != RTCP_RR) || i >= part->count)
        return false;
    rd_bytes(&r, (part->type == RTCP_SR ? 20u : 0u) + (size_t)i * REPORT_BYTES);
    b.ssrc = rd_u32(&r);
    b.lost_q8 = rd_u8(&r);
    b.lost = signed24(rd_u24(&r));
    b.top_seq = rd_u32(&r);
    b.jitter = rd_u32(&r);
    b.lsr = rd_u32(&r);
    b.dlsr = rd_u32(&r);
    if (r.err)
        return false;
    *ret_report = b;
    return true;
}

/* One chunk of an SDES: items until a zero, then padding to a word. Gives the CNAME if any. */
static str take_chunk(struct rd *r, const uint8_t *start)
{
    str cname = {0};
    uint8_t type, n;
    const uint8_t *text;

    while ((type = rd_u8(r)) != 0 && !r->err) {
        n = rd_u8(r);
        text = rd_bytes(r, n);
        if (type == CNAME && text && !cname.p)
            cname = (str){(const char *)text, n};
    }
    rd_bytes(r, (4u - (size_t)(r->p - start) % 4u) % 4u);
    return cname;
}

str rtcp_cname(const struct rtcp *part, uint32_t ssrc)
{
    struct rd r = rd_init(part->body, part->n);
    uint32_t source = part->ssrc;

    if (part->type != RTCP_SDES)
        return (str){0};
    for (unsigned i = 0; i < part->count && !r.err; i++) {
        str cname;

        if (i > 0)
            source = rd_u32(&r);
        cname = take_chunk(&r, part->body);
        if (source == ssrc && cname.p)
            return cname;
    }
    return (str){0};
}

bool rtcp_bye_parse(const struct rtcp *part, unsigned i, uint32_t *ret_ssrc)
{
    struct rd r = rd_init(part->body, part->n);
    uint32_t ssrc = part->ssrc;

    if (part->type != RTCP_BYE || i >= part->count)
        return false;
    if (i > 0) {
        rd_bytes(&r, 4u * (i - 1));
        ssrc = rd_u32(&r);
    }
    if (r.err)
        return false;
    *ret_ssrc = ssrc;
    return true;
}

/* ---- feedback ---- */

static bool is_kind(const struct rtcp *part, uint8_t type, uint8_t fmt)
{
    return part->type == type && part->count == fmt;
}

unsigned rtcp_nack_parse(const struct rtcp *part, uint16_t *to, unsigned max)
{
    struct rd r = rd_init(part->body, part->n);
    unsigned n = 0;

    if (!is_kind(part, RTCP_RTPFB, RTCP_FMT_NACK))
        return 0;
    while (rd_left(&r) >= 4) {
        uint16_t first = rd_u16(&r), mask = rd_u16(&r);

        for (unsigned i = 0; i <= NACK_BITS && n < max; i++)
            if (i == 0 || mask >> (i - 1) & 1)
                to[n++] = (uint16_t)(first + i);
    }
    return n;
}

bool rtcp_is_pli(const struct rtcp *part)
{
    return is_kind(part, RTCP_PSFB, RTCP_FMT_PLI);
}

bool rtcp_fir_parse(const struct rtcp *part, unsigned i, uint32_t *ret_ssrc, uint8_t *ret_command)
{
    struct rd r = rd_init(part->body, part->n);
    uint32_t ssrc;

    if (!is_kind(part, RTCP_PSFB, RTCP_FMT_FIR) || i >= part->n / 8)
        return false;
    rd_bytes(&r, 8u * (size_t)i);
    ssrc = rd_u32(&r);
    *ret_command = rd_u8(&r);
    *ret_ssrc = ssrc;
    return true;
}

/*
 *     | 'R' 'E' 'M' 'B' | Num SSRC (8) | exponent (6) | mantissa (18) | SSRC × Num |
 */
int rtcp_remb_parse(const struct rtcp *part, int64_t *ret_bps)
{
    struct rd r = rd_init(part->body, part->n);
    uint32_t name = rd_u32(&r), rest;
    unsigned exponent;
    uint64_t mantissa;

    if (!is_kind(part, RTCP_PSFB, RTCP_FMT_AFB) || name != REMB_NAME)
        return ERR_UNSUPPORTED;
    rd_u8(&r);
    rest = rd_u24(&r);
    if (r.err)
        return ERR_UNSUPPORTED;
    exponent = rest >> REMB_MANTISSA;
    mantissa = rest & ((1u << REMB_MANTISSA) - 1);
    if (exponent > 63 - REMB_MANTISSA && mantissa > (uint64_t)INT64_MAX >> exponent)
        *ret_bps = INT64_MAX;
    else
        *ret_bps = (int64_t)(mantissa << exponent);
    return 0;
}

/* ---- transport-wide feedback ----
 *
 *     |     base sequence number      |     packet status count       |
 *     |         reference time (24)              | feedback count (8) |
 *     |    packet chunk (16)  …       |   receive deltas (8 or 16 bits each) …
 *
 *   chunk:  |0| symbol (2) | run length (13) |         0 lost, 1 small delta, 2 large delta
 *           |1|0| 14 symbols of one bit      |         0 lost, 1 small delta
 *           |1|1| 7 symbols of two bits      |
 */

enum { LOST, SMALL, LARGE };

/* The symbols of one chunk; returns how many it holds, at most `left`. */
static unsigned take_chunk_symbols(uint16_t chunk, unsigned left, uint8_t *to)
{
    unsigned n = chunk & TWCC_MAX_RUN, i;

    if (chunk & 0x8000)
        n = chunk & 0x4000 ? 7 : 14;
    n = n < left ? n : left;
    for (i = 0; i < n; i++) {
        if (!(chunk & 0x8000))
            to[i] = chunk >> 13 & 3;
        else if (chunk & 0x4000)
            to[i] = chunk >> (12 - 2 * i) & 3;
        else
            to[i] = chunk >> (13 - i) & 1;
    }
    return n;
}

static int take_deltas(struct rd *r, const uint8_t *symbols, unsigned n, usec ref, usec *at)
{
    for (unsigned i = 0; i < n; i++) {
        if (symbols[i] == SMALL)
            ref += rd_u8(r) * (usec)TWCC_TICK_US;
        else if (symbols[i] == LARGE)
            ref += (int16_t)rd_u16(r) * (usec)TWCC_TICK_US;
        else if (symbols[i] != LOST)
            return ERR_SYNTAX; /* symbol 3 is reserved */
        at[i] = symbols[i] == LOST ? RTCP_LOST : ref;
    }
    return r->err ? ERR_SYNTAX : 0;
}

int rtcp_twcc_parse(const struct rtcp *part, struct rtcp_twcc *ret_head, usec *at)
{
    struct rd r = rd_init(part->body, part->n);
    uint8_t symbols[RTCP_MAX_TWCC];
    struct rtcp_twcc h;
    usec ref;
    int err;

    if (!is_kind(part, RTCP_RTPFB, RTCP_FMT_TWCC))
        return ERR_UNSUPPORTED;
    h.base_seq = rd_u16(&r);
    h.count = rd_u16(&r);
    ref = signed24(rd_u24(&r)) * (usec)TWCC_REF_US;
    h.fb_count = rd_u8(&r);
    if (r.err || h.count == 0)
        return ERR_SYNTAX;
    if (h.count > RTCP_MAX_TWCC)
        return ERR_TOO_BIG;
    for (unsigned n = 0; n < h.count;) {
        unsigned more = take_chunk_symbols(rd_u16(&r), h.count - n, symbols + n);

        if (r.err || more == 0)
            return ERR_SYNTAX;
        n += more;
    }
    err = take_deltas(&r, symbols, h.count, ref, at);
    if (err < 0)
        return err;
    *ret_head = h;
    return 0;
}

/* ---- writing ---- */

/* The head of a part; its length is set by end_part. */
static size_t begin_part(struct wr *w, uint8_t count, uint8_t type, uint32_t ssrc)
{
    size_t at = wr_len(w);

    wr_u8(w, (uint8_t)(0x80 | count));
    wr_u8(w, type);
    wr_u16(w, 0);
    wr_u32(w, ssrc);
    return at;
}

static void end_part(struct wr *w, size_t at)
{
    struct wr length = wr_init(w->start + at + 2, 2);

    if (!w->err)
        wr_u16(&length, (uint16_t)((wr_len(w) - at) / 4 - 1));
}

void rtcp_sr_write(struct wr *w, uint32_t ssrc, const struct rtcp_sr *sr)
{
    size_t at = begin_part(w, 0, RTCP_SR, ssrc);

    wr_u64(w, sr->ntp);
    wr_u32(w, sr->rtp_ts);
    wr_u32(w, sr->packets);
    wr_u32(w, sr->octets);
    end_part(w, at);
}

void rtcp_rr_write(struct wr *w, uint32_t ssrc, const struct rtcp_report *reports, unsigned n)
{
    size_t at = begin_part(w, (uint8_t)n, RTCP_RR, ssrc);

    if (n > RTCP_MAX_REPORTS)
        w->err = true;
    for (unsigned i = 0; i < n && !w->err; i++) {
        const struct rtcp_report *b = &reports[i];

        wr_u32(w, b->ssrc);
        wr_u8(w, b->lost_q8);
        wr_u24(w, (uint32_t)b->lost & 0xFFFFFF);
        wr_u32(w, b->top_seq);
        wr_u32(w, b->jitter);
        wr_u32(w, b->lsr);
        wr_u32(w, b->dlsr);
    }
    end_part(w, at);
}

void rtcp_cname_write(struct wr *w, uint32_t ssrc, str cname)
{
    size_t at = begin_part(w, 1, RTCP_SDES, ssrc), n = cname.n < 255 ? cname.n : 255;

    wr_u8(w, CNAME);
    wr_u8(w, (uint8_t)n);
    wr_bytes(w, cname.p, n);
    do
        wr_u8(w, 0); /* one zero ends the list, more fill the word */
    while ((wr_len(w) - at) % 4 && !w->err);
    end_part(w, at);
}

void rtcp_bye_write(struct wr *w, uint32_t ssrc)
{
    end_part(w, begin_part(w, 1, RTCP_BYE, ssrc));
}

void rtcp_nack_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc, const uint16_t *seqs,
                     unsigned n)
{
    size_t at = begin_part(w, RTCP_FMT_NACK, RTCP_RTPFB, ssrc);

    wr_u32(w, media_ssrc);
    for (unsigned i = 0; i < n;) {
        uint16_t first = seqs[i++], mask = 0;

        for (; i < n && (uint16_t)(seqs[i] - first - 1) < NACK_BITS; i++)
            mask = (uint16_t)(mask | 1u << (uint16_t)(seqs[i] - first - 1));
        wr_u16(w, first);
        wr_u16(w, mask);
    }
    end_part(w, at);
}

void rtcp_pli_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc)
{
    size_t at = begin_part(w, RTCP_FMT_PLI, RTCP_PSFB, ssrc);

    wr_u32(w, media_ssrc);
    end_part(w, at);
}

void rtcp_fir_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc, uint8_t command)
{
    size_t at = begin_part(w, RTCP_FMT_FIR, RTCP_PSFB, ssrc);

    wr_u32(w, 0); /* RFC 5104 4.3.1.2: the media source of the head is nought */
    wr_u32(w, media_ssrc);
    wr_u32(w, (uint32_t)command << 24);
    end_part(w, at);
}

void rtcp_remb_write(struct wr *w, uint32_t ssrc, const uint32_t *media_ssrcs, unsigned n,
                     int64_t bps)
{
    size_t at = begin_part(w, RTCP_FMT_AFB, RTCP_PSFB, ssrc);
    uint64_t mantissa = bps > 0 ? (uint64_t)bps : 0;
    uint32_t exponent = 0;

    for (; mantissa >> REMB_MANTISSA; exponent++)
        mantissa >>= 1;
    wr_u32(w, 0);
    wr_u32(w, REMB_NAME);
    wr_u8(w, (uint8_t)n);
    wr_u24(w, exponent << REMB_MANTISSA | (uint32_t)mantissa);
    for (unsigned i = 0; i < n; i++)
        wr_u32(w, media_ssrcs[i]);
    end_part(w, at);
}

/*
 * Symbols and deltas of as many packets as fit; returns how many. A delta is against the tick that
 * was written before, so rounding does not add up.
 */
static unsigned plan(const usec *at, unsigned n, usec ref, uint8_t *symbols, int16_t *deltas)
{
    usec last = ref / TWCC_TICK_US;

    for (unsigned i = 0; i < n; i++) {
        usec tick, delta;

        symbols[i] = LOST;
        deltas[i] = 0;
        if (at[i] == RTCP_LOST)
            continue;
        tick = at[i] / TWCC_TICK_US;
        delta = tick - last;
        if (delta < INT16_MIN || delta > INT16_MAX)
            return i;
        symbols[i] = delta >= 0 && delta <= UINT8_MAX ? SMALL : LARGE;
        deltas[i] = (int16_t)delta;
        last = tick;
    }
    return n;
}

/* One chunk over the first symbols; returns how many it took. */
static unsigned write_chunk(struct wr *w, const uint8_t *symbols, unsigned n)
{
    unsigned run = 1, bits = 0, max, value = 0;

    while (run < n && run < TWCC_MAX_RUN && symbols[run] == symbols[0])
        run++;
    if (run >= 14 || run == n) {
        wr_u16(w, (uint16_t)((unsigned)symbols[0] << 13 | run));
        return run;
    }
    max = n < 14 ? n : 14;
    while (bits < max && symbols[bits] != LARGE)
        bits++;
    if (bits == max && bits > 7) {
        for (unsigned i = 0; i < bits; i++)
            value |= (unsigned)symbols[i] << (13 - i);
        wr_u16(w, (uint16_t)(0x8000 | value));
        return bits;
    }
    max = n < 7 ? n : 7;
    for (unsigned i = 0; i < max; i++)
        value |= (unsigned)symbols[i] << (12 - 2 * i);
    wr_u16(w, (uint16_t)(0xC000 | value));
    return max;
}

static void write_deltas(struct wr *w, const uint8_t *symbols, const int16_t *deltas, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (symbols[i] == SMALL)
            wr_u8(w, (uint8_t)deltas[i]);
        else if (symbols[i] == LARGE)
            wr_u16(w, (uint16_t)deltas[i]);
    }
}

unsigned rtcp_twcc_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc,
                         const struct rtcp_twcc *head, const usec *at)
{
    unsigned count = head->count < RTCP_MAX_TWCC ? head->count : RTCP_MAX_TWCC, first = 0, n;
    uint8_t symbols[RTCP_MAX_TWCC];
    int16_t deltas[RTCP_MAX_TWCC];
    usec ref;
    size_t start;

    while (first < count && at[first] == RTCP_LOST)
        first++;
    if (first == count)
        return 0;
    ref = at[first] / TWCC_REF_US;
    n = plan(at, count, ref * TWCC_REF_US, symbols, deltas);
    start = begin_part(w, RTCP_FMT_TWCC, RTCP_RTPFB, ssrc);
    wr_u32(w, media_ssrc);
    wr_u16(w, head->base_seq);
    wr_u16(w, (uint16_t)n);
    wr_u24(w, (uint32_t)ref & 0xFFFFFF);
    wr_u8(w, head->fb_count);
    for (unsigned i = 0; i < n;)
        i += write_chunk(w, symbols + i, n - i);
    write_deltas(w, symbols, deltas, n);
    /* Zeros to the word without the P bit: receivers read by the count. */
    while ((wr_len(w) - start) % 4 && !w->err)
        wr_u8(w, 0);
    end_part(w, start);
    return n;
}

/* ---- time ---- */

uint64_t rtcp_ntp(usec wall)
{
    uint64_t us = (uint64_t)wall;

    return (us / 1000000 + NTP_1970) << 32 | ((us % 1000000) << 32) / 1000000;
}

usec rtcp_ntp_wall(uint64_t ntp)
{
    uint64_t us = ((ntp & UINT32_MAX) * 1000000 + (UINT64_C(1) << 31)) >> 32;

    return (usec)(((ntp >> 32) - NTP_1970) * 1000000 + us);
}

usec rtcp_rtt(const struct rtcp_report *r, uint64_t ntp)
{
    uint32_t rtt = (uint32_t)(ntp >> 16) - r->lsr - r->dlsr; /* in 1/65536 s */

    if (r->lsr == 0 || (int32_t)rtt < 0)
        return -1;
    return (usec)((uint64_t)rtt * 1000000 >> 16);
}
