/*
 * Rows of (who, method, address) → (status, must contain, must not contain), over one world, in
 * this order. Every route of the table has a row here; rows for people without the right are made
 * from the table itself.
 */
#include "suite.h"

#include "base/clock.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/right.h"
#include "posting.h"
#include "web/routes.h"

#include <stdio.h>
#include <string.h>

#define REC DEMO_RECORD_SLUG
#define LIVE DEMO_LIVE_SLUG
static const struct row rows[] = {
    {"root", ANON, "GET", "/", NULL, 302, "/en", NULL, NULL, NULL},
    {"home", ANON, "GET", "/en", NULL, 200, "Seminars now and next", "draft. A native", NULL, NULL},
    {"home", ANON, "GET", "/tk", NULL, 200, "lang=\"tk\"", "Seminars now", NULL, "ru"},
    {"home", ANON, "GET", "/ru", NULL, 200, "черновик", NULL, NULL, NULL},
    {"home", ANON, "GET", "/fa", NULL, 200, "<html lang=\"fa\" dir=\"rtl\">", "Seminars now",
     NULL, NULL},
    {"news_show", ANON, "GET", "/fa/news/" REC, NULL, 200, "lang=\"en\" dir=\"auto\"", NULL, NULL,
     NULL},
    {"sign_in", ANON, "GET", "/sign-in?lang=fa", NULL, 200, "dir=\"rtl\"", NULL, NULL, NULL},
    {"desk", EVENT, "GET", "/desk?lang=fa", NULL, 200, "<span lang=\"en\" dir=\"ltr\">", NULL,
     NULL, NULL},
    {"home", ANON, "GET", "/xx", NULL, 404, "This page does not exist", NULL, NULL, NULL},
    {"home", ANON, "POST", "/en", "", 405, NULL, NULL, NULL, NULL},
    {NULL, ANON, "GET", "/en/no/such", NULL, 404, "This page does not exist", NULL, NULL, NULL},
    {NULL, ANON, "GET", "/ru/no/such", NULL, 404, "Такой страницы нет", NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/" REC, NULL, 200, "Red Crescent", "kengesh-staff", NULL,
     NULL},
    {"seminar_show", ANON, "GET", "/en/s/" REC, NULL, 200, "needs to be strengthened further",
     NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/ru/s/" REC, NULL, 200, "Норвегии", NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/" LIVE, NULL, 200, "not affiliated", NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/none-such", NULL, 404, NULL, NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/" REC, NULL, 200, "\"@type\":\"EducationEvent\"", NULL,
     NULL, NULL},
    {"seminar_ics", ANON, "GET", "/en/s/" REC "/calendar.ics", NULL, 200, "BEGIN:VEVENT", NULL,
     NULL, NULL},
    {"news_list", ANON, "GET", "/en/news", NULL, 200, "/en/news/" REC, NULL, NULL, NULL},
    {"news_list", ANON, "GET", "/en/news?month=2020-11", NULL, 200, "/en/news/" REC, NULL, NULL,
     NULL},
    {"news_list", ANON, "GET", "/en/news?month=1999-01", NULL, 200, "There is no news here", NULL,
     NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" REC, NULL, 200, "NewsArticle", "<form", NULL, NULL},
    {"news_show", ANON, "GET", "/tk/news/" REC, NULL, 200, "hreflang=\"ru\"", NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/none", NULL, 404, NULL, NULL, NULL, NULL},
    {"feed", ANON, "GET", "/en/feed.atom", NULL, 200, "<feed ", NULL, NULL, NULL},
    {"asset", ANON, "GET", "/a/x/none.css", NULL, 404, NULL, NULL, NULL, NULL},
    {"asset_in_folder", ANON, "GET", "/a/x/css/site.css", NULL, 200, "--s4", NULL, NULL, NULL},
    {"icon", ANON, "GET", "/favicon.ico", NULL, 302, "icon.svg", NULL, NULL, NULL},
    {"robots", ANON, "GET", "/robots.txt", NULL, 200, "Disallow", NULL, NULL, NULL},
    {"health", ANON, "GET", "/healthz", NULL, 200, "ok", NULL, NULL, NULL},

    {"invitation_show", ANON, "GET", "/i/{link}", NULL, 200, "/i/{link}/open", NULL, NULL, NULL},
    {"invitation_show", ANON, "GET", "/i/{link}?lang=ru", NULL, 200, "Открыть зал", NULL, NULL,
     NULL},
    {"invitation_show", ANON, "GET", "/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL, 404, NULL, NULL,
     NULL, NULL},
    {"invitation_reply", ANON, "POST", "/i/{link}/reply",
     "reply=accepted&note=%3Cb%3EAman+comes%3C%2Fb%3E", 303,
     "/i/{link}?done=reply", NULL, NULL, NULL},
    {"invitation_show", ANON, "GET", "/i/{link}?done=reply&lang=en", NULL, 200, "will come",
     "<b>Aman", NULL, NULL},
    {"invitation_reply", ANON, "POST", "/i/{link}/reply", "reply=perhaps", 404, NULL, NULL, NULL,
     NULL},
    {"invitation_open", ANON, "POST", "/i/{link}/open", "", 303, "/s/" LIVE "/room", "{link}",
     NULL, NULL},
    {"room_show", MEMBER, "GET", "/s/" LIVE "/room", NULL, 200, "room", NULL, NULL, NULL},
    {"room_show", MEMBER, "GET", "/s/" REC "/room", NULL, 403, NULL, NULL, NULL, NULL},
    {"room_control", MEMBER, "GET", "/s/" LIVE "/room/control", NULL, 403, NULL, NULL, NULL, NULL},

    {"sign_in", ANON, "GET", "/sign-in", NULL, 200, "type=\"password\"", NULL, NULL, NULL},
    {"sign_in", ANON, "GET", "/sign-in?next=%2F%2Fevil.example", NULL, 200, "value=\"/desk\"",
     "evil", NULL, NULL},
    {"sign_in_try", ANON, "POST", "/sign-in", "login=event&password=wrong", 401,
     "do not belong together", NULL, NULL, NULL},
    {"sign_in_try", ANON, "POST", "/sign-in", "login=nobody&password=wrong", 401,
     "do not belong together", NULL, NULL, NULL},
    {"sign_in_try", ANON, "POST", "/sign-in", "login=event&password=a+long+password&next=%2Fdesk",
     303, "/desk", NULL, NULL, NULL},
    {"sign_in_try", ANON, "POST", "/sign-in",
     "login=event&password=a+long+password&next=%2F%09%2Fevil.example", 303, "/desk", "evil", NULL,
     NULL},
    {"sign_in_try", ANON, "POST", "/sign-in",
     "login=event&password=a+long+password&next=%2F%0A%2Fevil.example", 303, "/desk", "evil", NULL,
     NULL},
    {"sign_in_try", ANON, "POST", "/sign-in",
     "login=event&password=a+long+password&next=%2Fdesk%2Forgs%3Fq%3Dx", 303, "/desk/orgs?q=x",
     NULL, NULL, NULL},
    {"desk", EVENT, "GET", "/desk", NULL, 200, "/desk/s/" LIVE, "/desk/news/", NULL, NULL},
    {"desk", EDITOR, "GET", "/desk", NULL, 200, "/desk/news/" REC "/en", "/desk/s/", NULL, NULL},
    {"desk", SYSTEM, "GET", "/desk", NULL, 200, "Desk", "/desk/s/", NULL, NULL},
    {"desk_import", EVENT, "POST", "/desk/import", FILE_BODY("{\"seminar\": 1}"), 400,
     "Nothing was imported", NULL, UPLOAD, NULL},
    {"desk_orgs", EVENT, "GET", "/desk/orgs", NULL, 200, "/desk/orgs/tdh", NULL, NULL, NULL},
    {"desk_seminar", EVENT, "GET", "/desk/s/" LIVE, NULL, 200, "Replies by organisation", NULL,
     NULL, NULL},
    {"desk_people", EVENT, "GET", "/desk/s/" LIVE "/people", NULL, 200,
     "http://localhost:8080/i/{link}", NULL, NULL, NULL},
    {"desk_people", EVENT, "GET", "/desk/s/" LIVE "/people", NULL, 200, "&lt;b&gt;Aman",
     "<b>Aman", NULL, NULL},
    {"desk_list", EVENT, "POST", "/desk/s/" LIVE "/import",
     FILE_BODY("organisation,role,language,e-mail\r\ntdh,participant,ru,new@tdh.example\r\n"
               "nowhere,participant,ru,a@b.example\r\n"),
     200, "This organisation is not known", NULL, UPLOAD, NULL},
    {"desk_list", EVENT, "POST", "/desk/s/" LIVE "/import", FILE_BODY("a,b\r\n1,2\r\n"), 400,
     "first row must name", NULL, UPLOAD, NULL},
    {"desk_conclusion", EVENT, "POST", "/desk/s/" LIVE "/conclusion",
     "kind=recommendation&lang=en&text=Meet+%3Cagain%3E", 303,
     "done=conclusion", NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/" LIVE, NULL, 200, "Meet &lt;again&gt;", "<again>", NULL,
     NULL},
    {"desk_conclusion", EVENT, "POST", "/desk/s/" LIVE "/conclusion",
     "kind=conclusion&lang=en&text=", 303, "problem=conclusion", NULL,
     NULL, NULL},
    {"desk_state", EVENT, "POST", "/desk/s/" LIVE "/state", "state=archived", 303,
     "problem=state", NULL, NULL, NULL},
    {"desk_seminar", EVENT, "GET", "/desk/s/" LIVE "?problem=state", NULL, 200,
     "cannot go from its present state", NULL, NULL, NULL},
    {"desk_draft", EVENT, "POST", "/desk/s/" LIVE "/draft", "", 303, "done=draft#news", NULL,
     NULL, NULL},
    {"desk_draft", EVENT, "POST", "/desk/s/" LIVE "/draft", "", 303, "done=drafts#news", NULL,
     NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" LIVE, NULL, 404, NULL, NULL, NULL, NULL},
    {"news_edit", EDITOR, "GET", "/desk/news/" LIVE "/en", NULL, 200, "name=\"revision\"", NULL,
     NULL, NULL},
    {"news_preview", EDITOR, "POST", "/desk/news/" LIVE "/en/preview",
     "revision={rev}&title=Hello&body=**bold**+%3Cscript%3E", 200, "<strong>bold</strong>",
                "<script>", NULL, NULL},
    {"news_save", EDITOR, "POST", "/desk/news/" LIVE "/en", "revision={rev}&title=&body=x", 400,
     "It was not saved", NULL, NULL, NULL},
    {"news_save", EDITOR, "POST", "/desk/news/" LIVE "/en",
     "revision={rev}&title=First&body=The+first+text", 303, "done=saved", NULL,
     NULL, NULL},
    {"news_save", EDITOR, "POST", "/desk/news/" LIVE "/en",
     "revision=1&title=Second&body=My+own+words", 409, "My own words",
     "done=saved", NULL, NULL},
    {"news_save", EDITOR, "POST", "/desk/news/" LIVE "/en",
     "revision=1&title=Second&body=My+own+words", 409, "name=\"pick-1\"", NULL,
     NULL, NULL},
    {"news_save", EDITOR, "POST", "/desk/news/" LIVE "/en",
     "revision={rev}&title=Third&body=Published+%5Bhere%5D%28javascript%3Aalert%281%29%29", 303,
                "done=saved", NULL, NULL, NULL},
    {"news_step", EDITOR, "POST", "/desk/news/" LIVE "/en/step", "revision={rev}&to=7", 409,
     "taken a step meanwhile", NULL, NULL,
     NULL},
    {"news_safety_put", EDITOR, "POST", "/desk/news/" LIVE "/en/safety",
     "revision={rev}&pictures=0&faces=1&names=1&places=1&consent=1", 303,
     "steps?done=passed", NULL, NULL, NULL},
    {"news_step", EDITOR, "POST", "/desk/news/" LIVE "/en/step", "revision={rev}&to=7", 303,
     "done=published", NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" LIVE, NULL, 200, "Published", "href=\"javascript",
     NULL, NULL},
    {"news_show", ANON, "GET", "/ru/news/" LIVE, NULL, 200, "На выбранном языке версии нет", NULL,
     NULL, NULL},
    {"news_step", EDITOR, "POST", "/desk/news/" LIVE "/en/step",
     "revision={rev}&to=9&sure=1&note=It+was+%3Cwrong%3E", 303,
     "done=withdrawn", NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" LIVE, NULL, 410, "It was &lt;wrong&gt;", "Published",
     NULL, NULL},
    {"news_show", ANON, "GET", "/ru/news/" LIVE, NULL, 410, "Материал снят", NULL, NULL, NULL},
    {"desk_renew", EVENT, "POST", "/desk/i/{id}/renew", "generation={generation}", 303,
     "/desk/s/" LIVE "/people?done=renew", NULL, NULL, NULL},
    {"invitation_show", ANON, "GET", "/i/{link}", NULL, 410, "no longer works", NULL, NULL, NULL},
    {"room_show", MEMBER, "GET", "/s/" LIVE "/room", NULL, 401, NULL, NULL, NULL, NULL},
    {"desk_close", EVENT, "POST", "/desk/i/{withdrawn}/close", "generation={generation}", 303,
     "done=close", NULL, NULL, NULL},
    {"desk_close", EVENT, "POST", "/desk/i/999999/close", "", 404, NULL, NULL, NULL, NULL},
    {"debug_routes", SYSTEM, "GET", "/debug/routes", NULL, 200, "news_step", NULL, NULL, NULL},
    {"sign_out", EVENT, "POST", "/sign-out", "", 303, "/en", NULL, NULL, NULL},
    {"desk", EVENT, "GET", "/desk", NULL, 401, "sign in", NULL, NULL, NULL},
};

const struct row_list scenario_rows = {rows, NELEM(rows)};

/* A route must have one in any of them. */
const struct row_list *const row_families[] = {
    &teach_rows,
    &pack_rows,
    &publish_rows,
    &newsroom_rows,
    &check_rows,
    &house_rows,
    &contact_rows,
    &convene_rows,
    &guide_rows,
    &home_rows,
    &kit_rows,
    &live_rows,
    &scenario_rows, /* the last: it ends with a sign-out */
};
const size_t nrow_families = NELEM(row_families);

static void scenario(void **state)
{
    for (size_t i = 0; i < nrow_families; i++)
        if (row_families[i] != &convene_rows && row_families[i] != &teach_rows) {
            rows_rest(*state); /* one editor does not do the work of all families in a minute */
            rows_play(*state, row_families[i]);
        }
}

static bool has_row(const struct row_list *list, const char *route)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->row[i].route && strcmp(list->row[i].route, route) == 0)
            return true;
    return false;
}

static void every_route_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < nweb_routes; i++) {
        bool is_played = false;

        for (size_t k = 0; k < nrow_families; k++)
            is_played |= has_row(row_families[k], web_routes[i].name);
        if (!is_played)
            fail_msg("the route %s has no row in tests/web", web_routes[i].name);
    }
}

