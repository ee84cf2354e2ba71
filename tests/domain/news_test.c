#include "suite.h"

#include "domain/attendance.h"
#include "domain/news.h"
#include "domain/org.h"

static bool has(str s, const char *what)
{
    return str_find(s, str_c(what)) >= 0;
}

/*
 * The record of 2020 has no attendance: its news speaks of who was invited, and of nobody who took
 * part.
 */
static void record(void **state)
{
    struct world *w = *state;
    struct news n;
    struct news_lang_list l;

    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("en"), &n), 0);
    assert_true(n.is_published);
    assert_true(n.is_asked);
    assert_true(n.is_sample);
    assert_int_equal(n.published_at, (usec)1606194000 * USEC_S);
    assert_str(n.title, "Media and NGOs against trafficking");
    assert_true(str_starts(n.body, S("On 24 November 2020 the seminar “The role of mass media")));
    assert_true(has(n.body, "## Who was invited\n\n- State News Agency of Turkmenistan (TDH)\n"));
    assert_false(has(n.body, "took part"));
    assert_true(has(n.body, "1. Cooperation of mass media"));
    assert_true(has(n.body, "Paid for by: Ministry of Foreign Affairs of Norway."));
    assert_true(has(n.body, "sample data"));
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("ru"), &n), 0);
    assert_true(str_starts(n.body, S("24 ноября 2020 года прошёл семинар «")));
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("kk"), &n), 0);
    assert_false(n.is_asked);
    assert_str(n.lang, "en"); /* the source */
    assert_int_equal(news_langs(w->a, w->db, n.id, &l), 0);
    assert_int_equal(l.n, 3);
}

static void hold(struct world *w, size_t people)
{
    struct stmt *q = db_stmt(w->db, "SELECT person_id FROM invitations WHERE seminar_id = ?1"
                                    " AND role = 6 ORDER BY 1 LIMIT ?2");
    int64_t id = w->demo.live_id, connection = 1;

    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_LIVE, T0), 0);
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, (int64_t)people);
    while (stmt_row(q) > 0)
        assert_int_equal(attendance_join(w->db, &actor_server, id, col_i64(q, 0), connection++, T0), 0);
    assert_int_equal(attendance_close(w->db, &actor_server, id, T0 + 3600 * USEC_S), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_ENDED, T0 + 3600 * USEC_S), 0);
}

/*
 * The live one says who took part: those that were there, no others, and a number of people from
 * five on.
 */
static void draft(void **state)
{
    struct world *w = *state;
    struct news n;

    hold(w, 5);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), ERR_CONFLICT);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("fr"), T0), ERR_UNSUPPORTED);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->event, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "## Who took part\n\n- State News Agency of Turkmenistan (TDH)\n"
                            "- Orient News Agency\n- Printed and electronic media of the regions\n\n"));
    assert_true(has(n.body, "People who joined the room: 5."));
    assert_true(has(n.body, "made by a demonstration"));
    assert_false(has(n.body, "Red Crescent"));
    assert_false(n.is_published);
    /* Readers see no draft. */
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_LIVE_SLUG), S("en"), &n), ERR_NOT_FOUND);
    assert_int_equal(news_by_slug(w->a, w->db, &w->member, S(DEMO_LIVE_SLUG), S("en"), &n), ERR_NOT_FOUND);
    assert_int_equal(news_by_slug(w->a, w->db, &w->editor, S(DEMO_LIVE_SLUG), S("en"), &n), 0);
}

static void few(void **state)
{
    struct world *w = *state;
    struct news n;

    hold(w, 4);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->event, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "Who took part"));
    assert_false(has(n.body, "People who joined"));
}

static void desk(void **state)
{
    struct world *w = *state;
    struct news_in in = {.lang = S("en"), .title = S("New title"), .body = S("New *body*"), .revision = 1};
    struct news n;

    hold(w, 1);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.live_id, S("en"), &n), 0);
    assert_int_equal(n.revision, 1);
    assert_int_equal(news_edit(w->db, &w->event, n.id, &in, T0), ERR_DENIED);
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    in.body = S("Another hand");
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), ERR_CONFLICT);
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0), ERR_CONFLICT);
    in.revision = 2;
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0 + 7), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("en"), &n), 0);
    assert_str(n.body, "New *body*");
    assert_int_equal(n.published_at, T0 + 7);
    /* A second language, begun by hand, is a draft of its own. */
    in = (struct news_in){.lang = S("tk"), .title = S("At"), .body = S("Tekst"), .revision = 0};
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_str(n.lang, "en");
    in.revision = 1;
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0 + 8), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_true(n.is_asked);
    /* The source changes: the translation says that it is older. */
    in = (struct news_in){.lang = S("en"), .title = S("T"), .body = S("Corrected"), .revision = 3};
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_true(n.is_stale);
    assert_int_equal(news_withdraw(w->db, &w->editor, n.id, S("tk"), T0), 0);
    assert_int_equal(news_withdraw(w->db, &w->editor, n.id, S("fr"), T0), ERR_NOT_FOUND);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_str(n.lang, "en");
}

static void lists(void **state)
{
    struct world *w = *state;
    struct news_filter f = {.lang = S("ru")};
    struct news_list l;
    struct news_month_list months;

    hold(w, 1);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("ru"), T0), 0);
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &l), 0);
    assert_int_equal(l.n, 1);
    f.is_desk = true;
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &l), ERR_AUTH);
    assert_int_equal(news_list(w->a, w->db, &w->editor, &f, &l), 0);
    assert_int_equal(l.n, 2);
    f = (struct news_filter){.year = 2020, .month = 11};
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &l), 0);
    assert_int_equal(l.n, 1); /* one item, although in three languages */
    f.month = 10;
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &l), 0);
    assert_int_equal(l.n, 0);
    assert_int_equal(news_months(w->a, w->db, S("tk"), &months), 0);
    assert_int_equal(months.n, 1);
    assert_int_equal(months.row[0].year, 2020);
    assert_int_equal(months.row[0].month, 11);
}

/* Names from the record cannot become links or markup of the draft. */
static void escaping(void **state)
{
    struct world *w = *state;
    struct news n;

    assert_int_equal(org_name_put(w->db, &w->event, 3, S("en"), S("[x](javascript:1) <b> *y*"), T0), 0);
    hold(w, 1);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->event, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "- \\[x\\](javascript:1) \\<b\\> \\*y\\*\n"));
}

static const struct CMUnitTest tests[] = {ROW(record), ROW(draft), ROW(few), ROW(desk), ROW(lists),
                                          ROW(escaping)};
SUITE(news);
