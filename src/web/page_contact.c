#include "web/page_contact.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/contact.h"
#include "domain/hours.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_RUNS = 7 * HOURS_MOST, MAX_COUNTRIES = 64 };

void contact_private(struct exchange *x)
{
    http_set(x, S("Cache-Control"), S("no-store"));
    http_set(x, S("Referrer-Policy"), S("no-referrer"));
}

static const enum text_id day_text[] = {TEXT_CONTACT_MO, TEXT_CONTACT_TU, TEXT_CONTACT_WE,
                                        TEXT_CONTACT_TH, TEXT_CONTACT_FR, TEXT_CONTACT_SA,
                                        TEXT_CONTACT_SU};

static str clock_text(struct arena *a, int from, int to)
{
    return arena_printf(a, "%02d:%02d–%02d:%02d", from / 60, from % 60, to / 60, to % 60);
}

/* One row for each run of days: Mon – Fri 09:00–18:00. */
static void fill_hours(struct exchange *x, const struct hours *h, struct tpl_contact_card *v)
{
    struct tpl_contact_card_hours *row = arena_array(x->arena, MAX_RUNS, sizeof(*row));
    size_t n = 0;

    for (size_t i = 0; row && i < h->n && !h->is_always; i++) {
        const struct hours_span *s = &h->span[i];

        for (int d = 0; d < 7; d++) {
            int from = d;

            if (!(s->days & 1u << d))
                continue;
            while (d < 6 && s->days & 1u << (d + 1))
                d++;
            row[n].from = day_text[from];
            row[n].to = d > from ? day_text[d] : TEXT_NONE;
            row[n++].times = clock_text(x->arena, s->from, s->to);
        }
    }
    v->hours = row;
    v->nhours = n;
    v->is_always = h->is_always;
}

static int fill_langs(struct exchange *x, const struct contact *c, struct tpl_contact_card *v)
{
    struct tpl_contact_card_langs *row = arena_array(x->arena, c->langs.n / 2 + 1, sizeof(*row));
    struct str_pair cut = {.tail = c->langs};

    if (!row)
        return ERR_MEM;
    do {
        cut = str_cut(cut.tail, ',');
        if (cut.head.n)
            row[v->nlangs++].code = cut.head;
    } while (cut.ok);
    v->langs = row;
    return 0;
}

/* "tel:" takes digits and + alone. */
static str dial(struct arena *a, str phone)
{
    char *to = arena_alloc(a, phone.n + 5);
    size_t n = 4;

    if (!to || !phone.n)
        return (str){NULL, 0};
    for (size_t i = 0; i < 4; i++)
        to[i] = "tel:"[i];
    for (size_t i = 0; i < phone.n; i++)
        if (phone.p[i] == '+' || (phone.p[i] >= '0' && phone.p[i] <= '9'))
            to[n++] = phone.p[i];
    return (str){to, n};
}

static enum text_id answers_text(int answers)
{
    return answers == CONTACT_STATE ? TEXT_CONTACT_STATE
           : answers == CONTACT_NGO ? TEXT_CONTACT_NGO
                                    : TEXT_CONTACT_INTERNATIONAL;
}

int contact_card_fill(struct exchange *x, const struct contact *c, struct tpl_contact_card *v)
{
    struct hours h;
    int r = hours_parse(c->hours, &h);

    if (r < 0)
        return r;
    *v = (struct tpl_contact_card){
        .name = frame_text(&c->name, c->slug),
        .name_lang = frame_foreign(&c->name),
        .service = frame_text(&c->service, S("")),
        .service_lang = frame_foreign(&c->service),
        .url = arena_printf(x->arena, "/%.*s/contacts/%.*s", STR(visit_lang(x)), STR(c->slug)),
        .answers = answers_text(c->answers),
        .country = c->country,
        .phone = c->phone,
        .dial = dial(x->arena, c->phone),
        .page = c->url,
        .email = c->email,
        .mail = c->email.n ? arena_printf(x->arena, "mailto:%.*s", STR(c->email)) : (str){NULL, 0},
        .cost = c->cost == CONTACT_FREE   ? TEXT_CONTACT_FREE
                : c->cost == CONTACT_PAID ? TEXT_CONTACT_PAID
                                          : TEXT_CONTACT_NOT_STATED,
        .abroad = c->abroad == CONTACT_ABROAD_YES  ? TEXT_CONTACT_ABROAD_YES
                  : c->abroad == CONTACT_ABROAD_NO ? TEXT_CONTACT_ABROAD_NO
                                                   : TEXT_CONTACT_NOT_STATED,
        .is_open = hours_is_open(&h, c->zone, visit_now(x)),
        .is_stated = h.n != 0,
        .there = frame_datetime(x, visit_now(x), c->zone),
        .is_old = c->age != CONTACT_FRESH,
        .is_missed = c->misses > 0,
        .checked = frame_date(x, c->checked_at, c->zone),
        .checked_by = c->checked_by,
        .source = c->source,
        .is_sample = c->is_sample,
    };
    fill_hours(x, &h, v);
    return fill_langs(x, c, v);
}