/* An address of the route's pattern: each {x} filled with something that exists. */
static const char *address(struct world *w, const struct route *route)
{
    static const struct { const char *mark; const char *value; } marks[] = {
        {"{lang}", "en"}, {"{slug}", LIVE}, {"{code}", "en"}, {"{id}", "1"}, {"{number}", "1"},
         {"{tree}", "x"}, {"{name}", "x.css"},
        {"{folder}", "css"}};
    str url = str_c(route->pattern);

    for (size_t i = 0; i < NELEM(marks); i++)
        url = row_replaced(w->a, url, marks[i].mark, str_c(marks[i].value));
    return arena_cstr(w->a, row_replaced(w->a, url, "{token}", w->link));
}

static unsigned held(enum user user)
{
    static const unsigned bits[USERS] = {0, RIGHT_MEMBER, RIGHT_STAFF | RIGHT_EVENT,
                                         RIGHT_STAFF | RIGHT_EDITOR,
                                         RIGHT_STAFF | RIGHT_CASE, RIGHT_STAFF | RIGHT_SYSTEM,
                                         RIGHT_MEMBER};

    return bits[user] | RIGHT_PUBLIC;
}

/* For every route and everybody who lacks its right: 401 for the anonymous, 403 for the others,
and nothing happens. */
static void without_the_right(void **state)
{
    struct world *w = *state;
    unsigned n = 0;

    for (size_t i = 0; i < nweb_routes; i++) {
        const struct route *route = &web_routes[i];

        for (enum user u = ANON; u < USERS; u++) {
            struct ask ask = {.method = route->method, .url = address(w, route), .user = u,
                              .body = ""};
            struct reply r;

            if (held(u) & route->right)
                continue;
            rows_rest(w);
            r = run(w, &ask);
            n++;
            if (r.status != (u == ANON ? 401 : 403))
                fail_msg("%s as user %d: %d", route->name, u, r.status);
            row_check_page(&r, ask.url);
            world_forget(w);
        }
    }
    print_message("%u rows of people without the right\n", n);
}

