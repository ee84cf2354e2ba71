#include "suite.h"

#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/invitation.h"

#include <string.h>

#define MINUTE (60 * USEC_S)

/* On air for 100 minutes; the member is there for `minutes`. */
static struct seminar held(struct world *w, int64_t person_id, int minutes)
{
    int64_t id = w->demo.live_id;

    assert_int_equal(seminar_state_set(w->db, &w->event, id, SEMINAR_LIVE, T0), 0);
    assert_int_equal(attendance_join(w->db, &actor_server, id, person_id, 77, T0), 0);
    assert_int_equal(attendance_left(w->db, &actor_server, 77, T0 + minutes * MINUTE), 0);
    assert_int_equal(seminar_state_set(w->db, &w->event, id, SEMINAR_ENDED, T0 + 100 * MINUTE), 0);
    return world_live(w);
}

static int issue(struct world *w, const struct actor *who, const struct seminar *s,
                 int64_t person_id, str name, int64_t *ret_id)
{
    struct certificate_order order = {s, person_id, name};

    return certificate_issue(w->a, w->db, who, &order, T0, ret_id);
}

static void codes(void **state)
{
    char clean[CERTIFICATE_CODE + 1], shown[CERTIFICATE_CODE_TEXT];

    (void)state;
    assert_int_equal(certificate_code_parse(S("ABCDE-FGHJK-mnpqr-stvIO"), clean), 0);
    assert_string_equal(clean, "abcdefghjkmnpqrstv10");
    certificate_code_show(str_c(clean), shown);
    assert_string_equal(shown, "abcde-fghjk-mnpqr-stv10");
    assert_int_equal(certificate_code_parse(S("abc"), clean), ERR_NOT_FOUND);
    assert_int_equal(certificate_code_parse(S("abcdefghjkmnpqrstv100"), clean), ERR_NOT_FOUND);
    assert_int_equal(certificate_code_parse(S("abcdefghjkmnpqrst\xd1\x8f"
                                              "1"),
                                            clean),
                     ERR_NOT_FOUND);
}

static void earned(void **state)
{
    struct world *w = *state;
    struct certificate_rule rule = {.percent = 84, .needs_post = true};
    struct seminar s = world_live(w);
    struct certificate_claim claim;
    struct certificate c, again;
    int64_t id = 0, me = w->member.person_id;

    assert_int_equal(issue(w, &w->member, &s, me, S("A B"), &id), ERR_STATE);
    s = held(w, me, 84);
    assert_int_equal(certificate_claim(w->a, w->db, &w->member,
                                       &(struct certificate_order){&s, me, S("")}, T0, &claim),
                     0);
    assert_true(claim.is_over && claim.was_there && !claim.is_earned);
    assert_int_equal(claim.share, 84);
    assert_int_equal(claim.rule.percent, 85);
    assert_int_equal(issue(w, &w->member, &s, me, S("A B"), &id), ERR_STATE);
    assert_int_equal(certificate_rule_set(w->db, &w->event, s.id, &rule, T0), 0);
    assert_int_equal(issue(w, &w->member, &s, me, S("A B"), &id), ERR_STATE);
    rule.needs_post = false;
    assert_int_equal(certificate_rule_set(w->db, &w->event, s.id, &rule, T0), 0);
    assert_int_equal(issue(w, &w->member, &s, me, S("  Aýna Ö. "), &id), 0);
    assert_int_equal(issue(w, &w->member, &s, me, S("A B"), &id), ERR_CONFLICT);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->member, id, &c), 0);
    assert_str(c.print.name, "Aýna Ö.");
    assert_int_equal(c.print.name_by, NAME_OF_HOLDER);
    assert_str(c.lang, "tk");
    assert_true(str_starts(c.print.title, S("Merkezi Aziýada adam söwdasyna garşy")));
    assert_int_equal(c.print.held_at, T0);
    assert_int_equal(c.print.minutes, 100);
    assert_int_equal(c.print.present, 84);
    assert_int_equal(c.print.percent, 84);
    assert_int_equal(c.code.n, CERTIFICATE_CODE);
    assert_true(c.print.is_sample && c.print.donor.n && c.print.convener.n && c.print.programme.n);
    assert_int_equal(certificate_by_code(w->a, w->db, c.code, &again), 0);
    assert_int_equal(again.id, id);
    assert_int_equal(certificate_by_code(w->a, w->db, S("00000-00000-00000-00000"), &again),
                     ERR_NOT_FOUND);
}

