#include "suite.h"

#include "domain/attendance.h"
#include "domain/conclusion.h"
#include "domain/invitation.h"
#include "domain/news.h"
#include "domain/news_redraft.h"
#include "domain/org.h"
#include "domain/topic.h"

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
        assert_int_equal(attendance_join(w->db, &actor_server, id, col_i64(q, 0), connection++, T0),
                         0);
    assert_int_equal(attendance_close(w->db, &actor_server, id, T0 + 3600 * USEC_S), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_ENDED, T0 + 3600 * USEC_S),
                     0);
}

/* An organisation of which only a protected speaker came: with the day it would tell where. */
static void draft_names_no_refuge(void **state)
{
    struct world *w = *state;
    struct stmt *q = db_stmt(w->db, "UPDATE invitations SET role = ?2 WHERE seminar_id = ?1"
                                    " AND person_id IN (SELECT p.person_id FROM persons p"
                                    " JOIN orgs o ON o.org_id = p.org_id"
                                    " WHERE o.slug LIKE 'orient%')");
    struct news n;

    hold(w, 5);
    stmt_i64(q, 1, w->demo.live_id);
    stmt_i64(q, 2, ROLE_PROTECTED);
    assert_int_equal(stmt_run(q), 0);
    assert_true(db_changes(w->db) > 0);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->event, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "State News Agency"));
    assert_false(has(n.body, "Orient News Agency"));
    assert_true(has(n.body, "People who joined the room: 5."));
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
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0),
                     ERR_CONFLICT);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("fr"), T0),
                     ERR_UNSUPPORTED);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->event, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body,
                    "## Who took part\n\n- State News Agency of Turkmenistan (TDH)\n"
                    "- Orient News Agency\n- Printed and electronic media of the regions\n\n"));
    assert_true(has(n.body, "People who joined the room: 5."));
    assert_true(has(n.body, "made by a demonstration"));
    assert_false(has(n.body, "Red Crescent"));
    assert_false(n.is_published);
    /* Readers see no draft. */
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_LIVE_SLUG), S("en"), &n),
                     ERR_NOT_FOUND);
    assert_int_equal(news_by_slug(w->a, w->db, &w->member, S(DEMO_LIVE_SLUG), S("en"), &n),
                     ERR_NOT_FOUND);
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
    struct news_in in = {
        .lang = S("en"), .title = S("New title"), .body = S("New *body*"), .revision = 1};
    struct news n;

    hold(w, 1);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.live_id, S("en"), &n), 0);
    assert_int_equal(n.revision, 1);
    assert_int_equal(news_edit(w->db, &w->event, n.id, &in, T0), ERR_DENIED);
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    in.body = S("Another hand");
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), ERR_CONFLICT);
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0), ERR_STATE);
    world_check(w, n.id, "en");
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0), ERR_CONFLICT);
    in.revision = 3;
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0 + 7), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("en"), &n), 0);
    assert_str(n.body, "New *body*");
    assert_int_equal(n.published_at, T0 + 7);
    /* A second language, begun by hand, is a draft of its own. */
    in = (struct news_in){.lang = S("tk"), .title = S("At"), .body = S("Tekst"), .revision = 0};
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_str(n.lang, "en");
    world_check(w, n.id, "tk");
    in.revision = 2;
    assert_int_equal(news_publish(w->db, &w->editor, n.id, &in, 0, T0 + 8), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_true(n.is_asked);
    /* The source changes: the translation says that it is older. */
    in = (struct news_in){.lang = S("en"), .title = S("T"), .body = S("Corrected"), .revision = 4};
    /* Readers would see new words that nobody has answered for. */
    assert_int_equal(news_seen_at(&n), T0 + 8);
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0 + 9), ERR_PRECOND);
    in.answers = &world_answers;
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0 + 9), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_true(n.is_stale);
    assert_int_equal(news_seen_at(&n), T0 + 9);
    /* again: the notice is the same, so nothing new is told */
    in.body = S("Corrected again");
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0 + 10), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), 0);
    assert_int_equal(n.stale_at, T0 + 9);
    assert_int_equal(news_seen_at(&n), T0 + 9);
    assert_int_equal(news_withdraw(w->db, &w->editor, n.id, S("tk"), T0), 0);
    assert_int_equal(news_withdraw(w->db, &w->editor, n.id, S("fr"), T0), ERR_NOT_FOUND);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("tk"), &n), ERR_GONE);
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
    assert_int_equal(l.n, 3);
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

    assert_int_equal(org_name_put(w->db, &w->event, 3, S("en"), S("[x](javascript:1) <b> *y*"), T0),
                     0);
    hold(w, 1);
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->event, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "- \\[x\\](javascript:1) \\<b\\> \\*y\\*\n"));
}

