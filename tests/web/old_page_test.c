/*
 * Forms of a page of the desk that was kept open, sent when what it shows was removed and something
 * new has been made: the answer says so, and nothing is done to the new one, which may have the
 * number or the short name of the old.
 */
#include "suite.h"

#include <string.h>

#define LIVE DEMO_LIVE_SLUG
#define KIT "/desk/kits/media-and-ngos-2020"
#define LIST "SELECT coalesce(group_concat(quote("
#define FIELD(name, text) PART(name) "\r\n\r\n" text "\r\n"
#define CONTACT                                                                                    \
    "answers=2&country=TM&serves=TM&phone=%2B44+1632+960055&hours=&zone=Asia%2FAshgabat&"          \
    "source=https%3A%2F%2Fx.example%2F&name_en=New&service_en=Advice"

enum { FORMS = 5 };

/* In addresses, {n} and {o} stand for what the two queries give. */
struct thing {
    enum user user;
    const char *add_url, *add_body, *add_type;
    const char *n, *o;
    bool is_given_again; /* {n}, as SQLite does */
    const char *remove_url, *remove_body;
    const char *state; /* a query for all that the forms could change */
    struct {
        const char *url, *body;
        int status;
        const char *must;
    } form[FORMS];
};

#define NO_PAGE "This page does not exist"
#define CHANGED "It has changed meanwhile"
#define ASK_AGAIN "Somebody else has changed this meanwhile"

static const struct thing person = {
    EVENT, "/desk/s/" LIVE "/people",
    "org=partners&name=Someone&function=&email=&lang=tk&sex=0&age=0&country=&role=participant",
    NULL, "SELECT max(person_id) FROM persons", "SELECT max(invitation_id) FROM invitations", true,
    "/desk/people/{n}/remove", "was={was}",
    LIST "p.name) || quote(p.erased_at) || i.generation || quote(i.closed_at) || i.reply), '')"
    " FROM persons p LEFT JOIN invitations i USING (person_id)",
    {{"/desk/people/{n}/remove", "was={was}", 409, ASK_AGAIN},
     {"/desk/people/{n}/erase", "was={was}", 409, ASK_AGAIN},
     {"/desk/i/{o}/renew", "generation={generation}", 409, CHANGED},
     {"/desk/i/{o}/close", "generation={generation}", 409, CHANGED},
     {"/desk/i/{o}/reply", "generation={generation}&reply=declined&note=Ill", 409, CHANGED}}};

/* With the revision of the new one, too. */
static const struct thing kit_item = {
    EDITOR, KIT "/items",
    FIELD("csrf", "{csrf}") FIELD("kind", "3") FIELD("credit", "A. Speaker")
        FIELD("text_en", "Words") "--xyz--\r\n",
    UPLOAD, "SELECT max(kit_item_id) FROM kit_items", NULL, false, KIT "/items/{n}/remove", "",
    LIST "kit_item_id) || revision || quote(cleared_by)), '') FROM kit_items",
    {{KIT "/items/{n}/clear", "by=A&revision=2", 404, NO_PAGE},
     {KIT "/items/{n}", "text_en=Other&text_en_was=1", 404, NO_PAGE},
     {KIT "/items/{n}/remove", "", 404, NO_PAGE}}};

static const struct thing point = {
    EDITOR, "/desk/guides/tm-tr/points",
    "stage=1&topic=2&source=https%3A%2F%2Fx.example%2F&text_en=Fact", NULL,
    "SELECT max(guide_point_id) FROM guide_points", NULL, false,
    "/desk/guides/tm-tr/{n}/remove", "",
    LIST "guide_point_id) || revision || quote(checked_at)), '') FROM guide_points",
    {{"/desk/guides/tm-tr/{n}/check", "revision=2", 404, NO_PAGE},
     {"/desk/guides/tm-tr/{n}",
      "stage=1&topic=1&revision=2&text_en=Other&text_en_was=1&source=https%3A%2F%2Fy.example", 404,
      NO_PAGE},
     {"/desk/guides/tm-tr/{n}/remove", "", 404, NO_PAGE}}};

static const struct thing contact = {
    EDITOR, "/desk/contacts", "slug=new-line&" CONTACT, NULL,
    "SELECT max(contact_id) FROM contacts", NULL, true, "/desk/contacts/new-line/remove", "",
    LIST "contact_id) || revision || phone || quote(checked_at) || misses), '') FROM contacts",
    {{"/desk/contacts/new-line", "revision={contact}&" CONTACT "&phone=112", 409, "Somebody else"},
     {"/desk/contacts/new-line/try", "revision={contact}&result=missed", 409,
      "Somebody else"}}};

/* What a query for one text or number gives. */
static str one(struct world *w, const char *sql)
{
    struct stmt *q = db_stmt(w->db, sql);
    str s;

    assert_int_equal(stmt_row(q), 1);
    s = arena_str(w->a, col_str(q, 0));
    stmt_end(q);
    return s;
}

static struct ask filled(struct world *w, const struct thing *t, const char *url, const char *body,
                         const char *type)
{
    str to = str_c(url);

    to = row_replaced(w->a, to, "{n}", one(w, t->n));
    if (t->o)
        to = row_replaced(w->a, to, "{o}", one(w, t->o));
    return row_ask(w, &(struct row){.user = t->user, .method = "POST", .body = body, .type = type,
                                    .url = arena_cstr(w->a, to)});
}

static void send(struct world *w, const struct ask *ask, int status, const char *must)
{
    struct reply r;

    rows_rest(w);
    r = run(w, ask);
    if (r.status != status || (must && str_find(r.body, str_c(must)) < 0))
        fail_msg("%s: %d\n%.*s", ask->url, r.status, STR(r.body));
    row_check_page(&r, ask->url);
}

static void play(struct world *w, const struct thing *t)
{
    struct ask add, remove, old[FORMS];
    str number, before;
    size_t n = 0;

    rows_rest(w);
    add = filled(w, t, t->add_url, t->add_body, t->add_type);
    send(w, &add, 303, NULL);
    number = one(w, t->n);
    for (; n < FORMS && t->form[n].url; n++)
        old[n] = filled(w, t, t->form[n].url, t->form[n].body, NULL);
    remove = filled(w, t, t->remove_url, t->remove_body, NULL);
    send(w, &remove, 303, NULL);
    send(w, &add, 303, NULL);
    assert_true(str_eq(number, one(w, t->n)) == t->is_given_again);
    before = one(w, t->state);
    w->expelled[0] = 0;
    for (size_t i = 0; i < n; i++) {
        send(w, &old[i], t->form[i].status, t->form[i].must);
        if (!str_eq(before, one(w, t->state)))
            fail_msg("%s has changed something", old[i].url);
    }
    assert_string_equal(w->expelled, "");
}

static void people(void **state)
{
    play(*state, &person);
}

static void items_of_kits(void **state)
{
    play(*state, &kit_item);
}

static void statements_of_guides(void **state)
{
    play(*state, &point);
}

static void contacts(void **state)
{
    play(*state, &contact);
}

int old_page_suite(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(people),
        cmocka_unit_test(items_of_kits),
        cmocka_unit_test(statements_of_guides),
        cmocka_unit_test(contacts),
    };

    return cmocka_run_group_tests_name("old_page", tests, suite_setup, suite_teardown);
}
