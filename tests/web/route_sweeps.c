/*
 * Every route of the table that takes a form, with each allocation of its answer failing in turn
 * (posting.h). The form is the fullest row of the scenarios that is not refused, and the record is
 * what the rows before it have made of it.
 */
#include "posting.h"

#include "base/clock.h"
#include "base/file.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/sheet.h"
#include "web/routes.h"

#include <stdio.h>
#include <string.h>

static struct world *world;
static struct posting form;
static struct posted whole;

static int form_sweep(void)
{
    return posting_try(world, &form, &whole);
}

static bool is_form_of(const struct row *r, const char *route)
{
    return r->route && strcmp(r->route, route) == 0 && strcmp(r->method, "POST") == 0 &&
           r->status < 400;
}

static size_t fullness(const struct row *r)
{
    return r->body ? strlen(r->body) : 0;
}

/* NULL: none. */
static const struct row *fullest(const char *route)
{
    const struct row *best = NULL;

    for (size_t k = 0; k < nrow_families; k++)
        for (size_t i = 0; i < row_families[k]->n; i++) {
            const struct row *r = &row_families[k]->row[i];

            if (is_form_of(r, route) && (!best || fullness(r) > fullness(best)))
                best = r;
        }
    return best;
}

static int sweep(const char *name, size_t most)
{
    const struct sweep_row row = {name, form_sweep};
    int failed;

    world_forget(world);
    failed = sweep_run_some(&row, 1, most);
    posting_free(&whole);
    return failed;
}

static int sweep_row(const struct row *r, size_t most)
{
    struct ask ask = row_ask(world, r);

    form = (struct posting){.url = ask.url,
                            .body = str_c(ask.body ? ask.body : ""),
                            .type = r->type ? r->type : FORM,
                            .user = r->user,
                            .lang = r->lang,
                            .status = r->status};
    if (r->user != ANON && !r->type)
        form.body = str_c(row_filled(world, arena_cstr(world->a, arena_printf(
                                         world->a, "csrf={csrf}&%.*s", STR(form.body))), r->user));
    return sweep(r->route, most);
}

static int play(const struct row_list *list, size_t most)
{
    int failed = 0;

    for (size_t i = 0; i < list->n; i++) {
        const struct row *r = &list->row[i];

        rows_rest(world);
        if (r->route && r == fullest(r->route))
            failed += sweep_row(r, most);
        row_play(world, r);
        world_forget(world);
    }
    return failed;
}

static void begin(void)
{
    sweep_pause();
    world = world_new();
}

static void end(void)
{
    posting_end(world);
    world_forget(world);
    world_free(world);
    sweep_resume();
}

/* Organising and teaching have a world of their own, as in their tests. */
static bool is_apart(const struct row_list *list)
{
    return list == &convene_rows || list == &teach_rows;
}

static int sweep_families(size_t most, const struct row_list *alone)
{
    int failed = 0;

    begin();
    for (size_t k = 0; k < nrow_families; k++)
        if (alone ? row_families[k] == alone : !is_apart(row_families[k]))
            failed += play(row_families[k], most);
    end();
    return failed;
}

/* ---- forms that a row cannot send: of bytes, of files, or after the seminar ---- */

/* A file as it is sent, its token filled in. */
static str file_body(str bytes, enum user user)
{
    str head = str_c(row_filled(world, PART("csrf") "\r\n\r\n{csrf}\r\n" PART("file")
                                "; filename=\"f\"\r\n\r\n", user));
    struct sb b = sb_init(world->a, 0);

    sb_add(&b, head);
    sb_add(&b, bytes);
    sb_c(&b, "\r\n--xyz--\r\n");
    return sb_str(&b);
}

static int sweep_file(const char *name, enum user user, const char *url, str bytes, int status,
                      size_t most)
{
    form = (struct posting){.url = url,
                            .body = file_body(bytes, user),
                            .type = UPLOAD,
                            .user = user,
                            .status = status};
    return sweep(name, most);
}

static str example(const char *path)
{
    str text;

    assert_int_equal(file_read(world->a, path, 1 << 20, &text), 0);
    return text;
}

