/*
 * Tests, certificates and the donor's sheet: rows for their routes, and what rows cannot say.
 */
#include "suite.h"

#include "base/clock.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "domain/sheet.h"

#include <string.h>

#define LIVE   DEMO_LIVE_SLUG
#define MINUTE (60 * USEC_S)

static const struct row rows[] = {
    {"mine_show", MEMBER, "GET", "/s/" LIVE "/mine?lang=en", NULL, 200, "/s/" LIVE "/quiz/pre",
     "/s/" LIVE "/quiz/post", NULL, NULL},
    {"mine_show", MEMBER, "GET", "/s/" DEMO_RECORD_SLUG "/mine", NULL, 403, NULL, NULL, NULL, NULL},
    {"room_tests", MEMBER, "GET", "/s/" LIVE "/room/tests", NULL, 200,
     "{\"kind\":\"pre\",\"all\":5,\"mine\":0}", "post", NULL, NULL},
    {"room_tests", MEMBER, "GET", "/s/" DEMO_RECORD_SLUG "/room/tests", NULL, 403, NULL, NULL, NULL,
     NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/pre?lang=tk", NULL, 200, "type=\"checkbox\"",
     "hagar.org", NULL, NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/post?lang=en", NULL, 200, "not open now",
     "<fieldset", NULL, NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/other", NULL, 404, NULL, NULL, NULL, NULL},
    {"quiz_answer", MEMBER, "POST", "/s/" LIVE "/quiz/pre?lang=tk",
     "mark={mark}&q1=2&q2=1&q2=4&q2=8&q4=5", 303, "/quiz/pre?done=saved", NULL, NULL, NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/pre?done=saved&lang=en", NULL, 200,
     "Still open: 2", NULL, NULL, NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/pre?lang=en", NULL, 200,
     "name=\"q2\" value=\"8\" checked", "name=\"q2\" value=\"2\" checked", NULL, NULL},
    {"quiz_answer", MEMBER, "POST", "/s/" LIVE "/quiz/pre?lang=en", "mark={mark}&q1=3&q4=4", 400,
     "name=\"q4\" value=\"4\" checked", NULL, NULL, NULL},
    {"quiz_answer", MEMBER, "POST", "/s/" LIVE "/quiz/pre", "mark={mark}&q1=x", 400, NULL, NULL,
     NULL, NULL},
    {"quiz_answer", MEMBER, "POST", "/s/" LIVE "/quiz/post?lang=en", "q1=1", 409,
     "closed before these answers", NULL, NULL, NULL},
    {"mine_take", MEMBER, "POST", "/s/" LIVE "/certificate?lang=en", "name=Me", 409,
     "could not be made", NULL, NULL, NULL},
    {"mine_pdf", MEMBER, "GET", "/s/" LIVE "/certificate.pdf", NULL, 404, NULL, NULL, NULL, NULL},

    {"desk_tests", EVENT, "GET", "/desk/s/" LIVE "/tests", NULL, 200, "hagar.org", NULL, NULL,
     NULL},
    {"desk_tests", EVENT, "GET", "/desk/s/" LIVE "/tests", NULL, 200, "no question can be added",
     NULL, NULL, NULL},
    {"desk_tests", EVENT, "GET", "/desk/s/" DEMO_RECORD_SLUG "/tests", NULL, 200,
     "There are no questions yet", NULL, NULL, NULL},
    {"desk_tests_gate", EVENT, "POST", "/desk/s/" LIVE "/tests/gate", "test=post&gate=open", 303,
     "done=gate", NULL, NULL, NULL},
    {"room_tests", MEMBER, "GET", "/s/" LIVE "/room/tests", NULL, 200, "\"kind\":\"post\"",
     "answered", NULL, NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/post?lang=ru", NULL, 200, "<fieldset", NULL,
     NULL, NULL},
    {"desk_tests_gate", EVENT, "POST", "/desk/s/" LIVE "/tests/gate", "test=pre&gate=closed", 303,
     "done=gate", NULL, NULL, NULL},
    {"quiz_show", MEMBER, "GET", "/s/" LIVE "/quiz/pre?lang=en", NULL, 200, "hagar.org",
     "type=\"checkbox\"", NULL, NULL},
    {"desk_tests_gate", EVENT, "POST", "/desk/s/" LIVE "/tests/gate", "test=post&gate=ajar", 404,
     NULL, NULL, NULL, NULL},
    {"desk_tests_import", EVENT, "POST", "/desk/s/" LIVE "/tests/import", FILE_BODY("{}"), 400,
     "pre.questions", NULL, UPLOAD, NULL},
    {"desk_question_new", EVENT, "GET", "/desk/s/" LIVE "/tests/post/new", NULL, 200,
     "name=\"choice1_tk\"", NULL, NULL, NULL},
    {"desk_question_add", EVENT, "POST", "/desk/s/" LIVE "/tests/post/new",
     "kind=one&measure=knowledge&text_en=Is+%3Cb%3E+it%3F&choice1_en=Yes&choice2_en=No"
     "&source=A+book&checked=2026-11-01",
     400, "value=\"Yes\"", NULL, NULL, NULL},
    {"desk_question_add", EVENT, "POST", "/desk/s/" LIVE "/tests/post/new",
     "kind=one&measure=knowledge&text_en=Is+%3Cb%3E+it%3F&choice1_en=Yes&choice2_en=No&right=2"
     "&source=A+book&checked=2026-11-01",
     303, "done=save", NULL, NULL, NULL},
    {"desk_tests", EVENT, "GET", "/desk/s/" LIVE "/tests?done=save", NULL, 200, "Is &lt;b&gt; it?",
     "Is <b>", NULL, NULL},
    {"desk_question_add", EVENT, "POST", "/desk/s/" LIVE "/tests/pre/new",
     "kind=truth&measure=knowledge&text_en=X&source=A+book&checked=2026-11-01", 409,
     "people have answered", NULL, NULL, NULL},
    {"desk_question", EVENT, "GET", "/desk/question/1", NULL, 200, "hagar.org", "/remove", NULL,
     NULL},
    {"desk_question", EVENT, "GET", "/desk/question/9999", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_question_save", EVENT, "POST", "/desk/question/11",
     "kind=one&measure=knowledge&text_en=Is+it%3F&choice1_en=Yes&choice2_en=No&right=1"
     "&source=A+book&checked=2026-11-01",
     303, "done=save", NULL, NULL, NULL},
    {"desk_question_save", EVENT, "POST", "/desk/question/1",
     "kind=scale&measure=attitude&text_en=Other&source=A+book&checked=2026-11-01", 409,
     "people have answered", NULL, NULL, NULL},
    {"desk_question_remove", EVENT, "POST", "/desk/question/11/remove", "", 303, "done=remove",
     NULL, NULL, NULL},
    {"desk_question_remove", EVENT, "POST", "/desk/question/1/remove", "", 409, NULL, NULL, NULL,
     NULL},

    {"desk_certificates", EVENT, "GET", "/desk/s/" LIVE "/certificates", NULL, 200, "value=\"85\"",
     NULL, NULL, NULL},
    {"desk_certificates_rule", EVENT, "POST", "/desk/s/" LIVE "/certificates/rule", "percent=0",
     400, "from 1 to 100", NULL, NULL, NULL},
    {"desk_certificates_rule", EVENT, "POST", "/desk/s/" LIVE "/certificates/rule", "percent=80",
     303, "done=rule", NULL, NULL, NULL},
    {"desk_certificates", EVENT, "GET", "/desk/s/" LIVE "/certificates?done=rule", NULL, 200,
     "value=\"80\"", NULL, NULL, NULL},
    {"desk_certificates_issue", EVENT, "POST", "/desk/s/" LIVE "/certificates/issue", "", 409, NULL,
     NULL, NULL, NULL},
    {"desk_certificate_revoke", EVENT, "POST", "/desk/c/77/revoke", "reason=x", 404, NULL, NULL,
     NULL, NULL},
    {"desk_certificate_reissue", EVENT, "POST", "/desk/c/77/reissue", "name=x", 404, NULL, NULL,
     NULL, NULL},
    {"desk_certificate_pdf", EVENT, "GET", "/desk/c/77/pdf", NULL, 404, NULL, NULL, NULL, NULL},
    {"certificate_show", ANON, "GET", "/en/c/00000-00000-00000-00000", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"certificate_show", ANON, "GET", "/xx/c/00000-00000-00000-00000", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"verify_show", ANON, "GET", "/ru/verify", NULL, 200, "Ed25519", NULL, NULL, NULL},
    {"verify_show", ANON, "GET", "/fa/verify", NULL, 200, "dir=\"rtl\"", NULL, NULL, NULL},
    {"verify_show", ANON, "GET", "/en/verify?code=00000-00000-00000-00001", NULL, 404,
     "Nothing has this code", NULL, NULL, NULL},
    {"verify_file", ANON, "POST", "/en/verify", FILE_BODY("{}"), 400, "did not sign this file",
     NULL, UPLOAD, NULL},
    {"sheet_show", ANON, "GET", "/en/r/0000", NULL, 404, NULL, NULL, NULL, NULL},

    {"desk_report", EVENT, "GET", "/desk/s/" LIVE "/report", NULL, 200, "<rect", NULL, NULL, NULL},
    {"desk_report", EVENT, "GET", "/desk/s/" LIVE "/report?lang=tk", NULL, 200, "Gurşaw", NULL,
     NULL, NULL},
    {"desk_report", EVENT, "GET", "/desk/s/" LIVE "/report?lang=fa", NULL, 200,
     "<dd lang=\"en\" dir=\"auto\">International Migration", NULL, NULL, NULL},
    {"desk_report", EVENT, "GET", "/desk/s/" LIVE "/report?lang=fa", NULL, 200,
     "<dd lang=\"en\" dir=\"auto\">Ministry", NULL, NULL, NULL},
    {"desk_report", EVENT, "GET", "/desk/s/" LIVE "/report?lang=fa", NULL, 200,
     "<dd lang=\"en\" dir=\"auto\">Strengthening", "<dd>Strengthening", NULL, NULL},
    {"desk_report", EVENT, "GET", "/desk/s/" LIVE "/report?lang=fa", NULL, 200,
     "<p class=\"lead\" lang=\"en\" dir=\"auto\">", NULL, NULL, NULL},
    {"desk_report_csv", EVENT, "GET", "/desk/s/" LIVE "/report/figures.csv", NULL, 200,
     "#indicator+code", NULL, NULL, NULL},
    {"desk_report_json", EVENT, "GET", "/desk/s/" LIVE "/report/figures.json", NULL, 200,
     "kengesh-sheet-2", "\"number\":", NULL, NULL},
    {"desk_report_freeze", EVENT, "POST", "/desk/s/" LIVE "/report/freeze", "handed_to=", 400,
     "to whom it is handed", NULL, NULL, NULL},
    {"desk_report_freeze", EVENT, "POST", "/desk/s/" LIVE "/report/freeze",
     "handed_to=The+%3Cministry%3E", 303, "/desk/sheet/1?done=freeze", NULL, NULL, NULL},
    {"desk_sheet", EVENT, "GET", "/desk/sheet/1?done=freeze", NULL, 200, "nothing differs",
     "The <ministry>", NULL, NULL},
    {"desk_sheet", EVENT, "GET", "/desk/sheet/1?lang=fa", NULL, 200,
     "<dd lang=\"en\" dir=\"auto\">Ministry", "<dd>Ministry", NULL, NULL},
    {"desk_sheet", EVENT, "GET", "/desk/sheet/1?lang=en", NULL, 200, "<dd>Ministry", NULL, NULL,
     NULL},
    {"desk_sheet", EVENT, "GET", "/desk/sheet/2", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_sheet_csv", EVENT, "GET", "/desk/sheet/1/figures.csv", NULL, 200, "persons.invited",
     NULL, NULL, NULL},
    {"desk_sheet_json", EVENT, "GET", "/desk/sheet/1/figures.json", NULL, 200, "records_sha256",
     NULL, NULL, NULL},
    {"desk_sheet_records", EVENT, "GET", "/desk/sheet/1/figures-records.json", NULL, 200,
     "kengesh-records-1", "@", NULL, NULL},
    {"desk_seminar", EVENT, "GET", "/desk/s/" LIVE, NULL, 200, "/desk/s/" LIVE "/certificates",
     NULL, NULL, NULL},
};

const struct row_list teach_rows = {rows, NELEM(rows)};

void world_hold(struct world *w)
{
    struct seminar s;
    struct invitation i;
    struct db *db;
    usec now = clock_wall();

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(seminar_by_id(w->a, db, w->demo.live_id, S("en"), &s), 0);
    assert_int_equal(invitation_by_id(w->a, db, &actor_server, w->invitation_id, S("en"), &i), 0);
    assert_int_equal(seminar_state_set(db, &actor_server, s.id, SEMINAR_LIVE, now - 100 * MINUTE),
                     0);
    assert_int_equal(attendance_join(db, &actor_server, s.id, i.person.id, 7, now - 100 * MINUTE),
                     0);
    assert_int_equal(attendance_left(db, &actor_server, 7, now - 5 * MINUTE), 0);
    assert_int_equal(seminar_state_set(db, &actor_server, s.id, SEMINAR_ENDED, now), 0);
    db_close(db);
}

static struct reply get(struct world *w, enum user user, str url)
{
    return run(w, &(struct ask){.method = "GET", .url = arena_cstr(w->a, url), .user = user});
}

/* From taking it to revoking it; what the public page shows at each step. */
static void certificate_walk(void **state)
{
    struct world *w = *state;
    struct certificate_list list;
    struct reply r;
    str url;

    world_hold(w);
    r = run(w, &(struct ask){.method = "POST",
                             .url = "/s/" LIVE "/certificate",
                             .user = MEMBER,
                             .body = "name=A%C3%BDna+%3CO%3E"});
    assert_int_equal(r.status, 303);
    assert_int_equal(certificate_list(w->a, w->db, &actor_server, w->demo.live_id, &list), 0);
    assert_int_equal(list.n, 1);
    r = get(w, MEMBER, S("/s/" LIVE "/certificate.pdf"));
    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.body, S("%PDF-")));
    assert_true(str_eq(r.type, S("application/pdf")));
    r = get(w, EVENT, arena_printf(w->a, "/desk/c/%lld/pdf", (long long)list.row[0].id));
    assert_true(str_starts(r.body, S("%PDF-")));
    url = arena_printf(w->a, "/en/c/%.*s", STR(list.row[0].code));
    r = get(w, ANON, url);
    assert_int_equal(r.status, 200);
    row_check_page(&r, "certificate");
    assert_true(str_find(r.body, S("Aýna &lt;O&gt;")) > 0 && str_find(r.body, S("95 %")) > 0);
    assert_true(str_find(r.body, S("as the holder gave it")) > 0);
    assert_true(str_find(r.body, S("certifies nothing")) > 0); /* the demonstration's */
    assert_true(str_find(reply_header(&r, "X-Robots-Tag"), S("noindex")) >= 0);
    assert_true(str_eq(reply_header(&r, "Cache-Control"), S("no-store")));
    r = run(w, &(struct ask){.method = "POST",
                             .user = EVENT,
                             .body = "name=Another+name",
                             .url = arena_cstr(w->a, arena_printf(w->a, "/desk/c/%lld/reissue",
                                                                  (long long)list.row[0].id))});
    assert_int_equal(r.status, 303);
    r = get(w, ANON, url);
    assert_true(str_find(r.body, S("was replaced")) > 0 && str_find(r.body, S("Another name")) < 0);
    assert_int_equal(certificate_list(w->a, w->db, &actor_server, w->demo.live_id, &list), 0);
    r = run(w, &(struct ask){.method = "POST",
                             .user = EVENT,
                             .body = "reason=A+%3Cmistake%3E",
                             .url = arena_cstr(w->a, arena_printf(w->a, "/desk/c/%lld/revoke",
                                                                  (long long)list.row[0].id))});
    assert_int_equal(r.status, 303);
    r = get(w, ANON, arena_printf(w->a, "/en/c/%.*s", STR(list.row[0].code)));
    assert_true(str_find(r.body, S("A &lt;mistake&gt;")) > 0);
    r = get(w, ANON, arena_printf(w->a, "/en/verify?code=%.*s", STR(list.row[0].code)));
    assert_int_equal(r.status, 303);
    r = get(w, EVENT, S("/desk/s/" LIVE "/certificates"));
    row_check_page(&r, "certificates");
    world_forget(w);
}

