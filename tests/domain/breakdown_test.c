/*
 * Who came, by kind, sex, age, country and language; and the corrections of a person's time.
 */
#include "suite.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/attendance.h"
#include "domain/breakdown.h"
#include "domain/invitation.h"
#include "domain/org.h"
#include "domain/seminar.h"

#include <string.h>

enum { PEOPLE = 24, MINUTE_US = 60 * 1000000 };

/* So many of one sex, the first `complete` of them there to the end. */
static size_t add(struct attendance *row, size_t at, int sex, int n, int complete)
{
    for (int i = 0; i < n; i++)
        row[at++] = (struct attendance){
            .sex = sex, .kind = 1, .lang = S("tk"), .share_percent = i < complete ? 100 : 10};
    return at;
}

static const struct breakdown_part *part(const struct breakdown *b, int by, int code)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->part[i].by == by && b->part[i].code == code)
            return &b->part[i];
    }
    fail_msg("no part %s %d", breakdown_name(by), code);
    return NULL;
}

static int64_t people_in(const struct breakdown *b, int by)
{
    int64_t n = 0;

    for (size_t i = 0; i < b->n; i++)
        n += b->part[i].by == by ? b->part[i].n : 0;
    return n;
}

static struct breakdown of(struct world *w, const struct attendance *row, size_t n)
{
    const struct attendance_list l = {.row = (struct attendance *)row, .n = n};
    struct breakdown b;

    assert_int_equal(breakdown_make(w->a, &l, 85, &b), 0);
    return b;
}

static void groups_are_counted(void **state)
{
    struct attendance row[PEOPLE] = {0};
    size_t n = add(row, add(row, 0, 1, 12, 6), 2, 12, 6);
    struct breakdown b = of(*state, row, n);

    assert_int_equal(b.came, 24);
    assert_int_equal(b.complete, 12);
    assert_false(b.is_hidden);
    assert_int_equal(part(&b, BY_SEX, 1)->n, 12);
    assert_int_equal(part(&b, BY_SEX, 2)->complete, 6);
    assert_false(part(&b, BY_SEX, 1)->is_hidden);
    assert_int_equal(part(&b, BY_KIND, 1)->n, 24);
    assert_str(part(&b, BY_LANG, 0)->value, "tk");
    assert_str(part(&b, BY_COUNTRY, 0)->value, ""); /* not stated is counted like a value */
    assert_int_equal(part(&b, BY_COUNTRY, 0)->n, 24);
}

/* Four are hidden, and the other part with them: it could be subtracted. */
static void few_are_not_said(void **state)
{
    struct attendance row[PEOPLE] = {0};
    size_t n = add(row, add(row, 0, 1, 12, 12), 2, 4, 4);
    struct breakdown b = of(*state, row, n);

    assert_true(part(&b, BY_SEX, 2)->is_hidden);
    assert_true(part(&b, BY_SEX, 1)->is_hidden);
    assert_false(part(&b, BY_KIND, 1)->is_hidden);
    n = add(row, 0, 1, 4, 0);
    b = of(*state, row, n);
    assert_true(b.is_hidden);
    assert_true(part(&b, BY_KIND, 1)->is_hidden);
}

/* Twelve of thirteen completed: the one who did not would be known. */
static void who_did_not_complete_is_not_betrayed(void **state)
{
    struct attendance row[PEOPLE] = {0};
    struct breakdown b = of(*state, row, add(row, 0, 1, 13, 12));

    assert_false(b.is_hidden);
    assert_true(b.is_complete_hidden);
    assert_true(part(&b, BY_SEX, 1)->is_complete_hidden);
}

static const struct attendance *of_person(const struct attendance_list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->row[i].person_id == id)
            return &l->row[i];
    }
    fail_msg("person %lld did not come", (long long)id);
    return NULL;
}

/* Half of an hour on air. */
static struct attendance_list half_there(struct world *w, usec now)
{
    struct attendance_list l;
    struct seminar s;

    s = world_live(w);
    assert_int_equal(attendance_list(w->a, w->db, &w->event, &s, now, &l), 0);
    return l;
}

static void a_correction_is_added_and_logged(void **state)
{
    struct world *w = *state;
    int64_t id = w->demo.live_id, person = w->member.person_id;
    struct attendance_fix fix = {.person_id = person, .minutes = 10, .reason = S("Line was cut")};
    struct attendance_fix_list log;
    struct attendance_list l;
    usec now = T0 + 60 * (usec)MINUTE_US;

    assert_int_equal(attendance_correct(w->db, &w->event, id, &fix, now), ERR_NOT_FOUND);
    assert_int_equal(seminar_state_set(w->db, &actor_server, id, SEMINAR_LIVE, T0), 0);
    assert_int_equal(attendance_join(w->db, &actor_server, id, person, 7, T0), 0);
    assert_int_equal(attendance_left(w->db, &actor_server, 7, T0 + 30 * (usec)MINUTE_US), 0);
    l = half_there(w, now);
    assert_int_equal(of_person(&l, person)->share_percent, 50);
    assert_int_equal(attendance_correct(w->db, &w->member, id, &fix, now), ERR_DENIED);
    assert_int_equal(attendance_correct(w->db, &w->editor, id, &fix, now), ERR_DENIED);
    fix.reason = S("");
    assert_int_equal(attendance_correct(w->db, &w->event, id, &fix, now), ERR_RANGE);
    fix.reason = S("Line was cut");
    assert_int_equal(attendance_correct(w->db, &w->event, id, &fix, now), 0);
    l = half_there(w, now);
    assert_int_equal(of_person(&l, person)->correction, 10);
    assert_int_equal(of_person(&l, person)->measured_us, 30 * (usec)MINUTE_US);
    assert_int_equal(of_person(&l, person)->present_us, 40 * (usec)MINUTE_US);
    fix.minutes = 600; /* never more than the time it was live, and never under nothing */
    assert_int_equal(attendance_correct(w->db, &w->event, id, &fix, now), 0);
    l = half_there(w, now);
    assert_int_equal(of_person(&l, person)->share_percent, 100);
    assert_int_equal(attendance_fixes(w->a, w->db, &w->event, id, &log), 0);
    assert_int_equal(log.n, 2);
    assert_int_equal(log.row[0].minutes, 10);
    assert_str(log.row[0].reason, "Line was cut");
    assert_int_equal(attendance_fixes(w->a, w->db, &w->editor, id, &log), ERR_DENIED);
}

/* A protected person is in the sums, and in no group: beside the list the rest would be theirs. */
static void protected_people_are_in_no_group(void **state)
{
    struct attendance row[PEOPLE] = {0};
    size_t n = add(row, add(row, 0, 1, 12, 6), 2, 12, 6);
    struct breakdown b;

    row[0].role = ROLE_PROTECTED;
    b = of(*state, row, n);
    assert_int_equal(b.came, 24);
    assert_int_equal(b.complete, 12);
    for (int by = 0; by < BREAKDOWNS; by++)
        assert_int_equal(people_in(&b, by), 23);
    assert_int_equal(part(&b, BY_SEX, 1)->n, 11);
}

static const struct CMUnitTest tests[] = {
    ROW(groups_are_counted),
    ROW(few_are_not_said),
    ROW(who_did_not_complete_is_not_betrayed),
    ROW(a_correction_is_added_and_logged),
    ROW(protected_people_are_in_no_group),
};
SUITE(breakdown);
