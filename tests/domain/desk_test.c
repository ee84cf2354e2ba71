/*
 * The desk: every step of the table and none besides, the check that publishing needs, schedule and
 * embargo, the record of who did what.
 */
#include "suite.h"

#include "domain/account.h"
#include "domain/desk.h"
#include "domain/desk_i.h"
#include "domain/desk_list.h"
#include "domain/news.h"
#include "domain/news_gone.h"
#include "domain/safety.h"

static const struct desk_idea idea = {.slug = S("bus"),
                                      .lang = S("en"),
                                      .title = S("A bus"),
                                      .body = S("Somebody should write."),
                                      .kind = NEWS_REPORT};

static int64_t begin(struct world *w)
{
    assert_int_equal(desk_begin(w->db, &w->event, &idea, T0), 0);
    return world_count(w, "SELECT news_id FROM news WHERE slug = 'bus'");
}

static int state_of(struct world *w, int64_t id)
{
    struct desk_place p;

    assert_int_equal(desk_place(w->a, w->db, id, S("en"), &p), 0);
    return p.state;
}

static int move(struct world *w, const struct actor *who, int64_t id, int to)
{
    const struct desk_step s = {.news_id = id, .lang = S("en"), .to = to, .revision = -1};

    return desk_move(w->db, who, &s, T0);
}

static unsigned obstacles(struct world *w, int64_t id, usec at)
{
    unsigned bits;

    assert_int_equal(desk_obstacles(w->db, id, S("en"), at, &bits), 0);
    return bits;
}

static int edit(struct world *w, int64_t id, const char *body, const struct safety_in *answers)
{
    struct news_in in = {
        .lang = S("en"), .title = S("A bus"), .body = str_c(body), .answers = answers};
    struct desk_place p;

    assert_int_equal(desk_place(w->a, w->db, id, S("en"), &p), 0);
    in.revision = p.revision;
    return news_edit(w->db, &w->editor, id, &in, T0);
}

/* From the idea to readers and away; each step is in the record. */
static void way(void **state)
{
    struct world *w = *state;
    int64_t id;
    struct desk_record_list l;
    struct news_gone gone;
    struct news n;

    assert_int_equal(desk_begin(w->db, &w->nobody, &idea, T0), ERR_AUTH);
    id = begin(w);
    assert_int_equal(desk_begin(w->db, &w->event, &idea, T0), ERR_CONFLICT);
    assert_int_equal(move(w, &w->event, id, DESK_PUBLISHED), ERR_STATE);
    assert_int_equal(move(w, &w->event, id, DESK_DRAFT), 0);
    assert_int_equal(move(w, &w->event, id, DESK_EDIT), 0);
    assert_int_equal(move(w, &w->event, id, DESK_CHECK), ERR_DENIED);
    assert_int_equal(move(w, &w->editor, id, DESK_CHECK), 0);
    assert_int_equal(move(w, &w->editor, id, DESK_PUBLISHED), ERR_PRECOND);
    assert_int_equal(obstacles(w, id, T0), DESK_NO_CHECK);
    world_check(w, id, "en");
    assert_int_equal(obstacles(w, id, T0), 0);
    assert_int_equal(move(w, &w->editor, id, DESK_PUBLISHED), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S("bus"), S("en"), &n), 0);
    assert_int_equal(n.published_at, T0);
    assert_int_equal(edit(w, id, "Corrected.", &world_answers), 0);
    assert_int_equal(state_of(w, id), DESK_CORRECTED);
    assert_int_equal(obstacles(w, id, T0), 0);
    assert_int_equal(move(w, &w->event, id, DESK_WITHDRAWN), ERR_DENIED);
    assert_int_equal(desk_move(w->db, &w->editor,
                               &(struct desk_step){.news_id = id,
                                                   .lang = S("en"),
                                                   .revision = -1,
                                                   .to = DESK_WITHDRAWN,
                                                   .note = S("It was wrong.")},
                               T0 + 5),
                     0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S("bus"), S("en"), &n), ERR_GONE);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S("bus"), S("ru"), &n), ERR_GONE);
    assert_int_equal(news_gone(w->a, w->db, S("bus"), S("ru"), &gone), 0);
    assert_str(gone.farewell, "It was wrong.");
    assert_int_equal(gone.at, T0 + 5);
    assert_int_equal(desk_records(w->a, w->db, &w->member, id, S("en"), &l), ERR_DENIED);
    assert_int_equal(desk_records(w->a, w->db, &w->event, id, S("en"), &l), 0);
    assert_int_equal(l.n, 9);
    assert_int_equal(l.row[0].to, DESK_WITHDRAWN);
    assert_int_equal(l.row[l.n - 1].from, 0);
    assert_int_equal(l.row[l.n - 1].to, DESK_IDEA);
}