/* The file that was handed over is known to the public page; one changed byte is not. */
static void sheet_walk(void **state)
{
    struct world *w = *state;
    struct sheet sheet;
    struct ask ask = {.method = "POST", .url = "/en/verify", .type = UPLOAD};
    struct reply r;
    char *body;

    assert_int_equal(run(w, &(struct ask){.method = "POST",
                                          .user = EVENT,
                                          .url = "/desk/s/" LIVE "/report/freeze",
                                          .body = "handed_to=Ministry"})
                         .status,
                     303);
    assert_int_equal(sheet_by_id(w->a, w->db, &actor_server, 1, &sheet), 0);
    body = arena_cstr(w->a,
                      arena_printf(w->a, PART("file") "; filename=\"f\"\r\n\r\n%.*s\r\n--xyz--\r\n",
                                   STR(sheet.json)));
    ask.body = body;
    r = run(w, &ask);
    assert_int_equal(r.status, 200);
    assert_true(str_find(r.body, S("genuine")) > 0);
    row_check_page(&r, "verify");
    *strstr(body, "\"value\":1") = '.';
    assert_int_equal(run(w, &ask).status, 400);
    r = get(w, ANON, arena_printf(w->a, "/tk/r/%.*s", STR(sheet.hash)));
    assert_int_equal(r.status, 200);
    assert_true(str_find(r.body, sheet.signature) > 0 &&
                str_find(r.body, S("persons.invited")) < 0);
    r = get(w, ANON, arena_printf(w->a, "/en/verify?code=%.*s", STR(sheet.hash)));
    assert_int_equal(r.status, 303);
    world_forget(w);
}

