#include "media/rtcp.h"

#include "base/err.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "suites.h"

#include <string.h>

static struct rtcp first_part(const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);
    struct rtcp part;

    assert_int_equal(rtcp_check(p, n), 0);
    assert_true(rtcp_next(&r, &part));
    return part;
}

static void test_compound(void **state)
{
    uint8_t p[512];
    struct wr w = wr_init(p, sizeof(p));
    struct rtcp_sr sr = {.ntp = 0x1122334455667788, .rtp_ts = 9, .packets = 10, .octets = 11}, got;
    struct rtcp_report reports[2] = {{.ssrc = 5,
                                      .lost_q8 = 128,
                                      .lost = -3,
                                      .top_seq = 0x10001,
                                      .jitter = 7,
                                      .lsr = 8,
                                      .dlsr = 9},
                                     {.ssrc = 6, .lost = 8388607}},
                       b;
    struct rtcp part;
    struct rd r;
    uint32_t ssrc;

    (void)state;
    rtcp_sr_write(&w, 1, &sr);
    rtcp_rr_write(&w, 2, reports, 2);
    rtcp_cname_write(&w, 3, S("kengesh"));
    rtcp_bye_write(&w, 4);
    assert_false(w.err);
    assert_int_equal(rtcp_check(p, wr_len(&w)), 0);
    r = rd_init(p, wr_len(&w));

    assert_true(rtcp_next(&r, &part));
    assert_int_equal(part.ssrc, 1);
    assert_int_equal(rtcp_sr_parse(&part, &got), 0);
    assert_true(got.ntp == sr.ntp);
    assert_int_equal(got.rtp_ts, 9);
    assert_int_equal(got.packets, 10);
    assert_int_equal(got.octets, 11);
    assert_false(rtcp_report_parse(&part, 0, &b));

    assert_true(rtcp_next(&r, &part));
    assert_int_equal(rtcp_sr_parse(&part, &got), ERR_UNSUPPORTED);
    assert_true(rtcp_report_parse(&part, 0, &b));
    assert_int_equal(b.ssrc, 5);
    assert_int_equal(b.lost_q8, 128);
    assert_int_equal(b.lost, -3);
    assert_int_equal(b.top_seq, 0x10001);
    assert_int_equal(b.dlsr, 9);
    assert_true(rtcp_report_parse(&part, 1, &b));
    assert_int_equal(b.lost, 8388607);
    assert_false(rtcp_report_parse(&part, 2, &b));

    assert_true(rtcp_next(&r, &part));
    assert_true(str_eq(rtcp_cname(&part, 3), S("kengesh")));
    assert_null(rtcp_cname(&part, 4).p);

    assert_true(rtcp_next(&r, &part));
    assert_true(rtcp_bye_parse(&part, 0, &ssrc));
    assert_int_equal(ssrc, 4);
    assert_false(rtcp_bye_parse(&part, 1, &ssrc));
    assert_false(rtcp_next(&r, &part));
}

static void test_cname_lengths(void **state)
{
    static const char text[] = "abcdefgh";
    uint8_t p[64];

    (void)state;
    for (size_t n = 0; n <= 8; n++) {
        struct wr w = wr_init(p, sizeof(p));
        struct rtcp part;

        rtcp_cname_write(&w, 7, (str){text, n});
        assert_int_equal(wr_len(&w) % 4, 0);
        part = first_part(p, wr_len(&w));
        assert_true(str_eq(rtcp_cname(&part, 7), (str){text, n}));
    }
}

/* Two chunks: the second begins on a word. */
static void test_two_sources(void **state)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p), "82ca0005 00000001 01016100 00000002 0101 62 02 01 63 00 00");
    struct rtcp part = first_part(p, n);

    (void)state;
    assert_true(str_eq(rtcp_cname(&part, 1), S("a")));
    assert_true(str_eq(rtcp_cname(&part, 2), S("b")));
}

static void test_malformed(void **state)
{
    static const char *const rows[] = {
        "40c90001 00000001",                   /* version 1 */
        "80c90002 00000001",                   /* longer than the datagram */
        "80c90001 00000001 80c9",              /* half a part behind */
        "81ce0001 00000001",                   /* feedback without a media source */
        "a0c90001 00000000",                   /* padding of nought */
        "a0c90001 00000003",                   /* padding of three */
        "a0c90001 00000008",                   /* more padding than part */
        "a0c90001 00000004 80c90001 00000001", /* padding in the middle */
    };
    uint8_t p[64] = {0};

    (void)state;
    assert_int_equal(rtcp_check(p, 0), ERR_SYNTAX);
    for (size_t i = 0; i < NELEM(rows); i++)
        assert_int_equal(rtcp_check(p, unhex(p, sizeof(p), rows[i])), ERR_SYNTAX);
}

