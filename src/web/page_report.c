#include "web/page_report.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/indicator.h"
#include "domain/seminar.h"
#include "domain/sheet.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/report_fill.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

/* What a sheet is made of: counted now, or read from a frozen one. */
struct paper {
    struct seminar s;
    struct sheet sheet; /* id 0: of this moment */
    struct tally tally;
    struct indicator indicator;
};

static int seminar_of(struct exchange *x, struct db *db, struct seminar *s)
{
    return seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), s);
}

static int read_now(struct exchange *x, struct paper *p)
{
    int r = seminar_of(x, x->db, &p->s);

    if (r == 0)
        r = tally_read(x->arena, x->db, x->actor, &p->s, visit_now(x), &p->tally);
    return r == 0 ? indicator_of(x->arena, &p->tally, &p->indicator) : r;
}

static int read_frozen(struct exchange *x, struct paper *p)
{
    int64_t id = 0;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;

    if (r == 0)
        r = sheet_by_id(x->arena, x->db, x->actor, id, &p->sheet);
    if (r == 0)
        r = seminar_by_id(x->arena, x->db, p->sheet.seminar_id, visit_lang(x), &p->s);
    if (r == 0)
        r = tally_parse(x->arena, p->sheet.records, &p->tally);
    return r == 0 ? indicator_of(x->arena, &p->tally, &p->indicator) : r;
}

static int fill_sheets(struct exchange *x, const struct paper *p, struct tpl_desk_report *v)
{
    struct tpl_desk_report_sheets *row;
    struct sheet_list list;
    int r = sheet_list(x->arena, x->db, x->actor, p->s.id, &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++)
        row[i] = (struct tpl_desk_report_sheets){
            .number = list.row[i].number,
            .at = list.row[i].frozen_at,
            .handed_to = list.row[i].handed_to,
            .url = arena_printf(x->arena, "/desk/sheet/%lld", (long long)list.row[i].id),
        };
    v->sheets = row;
    v->nsheets = list.n;
    return 0;
}

/* What a sheet's head says in another language than the page; one from before the languages were
 * kept had all in the title's. */
static str foreign(struct exchange *x, const struct tally *t, str lang)
{
    str l = lang.n ? lang : t->title_lang;

    return str_eq(l, visit_lang(x)) ? (str){0} : l;
}

static void fill_head(struct exchange *x, const struct paper *p, struct tpl_desk_report *v)
{
    const struct tally *t = &p->tally;

    v->title = frame_text(&p->s.title, p->s.slug);
    v->title_lang = frame_foreign(&p->s.title);
    v->base = arena_printf(x->arena, "/desk/s/%.*s", STR(p->s.slug));
    v->files = arena_printf(x->arena, "%.*s/report/figures", STR(v->base));
    v->programme = t->programme;
    v->programme_lang = foreign(x, t, t->programme_lang);
    v->partners.convener = t->convener;
    v->partners.convener_lang = foreign(x, t, t->convener_lang);
    v->partners.donor = t->donor;
    v->partners.donor_lang = foreign(x, t, t->donor_lang);
    v->from = t->live_at ? t->live_at : t->starts_at;
    v->has_to = t->ended_at != 0;
    v->to = t->ended_at;
    v->counted = t->counted_at;
    v->percent = t->percent;
    v->handed_to = v->hash = v->signature = v->key = v->public_url = S("");
}

static void fill_frozen(struct exchange *x, const struct paper *p, struct tpl_desk_report *v)
{
    const struct sheet *s = &p->sheet;

    if (!s->id)
        return;
    v->is_frozen = true;
    v->number = s->number;
    v->frozen_at = s->frozen_at;
    v->handed_to = s->handed_to;
    v->hash = s->hash;
    v->signature = s->signature;
    v->key = s->key;
    v->is_recomputed = sheet_verify(s, s->json) == 0 && sheet_recompute(x->arena, s) == 0;
    v->public_url = arena_printf(x->arena, "/%.*s/r/%.*s", STR(visit_lang(x)), STR(s->hash));
    v->files = arena_printf(x->arena, "/desk/sheet/%lld/figures", (long long)s->id);
}

