/* Stories stand on a consent: none, no readers; taken back or ended, gone in the same moment. */
#include "suite.h"

#include "domain/desk.h"
#include "domain/desk_list.h"
#include "domain/news.h"
#include "domain/news_gone.h"
#include "domain/story.h"
#include "domain/topic.h"

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

/* Until it is out a story is the editors' alone: whoever organises is of a state body, perhaps. */
static void closed(void **state)
{
    const struct desk_idea in = {
        .slug = S("other"), .lang = S("en"), .kind = NEWS_STORY, .title = S("x"), .body = S("y")};
    struct world *w = *state;
    const struct desk_at at = {.news_id = begin(w), .lang = S("en"), .revision = 1};
    struct news_filter f = {.is_desk = true};
    struct desk_record_list records;
    struct news_list l;
    struct news n;
    str title, body;

    assert_int_equal(news_by_slug(w->a, w->db, &w->event, S("ajap"), S("en"), &n), ERR_NOT_FOUND);
    assert_int_equal(news_by_slug(w->a, w->db, &w->editor, S("ajap"), S("en"), &n), 0);
    assert_int_equal(news_list(w->a, w->db, &w->event, &f, &l), 0);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.row[i].kind, NEWS_REPORT);
    assert_int_equal(desk_words(w->a, w->db, &w->event, &at, &title, &body), ERR_NOT_FOUND);
    assert_int_equal(desk_words(w->a, w->db, &w->editor, &at, &title, &body), 0);
    assert_int_equal(desk_records(w->a, w->db, &w->event, at.news_id, S("en"), &records), 0);
    assert_int_equal(records.n, 0);
    assert_int_equal(desk_begin(w->db, &w->event, &in, T0), ERR_DENIED);
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

static bool may(struct world *w, int64_t id, unsigned scope, usec at)
{
    bool is = false;

    assert_int_equal(story_may(w->db, id, scope, at, &is), 0);
    return is;
}

/* How many items of a list that is made for a use; the report of the sample is one. */
static size_t listed(struct world *w, unsigned use, usec now)
{
    const struct news_filter f = {.lang = S("en"), .use = use, .now = now};
    struct news_list l;

    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &l), 0);
    return l.n;
}

static size_t lost_in(struct world *w, str lang)
{
    const struct news_filter f = {.lang = lang, .limit = 20};
    struct news_lost_list l;

    assert_int_equal(news_lost(w->a, w->db, &f, &l), 0);
    return l.n;
}

static size_t lost(struct world *w)
{
    return lost_in(w, S("en"));
}

/* Each consent decides about its own use, from the moment it is given to the one it ends. */
static void uses(void **state)
{
    static const unsigned all[] = {CONSENT_FEEDS, CONSENT_PRINT, CONSENT_PICTURE};
    struct world *w = *state;
    int64_t id = begin(w);
    struct consent in = paper;

    world_check(w, id, "en");
    in.until_at = T0 + USEC_DAY;
    for (size_t i = 0; i < NELEM(all); i++) {
        in.scope = CONSENT_SITE | all[i];
        in.revision = (int64_t)i;
        assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
        if (i == 0)
            assert_int_equal(publish(w, id), 0);
        assert_int_equal(listed(w, 0, T0), 2);
        for (size_t k = 0; k < NELEM(all); k++) {
            assert_int_equal(listed(w, all[k], T0), i == k ? 2 : 1);
            assert_int_equal(may(w, id, all[k], T0), i == k);
            assert_false(may(w, id, all[k], in.until_at));
            assert_true(may(w, 1, all[k], T0)); /* a report */
        }
        assert_int_equal(listed(w, all[i], in.until_at), 1);
        assert_false(may(w, id, CONSENT_FEEDS | CONSENT_PICTURE, T0));
        /* Who carries a copy hears that it is to go, while the story still stands here. */
        assert_int_equal(lost(w), i > 0);
    }
    in.scope = CONSENT_SITE | CONSENT_FEEDS;
    in.revision = 3;
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(lost(w), 0);
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0), 0);
    assert_int_equal(lost(w), 1);
    assert_int_equal(listed(w, CONSENT_FEEDS, T0), 1);
}