static void test_padding(void **state)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p), "a1cd0004 00000001 00000002 00050000 00000004");
    struct rtcp part = first_part(p, n);
    uint16_t seqs[4];

    (void)state;
    assert_int_equal(rtcp_nack_parse(&part, seqs, 4), 1);
    assert_int_equal(seqs[0], 5);
}

/* As browsers send it: what was said fills whole words in one of four only. */
static void test_padded_feedback(void **state)
{
    uint8_t p[64];
    usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;
    struct rtcp part;
    size_t n = unhex(p, sizeof(p), "80c90001 00000001 afcd0005 00000001 00000002 00070001 00000100 "
                                   "20010401");

    (void)state;
    assert_int_equal(rtcp_check(p, n), 0);
    part = first_part(p + 8, n - 8);
    assert_int_equal(part.n, 11);
    assert_int_equal(rtcp_twcc_parse(&part, &head, at), 0);
    assert_int_equal(head.base_seq, 7);
    assert_int_equal(head.count, 1);
    assert_true(at[0] != RTCP_LOST);
}

static void test_nack(void **state)
{
    static const uint16_t lost[] = {65530, 65531, 65535, 0, 10, 11, 27, 28, 300};
    uint8_t p[128];
    uint16_t got[32];
    struct wr w = wr_init(p, sizeof(p));
    struct rtcp part;

    (void)state;
    rtcp_nack_write(&w, 1, 2, lost, NELEM(lost));
    part = first_part(p, wr_len(&w));
    assert_int_equal(part.n, 4 * 4); /* 65530 takes up to 10; 11 up to 27; 28; 300 */
    assert_int_equal(part.media_ssrc, 2);
    assert_int_equal(rtcp_nack_parse(&part, got, NELEM(got)), NELEM(lost));
    assert_memory_equal(got, lost, sizeof(lost));
    assert_int_equal(rtcp_nack_parse(&part, got, 3), 3);
}

static void test_key_frame_requests(void **state)
{
    uint8_t p[128], command;
    struct wr w = wr_init(p, sizeof(p));
    struct rtcp part;
    uint32_t ssrc;

    (void)state;
    rtcp_pli_write(&w, 1, 2);
    part = first_part(p, wr_len(&w));
    assert_true(rtcp_is_pli(&part));
    assert_int_equal(part.media_ssrc, 2);
    w = wr_init(p, sizeof(p));
    rtcp_fir_write(&w, 1, 2, 77);
    part = first_part(p, wr_len(&w));
    assert_false(rtcp_is_pli(&part));
    assert_true(rtcp_fir_parse(&part, 0, &ssrc, &command));
    assert_int_equal(ssrc, 2);
    assert_int_equal(command, 77);
    assert_false(rtcp_fir_parse(&part, 1, &ssrc, &command));
}

static void test_remb(void **state)
{
    static const int64_t rates[] = {0, 1, 64000, 262143, 262144, 1500000, 100000000};
    uint8_t p[128];
    uint32_t source = 9;
    int64_t got;

    (void)state;
    for (size_t i = 0; i < NELEM(rates); i++) {
        struct wr w = wr_init(p, sizeof(p));
        struct rtcp part;

        rtcp_remb_write(&w, 1, &source, 1, rates[i]);
        part = first_part(p, wr_len(&w));
        assert_int_equal(rtcp_remb_parse(&part, &got), 0);
        assert_true(got <= rates[i] && rates[i] - got <= rates[i] >> 17);
    }
    memset(p + 17, 0xFF, 3); /* exponent 63 */
    struct rtcp part = first_part(p, 24);
    assert_int_equal(rtcp_remb_parse(&part, &got), 0);
    assert_true(got == INT64_MAX);
    p[12] = 'X';
    assert_int_equal(rtcp_remb_parse(&part, &got), ERR_UNSUPPORTED);
}

/* ---- transport-wide feedback ---- */

static void twcc_round_trip(const usec *at, uint16_t count, unsigned want)
{
    static uint8_t p[8192];
    static usec got[RTCP_MAX_TWCC];
    struct wr w = wr_init(p, sizeof(p));
    struct rtcp_twcc head = {.base_seq = 65000, .count = count, .fb_count = 3}, back;
    struct rtcp part;
    usec zero = 0;

    assert_int_equal(rtcp_twcc_write(&w, 1, 2, &head, at), want);
    assert_false(w.err);
    if (want == 0) {
        assert_int_equal(wr_len(&w), 0);
        return;
    }
    part = first_part(p, wr_len(&w));
    assert_int_equal(rtcp_twcc_parse(&part, &back, got), 0);
    assert_int_equal(back.base_seq, 65000);
    assert_int_equal(back.count, want);
    assert_int_equal(back.fb_count, 3);
    for (unsigned i = 0; i < want; i++) {
        if (at[i] == RTCP_LOST) {
            assert_true(got[i] == RTCP_LOST);
            continue;
        }
        if (zero == 0)
            zero = at[i] / 250 * 250 - got[i]; /* their epoch wraps every 12 days */
        assert_true(got[i] + zero == at[i] / 250 * 250);
    }
}

