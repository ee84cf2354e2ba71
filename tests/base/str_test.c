#include "suite.h"

#include "base/err.h"
#include "base/str.h"

static void test_comparison(void **state)
{
    (void)state;
    assert_true(str_eq(S("a"), S("a")));
    assert_false(str_eq(S("a"), S("b")));
    assert_true(str_eq(S(""), (str){NULL, 0}));
    assert_true(str_ieq(S("Host"), S("hOST")));
    assert_false(str_ieq(S("\xd0"), S("\xf0"))); /* ASCII alone */
    assert_true(str_cmp(S("a"), S("ab")) < 0);
    assert_true(str_cmp(S("b"), S("ab")) > 0);
    assert_int_equal(str_cmp(S(""), (str){NULL, 0}), 0);
    assert_true(str_starts(S("abc"), S("ab")));
    assert_false(str_starts(S("a"), S("ab")));
    assert_true(str_ends(S("abc"), S("bc")));
    assert_false(str_ends(S("c"), S("bc")));
    assert_true(str_istarts(S("HTTP:"), S("http")));
    assert_null(str_c(NULL).p);
    assert_true(str_hash(S("a")) != str_hash(S("b")));
}

static void test_cutting(void **state)
{
    struct str_pair cut = str_cut(S("a=b=c"), '=');

    (void)state;
    assert_true(cut.ok && str_eq(cut.head, S("a")) && str_eq(cut.tail, S("b=c")));
    cut = str_rcut(S("a=b=c"), '=');
    assert_true(cut.ok && str_eq(cut.head, S("a=b")) && str_eq(cut.tail, S("c")));
    cut = str_cut(S("abc"), '=');
    assert_true(!cut.ok && str_eq(cut.head, S("abc")) && cut.tail.n == 0);
    cut = str_rcut(S("="), '=');
    assert_true(cut.ok && cut.head.n == 0 && cut.tail.n == 0);
    assert_true(str_eq(str_trim(S(" \t\r\na b\n ")), S("a b")));
    assert_int_equal(str_trim(S("  ")).n, 0);
    assert_int_equal(str_from(S("abc"), 9).n, 0);
    assert_int_equal(str_take(S("abc"), 9).n, 3);
    assert_int_equal(str_take_whole(S("a\xd1\x8fz"), 2).n, 1);
    assert_int_equal(str_take_whole(S("a\xd1\x8fz"), 3).n, 3);
    assert_int_equal(str_take_whole(S("a\xd1\x8fz"), 9).n, 4);
    assert_int_equal(str_take_whole(S("\xd1\x8f"), 1).n, 0);
    assert_int_equal(str_find(S("abcabd"), S("abd")), 3);
    assert_int_equal(str_find(S("abc"), S("")), 0);
    assert_int_equal(str_find(S("abc"), S("x")), -1);
    assert_int_equal(str_chr(S(""), 'x'), -1);
}

static void test_lines(void **state)
{
    str rest = S("one\r\ntwo\n\nlast"), line;
    static const char *const want[] = {"one", "two", "", "last"};

    (void)state;
    for (size_t i = 0; i < NELEM(want); i++) {
        assert_true(str_line(&rest, &line));
        assert_true(str_eq(line, str_c(want[i])));
    }
    assert_false(str_line(&rest, &line));
}

static void test_numbers(void **state)
{
    uint64_t u = 7;
    int64_t i = 7;

    (void)state;
    assert_int_equal(str_u64(S("18446744073709551615"), UINT64_MAX, &u), 0);
    assert_true(u == UINT64_MAX);
    assert_int_equal(str_u64(S("18446744073709551616"), UINT64_MAX, &u), ERR_RANGE);
    assert_int_equal(str_u64(S("101"), 100, &u), ERR_RANGE);
    assert_int_equal(str_u64(S(""), 100, &u), ERR_SYNTAX);
    assert_int_equal(str_u64(S("+1"), 100, &u), ERR_SYNTAX);
    assert_int_equal(str_u64(S("1 "), 100, &u), ERR_SYNTAX);
    assert_true(u == UINT64_MAX);
    assert_int_equal(str_i64(S("-5"), -5, 5, &i), 0);
    assert_int_equal(i, -5);
    assert_int_equal(str_i64(S("-6"), -5, 5, &i), ERR_RANGE);
    assert_int_equal(str_i64(S("-"), -5, 5, &i), ERR_SYNTAX);
    assert_int_equal(str_i64(S("--1"), -5, 5, &i), ERR_SYNTAX);
    assert_int_equal(str_i64(S("9223372036854775807"), INT64_MIN, INT64_MAX, &i), 0);
    assert_true(i == INT64_MAX);
    assert_int_equal(str_i64(S("9223372036854775808"), INT64_MIN, INT64_MAX, &i), ERR_RANGE);
}

/* RFC 3629 section 4: the borders of every row of its grammar. */
static void test_utf8(void **state)
{
    static const str good[] = {S(""),
                               S("a\x7f"),
                               S("\xc2\x80"),
                               S("\xdf\xbf"),
                               S("\xe0\xa0\x80"),
                               S("\xed\x9f\xbf"),
                               S("\xee\x80\x80"),
                               S("\xef\xbf\xbf"),
                               S("\xf0\x90\x80\x80"),
                               S("\xf4\x8f\xbf\xbf")};
    static const str bad[] = {S("\0"),
                              S("\x80"),
                              S("\xc1\xbf"),
                              S("\xc2"),
                              S("\xe0\x9f\xbf"),
                              S("\xed\xa0\x80"),
                              S("\xef\xbf"),
                              S("\xf0\x8f\xbf\xbf"),
                              S("\xf4\x90\x80\x80"),
                              S("\xf5\x80\x80\x80"),
                              S("\xff"),
                              S("\xe2\x82\x28")};

    (void)state;
    for (size_t i = 0; i < NELEM(good); i++)
        assert_true(str_is_utf8(good[i]));
    for (size_t i = 0; i < NELEM(bad); i++)
        assert_false(str_is_utf8(bad[i]));
}

static void test_copy(void **state)
{
    char to[4] = "xyz";

    (void)state;
    assert_int_equal(str_copy(to, sizeof(to), S("abc")), 0);
    assert_string_equal(to, "abc");
    assert_int_equal(str_copy(to, sizeof(to), S("abcd")), ERR_TOO_BIG);
    assert_string_equal(to, "");
    assert_int_equal(str_copy(to, 0, S("")), ERR_TOO_BIG);
    assert_int_equal(str_copy(to, 1, (str){NULL, 0}), 0);
}

int str_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparison), cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_lines),      cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_utf8),       cmocka_unit_test(test_copy),
    };

    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