/* A story that was never for feeds leaves no trace in one. */
static void never_in_feeds(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct consent in = paper;

    in.scope = CONSENT_SITE;
    world_check(w, id, "en");
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(publish(w, id), 0);
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0), 0);
    assert_int_equal(lost(w), 0);
}

/* Nor does one whose consent for feeds was taken back before anything was out. */
static void feeds_ended_early(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct consent in = paper;

    in.scope = CONSENT_SITE | CONSENT_FEEDS;
    world_check(w, id, "en");
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    in.scope = CONSENT_SITE;
    in.revision = 1;
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(publish(w, id), 0);
    assert_int_equal(lost(w), 0);
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0), 0);
    assert_int_equal(lost(w), 0);
}

/* A language that came out only after the consent for feeds had ended was in no feed. */
static void late_language(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w);
    struct consent in = paper;
    const struct news_in ru = {
        .lang = S("ru"), .title = S("Образец"), .body = S("Придумано для проверки.")};

    world_check(w, id, "en");
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0), 0);
    assert_int_equal(publish(w, id), 0);
    in.scope = CONSENT_SITE;
    in.revision = 1;
    assert_int_equal(consent_put(w->db, &w->editor, id, &in, T0 + 1), 0);
    assert_int_equal(news_edit(w->db, &w->editor, id, &ru, T0 + 2), 0);
    world_check(w, id, "ru");
    assert_int_equal(news_publish(w->db, &w->editor, id,
                                  &(struct news_in){.lang = S("ru"), .revision = -1}, 0, T0 + 2),
                     0);
    assert_int_equal(lost_in(w, S("en")), 1);
    assert_int_equal(lost_in(w, S("ru")), 0);
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0 + 3), 0);
    assert_int_equal(lost_in(w, S("en")), 1);
    assert_int_equal(lost_in(w, S("ru")), 0);
}

/* What happens to a story, one a tick. */
enum deed { SITE = 1, FEEDS, OVER, OUT, AWAY };

struct fate {
    enum deed deed[8]; /* 0: the end */
    size_t nlost;
};

static void suffer(struct world *w, int64_t id, enum deed deed, int64_t *revision, usec now)
{
    struct consent in = paper;
    struct desk_step s = {.news_id = id, .lang = S("en"), .to = DESK_EDIT, .revision = -1};
    struct desk_place p;

    in.revision = *revision;
    in.scope = deed == SITE ? CONSENT_SITE : CONSENT_SITE | CONSENT_FEEDS;
    in.until_at = deed == OVER ? now : 0;
    if (deed == AWAY) {
        assert_int_equal(news_withdraw(w->db, &w->editor, id, s.lang, now), 0);
    } else if (deed != OUT) {
        assert_int_equal(consent_put(w->db, &w->editor, id, &in, now), 0);
        ++*revision;
    } else {
        assert_int_equal(desk_place(NULL, w->db, id, s.lang, &p), 0);
        if (p.state == DESK_WITHDRAWN)
            assert_int_equal(desk_move(w->db, &w->editor, &s, now), 0);
        world_check(w, id, "en");
        s.to = DESK_PUBLISHED;
        assert_int_equal(desk_move(w->db, &w->editor, &s, now), 0);
    }
}

/* Feeds name what was out while they might carry it, and may not any more; nothing else. */
static void fates(void **state)
{
    static const struct fate fate[] = {
        {{SITE, OUT, AWAY, FEEDS}, 0}, /* allowed only when it was gone */
        {{SITE, OUT, FEEDS, AWAY}, 1},
        {{SITE, OUT, OVER}, 0}, /* allowed for a time that had passed */
        {{FEEDS, OUT, AWAY, SITE}, 1},
        {{FEEDS, OUT, AWAY, SITE, FEEDS}, 1}, /* the copies are there all the same */
        {{FEEDS, SITE, OUT, AWAY, FEEDS}, 0}, /* out between two times, in neither */
        {{FEEDS, SITE, OUT, FEEDS}, 0},
        {{FEEDS, SITE, OUT, FEEDS, SITE}, 1},
        {{FEEDS, OUT, AWAY, OUT}, 0},
        {{FEEDS, OUT, AWAY, SITE, OUT}, 1},
        {{SITE, OUT, AWAY, FEEDS, OUT}, 0},
    };

    for (size_t i = 0; i < NELEM(fate); i++) {
        struct world *w;
        void *own = NULL;
        int64_t id, revision = 0;
        usec now = T0;

        assert_int_equal(world_new(&own), 0);
        w = own;
        id = begin(w);
        for (size_t k = 0; k < NELEM(fate[i].deed) && fate[i].deed[k]; k++)
            suffer(w, id, fate[i].deed[k], &revision, now += USEC_S);
        if (lost(w) != fate[i].nlost)
            fail_msg("fate %zu: %zu are named", i, lost(w));
        assert_int_equal(world_free(&own), 0);
    }
    (void)state;
}

