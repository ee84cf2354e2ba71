/* Stories stand on a consent: none, no readers; taken back or ended, gone in the same moment. */
#include "suite.h"

#include "domain/desk.h"
#include "domain/news.h"
#include "domain/story.h"

static const struct consent paper = {.pseudonym = S("Ajap"),
                                     .giver = CONSENT_SELF,
                                     .scope = CONSENT_SITE | CONSENT_FEEDS,
                                     .paper = S("File 2026/7"),
                                     .given_day = S("2026-03-01")};

static int64_t begin(struct world *w)
{
    const struct desk_idea in = {.slug = S("ajap"),
                                 .lang = S("en"),
                                 .kind = NEWS_STORY,
                                 .title = S("Sample"),
                                 .body = S("Invented for a test.")};

    assert_int_equal(desk_begin(w->db, &w->editor, &in, T0), 0);
    return world_count(w, "SELECT news_id FROM news WHERE slug = 'ajap'");
}

static int publish(struct world *w, int64_t id)
{
    return news_publish(w->db, &w->editor, id, &(struct news_in){.lang = S("en"), .revision = -1},
                        0, T0);
}

static int seen(struct world *w)
{
    struct news n;

    return news_by_slug(w->a, w->db, &w->nobody, S("ajap"), S("en"), &n);
}

static void consent(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct consent in = paper, out;

    world_check(w, id, "en");
    assert_int_equal(publish(w, id), ERR_PRECOND);
    assert_int_equal(consent_put(w->db, &w->event, id, &in, T0), ERR_DENIED);
    assert_int_equal(consent_put(w->db, &w->editor, 1, &in, T0), ERR_STATE);
    in.scope = CONSENT_FEEDS;
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), ERR_RANGE);
    in = paper;
    in.paper = S(" ");
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), ERR_RANGE);
    in = paper;
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), ERR_CONFLICT);
    assert_int_equal(consent_read(w->a, w->db, &w->event, id, &out), ERR_DENIED);
    assert_int_equal(publish(w, id), 0);
    assert_int_equal(seen(w), 0);
    assert_int_equal(consent_withdraw(w->db, &w->event, id, T0), ERR_DENIED);
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0), 0);
    assert_int_equal(seen(w), ERR_GONE);
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0), ERR_NOT_FOUND);
    /* Given anew it can be published anew, by the whole way. */
    in.revision = 2;
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(seen(w), ERR_GONE);
}

static void ends(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct consent in = paper;
    usec next;

    in.until_at = T0 + USEC_DAY;
    world_check(w, id, "en");
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(publish(w, id), 0);
    assert_int_equal(desk_next_due(w->db, &next), 0);
    assert_int_equal(next, in.until_at);
    assert_int_equal(desk_due(w->db, in.until_at - 1), 0);
    assert_int_equal(seen(w), 0);
    assert_int_equal(desk_due(w->db, in.until_at), 0);
    assert_int_equal(seen(w), ERR_GONE);
    assert_int_equal(desk_next_due(w->db, &next), 0);
    assert_int_equal(next, 0);
}

static const struct CMUnitTest tests[] = {ROW(consent), ROW(ends)};
SUITE(story);