/* A personal link opens its own seminar only, whatever the address names. */
static void member_of_another_seminar(void **state)
{
    struct world *w = *state;
    unsigned n = 0;

    for (size_t i = 0; i < nweb_routes; i++) {
        const struct route *route = &web_routes[i];
        struct ask ask = {.method = route->method, .url = address(w, route), .user = OTHER,
                          .body = ""};
        struct reply r;

        if (!(route->right & RIGHT_MEMBER) || str_find(str_c(route->pattern), S("{slug}")) < 0)
            continue;
        r = run(w, &ask);
        n++;
        if (r.status != 403 && r.status != 404)
            fail_msg("%s by a link to another seminar: %d", route->name, r.status);
        world_forget(w);
    }
    assert_true(n > 0);
}

/* For every form: from another site, without Origin, and (with a session) without the token. */
static void forms_from_elsewhere(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < nweb_routes; i++) {
        const struct route *route = &web_routes[i];
        struct ask ask = {.method = "POST", .url = address(w, route), .body = "a=b"};

        /* without a session and without a change there is nothing to forge: for programs */
        if (strcmp(route->method, "POST") != 0 || (route->flags & ROUTE_NO_CSRF && !route->act))
            continue;
        rows_rest(w);
        while (!(held(ask.user) & route->right))
            ask.user++;
        ask.foreign = true;
        assert_int_equal(run(w, &ask).status, 403);
        ask.foreign = false;
        ask.no_origin = true;
        assert_int_equal(run(w, &ask).status, 403);
        ask.no_origin = false;
        ask.no_csrf = true;
        if (!(route->right & RIGHT_PUBLIC))
            assert_int_equal(run(w, &ask).status, 403);
        world_forget(w);
    }
}

