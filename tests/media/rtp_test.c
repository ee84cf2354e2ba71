#include "media/rtp.h"

#include "base/err.h"
#include "base/str.h"
#include "base/wr.h"
#include "suites.h"

#include <string.h>

static const struct rtp_ext_ids ids = {{1, 3, 2, 4, 10, 11}};

static void test_plain_header(void **state)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p), "80 ef 1234 00000001 deadbeef 0102");
    struct rtp r;

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(r.pt, 111);
    assert_true(r.marker);
    assert_int_equal(r.seq, 0x1234);
    assert_int_equal(r.ts, 1);
    assert_int_equal(r.ssrc, 0xdeadbeef);
    assert_int_equal(r.header_n, 12);
    assert_int_equal(r.payload_n, 2);
    assert_int_equal(r.profile, 0);
    for (size_t i = 0; i < RTP_HEADER; i++)
        assert_int_equal(rtp_parse(p, i, &r), ERR_TRUNCATED);
    p[0] = 0x40;
    assert_int_equal(rtp_parse(p, n, &r), ERR_SYNTAX);
}

static void test_padding(void **state)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p), "a0 60 1234 00000001 deadbeef aabb 000003");
    struct rtp r;

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(r.payload_n, 2);
    assert_int_equal(r.padding_n, 3);
    p[n - 1] = 5; /* padding only */
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(r.payload_n, 0);
    p[n - 1] = 6;
    assert_int_equal(rtp_parse(p, n, &r), ERR_SYNTAX);
    p[n - 1] = 0;
    assert_int_equal(rtp_parse(p, n, &r), ERR_SYNTAX);
    assert_int_equal(rtp_parse(p, RTP_HEADER, &r), ERR_SYNTAX);
    assert_int_equal(rtp_head(p, n, &r), 0); /* encrypted: not looked at */
    assert_int_equal(r.payload_n, 5);
}

/* As Chromium sends them: one-byte form, padding bytes between. */
static void test_one_byte_exts(void **state)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p),
                     "90 6f 0001 00000000 00000001 bede 0004"
                     "10 85 22 010203 00 31 abcd 40 61 00 00 0000 ff");
    struct rtp r;
    struct rtp_exts e;

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(r.payload_n, 1);
    rtp_exts_parse(&r, &ids, &e);
    assert_true(e.has_level && e.is_voice && e.has_twcc && e.has_abs_time);
    assert_int_equal(e.level, 5);
    assert_int_equal(e.twcc, 0xabcd);
    assert_int_equal(e.abs_time, 0x010203);
    assert_true(str_eq(e.mid, S("a")));
    assert_null(e.rid.p);
}

static void test_two_byte_exts(void **state)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p),
                     "90 6f 0001 00000000 00000001 1000 0003 01 01 05 00 0a 01 68 03 02 abcd 00");
    struct rtp r;
    struct rtp_exts e;

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    rtp_exts_parse(&r, &ids, &e);
    assert_int_equal(e.level, 5);
    assert_false(e.is_voice);
    assert_true(str_eq(e.rid, S("h")));
    assert_int_equal(e.twcc, 0xabcd);
}

static void test_broken_exts(void **state)
{
    uint8_t p[64];
    struct rtp r;
    struct rtp_exts e;
    size_t n = unhex(p, sizeof(p), "90 6f 0001 00000000 00000001 bede 0001 10 05 3f ab");

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    rtp_exts_parse(&r, &ids, &e); /* the second element runs past the end: the first counts */
    assert_true(e.has_level);
    assert_false(e.has_twcc);
    p[15] = 2; /* one word more than there is */
    assert_int_equal(rtp_parse(p, n, &r), ERR_SYNTAX);
    n = unhex(p, sizeof(p), "90 6f 0001 00000000 00000001 bede 0002 f0 10 05 00 00000000");
    assert_int_equal(rtp_parse(p, n, &r), 0);
    rtp_exts_parse(&r, &ids, &e); /* 15 ends the list */
    assert_false(e.has_level);
    n = unhex(p, sizeof(p), "90 6f 0001 00000000 00000001 abcd 0001 10 05 00 00");
    assert_int_equal(rtp_parse(p, n, &r), 0);
    rtp_exts_parse(&r, &ids, &e); /* a profile that is not RFC 8285 */
    assert_false(e.has_level);
}

