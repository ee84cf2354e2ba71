#include "web/page_import.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/import.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_desk.h"
#include "web/page_people.h"
#include "web/page_room.h"
#include "web/texts.h"
#include "web/visit.h"

#include <stdlib.h>

/* More matches than a list has organisations never come. */
enum { MAX_CONFIRMED = 256 };

/* Whom the list gave another role; name: of who became protected, as the room says it. */
struct moved {
    int64_t person_id;
    str name;
};

/* What came, and what was found in it. */
struct upload {
    str bytes;
    struct moved *moved;
    size_t nmoved;
    struct seminar s; /* of a list */
    struct import_report report;
    struct import_seminar seminar;
};

/* The file, or the field that carries it from the first step to the second. */
static int read_upload(struct exchange *x, struct upload **ret_u)
{
    struct upload *u = arena_make(x->arena, struct upload);
    str data = http_field(x, S("data"));
    char *to;
    size_t n;

    if (!u)
        return ERR_MEM;
    x->state = u;
    u->bytes = http_file(x, S("file"), NULL);
    if (!u->bytes.n && data.n) {
        to = arena_alloc(x->arena, data.n);
        if (!to)
            return ERR_MEM;
        if (decode_base64(to, data.n, data, &n) < 0)
            return ERR_SYNTAX;
        u->bytes = (str){to, n};
    }
    if (!u->bytes.n)
        return ERR_TRUNCATED;
    *ret_u = u;
    return 0;
}

static str carried(struct exchange *x, str bytes)
{
    char *to = arena_alloc(x->arena, 4 * ((bytes.n + 2) / 3) + 1);

    return to ? (str){to, encode_base64(to, bytes.p, bytes.n)} : S("");
}

/* ---- an invitation list ---- */

static int by_id(const void *a, const void *b)
{
    const struct invitation *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int keep_moved(struct exchange *x, struct upload *u, struct invitation_list *was,
                      const struct invitation_list *is)
{
    u->moved = arena_array(x->arena, u->report.nchanged, sizeof(*u->moved));
    if (!u->moved)
        return ERR_MEM;
    qsort(was->row, was->n, sizeof(*was->row), by_id);
    for (size_t i = 0; i < is->n && u->nmoved < u->report.nchanged; i++) {
        const struct invitation *at = &is->row[i];
        const struct invitation *old = bsearch(at, was->row, was->n, sizeof(*at), by_id);
        struct moved m = {.person_id = at->person.id};
        str name;

        if (!old)
            continue;
        name = room_name(&u->s, &at->person, at->role);
        if (old->role == at->role && (at->role != ROLE_PROTECTED ||
                                      str_eq(name, room_name(&u->s, &old->person, old->role))))
            continue;
        if (at->role == ROLE_PROTECTED)
            m.name = arena_str(x->arena, name);
        u->moved[u->nmoved++] = m;
    }
    return arena_is_short(x->arena) ? ERR_MEM : 0;
}

/* The list is taken, and the room is to learn whose role it changed. The invitations of before and
 * after are let go before the page is written. */
static int take_and_compare(struct exchange *x, struct db *db, const struct import_job *job,
                            struct upload *u)
{
    struct arena *a = arena_new();
    struct invitation_list was, is;
    int r = a ? invitation_list(a, db, x->actor, u->s.id, visit_lang(x), &was) : ERR_MEM;

    if (r == 0)
        r = import_invitations(x->arena, db, x->actor, job, u->bytes, &u->report);
    if (r == 0 && u->report.nchanged) {
        r = invitation_list(a, db, x->actor, u->s.id, visit_lang(x), &is);
        if (r == 0)
            r = keep_moved(x, u, &was, &is);
    }
    arena_free(a);
    return r;
}

static int take_list(struct exchange *x, struct db *db, bool is_trial)
{
    str *confirmed = arena_array(x->arena, MAX_CONFIRMED, sizeof(*confirmed));
    struct import_job job = {.now = visit_now(x), .is_trial = is_trial, .is_checked = !is_trial};
    struct upload *u;
    int r = confirmed ? read_upload(x, &u) : ERR_MEM;

    if (r == 0)
        r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &u->s);
    if (r < 0)
        return r;
    for (size_t i = 0; i < MAX_CONFIRMED; i++) {
        confirmed[i] = http_field_at(x, S("match"), i);
        if (!confirmed[i].p)
            break;
        job.nconfirmed++;
    }
    job.confirmed = confirmed;
    job.seminar_id = u->s.id;
    if (!is_trial)
        return take_and_compare(x, db, &job, u);
    return import_invitations(x->arena, db, x->actor, &job, u->bytes, &u->report);
}