static size_t times(str text, str word)
{
    size_t n = 0;

    for (ptrdiff_t at; (at = str_find(text, word)) >= 0; n++)
        text = (str){text.p + at + word.n, text.n - (size_t)at - word.n};
    return n;
}

static int64_t attempts(struct world *w)
{
    struct stmt *q = db_stmt(w->db, "SELECT count(*) FROM attempts");
    int64_t n = stmt_row(q) > 0 ? col_i64(q, 0) : -1;

    stmt_end(q);
    return n;
}

/* The form of the test before, opened in Turkmen, with what is ticked in it. */
static struct ask opened(struct world *w, const char *ticked)
{
    const struct row row = {.method = "POST", .user = MEMBER,
                            .url = "/s/" LIVE "/quiz/pre?lang=tk",
                            .body = arena_cstr(w->a, arena_printf(w->a, "mark={mark}&%s", ticked))};

    return row_ask(w, &row);
}

static void remove_question(struct world *w, int place)
{
    struct stmt *q = db_stmt(w->db, "SELECT question_id FROM questions JOIN quizzes USING (quiz_id)"
                                    " WHERE seminar_id = ?1 AND quizzes.kind = 1 AND place = ?2");
    struct reply r;
    str url;

    stmt_i64(q, 1, w->demo.live_id);
    stmt_i64(q, 2, place);
    assert_int_equal(stmt_row(q), 1);
    url = arena_printf(w->a, "/desk/question/%lld/remove", (long long)col_i64(q, 0));
    stmt_end(q);
    r = run(w, &(struct ask){.method = "POST", .user = EVENT, .body = "",
                             .url = arena_cstr(w->a, url)});
    assert_int_equal(r.status, 303);
}

