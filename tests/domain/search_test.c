#include "suite.h"

#include "domain/conclusion.h"
#include "domain/news.h"
#include "domain/search.h"

#include <stdio.h>
#include <string.h>

static struct search_found find(struct world *w, const char *lang, const char *query)
{
    const struct search_ask ask = {.query = str_c(query), .lang = str_c(lang)};
    struct search_found f;

    assert_int_equal(search_find(w->a, w->db, &ask, &f), 0);
    return f;
}

static bool has_path(const struct search_found *f, const char *path)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->row[i].path, str_c(path)))
            return true;
    return false;
}

static void refresh(struct world *w)
{
    bool is_left = true;

    while (is_left)
        assert_int_equal(search_refresh(w->db, &is_left), 0);
}

static void in_each_language(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *lang, *query, *path;
    } rows[] = {
        {"en", "trafficking", "/news/" DEMO_RECORD_SLUG},
        {"en", "RED crescent", "/s/" DEMO_RECORD_SLUG},
        {"en", "women’s union", "/s/" DEMO_RECORD_SLUG},
        {"ru", "осведомленность мигрантов", "/s/" DEMO_RECORD_SLUG "#c3"},
        {"ru", "торговли людьми", "/news/" DEMO_RECORD_SLUG},
        {"tk", "adam sowdasyna garsy", "/news/" DEMO_RECORD_SLUG},
        {"tk", "habar berş", NULL},
        {"tk", "ykmanda", NULL},
        {"en", "торговли", NULL},
    };

    for (size_t i = 0; i < NELEM(rows); i++) {
        struct search_found f = find(w, rows[i].lang, rows[i].query);

        if (rows[i].path && (f.way != SEARCH_ALL || !has_path(&f, rows[i].path)))
            fail_msg("%s is not found by %s (%zu, way %d)", rows[i].path, rows[i].query, f.n,
                     f.way);
        for (size_t k = 0; k < f.n; k++)
            assert_str(f.row[k].lang, rows[i].lang);
    }
    assert_int_equal(find(w, "en", "торговли").n, 0);
    assert_true(find(w, NULL, "торговли").n > 0);
    assert_int_equal(find(w, "kk", "trafficking").n, 0); /* a language without pages */
}

/* Another ending of the word, and words that never meet, still lead somewhere; and it is said how.
 */
static void endings(void **state)
{
    struct world *w = *state;
    struct search_found f = find(w, "tk", "migrantlardan");

    assert_true(f.n > 0);
    assert_int_equal(f.way, SEARCH_NEAR);
    f = find(w, "en", "trafficking zeppelin");
    assert_true(f.n > 0);
    assert_int_equal(f.way, SEARCH_SOME);
    f = find(w, "en", "zeppelin");
    assert_int_equal(f.n, 0);
    assert_int_equal(f.nwords, 1);
    assert_int_equal(find(w, "en", " .,- ").nwords, 0);
}

static void extract(void **state)
{
    struct world *w = *state;
    struct search_found f = find(w, "ru", "норвегии");
    bool is_marked = false;
    size_t bytes = 0;

    assert_true(f.n > 0);
    for (size_t i = 0; i < f.row[0].extract.n; i++) {
        const struct search_part *p = &f.row[0].extract.row[i];

        bytes += p->text.n;
        is_marked |= p->is_found && str_eq(p->text, S("Норвегии"));
        assert_true(str_is_utf8(p->text));
    }
    assert_true(is_marked);
    assert_in_range(bytes, 60, 300);
}