static void rights(void **state)
{
    struct world *w = *state;
    struct seminar s = held(w, w->member.person_id, 100);
    struct actor other = w->member;
    struct certificate_claim claim;
    struct certificate_list list;
    struct certificate c;
    int64_t id = 0, n = 0;

    other.person_id++;
    assert_int_equal(issue(w, &other, &s, w->member.person_id, S("X"), &id), ERR_DENIED);
    assert_int_equal(certificate_claim(w->a, w->db, &other,
                                       &(struct certificate_order){&s, w->member.person_id, S("")},
                                       T0, &claim),
                     ERR_DENIED);
    assert_int_equal(certificate_issue_all(w->a, w->db, &w->member, &s, T0, &n), ERR_DENIED);
    assert_int_equal(certificate_issue_all(w->a, w->db, &w->event, &s, T0, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(certificate_issue_all(w->a, w->db, &w->event, &s, T0, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(certificate_list(w->a, w->db, &w->event, s.id, &list), 0);
    assert_int_equal(list.n, 1);
    assert_str(list.row[0].print.name,
               "Editor, society desk"); /* the function: no name was given */
    assert_int_equal(certificate_list(w->a, w->db, &w->editor, s.id, &list), ERR_DENIED);
    assert_int_equal(certificate_by_id(w->a, w->db, &other, 1, &c), ERR_DENIED);
    assert_int_equal(certificate_revoke(w->db, &w->member, 1, S("x"), T0), ERR_DENIED);
    assert_int_equal(certificate_rule_set(w->db, &w->editor, s.id, &claim.rule, T0), ERR_DENIED);
}

static void revoked(void **state)
{
    struct world *w = *state;
    struct seminar s = held(w, w->member.person_id, 100);
    struct certificate old, c;
    int64_t id = 0, next = 0;

    assert_int_equal(issue(w, &w->member, &s, w->member.person_id, S("First"), &id), 0);
    assert_int_equal(certificate_reissue(w->a, w->db, &w->event,
                                         &(struct certificate_change){id, S(" ")}, T0, &next),
                     ERR_RANGE);
    assert_int_equal(certificate_reissue(w->a, w->db, &w->event,
                                         &(struct certificate_change){id, S("Second")}, T0 + 5,
                                         &next),
                     0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, id, &old), 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, next, &c), 0);
    assert_true(old.is_replaced && old.revoked_at == T0 + 5 && !c.revoked_at);
    assert_false(str_eq(old.code, c.code));
    assert_str(c.print.name, "Second");
    assert_int_equal(c.print.name_by, NAME_OF_ORGANISER);
    assert_str(old.print.name, "First");
    assert_int_equal(certificate_revoke(w->db, &w->event, next, S(" "), T0), ERR_RANGE);
    assert_int_equal(
        certificate_revoke(w->db, &w->event, next, S("Was another person's link"), T0 + 9), 0);
    assert_int_equal(certificate_revoke(w->db, &w->event, next, S("Again"), T0 + 9), ERR_STATE);
    assert_int_equal(certificate_by_code(w->a, w->db, c.code, &c), 0);
    assert_str(c.reason, "Was another person's link");
    assert_false(c.is_replaced);
    /* After that, one may be issued anew. */
    assert_int_equal(issue(w, &w->event, &s, w->member.person_id, S("Third"), &id), 0);
}

/* A protected person is printed under the function alone, whatever name is sent along. */
static void pseudonym(void **state)
{
    struct world *w = *state;
    struct stmt *q = db_stmt(w->db, "UPDATE persons SET name = 'A real name' WHERE person_id = ?1");
    struct seminar s;
    struct certificate c;
    int64_t id = 0;

    stmt_i64(q, 1, w->member.person_id);
    assert_int_equal(stmt_run(q), 0);
    assert_int_equal(
        invitation_put(w->db, &w->event, w->demo.live_id, w->member.person_id, ROLE_PROTECTED, &id),
        0);
    s = held(w, w->member.person_id, 100);
    assert_int_equal(issue(w, &w->member, &s, w->member.person_id, S("Sent"), &id), 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, id, &c), 0);
    assert_str(c.print.name, "Editor, society desk");
    assert_int_equal(c.print.name_by, NAME_PSEUDONYM);
    assert_int_equal(c.print.org.n, 0);
}

static const struct CMUnitTest tests[] = {ROW(codes), ROW(earned), ROW(rights), ROW(revoked),
                                          ROW(pseudonym)};
SUITE(certificate);
