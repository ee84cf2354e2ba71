#include "media/twcc.h"

#include "base/rd.h"
#include "base/wr.h"
#include "media/rtcp.h"
#include "suites.h"

/* One part, read back. Returns how many it tells about. */
static unsigned told(struct twcc *t, usec now, struct rtcp_twcc *head, usec *at)
{
    uint8_t buf[1200];
    struct wr w = wr_init(buf, sizeof(buf));
    struct rtcp part;
    struct rd r;

    if (!twcc_write(t, &w, 1, 2, now))
        return 0;
    assert_false(w.err);
    assert_int_equal(rtcp_check(buf, wr_len(&w)), 0);
    r = rd_init(buf, wr_len(&w));
    assert_true(rtcp_next(&r, &part));
    assert_int_equal(rtcp_twcc_parse(&part, head, at), 0);
    return head->count;
}

static void test_tells_each_packet_once(void **state)
{
    static usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;
    struct twcc t;

    (void)state;
    twcc_init(&t);
    assert_true(t.due == INT64_MAX);
    twcc_add(&t, 65534, USEC_S);
    twcc_add(&t, 1, USEC_S + 4000); /* 65535 and 0 have not come */
    assert_int_equal(told(&t, USEC_S, &head, at), 0);
    assert_int_equal(told(&t, USEC_S + 50 * USEC_MS, &head, at), 4);
    assert_int_equal(head.base_seq, 65534);
    assert_int_equal(head.fb_count, 0);
    assert_true(at[1] == RTCP_LOST && at[2] == RTCP_LOST);
    assert_true(at[3] - at[0] == 4000);
    assert_int_equal(told(&t, USEC_S + 50 * USEC_MS, &head, at), 0);
    twcc_add(&t, 2, USEC_S + 70 * USEC_MS);
    assert_int_equal(told(&t, USEC_S + 120 * USEC_MS, &head, at), 1);
    assert_int_equal(head.base_seq, 2);
    assert_int_equal(head.fb_count, 1);
}

/* Late is not lost, but it has been called so: it is told about again, with all behind it. */
static void test_a_late_one_is_told_again(void **state)
{
    static usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;
    struct twcc t;

    (void)state;
    twcc_init(&t);
    twcc_add(&t, 10, USEC_S);
    twcc_add(&t, 13, USEC_S + 4000);
    assert_int_equal(told(&t, USEC_S + 50 * USEC_MS, &head, at), 4);
    twcc_add(&t, 11, USEC_S + 60 * USEC_MS);
    assert_int_equal(told(&t, USEC_S + 110 * USEC_MS, &head, at), 3);
    assert_int_equal(head.base_seq, 11);
    assert_true(at[0] - at[2] == 56000 && at[1] == RTCP_LOST);
    twcc_add(&t, 11, USEC_S + 120 * USEC_MS); /* doubled by the network */
    assert_true(t.due == INT64_MAX);
}

static void test_a_leap_is_bounded(void **state)
{
    static usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;
    struct twcc t;
    unsigned parts = 0;

    (void)state;
    twcc_init(&t);
    twcc_add(&t, 5, USEC_S);
    twcc_add(&t, 20005, USEC_S);
    while (told(&t, 2 * USEC_S, &head, at) && parts < 100)
        parts++;
    assert_in_range(parts, 1, 8);
    assert_int_equal((uint16_t)(head.base_seq + head.count), 20006);
    assert_true(t.due == INT64_MAX);
}

/* Whatever number comes next, it costs no more than a window: 200,000 leaps as wide as can be took
 * seven thousand million steps. What came before a leap is not told as what comes after it. */
static void test_a_leap_forgets(void **state)
{
    static usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;
    struct twcc t;
    uint16_t seq = 7;

    (void)state;
    twcc_init(&t);
    for (unsigned i = 0; i < 200000; i++, seq = (uint16_t)(seq + 32767))
        twcc_add(&t, seq, USEC_S + i);
    seq = (uint16_t)(seq - 32767);
    while (told(&t, 2 * USEC_S, &head, at))
        for (unsigned i = 0; i + 1 < head.count; i++)
            assert_true(at[i] == RTCP_LOST);
    assert_int_equal((uint16_t)(head.base_seq + head.count - 1), seq);
    assert_int_not_equal(at[head.count - 1], RTCP_LOST);
}

int twcc_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tells_each_packet_once),
        cmocka_unit_test(test_a_late_one_is_told_again),
        cmocka_unit_test(test_a_leap_is_bounded),
        cmocka_unit_test(test_a_leap_forgets),
    };

    return cmocka_run_group_tests_name("twcc", tests, NULL, NULL);
}