static void round_trip(const struct rtp_ext_ids *with, uint16_t profile)
{
    uint8_t to[RTP_MAX_HEADER];
    struct wr w = wr_init(to, sizeof(to));
    struct rtp r = {.ts = 0x01020304, .ssrc = 0xfffffffe, .seq = 65535, .pt = 96, .marker = true},
               back;
    struct rtp_exts e = {.has_level = true,
                         .level = 30,
                         .is_voice = true,
                         .has_twcc = true,
                         .twcc = 513,
                         .has_abs_time = true,
                         .abs_time = 0xABCDEF,
                         .mid = S("0123456789abcdef"),
                         .rid = S("hi"),
                         .rrid = S("lo")},
                    got;

    rtp_write(&w, &r, with, &e);
    assert_false(w.err);
    assert_int_equal(wr_len(&w) % 4, 0);
    assert_int_equal(rtp_parse(to, wr_len(&w), &back), 0);
    assert_int_equal(back.header_n, wr_len(&w));
    assert_int_equal(back.profile, profile);
    assert_int_equal(back.seq, r.seq);
    assert_int_equal(back.ts, r.ts);
    assert_int_equal(back.ssrc, r.ssrc);
    assert_true(back.marker);
    rtp_exts_parse(&back, with, &got);
    assert_int_equal(got.level, 30);
    assert_true(got.is_voice);
    assert_int_equal(got.twcc, 513);
    assert_int_equal(got.abs_time, 0xABCDEF);
    assert_true(str_eq(got.mid, e.mid) && str_eq(got.rid, e.rid) && str_eq(got.rrid, e.rrid));
}

static void test_write(void **state)
{
    static const struct rtp_ext_ids wide = {{1, 255, 16, 4, 10, 11}};

    (void)state;
    round_trip(&ids, 0xBEDE);
    round_trip(&wide, 0x1000);
}

static void test_write_without_exts(void **state)
{
    uint8_t to[RTP_HEADER];
    struct wr w = wr_init(to, sizeof(to));
    struct rtp r = {.seq = 7, .pt = 111};
    struct rtp_exts e = {.has_twcc = true};
    static const struct rtp_ext_ids none;

    (void)state;
    rtp_write(&w, &r, &none, &e);
    assert_false(w.err);
    assert_int_equal(to[0], 0x80);
    w = wr_init(to, sizeof(to));
    rtp_write(&w, &r, NULL, NULL);
    assert_false(w.err);
    w = wr_init(to, sizeof(to));
    rtp_write(&w, &r, &ids, &e);
    assert_true(w.err);
}

static void test_rtx(void **state)
{
    uint8_t p[64], osn[RTP_RTX_BYTES];
    size_t n = unhex(p, sizeof(p), "80 61 0009 00000001 0000000b 1234 aabb");
    struct wr w = wr_init(osn, sizeof(osn));
    struct rtp r;

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(rtp_rtx_parse(&r, 96, 10), 0);
    assert_int_equal(r.seq, 0x1234);
    assert_int_equal(r.pt, 96);
    assert_int_equal(r.ssrc, 10);
    assert_int_equal(r.payload_n, 2);
    assert_int_equal(r.payload[0], 0xaa);
    assert_int_equal(rtp_parse(p, RTP_HEADER + 1, &r), 0);
    assert_int_equal(rtp_rtx_parse(&r, 96, 10), ERR_TRUNCATED);
    assert_int_equal(r.pt, 97);
    rtp_rtx_write(&w, 0x1234);
    assert_memory_equal(osn, "\x12\x34", 2);
}