/* Phones have the test open; the organiser takes its second question out. */
static void changed_walk(void **state)
{
    struct world *w = *state;
    struct ask ask = opened(w, "q1=2&q2=1&q2=4&q4=5");
    struct reply r;

    remove_question(w, 2);
    for (int is_old = 0; is_old < 2; is_old++) { /* and one that carries no mark at all */
        if (is_old)
            ask.body = "q1=2&q4=5";
        r = run(w, &ask);
        assert_int_equal(r.status, 409);
        row_check_page(&r, "changed");
        assert_true(str_find(r.body, S("Hiç zat ýatda saklanmady")) > 0);
        assert_int_equal(attempts(w), 0);
        /* the fourth is the third now; nothing else has its tick */
        assert_int_equal(str_find(r.body, S("name=\"q1\" value=\"2\" checked")) > 0, !is_old);
        assert_int_equal(str_find(r.body, S("name=\"q3\" value=\"5\" checked")) > 0, !is_old);
        assert_int_equal(times(r.body, S(" checked")), is_old ? 0 : 2);
        assert_true(str_find(r.body, S("name=\"q4\"")) > 0);
    }
    ask = opened(w, "q1=2&q3=5");
    ask.url = "/s/" LIVE "/quiz/pre?lang=ru"; /* another tab has turned the language */
    assert_int_equal(run(w, &ask).status, 303);
    assert_int_equal(attempts(w), 1);
    world_forget(w);
}

