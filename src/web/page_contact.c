#include "web/page_contact.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/contact.h"
#include "domain/contact_change.h"
#include "domain/csv.h"
#include "domain/hours.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/contact_card.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_COUNTRIES = 64 };

void contact_private(struct exchange *x)
{
    http_set(x, S("Cache-Control"), S("no-store"));
    http_set(x, S("Referrer-Policy"), S("no-referrer"));
}

int contact_card_fill(struct exchange *x, const struct contact *c, struct tpl_contact_card *v)
{
    struct card_ask ask = {.t = visit_texts(x), .now = visit_now(x)};

    return contact_card_make(x->arena, &ask, c, v);
}

static void member(struct sb *b, const char *name, str value)
{
    sb_printf(b, ",\"%s\":", name);
    sb_json(b, value);
}

static bool is_page_lang(struct exchange *x)
{
    return texts_by_lang(http_param(x, S("lang"))) != NULL;
}

static int fill_cards(struct exchange *x, const struct contact_list *l, struct tpl_contact_list *v)
{
    struct card_ask ask = {.t = visit_texts(x), .now = visit_now(x)};

    return contact_cards_make(x->arena, &ask, l, l->n, &v->cards, &v->ncards);
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
    v.page.description = texts_get(visit_texts(x), TEXT_CONTACT_LEAD);
    tpl_contact_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}

/*
 * https://schema.org/GovernmentService for a state body, Organization for the others. No opening
 * hours: search engines say from them that it is open, and nobody has asked.
 */
static struct html contact_ld(struct exchange *x, const struct contact *c,
                              const struct tpl_contact_show *v)
{
    bool is_state = c->answers == CONTACT_STATE;
    struct sb b = sb_init(x->arena, 0);

    sb_printf(&b, "{\"@context\":\"https://schema.org\",\"@type\":\"%s\",\"name\":",
              is_state ? "GovernmentService" : "Organization");
    sb_json(&b, v->contact_card.name);
    member(&b, "description", v->contact_card.service);
    member(&b, is_state ? "url" : "mainEntityOfPage", v->page.canonical);
    if (c->url.n)
        member(&b, "sameAs", c->url);
    sb_c(&b, is_state ? ",\"serviceOperator\":{\"@type\":\"GovernmentOrganization\",\"name\":"
                      : ",\"contactPoint\":{\"@type\":\"ContactPoint\",\"name\":");
    sb_json(&b, v->contact_card.name);
    if (c->phone.n)
        member(&b, "telephone", c->phone);
    if (c->email.n)
        member(&b, "email", c->email);
    sb_c(&b, "}}");
    return html_of_json_ld(x->arena, sb_str(&b));
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
    if (v.contact_card.service.n)
        v.page.description = v.contact_card.service;
    if (!c.is_sample)
        v.ld = contact_ld(x, &c, &v);
    tpl_contact_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}

/* ---- for programs ---- */

/*
 * HSDS 3.2: every object has an id; those of a contact's parts begin with its own.
 * https://github.com/openreferral/specification/tree/3.2/schema
 */
static void json_id(struct sb *b, const struct contact *c, const char *part, str which)
{
    sb_c(b, "{\"id\":\"");
    sb_add(b, c->slug); /* of letters, digits and hyphens alone, as the codes are */
    sb_printf(b, "-%s", part);
    sb_add(b, which);
    sb_c(b, "\"");
}

/* What local time is ahead of universal time now. */
static int offset_minutes(struct arena *a, str zone, usec now)
{
    usec minute = 60 * USEC_S, local = 0;
    str day = zone_day(a, zone, now), clock = zone_clock(a, zone, now);

    if (!day.p || !clock.p || zone_time(S("UTC"), day, clock, &local) < 0)
        return 0;
    return (int)((local - (now - now % minute)) / minute);
}

static void json_hour(struct sb *b, const char *name, int minute, int offset)
{
    int ahead = offset < 0 ? -offset : offset;

    sb_printf(b, ",\"%s\":\"%02d:%02d%c%02d:%02d\"", name, minute / 60, minute % 60,
              offset < 0 ? '-' : '+', ahead / 60, ahead % 60);
}