static bool is_page_lang(struct exchange *x)
{
    return texts_by_lang(http_param(x, S("lang"))) != NULL;
}

static int fill_cards(struct exchange *x, const struct contact_list *l, struct tpl_contact_list *v)
{
    struct tpl_contact_card *row = arena_array(x->arena, l->n, sizeof(*row));
    int r = row ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < l->n; i++)
        r = contact_card_fill(x, &l->row[i], &row[i]);
    if (r == 0) {
        v->cards = row;
        v->ncards = l->n;
    }
    return r;
}

static int fill_countries(struct exchange *x, str chosen, struct tpl_contact_list *v)
{
    struct tpl_contact_list_countries *row = arena_array(x->arena, MAX_COUNTRIES, sizeof(*row));
    struct str_pair cut;
    int r = contact_countries(x->arena, x->db, visit_now(x), &cut.tail);

    if (r < 0 || !row)
        return r < 0 ? r : ERR_MEM;
    do {
        cut = str_cut(cut.tail, ',');
        if (cut.head.n && v->ncountries < MAX_COUNTRIES)
            row[v->ncountries++] = (struct tpl_contact_list_countries){
                .code = cut.head, .is_chosen = str_eq(cut.head, chosen)};
    } while (cut.ok);
    v->countries = row;
    return 0;
}

void contact_list_show(struct exchange *x)
{
    struct contact_filter f = {.lang = visit_lang(x), .country = http_query(x, S("country"))};
    struct tpl_contact_list v = {0};
    struct contact_list l;
    int r = is_page_lang(x) ? contact_list(x->arena, x->db, x->actor, &f, visit_now(x), &l)
                            : ERR_NOT_FOUND;

    if (r == 0)
        r = fill_cards(x, &l, &v);
    if (r == 0)
        r = fill_countries(x, f.country, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.action = arena_printf(x->arena, "/%.*s/contacts", STR(visit_lang(x)));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CONTACT_TITLE), v.action);
    tpl_contact_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}

void contact_show(struct exchange *x)
{
    struct contact_ask ask = {
        .slug = http_param(x, S("slug")), .lang = visit_lang(x), .now = visit_now(x)};
    struct tpl_contact_show v = {0};
    struct contact c;
    int r = is_page_lang(x) ? contact_by_slug(x->arena, x->db, x->actor, &ask, &c) : ERR_NOT_FOUND;

    if (r == 0)
        r = contact_card_fill(x, &c, &v.contact_card);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.contact_card.is_alone = true;
    v.back = arena_printf(x->arena, "/%.*s/contacts", STR(visit_lang(x)));
    frame_fill(x, &v.page, v.contact_card.name, v.contact_card.url);
    tpl_contact_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}

/* ---- for programs ---- */

static void member(struct sb *b, const char *name, str value)
{
    sb_printf(b, ",\"%s\":", name);
    sb_json(b, value);
}

static void json_schedules(struct sb *b, const struct contact *c)
{
    struct hours h = {0};
    bool is_first = true;

    (void)hours_parse(c->hours, &h);
    sb_c(b, ",\"schedules\":[");
    for (size_t i = 0; i < h.n; i++)
        for (int d = 0; d < 7; d++) {
            if (!(h.span[i].days & 1u << d))
                continue;
            sb_printf(b,
                      "%s{\"byday\":\"%c%c\",\"opens_at\":\"%02d:%02d\",\"closes_at\":"
                      "\"%02d:%02d\",\"timezone\":",
                      is_first ? "" : ",", hours_day_name(d)[0] - 32, hours_day_name(d)[1] - 32,
                      h.span[i].from / 60, h.span[i].from % 60, h.span[i].to / 60,
                      h.span[i].to % 60);
            sb_json(b, c->zone);
            sb_c(b, "}");
            is_first = false;
        }
    sb_c(b, "]");
}

static void json_langs(struct sb *b, const struct contact *c)
{
    struct str_pair cut = {.tail = c->langs};
    bool is_first = true;

    sb_c(b, ",\"languages\":[");
    while (cut.tail.n) {
        cut = str_cut(cut.tail, ',');
        sb_c(b, is_first ? "{\"code\":" : ",{\"code\":");
        sb_json(b, cut.head);
        sb_c(b, "}");
        is_first = false;
    }
    sb_c(b, "]");
}

