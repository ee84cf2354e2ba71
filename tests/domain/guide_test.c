#include "suite.h"

#include "domain/guide.h"

static struct guide find(struct world *w)
{
    struct guide g;

    assert_int_equal(guide_by_slug(w->a, w->db, S("tm-tr"), S("tk"), &g), 0);
    return g;
}

static struct guide_points points(struct world *w, usec now)
{
    struct guide_points p;

    assert_int_equal(guide_points(w->a, w->db, find(w).id, S("ru"), now, &p), 0);
    return p;
}

static void sample(void **state)
{
    struct world *w = *state;
    struct guide_points p = points(w, T0);
    struct guide_list l;

    assert_int_equal(guide_list(w->a, w->db, S("en"), &l), 0);
    assert_int_equal(l.n, 1);
    assert_str(find(w).from, "TM");
    assert_true(p.n >= 12);
    for (size_t i = 0; i < p.n; i++) {
        assert_true(p.row[i].is_overdue); /* nobody has read a source here yet */
        assert_true(p.row[i].text.is_asked);
        assert_true(p.row[i].source.n > 8);
        assert_true(!i || p.row[i].stage >= p.row[i - 1].stage);
    }
}

static void checks(void **state)
{
    struct world *w = *state;
    int64_t id = points(w, T0).row[0].id;
    struct text_in in = {.lang = S("en"), .body = S("Another statement."), .revision = -1};
    struct text_in other = {.lang = S("ru"), .body = S("Перевод."), .revision = -1};

    assert_int_equal(guide_point_check(w->db, &w->event, id, S("A"), -1, T0), ERR_DENIED);
    assert_int_equal(guide_point_check(w->db, &w->editor, id, S("A. Reader"), -1, T0), 0);
    assert_false(points(w, T0 + 180 * USEC_DAY).row[0].is_overdue);
    assert_true(points(w, T0 + 181 * USEC_DAY).row[0].is_overdue);
    assert_str(points(w, T0).row[0].checked_by, "A. Reader");
    assert_int_equal(guide_point_text_put(w->db, &w->editor, id, &other, T0 + 1), 0);
    assert_false(points(w, T0 + 2).row[0].is_overdue); /* a translation only */
    assert_int_equal(guide_point_text_put(w->db, &w->editor, id, &in, T0 + 3), 0);
    assert_true(points(w, T0 + 4).row[0].is_overdue);
}

/* Who says "I have read it" has not read what somebody writes meanwhile, in any language. */
static void what_nobody_read(void **state)
{
    struct world *w = *state;
    struct guide_point p = points(w, T0).row[0];
    struct text_in in = {.lang = S("ru"), .body = S("Другие слова."), .revision = -1};
    usec seen_at = find(w).changed_at;

    assert_int_equal(guide_point_text_put(w->db, &w->editor, p.id, &in, T0 + 1), 0);
    assert_int_equal(guide_point_check(w->db, &w->editor, p.id, S("A"), p.revision, T0 + 2),
                     ERR_CONFLICT);
    assert_int_equal(guide_review(w->db, &w->editor, find(w).id, S("B"), seen_at, T0 + 2),
                     ERR_CONFLICT);
    p = points(w, T0).row[0];
    seen_at = find(w).changed_at;
    /* the same words again are no change */
    assert_int_equal(guide_point_text_put(w->db, &w->editor, p.id, &in, T0 + 3), 0);
    assert_int_equal(guide_point_check(w->db, &w->editor, p.id, S("A"), p.revision, T0 + 4), 0);
    assert_int_equal(guide_review(w->db, &w->editor, find(w).id, S("B"), seen_at, T0 + 4), 0);
    /* said before, kept after: a moment does not decide, the words do */
    in.lang = S("en");
    assert_int_equal(guide_point_text_put(w->db, &w->editor, p.id, &in, T0 + 3), 0);
    assert_true(points(w, T0 + 5).row[0].is_overdue);
}

static void points_change(void **state)
{
    struct world *w = *state;
    struct guide_points p = points(w, T0);
    struct guide_point_in in = {.stage = GUIDE_RETURN,
                                .topic = GUIDE_COSTS,
                                .source = S("https://new.example/")};
    int64_t id, owner;
    size_t n = p.n;

    in.revision = p.row[0].revision;
    assert_int_equal(guide_point_check(w->db, &w->editor, p.row[0].id, S("A"), -1, T0), 0);
    assert_int_equal(guide_point_save(w->db, &w->editor, p.row[0].id, &in, T0), 0);
    assert_int_equal(guide_point_save(w->db, &w->editor, p.row[0].id, &in, T0), ERR_CONFLICT);
    assert_true(points(w, T0).row[n - 1].is_overdue || points(w, T0).row[n - 2].is_overdue);
    in.source = S("ftp://x");
    assert_int_equal(guide_point_add(w->db, &w->editor, find(w).id, &in, T0, &id), ERR_RANGE);
    in.source = S("https://x.example");
    assert_int_equal(guide_point_add(w->db, &w->event, find(w).id, &in, T0, &id), ERR_DENIED);
    assert_int_equal(guide_point_add(w->db, &w->editor, find(w).id, &in, T0, &id), 0);
    assert_int_equal(points(w, T0).n, n + 1);
    assert_int_equal(guide_point_owner(w->db, id, &owner), 0);
    assert_int_equal(owner, find(w).id);
    assert_int_equal(guide_point_remove(w->db, &w->editor, id, T0), 0);
    assert_int_equal(guide_point_owner(w->db, id, &owner), ERR_NOT_FOUND);
}

static struct guide_point point_of(struct world *w, int64_t id)
{
    struct guide_points p = points(w, T0);