/* The date is that of the seminar's place, also where the day begins before or after ours. */
static void days(void **state)
{
    struct world *w = *state;
    static const char *const zones[] = {"Asia/Ashgabat", "UTC", "Pacific/Kiritimati",
                                        "Pacific/Pago_Pago"};
    usec at;

    for (size_t i = 0; i < NELEM(zones); i++) {
        assert_int_equal(news_day_parse(S("2020-11-24"), str_c(zones[i]), &at), 0);
        assert_str(news_day(w->a, at, str_c(zones[i])), "2020-11-24");
    }
    assert_int_equal(news_day_parse(S(""), S("UTC"), &at), 0);
    assert_int_equal(at, 0);
    assert_int_equal(news_day_parse(S("2020-02-30"), S("UTC"), &at), ERR_RANGE);
    /* 20:30 UTC is the next day in Ashgabat. */
    assert_str(news_day(w->a, (usec)1606249800 * USEC_S, S("Asia/Ashgabat")), "2020-11-25");
}

/* A correction, a picture, another time: each moves it. */
static void the_map_tells_changes(void **state)
{
    struct world *w = *state;
    struct conclusion_in c = {.seminar_id = w->demo.live_id, .kind = CONCLUSION_CONCLUSION,
                              .lang = S("en"), .text = S("Agreed")};
    struct news_in in = {.lang = S("en"), .title = S("T"), .body = S("B"),
                         .answers = &world_answers};
    usec before = world_seen_at(w, "s", DEMO_LIVE_SLUG);
    struct news n;
    int64_t id;

    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("en"), &n), 0);
    assert_true(world_seen_at(w, "news", DEMO_RECORD_SLUG) <= T0);
    in.revision = n.revision;
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0 + 5), 0);
    assert_true(world_seen_at(w, "news", DEMO_RECORD_SLUG) == T0 + 5);

    assert_true(before <= T0);
    assert_int_equal(conclusion_add(w->db, &w->event, &c, T0 + 7, &id), 0);
    assert_true(world_seen_at(w, "s", DEMO_LIVE_SLUG) == T0 + 7);
    assert_int_equal(
        seminar_state_set(w->db, &actor_server, w->demo.live_id, SEMINAR_LIVE, T0 + 9), 0);
    assert_true(world_seen_at(w, "s", DEMO_LIVE_SLUG) == T0 + 9);
}

/* Readers are told when a published text changed, and what was corrected; a save without a change
 * is none. */
static void corrections(void **state)
{
    struct world *w = *state;
    struct news_in in = {.lang = S("en")};
    struct news n;

    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("en"), &n), 0);
    assert_int_equal(n.corrected_at, 0);
    assert_str(n.zone, "Asia/Ashgabat");
    in.title = n.title;
    in.body = n.body;
    in.revision = n.revision;
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0 + 1), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("en"), &n), 0);
    assert_int_equal(n.corrected_at, 0);
    in.revision = n.revision;
    in.body = S("Better words");
    in.correction = S(" The date was wrong. ");
    in.answers = &world_answers;
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0 + 2), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, n.slug, S("en"), &n), 0);
    assert_int_equal(n.corrected_at, T0 + 2);
    assert_str(n.correction, "The date was wrong.");
    assert_int_equal(news_withdraw(w->db, &w->editor, n.id, S("en"), T0 + 3), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.record_id, S("en"), &n), 0);
    assert_int_equal(n.corrected_at, 0);
}

static void conclude(struct world *w, const char *text)
{
    struct conclusion_in in = {.seminar_id = w->demo.live_id,
                               .kind = CONCLUSION_CONCLUSION,
                               .lang = S("en"),
                               .text = str_c(text)};
    int64_t id;

    assert_int_equal(conclusion_add(w->db, &w->event, &in, T0, &id), 0);
}

/* The record goes on after the draft: an untouched draft follows it, an edited one keeps every line
 * of its own. */
static void redraft(void **state)
{
    struct world *w = *state;
    struct news_in in = {.lang = S("en")};
    struct news_redraft d;
    struct news n;

    hold(w, 1);
    conclude(w, "First thing");
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    conclude(w, "Second thing");
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "1. First thing\n2. Second thing\n"));
    assert_int_equal(news_redraft(w->a, w->db, &w->editor, &n, &d), 0);
    assert_false(d.is_new);
    in.title = n.title;
    in.revision = n.revision;
    in.body = S("My opening.\n\n## Conclusions\n\n1. First thing\n2. Second thing, in my "
                "words\n\nMy end.\n");
    assert_int_equal(news_edit(w->db, &w->editor, n.id, &in, T0), 0);
    conclude(w, "Third thing");
    assert_int_equal(news_draft(w->a, w->db, &w->event, w->demo.live_id, S("en"), T0),
                     ERR_CONFLICT);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.live_id, S("en"), &n), 0);
    assert_int_equal(news_redraft(w->a, w->db, &w->editor, &n, &d), 0);
    assert_true(d.is_new);
    assert_str(d.merged, "My opening.\n\n## Conclusions\n\n1. First thing\n3. Third thing\n"
                         "2. Second thing, in my words\n\nMy end.\n");
    assert_int_equal(news_redraft_take(w->a, w->db, &w->event, &n, NULL, T0), ERR_DENIED);
    assert_int_equal(news_redraft_take(w->a, w->db, &w->editor, &n, NULL, T0), 0);
    assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.live_id, S("en"), &n), 0);
    assert_true(has(n.body, "3. Third thing") && has(n.body, "in my words") &&
                has(n.body, "My end."));
    assert_int_equal(news_redraft(w->a, w->db, &w->editor, &n, &d), 0);
    assert_false(d.is_new);
    assert_int_equal(news_redraft_take(w->a, w->db, &w->editor, &n, NULL, T0), ERR_CONFLICT);
}