static void test_twcc_shapes(void **state)
{
    static usec at[RTCP_MAX_TWCC];
    uint32_t random = 12345;

    (void)state;
    for (unsigned i = 0; i < NELEM(at); i++)
        at[i] = 7777777 + i * 1000;
    for (uint16_t n = 1; n <= 40; n++)
        twcc_round_trip(at, n, n); /* runs */
    twcc_round_trip(at, RTCP_MAX_TWCC, RTCP_MAX_TWCC);
    for (unsigned round = 0; round < 300; round++) {
        usec t = USEC_S * 1000 + round;

        for (unsigned i = 0; i < NELEM(at); i++) {
            random = random * 1664525 + 1013904223;
            /* losses, small and large steps, and steps back in the share that the round sets */
            t += (random >> 8) % (round % 3 ? 30000 : 200000);
            at[i] = (random >> 28) < round % 16 ? RTCP_LOST : t - (random >> 24 == 7 ? 60000 : 0);
        }
        for (unsigned i = round % 50; i < 200 && round % 5 == 0; i++)
            at[i] = RTCP_LOST; /* a long gap at the end */
        at[0] = USEC_S * 1000;
        twcc_round_trip(at, (uint16_t)(1 + round % 200), 1 + round % 200);
    }
}

static void test_twcc_limits(void **state)
{
    usec at[3] = {RTCP_LOST, RTCP_LOST, RTCP_LOST};

    (void)state;
    twcc_round_trip(at, 3, 0);
    at[1] = 64000 * 5;
    twcc_round_trip(at, 3, 3);
    at[2] = at[1] + 9 * USEC_S; /* does not fit 16 bits of 250 µs */
    twcc_round_trip(at, 3, 2);
}

static void test_twcc_refusals(void **state)
{
    static const struct {
        const char *text;
        int err;
    } rows[] = {
        {"8fcd0005 00000001 00000002 0001 0001 000001 00 2001 0400", 0},
        {"8fcd0005 00000001 00000002 0001 0000 000001 00 2001 0400", ERR_SYNTAX}, /* no packet */
        {"8fcd0004 00000001 00000002 0001 0001 000001 00", ERR_SYNTAX},           /* no chunk */
        {"8fcd0005 00000001 00000002 0001 0001 000001 00 2000 0400",
         ERR_SYNTAX}, /* run of nought */
        {"8fcd0005 00000001 00000002 0001 0001 000001 00 6001 0400", ERR_SYNTAX}, /* symbol 3 */
        {"8fcd0005 00000001 00000002 0001 0003 000001 00 2003 0400",
         ERR_SYNTAX}, /* a delta short */
        {"8fcd0005 00000001 00000002 0001 ffff 000001 00 3fff 0400", ERR_TOO_BIG},
        {"81cd0005 00000001 00000002 0001 0001 000001 00 2001 0400", ERR_UNSUPPORTED},
    };
    uint8_t p[64];
    usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        size_t n = unhex(p, sizeof(p), rows[i].text);
        struct rtcp part;

        p[3] = (uint8_t)(n / 4 - 1);
        part = first_part(p, n);
        assert_int_equal(rtcp_twcc_parse(&part, &head, at), rows[i].err);
    }
    assert_int_equal(head.base_seq, 1);
}

static void test_time(void **state)
{
    struct rtcp_report r = {0};
    usec wall = 1606204800 * USEC_S + 123456;
    uint64_t ntp = rtcp_ntp(wall);

    (void)state;
    assert_true(ntp >> 32 == 1606204800ull + 2208988800ull);
    assert_true(rtcp_ntp_wall(ntp) == wall);
    assert_int_equal(rtcp_rtt(&r, ntp), -1);
    r.lsr = (uint32_t)(rtcp_ntp(wall - 150 * USEC_MS) >> 16);
    r.dlsr = 65536 / 20; /* 50 ms */
    assert_in_range(rtcp_rtt(&r, ntp), 99900, 100100);
    r.dlsr = 65536; /* says it waited longer than the round trip lasted */
    assert_int_equal(rtcp_rtt(&r, ntp), -1);
}

int rtcp_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compound),
        cmocka_unit_test(test_cname_lengths),
        cmocka_unit_test(test_two_sources),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_padded_feedback),
        cmocka_unit_test(test_nack),
        cmocka_unit_test(test_key_frame_requests),
        cmocka_unit_test(test_remb),
        cmocka_unit_test(test_twcc_shapes),
        cmocka_unit_test(test_twcc_limits),
        cmocka_unit_test(test_twcc_refusals),
        cmocka_unit_test(test_time),
    };

    return cmocka_run_group_tests_name("rtcp", tests, NULL, NULL);
}
