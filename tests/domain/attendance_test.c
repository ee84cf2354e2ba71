#include "suite.h"

#include "domain/attendance.h"
#include "domain/invitation.h"

#define MIN ((usec)60 * USEC_S)

/*
 * Rows: intervals in minutes, expected sum and parts. A gap of one minute is joined, a longer one
 * is not.
 */
static void sums(void **state)
{
    static const struct {
        struct interval at[4];
        size_t n;
        usec sum;
        size_t nparts;
    } rows[] = {
        {{{0, 10}}, 1, 10, 1},
        {{{0, 10}, {11, 20}}, 2, 20, 1},
        {{{0, 10}, {12, 20}}, 2, 18, 2},
        {{{5, 8}, {0, 10}}, 2, 10, 1}, /* a second device inside the first one's time */
        {{{0, 10}, {5, 20}, {15, 16}}, 3, 20, 1},
        {{{9, 9}, {30, 20}, {0, 5}}, 3, 5, 1}, /* empty and turned-round ones count nothing */
        {{{0, 0}}, 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct interval at[4];
        size_t nparts = 99;

        for (size_t k = 0; k < 4; k++)
            at[k] = (struct interval){rows[i].at[k].from * MIN, rows[i].at[k].to * MIN};
        assert_int_equal(attendance_sum(at, rows[i].n, ATTENDANCE_GAP_US, &nparts),
                         rows[i].sum * MIN);
        assert_int_equal(nparts, rows[i].nparts);
    }
}

static struct attendance one(struct world *w, usec now)
{
    struct seminar s = world_live(w);
    struct attendance_list l;

    assert_int_equal(attendance_list(w->a, w->db, &w->event, &s, now, &l), 0);
    assert_int_equal(l.n, 1);
    return l.row[0];
}

static void join(struct world *w, int64_t connection, usec at)
{
    assert_int_equal(
        attendance_join(w->db, &actor_server, w->demo.live_id, w->member.person_id, connection, at),
        0);
}

/* Two devices, a reload, practice before the beginning: 60 minutes live, 45 of them present. */
static void story(void **state)
{
    struct world *w = *state;
    int64_t live = w->demo.live_id;
    struct attendance p;
    bool any = true;

    assert_int_equal(attendance_any(w->db, live, &any), 0);
    assert_false(any);
    join(w, 1, T0 - 10 * MIN);
    assert_int_equal(seminar_state_set(w->db, &actor_server, live, SEMINAR_LIVE, T0), 0);
    join(w, 2, T0 + 5 * MIN);
    join(w, 2, T0 + 6 * MIN); /* said twice */
    assert_int_equal(attendance_left(w->db, &actor_server, 1, T0 + 20 * MIN), 0);
    assert_int_equal(attendance_left(w->db, &actor_server, 2, T0 + 20 * MIN), 0);
    assert_int_equal(attendance_left(w->db, &actor_server, 2, T0 + 30 * MIN), 0);
    join(w, 3, T0 + 20 * MIN + 30 * USEC_S);
    assert_int_equal(attendance_left(w->db, &actor_server, 3, T0 + 40 * MIN), 0);
    join(w, 4, T0 + 55 * MIN);
    p = one(w, T0 + 55 * MIN);
    assert_true(p.is_present);
    assert_int_equal(attendance_close(w->db, &actor_server, live, T0 + 60 * MIN), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, live, SEMINAR_ENDED, T0 + 60 * MIN),
                     0);
    p = one(w, T0 + 500 * MIN);
    assert_int_equal(p.present_us, 45 * MIN);
    assert_int_equal(p.share_percent, 75);
    assert_int_equal(p.nparts, 2);
    assert_int_equal(p.first_at, T0 - 10 * MIN);
    assert_int_equal(p.last_at, T0 + 60 * MIN);
    assert_false(p.is_present);
    assert_int_equal(p.role, ROLE_PARTICIPANT);
    assert_str(p.shown, "Editor, society desk");
}

/* What a crash left open ends when it was last seen. */
static void crash(void **state)
{
    struct world *w = *state;
    int64_t connections[] = {1, 77};

    assert_int_equal(seminar_state_set(w->db, &actor_server, w->demo.live_id, SEMINAR_LIVE, T0), 0);
    join(w, 1, T0);
    assert_int_equal(attendance_seen(w->db, &actor_server, connections, 2, T0 + 3 * MIN), 0);
    assert_int_equal(one(w, T0 + 30 * MIN).present_us, 3 * MIN); /* open, but long unseen */
    assert_int_equal(attendance_recover(w->db, &actor_server), 0);
    assert_int_equal(attendance_seen(w->db, &actor_server, connections, 2, T0 + 9 * MIN), 0);
    assert_int_equal(one(w, T0 + 30 * MIN).present_us, 3 * MIN);
    assert_int_equal(one(w, T0 + 30 * MIN).share_percent, 10);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(sums), ROW(story), ROW(crash)};
SUITE(attendance);
