#include "web/contact_card.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/contact.h"
#include "domain/hours.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "web/frame.h"
#include "web/texts.h"

enum { MAX_RUNS = 7 * HOURS_MOST };

str card_time(struct arena *a, const struct texts *t, int how, usec at, str zone)
{
    struct texts there = *t;
    struct sb b = sb_init(a, 0);

    there.zone = zone;
    texts_show(&b, &there, (enum texts_show)how, at);
    return arena_str(a, sb_str(&b));
}

static const enum text_id day_text[] = {TEXT_CONTACT_MO, TEXT_CONTACT_TU, TEXT_CONTACT_WE,
                                        TEXT_CONTACT_TH, TEXT_CONTACT_FR, TEXT_CONTACT_SA,
                                        TEXT_CONTACT_SU};

static str clock_text(struct arena *a, int from, int to)
{
    return arena_printf(a, "%02d:%02d–%02d:%02d", from / 60, from % 60, to / 60, to % 60);
}

/* One row for each run of days: Mon – Fri 09:00–18:00. */
static void fill_hours(struct arena *a, const struct hours *h, struct tpl_contact_card *v)
{
    struct tpl_contact_card_hours *row = arena_array(a, MAX_RUNS, sizeof(*row));
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
            row[n++].times = clock_text(a, s->from, s->to);
        }
    }
    v->hours = row;
    v->nhours = n;
    v->is_always = h->is_always;
}

static int fill_langs(struct arena *a, const struct contact *c, struct tpl_contact_card *v)
{
    struct tpl_contact_card_langs *row = arena_array(a, c->langs.n / 2 + 1, sizeof(*row));
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

static enum text_id cost_text(int cost)
{
    return cost == CONTACT_FREE   ? TEXT_CONTACT_FREE
           : cost == CONTACT_PAID ? TEXT_CONTACT_PAID
                                  : TEXT_CONTACT_NOT_STATED;
}

static enum text_id abroad_text(int abroad)
{
    return abroad == CONTACT_ABROAD_YES  ? TEXT_CONTACT_ABROAD_YES
           : abroad == CONTACT_ABROAD_NO ? TEXT_CONTACT_ABROAD_NO
                                         : TEXT_CONTACT_NOT_STATED;
}

static str city(struct arena *a, const struct texts *t, str zone)
{
    struct sb b = sb_init(a, 0);

    texts_show_code(&b, t, SHOW_CITY, zone);
    return arena_str(a, sb_str(&b));
}

/* Unset where the zone is not known: then nobody can say whether it is open. */
static str there(struct arena *a, const struct card_ask *ask, str zone)
{
    if (!zone_is_known(zone))
        return (str){NULL, 0};
    return ask->is_paper ? city(a, ask->t, zone)
                         : card_time(a, ask->t, SHOW_DATETIME, ask->now, zone);
}

int contact_card_make(struct arena *a, const struct card_ask *ask, const struct contact *c,
                      struct tpl_contact_card *ret_card)
{
    const struct texts *t = ask->t;
    struct tpl_contact_card v;
    struct hours h;
    int r = hours_parse(c->hours, &h);

    if (r < 0)
        return r;
    v = (struct tpl_contact_card){
        .name = frame_text(&c->name, c->slug),
        .name_lang = frame_foreign(&c->name),
        .service = frame_text(&c->service, S("")),
        .service_lang = frame_foreign(&c->service),
        .eligible = frame_text(&c->eligible, (str){0}),
        .eligible_lang = frame_foreign(&c->eligible),
        .access = frame_text(&c->access, (str){0}),
        .access_lang = frame_foreign(&c->access),
        .is_stale = c->name.is_stale || c->service.is_stale || c->eligible.is_stale ||
                    c->access.is_stale,
        .url = arena_printf(a, "/%.*s/contacts/%.*s", STR(t->lang), STR(c->slug)),
        .answers = answers_text(c->answers),
        .country = c->country,
        .phone = c->phone,
        .dial = dial(a, c->phone),
        .page = c->url,
        .email = c->email,
        .mail = c->email.n ? arena_printf(a, "mailto:%.*s", STR(c->email)) : (str){NULL, 0},
        .cost = cost_text(c->cost),
        .abroad = abroad_text(c->abroad),
        .is_open = hours_is_open(&h, c->zone, ask->now),
        .is_stated = h.n != 0,
        .there = there(a, ask, c->zone),
        .is_old = c->age != CONTACT_FRESH,
        .is_missed = c->misses > 0,
        .checked = card_time(a, t, SHOW_DATE, c->checked_at, c->zone),
        .checked_by = c->checked_by,
        .source = c->source,
        .is_sample = c->is_sample,
        .is_paper = ask->is_paper,
    };
    if (ask->is_paper && c->age == CONTACT_FRESH)
        v.until = card_time(a, t, SHOW_DATE, c->checked_at + CONTACT_WARN_DAYS * USEC_DAY, c->zone);
    fill_hours(a, &h, &v);
    r = fill_langs(a, c, &v);
    if (r == 0)
        *ret_card = v;
    return r;
}

int contact_cards_make(struct arena *a, const struct card_ask *ask, const struct contact_list *l,
                       size_t max, const struct tpl_contact_card **ret_row, size_t *ret_n)
{
    size_t n = l->n < max ? l->n : max;
    struct tpl_contact_card *row = arena_array(a, n, sizeof(*row));
    int r = row ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < n; i++)
        r = contact_card_make(a, ask, &l->row[i], &row[i]);
    if (r == 0) {
        *ret_row = row;
        *ret_n = n;
    }
    return r;
}