/* When it was lost is when it left the feeds, not a later withdrawal. */
static void lost_when(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w), revision = 0;
    const struct news_filter f = {.lang = S("en"), .limit = 20};
    struct news_lost_list l;

    suffer(w, id, FEEDS, &revision, T0);
    suffer(w, id, OUT, &revision, T0 + 1);
    suffer(w, id, SITE, &revision, T0 + 2);
    suffer(w, id, AWAY, &revision, T0 + 3);
    assert_int_equal(news_lost(w->a, w->db, &f, &l), 0);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.row[0].at, T0 + 2);
    assert_int_equal(l.row[0].kind, NEWS_STORY);
}

static size_t lost_of(struct world *w, int64_t topic_id, str country)
{
    const struct news_filter f = {
        .lang = S("en"), .limit = 20, .topic_id = topic_id, .country = country};
    struct news_lost_list l;

    assert_int_equal(news_lost(w->a, w->db, &f, &l), 0);
    return l.n;
}

/* The feed of a topic or a country names what it had, a story as well as a report. */
static void lost_where(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w), revision = 0, roads, media;

    assert_int_equal(topic_put(w->db, &w->editor, S("roads"), T0, &roads), 0);
    media = world_count(w, "SELECT topic_id FROM topics WHERE slug = 'media'");
    assert_int_equal(topic_choose(w->db, &w->editor, id, &roads, 1), 0);
    assert_int_equal(topic_choose(w->db, &w->editor, 1, &media, 1), 0);
    assert_int_equal(news_countries_put(w->db, &w->editor, id, S("UZ")), 0);
    assert_int_equal(news_countries_put(w->db, &w->editor, 1, S("KZ,TR")), 0);
    suffer(w, id, FEEDS, &revision, T0);
    suffer(w, id, OUT, &revision, T0 + 1);
    suffer(w, id, AWAY, &revision, T0 + 2);
    assert_int_equal(lost_of(w, roads, (str){0}), 1);
    assert_int_equal(lost_of(w, media, (str){0}), 0);
    assert_int_equal(lost_of(w, 0, S("UZ")), 1);
    assert_int_equal(lost_of(w, 0, S("KZ")), 0);
    assert_int_equal(news_withdraw(w->db, &w->editor, 1, S("en"), T0 + 3), 0);
    assert_int_equal(lost_of(w, roads, (str){0}), 1);
    assert_int_equal(lost_of(w, media, (str){0}), 1);
    assert_int_equal(lost_of(w, 0, S("UZ")), 1);
    assert_int_equal(lost_of(w, 0, S("KZ")), 1);
    assert_int_equal(lost_of(w, 0, S("AF")), 0);
    assert_int_equal(lost(w), 2);
}