static void json_schedules(struct exchange *x, struct sb *b, const struct contact *c)
{
    int offset = offset_minutes(x->arena, c->zone, visit_now(x));
    struct hours h = {0};
    int n = 0;

    if (zone_is_known(c->zone)) /* else the hours are nobody's: the CSV has them as they are */
        (void)hours_parse(c->hours, &h);
    sb_c(b, ",\"schedules\":[");
    for (size_t i = 0; i < h.n; i++)
        for (int d = 0; d < 7; d++) {
            if (!(h.span[i].days & 1u << d))
                continue;
            sb_c(b, n++ ? "," : "");
            json_id(b, c, "hours-", arena_printf(x->arena, "%d", n));
            sb_printf(b, ",\"freq\":\"WEEKLY\",\"byday\":\"%c%c\",\"timezone\":%g",
                      hours_day_name(d)[0] - 32, hours_day_name(d)[1] - 32, offset / 60.0);
            json_hour(b, "opens_at", h.span[i].from, offset);
            json_hour(b, "closes_at", h.span[i].to, offset);
            sb_c(b, "}");
        }
    sb_c(b, "]");
}

/* One object for each code of a list: what it speaks, whom it serves. */
static void json_codes(struct sb *b, const struct contact *c, const char *list, str codes)
{
    bool is_lang = list[0] == 'l';
    struct str_pair cut = {.tail = codes};

    sb_printf(b, ",\"%s\":[", list);
    for (bool is_first = true; cut.tail.n; is_first = false) {
        cut = str_cut(cut.tail, ',');
        sb_c(b, is_first ? "" : ",");
        json_id(b, c, is_lang ? "lang-" : "for-", cut.head);
        member(b, is_lang ? "code" : "name", cut.head);
        sb_c(b, "}");
    }
    sb_c(b, "]");
}

static str moment(struct exchange *x, usec at)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts(x), SHOW_ISO, at);
    return arena_str(x->arena, sb_str(&b));
}

static str fees(const struct contact *c)
{
    return c->cost == CONTACT_FREE   ? S("free")
           : c->cost == CONTACT_PAID ? S("paid")
                                     : S("not stated");
}

static const char *legal_status(const struct contact *c)
{
    static const char *const kinds[] = {"", "state", "ngo", "international"};

    return kinds[c->answers >= 1 && c->answers <= 3 ? c->answers : 0];
}

static void json_organization(struct sb *b, const struct contact *c)
{
    sb_c(b, ",\"organization\":{\"id\":");
    sb_json(b, c->slug);
    member(b, "name", frame_text(&c->name, c->slug));
    member(b, "description", frame_text(&c->service, S("")));
    sb_printf(b, ",\"legal_status\":\"%s\"},\"phones\":[", legal_status(c));
    if (c->phone.n) {
        json_id(b, c, "phone", S(""));
        member(b, "number", c->phone);
        if (c->abroad)
            member(b, "description",
                   c->abroad == CONTACT_ABROAD_YES ? S("can be reached from abroad")
                                                   : S("cannot be reached from abroad"));
        sb_c(b, "}");
    }
    sb_c(b, "]");
}

/* No street is known, so there is no address: that would have to be a whole one. */
static void json_place(struct sb *b, const struct contact *c)
{
    sb_c(b, ",\"service_at_locations\":[");
    json_id(b, c, "at", S(""));
    sb_c(b, ",\"location\":");
    json_id(b, c, "place", S(""));
    sb_c(b, ",\"location_type\":\"physical\"");
    member(b, "name", c->country);
    if (c->access.body.n) {
        sb_c(b, ",\"accessibility\":[");
        json_id(b, c, "access", S(""));
        member(b, "description", c->access.body);
        sb_c(b, "}]");
    }
    sb_c(b, "}}]");
}

static const char *yes_no(bool is)
{
    return is ? "true" : "false";
}

/* Some text of it is older than what it was translated from: its prices and hours may be, too. */
static bool is_outdated(const struct contact *c)
{
    return c->name.is_stale || c->service.is_stale || c->eligible.is_stale || c->access.is_stale;
}

