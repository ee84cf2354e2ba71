/*
 * The templates, texts and assets of tests/tools/good, compiled by the tools and run with the
 * runtime of the site.
 */
#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"
#include "gen/template.h"
#include "web/asset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const usec morning = (usec)1606194000 * USEC_S; /* 2020-11-24 05:00 UTC */
static const char *asset_folder;

/* One page with everything on it. */
static str render(struct sb *out, const char *lang, bool can_join)
{
    const struct tpl_show_agenda_talks talks[] = {{S("A<b>")}, {S("B")}};
    const struct tpl_show_agenda agenda[] = {
        {S("One"), 1, talks, 2}, {S("Two"), 22, NULL, 0}, {S("Many"), 1500000, NULL, 0}};
    const struct tpl_person people[] = {{S("P'"), S("javascript:alert(1)")},
                                        {S("Q"), S("https://example.org/?a&b")}};
    struct texts t;
    const struct tpl_show v = {
        .desk = {.page = {.title = S("<T>"), .script = S("/a/x.js")}, .waiting = 12345},
        .title = S("Ti&tle"),
        .note = S("a\nb<"),
        .state = TEXT_SITE_NAME,
        .body = {S("<em>x</em>")},
        .can_join = can_join,
        .views = 1234567,
        .starts_at = morning,
        .chair = {.name = S("Chair")},
        .agenda = agenda,
        .nagenda = NELEM(agenda),
        .people = people,
        .npeople = NELEM(people),
        .notice = {S("k\""), TEXT_SITE_DRAFT, TEXT_NONE, 3},
        .draft = {S("k"), TEXT_SITE_DRAFT, TEXT_SITE_NAME, 4},
        .slug = S("a/b c"),
        .q = S("ю&"),
        .country = S("TM"),
    };

    texts_init(&t, str_c(lang), S("Asia/Ashgabat"));
    *out = sb_init(NULL, 0);
    tpl_show(out, &t, &v);
    return sb_str(out);
}

static void assert_has(str page, const char *part)
{
    if (str_find(page, str_c(part)) < 0)
        fail_msg("the page lacks: %s\n%.*s", part, STR(page));
}

static void assert_has_not(str page, const char *part)
{
    if (str_find(page, str_c(part)) >= 0)
        fail_msg("the page holds: %s\n%.*s", part, STR(page));
}

static void test_page_in_english(void **state)
{
    struct sb out;
    str page = render(&out, "en", true);

    (void)state;
    assert_has(page, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">");
    assert_has(page, "<title>&lt;T&gt; · Kengesh</title>");
    assert_has(page, "<nav>12,345</nav>");
    assert_has(page, "<p class=\"on\" hidden data-n=\"1234567\">a\nb&lt;</p>");
    assert_has(
        page,
        "<em>x</em> Kengesh 1,234,567 24 November 2020 / 10:00 / "
        "<time datetime=\"2020-11-24T05:00:00Z\">24 November 2020 at 10:00 (Ashgabat)</time>");
    assert_has(page, "<a href=\"/s/a%2Fb%20c?q=%D1%8E%26#x\">Turkmenistan</a>");
    assert_has(page, "<h2 id=\"a1\">1. One One: 1 seat {on} 24 November 2020</h2>");
    assert_has(page, "Two: 22 seats {on}");
    assert_has(page, "A&lt;b&gt;, B");
    assert_has(page, "<i>-</i>");
    assert_has(page, "<li><a href=\"#\" title=\"P&#39;\">P&#39;</a></li>");
    assert_has(page, "<a href=\"https://example.org/?a&amp;b\"");
    assert_has(page, "<p class=\"notice k&quot;\">");
    assert_has(page, "<p class=\"notice info\">");
    assert_has(page, "Chair Kengesh");
    assert_has(page, "<p>a<br>b&lt;</p>\n</main>");
    assert_has_not(page, "{#");
    sb_done(&out);
    page = render(&out, "en", false);
    assert_has(page, "<p class=\"off\" data-n=\"1234567\">");
    sb_done(&out);
}

static void test_page_in_russian(void **state)
{
    struct sb out;
    str page = render(&out, "ru-RU", true);

    (void)state;
    assert_has(page, "<html lang=\"ru\" dir=\"ltr\">");
    assert_has(page, "One: 1 место 24 ноября 2020");
    assert_has(page, "Two: 22 места");
    assert_has(page, "Many: 1\u00a0500\u00a0000 мест");
    assert_has(page, "(Ашхабад)</time>");
    assert_has(page, ">Туркменистан</a>");
    sb_done(&out);
}

