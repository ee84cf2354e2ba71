#include "suite.h"

#include "domain/day.h"

static void numbers(void **state)
{
    (void)state;
    assert_int_equal(day_number((struct day){1970, 1, 1}), 0);
    assert_int_equal(day_number((struct day){2020, 11, 24}), 18590);
    assert_int_equal(day_number((struct day){1969, 12, 31}), -1);
    for (int64_t n = -800000; n < 800000; n += 37)
        assert_int_equal(day_number(day_of_number(n)), n);
}

static void parse(void **state)
{
    static const char *const bad[] = {"2020-11-24", "2020-11-24T10:00:00", "2020-11-24T24:00:00Z",
                                      "2020-11-24T10:00:00+5:00", "2020-11-24T10:00:00Zx", ""};
    struct day d;
    usec t = 0;

    (void)state;
    assert_int_equal(day_parse(S("2020-02-29"), &d), 0);
    assert_int_equal(day_parse(S("2021-02-29"), &d), ERR_SYNTAX);
    assert_int_equal(day_parse(S("2020-00-10"), &d), ERR_SYNTAX);
    assert_int_equal(day_parse_time(S("2020-11-24T10:00:00+05:00"), &t), 0);
    assert_int_equal(t, (usec)1606194000 * USEC_S);
    assert_int_equal(day_parse_time(S("2020-11-24T05:00:00Z"), &t), 0);
    assert_int_equal(t, (usec)1606194000 * USEC_S);
    for (size_t i = 0; i < NELEM(bad); i++)
        assert_int_equal(day_parse_time(str_c(bad[i]), &t), ERR_SYNTAX);
}

static void zone(void **state)
{
    usec t = (usec)1606194000 * USEC_S + 15 * 3600 * USEC_S; /* 20:00 UTC on 24 November 2020 */

    (void)state;
    assert_int_equal(day_in_zone(t, S("UTC")).day, 24);
    assert_int_equal(day_in_zone(t, S("Asia/Ashgabat")).day, 25);
    assert_int_equal(day_in_zone(t, (str){NULL, 0}).day, 24);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(parse),
                                          cmocka_unit_test(zone)};
SUITE(day);
