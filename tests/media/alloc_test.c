#include "media/alloc.h"

#include "suites.h"

/* A stage of three steps, and two small pictures of one; in kbit/s. */
static void asks_init(struct alloc_ask *asks, unsigned stage_had, unsigned small_had)
{
    asks[0] = (struct alloc_ask){.cost = {150, 400, 1200}, .n = 3, .had = stage_had};
    asks[1] = (struct alloc_ask){.cost = {100}, .n = 1, .had = small_had};
    asks[2] = asks[1];
}

static void test_importance(void **state)
{
    static const struct {
        int64_t rate;
        unsigned stage, first, second;
    } rows[] = {
        {100, 0, 0, 0}, /* the stage does not fit; the small one does, but barely */
        {120, 0, 1, 0}, /* 115 are wanted before it is begun */
        {180, 1, 0, 0}, /* the stage goes first */
        {500, 2, 0, 0}, /* in its best step, not in a lower one for others' sake */
        {600, 2, 1, 0}, {1500, 3, 1, 1},
    };
    struct alloc_ask asks[3];

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        asks_init(asks, 0, 0);
        assert_int_equal(alloc_divide(asks, 3, rows[i].rate, true), 1400);
        assert_int_equal(asks[0].gets, rows[i].stage);
        assert_int_equal(asks[1].gets, rows[i].first);
        assert_int_equal(asks[2].gets, rows[i].second);
    }
}

/* Between 380 and 460 the middle step is kept, and not begun. */
static void test_a_swinging_rate_switches_nothing(void **state)
{
    struct alloc_ask asks[3];

    (void)state;
    for (int64_t rate = 381; rate < 460; rate += 10) {
        asks_init(asks, 2, 0);
        alloc_divide(asks, 1, rate, true);
        assert_int_equal(asks[0].gets, 2);
        asks_init(asks, 1, 0);
        alloc_divide(asks, 1, rate, true);
        assert_int_equal(asks[0].gets, 1);
    }
}

static void test_no_rise(void **state)
{
    struct alloc_ask asks[3];

    (void)state;
    asks_init(asks, 1, 0);
    alloc_divide(asks, 3, 5000, false);
    assert_int_equal(asks[0].gets, 1);
    assert_int_equal(asks[1].gets, 0);
    asks_init(asks, 3, 1);
    alloc_divide(asks, 3, 450, false); /* falls are not held back */
    assert_int_equal(asks[0].gets, 2);
    assert_int_equal(asks[1].gets, 0);
}

static void test_nothing_left(void **state)
{
    struct alloc_ask asks[3];

    (void)state;
    asks_init(asks, 3, 1);
    asks[1].n = asks[1].had = 0;      /* hidden by the page */
    alloc_divide(asks, 3, -20, true); /* the voices take more than there is */
    assert_true(!asks[0].gets && !asks[1].gets && !asks[2].gets);
}

int alloc_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_importance),
        cmocka_unit_test(test_a_swinging_rate_switches_nothing),
        cmocka_unit_test(test_no_rise),
        cmocka_unit_test(test_nothing_left),
    };

    return cmocka_run_group_tests_name("alloc", tests, NULL, NULL);
}
