/*
 * What the organiser changes while a seminar is on: the live room learns of each change of a link
 * or a role, and of no other.
 */
#include "suite.h"

#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/memory.h"
#include "domain/slides.h"

#include <stdio.h>
#include <string.h>

#define LIVE DEMO_LIVE_SLUG
#define GUEST                                                                                      \
    "mark={mark}&org=partners&name=Jeren&email=&lang=tk&sex=0&age=0&country="

/* Of an organisation that lists know. */
#define JEREN                                                                                      \
    "mark={mark}&org=tdh&name=Jeren&email=jeren@tdh.example&lang=tk&sex=0&age=0&country="

static void post(struct world *w, const char *url, const char *body, const char *must)
{
    const struct row row = {"", EVENT, "POST", url, body, 303, must, NULL, NULL, NULL};
    struct ask ask;
    struct reply r;

    rows_rest(w);
    ask = row_ask(w, &row);
    r = run(w, &ask);
    if (r.status != 303 || !strstr(r.location.p, must))
        fail_msg("%s: %d %.*s", url, r.status, STR(r.location));
}

static struct invitation invited(struct world *w, int64_t id)
{
    const struct actor event = {.rights = RIGHT_EVENT};
    struct invitation i;

    assert_int_equal(invitation_by_id(w->a, w->db, &event, id, S("en"), &i), 0);
    return i;
}

/* The room was told of this person, under this name, and of nobody else. */
static void is_told(struct world *w, int64_t seminar, int64_t person, const char *name)
{
    char want[128];

    (void)snprintf(want, sizeof(want), "%lld/%lld%s\n", (long long)seminar, (long long)person,
                   name);
    assert_string_equal(w->expelled, want);
    w->expelled[0] = 0;
}

static void links_end_in_the_room(void **state)
{
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);
    struct invitation gone = invited(w, w->withdrawn_id);
    const struct row member = {"", MEMBER, "GET", "/s/" LIVE "/room/tests", NULL, 200, NULL, NULL,
                               NULL, NULL};
    struct ask ask = row_ask(w, &member);

    assert_int_equal(run(w, &ask).status, 200);
    post(w, "/desk/i/{id}/renew", "generation={generation}", "done=renew");
    is_told(w, i.seminar_id, i.person.id, "");
    assert_int_equal(run(w, &ask).status, 401); /* by which the page learns that it is over */
    post(w, "/desk/i/{withdrawn}/close", "generation={generation}", "done=close");
    is_told(w, gone.seminar_id, gone.person.id, "");
}

static void a_role_is_another_way_in(void **state)
{
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);

    post(w, "/desk/i/{id}", GUEST "&function=Lawyer&role=observer", "done=save");
    is_told(w, i.seminar_id, i.person.id, "");
    post(w, "/desk/i/{id}", GUEST "&function=Judge&role=observer", "done=save");
    assert_string_equal(w->expelled, ""); /* the same role */
    post(w, "/desk/i/{id}", GUEST "&function=Lawyer&role=protected+speaker", "done=save");
    is_told(w, i.seminar_id, i.person.id, " Lawyer");
}

/* Without a function the word is in the language of the floor (Russian), not in the person's
 * (Turkmen). */
static void no_name_tells_no_language(void **state)
{
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);

    post(w, "/desk/i/{id}", GUEST "&function=&role=observer", "done=save");
    w->expelled[0] = 0;
    post(w, "/desk/i/{id}", GUEST "&function=&role=protected+speaker", "done=save");
    is_told(w, i.seminar_id, i.person.id, " Защищённый докладчик");
}

static void say(struct world *w, const struct invitation *i, int64_t number, const char *name)
{
    struct memory_chat m = {.number = number, .person = i->person.id, .at = 1};
    struct db *db;

    (void)snprintf(m.name, sizeof(m.name), "%s", name);
    (void)snprintf(m.text, sizeof(m.text), "They came at night");
    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(memory_chat(db, &actor_server, i->seminar_id, &m), 0);
    db_close(db);
}

