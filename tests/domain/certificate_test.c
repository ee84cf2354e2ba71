#include "suite.h"

#include "base/limits.h"
#include "domain/answer.h"
#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/invitation.h"
#include "domain/person_data.h"
#include "domain/retention.h"
#include "domain/slides.h"

#include <string.h>

#define MINUTE (60 * USEC_S)

/* On air for 100 minutes, with a host; the member is there for `minutes`. */
static struct seminar held(struct world *w, int64_t person_id, int minutes)
{
    int64_t id = w->demo.live_id;
    int64_t host = world_count(w, "SELECT i.person_id FROM invitations i JOIN seminars s"
                                  " ON s.seminar_id = i.seminar_id WHERE i.role = 1"
                                  " AND s.slug = '" DEMO_LIVE_SLUG "'");

    assert_int_equal(seminar_state_set(w->db, &w->event, id, SEMINAR_LIVE, T0), 0);
    assert_int_equal(attendance_join(w->db, &actor_server, id, host, 76, T0), 0);
    assert_int_equal(attendance_left(w->db, &actor_server, 76, T0 + 100 * MINUTE), 0);
    assert_int_equal(attendance_join(w->db, &actor_server, id, person_id, 77, T0), 0);
    assert_int_equal(attendance_left(w->db, &actor_server, 77, T0 + minutes * MINUTE), 0);
    assert_int_equal(seminar_state_set(w->db, &w->event, id, SEMINAR_ENDED, T0 + 100 * MINUTE), 0);
    return world_live(w);
}

static int issue(struct world *w, const struct actor *who, const struct seminar *s,
                 int64_t person_id, str name, int64_t *ret_id)
{
    struct certificate_order order = {.s = s, .person_id = person_id, .name = name};

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
                                       &(struct certificate_order){.s = &s, .person_id = me}, T0,
                                       &claim),
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

static int64_t learner_add(struct world *w, int i)
{
    const struct person in = {.org_id = 3, .function = arena_printf(w->a, "Learner %d", i),
                              .lang = S("tk")};
    int64_t person = 0, id;

    assert_int_equal(person_put(w->db, &w->event, &in, T0, &person), 0);
    assert_int_equal(invitation_put(w->db, &w->event, w->demo.live_id, person, ROLE_PARTICIPANT,
                                    &id), 0);
    return person;
}

/* As many as a large room has: the list of who came is read once, not for each of them. */
static void many(void **state)
{
    enum { MANY = 200 };
    struct world *w = *state;
    struct seminar s;
    int64_t n = 0;

    for (int i = 0; i < MANY - 1; i++) {
        assert_int_equal(attendance_join(w->db, &actor_server, w->demo.live_id, learner_add(w, i),
                                         100 + i, T0), 0);
        assert_int_equal(attendance_left(w->db, &actor_server, 100 + i, T0 + 100 * MINUTE), 0);
    }
    s = held(w, w->member.person_id, 100);
    assert_int_equal(certificate_issue_all(w->a, w->db, &w->event, &s, T0, &n), 0);
    assert_int_equal(n, MANY);
    assert_true(arena_used(w->a) < MAX_ARENA_BYTES / 4); /* and not just so */
}

static void rights(void **state)
{
    struct world *w = *state;
    struct seminar s = held(w, w->member.person_id, 100);
    const struct certificate_order mine = {.s = &s, .person_id = w->member.person_id};
    struct actor other = w->member;
    struct certificate_claim claim;
    struct certificate_list list;
    struct certificate c;
    int64_t id = 0, n = 0;

    other.person_id++;
    assert_int_equal(issue(w, &other, &s, w->member.person_id, S("X"), &id), ERR_DENIED);
    assert_int_equal(certificate_claim(w->a, w->db, &other, &mine, T0, &claim), ERR_DENIED);
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
    struct certificate_claim claim;
    int64_t id = 0, next = 0, n = 9;

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
    /* After that nobody gets another by asking, nor by the list; the organiser may give one. */
    assert_int_equal(issue(w, &w->member, &s, w->member.person_id, S("Third"), &id), ERR_STATE);
    assert_int_equal(issue(w, &w->event, &s, w->member.person_id, S("Third"), &id), ERR_STATE);
    assert_int_equal(certificate_issue_all(w->a, w->db, &w->event, &s, T0 + 9, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(certificate_claim(w->a, w->db, &w->member,
                                       &(struct certificate_order){.s = &s,
                                                                   .person_id =
                                                                       w->member.person_id},
                                       T0 + 9, &claim),
                     0);
    assert_true(claim.is_taken_back && claim.is_earned && !claim.certificate.id);
    for (int k = 0; k < 2; k++)
        assert_int_equal(certificate_reissue(w->a, w->db, &w->event,
                                             &(struct certificate_change){next, S("Third")},
                                             T0 + 10, &id),
                         k ? ERR_STATE : 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, next, &c), 0);
    assert_str(c.reason, "Was another person's link");
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, id, &c), 0);
    assert_str(c.print.name, "Third");
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