/* What is not public is not found: drafts, withdrawn items; what changes is found as it is now. */
static void follows_the_record(void **state)
{
    struct world *w = *state;
    struct conclusion_in conclusion = {.seminar_id = w->demo.live_id,
                                       .lang = S("en"),
                                       .kind = CONCLUSION_COMMITMENT,
                                       .text = S("Zanzibar keeps a list.")};
    struct news_in in = {
        .lang = S("en"), .title = S("Kilimanjaro"), .body = S("About *snow* on `it`.")};
    struct news n;
    int64_t id;

    assert_int_equal(conclusion_add(w->db, &w->event, &conclusion, T0, &id), 0);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    refresh(w);
    assert_true(has_path(&(struct search_found[]){find(w, "en", "zanzibar")}[0],
                         "/s/" DEMO_LIVE_SLUG "#c1"));
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.live_id, S("en"), &n), 0);
    in.revision = n.revision;
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    refresh(w);
    assert_int_equal(find(w, "en", "kilimanjaro").n, 0);
    world_check(w, n.id, "en");
    in.revision = -1;
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0), 0);
    refresh(w);
    assert_int_equal(find(w, "en", "kilimanjaro snow").n, 1);
    assert_int_equal(news_withdraw(w->db, &w->editor, n.id, S("en"), T0), 0);
    refresh(w);
    assert_int_equal(find(w, "en", "kilimanjaro").n, 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM search_stale"), 0);
}

/* The index says the same as one that is made anew: nothing was left behind by changes. */
static void rebuild(void **state)
{
    struct world *w = *state;
    int64_t pages = world_count(w, "SELECT count(*) FROM search_pages");
    int64_t bytes = world_count(w, "SELECT sum(length(pages)) FROM search_words");
    struct search_found f;

    assert_int_equal(search_reset(w->db, &w->event), ERR_DENIED);
    assert_int_equal(search_reset(w->db, &w->system), 0);
    assert_int_equal(find(w, "en", "trafficking").n, 0);
    assert_int_equal(search_catch_up(w->db), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM search_pages"), pages);
    assert_int_equal(world_count(w, "SELECT sum(length(pages)) FROM search_words"), bytes);
    assert_true(find(w, "en", "trafficking").n > 0);
    f = find(w, "en", "trafficking");
    assert_int_equal(
        f.n,
        world_count(w, "SELECT count(*) FROM search_pages WHERE lang = 'en' AND"
                       " (body LIKE '%trafficking%' OR kind <> 3 AND title LIKE '%trafficking%')"));
}

/* Nothing that is typed is syntax. */
static void any_query(void **state)
{
    struct world *w = *state;
    static const char *const queries[] = {
        "",
        "\"",
        "'",
        "*",
        "a*",
        "NEAR(a b)",
        "title:a",
        "{title}:x",
        "a AND",
        "OR",
        "NOT x",
        "^a",
        "(",
        "a\"b",
        "-x",
        "a + b",
        "%",
        "_",
        "\\",
        "--",
        ";DROP TABLE news",
        "\xf0\x9f\x98\x80",
        "أ",
        "x y z a b c d e f g h i j",
    };
    char big[2000];
    struct search_found f;

    for (size_t i = 0; i < NELEM(queries); i++)
        (void)find(w, i % 2 ? "en" : NULL, queries[i]);
    memset(big, 'a', sizeof(big));
    assert_int_equal(
        search_find(w->a, w->db, &(struct search_ask){.query = {big, sizeof(big)}}, &f), 0);
    memset(big, '\xff', sizeof(big));
    assert_int_equal(
        search_find(w->a, w->db, &(struct search_ask){.query = {big, sizeof(big)}}, &f),
        ERR_ENCODING);
    for (size_t i = 0; i + 1 < sizeof(big); i += 2)
        memcpy(&big[i], "\xd0\xb0", 2); /* the cut of a long query falls where it may */
    assert_int_equal(search_find(w->a, w->db, &(struct search_ask){.query = {big + 1, 401}}, &f),
                     ERR_ENCODING);
    assert_int_equal(search_find(w->a, w->db, &(struct search_ask){.query = {big, 1001}}, &f), 0);
}

static const struct CMUnitTest tests[] = {
    ROW(in_each_language),   ROW(endings), ROW(extract),
    ROW(follows_the_record), ROW(rebuild), ROW(any_query),
};
SUITE(search);