/* Nobody is in the room: what it would remember has the name no longer. */
static void what_was_said_has_no_name(void **state)
{
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);
    struct memory k;

    post(w, "/desk/i/{id}", GUEST "&function=Lawyer&role=observer", "done=save");
    say(w, &i, 1, "Jeren");
    post(w, "/desk/i/{id}", GUEST "&function=Lawyer&role=protected+speaker", "done=save");
    assert_int_equal(memory_read(w->a, w->db, &actor_server, i.seminar_id, &k), 0);
    assert_int_equal(k.nchats, 1);
    assert_string_equal(k.chat[0].name, "Lawyer");
    /* what the room itself says of it later is taken over */
    say(w, &i, 1, "Witness");
    assert_int_equal(memory_read(w->a, w->db, &actor_server, i.seminar_id, &k), 0);
    assert_int_equal(k.nchats, 1);
    assert_string_equal(k.chat[0].name, "Witness");
}

static void import(struct world *w, const char *url, const char *rows)
{
    char body[1024];
    struct row row = {"", EVENT, "POST", url, body, 200, NULL, NULL, UPLOAD, NULL};
    struct ask ask;

    (void)snprintf(body, sizeof(body), FILE_BODY("organisation;name;function;e-mail;role\r\n%s"),
                   rows);
    rows_rest(w);
    ask = row_ask(w, &row);
    assert_int_equal(run(w, &ask).status, 200);
}

/* The whole list is brought in again with one role changed in it, as organisers do. */
static void a_list_changes_roles(void **state)
{
    static const char take[] = "/desk/s/" LIVE "/import/take";
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);

    post(w, "/desk/i/{id}", JEREN "&function=Lawyer&role=observer", "done=save");
    w->expelled[0] = 0;
    import(w, take, "tdh;Jeren;Lawyer;jeren@tdh.example;observer\r\n"
                    "tdh;Merdan;Editor;merdan@tdh.example;participant\r\n");
    assert_string_equal(w->expelled, ""); /* the same role; somebody new */
    import(w, "/desk/s/" LIVE "/import", "tdh;Jeren;Lawyer;jeren@tdh.example;speaker\r\n");
    assert_string_equal(w->expelled, ""); /* only tried */
    import(w, take, "tdh;Jeren;Judge;jeren@tdh.example;observer\r\n");
    assert_string_equal(w->expelled, ""); /* changed, but not the role */
    import(w, take, "tdh;Merdan;Editor;merdan@tdh.example;participant\r\n"
                    "tdh;Jeren;Judge;jeren@tdh.example;speaker\r\n");
    assert_int_equal(invited(w, w->invitation_id).role, ROLE_SPEAKER);
    is_told(w, i.seminar_id, i.person.id, "");
    import(w, take, "tdh;Jeren;Lawyer;jeren@tdh.example;protected speaker\r\n");
    is_told(w, i.seminar_id, i.person.id, " Lawyer");
}

/* In another seminar too, whichever of its pages it was put right on. */
static void in_every_room(void **state)
{
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);
    char want[128];
    int64_t other, id;
    struct db *db;
    struct stmt *q;

    post(w, "/desk/i/{id}", JEREN "&function=Lawyer&role=protected+speaker", "done=save");
    assert_int_equal(db_open_write(w->path, &db), 0);
    q = db_stmt(db, "UPDATE seminars SET state = 1 WHERE slug = '" DEMO_RECORD_SLUG "'"
                    " RETURNING seminar_id");
    assert_int_equal(stmt_row(q), 1);
    other = col_i64(q, 0);
    stmt_end(q);
    assert_int_equal(invitation_put(db, &actor_server, other, i.person.id, ROLE_PROTECTED, &id), 0);
    db_close(db);
    w->expelled[0] = 0;
    post(w, "/desk/i/{id}", JEREN "&function=Judge&role=protected+speaker", "done=save");
    (void)snprintf(want, sizeof(want), "%lld/%lld Judge\n%lld/%lld Judge\n", (long long)other,
                   (long long)i.person.id, (long long)i.seminar_id, (long long)i.person.id);
    assert_string_equal(w->expelled, want);
}