/* The same number, kind and choices, and other words. */
static void reworded_walk(void **state)
{
    static const char *const change[] = {
        "UPDATE text_versions SET body = 'Başga sorag' WHERE lang = 'tk' AND text_id ="
        " (SELECT text_id FROM questions JOIN quizzes USING (quiz_id) WHERE seminar_id = ?1 AND"
        " quizzes.kind = 1 AND place = 1)",
        "UPDATE text_versions SET body = 'Başga jogap' WHERE lang = 'tk' AND text_id ="
        " (SELECT c.text_id FROM choices c JOIN questions q USING (question_id) JOIN quizzes"
        " USING (quiz_id) WHERE seminar_id = ?1 AND quizzes.kind = 1 AND q.place = 2"
        " AND c.place = 2)",
    };
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(change); i++) {
        struct ask ask = opened(w, "q1=2&q2=1&q4=5");
        struct reply r;
        struct stmt *q;
        struct db *db;

        assert_int_equal(db_open_write(w->path, &db), 0);
        q = i ? db_stmt(db, change[1]) : db_stmt(db, change[0]);
        stmt_i64(q, 1, w->demo.live_id);
        assert_int_equal(stmt_run(q), 0);
        assert_int_equal(db_changes(db), 1);
        db_close(db);
        r = run(w, &ask);
        assert_int_equal(r.status, 409);
        assert_int_equal(times(r.body, S(" checked")), 2);
        assert_int_equal(str_find(r.body, S("name=\"q1\" value=\"2\" checked")) > 0, i == 1);
        assert_int_equal(str_find(r.body, S("name=\"q2\" value=\"1\" checked")) > 0, i == 0);
        assert_true(str_find(r.body, S("name=\"q4\" value=\"5\" checked")) > 0);
        assert_int_equal(attempts(w), 0);
    }
    world_forget(w);
}