/* What Dari lacks stands there in English and says so; digits and direction are its own. */
static void test_page_right_to_left(void **state)
{
    struct sb out;
    str page = render(&out, "fa-AF", true);

    (void)state;
    assert_has(page, "<html lang=\"fa-AF\" dir=\"rtl\">");
    assert_has(page, "<span lang=\"en\" dir=\"ltr\">This translation is a draft.");
    assert_has(page, "<nav>۱۲٬۳۴۵</nav>");
    assert_has(page, "data-n=\"1234567\"");
    sb_done(&out);
}

static void test_language_is_found(void **state)
{
    (void)state;
    assert_true(str_eq(texts_by_lang(S("RU-ru"))->code, S("ru")));
    assert_true(str_eq(texts_by_lang(S("fa-AF"))->code, S("fa-AF")));
    assert_null(texts_by_lang(S("xx")));
    assert_null(texts_by_lang(S("")));
    assert_true(str_eq(texts_accept(S("de, tk;q=0.5, ru-RU;q=0.75, *;q=0.1"))->code, S("ru")));
    assert_true(str_eq(texts_accept(S("tk,ru"))->code, S("tk")));
    assert_true(str_eq(texts_accept(S("ru;q=0, en;q=nonsense"))->code, S("en")));
    assert_true(str_eq(texts_accept(S(""))->code, S("en")));
    assert_false(texts_lang(0)->is_draft);
    assert_true(str_eq(texts_lang(0)->reviewer, S("The tests")));
    assert_true(texts_lang(1)->is_draft);
    assert_null(texts_lang(4));
}

/* Last of all tests: what is known stays known. */
static void test_pseudo_language(void **state)
{
    const struct text_arg args[] = {{.name = "name", .s = S("A")},
                                    {.name = "n", .n = 1, .is_num = true},
                                    {.name = "when", .s = S("B")}};
    struct sb out = sb_init(NULL, 0);
    struct texts t;

    (void)state;
    texts_pseudo();
    assert_true(texts_lang(4)->is_pseudo);
    assert_null(texts_lang(5));
    texts_init(&t, S("xx"), S(""));
    assert_true(t.is_draft);
    text_add(&out, &t, TEXT_TEST_SEATS, args, NELEM(args));
    assert_true(str_eq(sb_str(&out), S("[A: 1 šéàť {öñ} B łöñĝř ẃöřđš]")));
    sb_done(&out);
}

static void test_keys(void **state)
{
    (void)state;
    for (int i = TEXT_NONE + 1; i < TEXT_COUNT; i++)
        assert_int_equal(text_by_key(str_c(text_key((enum text_id)i))), i);
    assert_int_equal(text_by_key(S("no.such")), TEXT_NONE);
    assert_int_equal(text_by_key(S("")), TEXT_NONE);
}

static void test_plain_text(void **state)
{
    const struct text_arg args[] = {{.name = "name", .s = S("<b>")},
                                    {.name = "n", .n = 5, .is_num = true},
                                    {.name = "when", .s = S("<i>"), .is_html = true}};
    struct sb out = sb_init(NULL, 0);
    struct texts t;

    (void)state;
    texts_init(&t, S("ru"), S(""));
    text_add(&out, &t, TEXT_TEST_SEATS, args, NELEM(args));
    assert_true(str_eq(sb_str(&out), S("<b>: 5 мест <i>")));
    sb_reset(&out);
    text_add_html(&out, &t, TEXT_TEST_SEATS, args, NELEM(args));
    assert_true(str_eq(sb_str(&out), S("&lt;b&gt;: 5 мест <i>")));
    sb_done(&out);
}

/* The point of "г." or "И. И." is the sentence's as well; three are left alone. */
static void test_one_point(void **state)
{
    const struct text_arg args[] = {{.name = "name", .s = S("Иванов И. И.")},
                                    {.name = "when", .s = S("24 ноября 2020 г.")}};
    const struct text_arg plain[] = {{.name = "name", .s = S("")}, {.name = "when", .s = S("А")}};
    struct sb out = sb_init(NULL, 0);
    struct texts t;

    (void)state;
    texts_init(&t, S("ru"), S(""));
    text_add(&out, &t, TEXT_TEST_ASKED, args, NELEM(args));
    assert_true(str_eq(sb_str(&out), S("Спросили 24 ноября 2020 г. "
                                       "Кто: Иванов И. И. Иванов И. И....")));
    sb_reset(&out);
    text_add_html(&out, &t, TEXT_TEST_ASKED, plain, NELEM(plain));
    assert_true(str_eq(sb_str(&out), S("Спросили А. Кто: . ...")));
    sb_done(&out);
}

