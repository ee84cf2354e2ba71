/*
 * Compound RTCP: every part through every parser. What has a writer is written as it was read, and
 * reads the same; bytes of the input are also taken as numbers to ask for, rates and arrivals.
 */
#include "media/rtcp.c"

#include "fuzz.h"

#include "base/str.h"

enum { NACKS = 100, ME = 0x01020304 };

/* ---- there and back ---- */

/* The one part that was written. */
static struct rtcp read_back(const struct wr *w)
{
    struct rd r = rd_init(w->start, wr_len(w));
    struct rtcp part;

    CHECK(!w->err && rtcp_check(w->start, wr_len(w)) == 0);
    CHECK(rtcp_next(&r, &part) && rd_left(&r) == 0);
    return part;
}

static void sender_report(const struct rtcp_sr *sr)
{
    uint8_t to[64];
    struct wr w = wr_init(to, sizeof(to));
    struct rtcp part;
    struct rtcp_sr back;

    rtcp_sr_write(&w, ME, sr);
    part = read_back(&w);
    CHECK(part.ssrc == ME && rtcp_sr_parse(&part, &back) == 0);
    CHECK(back.ntp == sr->ntp && back.rtp_ts == sr->rtp_ts);
    CHECK(back.packets == sr->packets && back.octets == sr->octets);
}

static void reports(const struct rtcp_report *all, unsigned n)
{
    uint8_t to[8 + RTCP_MAX_REPORTS * REPORT_BYTES];
    struct wr w = wr_init(to, sizeof(to));
    struct rtcp part;
    struct rtcp_report b;

    rtcp_rr_write(&w, ME, all, n);
    part = read_back(&w);
    for (unsigned i = 0; i < n; i++) {
        const struct rtcp_report *a = &all[i];

        CHECK(rtcp_report_parse(&part, i, &b));
        CHECK(a->ssrc == b.ssrc && a->lost_q8 == b.lost_q8 && a->lost == b.lost);
        CHECK(a->top_seq == b.top_seq && a->jitter == b.jitter);
        CHECK(a->lsr == b.lsr && a->dlsr == b.dlsr);
    }
    CHECK(part.ssrc == ME && !rtcp_report_parse(&part, n, &b));
}

/* As a set: the writer is told in any order here, and a peer may ask twice. */
static void nack(const uint16_t *seqs, unsigned n)
{
    static uint8_t to[12 + 4 * NACKS];
    static bool is_asked[UINT16_MAX + 1];
    uint16_t got[NACKS];
    struct wr w = wr_init(to, sizeof(to));
    struct rtcp part;
    unsigned ngot;

    if (!n)
        return;
    rtcp_nack_write(&w, ME, 2, seqs, n);
    part = read_back(&w);
    ngot = rtcp_nack_parse(&part, got, NACKS);
    CHECK(part.ssrc == ME && part.media_ssrc == 2 && ngot && ngot <= n);
    for (unsigned i = 0; i < n; i++)
        is_asked[seqs[i]] = true;
    for (unsigned i = 0; i < ngot; i++)
        CHECK(is_asked[got[i]]);
    for (unsigned i = 0; i < n; i++)
        is_asked[seqs[i]] = false;
    for (unsigned i = 0; i < ngot; i++)
        is_asked[got[i]] = true;
    for (unsigned i = 0; i < n; i++)
        CHECK(is_asked[seqs[i]]);
    for (unsigned i = 0; i < ngot; i++)
        is_asked[got[i]] = false;
}

/* 18 bits of a rate come through, never more than was said. */
static void remb(int64_t bps)
{
    uint8_t to[64];
    uint32_t source = 2;
    struct wr w = wr_init(to, sizeof(to));
    struct rtcp part;
    int64_t back;

    rtcp_remb_write(&w, ME, &source, 1, bps);
    part = read_back(&w);
    CHECK(part.ssrc == ME && rtcp_remb_parse(&part, &back) == 0);
    CHECK(back <= bps && bps - back <= bps >> (REMB_MANTISSA - 1));
}

static void key_requests(uint32_t ssrc, uint8_t command)
{
    uint8_t to[64];
    struct wr w = wr_init(to, sizeof(to));
    struct rtcp part;
    uint32_t back;
    uint8_t number;

    rtcp_pli_write(&w, ME, ssrc);
    part = read_back(&w);
    CHECK(rtcp_is_pli(&part) && part.ssrc == ME && part.media_ssrc == ssrc);
    w = wr_init(to, sizeof(to));
    rtcp_fir_write(&w, ME, ssrc, command);
    part = read_back(&w);
    CHECK(!rtcp_is_pli(&part) && rtcp_fir_parse(&part, 0, &back, &number));
    CHECK(part.ssrc == ME && back == ssrc && number == command);
    CHECK(!rtcp_fir_parse(&part, 1, &back, &number));
}