/* What an item left is told as well, when it had it: in that language, while it was out. */
static void lost_and_left(void **state)
{
    struct world *w = *state;
    int64_t id = begin(w), revision = 0, rights, media;

    rights = world_count(w, "SELECT topic_id FROM topics WHERE slug = 'rights'");
    media = world_count(w, "SELECT topic_id FROM topics WHERE slug = 'media'");
    /* moved before it was out: nobody carries a copy from there */
    assert_int_equal(topic_choose(w->db, &w->editor, id, &media, 1), 0);
    assert_int_equal(news_countries_put(w->db, &w->editor, id, S("KZ")), 0);
    assert_int_equal(topic_choose(w->db, &w->editor, id, &rights, 1), 0);
    assert_int_equal(news_countries_put(w->db, &w->editor, id, S("TM,TR")), 0);
    suffer(w, id, FEEDS, &revision, T0);
    suffer(w, id, OUT, &revision, T0 + 1);
    /* moved while it was out */
    assert_int_equal(topic_choose(w->db, &w->editor, id, NULL, 0), 0);
    assert_int_equal(news_countries_put(w->db, &w->editor, id, S("TR")), 0);
    assert_int_equal(lost_of(w, rights, (str){0}), 0);
    assert_int_equal(lost_of(w, 0, S("TM")), 0);
    suffer(w, id, AWAY, &revision, T0 + 2);
    assert_int_equal(lost_of(w, rights, (str){0}), 1);
    assert_int_equal(lost_of(w, media, (str){0}), 0);
    assert_int_equal(lost_of(w, 0, S("TM")), 1);
    assert_int_equal(lost_of(w, 0, S("TR")), 1);
    assert_int_equal(lost_of(w, 0, S("KZ")), 0);
    /* what was in both is named once, and a topic may go */
    assert_int_equal(topic_choose(w->db, &w->editor, id, &rights, 1), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM news_topics_left"), 0);
    assert_int_equal(lost_of(w, rights, (str){0}), 1);
    assert_int_equal(topic_remove(w->db, &w->editor, rights), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM news_topics_left"), 0);
}

/* A language that came out only after the item had moved was never there. */
static void left_before_a_language(void **state)
{
    struct world *w = *state;
    struct news_in late = {.lang = S("ky"), .title = S("x"), .body = S("y")};
    struct news_filter f = {.limit = 20};
    struct news_lost_list l;

    f.topic_id = world_count(w, "SELECT topic_id FROM topics WHERE slug = 'media'");
    assert_int_equal(topic_choose(w->db, &w->editor, 1, &f.topic_id, 1), 0);
    assert_int_equal(topic_choose(w->db, &w->editor, 1, NULL, 0), 0);
    assert_int_equal(news_edit(w->db, &w->editor, 1, &late, T0), 0);
    world_check(w, 1, "ky");
    late.revision = -1;
    assert_int_equal(news_publish(w->db, &w->editor, 1, &late, 0, T0), 0);
    assert_int_equal(news_withdraw(w->db, &w->editor, 1, S("ky"), T0 + 1), 0);
    assert_int_equal(news_withdraw(w->db, &w->editor, 1, S("en"), T0 + 1), 0);
    f.lang = S("ky");
    assert_int_equal(news_lost(w->a, w->db, &f, &l), 0);
    assert_int_equal(l.n, 0);
    f.lang = S("en");
    assert_int_equal(news_lost(w->a, w->db, &f, &l), 0);
    assert_int_equal(l.n, 1);
}

/* What is made of news is made anew after each of these. */
static void marks(void **state)
{
    static const enum deed deeds[] = {FEEDS, OUT, SITE, AWAY, OVER};
    struct world *w = *state;
    int64_t id = begin(w), revision = 0, was, is;
    usec now = T0;

    assert_int_equal(news_mark(w->db, now, &was), 0);
    for (size_t i = 0; i < NELEM(deeds); i++) {
        suffer(w, id, deeds[i], &revision, now += USEC_S);
        assert_int_equal(news_mark(w->db, now, &is), 0);
        assert_true(is > was);
        was = is;
    }
    assert_int_equal(news_mark(w->db, now - USEC_S, &is), 0);
    assert_true(is < was); /* before the end of the consent */
    assert_int_equal(news_mark(w->db, now + USEC_DAY, &is), 0);
    assert_int_equal(is, was);
}

static const struct CMUnitTest tests[] = {
    ROW(consent), ROW(closed), ROW(ends), ROW(uses), ROW(never_in_feeds), ROW(feeds_ended_early),
    ROW(late_language), cmocka_unit_test(fates), ROW(lost_when), ROW(lost_where),
    ROW(lost_and_left), ROW(left_before_a_language), ROW(marks)};
SUITE(story);
