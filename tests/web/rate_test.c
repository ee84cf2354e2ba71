#include "suite.h"

#include "web/rate.h"

static void burst_then_refill(void **state)
{
    struct rate *r;
    usec now = 1000 * USEC_S;

    (void)state;
    assert_int_equal(rate_new(&r), 0);
    for (int i = 0; i < 5; i++)
        assert_true(rate_take(r, 42, 60, 5, now));
    assert_false(rate_take(r, 42, 60, 5, now));
    assert_true(rate_take(r, 43, 60, 5, now));
    now += USEC_S;
    assert_true(rate_take(r, 42, 60, 5, now));
    assert_false(rate_take(r, 42, 60, 5, now));
    now += 3600 * USEC_S;
    for (int i = 0; i < 5; i++)
        assert_true(rate_take(r, 42, 60, 5, now));
    assert_false(rate_take(r, 42, 60, 5, now));
    rate_free(r);
}

static void slow_drops_count_up(void **state)
{
    struct rate *r;
    usec now = USEC_S;
    int taken = 0;

    (void)state;
    assert_int_equal(rate_new(&r), 0);
    for (int i = 0; i < 600; i++, now += 100 * USEC_MS)
        taken += rate_take(r, 7, 60, 1, now);
    assert_in_range(taken, 59, 61);
    rate_free(r);
}

int rate_suite(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(burst_then_refill),
                                       cmocka_unit_test(slow_drops_count_up)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