static void names(uint32_t ssrc, str cname)
{
    uint8_t to[4 + 4 + 2 + UINT8_MAX + 4];
    struct wr w = wr_init(to, sizeof(to));
    struct rtcp part;
    uint32_t back;

    rtcp_cname_write(&w, ssrc, cname);
    part = read_back(&w);
    CHECK(str_eq(rtcp_cname(&part, ssrc), cname));
    w = wr_init(to, sizeof(to));
    rtcp_bye_write(&w, ssrc);
    part = read_back(&w);
    CHECK(rtcp_bye_parse(&part, 0, &back) && back == ssrc && !rtcp_bye_parse(&part, 1, &back));
}

/* ---- every parser ---- */

static void one_part(const struct rtcp *part)
{
    static usec at[RTCP_MAX_TWCC];
    uint16_t seqs[NACKS];
    struct rtcp_sr sr;
    struct rtcp_report all[RTCP_MAX_REPORTS + 1];
    struct rtcp_twcc head;
    uint32_t ssrc;
    uint8_t command;
    int64_t bps;
    unsigned i;

    if (rtcp_sr_parse(part, &sr) == 0)
        sender_report(&sr);
    for (i = 0; i <= RTCP_MAX_REPORTS && rtcp_report_parse(part, i, &all[i]); i++)
        rtcp_rtt(&all[i], 1);
    CHECK(i <= RTCP_MAX_REPORTS);
    reports(all, i);
    names(part->ssrc, rtcp_cname(part, part->ssrc));
    rtcp_cname(part, 1);
    for (i = 0; rtcp_bye_parse(part, i, &ssrc); i++)
        CHECK(i <= 31);
    i = rtcp_nack_parse(part, seqs, NACKS);
    CHECK(i <= NACKS);
    nack(seqs, i);
    rtcp_is_pli(part);
    for (i = 0; rtcp_fir_parse(part, i, &ssrc, &command); i++) {
        CHECK(8 * i < part->n);
        key_requests(ssrc, command);
    }
    if (rtcp_remb_parse(part, &bps) == 0) {
        CHECK(bps >= 0);
        remb(bps);
    }
    if (rtcp_twcc_parse(part, &head, at) == 0)
        CHECK(head.count > 0 && head.count <= RTCP_MAX_TWCC);
}

/* Bytes as numbers to ask for and as a rate. */
static void numbers(const uint8_t *p, size_t n)
{
    uint16_t seqs[NACKS];
    struct rd r = rd_init(p, n);
    unsigned k;

    remb((int64_t)(rd_u64(&r) >> 1));
    r = rd_init(p, n);
    for (k = 0; k < NACKS && rd_left(&r) >= 2; k++)
        seqs[k] = rd_u16(&r);
    nack(seqs, k);
}

/* Bytes as arrival steps: what feedback is written reads back as it was, to a tick. */
static void feedback(const uint8_t *p, size_t n)
{
    static usec at[RTCP_MAX_TWCC], got[RTCP_MAX_TWCC];
    static uint8_t to[8192];
    struct rtcp_twcc head = {.base_seq = 7,
                             .count = (uint16_t)(n < RTCP_MAX_TWCC ? n : RTCP_MAX_TWCC)};
    struct wr w = wr_init(to, sizeof(to));
    struct rd r;
    struct rtcp part;
    usec t = 64 * USEC_MS;
    unsigned told;

    for (unsigned i = 0; i < head.count; i++) {
        t += p[i] % 8 == 7 ? p[i] * 100 * USEC_MS : p[i] * 300;
        at[i] = p[i] % 4 == 1 ? RTCP_LOST : t;
    }
    told = rtcp_twcc_write(&w, 1, 2, &head, at);
    if (told == 0)
        return;
    CHECK(!w.err && rtcp_check(to, wr_len(&w)) == 0);
    r = rd_init(to, wr_len(&w));
    CHECK(rtcp_next(&r, &part) && rtcp_twcc_parse(&part, &head, got) == 0);
    CHECK(head.count == told);
    for (unsigned i = 0; i < told; i++)
        CHECK(at[i] == RTCP_LOST ? got[i] == RTCP_LOST : got[i] == at[i] / 250 * 250);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);
    struct rtcp part;

    feedback(p, n);
    numbers(p, n);
    if (rtcp_check(p, n) < 0)
        return 0;
    while (rtcp_next(&r, &part))
        one_part(&part);
    CHECK(rd_left(&r) == 0);
    return 0;
}