int desk_list_act(struct exchange *x, struct db *db)
{
    return take_list(x, db, true);
}

int desk_list_take_act(struct exchange *x, struct db *db)
{
    return take_list(x, db, false);
}

static enum text_id reason_text(int reason)
{
    static const enum text_id texts[IMPORT_REASON_COUNT] = {
        [IMPORT_NO_ORG] = TEXT_IMPORT_NO_ORG,   [IMPORT_SEVERAL_ORGS] = TEXT_IMPORT_SEVERAL_ORGS,
        [IMPORT_NO_ROLE] = TEXT_IMPORT_NO_ROLE, [IMPORT_NO_LANG] = TEXT_IMPORT_NO_LANG,
        [IMPORT_EMAIL] = TEXT_IMPORT_EMAIL,     [IMPORT_SEX] = TEXT_IMPORT_SEX,
        [IMPORT_AGE] = TEXT_IMPORT_AGE,         [IMPORT_COUNTRY] = TEXT_IMPORT_COUNTRY,
        [IMPORT_COLUMNS] = TEXT_IMPORT_COLUMNS, [IMPORT_NOBODY] = TEXT_IMPORT_NOBODY,
        [IMPORT_QUOTES] = TEXT_IMPORT_QUOTES,   [IMPORT_CELL] = TEXT_IMPORT_CELL_LONG,
        [IMPORT_NOT_CONFIRMED] = TEXT_IMPORT_NOT_CONFIRMED,
    };
    enum text_id text = reason > 0 && reason < IMPORT_REASON_COUNT ? texts[reason] : TEXT_NONE;

    return text == TEXT_NONE ? TEXT_IMPORT_UNKNOWN : text;
}

static enum text_id separator_text(char separator)
{
    if (separator == ';')
        return TEXT_IMPORT_SEMICOLON;
    return separator == '\t' ? TEXT_IMPORT_TAB : TEXT_IMPORT_COMMA;
}

static int fill_faults(struct exchange *x, const struct import_report *rep,
                       struct tpl_import_faults *v)
{
    struct tpl_import_faults_rows *row = arena_array(x->arena, rep->nfaults, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < rep->nfaults; i++)
        row[i] = (struct tpl_import_faults_rows){
            .line = rep->fault[i].line,
            .reason = reason_text(rep->fault[i].reason),
            .cell = rep->fault[i].cell.p ? rep->fault[i].cell : S(""),
        };
    v->rows = row;
    v->nrows = rep->nfaults;
    return 0;
}

static int fill_rows(struct exchange *x, const struct import_report *rep,
                     struct tpl_import_check *v)
{
    static const enum text_id what[] = {[IMPORT_ROW_NEW] = TEXT_IMPORT_IS_NEW,
                                        [IMPORT_ROW_CHANGED] = TEXT_IMPORT_IS_CHANGED,
                                        [IMPORT_ROW_SAME] = TEXT_IMPORT_IS_SAME};
    struct tpl_import_check_rows *row = arena_array(x->arena, rep->ntaken, sizeof(*row));
    struct tpl_import_check_matches *match = arena_array(x->arena, rep->nmatches, sizeof(*match));

    if (!row || !match)
        return ERR_MEM;
    for (size_t i = 0; i < rep->ntaken; i++)
        row[i] = (struct tpl_import_check_rows){.line = rep->taken[i].line,
                                                .who = rep->taken[i].who.n ? rep->taken[i].who
                                                                           : S("–"),
                                                .org = rep->taken[i].org,
                                                .what = what[rep->taken[i].what],
                                                .is_same = rep->taken[i].what == IMPORT_ROW_SAME};
    for (size_t i = 0; i < rep->nmatches; i++)
        match[i] = (struct tpl_import_check_matches){
            .number = (int64_t)i + 1, .given = rep->match[i].given, .name = rep->match[i].name};
    v->rows = row;
    v->nrows = rep->ntaken;
    v->matches = match;
    v->nmatches = rep->nmatches;
    return 0;
}

