/* RTP packets: extension values that are read are written and read again, in either form. */
#include "media/rtp.c"

#include "fuzz.h"

#include "base/str.h"

static void payloads(const struct rtp *r)
{
    struct rtp copy = *r;
    struct rtp_red blocks[RTP_RED_BLOCKS];
    unsigned n;

    if (rtp_rtx_parse(&copy, 96, 1) == 0)
        CHECK(copy.payload_n + RTP_RTX_BYTES == r->payload_n);
    if (rtp_red_parse(r, blocks, &n) < 0)
        return;
    CHECK(n >= 1 && n <= RTP_RED_BLOCKS && blocks[n - 1].n > 0);
    CHECK(blocks[n - 1].p + blocks[n - 1].n == r->payload + r->payload_n);
    for (unsigned i = 0; i + 1 < n; i++)
        CHECK(blocks[i].p >= r->payload && blocks[i].p + blocks[i].n == blocks[i + 1].p);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct rtp_ext_ids ids[] = {{{1, 3, 2, 4, 10, 11}}, {{1, 3, 200, 4, 10, 11}}};
    uint8_t to[RTP_MAX_HEADER];
    struct rtp r, back;
    struct rtp_exts e, again;

    if (rtp_parse(p, n, &r) < 0)
        return 0;
    CHECK(r.header_n + r.payload_n + r.padding_n == n);
    payloads(&r);
    rtp_exts_parse(&r, &ids[0], &e);
    for (size_t i = 0; i < NELEM(ids); i++) {
        struct wr w = wr_init(to, sizeof(to));

        rtp_write(&w, &r, &ids[i], &e);
        CHECK(!w.err);
        CHECK(rtp_parse(to, wr_len(&w), &back) == 0);
        CHECK(back.seq == r.seq && back.ts == r.ts && back.ssrc == r.ssrc && back.pt == r.pt);
        rtp_exts_parse(&back, &ids[i], &again);
        CHECK(again.has_level == e.has_level && again.level == e.level);
        CHECK(again.has_twcc == e.has_twcc && again.twcc == e.twcc);
        CHECK(str_eq(again.mid, e.mid) && str_eq(again.rid, e.rid) && str_eq(again.rrid, e.rrid));
    }
    return 0;
}