static bool is_answered(struct world *w, const char *body, const char *word)
{
    struct reply r = run(w, &(struct ask){.method = "POST", .user = EVENT, .body = body,
                                          .url = "/desk/s/" LIVE "/state"});

    assert_int_equal(r.status, 303);
    return str_find(r.location, str_c(word)) > 0;
}

static bool is_offered_end(struct world *w)
{
    struct reply r = get(w, EVENT, S("/desk/s/" LIVE));

    row_check_page(&r, "seminar");
    return str_find(r.body, S("value=\"ended\"")) > 0;
}

/* The desk's page of before the beginning; then a room that everybody has left without an end. */
static void state_walk(void **state)
{
    struct world *w = *state;
    usec now = clock_wall(), live_at = now - 25 * 60 * MINUTE;
    struct invitation i;
    struct seminar s;
    struct db *db;

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(invitation_by_id(w->a, db, &actor_server, w->invitation_id, S("en"), &i), 0);
    for (int presses = 0; presses < 2; presses++)
        assert_true(is_answered(w, "state=practice", "done=state"));
    assert_int_equal(seminar_state_set(db, &actor_server, w->demo.live_id, SEMINAR_LIVE, live_at),
                     0);
    assert_true(is_answered(w, "state=practice", "problem=state"));
    assert_int_equal(seminar_by_id(w->a, w->db, w->demo.live_id, S("en"), &s), 0);
    assert_int_equal(s.state, SEMINAR_LIVE);
    assert_int_equal(s.live_at, live_at);

    assert_int_equal(attendance_join(db, &actor_server, s.id, i.person.id, 7, live_at), 0);
    assert_int_equal(attendance_left(db, &actor_server, 7, live_at + 90 * MINUTE), 0);
    assert_int_equal(attendance_join(db, &actor_server, s.id, i.person.id, 8, now), 0);
    assert_false(is_offered_end(w)); /* somebody is there */
    assert_true(is_answered(w, "state=ended", "problem=state"));
    assert_int_equal(attendance_left(db, &actor_server, 8, now), 0);
    assert_true(is_offered_end(w));
    for (int presses = 0; presses < 2; presses++) {
        assert_true(is_answered(w, "state=ended", "done=state"));
        assert_int_equal(seminar_by_id(w->a, w->db, w->demo.live_id, S("en"), &s), 0);
        assert_int_equal(s.state, SEMINAR_ENDED);
        assert_int_equal(s.ended_at, live_at + 90 * MINUTE);
    }
    assert_false(is_offered_end(w));
    assert_true(is_answered(w, "state=practice", "problem=state"));
    db_close(db);
    world_forget(w);
}

