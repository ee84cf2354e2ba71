/*
 * An invitation list as the organiser brings it: the look before anything is taken, then the taking
 * of what was looked at, by the handlers themselves. The input is the file. The look changes
 * nothing and its page is well formed; the page carries the file whole; with every name confirmed,
 * as many rows are taken as the page promised; without, none of those.
 */
#include "web/page_import.c"

#include "domain/actor.h"
#include "store/db.h"
#include "web/site.h"
#include "web/visit_i.h"

#include "markup.h"

static const char seminar_json[] =
    "{\"organisations\":[{\"id\":\"tdh\",\"kind\":\"ngo\","
    "\"name\":{\"ru\":\"Союз молодёжи\",\"en\":\"Union <of> \\\"youth\\\"\"}},"
    "{\"id\":\"two\",\"kind\":\"ngo\",\"name\":{\"ru\":\"Союз женщин\"}}],"
    "\"programme\":{\"slug\":\"pp\"},\"seminar\":{\"slug\":\"ss\",\"timezone\":\"UTC\","
    "\"starts_at\":\"2020-11-24T10:00:00Z\",\"duration_minutes\":60,"
    "\"floor_language\":\"ru\",\"languages\":[\"ru\",\"tk\"],\"network_policy\":\"open\"}}";

static struct db *open_once(void)
{
    struct import_job job = {.now = 1};
    struct import_seminar made = {0};
    struct arena *a = arena_new();
    struct db *db = NULL;

    CHECK(a && db_open_memory(&db) == 0);
    CHECK(import_seminar(a, db, &actor_server, &job, str_c(seminar_json), &made) == 0);
    arena_free(a);
    return db;
}

/* One exchange with a form; made by hand, for there is no connection. */
struct call {
    struct site site;
    struct visit visit;
    struct http_header type;
    struct exchange x;
};

static void call_init(struct call *c, struct arena *a, struct db *db, str body)
{
    *c = (struct call){.site = {.origin = S("http://h"), .is_loopback = true},
                       .type = {S("Content-Type"), S("multipart/form-data; boundary=qzq")}};
    texts_init(&c->visit.texts, S("ru"), S("UTC"));
    c->visit.site = &c->site;
    c->visit.now = 1;
    c->x = (struct exchange){.arena = a, .method = S("POST"), .path = S("/desk/s/ss/import"),
                             .body = body, .headers = &c->type, .nheaders = 1, .db = db,
                             .actor = &actor_server, .status = 200, .reply = sb_init(a, 0),
                             .site = &c->visit};
    c->x.params[0].name = S("slug");
    c->x.params[0].value = S("ss");
}

static void part(struct sb *to, const char *head, str value)
{
    sb_printf(to, "--qzq\r\nContent-Disposition: form-data; %s\r\n\r\n", head);
    sb_add(to, value);
    sb_c(to, "\r\n");
}

static int64_t count(struct db *db)
{
    struct stmt *q = db_stmt(db, "SELECT (SELECT count(*) FROM persons)"
                                 " + (SELECT count(*) FROM invitations)"
                                 " + (SELECT count(*) FROM texts)");
    int64_t n;

    CHECK(stmt_row(q) == 1);
    n = col_i64(q, 0);
    stmt_end(q);
    return n;
}

/* Well formed; what it carries to the second step, as the form's body. */
static str read_page(struct arena *a, str html, bool is_agreed)
{
    struct markup m = {.a = a, .rest = html};
    struct sb b = sb_init(a, 0);
    struct markup_piece p;
    str name = S("");

    while (markup_next(&m, &p)) {
        CHECK(!str_eq(p.tag, S("script")) && !str_starts(p.name, S("on")));
        if (p.kind != MARKUP_ATTR || !str_eq(p.tag, S("input")))
            continue;
        if (str_eq(p.name, S("name")))
            name = p.value;
        else if (str_eq(p.name, S("value")) && str_eq(name, S("data")))
            part(&b, "name=\"data\"", p.value);
        else if (str_eq(p.name, S("value")) && str_eq(name, S("match")) && is_agreed)
            part(&b, "name=\"match\"", p.value);
    }
    sb_c(&b, "--qzq--\r\n");
    CHECK(!b.err);
    return sb_str(&b);
}

static void take(struct arena *a, struct db *db, str body, const struct upload *seen,
                 bool is_agreed)
{
    const struct import_report *want = &seen->report, *got;
    struct call c;

    call_init(&c, a, db, body);
    CHECK(desk_list_take_act(&c.x, db) == 0);
    got = &((const struct upload *)c.x.state)->report;
    CHECK(str_eq(((const struct upload *)c.x.state)->bytes, seen->bytes));
    CHECK(got->nrows == want->nrows);
    if (is_agreed || !want->nmatches)
        CHECK(got->nadded == want->nadded && got->nchanged == want->nchanged &&
              got->nsame == want->nsame && got->nfaults == want->nfaults);
    else
        CHECK(got->ntaken <= want->ntaken && got->nfaults >= want->nfaults);
    desk_list_take(&c.x);
    CHECK(c.x.status == 200);
    (void)read_page(a, sb_str(&c.x.reply), false);
}

static void look(struct arena *a, struct db *db, str file)
{
    struct sb b = sb_init(a, 0);
    int64_t before = count(db);
    struct call c;
    str html;

    part(&b, "name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv", file);
    sb_c(&b, "--qzq--\r\n");
    CHECK(!b.err);
    call_init(&c, a, db, sb_str(&b));
    CHECK(db_begin(db) == 0);
    c.x.result = desk_list_act(&c.x, db);
    CHECK(c.x.result < 0 || count(db) == before); /* what failed is taken back by the writer */
    db_abort(db);
    if (c.x.result < 0)
        return;
    desk_list(&c.x);
    html = sb_str(&c.x.reply);
    CHECK(c.x.status == 200 && html.n);
    for (int is_agreed = 0; is_agreed < 2; is_agreed++) {
        str body = read_page(a, html, is_agreed);

        if (str_find(body, S("name=\"data\"")) < 0)
            continue; /* nothing to take */
        CHECK(db_begin(db) == 0);
        take(a, db, body, c.x.state, is_agreed);
        db_abort(db);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    str file = {(const char *)p, n};
    struct arena *a = arena_new();

    CHECK(a);
    if (!db)
        db = open_once();
    if (str_find(file, S("\r\n--qzq")) < 0) /* it would end the form's part */
        look(a, db, file);
    arena_free(a);
    return 0;
}
