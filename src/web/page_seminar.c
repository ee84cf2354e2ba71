#include "web/page_seminar.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/conclusion.h"
#include "domain/ics.h"
#include "domain/news.h"
#include "domain/programme.h"
#include "domain/seminar.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/page_home.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

struct record {
    struct seminar s;
    struct programme programme;
    struct agenda agenda;
    struct invited_list invited;
    struct conclusion_list conclusions;
    struct news_list news;
};

enum text_id seminar_state_text(int state)
{
    switch (state) {
    case SEMINAR_PRACTICE:
        return TEXT_STATE_PRACTICE;
    case SEMINAR_LIVE:
        return TEXT_STATE_LIVE;
    case SEMINAR_ENDED:
        return TEXT_STATE_ENDED;
    case SEMINAR_ARCHIVED:
        return TEXT_STATE_ARCHIVED;
    default:
        return TEXT_STATE_PLANNED;
    }
}

enum text_id conclusion_kind_text(int kind)
{
    switch (kind) {
    case CONCLUSION_RECOMMENDATION:
        return TEXT_CONCLUSION_RECOMMENDATION;
    case CONCLUSION_PRACTICE:
        return TEXT_CONCLUSION_PRACTICE;
    case CONCLUSION_COMMITMENT:
        return TEXT_CONCLUSION_COMMITMENT;
    default:
        return TEXT_CONCLUSION_CONCLUSION;
    }
}

static int read_seminar(struct exchange *x, struct seminar *ret_seminar)
{
    if (!texts_by_lang(http_param(x, S("lang"))))
        return ERR_NOT_FOUND;
    return seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), ret_seminar);
}

static int read_record(struct exchange *x, struct record *ret_record)
{
    struct record rec = {0};
    str lang = visit_lang(x);
    struct news_filter f = {.lang = lang, .limit = 4};
    int r = read_seminar(x, &rec.s);

    if (r == 0)
        r = programme_by_id(x->arena, x->db, rec.s.programme_id, lang, &rec.programme);
    if (r == 0)
        r = seminar_agenda(x->arena, x->db, &rec.s, lang, &rec.agenda);
    if (r == 0)
        r = seminar_invited(x->arena, x->db, x->actor, &rec.s, lang, &rec.invited);
    if (r == 0)
        r = conclusion_list(x->arena, x->db, rec.s.id, lang, &rec.conclusions);
    f.seminar_id = rec.s.id;
    if (r == 0)
        r = news_list(x->arena, x->db, x->actor, &f, &rec.news);
    if (r == 0)
        *ret_record = rec;
    return r;
}

static void add_member(struct sb *b, const char *name, str value)
{
    sb_printf(b, ",\"%s\":", name);
    sb_json(b, value);
}

static void add_org(struct sb *b, const char *name, const struct org *o)
{
    if (!o->id)
        return;
    sb_printf(b, ",\"%s\":{\"@type\":\"Organization\",\"name\":", name);
    sb_json(b, frame_text(&o->name, o->slug));
    sb_c(b, "}");
}

/* https://schema.org/Event */
static struct html event_ld(struct exchange *x, const struct record *rec, str url)
{
    const struct seminar *s = &rec->s;
    struct sb b = sb_init(x->arena, 0);
    struct sb at = sb_init(x->arena, 0);

    texts_show(&at, visit_texts(x), SHOW_ISO, s->starts_at);
    sb_c(&b, "{\"@context\":\"https://schema.org\",\"@type\":\"EducationEvent\",\"name\":");
    sb_json(&b, frame_text(&s->title, s->slug));
    add_member(&b, "startDate", sb_str(&at));
    add_member(&b, "duration", arena_printf(x->arena, "PT%dM", s->minutes));
    add_member(&b, "url", url);
    add_member(&b, "eventAttendanceMode", S("https://schema.org/OnlineEventAttendanceMode"));
    sb_c(&b, ",\"location\":{\"@type\":\"VirtualLocation\"");
    add_member(&b, "url", url);
    sb_c(&b, "},\"inLanguage\":[");
    for (size_t i = 0; i < s->nlangs; i++) {
        sb_c(&b, i ? "," : "");
        sb_json(&b, s->lang[i]);
    }
    sb_c(&b, "]");
    add_org(&b, "organizer", &rec->programme.convener);
    add_org(&b, "funder", &rec->programme.donor);
    sb_c(&b, "}");
    return html_of_json_ld(x->arena, sb_str(&b));
}