/* A language that is withdrawn is gone although another one is there. */
static void gone_language(void **state)
{
    struct world *w = *state;
    struct news n;

    assert_int_equal(news_withdraw(w->db, &w->editor, 1, S("ru"), T0), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("ru"), &n),
                     ERR_GONE);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("en"), &n), 0);
    /* Another one that never was there falls back as before. */
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S(DEMO_RECORD_SLUG), S("kk"), &n), 0);
}

/* The table has no step that is not tried here: none leads to readers but by the check. */
static void table(void **state)
{
    struct world *w = *state;
    size_t n = 0;

    for (int from = DESK_IDEA; from < DESK_STATES; from++) {
        int to;

        for (size_t i = 0; (to = desk_move_at(&w->editor, from, i)); i++, n++) {
            assert_true(to != DESK_CORRECTED && to != from);
            if (to == DESK_PUBLISHED || to == DESK_SCHEDULED)
                assert_true(from >= DESK_CHECK && from <= DESK_SCHEDULED);
        }
        assert_int_equal(desk_move_at(&w->nobody, from, 0), 0);
        assert_int_equal(desk_move_at(&w->system, from, 0), 0);
    }
    assert_int_equal(n, 21);
}

/* Any change of what was checked asks for the check again. */
static void again(void **state)
{
    struct world *w = *state;
    struct safety_in bad = world_answers;
    const struct safety_of of = {.lang = S("en"), .news_id = begin(w), .revision = -1,
                                 .pictures_revision = -1};
    struct safety s;
    int64_t id = of.news_id;

    world_check(w, id, "en");
    assert_int_equal(state_of(w, id), DESK_CHECK);
    assert_int_equal(move(w, &w->editor, id, DESK_TRANSLATION), 0);
    assert_int_equal(edit(w, id, "Other words", NULL), 0);
    assert_int_equal(state_of(w, id), DESK_CHECK);
    assert_int_equal(obstacles(w, id, T0), DESK_OLD_CHECK);
    assert_int_equal(safety_read(w->a, w->db, &w->editor, id, S("en"), &s), 0);
    assert_false(s.is_current);
    assert_int_equal(move(w, &w->editor, id, DESK_PUBLISHED), ERR_PRECOND);
    bad.faces = SAFETY_YES;
    assert_int_equal(safety_put(w->db, &w->event, &of, &bad, T0), ERR_DENIED);
    assert_int_equal(safety_put(w->db, &w->editor, &of, &bad, T0), 0);
    assert_int_equal(obstacles(w, id, T0), DESK_BAD_CHECK);
    /* Agreed, but not on paper. */
    bad.faces = SAFETY_AGREED;
    assert_false(safety_passes(&bad));
    bad.consent = SAFETY_ON_FILE;
    assert_int_equal(safety_put(w->db, &w->editor, &of, &bad, T0), ERR_RANGE);
    bad.note = S("File 7");
    assert_true(safety_passes(&bad));
    bad.names = 0;
    assert_int_equal(safety_put(w->db, &w->editor, &of, &bad, T0), ERR_RANGE);
    world_check(w, id, "en");
    assert_int_equal(move(w, &w->editor, id, DESK_PUBLISHED), 0);
    assert_int_equal(edit(w, id, "Newer words", NULL), ERR_PRECOND);
    bad = world_answers;
    bad.places = SAFETY_YES;
    assert_int_equal(edit(w, id, "Newest words", &bad), ERR_PRECOND);
}

/* Never early, also after a restart: the moment is in the store. */
static void schedule(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct desk_step s = {.news_id = id,
                          .lang = S("en"),
                          .to = DESK_SCHEDULED,
                          .revision = -1,
                          .at = T0 + 100 * USEC_S};
    struct news n;
    usec next;

    world_check(w, id, "en");
    s.at = T0;
    assert_int_equal(desk_move(w->db, &w->editor, &s, T0), ERR_RANGE);
    s.at = T0 + 100 * USEC_S;
    assert_int_equal(desk_embargo(w->db, &w->editor, id, T0 + 200 * USEC_S), 0);
    assert_int_equal(desk_move(w->db, &w->editor, &s, T0), ERR_PRECOND);
    assert_int_equal(move(w, &w->editor, id, DESK_PUBLISHED), ERR_PRECOND);
    s.at = T0 + 300 * USEC_S;
    assert_int_equal(desk_move(w->db, &w->editor, &s, T0), 0);
    assert_int_equal(move(w, &w->editor, id, DESK_PUBLISHED), ERR_PRECOND);
    assert_int_equal(desk_next_due(w->db, &next), 0);
    assert_int_equal(next, s.at);
    assert_int_equal(desk_due(w->db, s.at - 1), 0);
    assert_int_equal(state_of(w, id), DESK_SCHEDULED);
    assert_int_equal(desk_due(w->db, s.at + 5 * USEC_S), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S("bus"), S("en"), &n), 0);
    assert_int_equal(n.published_at, s.at);
    assert_int_equal(desk_next_due(w->db, &next), 0);
    assert_int_equal(next, 0);
    assert_int_equal(desk_embargo(w->db, &w->editor, id, T0 + USEC_DAY), ERR_STATE);
}

