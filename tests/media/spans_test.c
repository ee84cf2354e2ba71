#include "media/spans.h"

#include "suites.h"

#include <string.h>

/* Two sources one after the other, the second across the wrap of the slot's 16 bits. */
static void test_both_ways(void **state)
{
    struct span at[SPANS_MAX];
    struct spans s = {.at = at};
    struct span a = {.track = 1, .src_first = 100, .out_first = 65500},
                b = {.track = 2, .src_first = 7, .out_first = 65520};
    uint32_t src = 0;

    (void)state;
    assert_null(spans_last(&s));
    assert_null(spans_by_out(&s, 0, &src));
    spans_open(&s, &a);
    assert_null(spans_by_src(&s, 1, 100)); /* empty */
    spans_last(&s)->src_end = 120;
    spans_open(&s, &b);
    spans_last(&s)->src_end = 107;
    assert_int_equal(spans_by_src(&s, 1, 119)->out_first, 65500);
    assert_null(spans_by_src(&s, 1, 120));
    assert_null(spans_by_src(&s, 1, 99));
    assert_null(spans_by_src(&s, 2, 119));
    assert_int_equal(spans_by_out(&s, 65519, &src)->track, 1);
    assert_int_equal(src, 119);
    assert_int_equal(spans_by_out(&s, 65520, &src)->track, 2);
    assert_int_equal(src, 7);
    assert_int_equal(spans_by_out(&s, (uint16_t)(65520 + 99), &src)->track, 2);
    assert_int_equal(src, 106);
    assert_null(spans_by_out(&s, (uint16_t)(65520 + 100), &src));
    assert_null(spans_by_out(&s, 65499, &src));
}

static void test_forgets_the_oldest(void **state)
{
    struct span at[SPANS_MAX];
    struct spans s = {.at = at};

    (void)state;
    for (uint32_t i = 0; i < SPANS_MAX + 5; i++) {
        struct span p = {.track = 1 + i, .src_first = 10, .out_first = 100 * i};

        spans_open(&s, &p);
        spans_last(&s)->src_end = 20;
    }
    assert_null(spans_by_src(&s, 5, 15));
    assert_non_null(spans_by_src(&s, 6, 15));
    assert_int_equal(spans_by_src(&s, SPANS_MAX + 5, 15)->out_first, 100 * (SPANS_MAX + 4));
}

int spans_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_forgets_the_oldest),
    };

    return cmocka_run_group_tests_name("spans", tests, NULL, NULL);
}