static void topics(void **state)
{
    struct world *w = *state;
    struct news_filter f = {.lang = S("ru")};
    struct topic_list l;
    struct topic t;
    struct news_list news;
    int64_t id;

    assert_int_equal(topic_by_slug(w->a, w->db, S("media"), S("ru"), &t), 0);
    assert_str(t.name.body, "СМИ");
    f.topic_id = t.id;
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &news), 0);
    assert_int_equal(news.n, 1);
    assert_int_equal(topic_put(w->db, &w->event, S("new"), T0, &id), ERR_DENIED);
    assert_int_equal(topic_put(w->db, &w->editor, S("Bad slug"), T0, &id), ERR_RANGE);
    assert_int_equal(topic_put(w->db, &w->editor, S("new"), T0, &id), 0);
    assert_int_equal(topic_name_put(w->db, &w->editor, id, S("ru"), S(" "), T0), ERR_RANGE);
    assert_int_equal(topic_name_put(w->db, &w->editor, id, S("ru"), S("Новое"), T0), 0);
    f.topic_id = id;
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &news), 0);
    assert_int_equal(news.n, 0);
    assert_int_equal(topic_list(w->a, w->db, S("ru"), 1, &l), 0);
    assert_int_equal(l.n, 4);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.row[i].is_chosen, l.row[i].id != id);
    assert_int_equal(topic_choose(w->db, &w->editor, 1, &id, 1), 0);
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &news), 0);
    assert_int_equal(news.n, 1);
    assert_int_equal(topic_remove(w->db, &w->editor, id), 0);
    assert_int_equal(topic_remove(w->db, &w->editor, id), ERR_NOT_FOUND);
    for (int i = 0; i < 70; i++) {
        int r = topic_put(w->db, &w->editor, arena_printf(w->a, "t%d", i), T0, &id);

        assert_int_equal(r, i < 57 ? 0 : ERR_FULL);
    }
}

/* What the source counted is kept apart from what we count. */
static void source(void **state)
{
    struct world *w = *state;
    struct news_source s;

    assert_int_equal(news_source(w->a, w->db, w->demo.record_id, &s), 0);
    assert_int_equal(s.views, 175);
    assert_str(s.day, "2020-11-24");
    assert_int_equal(news_source(w->a, w->db, w->demo.live_id, &s), ERR_NOT_FOUND);
    assert_int_equal(world_count(w, "SELECT count(*) FROM views"), 0);
    s = (struct news_source){.views = -1, .day = S("2020-11-24")};
    assert_int_equal(news_source_put(w->db, &w->event, w->demo.live_id, &s), ERR_RANGE);
    assert_int_equal(news_source_put(w->db, &w->editor, w->demo.live_id, &s), ERR_DENIED);
}

/* An item concerns countries; lists and feeds go by them. */
static void countries(void **state)
{
    struct world *w = *state;
    struct news_filter f = {.lang = S("ru"), .country = S("TM"), .kind = NEWS_REPORT};
    struct news_country_list l;
    struct news_list news;

    assert_int_equal(news_countries(w->a, w->db, S("ru"), 1, &l), 0);
    assert_int_equal(news_countries_put(w->db, &w->event, 1, S("TM")), ERR_DENIED);
    assert_int_equal(news_countries_put(w->db, &w->editor, 1, S("Tm")), ERR_RANGE);
    assert_int_equal(news_countries_put(w->db, &w->editor, 1, S("TM,TR,TM")), 0);
    assert_int_equal(news_countries(w->a, w->db, S("ru"), 0, &l), 0);
    assert_int_equal(l.n, 2);
    assert_str(l.row[1].code, "TR");
    assert_int_equal(l.row[1].nitems, 1);
    assert_int_equal(news_countries(w->a, w->db, S("kk"), 0, &l), 0);
    assert_int_equal(l.n, 0);
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &news), 0);
    assert_int_equal(news.n, 1);
    assert_int_equal(news.row[0].kind, NEWS_REPORT);
    f.kind = NEWS_STORY;
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &news), 0);
    assert_int_equal(news.n, 0);
    f = (struct news_filter){.lang = S("ru"), .country = S("KZ")};
    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &news), 0);
    assert_int_equal(news.n, 0);
    assert_int_equal(news_countries_put(w->db, &w->editor, 1, S("")), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM news_countries"), 0);
}

static const struct CMUnitTest tests[] = {ROW(record),  ROW(draft),    ROW(few),   ROW(desk),
                                          ROW(lists),   ROW(escaping), ROW(days),  ROW(corrections),
                                          ROW(draft_names_no_refuge),
                                          ROW(the_map_tells_changes),
                                          ROW(redraft), ROW(topics),   ROW(source),
                                          ROW(countries)};
SUITE(news);
