#include "suite.h"

#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"

typedef void escape_fn(struct sb *b, str s);

static void escapes(escape_fn *fn, str s, const char *want)
{
    struct sb b = sb_init(NULL, 0);

    fn(&b, s);
    assert_string_equal(b.p, want);
    sb_done(&b);
}

static void test_escapes(void **state)
{
    (void)state;
    escapes(sb_html, S("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
    escapes(sb_html, S("просто"), "просто");
    escapes(sb_json, S("a\"\\\n\r\t\x01</script>"), "\"a\\\"\\\\\\n\\r\\t\\u0001\\u003c/script>\"");
    escapes(sb_json, S(""), "\"\"");
    escapes(sb_url, S("a/b c?ю~-._"), "a%2Fb%20c%3F%D1%8E~-._");
}

static void test_grows(struct arena *a)
{
    struct sb b = sb_init(a, 0);

    for (int i = 0; i < 1000; i++)
        sb_printf(&b, "%d,", i);
    sb_c(&b, "end");
    sb_char(&b, '.');
    assert_false(b.err);
    assert_true(str_ends(sb_str(&b), S("998,999,end.")));
    assert_true(str_starts(sb_str(&b), S("0,1,2,")));
    assert_int_equal(b.p[b.n], 0);
    sb_done(&b);
}

static void test_growth(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    test_grows(NULL);
    test_grows(a);
    arena_free(a);
}

static void test_limit(void **state)
{
    struct sb b = sb_init(NULL, 8);

    (void)state;
    sb_c(&b, "1234567"); /* and the NUL */
    assert_false(b.err);
    sb_char(&b, '8');
    assert_true(b.err);
    assert_null(sb_str(&b).p);
    sb_char(&b, '9');
    assert_int_equal(b.n, 7);
    sb_reset(&b);
    assert_false(b.err);
    sb_printf(&b, "%s", "123456789");
    assert_true(b.err);
    sb_done(&b);
}

static void test_nothing(void **state)
{
    struct sb b = sb_init(NULL, 0);

    (void)state;
    assert_int_equal(sb_str(&b).n, 0);
    assert_non_null(sb_str(&b).p); /* empty, not unset */
    sb_add(&b, (str){NULL, 0});
    sb_html(&b, (str){NULL, 0});
    assert_int_equal(b.n, 0);
    sb_done(&b);
    sb_done(&b);
}

int sb_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests_name("sb", tests, NULL, NULL);
}