static void show_check(struct exchange *x, const struct upload *u)
{
    const struct import_report *rep = &u->report;
    struct tpl_import_check v = {
        .base = arena_printf(x->arena, "/desk/s/%.*s", STR(u->s.slug)),
        .title = frame_text(&u->s.title, u->s.slug),
        .title_lang = frame_foreign(&u->s.title),
        .total = rep->nrows,
        .added = rep->nadded,
        .changed = rep->nchanged,
        .same = rep->nsame,
        .nfaulty = (int64_t)rep->nfaults,
        .encoding = str_c(rep->encoding ? rep->encoding : "?"),
        .separator = texts_get(visit_texts(x), separator_text(rep->separator)),
        .data = carried(x, u->bytes),
        .csrf_token = visit_csrf(x),
    };
    int r = fill_rows(x, rep, &v);

    if (r == 0)
        r = fill_faults(x, rep, &v.import_faults);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_IMPORT_CHECK_TITLE),
               arena_printf(x->arena, "%.*s/people", STR(v.base)));
    v.page.is_demo |= u->s.is_demo;
    tpl_import_check(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

static void show_report(struct exchange *x, const struct upload *u)
{
    const struct import_report *rep = &u->report;
    struct tpl_import_report v = {
        .back = arena_printf(x->arena, "/desk/s/%.*s/people", STR(u->s.slug)),
        .rows = rep->nrows,
        .added = rep->nadded,
        .changed = rep->nchanged,
        .same = rep->nsame,
        .encoding = str_c(rep->encoding ? rep->encoding : "?"),
    };

    if (fill_faults(x, rep, &v.import_faults) < 0) {
        visit_fail(x, ERR_MEM);
        return;
    }
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_IMPORT_TITLE), v.back);
    tpl_import_report(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

static void list_failed(struct exchange *x)
{
    switch (x->result) {
    case ERR_TRUNCATED:
        people_send(x, 400, TEXT_IMPORT_NO_FILE);
        break;
    case ERR_SYNTAX:
        people_send(x, 400, TEXT_IMPORT_NO_HEADING);
        break;
    case ERR_ENCODING:
        people_send(x, 400, TEXT_IMPORT_FAILED);
        break;
    default:
        visit_fail(x, x->result);
    }
}

void desk_list(struct exchange *x)
{
    if (x->result == 0)
        show_check(x, x->state);
    else
        list_failed(x);
}

void desk_list_take(struct exchange *x)
{
    const struct upload *u = x->state;

    if (x->result < 0) {
        list_failed(x);
        return;
    }
    for (size_t i = 0; i < u->nmoved; i++)
        people_expel(x, u->s.id, u->moved[i].person_id, u->moved[i].name);
    show_report(x, u);
}

/* ---- a whole seminar ---- */

static int take_seminar(struct exchange *x, struct db *db, bool is_trial)
{
    const struct import_job job = {.now = visit_now(x), .is_trial = is_trial};
    struct upload *u;
    int r = read_upload(x, &u);

    return r == 0 ? import_seminar(x->arena, db, x->actor, &job, u->bytes, &u->seminar) : r;
}

int desk_import_act(struct exchange *x, struct db *db)
{
    return take_seminar(x, db, true);
}

int desk_import_take_act(struct exchange *x, struct db *db)
{
    return take_seminar(x, db, false);
}

static void seminar_failed(struct exchange *x)
{
    const struct upload *u = x->state;

    if (u && u->seminar.fault.n)
        desk_send(x, 400, u->seminar.fault);
    else if (x->result == ERR_TRUNCATED)
        desk_send(x, 400, texts_get(visit_texts(x), TEXT_IMPORT_NO_FILE));
    else
        visit_fail(x, x->result);
}

void desk_import(struct exchange *x)
{
    const struct upload *u = x->state;
    const struct import_seminar *s = u ? &u->seminar : NULL;
    struct tpl_import_seminar v = {0};

    if (!s || x->result < 0) {
        seminar_failed(x);
        return;
    }
    v = (struct tpl_import_seminar){
        .is_new = s->is_new,
        .title = s->title.n ? s->title : s->slug,
        .programme = s->programme.n ? s->programme : S("–"),
        .when = frame_datetime(x, s->starts_at, s->zone),
        .lines = s->nitems,
        .orgs = s->norgs,
        .data = carried(x, u->bytes),
        .csrf_token = visit_csrf(x),
    };
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_IMPORT_CHECK_TITLE), S("/desk"));
    tpl_import_seminar(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

void desk_import_take(struct exchange *x)
{
    const struct upload *u = x->state;

    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s?done=import", STR(u->seminar.slug)));
    else
        seminar_failed(x);
}