/* The same of one who becomes protected when it was issued: of all there are, by another code. */
static void protected_later(void **state)
{
    struct world *w = *state;
    int64_t me = w->member.person_id, first = 0, second = 0, third = 0, id;
    struct certificate c, old[2];
    struct seminar s = held(w, me, 100);

    assert_int_equal(issue(w, &w->member, &s, me, S("A Real Name"), &first), 0);
    assert_int_equal(certificate_reissue(w->a, w->db, &w->event,
                                         &(struct certificate_change){first, S("A Real Namé")}, T0,
                                         &second), 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, first, &old[0]), 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, second, &old[1]), 0);
    assert_true(old[1].print.org.n > 0);
    assert_int_equal(invitation_put(w->db, &w->event, s.id, me, ROLE_PROTECTED, &id), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(certificate_by_code(w->a, w->db, old[i].code, &c), ERR_NOT_FOUND);
        assert_int_equal(certificate_by_id(w->a, w->db, &w->event, i ? second : first, &c), 0);
        assert_str(c.print.name, "Editor, society desk");
        assert_int_equal(c.print.name_by, NAME_PSEUDONYM);
        assert_int_equal(c.print.org.n, 0);
        assert_int_equal(c.print.share, 100);
    }
    assert_int_equal(certificate_reissue(w->a, w->db, &w->event,
                                         &(struct certificate_change){second, S("A witness")}, T0,
                                         &third), 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, third, &c), 0);
    assert_int_equal(c.print.name_by, NAME_PSEUDONYM);
    assert_int_equal(c.print.org.n, 0);
}

/* What a person leaves: a certificate, a word in the room, a corrected time, an answer, slides. */
static int64_t left_traces(struct world *w, int64_t me, struct certificate *ret)
{
    static const int64_t value[5] = {1, 1, 1, 2, 2};
    struct attendance_fix fix = {.person_id = me, .minutes = 3, .reason = S("Hidden sat beside")};
    struct stmt *said = db_stmt(w->db, "INSERT INTO room_chats VALUES (?1, 1, ?2, 'Hidden',"
                                       " 'Hidden words', 1)");
    struct attempt in = {.kind = QUIZ_PRE, .lang = S("tk")};
    struct deck deck = {.seminar_id = w->demo.live_id, .name = S("Hidden_Name.pdf")};
    struct actor speaker = w->member;
    struct seminar s;
    struct quiz z;
    int64_t id = 0;

    memcpy(in.value, value, sizeof(value));
    assert_int_equal(quiz_by_kind(w->db, &w->member, w->demo.live_id, QUIZ_PRE, &z), 0);
    assert_int_equal(quiz_gate_set(w->db, &w->event, z.id, QUIZ_OPEN, T0), 0);
    s = world_live(w);
    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &in, T0), 0);
    speaker.role = ROLE_SPEAKER;
    assert_int_equal(deck_add(w->db, &speaker, &deck, S("%PDF-1.4"), T0, &id), 0);
    s = held(w, me, 100);
    assert_int_equal(attendance_correct(w->db, &w->event, s.id, &fix, T0 + 200 * MINUTE), 0);
    stmt_i64(said, 1, s.id); /* as of a seminar that goes on */
    stmt_i64(said, 2, me);
    assert_int_equal(stmt_run(said), 0);
    assert_int_equal(issue(w, &w->member, &s, me, S("Hidden Name"), &id), 0);
    assert_int_equal(certificate_by_id(w->a, w->db, &w->event, id, ret), 0);
    return id;
}

static int64_t count_hidden(struct world *w)
{
    return world_count(w, "SELECT (SELECT count(*) FROM certificates"
                          "   WHERE printed LIKE '%Hidden%')"
                          " + (SELECT count(*) FROM room_chats WHERE body LIKE '%Hidden%')"
                          " + (SELECT count(*) FROM decks WHERE name LIKE '%Hidden%')"
                          " + (SELECT count(*) FROM attendance_corrections"
                          "    WHERE reason LIKE '%Hidden%')");
}