enum { MAX_ZONES = 64 };

/* The reader's own place, when the address names one that is not the seminar's. */
static str own_zone(struct exchange *x, const struct seminar *s)
{
    str zone = http_query(x, S("zone"));

    return zone_is_known(zone) && !str_eq(zone, s->zone) ? zone : (str){0};
}

static int fill_zones(struct exchange *x, const struct seminar *s, struct tpl_seminar_show *v)
{
    struct tpl_seminar_show_zones *row = arena_array(x->arena, MAX_ZONES, sizeof(*row));
    str own = own_zone(x, s), zone;

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; v->nzones < MAX_ZONES && (zone = zone_at(i)).p; i++)
        if (!str_eq(zone, s->zone))
            row[v->nzones++] = (struct tpl_seminar_show_zones){
                .zone = zone, .city = frame_city(x, zone), .is_chosen = str_eq(zone, own)};
    v->zones = row;
    v->city = frame_city(x, s->zone);
    v->path = x->path;
    if (!own.p)
        return 0;
    v->own_when = frame_datetime(x, s->starts_at, own);
    v->own_city = frame_city(x, own);
    return 0;
}

static int fill_agenda(struct exchange *x, const struct record *rec, struct tpl_seminar_show *v)
{
    struct tpl_seminar_show_agenda *row = arena_array(x->arena, rec->agenda.n, sizeof(*row));
    struct tpl_seminar_show_spoken *spoken = arena_array(x->arena, rec->s.nlangs, sizeof(*spoken));
    str own = own_zone(x, &rec->s);

    if (!row || !spoken)
        return ERR_MEM;
    for (size_t i = 0; i < rec->agenda.n; i++) {
        const struct agenda_item *a = &rec->agenda.row[i];

        row[i] = (struct tpl_seminar_show_agenda){.at = a->starts_at,
                                                  .own = own.p ? frame_time(x, a->starts_at, own)
                                                               : (str){0},
                                                  .title = frame_text(&a->title, a->kind),
                                                  .lang = frame_foreign(&a->title),
                                                  .is_stale = a->title.is_stale,
                                                  .minutes = a->minutes,
                                                  .is_test = str_eq(a->kind, S("test"))};
    }
    for (size_t i = 0; i < rec->s.nlangs; i++)
        spoken[i].code = rec->s.lang[i];
    v->agenda = row;
    v->nagenda = rec->agenda.n;
    v->spoken = spoken;
    v->nspoken = rec->s.nlangs;
    v->mine = arena_printf(x->arena, "/s/%.*s/mine", STR(rec->s.slug));
    return 0;
}

