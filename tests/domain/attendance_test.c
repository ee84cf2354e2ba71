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

/* Two devices, a reload, practice before the beginning: 60 minutes live, 50 of them present. */
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
    assert_int_equal(attendance_left(w->db, &actor_server, 3, T0 + 45 * MIN), 0);
    join(w, 4, T0 + 55 * MIN);
    p = one(w, T0 + 55 * MIN);
    assert_true(p.is_present);
    assert_int_equal(attendance_close(w->db, &actor_server, live, T0 + 60 * MIN), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, live, SEMINAR_ENDED, T0 + 60 * MIN),
                     0);
    p = one(w, T0 + 500 * MIN);
    assert_int_equal(p.present_us, 50 * MIN);
    assert_int_equal(p.share_percent, 83);
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

/* Somebody in the room from `from` to `to`, minutes after T0. */
struct stay {
    int from, to;
};

static usec ended_at(struct world *w, const struct stay *stay, size_t n, int end)
{
    int64_t live = w->demo.live_id, people = w->member.person_id;

    assert_int_equal(seminar_state_set(w->db, &actor_server, live, SEMINAR_LIVE, T0), 0);
    for (size_t i = 0; i < n; i++) {
        int64_t connection = 100 + (int64_t)i;

        assert_int_equal(attendance_join(w->db, &actor_server, live, people + (int64_t)i % 2,
                                         connection, T0 + stay[i].from * MIN), 0);
        if (stay[i].to < end)
            assert_int_equal(attendance_left(w->db, &actor_server, connection,
                                             T0 + stay[i].to * MIN), 0);
        else
            assert_int_equal(attendance_seen(w->db, &actor_server, &connection, 1, T0 + end * MIN),
                             0);
    }
    assert_int_equal(seminar_state_set(w->db, &actor_server, live, SEMINAR_ENDED, T0 + end * MIN),
                     0);
    return world_live(w).ended_at;
}

/* Everybody was there for all of the 90 minutes; "End" was forgotten, and came a day later. */
static void forgotten(void **state)
{
    static const struct stay stay[] = {{0, 90}, {0, 90}};
    struct world *w = *state;
    struct attendance_list l;
    struct seminar s;

    assert_int_equal(ended_at(w, stay, NELEM(stay), 24 * 60), T0 + 90 * MIN);
    s = world_live(w);
    assert_int_equal(attendance_list(w->a, w->db, &w->event, &s, T0 + 25 * 60 * MIN, &l), 0);
    assert_int_equal(l.n, 2);
    assert_int_equal(l.row[0].share_percent, 100);
    assert_int_equal(l.row[1].share_percent, 100);
}

/* Rows: who was there when, when "End" came, and when it was over. */
static void ends(void **state)
{
    static const struct {
        struct stay at[4];
        size_t n;
        int end, over; /* of whom is there at the end: "End" from the room; else the desk's */
    } rows[] = {
        {{{0, 90}, {1438, 1440}}, 2, 1440, 90}, /* came back to end it */
        {{{0, 90}, {700, 705}, {1438, 1440}}, 3, 1440, 90}, /* and somebody had looked in */
        {{{0, 90}, {700, 710}, {1430, 1440}}, 3, 1440, 710}, /* together too long for a look */
        {{{0, 90}, {150, 240}}, 2, 240, 240}, /* lunch */
        {{{0, 90}, {150, 240}}, 2, 600, 240}, /* lunch, and forgotten */
        {{{0, 90}}, 1, 104, 104}, /* a quarter of an hour is not over yet */
        {{{0, 90}}, 1, 105, 90},
        {{{0, 90}, {10, 60}, {30, 90}}, 3, 600, 90},
        {{{0, 60}, {120, 130}}, 2, 130, 130}, /* lunch, and a last part of ten minutes */
        {{{0, 60}, {80, 85}, {105, 112}}, 3, 112, 112}, /* power cuts */
        {{{0, 60}, {80, 85}}, 2, 105, 85}, /* and the desk's "End" */
        {{{0, 60}, {80, 85}, {700, 705}}, 3, 1440, 85}, /* a look in is no power cut */
        {{{0, 90}, {209, 214}}, 2, 214, 214},
        {{{0, 90}, {210, 215}}, 2, 215, 90}, /* two hours of nobody */
        {{{0, 90}, {210, 225}}, 2, 225, 225}, /* and a quarter of an hour of somebody */
        {{{0, 90}, {700, 705}}, 2, 710, 90}, /* the desk, while one is just out */
        {{{0, 90}, {80, 600}}, 2, 600, 600}, /* somebody sat there */
        {{{-50, -10}}, 1, 600, 600}, /* only in practice: nothing is known */
        {{{0, 0}}, 0, 600, 600},
    };

    for (size_t i = 0; i < NELEM(rows); i++) {
        usec at;

        assert_int_equal(world_free(state), 0);
        assert_int_equal(world_new(state), 0);
        at = ended_at(*state, rows[i].at, rows[i].n, rows[i].end);
        if (at != T0 + rows[i].over * MIN)
            fail_msg("row %zu: over at %lld", i, (long long)((at - T0) / MIN));
    }
}

static void empty(void **state)
{
    struct world *w = *state;
    int64_t live = w->demo.live_id;
    bool is_empty = false;

    assert_int_equal(attendance_is_empty(w->db, live, T0, &is_empty), 0);
    assert_true(is_empty);
    join(w, 1, T0);
    assert_int_equal(attendance_is_empty(w->db, live, T0 + MIN, &is_empty), 0);
    assert_false(is_empty);
    /* unseen for longer: a crash has left it open */
    assert_int_equal(attendance_is_empty(w->db, live, T0 + MIN + 1, &is_empty), 0);
    assert_true(is_empty);
    join(w, 2, T0 + 2 * MIN);
    assert_int_equal(attendance_left(w->db, &actor_server, 2, T0 + 2 * MIN), 0);
    assert_int_equal(attendance_is_empty(w->db, live, T0 + 2 * MIN, &is_empty), 0);
    assert_true(is_empty);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(sums), ROW(story), ROW(crash),
                                          ROW(forgotten), ROW(ends), ROW(empty)};
SUITE(attendance);