static void show(struct exchange *x, const struct paper *p, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("freeze"), TEXT_SHEET_FROZEN_DONE}};
    struct tpl_desk_report v = {.problem = problem, .csrf_token = visit_csrf(x)};
    int r;

    visit_zone_set(x, p->s.zone);
    fill_head(x, p, &v);
    fill_frozen(x, p, &v);
    r = report_fill(x, &p->tally, &p->indicator, &v);
    if (r == 0)
        r = fill_sheets(x, p, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_REPORT_TITLE),
               p->sheet.id ? x->path : arena_printf(x->arena, "%.*s/report", STR(v.base)));
    v.page.is_demo |= p->s.is_demo;
    tpl_desk_report(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

static void show_now(struct exchange *x, int status, enum text_id problem)
{
    struct paper p = {0};
    int r = read_now(x, &p);

    if (r < 0)
        visit_fail(x, r);
    else
        show(x, &p, status, problem);
}

void desk_report(struct exchange *x)
{
    show_now(x, 200, TEXT_NONE);
}

void desk_sheet(struct exchange *x)
{
    struct paper p = {0};
    int r = read_frozen(x, &p);

    if (r < 0)
        visit_fail(x, r);
    else
        show(x, &p, 200, TEXT_NONE);
}

/* ---- files ---- */

static void send_file(struct exchange *x, const struct paper *p, const char *what, str type,
                      str bytes)
{
    str number = p->sheet.id ? arena_printf(x->arena, "-%d", p->sheet.number) : S("");

    http_set(x, S("Content-Disposition"),
             arena_printf(x->arena, "attachment; filename=\"%.*s-sheet%.*s%s\"", STR(p->s.slug),
                          STR(number), what));
    http_text(x, 200, type, bytes);
}

static void send_csv(struct exchange *x, const struct paper *p)
{
    struct sheet_rows rows = {0};
    str csv = {0};
    int r = sheet_rows(x->arena, &p->tally, &p->indicator, &rows);

    if (r == 0)
        r = sheet_csv(x->arena, &p->tally, &rows, &csv);
    if (r < 0)
        visit_fail(x, r);
    else
        send_file(x, p, ".csv", S("text/csv; charset=utf-8"), csv);
}

void desk_report_csv(struct exchange *x)
{
    struct paper p = {0};
    int r = read_now(x, &p);

    if (r < 0)
        visit_fail(x, r);
    else
        send_csv(x, &p);
}

void desk_report_json(struct exchange *x)
{
    struct sheet_head head = {0};
    struct sheet_rows rows = {0};
    struct paper p = {0};
    str json = {0};
    int r = read_now(x, &p);

    if (r == 0)
        r = sheet_rows(x->arena, &p.tally, &p.indicator, &rows);
    if (r == 0)
        r = sheet_json(x->arena, &p.tally, &rows, &head, &json);
    if (r < 0)
        visit_fail(x, r);
    else
        send_file(x, &p, ".json", S("application/json"), json);
}

void desk_sheet_csv(struct exchange *x)
{
    struct paper p = {0};
    int r = read_frozen(x, &p);

    if (r < 0)
        visit_fail(x, r);
    else
        send_csv(x, &p);
}

/* The bytes that were signed, as they are stored. */
void desk_sheet_json(struct exchange *x)
{
    struct paper p = {0};
    int r = read_frozen(x, &p);

    if (r < 0)
        visit_fail(x, r);
    else
        send_file(x, &p, ".json", S("application/json"), p.sheet.json);
}

void desk_sheet_records(struct exchange *x)
{
    struct paper p = {0};
    int r = read_frozen(x, &p);

    if (r < 0)
        visit_fail(x, r);
    else
        send_file(x, &p, "-records.json", S("application/json"), p.sheet.records);
}

/* ---- freezing ---- */

int desk_report_freeze_act(struct exchange *x, struct db *db)
{
    struct sheet_order order = {.signer = site_of(x)->conf.signer,
                                .handed_to = http_field(x, S("handed_to"))};
    int64_t *id = arena_make(x->arena, int64_t);
    struct seminar s;
    int r = id ? seminar_of(x, db, &s) : ERR_MEM;

    if (r < 0)
        return r;
    order.s = &s;
    x->state = id;
    return sheet_freeze(x->arena, db, x->actor, &order, visit_now(x), id);
}

void desk_report_freeze(struct exchange *x)
{
    const int64_t *id = x->state;
    int r = x->result;

    if (r == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/sheet/%lld?done=freeze", (long long)*id));
    else if (r == ERR_RANGE || r == ERR_TOO_BIG)
        show_now(x, err_http_status(r), TEXT_SHEET_BAD_NAME);
    else
        visit_fail(x, r);
}