/* OTHER came by a link of the live seminar's speaker. */
static void let_speak(void)
{
    struct invitation_list list;
    struct db *db;
    size_t i = 0;

    assert_int_equal(db_open_write(world->path, &db), 0);
    assert_int_equal(invitation_list(world->a, db, &actor_server, world->demo.live_id, S("en"),
                                     &list), 0);
    while (i < list.n && list.row[i].role != ROLE_SPEAKER)
        i++;
    assert_true(i < list.n);
    assert_int_equal(session_add_member(db, list.row[i].id, S("test"), clock_wall(),
                                        world->token[OTHER]), 0);
    db_close(db);
}

static int sweep_files(size_t most)
{
    const char *road = "/desk/news/road/en/pictures";
    int failed = sweep_file("news_picture_add", EDITOR, road, world_png(), 303, most);

    failed += sweep_file("desk_import", EVENT, "/desk/import", example(EXAMPLES "/seminar.json"),
                         200, most);
    failed += sweep_file("desk_import_take", EVENT, "/desk/import/take",
                         example(EXAMPLES "/seminar.json"), 303, most);
    failed += sweep_file("desk_tests_import", EVENT, "/desk/s/" DEMO_LIVE_SLUG "/tests/import",
                         example(EXAMPLES "/quiz.json"), 303, most);
    let_speak();
    failed += sweep_file("slides_add", OTHER, "/s/" DEMO_LIVE_SLUG "/slides", S("%PDF-1.4 talk"),
                         201, most);
    return failed;
}

static const struct row late[] = {
    {"news_picture_save", EDITOR, "POST", "/desk/news/road/en/pictures/{pic}",
     "alt=A+track&credit=Drawn&alt_revision=1", 303, NULL, NULL, NULL, NULL},
    {"news_picture_remove", EDITOR, "POST", "/desk/news/road/en/pictures/{pic}/remove", "", 303,
     NULL, NULL, NULL, NULL},
    {"desk_certificates_issue", EVENT, "POST", "/desk/s/" DEMO_LIVE_SLUG "/certificates/issue", "",
     303, NULL, NULL, NULL, NULL},
    {"mine_take", MEMBER, "POST", "/s/" DEMO_LIVE_SLUG "/certificate", "name=A%C3%BDna", 303, NULL,
     NULL, NULL, NULL},
    {"desk_certificate_reissue", EVENT, "POST", "/desk/c/1/reissue", "name=Another+name", 303, NULL,
     NULL, NULL, NULL},
    {"desk_certificate_revoke", EVENT, "POST", "/desk/c/1/revoke", "reason=A+mistake", 303, NULL,
     NULL, NULL, NULL},
};

/* Each is swept over the same record: the seminar is held, one person has a certificate, a sheet is
 * handed over. */
static int sweep_late(size_t most)
{
    static const struct ask freeze = {.method = "POST", .user = EVENT, .body = "handed_to=Ministry",
                                      .url = "/desk/s/" DEMO_LIVE_SLUG "/report/freeze"};
    struct sheet sheet;
    int failed;

    begin();
    failed = sweep_files(most);
    world_hold(world);
    for (size_t i = 0; i < NELEM(late); i++) {
        failed += sweep_row(&late[i], most);
        if (strcmp(late[i].route, "mine_take") == 0)
            row_play(world, &late[i]);
    }
    assert_int_equal(run(world, &freeze).status, 303);
    assert_int_equal(sheet_by_id(world->a, world->db, &actor_server, 1, &sheet), 0);
    failed += sweep_file("verify_file", ANON, "/en/verify", sheet.json, 200, most);
    end();
    return failed;
}

static bool is_late(const char *route)
{
    static const char *const files[] = {"news_picture_add", "desk_import", "desk_import_take",
                                        "desk_tests_import", "slides_add", "verify_file"};

    for (size_t i = 0; i < NELEM(late); i++)
        if (strcmp(late[i].route, route) == 0)
            return true;
    for (size_t i = 0; i < NELEM(files); i++)
        if (strcmp(files[i], route) == 0)
            return true;
    return false;
}

int route_sweeps(size_t most)
{
    int failed = sweep_families(most, NULL) + sweep_families(most, &convene_rows) +
                 sweep_families(most, &teach_rows) + sweep_late(most);

    for (size_t i = 0; i < nweb_routes; i++) {
        const char *name = web_routes[i].name;

        if (strcmp(web_routes[i].method, "POST") != 0 || fullest(name) || is_late(name))
            continue;
        (void)fprintf(stderr, "%s: no form of it is swept\n", name);
        failed++;
    }
    return failed != 0;
}
