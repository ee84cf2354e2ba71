#include "suite.h"

#include "domain/account.h"
#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/conclusion.h"
#include "domain/contact.h"
#include "domain/guide.h"
#include "domain/import.h"
#include "domain/invitation.h"
#include "domain/need.h"
#include "domain/news.h"
#include "domain/org.h"
#include "domain/person.h"
#include "domain/person_data.h"
#include "domain/programme.h"
#include "domain/quiz.h"
#include "domain/reply.h"
#include "domain/search.h"
#include "domain/seminar_copy.h"
#include "domain/session.h"
#include "domain/sheet.h"
#include "domain/slides.h"
#include "domain/topic.h"

static void names(void **state)
{
    unsigned r = 0;

    (void)state;
    assert_int_equal(right_parse(S("event, editor"), &r), 0);
    assert_int_equal(r, RIGHT_EVENT | RIGHT_EDITOR);
    assert_int_equal(right_parse(S("public"), &r), ERR_SYNTAX);
    assert_int_equal(right_parse(S("event,"), &r), ERR_SYNTAX);
    assert_string_equal(right_name(RIGHT_CASE), "case");
    assert_string_equal(right_name(RIGHT_EVENT | RIGHT_CASE), "?");
}

/* No right is implied by another, and the server itself never reads requests for help. */
static void apart(void **state)
{
    static const unsigned staff[] = {RIGHT_EVENT, RIGHT_EDITOR, RIGHT_CASE, RIGHT_SYSTEM};

    (void)state;
    for (size_t i = 0; i < NELEM(staff); i++) {
        struct actor who = {.rights = RIGHT_PUBLIC | RIGHT_STAFF | staff[i]};

        for (size_t k = 0; k < NELEM(staff); k++)
            assert_int_equal(actor_check(&who, staff[k]), i == k ? 0 : ERR_DENIED);
    }
    assert_int_equal(actor_check(&actor_server, RIGHT_CASE), ERR_DENIED);
    assert_int_equal(actor_check(NULL, RIGHT_EVENT), ERR_AUTH);
    assert_int_equal(actor_check(NULL, RIGHT_PUBLIC), 0);
}

/*
 * Every change, tried by one actor. Returns how many were let through; each refusal must be
 * ERR_AUTH or ERR_DENIED.
 */
static int tries(struct world *w, const struct actor *who, int64_t seminar)
{
    struct org_in org = {.slug = S("x-org")};
    struct person person = {.org_id = 1, .function = S("f"), .lang = S("ru")};
    struct programme_in programme = {.slug = S("x-programme")};
    struct seminar_in sem = {.slug = S("x-seminar")};
    struct agenda_item item = {.place = 1, .kind = S("talk"), .minutes = 5};
    struct conclusion_in conclusion = {
        .seminar_id = seminar, .kind = 1, .lang = S("en"), .text = S("t")};
    struct text_in text = {.lang = S("en"), .body = S("x"), .revision = -1};
    struct news_in news = {.lang = S("en"), .title = S("t"), .body = S("b"), .revision = 99};
    struct account account = {.login = S("y"), .lang = S("en"), .password_hash = S("h")};
    struct import_job job = {.seminar_id = seminar, .now = T0};
    struct import_report report;
    struct import_seminar imported;
    struct seminar s = world_live(w);
    struct attendance_list people;
    struct invitation_list invitations;
    struct invitation invitation;
    int64_t id;
    int let = 0;
    int r[] = {
        org_put(w->db, who, &org, T0, &id),
        org_name_put(w->db, who, 1, S("en"), S("Another"), T0),
        person_put(w->db, who, &person, T0, &id),
        person_same(w->db, who, &person, &id),
        person_alike(w->db, who, &person, &id),
        person_by_id(w->a, w->db, who, 3, &person),
        programme_put(w->db, who, &programme, T0, &id),
        programme_title_put(w->db, who, 1, S("en"), S("T"), T0),
        seminar_put(w->db, who, &sem, T0, &id),
        seminar_text_put(w->db, who, seminar, S("title"), &text, T0),
        seminar_agenda_put(w->db, who, seminar, &item, T0, &id),
        seminar_invited_put(w->db, who, seminar, 1, 3, T0),
        seminar_state_set(w->db, who, seminar, SEMINAR_LIVE, T0),
        seminar_stage_set(w->db, who, seminar, 0, T0),
        invitation_put(w->db, who, seminar, 1, ROLE_HOST, &id),
        invitation_renew(w->db, who, 1, T0),
        invitation_close(w->db, who, 2, T0),
        invitation_list(w->a, w->db, who, seminar, S("en"), &invitations),
        invitation_by_id(w->a, w->db, who, 1, S("en"), &invitation),
        reply_put(w->db, who, 1, REPLY_DECLINED, S(""), T0),
        attendance_join(w->db, who, seminar, 1, 77, T0),
        attendance_close(w->db, who, seminar, T0),
        attendance_list(w->a, w->db, who, &s, T0, &people),
        conclusion_add(w->db, who, &conclusion, T0, &id),
        conclusion_text_put(w->db, who, 1, &text, T0),
        news_draft(w->a, w->db, who, seminar, S("en"), T0),
        news_edit(w->db, who, 1, &news, T0),
        news_publish(w->db, who, 1, &news, 0, T0),
        news_withdraw(w->db, who, 1, S("en"), T0),
        account_add(w->db, who, &account, T0, &id),
        account_rights_set(w->db, who, 2, RIGHT_CASE, T0),
        account_close(w->db, who, 2, T0),
        import_invitations(w->a, w->db, who, &job, S("x"), &report),
        import_seminar(w->a, w->db, who, &job, S("{}"), &imported),
    };

    for (size_t i = 0; i < NELEM(r); i++)
        let += r[i] != ERR_AUTH && r[i] != ERR_DENIED;
    return let;
}