/* One older block of two bytes, 240 units back, then the primary of two. */
/* Two frames: the one before, 960 ticks older, and the packet's own. */
static void test_red(void **state)
{
    uint8_t p[64], back[64];
    size_t n = unhex(p, sizeof(p), "80 3f 0009 00000001 0000000b ef 0f0002 6f aaaa bbcc");
    struct rtp_red blocks[RTP_RED_BLOCKS];
    struct wr w = wr_init(back, sizeof(back));
    unsigned got;
    struct rtp r;

    (void)state;
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(rtp_red_parse(&r, blocks, &got), 0);
    assert_int_equal(got, 2);
    assert_int_equal(blocks[0].pt, 111);
    assert_int_equal(blocks[0].back, 960);
    assert_int_equal(blocks[0].n, 2);
    assert_int_equal(blocks[0].p[0], 0xaa);
    assert_int_equal(blocks[1].pt, 111);
    assert_int_equal(blocks[1].n, 2);
    assert_int_equal(blocks[1].p[0], 0xbb);
    rtp_red_write(&w, &blocks[0], 111);
    wr_bytes(&w, blocks[1].p, blocks[1].n);
    assert_int_equal(wr_len(&w), r.payload_n);
    assert_memory_equal(back, r.payload, r.payload_n);
    r.payload_n -= 2;
    assert_int_equal(rtp_red_parse(&r, blocks, &got), ERR_SYNTAX); /* nothing of its own */
    r.payload_n -= 1;
    assert_int_equal(rtp_red_parse(&r, blocks, &got), ERR_TRUNCATED);
    r.payload_n = 0;
    assert_int_equal(rtp_red_parse(&r, blocks, &got), ERR_TRUNCATED);
    n = unhex(p, sizeof(p),
              "80 3f 0009 00000001 0000000b ef000001 ef000001 ef000001 ef000001 6f 01020304 05");
    assert_int_equal(rtp_parse(p, n, &r), 0);
    assert_int_equal(rtp_red_parse(&r, blocks, &got), ERR_SYNTAX); /* more than anybody sends */
}

static void test_demux(void **state)
{
    (void)state;
    assert_true(rtp_is_rtcp((const uint8_t *)"\x80\xc8", 2));
    assert_true(rtp_is_rtcp((const uint8_t *)"\x81\xce", 2));
    assert_false(rtp_is_rtcp((const uint8_t *)"\x80\x6f", 2));
    assert_false(rtp_is_rtcp((const uint8_t *)"\x80\xef", 2)); /* 111 with the marker */
    assert_false(rtp_is_rtcp((const uint8_t *)"\x80", 1));
    assert_true(rtp_seq_after(0, 65535));
    assert_true(rtp_seq_after(32767, 0));
    assert_false(rtp_seq_after(0, 0));
    assert_false(rtp_seq_after(65535, 0));
}

/* The number alone, in both forms of the extension, reads back. */
static void test_transport_number(void **state)
{
    static const uint8_t names[] = {1, 14, 15, 255};
    struct rtp in = {.pt = 96, .seq = 7, .ts = 8, .ssrc = 9}, out;
    struct rtp_exts got;
    uint8_t buf[64];

    (void)state;
    for (size_t i = 0; i < NELEM(names); i++) {
        struct wr w = wr_init(buf, sizeof(buf));
        struct rtp_ext_ids one = {.id = {[RTP_EXT_TWCC] = names[i]}};

        rtp_write(&w, &in, NULL, NULL);
        rtp_twcc_write(&w, names[i], 0xfedc);
        assert_int_equal(wr_len(&w), RTP_HEADER + RTP_TWCC_BYTES);
        assert_int_equal(rtp_parse(buf, wr_len(&w), &out), 0);
        assert_true(out.seq == 7 && out.ts == 8 && out.ssrc == 9 && out.payload_n == 0);
        rtp_exts_parse(&out, &one, &got);
        assert_true(got.has_twcc && got.twcc == 0xfedc);
    }
}

int rtp_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transport_number),
        cmocka_unit_test(test_plain_header),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_one_byte_exts),
        cmocka_unit_test(test_two_byte_exts),
        cmocka_unit_test(test_broken_exts),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_without_exts),
        cmocka_unit_test(test_rtx),
        cmocka_unit_test(test_red),
        cmocka_unit_test(test_demux),
    };

    return cmocka_run_group_tests_name("rtp", tests, NULL, NULL);
}