/* A guessed or stolen half of a cookie is worth nothing. */
static void broken_cookies(void **state)
{
    struct world *w = *state;
    char cookie[200];

    (void)snprintf(cookie, sizeof(cookie), "kengesh-staff=%.20s", w->token[EVENT]);
    assert_int_equal(run(w, &(struct ask){.method = "GET", .url = "/desk",
                                          .cookie = cookie}).status, 401);
    (void)snprintf(cookie, sizeof(cookie), "kengesh-staff=%s", w->token[MEMBER]);
    assert_int_equal(run(w, &(struct ask){.method = "GET", .url = "/desk",
                                          .cookie = cookie}).status, 403);
    assert_int_equal(run(w, &(struct ask){.method = "GET", .url = "/desk",
                                          .cookie = "kengesh-staff="}).status, 401);
}

static void cookies_are_closed_boxes(void **state)
{
    struct world *w = *state;
    struct ask ask = {.method = "POST", .url = row_filled(w, "/i/{link}/open", ANON), .body = ""};
    struct reply r = run(w, &ask);
    str cookie = reply_header(&r, "Set-Cookie");

    assert_int_equal(r.status, 303);
    assert_true(str_starts(cookie, S("kengesh=")));
    assert_true(str_find(cookie, S("HttpOnly; SameSite=Lax")) > 0);
    assert_true(str_eq(reply_header(&r, "Cache-Control"), S("no-store")));
}