    for (size_t i = 0; i < p.n; i++)
        if (p.row[i].id == id)
            return p.row[i];
    fail();
    return (struct guide_point){0};
}

/* A page of the desk that is kept open acts on the statement that it shows, or on none. */
static void numbers_are_not_given_again(void **state)
{
    struct world *w = *state;
    struct guide_point_in in = {
        .stage = GUIDE_RETURN, .topic = GUIDE_COSTS, .source = S("https://x.example")};
    const struct text_in words = {.lang = S("en"), .body = S("Words."), .revision = -1};
    const usec later = T0 + 10 * USEC_MS;
    int64_t guide_id = find(w).id, first, second, third;

    assert_int_equal(guide_point_add(w->db, &w->editor, guide_id, &in, T0, &first), 0);
    in.revision = point_of(w, first).revision;
    assert_int_equal(guide_point_remove(w->db, &w->editor, first, T0), 0);
    assert_int_equal(guide_point_add(w->db, &w->editor, guide_id, &in, later, &second), 0);
    assert_int_equal(guide_point_add(w->db, &w->editor, guide_id, &in, later, &third), 0);
    assert_true(second > first && third > second && third < INT64_C(1) << 53);
    assert_int_equal(point_of(w, second).revision, in.revision);
    assert_int_equal(guide_point_check(w->db, &w->editor, first, S("A"), in.revision, later),
                     ERR_CONFLICT);
    in.source = S("https://other.example");
    assert_int_equal(guide_point_save(w->db, &w->editor, first, &in, later), ERR_CONFLICT);
    assert_int_equal(guide_point_text_put(w->db, &w->editor, first, &words, later), ERR_NOT_FOUND);
    assert_int_equal(guide_point_remove(w->db, &w->editor, first, later), ERR_NOT_FOUND);
    assert_int_equal(point_of(w, second).revision, in.revision);
    assert_int_equal(point_of(w, second).checked_at, 0);
}

static void guides_change(void **state)
{
    struct world *w = *state;
    struct guide_in in = {.slug = S("tm-tr"), .from = S("TM"), .to = S("TR")};
    int64_t id, texts;
    struct guide g;
    unsigned added = 7;

    assert_int_equal(guide_add(w->db, &w->editor, &in, T0, &id), ERR_CONFLICT);
    in.slug = S("x");
    in.to = S("Turkey");
    assert_int_equal(guide_add(w->db, &w->editor, &in, T0, &id), ERR_RANGE);
    assert_int_equal(
        guide_import(w->a, w->db, &w->editor, world_file(w, "guides.json"), T0, &added), 0);
    assert_int_equal(added, 0);
    id = find(w).id;
    texts = world_count(w, "SELECT count(*) FROM texts");
    texts -= 2 + (int64_t)points(w, T0).n;
    assert_int_equal(guide_remove(w->db, &w->event, id), ERR_DENIED);
    assert_int_equal(guide_remove(w->db, &w->editor, id), 0);
    assert_int_equal(guide_by_slug(w->a, w->db, S("tm-tr"), S("en"), &g), ERR_NOT_FOUND);
    assert_int_equal(guide_remove(w->db, &w->editor, id), ERR_NOT_FOUND);
    assert_int_equal(world_count(w, "SELECT count(*) FROM texts"), texts);
    assert_int_equal(guide_import(w->a, w->db, &w->editor, S("{\"guides\":[{}]}"), T0, &added),
                     ERR_RANGE);
    assert_int_equal(guide_import(w->a, w->db, &w->editor, S("[]"), T0, &added), ERR_SYNTAX);
}

static usec seen_at(struct world *w)
{
    usec at = 0;

    assert_int_equal(guide_seen_at(w->db, find(w).id, &at), 0);
    return at;
}

/* Whatever readers see of it moves the moment that the map of the site names. */
static void the_map_tells_changes(void **state)
{
    struct world *w = *state;
    struct guide_point_in in = {
        .stage = GUIDE_THERE, .topic = GUIDE_COSTS, .source = S("https://x.example/")};
    struct text_in t = {.lang = S("ru"), .body = S("Слова."), .revision = -1};
    int64_t guide_id = find(w).id, id;
    usec at;

    assert_true(seen_at(w) <= T0);
    assert_int_equal(guide_point_add(w->db, &w->editor, guide_id, &in, T0 + 1, &id), 0);
    assert_true(seen_at(w) == T0 + 1);
    assert_int_equal(guide_point_text_put(w->db, &w->editor, id, &t, T0 + 2), 0);
    assert_true(seen_at(w) == T0 + 2);
    assert_int_equal(guide_point_check(w->db, &w->editor, id, S("A"), -1, T0 + 3), 0);
    assert_true(seen_at(w) == T0 + 3);
    assert_int_equal(guide_review(w->db, &w->editor, guide_id, S("B"), -1, T0 + 4), 0);
    assert_true(seen_at(w) == T0 + 4);
    in.revision = 2; /* its words came after it */
    assert_int_equal(guide_point_save(w->db, &w->editor, id, &in, T0 + 5), 0);
    assert_true(seen_at(w) == T0 + 5);
    assert_int_equal(guide_text_put(w->db, &w->editor, guide_id, GUIDE_LEAD, &t, T0 + 6), 0);
    assert_true(seen_at(w) == T0 + 6);
    assert_int_equal(guide_point_remove(w->db, &w->editor, id, T0 + 7), 0);
    assert_true(seen_at(w) == T0 + 7);
    assert_int_equal(guide_seen_at(w->db, 99, &at), ERR_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {ROW(sample), ROW(checks), ROW(what_nobody_read),
                                          ROW(points_change), ROW(guides_change),
                                          ROW(numbers_are_not_given_again),
                                          ROW(the_map_tells_changes)};

SUITE(guide);