/* What has changed while it waited for its moment is not published then. */
static void schedule_changed(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    const struct desk_step s = {.news_id = id,
                                .lang = S("en"),
                                .to = DESK_SCHEDULED,
                                .revision = -1,
                                .at = T0 + 100 * USEC_S};
    struct news n;

    world_check(w, id, "en");
    assert_int_equal(desk_move(w->db, &w->editor, &s, T0), 0);
    assert_int_equal(edit(w, id, "Other words", NULL), 0);
    assert_int_equal(state_of(w, id), DESK_CHECK);
    assert_int_equal(desk_due(w->db, s.at), 0);
    assert_int_equal(news_by_slug(w->a, w->db, &w->nobody, S("bus"), S("en"), &n), ERR_NOT_FOUND);
}

/* What waits, for whom; who is at it. */
static void board(void **state)
{
    struct world *w = *state;
    struct account writer = {.login = S("writer"),
                             .name = S("Writer"),
                             .lang = S("en"),
                             .password_hash = S("x"),
                             .rights = RIGHT_EDITOR};
    struct actor other = w->editor;
    int64_t id = begin(w), account;
    const struct desk_at at = {.news_id = id, .lang = S("en")};
    struct desk_editor_list editors;
    struct desk_board b;

    assert_int_equal(account_add(w->db, &w->system, &writer, T0, &account), 0);
    assert_int_equal(desk_board(w->a, w->db, &w->member, S("en,ru,tk"), T0, &b), ERR_DENIED);
    assert_int_equal(desk_assign(w->db, &w->event, id, S("en"), account + 7), ERR_RANGE);
    assert_int_equal(desk_assign(w->db, &w->event, id, S("en"), account), 0);
    world_check(w, id, "en");
    assert_int_equal(move(w, &w->editor, id, DESK_TRANSLATION), 0);
    assert_int_equal(desk_board(w->a, w->db, &w->event, S("en,ru,tk"), T0, &b), 0);
    assert_int_equal(b.n, 1); /* nothing of stories for who only organises */
    assert_int_equal(desk_board(w->a, w->db, &w->editor, S("en,ru,tk"), T0, &b), 0);
    assert_int_equal(b.n, 4); /* behind the sample story in three languages */
    assert_str(b.row[3].assignee, "Writer");
    assert_str(b.row[3].missing, "ru,tk");
    assert_int_equal(b.row[3].state, DESK_TRANSLATION);
    assert_int_equal(b.row[3].obstacles, 0);
    other.account_id = account;
    assert_int_equal(desk_editing(w->db, &other, id, S("en"), T0), 0);
    assert_int_equal(desk_editing(w->db, &other, id, S("en"), T0 + 60 * USEC_S), 0);
    assert_int_equal(desk_editors(w->a, w->db, &w->editor, &at, T0 + 61 * USEC_S, &editors), 0);
    assert_int_equal(editors.n, 1);
    assert_int_equal(editors.row[0].since_at, T0);
    assert_int_equal(desk_editors(w->a, w->db, &other, &at, T0, &editors), 0);
    assert_int_equal(editors.n, 0);
    assert_int_equal(desk_editors(w->a, w->db, &w->editor, &at, T0 + USEC_DAY, &editors), 0);
    assert_int_equal(editors.n, 0);
}

/* The words after each step can be had again. */
static void words(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct desk_at at = {.news_id = id, .lang = S("en"), .revision = 1};
    str title, body;

    assert_int_equal(edit(w, id, "Second", NULL), 0);
    assert_int_equal(edit(w, id, "Third", NULL), 0);
    assert_int_equal(desk_words(w->a, w->db, &w->editor, &at, &title, &body), 0);
    assert_str(body, "Somebody should write.");
    at.revision = 2;
    assert_int_equal(desk_words(w->a, w->db, &w->editor, &at, &title, &body), 0);
    assert_str(body, "Second");
    at.revision = 3;
    assert_int_equal(desk_words(w->a, w->db, &w->editor, &at, &title, &body), 0);
    assert_str(body, "Third");
    at.revision = 4;
    assert_int_equal(desk_words(w->a, w->db, &w->editor, &at, &title, &body), ERR_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {ROW(way),   ROW(gone_language), ROW(table),
                                          ROW(again), ROW(schedule),      ROW(schedule_changed),
                                          ROW(board), ROW(words)};
SUITE(desk);
