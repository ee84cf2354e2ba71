#include "web/page_home.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/guide.h"
#include "domain/markdown.h"
#include "domain/programme.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_seminar.h"
#include "web/texts.h"
#include "web/visit.h"

enum { HOME_NEWS = 4, HOME_PAST = 6, HOME_GUIDES = 8, LEAD_BYTES = 240 };

/* The answer depends on the language that the browser prefers; it carries nothing else. */
void root(struct exchange *x)
{
    http_set(x, S("Vary"), S("Accept-Language"));
    http_redirect(x, 302, arena_printf(x->arena, "/%.*s", STR(visit_lang(x))));
}

const struct tpl_home_news *home_cards(struct exchange *x, const struct news_list *list)
{
    struct tpl_home_news *row = arena_array(x->arena, list->n, sizeof(*row));

    for (size_t i = 0; row && i < list->n; i++) {
        const struct news *n = &list->row[i];
        str lead = {0};

        if (markdown_lead(x->arena, n->body, LEAD_BYTES, &lead) < 0)
            lead = (str){0};
        row[i] = (struct tpl_home_news){
            .title = n->title,
            .title_lang = n->is_asked ? (str){0} : n->lang,
            .is_stale = n->is_stale,
            .url = arena_printf(x->arena, "/%.*s/%s/%.*s", STR(visit_lang(x)),
                                n->kind == NEWS_STORY ? "stories" : "news", STR(n->slug)),
            .when = frame_date(x, n->published_at, n->zone),
            .at = n->published_at,
            .lead = lead.n ? lead : (str){0},
        };
    }
    return row;
}

static bool is_of(const struct programme *p, const struct seminar *s)
{
    return !p->id || s->programme_id == p->id;
}

/* At most `max` seminars of the programme, in the order of the list. */
static const struct tpl_home_seminar *seminar_cards(struct exchange *x, const struct programme *p,
                                                    const struct seminar_list *list, size_t max,
                                                    size_t *ret_n)
{
    struct tpl_home_seminar *row = arena_array(x->arena, max, sizeof(*row));
    size_t n = 0;

    for (size_t i = 0; row && i < list->n && n < max; i++) {
        const struct seminar *s = &list->row[i];
        const struct text *title = s->short_title.body.n ? &s->short_title : &s->title;

        if (!is_of(p, s))
            continue;
        row[n++] = (struct tpl_home_seminar){
            .title = frame_text(title, s->slug),
            .title_lang = frame_foreign(title),
            .is_stale = title->is_stale,
            .url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(s->slug)),
            .state = seminar_state_text(s->state),
            .is_live = s->state == SEMINAR_LIVE,
            .when = frame_datetime(x, s->starts_at, s->zone),
            .starts_at = s->starts_at,
        };
    }
    *ret_n = n;
    return row;
}

int home_partners(struct exchange *x, const struct programme *p, struct tpl_partners *v)
{
    struct tpl_partners_partners *row;
    struct org_list l;
    int r = p->id ? programme_partners(x->arena, x->db, p->id, visit_lang(x), &l) : 0;

    if (r < 0 || !p->id)
        return r;
    row = arena_array(x->arena, l.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < l.n; i++)
        row[i] = (struct tpl_partners_partners){.name = frame_text(&l.row[i].name, l.row[i].slug),
                                                .lang = frame_foreign(&l.row[i].name),
                                                .is_stale = l.row[i].name.is_stale,
                                                .is_sample = l.row[i].is_sample};
    v->partners = row;
    v->npartners = l.n;
    if (p->convener.id) {
        v->convener = frame_text(&p->convener.name, p->convener.slug);
        v->convener_lang = frame_foreign(&p->convener.name);
        v->is_convener_stale = p->convener.name.is_stale;
    }
    if (p->donor.id) {
        v->donor = frame_text(&p->donor.name, p->donor.slug);
        v->donor_lang = frame_foreign(&p->donor.name);
        v->is_donor_stale = p->donor.name.is_stale;
    }
    return 0;
}

static void fill_region(struct exchange *x, const struct programme *p, struct tpl_home *v)
{
    struct tpl_home_region *row = arena_array(x->arena, p->region.n / 2 + 1, sizeof(*row));
    struct str_pair cut = {.tail = p->region};

    while (row && cut.tail.n) {
        cut = str_cut(cut.tail, ',');
        if (cut.head.n)
            row[v->nregion++].code = cut.head;
    }
    v->region = row;
}

/* The programmes beside the one that is shown, so that each can be reached. */
static int fill_others(struct exchange *x, const struct programme_list *l,
                       const struct programme *p, struct tpl_home *v)
{
    struct tpl_home_others *row = arena_array(x->arena, l->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < l->n; i++) {
        const struct programme *o = &l->row[i];

        if (o->id != p->id)
            row[v->nothers++] = (struct tpl_home_others){
                .title = frame_text(&o->title, o->slug),
                .lang = frame_foreign(&o->title),
                .is_stale = o->title.is_stale,
                .url = arena_printf(x->arena, "/%.*s/p/%.*s", STR(visit_lang(x)), STR(o->slug))};
    }
    v->others = row;
    return 0;
}