static int fill_outcome(struct exchange *x, const struct record *rec, struct tpl_seminar_show *v)
{
    struct tpl_seminar_show_orgs *org = arena_array(x->arena, rec->invited.n, sizeof(*org));
    struct tpl_seminar_show_conclusions *row =
        arena_array(x->arena, rec->conclusions.n, sizeof(*row));

    if (!org || !row)
        return ERR_MEM;
    for (size_t i = 0; i < rec->invited.n; i++) {
        const struct org *o = &rec->invited.row[i].org;

        org[i] = (struct tpl_seminar_show_orgs){.name = frame_text(&o->name, o->slug),
                                                .lang = frame_foreign(&o->name),
                                                .is_stale = o->name.is_stale,
                                                .is_sample = o->is_sample};
    }
    for (size_t i = 0; i < rec->conclusions.n; i++) {
        const struct conclusion *c = &rec->conclusions.row[i];

        row[i] = (struct tpl_seminar_show_conclusions){.number = c->number,
                                                       .kind = conclusion_kind_text(c->kind),
                                                       .body = frame_text(&c->text, S("")),
                                                       .lang = frame_foreign(&c->text),
                                                       .is_stale = c->text.is_stale};
    }
    v->orgs = org;
    v->norgs = rec->invited.n;
    v->conclusions = row;
    v->nconclusions = rec->conclusions.n;
    v->news = home_cards(x, &rec->news);
    v->nnews = v->news ? rec->news.n : 0;
    return 0;
}

static void fill_facts(struct exchange *x, const struct record *rec, struct tpl_seminar_show *v)
{
    const struct seminar *s = &rec->s;
    struct sb utc = sb_init(x->arena, 0);

    texts_show(&utc, visit_texts_in(x, S("UTC")), SHOW_TIME, s->starts_at);
    v->title = frame_text(&s->title, s->slug);
    v->title_lang = frame_foreign(&s->title);
    v->is_stale = s->title.is_stale;
    v->state = seminar_state_text(s->state);
    v->is_live = s->state == SEMINAR_LIVE;
    v->is_over = s->state >= SEMINAR_ENDED;
    v->starts_at = s->starts_at;
    v->when_utc = sb_str(&utc);
    v->minutes = s->minutes;
    v->is_time_sample = s->sample & SAMPLE_TIME;
    v->is_duration_sample = s->sample & SAMPLE_DURATION;
    v->is_agenda_sample = s->sample & SAMPLE_AGENDA;
    if (rec->programme.title.body.n) {
        v->programme = rec->programme.title.body;
        v->programme_lang = frame_foreign(&rec->programme.title);
        v->is_programme_stale = rec->programme.title.is_stale;
        v->programme_url =
            arena_printf(x->arena, "/%.*s/p/%.*s", STR(visit_lang(x)), STR(rec->programme.slug));
    }
}

void seminar_show(struct exchange *x)
{
    struct tpl_seminar_show v = {0};
    struct record rec = {0};
    int r = read_record(x, &rec);

    if (r == 0)
        r = fill_agenda(x, &rec, &v);
    if (r == 0)
        r = fill_outcome(x, &rec, &v);
    if (r == 0)
        r = fill_zones(x, &rec.s, &v);
    if (r == 0)
        r = home_partners(x, &rec.programme, &v.partners);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, rec.s.zone);
    fill_facts(x, &rec, &v);
    frame_fill(x, &v.page, v.title, (str){0});
    v.page.is_demo |= rec.s.is_demo;
    v.ics = arena_printf(x->arena, "%.*s/calendar.ics", STR(x->path));
    v.ld = event_ld(x, &rec, v.page.canonical);
    visit_count(x, "seminar", rec.s.slug);
    tpl_seminar_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

void seminar_ics(struct exchange *x)
{
    const struct site *site = site_of(x);
    ptrdiff_t scheme = str_find(site->origin, S("://"));
    str host = scheme < 0 ? site->origin : str_from(site->origin, (size_t)scheme + 3);
    struct seminar s = {0};
    str url = {0}, ics = {0};
    int r = read_seminar(x, &s);

    if (r == 0) {
        url = arena_printf(x->arena, "%.*s/%.*s/s/%.*s", STR(site->origin), STR(visit_lang(x)),
                           STR(s.slug));
        r = ics_seminar(x->arena, &s, url, host, visit_now(x), &ics);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    http_set(x, S("Content-Disposition"),
             arena_printf(x->arena, "attachment; filename=\"%.*s.ics\"", STR(s.slug)));
    http_text(x, 200, S("text/calendar; charset=utf-8"), ics);
}