/* All of it is given out; erased, it is counted and leads to nobody. */
static void erased(void **state)
{
    static const char *const given[] = {
        "\"name\": \"Hidden Name\"", "\"words\": \"Hidden words\"",
        "\"reason\": \"Hidden sat beside\"",
        "\"test\": \"pre\", \"question\": 1, \"value\": 1",
        "\"file\": \"Hidden_Name.pdf\""};
    struct world *w = *state;
    int64_t me = w->member.person_id, next = 0, id;
    struct certificate old, c;
    struct certificate_list l;
    str json;

    id = left_traces(w, me, &old);
    assert_int_equal(person_export(w->a, w->db, &w->event, me, &json), 0);
    for (size_t i = 0; i < NELEM(given); i++)
        if (str_find(json, str_c(given[i])) < 0)
            fail_msg("%s is not in %.*s", given[i], STR(json));
    assert_int_equal(count_hidden(w), 4);
    assert_int_equal(person_erase(w->db, &w->event, me, T0 + USEC_DAY), 0);
    assert_int_equal(count_hidden(w), 0);
    assert_int_equal(person_export(w->a, w->db, &w->event, me, &json), 0);
    assert_true(str_find(json, S("Hidden")) < 0);
    assert_int_equal(certificate_by_code(w->a, w->db, old.code, &c), ERR_NOT_FOUND);
    assert_int_equal(certificate_list(w->a, w->db, &w->event, old.seminar_id, &l), 0);
    assert_true(l.n == 1 && l.row[0].print.name_by == NAME_ERASED && !l.row[0].revoked_at);
    assert_int_equal(l.row[0].print.org.n, 0);
    assert_int_equal(certificate_reissue(w->a, w->db, &w->event,
                                         &(struct certificate_change){id, S("Back")}, T0, &next),
                     ERR_STATE);
    assert_int_equal(certificate_erase(w->db, &w->member, me, 0, &next), ERR_DENIED);
}

/* A certificate can be checked for longer than its holder is known; then its name goes, too. */
static void kept_longer(void **state)
{
    struct world *w = *state;
    struct certificate c, old;
    struct retention_report rep;
    usec end;

    (void)left_traces(w, w->member.person_id, &old);
    end = old.issued_at + retention_days(RETENTION_CERTIFICATE) * USEC_DAY;
    assert_int_equal(retention_run(w->db, &w->system, end - USEC_DAY, &rep), 0);
    assert_true(rep.n[RETENTION_PERSON] > 0 && rep.n[RETENTION_CERTIFICATE] == 0);
    assert_int_equal(certificate_by_code(w->a, w->db, old.code, &c), 0);
    assert_str(c.print.name, "Hidden Name");
    assert_int_equal(count_hidden(w), 1);
    assert_int_equal(retention_run(w->db, &w->system, end + USEC_DAY, &rep), 0);
    assert_int_equal(rep.n[RETENTION_CERTIFICATE], 1);
    assert_int_equal(count_hidden(w), 0);
    assert_int_equal(retention_run(w->db, &w->system, end + 2 * USEC_DAY, &rep), 0);
    assert_int_equal(rep.n[RETENTION_CERTIFICATE], 0);
}

/* Whoever adds a table about persons gives it out and erases it (domain/person_data.c). */
static void tables_about_persons(void **state)
{
    struct stmt *q = db_stmt(((struct world *)*state)->db,
                             "SELECT group_concat(name, ' ') FROM (SELECT m.name AS name"
                             " FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                             " WHERE m.type = 'table' AND c.name IN ('person', 'person_id')"
                             " ORDER BY 1)");

    assert_true(stmt_row(q) > 0);
    assert_str(col_str(q, 0), "attempts attendance_corrections attendances certificates decks"
                              " invitations kit_links persons room_chats room_persons room_places");
    stmt_end(q);
}

static const struct CMUnitTest tests[] = {ROW(codes),     ROW(earned), ROW(many), ROW(rights),
                                          ROW(revoked),   ROW(pseudonym), ROW(erased),
                                          ROW(protected_later),
                                          ROW(kept_longer), ROW(tables_about_persons)};
SUITE(certificate);