/* On https every cookie is bound to this host and to TLS. */
static void cookies_on_https(void **state)
{
    struct world *w = *state;
    struct ask ask = {.method = "POST", .url = row_filled(w, "/i/{link}/open", ANON), .body = ""};
    struct reply r;

    w->site->is_secure = true;
    r = run(w, &ask);
    w->site->is_secure = false;
    assert_int_equal(r.status, 303);
    assert_true(str_starts(reply_header(&r, "Set-Cookie"), S("__Host-kengesh=")));
    assert_true(str_ends(reply_header(&r, "Set-Cookie"), S("; Secure")));
    assert_true(reply_header(&r, "Strict-Transport-Security").p != NULL);
}

/* Whoever knew the token from before a sign-in knows nothing after it. */
static void a_sign_in_ends_the_session_before_it(void **state)
{
    struct world *w = *state;
    struct ask sign_in = {.method = "POST", .url = "/sign-in",
                          .body = "login=case&password=a+long+password", .user = ANON};
    struct ask desk = {.method = "GET", .url = "/desk"};
    struct reply r = run(w, &sign_in);
    char first[200], second[200];

    assert_int_equal(r.status, 303);
    assert_int_equal(str_copy(first, sizeof(first),
                              str_cut(reply_header(&r, "Set-Cookie"), ';').head), 0);
    desk.cookie = sign_in.cookie = first;
    assert_int_equal(run(w, &desk).status, 200);
    r = run(w, &sign_in);
    assert_int_equal(str_copy(second, sizeof(second),
                              str_cut(reply_header(&r, "Set-Cookie"), ';').head), 0);
    assert_string_not_equal(first, second);
    assert_int_equal(run(w, &desk).status, 401);
    desk.cookie = second;
    assert_int_equal(run(w, &desk).status, 200);
}