/* A frozen sheet with these records. */
static void sheet_of(struct world *w, str records)
{
    struct stmt *q;
    struct db *db;

    assert_int_equal(db_open_write(w->path, &db), 0);
    q = db_stmt(db, "INSERT INTO sheets (sheet_id, seminar_id, number, sheet, records, hash, key,"
                    " signature, handed_to, frozen_at) VALUES (7, ?1, 7, '{}', ?2, 'h', 'k', 's',"
                    " 'Ministry', 1)");
    stmt_i64(q, 1, w->demo.live_id);
    stmt_str(q, 2, records);
    assert_int_equal(stmt_run(q), 0);
    db_close(db);
}

/* Of twenty people 18 know more, two less; 18 are of one kind of organisation, two of another: 18
 * is hidden along both times, and is not under five. */
static void hidden_walk(void **state)
{
    enum { ALL = 20, FEW = 2 };
    struct world *w = *state;
    struct tally_person row[ALL];
    struct tally t = {.slug = S("s"), .title = S("T"), .title_lang = S("en"), .starts_at = USEC_DAY,
                      .counted_at = 2 * USEC_DAY, .percent = 85, .people = {row, ALL}};
    struct reply r;
    str records;

    for (int i = 0; i < ALL; i++)
        row[i] = (struct tally_person){.kind = i < FEW ? ORG_NGO : ORG_STATE_MEDIA, .org = 1,
                                       .sex = SEX_MALE, .age = AGE_30_49, .country = S("TM"),
                                       .lang = S("tk"), .seconds = 60, .share = 100,
                                       .pre = {50, -1, -1}, .post = {i < FEW ? 20 : 80, -1, -1}};
    assert_int_equal(tally_write(w->a, &t, &records), 0);
    sheet_of(w, records);
    r = get(w, EVENT, S("/desk/sheet/7"));
    assert_int_equal(r.status, 200);
    row_check_page(&r, "sheet");
    assert_true(str_find(r.body, S("&lt;5")) < 0 && str_find(r.body, S("<5")) < 0);
    assert_true(str_find(r.body, S("Better: –")) > 0 && str_find(r.body, S("worse: –")) > 0);
    assert_int_equal(times(r.body, S("Some numbers of this table are hidden")), 2);
    world_forget(w);
}

