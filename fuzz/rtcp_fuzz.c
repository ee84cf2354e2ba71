/* Compound RTCP: every part through every parser; transport-wide feedback written and read back. */
#include "media/rtcp.c"

#include "fuzz.h"

static void one_part(const struct rtcp *part)
{
    static usec at[RTCP_MAX_TWCC];
    uint16_t seqs[100];
    struct rtcp_sr sr;
    struct rtcp_report report;
    struct rtcp_twcc head;
    uint32_t ssrc;
    uint8_t command;
    int64_t bps;
    unsigned i;

    rtcp_sr_parse(part, &sr);
    for (i = 0; rtcp_report_parse(part, i, &report); i++)
        rtcp_rtt(&report, 1);
    CHECK(i <= RTCP_MAX_REPORTS);
    rtcp_cname(part, part->ssrc);
    rtcp_cname(part, 1);
    for (i = 0; rtcp_bye_parse(part, i, &ssrc); i++)
        CHECK(i <= 31);
    CHECK(rtcp_nack_parse(part, seqs, 100) <= 100);
    rtcp_is_pli(part);
    for (i = 0; rtcp_fir_parse(part, i, &ssrc, &command); i++)
        CHECK(8 * i < part->n);
    if (rtcp_remb_parse(part, &bps) == 0)
        CHECK(bps >= 0);
    if (rtcp_twcc_parse(part, &head, at) == 0)
        CHECK(head.count > 0 && head.count <= RTCP_MAX_TWCC);
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
    if (rtcp_check(p, n) < 0)
        return 0;
    while (rtcp_next(&r, &part))
        one_part(&part);
    CHECK(rd_left(&r) == 0);
    return 0;
}