static void test_zones(void **state)
{
    struct sb out = sb_init(NULL, 0);
    struct texts t;

    (void)state;
    assert_true(texts_is_zone(S("Asia/Ashgabat")));
    assert_false(texts_is_zone(S("Asia/Nowhere")));
    assert_false(texts_is_zone(S("ю")));
    assert_false(texts_is_zone(S("")));
    texts_init(&t, S("en"), S(""));
    texts_show(&out, &t, SHOW_DATETIME, morning);
    assert_true(str_eq(sb_str(&out), S("24 November 2020 at 05:00 (UTC)")));
    sb_reset(&out);
    texts_show_code(&out, &t, SHOW_LANGUAGE, S("tk"));
    assert_true(str_eq(sb_str(&out), S("Turkmen")));
    sb_reset(&out);
    texts_show_code(&out, &t, SHOW_LANGUAGE, S("fa"));
    assert_true(str_eq(sb_str(&out), S("Dari")));
    sb_reset(&out);
    texts_show_code(&out, &t, SHOW_COUNTRY, S("TR"));
    assert_true(str_eq(sb_str(&out), S("Türkiye")));
    sb_reset(&out);
    texts_show_code(&out, &t, SHOW_COUNTRY, S("ZZZZ"));
    assert_true(str_eq(sb_str(&out), S("ZZZZ")));
    sb_done(&out);
}

static void url_of(const char *s, const char *want)
{
    struct sb out = sb_init(NULL, 0);

    html_url(&out, str_c(s), NULL);
    assert_true(str_eq(sb_str(&out), str_c(want)));
    sb_done(&out);
}

static void test_addresses(void **state)
{
    (void)state;
    url_of("https://a.b/c?d&e", "https://a.b/c?d&amp;e");
    url_of("HTTP://a", "HTTP://a");
    url_of("mailto:a@b", "mailto:a@b");
    url_of("tel:+1", "tel:+1");
    url_of("/a:b", "/a:b");
    url_of("?x=a:b", "?x=a:b");
    url_of("news", "news");
    url_of("javascript:alert(1)", "#");
    url_of(" javascript:alert(1)", "#");
    url_of("java\tscript:alert(1)", "#");
    url_of("data:text/html,x", "#");
    url_of("\\\\host", "#");
    url_of(NULL, "");
}

static void test_assets(void **state)
{
    struct arena *a = arena_new();
    struct asset got;
    bool is_current = false;
    str url = asset_url(S("css/style.css"));

    (void)state;
    assert_non_null(url.p);
    assert_null(asset_url(S("css/none.css")).p);
    assert_int_equal(asset_by_url(a, url, &got, &is_current), 0);
    assert_true(is_current);
    assert_string_equal(got.type, "text/css; charset=utf-8");
    assert_true(got.gz.n > 0 && got.gz.n < got.body.n);
    assert_int_equal(asset_by_url(a, S("/a/0123456789abcdef/css/style.css"), &got, &is_current), 0);
    assert_false(is_current);
    assert_true(asset_by_url(a, S("/a/x/../page_test.c"), &got, &is_current) < 0);
    assert_true(asset_by_url(a, S("/a/x"), &got, &is_current) < 0);
    assert_true(asset_by_url(a, S("/a/x/"), &got, &is_current) < 0);
    assert_int_equal(asset_by_url(a, asset_url(S("text/ru.json")), &got, &is_current), 0);
    assert_true(str_find(got.body, S("\"room.people\":{\"one\":\"{n} человек\"")) > 0);
    assert_true(str_find(got.body, S("site.name")) < 0);
    arena_free(a);
}

/* The folder and the program give the same bytes, save for the remarks in scripts and styles. */
static void test_assets_from_folder(void **state)
{
    struct arena *a = arena_new();
    struct asset got;
    bool is_current = true;

    (void)state;
    for (size_t i = 0; asset_at(i); i++) {
        const struct asset *row = asset_at(i);

        asset_dir(asset_folder);
        assert_int_equal(asset_by_url(a, asset_url(str_c(row->name)), &got, &is_current), 0);
        assert_false(is_current);
        assert_true(str_eq(got.body, row->body));
        asset_dir(NULL);
    }
    arena_free(a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_in_english),
        cmocka_unit_test(test_page_in_russian),
        cmocka_unit_test(test_page_right_to_left),
        cmocka_unit_test(test_language_is_found),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_one_point),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_assets),
        cmocka_unit_test(test_assets_from_folder),
        cmocka_unit_test(test_pseudo_language),
    };

    asset_folder = argc > 1 ? argv[1] : "tests/tools/good/asset";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