/* Nothing that is handed out of who came says who a protected speaker is. */
static void protected_walk(void **state)
{
    static const char *const url[] = {
        "/desk/s/" LIVE "/attendance",      "/desk/s/" LIVE "/attendance.csv",
        "/desk/s/" LIVE "/attendance.json", "/desk/s/" LIVE,
        "/desk/s/" LIVE "/certificates",
    };
    struct world *w = *state;
    struct attendance_fix fix = {.minutes = 1, .reason = S("clock")};
    struct invitation i;
    struct person p;
    struct db *db;
    usec now = clock_wall();
    int64_t id;

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(invitation_by_id(w->a, db, &actor_server, w->invitation_id, S("en"), &i), 0);
    p = i.person;
    p.name = S("Realname");
    p.function = S("Witness");
    p.country = S("IS");
    p.age = AGE_UNDER_18;
    p.sex = SEX_FEMALE;
    assert_int_equal(person_change(db, &actor_server, &p, now), 0);
    assert_int_equal(invitation_put(db, &actor_server, w->demo.live_id, p.id, ROLE_PROTECTED, &id),
                     0);
    assert_int_equal(attendance_join(db, &actor_server, w->demo.live_id, p.id, 7, now), 0);
    fix.person_id = p.id;
    assert_int_equal(attendance_correct(db, &actor_server, w->demo.live_id, &fix, now), 0);
    for (size_t k = 0; k < NELEM(url); k++) {
        struct reply r = get(w, EVENT, str_c(url[k]));

        assert_int_equal(r.status, 200);
        assert_true(str_find(r.body, S("Witness")) > 0);
        assert_true(str_find(r.body, S("Realname")) < 0);
    }
    /* alone there, so that a word is theirs or nobody's */
    for (size_t k = 1; k <= 2; k++) {
        struct reply r = get(w, EVENT, str_c(url[k]));

        assert_true(str_find(r.body, S("female")) < 0 && str_find(r.body, S("under 18")) < 0);
        assert_true(str_find(r.body, i.org.body) < 0);
        assert_true(str_find(r.body, S("\"IS\"")) < 0 && str_find(r.body, S(",IS,")) < 0);
    }
    assert_true(str_find(get(w, EVENT, str_c(url[0])).body, i.org.body) < 0);
    db_close(db);
    world_forget(w);
}

static void scenario(void **state)
{
    rows_play(*state, &teach_rows);
}

int teach_suite(void)
{
    const struct CMUnitTest first[] = {cmocka_unit_test(scenario)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_walk),
    };
    const struct CMUnitTest apart[] = {cmocka_unit_test(sheet_walk), cmocka_unit_test(hidden_walk)};
    const struct CMUnitTest changed[] = {cmocka_unit_test(changed_walk)};
    const struct CMUnitTest reworded[] = {cmocka_unit_test(reworded_walk)};
    const struct CMUnitTest room[] = {cmocka_unit_test(state_walk)};
    const struct CMUnitTest who[] = {cmocka_unit_test(protected_walk)};

    return cmocka_run_group_tests(first, suite_setup, suite_teardown) +
           cmocka_run_group_tests(tests, suite_setup, suite_teardown) +
           cmocka_run_group_tests(changed, suite_setup, suite_teardown) +
           cmocka_run_group_tests(reworded, suite_setup, suite_teardown) +
           cmocka_run_group_tests(room, suite_setup, suite_teardown) +
           cmocka_run_group_tests(who, suite_setup, suite_teardown) +
           cmocka_run_group_tests(apart, suite_setup, suite_teardown);
}
