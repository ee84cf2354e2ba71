#include "suite.h"

#include "domain/invitation.h"

static void slug(void **state)
{
    (void)state;
    assert_true(seminar_is_slug(S("media-and-ngos-2020")));
    assert_false(seminar_is_slug(S("a")));
    assert_false(seminar_is_slug(S("-a")));
    assert_false(seminar_is_slug(S("a-")));
    assert_false(seminar_is_slug(S("a--b")));
    assert_false(seminar_is_slug(S("A-b")));
    assert_false(seminar_is_slug(S("a/b")));
}

static void record(void **state)
{
    struct world *w = *state;
    struct seminar s;
    struct agenda l;
    struct invited_list invited;

    assert_int_equal(seminar_by_slug(w->a, w->db, S(DEMO_RECORD_SLUG), S("tk"), &s), 0);
    assert_int_equal(s.state, SEMINAR_ARCHIVED);
    assert_int_equal(s.policy, NETWORK_HTTPS_ONLY);
    assert_int_equal(s.starts_at, (usec)1606194000 * USEC_S); /* 24 November 2020, 05:00 UTC */
    assert_int_equal(s.minutes, 150);
    assert_int_equal(s.nlangs, 3);
    assert_str(s.lang[0], "tk");
    assert_int_equal(s.sample, SAMPLE_TIME | SAMPLE_DURATION | SAMPLE_AGENDA | SAMPLE_QUOTAS);
    assert_false(s.is_demo);
    assert_int_equal(seminar_agenda(w->a, w->db, &s, S("tk"), &l), 0);
    assert_int_equal(l.n, 8);
    assert_str(l.row[0].title.body, "Açylyş");
    assert_str(l.row[2].slides, "slides.pdf");
    assert_int_equal(l.row[2].starts_at, s.starts_at + 20 * 60 * USEC_S);
    assert_int_equal(seminar_invited(w->a, w->db, &w->nobody, &s, S("en"), &invited), 0);
    assert_int_equal(invited.n, 7);
    assert_str(invited.row[0].org.slug, "tdh");
    assert_int_equal(invited.row[0].quota, 3);
}

static void live(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    struct invited_list invited;
    struct seminar_list l;

    assert_int_equal(s.starts_at, T0);
    assert_int_equal(s.policy, NETWORK_OPEN);
    assert_true(s.is_demo);
    assert_int_equal(s.state, SEMINAR_PRACTICE);
    assert_false(s.sample & SAMPLE_TIME);
    assert_int_equal(seminar_list(w->a, w->db, S("en"), 0, &l), 0);
    assert_int_equal(l.n, 2);
    assert_int_equal(l.row[0].id, s.id);
    assert_int_equal(seminar_list(w->a, w->db, S("en"), 1u << SEMINAR_ARCHIVED, &l), 0);
    assert_int_equal(l.n, 1);
    assert_int_equal(seminar_invited(w->a, w->db, &w->event, &s, S("en"), &invited), 0);
    assert_int_equal(invited.row[0].ninvited, 2);
    assert_int_equal(seminar_invited(w->a, w->db, &w->member, &s, S("en"), &invited), 0);
    assert_int_equal(invited.row[0].ninvited, 0); /* counts are the organiser's */
}

/* People of an organisation without a quota count too, once, behind the others. */
static void replies(void **state)
{
    struct world *w = *state;
    struct invited_list with, without;
    struct seminar s = world_live(w);

    assert_int_equal(seminar_replies(w->a, w->db, &w->event, &s, S("en"), &with), 0);
    assert_int_equal(seminar_replies(w->a, w->db, &w->member, &s, S("en"), &without), ERR_DENIED);
    assert_int_equal(db_script(w->db, "DELETE FROM quotas WHERE org_id ="
                                      " (SELECT org_id FROM persons WHERE person_id = 6)"),
                     0);
    assert_int_equal(seminar_replies(w->a, w->db, &w->event, &s, S("en"), &without), 0);
    assert_int_equal(without.n, with.n);
    for (size_t i = 0; i < with.n; i++) {
        const struct invited *last = &without.row[without.n - 1];

        if (with.row[i].org.id != last->org.id)
            continue;
        assert_int_equal(last->ninvited, with.row[i].ninvited);
        assert_int_equal(last->naccepted, with.row[i].naccepted);
        assert_int_equal(last->quota, 0);
        return;
    }
    fail_msg("the organisation is left out");
}

static void states(void **state)
{
    struct world *w = *state;
    int64_t id = w->demo.live_id;
    struct seminar s;

    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_ENDED, T0), ERR_STATE);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_LIVE, T0 + 1), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_LIVE, T0 + 2), 0);
    assert_int_equal(world_live(w).live_at, T0 + 1);
    assert_int_equal(seminar_stage_set(w->db, &actor_server, id, w->member.person_id, T0), 0);
    assert_int_equal(seminar_stage_set(w->db, &actor_server, id, 999, T0), ERR_NOT_FOUND);
    assert_int_equal(world_live(w).stage, w->member.person_id);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_PRACTICE, T0 + 3), 0);
    assert_int_equal(world_live(w).live_at, 0); /* begun by mistake is not begun */
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_LIVE, T0 + 4), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_ENDED, T0 + 5), 0);
    s = world_live(w);
    assert_int_equal(s.live_at, T0 + 4);
    assert_int_equal(s.ended_at, T0 + 5);
    assert_int_equal(s.stage, 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_LIVE, T0 + 6), ERR_STATE);
    assert_int_equal(seminar_state_set(w->db, &actor_server, 999, SEMINAR_LIVE, T0), ERR_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(slug), ROW(record), ROW(live),
                                          ROW(replies), ROW(states)};
SUITE(seminar);