/* Who is protected is called otherwise on open pages at once, wherever it was put right; and in
 * what was said. */
static void a_protected_person_is_called_otherwise(void **state)
{
    static const char take[] = "/desk/s/" LIVE "/import/take";
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);
    char url[64];
    struct memory k;

    post(w, "/desk/i/{id}", JEREN "&function=Lawyer&role=protected+speaker", "done=save");
    w->expelled[0] = 0;
    say(w, &i, 1, "Lawyer");
    post(w, "/desk/i/{id}", JEREN "&function=Lawyer&role=protected+speaker", "done=save");
    assert_string_equal(w->expelled, "");
    post(w, "/desk/i/{id}", JEREN "&function=Judge&role=protected+speaker", "done=save");
    is_told(w, i.seminar_id, i.person.id, " Judge");
    (void)snprintf(url, sizeof(url), "/desk/people/%lld", (long long)i.person.id);
    post(w, url, JEREN "&function=Judge", "done=save");
    assert_string_equal(w->expelled, "");
    post(w, url, JEREN "&function=Clerk", "done=save");
    is_told(w, i.seminar_id, i.person.id, " Clerk");
    assert_int_equal(memory_read(w->a, w->db, &actor_server, i.seminar_id, &k), 0);
    assert_string_equal(k.chat[0].name, "Clerk");
    import(w, take, "tdh;Jeren;Guard;jeren@tdh.example;\r\n");
    is_told(w, i.seminar_id, i.person.id, " Guard");
    assert_int_equal(memory_read(w->a, w->db, &actor_server, i.seminar_id, &k), 0);
    assert_string_equal(k.chat[0].name, "Guard");
}

static void the_erased_leave_every_room(void **state)
{
    struct world *w = *state;
    struct invitation i = invited(w, w->invitation_id);
    char url[64];

    (void)snprintf(url, sizeof(url), "/desk/people/%lld/erase", (long long)i.person.id);
    post(w, url, "was={was}", "done=erase");
    is_told(w, 0, i.person.id, "");
}

static void note_decks(void *ctx, struct exchange *x, const struct room_join *who)
{
    *(size_t *)ctx = who->decks->n;
    http_text(x, 200, S("text/plain"), S("in\n"));
}

/* Who comes first brings the room its slides, though a participant may not read them yet. */
static void who_waits_comes_in(void **state)
{
    struct world *w = *state;
    const struct deck d = {.seminar_id = w->demo.live_id, .name = S("talk.pdf")};
    struct ask ask = {.method = "GET", .url = "/s/" LIVE "/room/control", .user = MEMBER,
                      .is_upgrade = true};
    size_t ndecks = 0;
    struct db *db;
    int64_t id;

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(deck_add(db, &actor_server, &d, S("%PDF-1.4"), 1, &id), 0);
    db_close(db);
    w->room.connect = note_decks;
    w->room.ctx = &ndecks;
    assert_int_equal(run(w, &ask).status, 200);
    assert_int_equal(ndecks, 1);
    ask.url = "/s/" LIVE "/slides";
    assert_int_equal(run(w, &ask).status, 403);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, suite_setup, suite_teardown)

int room_suite(void)
{
    static const struct CMUnitTest tests[] = {
        ROW(links_end_in_the_room),     ROW(a_role_is_another_way_in),
        ROW(no_name_tells_no_language), ROW(what_was_said_has_no_name),
        ROW(a_list_changes_roles),      ROW(the_erased_leave_every_room),
        ROW(a_protected_person_is_called_otherwise), ROW(in_every_room),
        ROW(who_waits_comes_in),
    };

    return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
