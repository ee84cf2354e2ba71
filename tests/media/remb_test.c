#include "media/remb.h"

#include "suites.h"

#include <string.h>

/* A second of 50 packets, together so many bits, each with this delay. */
static int64_t second(struct remb *r, int64_t bps, usec delay, unsigned lost_q8, usec *now)
{
    for (int i = 0; i < 50; i++) {
        *now += 20 * USEC_MS;
        remb_add(r, (size_t)(bps / 8 / 50), delay, *now);
    }
    return remb_tell(r, lost_q8, *now);
}

static void test_rises_while_it_is_used(void **state)
{
    struct remb r = {0};
    usec now = USEC_S;
    int64_t bps = 0;

    (void)state;
    assert_int_equal(remb_tell(&r, 0, now), 0);
    for (int i = 0; i < 20; i++)
        bps = second(&r, bps ? bps : 300000, 0, 0, &now);
    assert_in_range(bps, 1500000, 3000000);
}

/* 200 kbit/s all the time do not prove that the line carries more than twice of it. */
static void test_what_is_not_used_proves_nothing(void **state)
{
    struct remb r = {0};
    usec now = USEC_S;
    int64_t bps = 0;

    (void)state;
    for (int i = 0; i < 60; i++)
        bps = second(&r, 300000, 0, 0, &now);
    assert_in_range(bps, 500000, 620000);
}

static void test_falls_with_loss(void **state)
{
    struct remb r = {0};
    usec now = USEC_S;

    (void)state;
    second(&r, 500000, 0, 0, &now);
    assert_in_range(second(&r, 400000, 0, 50, &now), 330000, 345000);
    assert_in_range(second(&r, 340000, 0, 10, &now), 330000, 345000); /* 4 %: stays */
    for (int i = 0; i < 60; i++)
        second(&r, r.bps, 0, 200, &now);
    assert_int_equal(r.bps, 64000);
}

static void test_falls_when_a_queue_grows(void **state)
{
    struct remb r = {0};
    usec now = USEC_S;
    int64_t before;

    (void)state;
    for (int i = 0; i < 5; i++)
        second(&r, 500000, 40 * USEC_MS, 0, &now);
    before = r.bps;
    for (int i = 0; i < 3; i++)
        second(&r, 400000, 400 * USEC_MS, 0, &now);
    assert_true(r.bps < before * 80 / 100);
    /* a path that has become longer for good is taken as it is after a while */
    for (int i = 0; i < 60; i++)
        second(&r, r.bps, 400 * USEC_MS, 0, &now);
    assert_true(r.bps > 64000);
}

int remb_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rises_while_it_is_used),
        cmocka_unit_test(test_what_is_not_used_proves_nothing),
        cmocka_unit_test(test_falls_with_loss),
        cmocka_unit_test(test_falls_when_a_queue_grows),
    };

    return cmocka_run_group_tests_name("remb", tests, NULL, NULL);
}
