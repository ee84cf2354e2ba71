#include "suite.h"

#include "domain/text.h"

static int64_t put(struct world *w, int64_t id, str lang, str body)
{
    struct text_in in = {.lang = lang, .body = body, .revision = -1};
    int64_t revision = 0;

    assert_int_equal(text_put(w->db, &w->editor, id, &in, T0, &revision), 0);
    return revision;
}

static void langs(void **state)
{
    (void)state;
    assert_true(text_is_lang(S("tk")));
    assert_true(text_is_lang(S("uz-Cyrl")));
    assert_true(text_is_lang(S("kaa")));
    assert_false(text_is_lang(S("t")));
    assert_false(text_is_lang(S("tkkk")));
    assert_false(text_is_lang(S("tk-")));
    assert_false(text_is_lang(S("tk_TM")));
    assert_false(text_is_lang(S("../x")));
    assert_false(text_is_lang((str){NULL, 0}));
}

static void fallback(void **state)
{
    struct world *w = *state;
    struct text t;
    int64_t id;

    assert_int_equal(text_new(w->db, &w->editor, &id), 0);
    assert_int_equal(text_get(w->a, w->db, id, S("ru"), &t), 0);
    assert_null(t.body.p);
    put(w, id, S("ru"), S("Да"));
    put(w, id, S("uz"), S("Ha"));
    assert_int_equal(text_get(w->a, w->db, id, S("uz-Cyrl"), &t), 0);
    assert_str(t.lang, "uz");
    assert_false(t.is_asked);
    assert_int_equal(text_get(w->a, w->db, id, S("en"), &t), 0);
    assert_str(t.lang, "ru"); /* the source */
    assert_str(t.body, "Да");
    assert_int_equal(text_get(w->a, w->db, id, S("ru"), &t), 0);
    assert_true(t.is_asked);
    assert_int_equal(text_exact(w->a, w->db, id, S("en"), &t), ERR_NOT_FOUND);
    assert_int_equal(text_get(w->a, w->db, 0, S("en"), &t), 0);
    assert_null(t.body.p);
}

/* Books and feeds are XML: one form feed that was pasted made them unreadable. */
static void no_letters_that_xml_lacks(void **state)
{
    struct world *w = *state;
    struct text t;
    int64_t id;

    assert_int_equal(text_new(w->db, &w->editor, &id), 0);
    put(w, id, S("en"), S("a\f\x02\tb\r\n\x1b\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd c"));
    assert_int_equal(text_get(w->a, w->db, id, S("en"), &t), 0);
    assert_str(t.body, "a\tb\r\n\xef\xbf\xbd c");
    assert_int_equal(put(w, id, S("en"), S("a\tb\r\n\xef\xbf\xbd c")), 1);
}

static void stale(void **state)
{
    struct world *w = *state;
    struct text_version_list l;
    struct text t;
    int64_t id;

    assert_int_equal(text_new(w->db, &w->editor, &id), 0);
    put(w, id, S("ru"), S("один"));
    put(w, id, S("en"), S("one"));
    assert_int_equal(text_exact(w->a, w->db, id, S("en"), &t), 0);
    assert_false(t.is_stale);
    assert_int_equal(put(w, id, S("ru"), S("два")), 2);
    assert_int_equal(put(w, id, S("ru"), S("два")), 2); /* the same text changes nothing */
    assert_int_equal(text_exact(w->a, w->db, id, S("en"), &t), 0);
    assert_true(t.is_stale);
    assert_int_equal(text_versions(w->a, w->db, id, false, &l), 0);
    assert_int_equal(l.n, 2);
    assert_true(l.row[0].is_source);
    assert_str(l.row[0].lang, "ru");
    assert_true(l.row[1].is_stale);
    put(w, id, S("en"), S("two"));
    assert_int_equal(text_exact(w->a, w->db, id, S("en"), &t), 0);
    assert_false(t.is_stale);
    assert_int_equal(
        world_count(w, "SELECT count(*) FROM text_history WHERE body IN ('one', 'один')"), 2);
}

static void conflict(void **state)
{
    struct world *w = *state;
    struct text_in in = {.lang = S("en"), .body = S("mine"), .revision = 1};
    int64_t id, revision = -5;

    assert_int_equal(text_new(w->db, &w->editor, &id), 0);
    assert_int_equal(text_put(w->db, &w->editor, id, &in, T0, &revision), ERR_CONFLICT);
    in.revision = 0;
    assert_int_equal(text_put(w->db, &w->editor, id, &in, T0, &revision), 0);
    put(w, id, S("en"), S("theirs"));
    in.revision = 1;
    assert_int_equal(text_put(w->db, &w->editor, id, &in, T0, &revision), ERR_CONFLICT);
    assert_int_equal(revision, 1); /* untouched by the refusal */
    in.body = S("bad \xff");
    assert_int_equal(text_put(w->db, &w->editor, id, &in, T0, &revision), ERR_ENCODING);
}

static void review(void **state)
{
    struct world *w = *state;
    struct text t;
    int64_t id;

    assert_int_equal(text_new(w->db, &w->editor, &id), 0);
    put(w, id, S("en"), S("one"));
    assert_int_equal(text_review(w->db, &w->event, id, S("en"), 1, T0), ERR_DENIED);
    assert_int_equal(text_review(w->db, &w->editor, id, S("en"), 2, T0), ERR_CONFLICT);
    assert_int_equal(text_review(w->db, &w->editor, id, S("en"), 1, T0), 0);
    assert_int_equal(text_exact(w->a, w->db, id, S("en"), &t), 0);
    assert_int_equal(t.state, TEXT_REVIEWED);
    put(w, id, S("en"), S("two"));
    assert_int_equal(text_exact(w->a, w->db, id, S("en"), &t), 0);
    assert_int_equal(t.state, TEXT_DRAFT);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(langs), ROW(fallback),
                                          ROW(no_letters_that_xml_lacks), ROW(stale),
                                          ROW(conflict), ROW(review)};
SUITE(text);
