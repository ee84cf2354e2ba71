#include "suite.h"

#include "base/limits.h"
#include "domain/markdown.h"

static void html(void **state)
{
    static const char *const rows[][2] = {
        {"Hello *you* and **all**", "<p>Hello <em>you</em> and <strong>all</strong></p>\n"},
        {"# One\n\n## Two\n\n### Three", "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>\n"},
        {"- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>\n"},
        {"3. c", "<ol start=\"3\"><li>c</li>\n</ol>\n"},
        {"a\n***\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"},
        {"`a<b`", "<p><code>a&lt;b</code></p>\n"},
        {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
        {"<img src=x onerror=y>", "<p>&lt;img src=x onerror=y&gt;</p>\n"},
        {"[a](https://x.example/?a=1&b=\"2\")",
         "<p><a href=\"https://x.example/?a=1&amp;b=&quot;2&quot;\" rel=\"noopener "
         "noreferrer\">a</a></p>\n"},
        {"[a](/ru/s/x)", "<p><a href=\"/ru/s/x\">a</a></p>\n"},
        {"[a](#b)", "<p><a href=\"#b\">a</a></p>\n"},
        {"[a](tel:+99312000000)",
         "<p><a href=\"tel:+99312000000\" rel=\"noopener noreferrer\">a</a></p>\n"},
        {"[a](javascript:alert)", "<p>a</p>\n"},
        {"[a](JaVaScRiPt:alert)", "<p>a</p>\n"},
        {"[a](java&#115;cript:alert)", "<p>a</p>\n"},
        {"[a](data:text/html,x)", "<p>a</p>\n"},
        {"[a](//evil.example)", "<p>a</p>\n"},
        {"[a](/\\evil.example)", "<p>a</p>\n"},
        {"[a](evil)", "<p>a</p>\n"},
        {"[a](<java\tscript:x>)", "<p>a</p>\n"},
        {"![alt](https://x.example/p.png)", "<p>alt</p>\n"},
        {"<javascript:x>", "<p>javascript:x</p>\n"},
        {"a &amp; b &bogus; &#x41;", "<p>a &amp; b &bogus; &#x41;</p>\n"},
        {"", ""},
    };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        str got = {NULL, 0};

        assert_int_equal(markdown_html(a, str_c(rows[i][0]), &got), 0);
        if (!str_eq(got, str_c(rows[i][1])))
            print_error("row %zu: %.*s\n", i, STR(got));
        assert_str(got, rows[i][1]);
    }
    arena_free(a);
}

static void table(void **state)
{
    struct arena *a = arena_new();
    str got = {NULL, 0};

    (void)state;
    assert_int_equal(markdown_html(a, S("|a|b|\n|---|---|\n|1|2|\n"), &got), 0);
    assert_true(str_starts(got, S("<table><thead><tr><th>a</th>")));
    assert_int_equal(markdown_html(a, S("bad \xff"), &got), ERR_ENCODING);
    assert_int_equal(
        markdown_html(a, (str){arena_alloc(a, MAX_TEXT_BYTES + 1), MAX_TEXT_BYTES + 1}, &got),
        ERR_TOO_BIG);
    arena_free(a);
}

static void lead(void **state)
{
    struct arena *a = arena_new();
    str got = {NULL, 0};

    (void)state;
    assert_int_equal(markdown_lead(a,
                                   S("# T\n\nOne *two* [three](https://x.example)\nfour.\n\nFive"),
                                   100, &got),
                     0);
    assert_str(got, "One two three four.");
    assert_int_equal(markdown_lead(a, S("Сегодня прошёл семинар"), 29, &got), 0);
    assert_str(got, "Сегодня…");
    assert_int_equal(markdown_lead(a, S("- only a list"), 30, &got), 0);
    assert_str(got, "");
    arena_free(a);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(html), cmocka_unit_test(table),
                                          cmocka_unit_test(lead)};
SUITE(markdown);