static void json_contact(struct exchange *x, struct sb *b, const struct contact *c)
{
    static const char *const kinds[] = {"", "state", "ngo", "international"};
    struct sb day = sb_init(x->arena, 0);

    texts_show(&day, visit_texts(x), SHOW_ISO, c->checked_at);
    sb_c(b, "{\"id\":");
    sb_json(b, c->slug);
    member(b, "name", frame_text(&c->name, c->slug));
    member(b, "description", frame_text(&c->service, S("")));
    sb_c(b, ",\"status\":\"active\"");
    member(b, "url", c->url.n ? c->url : S(""));
    member(b, "email", c->email.n ? c->email : S(""));
    member(b, "fees_description",
           c->cost == CONTACT_FREE   ? S("free")
           : c->cost == CONTACT_PAID ? S("paid")
                                     : S("not stated"));
    member(b, "assured_date", str_take(sb_str(&day), 10));
    sb_c(b, ",\"organization\":{\"id\":");
    sb_json(b, c->slug);
    member(b, "name", frame_text(&c->name, c->slug));
    sb_printf(b, ",\"legal_status\":\"%s\"},\"phones\":[",
              kinds[c->answers >= 1 && c->answers <= 3 ? c->answers : 0]);
    if (c->phone.n) {
        sb_c(b, "{\"number\":");
        sb_json(b, c->phone);
        sb_printf(b, ",\"description\":\"%s\"}",
                  c->abroad == CONTACT_ABROAD_YES  ? "can be reached from abroad"
                  : c->abroad == CONTACT_ABROAD_NO ? "cannot be reached from abroad"
                                                   : "");
    }
    sb_c(b, "]");
    json_schedules(b, c);
    json_langs(b, c);
    sb_c(b, ",\"locations\":[{\"addresses\":[{\"country\":");
    sb_json(b, c->country);
    sb_c(b, "}]}]");
    member(b, "source", c->source);
    sb_printf(b, ",\"sample\":%s,\"overdue\":%s}", c->is_sample ? "true" : "false",
              c->age == CONTACT_FRESH ? "false" : "true");
}

static int all(struct exchange *x, struct contact_list *ret_list)
{
    str lang = http_query(x, S("lang"));
    struct contact_filter f = {.lang = lang.n ? lang : S("en"),
                               .country = http_query(x, S("country"))};
    int r = contact_list(x->arena, x->db, x->actor, &f, visit_now(x), ret_list);

    if (r < 0)
        visit_fail(x, r);
    return r;
}

void contact_json(struct exchange *x)
{
    struct contact_list l;

    if (all(x, &l) < 0)
        return;
    sb_printf(&x->reply, "{\"total_items\":%zu,\"total_pages\":1,\"page_number\":1,\"size\":%zu,",
              l.n, l.n);
    sb_printf(&x->reply, "\"first_page\":true,\"last_page\":true,\"empty\":%s,\"contents\":[",
              l.n ? "false" : "true");
    for (size_t i = 0; i < l.n; i++) {
        sb_c(&x->reply, i ? ",\n" : "\n");
        json_contact(x, &x->reply, &l.row[i]);
    }
    sb_c(&x->reply, "\n]}\n");
    frame_send_type(x, 200, S("application/json"));
    contact_private(x);
}

/* Quoted, and never a formula for a spreadsheet (a value that begins with = + - @ gets an
 * apostrophe, but for a telephone number). */
static void csv_cell(struct sb *b, str s, bool is_last)
{
    bool is_formula = s.n && (s.p[0] == '=' || s.p[0] == '@' || s.p[0] == '-');

    sb_c(b, is_formula ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            sb_char(b, '"');
        sb_char(b, s.p[i]);
    }
    sb_c(b, is_last ? "\"\r\n" : "\",");
}

void contact_csv(struct exchange *x)
{
    struct contact_list l;
    struct sb *b = &x->reply;

    if (all(x, &l) < 0)
        return;
    sb_c(b, "id,organization,description,country,serves,phone,url,email,hours,timezone,languages,"
            "assured_date,source\r\n");
    for (size_t i = 0; i < l.n; i++) {
        const struct contact *c = &l.row[i];
        struct sb day = sb_init(x->arena, 0);
        str cells[] = {c->slug,
                       frame_text(&c->name, S("")),
                       frame_text(&c->service, S("")),
                       c->country,
                       c->serves,
                       c->phone,
                       c->url,
                       c->email,
                       c->hours,
                       c->zone,
                       c->langs};

        texts_show(&day, visit_texts(x), SHOW_ISO, c->checked_at);
        for (size_t k = 0; k < NELEM(cells); k++)
            csv_cell(b, cells[k], false);
        csv_cell(b, str_take(sb_str(&day), 10), false);
        csv_cell(b, c->source, true);
    }
    frame_send_type(x, 200, S("text/csv; charset=utf-8"));
    contact_private(x);
}