/* slug unset: the newest one, or none. ERR_NOT_FOUND. */
static int fill_programme(struct exchange *x, str slug, struct programme *ret_programme,
                          struct tpl_home *v)
{
    struct programme_list list;
    struct programme p = {0};
    int r = programme_list(x->arena, x->db, visit_lang(x), &list);

    if (r < 0)
        return r;
    for (size_t i = 0; i < list.n && !p.id; i++)
        if (!slug.p || str_eq(list.row[i].slug, slug))
            p = list.row[i];
    if (slug.p && !p.id)
        return ERR_NOT_FOUND;
    if (p.title.body.n) {
        v->programme = p.title.body;
        v->programme_lang = frame_foreign(&p.title);
        v->is_programme_stale = p.title.is_stale;
    }
    fill_region(x, &p, v);
    r = home_partners(x, &p, &v->partners);
    if (r == 0)
        r = fill_others(x, &list, &p, v);
    if (r == 0)
        *ret_programme = p;
    return r;
}

static int fill_guides(struct exchange *x, struct tpl_home *v)
{
    struct tpl_home_guides *row = arena_array(x->arena, HOME_GUIDES, sizeof(*row));
    struct guide_list l;
    int r = row ? guide_list(x->arena, x->db, visit_lang(x), &l) : ERR_MEM;

    if (r < 0)
        return r;
    for (size_t i = 0; i < l.n && i < HOME_GUIDES; i++)
        row[v->nguides++] = (struct tpl_home_guides){
            .from = l.row[i].from,
            .to = l.row[i].to,
            .is_sample = l.row[i].is_sample,
            .url =
                arena_printf(x->arena, "/%.*s/guides/%.*s", STR(visit_lang(x)), STR(l.row[i].slug)),
        };
    v->guides = row;
    return 0;
}

static str at(struct exchange *x, const char *path)
{
    return arena_printf(x->arena, "/%.*s/%s", STR(visit_lang(x)), path);
}

/* The door to the stories stands there when there is one to read. */
static int fill_stories(struct exchange *x, struct tpl_home *v)
{
    const struct news_filter f = {.lang = visit_lang(x), .kind = NEWS_STORY, .limit = 1};
    struct news_list l;
    int r = news_list(x->arena, x->db, x->actor, &f, &l);

    if (r == 0 && l.n)
        v->stories = at(x, "stories");
    return r;
}

static int fill_lists(struct exchange *x, const struct programme *p, struct tpl_home *v)
{
    const unsigned now = 1u << SEMINAR_PLANNED | 1u << SEMINAR_PRACTICE | 1u << SEMINAR_LIVE;
    const unsigned over = 1u << SEMINAR_ENDED | 1u << SEMINAR_ARCHIVED;
    const struct news_filter f = {.lang = visit_lang(x), .kind = NEWS_REPORT, .limit = HOME_NEWS};
    struct seminar_list upcoming = {0}, past = {0};
    struct news_list news = {0};
    int r = seminar_list(x->arena, x->db, visit_lang(x), now, &upcoming);

    if (r == 0)
        r = seminar_list(x->arena, x->db, visit_lang(x), over, &past);
    if (r == 0)
        r = news_list(x->arena, x->db, x->actor, &f, &news);
    if (r < 0)
        return r;
    v->upcoming = seminar_cards(x, p, &upcoming, upcoming.n, &v->nupcoming);
    v->past = seminar_cards(x, p, &past, HOME_PAST, &v->npast);
    v->news = home_cards(x, &news);
    v->nnews = v->news ? news.n : 0;
    return 0;
}

/* ret_programme->id 0: there is none yet. */
static int fill(struct exchange *x, str slug, struct programme *ret_programme, struct tpl_home *v)
{
    int r = texts_by_lang(http_param(x, S("lang"))) ? fill_programme(x, slug, ret_programme, v)
                                                    : ERR_NOT_FOUND;

    if (r == 0)
        r = fill_guides(x, v);
    if (r == 0)
        r = fill_lists(x, ret_programme, v);
    if (r == 0)
        r = fill_stories(x, v);
    if (r < 0)
        return r;
    v->contact = at(x, "contacts");
    v->offer = at(x, "offer");
    v->guide = at(x, "guides");
    v->legal = at(x, "legal");
    v->kit = at(x, "kit");
    v->check = at(x, "check");
    v->archive = at(x, "news");
    v->away = at(x, "offline");
    return 0;
}

void home(struct exchange *x)
{
    struct tpl_home v = {0};
    struct programme p;
    int r = fill(x, (str){0}, &p, &v);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_HOME_TITLE), (str){0});
    v.page.is_home = true;
    v.page.description = texts_get(visit_texts(x), TEXT_HOME_LEAD);
    visit_count(x, "home", S("home"));
    tpl_home(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

void programme_show(struct exchange *x)
{
    struct tpl_home v = {0};
    struct programme p = {0};
    int r = fill(x, http_param(x, S("slug")), &p, &v);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    frame_fill(x, &v.page, frame_text(&p.title, p.slug), (str){0});
    v.page.description = texts_get(visit_texts(x), TEXT_HOME_LEAD);
    tpl_home(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