/* The same for what was added since: contacts, guides, tests, sheets, slides, certificates, topics.
 */
static int later_tries(struct world *w, const struct actor *who, int64_t seminar)
{
    struct contact_in contact = {.slug = S("x-contact")};
    struct contact_check check = {.result = CONTACT_ANSWERED, .by = S("me"), .at = T0};
    struct guide_in guide = {.slug = S("x-guide"), .from = S("TM"), .to = S("TR")};
    struct text_in text = {.lang = S("en"), .body = S("x"), .revision = -1};
    struct sheet_list sheets;
    struct certificate_list certificates;
    struct needs needs;
    unsigned added;
    int64_t id;
    int let = 0;
    int r[] = {
        contact_put(w->db, who, &contact, T0, &id),
        contact_text_put(w->db, who, 1, CONTACT_NAME, &text, T0),
        contact_try(w->db, who, 1, &check, T0),
        contact_remove(w->db, who, 1, T0),
        contact_import(w->a, w->db, who, S("{\"contacts\":[]}"), T0, &added),
        guide_add(w->db, who, &guide, T0, &id),
        guide_text_put(w->db, who, 1, GUIDE_TITLE, &text, T0),
        guide_remove(w->db, who, 1),
        guide_point_text_put(w->db, who, 1, &text, T0),
        guide_point_check(w->db, who, 1, S("me"), -1, T0),
        guide_point_remove(w->db, who, 1, T0),
        guide_review(w->db, who, 1, S("me"), -1, T0),
        guide_import(w->a, w->db, who, S("{\"guides\":[]}"), T0, &added),
        quiz_put(w->db, who, seminar, QUIZ_PRE, T0, &id),
        question_remove(w->db, who, 1),
        sheet_list(w->a, w->db, who, seminar, &sheets),
        deck_remove(w->db, who, seminar, 1),
        certificate_list(w->a, w->db, who, seminar, &certificates),
        certificate_revoke(w->db, who, 1, S("why"), T0),
        topic_put(w->db, who, S("x-topic"), T0, &id),
        topic_name_put(w->db, who, 1, S("en"), S("X"), T0),
        topic_remove(w->db, who, 1),
        person_erase(w->db, who, 3, T0),
        need_of_person(w->db, who, 3, &needs),
        need_of_seminar(w->db, who, seminar, &needs),
        seminar_remove(w->a, w->db, who, seminar, T0),
        search_reset(w->db, who),
    };

    for (size_t i = 0; i < NELEM(r); i++) {
        if (r[i] != ERR_AUTH && r[i] != ERR_DENIED)
            print_message("call %zu of the later ones was let through: %s\n", i, err_name(r[i]));
        let += r[i] != ERR_AUTH && r[i] != ERR_DENIED;
    }
    return let;
}

static void denied(void **state)
{
    struct world *w = *state;
    struct actor help = {.rights = RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_CASE, .account_id = 1};
    int64_t live = w->demo.live_id, before = db_total_changes(w->db);

    assert_int_equal(tries(w, &w->nobody, live), 0);
    assert_int_equal(tries(w, &w->member, live), 0);
    assert_int_equal(tries(w, &help, live), 0);
    assert_int_equal(later_tries(w, &w->nobody, live), 0);
    assert_int_equal(later_tries(w, &w->member, live), 0);
    assert_int_equal(later_tries(w, &help, live), 0);
    assert_true(db_total_changes(w->db) == before);
    assert_int_equal(tries(w, &w->system, live), 3); /* the three of accounts */
    assert_int_equal(tries(w, &w->editor, live), 4); /* draft, edit, publish, withdraw */
}

/* A host moves the room and the conclusions of the own seminar, and nothing of another one. */
static void host_of_one(void **state)
{
    struct world *w = *state;
    struct actor host = w->member;
    struct conclusion_in c = {
        .seminar_id = w->demo.live_id, .kind = 1, .lang = S("ru"), .text = S("Да")};
    int64_t id;

    host.role = ROLE_HOST;
    assert_int_equal(seminar_state_set(w->db, &host, w->demo.live_id, SEMINAR_LIVE, T0), 0);
    assert_int_equal(seminar_stage_set(w->db, &host, w->demo.live_id, host.person_id, T0), 0);
    assert_int_equal(conclusion_add(w->db, &host, &c, T0, &id), 0);
    c.seminar_id = w->demo.record_id;
    assert_int_equal(conclusion_add(w->db, &host, &c, T0, &id), ERR_DENIED);
    assert_int_equal(seminar_state_set(w->db, &host, w->demo.record_id, SEMINAR_LIVE, T0),
                     ERR_DENIED);
    host.role = ROLE_SPEAKER;
    assert_int_equal(seminar_stage_set(w->db, &host, w->demo.live_id, 0, T0), ERR_DENIED);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(apart),
                                          ROW(denied), ROW(host_of_one)};
SUITE(right);