/* A service of HSDS; country, zone and what follows are ours, and description_language. */
static void json_contact(struct exchange *x, struct sb *b, const struct contact *c)
{
    struct sb day = sb_init(x->arena, 0);

    texts_show(&day, visit_texts(x), SHOW_ISO, c->checked_at);
    sb_c(b, "{\"id\":");
    sb_json(b, c->slug);
    member(b, "name", frame_text(&c->name, c->slug));
    member(b, "description", frame_text(&c->service, S("")));
    sb_c(b, ",\"status\":\"active\"");
    if (c->url.n)
        member(b, "url", c->url);
    if (c->email.n)
        member(b, "email", c->email);
    member(b, "fees_description", fees(c));
    if (c->eligible.body.n)
        member(b, "eligibility_description", c->eligible.body);
    member(b, "assured_date", str_take(sb_str(&day), 10));
    member(b, "last_modified", moment(x, c->changed_at));
    json_organization(b, c);
    json_schedules(x, b, c);
    json_codes(b, c, "languages", c->langs);
    json_codes(b, c, "service_areas", c->serves);
    json_place(b, c);
    member(b, "country", c->country);
    member(b, "zone", c->zone);
    member(b, "source", c->source);
    if (c->service.body.n)
        member(b, "description_language", c->service.lang);
    sb_printf(b, ",\"sample\":%s,\"overdue\":%s,\"outdated_translation\":%s}",
              yes_no(c->is_sample), yes_no(c->age != CONTACT_FRESH), yes_no(is_outdated(c)));
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

/*
 * One that must not be published any more, by its id alone: inactive when it may come back, defunct
 * when it was deleted.
 */
static void json_withdrawn(struct exchange *x, const struct contact_change *c)
{
    struct sb *b = &x->reply;

    sb_c(b, "{\"id\":");
    sb_json(b, c->contact.slug);
    member(b, "name", c->contact.slug);
    sb_printf(b, ",\"status\":\"%s\"", c->is_gone ? "defunct" : "inactive");
    member(b, "last_modified", moment(x, c->at));
    sb_c(b, "}");
}

static void json_changes(struct exchange *x, const struct contact_change_list *l)
{
    struct sb *b = &x->reply;

    sb_printf(b, "{\"total_items\":%zu,\"total_pages\":1,\"page_number\":1,\"size\":%zu,", l->n,
              l->n);
    sb_printf(b, "\"first_page\":true,\"last_page\":true,\"empty\":%s,\"last_modified\":",
              l->n ? "false" : "true");
    /* To the microsecond, so that who asks with it hears of no change twice and misses none. */
    sb_json(b, arena_printf(x->arena, "%.19s.%06dZ", moment(x, l->newest).p,
                            (int)(l->newest % USEC_S)));
    sb_c(b, ",\"contents\":[");
    for (size_t i = 0; i < l->n; i++) {
        struct contact_change *c = &l->row[i];

        sb_c(b, i ? ",\n" : "\n");
        c->contact.changed_at = c->at;
        if (c->is_gone || c->contact.age == CONTACT_HIDDEN)
            json_withdrawn(x, c);
        else
            json_contact(x, b, &c->contact);
    }
    sb_c(b, "\n]}\n");
}

void contact_changes_json(struct exchange *x)
{
    str lang = http_query(x, S("lang"));
    struct contact_since ask = {.lang = lang.n ? lang : S("en"), .now = visit_now(x)};
    struct contact_change_list l = {0};
    int r = contact_since_parse(http_query(x, S("modified_after")), &ask.since);

    if (r == 0)
        r = contact_changes(x->arena, x->db, &ask, &l);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    json_changes(x, &l);
    frame_send_type(x, 200, S("application/json"));
}

/* "+44 1632 960011" and nothing else: no formula. */
static bool is_phone(str s)
{
    for (size_t i = 1; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != ' ' && s.p[i] != '-')
            return false;
    return s.n > 1 && s.p[0] == '+';
}

void contact_csv(struct exchange *x)
{
    struct contact_list l;
    struct sb *b = &x->reply;

    if (all(x, &l) < 0)
        return;
    sb_c(b, "id,organization,description,country,serves,phone,url,email,hours,timezone,languages,"
            "assured_date,source,fees_description,legal_status,eligibility_description,"
            "accessibility,sample,overdue,description_language,outdated_translation\r\n");
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
            (is_phone(cells[k]) ? csv_plain : csv_cell)(b, cells[k], ",");
        csv_cell(b, str_take(sb_str(&day), 10), ",");
        csv_cell(b, c->source, ",");
        csv_cell(b, fees(c), ",");
        csv_cell(b, str_c(legal_status(c)), ",");
        csv_cell(b, c->eligible.body, ",");
        csv_cell(b, c->access.body, ",");
        csv_cell(b, str_c(yes_no(c->is_sample)), ",");
        csv_cell(b, str_c(yes_no(c->age != CONTACT_FRESH)), ",");
        csv_cell(b, c->service.lang, ",");
        csv_cell(b, str_c(yes_no(is_outdated(c))), "\r\n");
    }
    frame_send_type(x, 200, S("text/csv; charset=utf-8"));
    contact_private(x);
}