static struct world *resetting;

/* As the desk's page of accounts does it, while the owner's own change is being hashed. */
static void reset_meanwhile(void)
{
    struct arena *a = arena_new();
    struct account account;
    struct db *db = NULL;

    posting_on_hash = NULL;
    assert_int_equal(db_open_write(resetting->path, &db), 0);
    assert_int_equal(account_by_login(a, db, S("case"), &account), 0);
    assert_int_equal(account_password_set(db, &actor_server, account.id, S("$reset"), clock_wall()),
                     0);
    db_close(db);
    arena_free(a);
}

/* Who resets a password because it is in strange hands must not be overtaken by those. */
static void a_reset_holds(void **state)
{
    struct world *w = *state;
    struct ask sign_in = {.method = "POST", .url = "/sign-in",
                          .body = "login=case&password=a+long+password", .user = ANON};
    struct ask change = {.method = "POST", .url = "/desk/account/password", .user = CASE,
                         .body = "old=a+long+password&new=another+long+one&again=another+long+one"};
    struct account account;
    struct reply r;

    resetting = w;
    posting_on_hash = reset_meanwhile;
    r = run(w, &change);
    assert_null(posting_on_hash);
    assert_int_equal(r.status, 401);
    assert_null(reply_header(&r, "Set-Cookie").p);
    assert_int_equal(account_by_login(w->a, w->db, S("case"), &account), 0);
    assert_true(str_eq(account.password_hash, S("$reset")));
    sign_in.body = "login=case&password=another+long+one";
    assert_int_equal(run(w, &sign_in).status, 401);
}

static void passwords_cannot_be_tried_fast(void **state)
{
    struct world *w = *state;
    static const char *const spelled[] = {"login=guessed&password=wrong",
                                          "login=Guessed&password=wrong",
                                          "login=+gUESSED%09&password=wrong"};
    struct ask ask = {.method = "POST", .url = "/sign-in", .body = spelled[0]};
    usec began = clock_mono();
    unsigned i = 0;
    int status = 401;

    while (i < 60 && (status = run(w, &ask).status) == 401)
        ask.body = spelled[++i % NELEM(spelled)];
    /* Ten at once, and ten a minute that come back while a loaded machine computes the hashes. */
    assert_in_range(i, 10, 11 + (clock_mono() - began) / (6 * USEC_S));
    assert_int_equal(status, 429);
    ask.body = "login=system&password=a+long+password";
    assert_int_equal(run(w, &ask).status, 303);
}

int scenario_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_has_a_row), cmocka_unit_test(without_the_right),
        cmocka_unit_test(member_of_another_seminar),
        cmocka_unit_test(broken_cookies), cmocka_unit_test(cookies_are_closed_boxes),
        cmocka_unit_test(cookies_on_https), cmocka_unit_test(a_sign_in_ends_the_session_before_it),
        cmocka_unit_test(passwords_cannot_be_tried_fast),
        cmocka_unit_test(scenario),
    };

    const struct CMUnitTest apart[] = {cmocka_unit_test(forms_from_elsewhere),
                                       cmocka_unit_test(a_reset_holds)};

    return cmocka_run_group_tests(tests, suite_setup, suite_teardown) +
           cmocka_run_group_tests(apart, suite_setup, suite_teardown);
}
