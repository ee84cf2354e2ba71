#include "web/page_home.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/markdown.h"
#include "domain/programme.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_seminar.h"
#include "web/texts.h"
#include "web/visit.h"

enum { HOME_NEWS = 6, HOME_PAST = 6, LEAD_BYTES = 240 };

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
            .url = arena_printf(x->arena, "/%.*s/news/%.*s", STR(visit_lang(x)), STR(n->slug)),
            .when = frame_date(x, n->published_at, n->zone),
            .at = n->published_at,
            .lead = lead.n ? lead : (str){0},
        };
    }
    return row;
}

static const struct tpl_home_seminar *
seminar_cards(struct exchange *x, const struct seminar_list *list, size_t max, size_t *ret_n)
{
    size_t n = list->n < max ? list->n : max;
    struct tpl_home_seminar *row = arena_array(x->arena, n, sizeof(*row));

    for (size_t i = 0; row && i < n; i++) {
        const struct seminar *s = &list->row[i];
        const struct text *title = s->short_title.body.n ? &s->short_title : &s->title;

        row[i] = (struct tpl_home_seminar){
            .title = frame_text(title, s->slug),
            .title_lang = frame_foreign(title),
            .url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(s->slug)),
            .state = seminar_state_text(s->state),
            .is_live = s->state == SEMINAR_LIVE,
            .when = frame_datetime(x, s->starts_at, s->zone),
            .starts_at = s->starts_at,
        };
    }
    *ret_n = row ? n : 0;
    return row;
}

static int fill_programme(struct exchange *x, struct tpl_home *v)
{
    struct programme_list list;
    int r = programme_list(x->arena, x->db, visit_lang(x), &list);
    const struct programme *p = r == 0 && list.n ? &list.row[0] : NULL;

    if (!p)
        return r;
    if (p->title.body.n) {
        v->programme = p->title.body;
        v->programme_lang = frame_foreign(&p->title);
    }
    if (p->convener.id)
        v->convener = frame_text(&p->convener.name, p->convener.slug);
    if (p->donor.id)
        v->donor = frame_text(&p->donor.name, p->donor.slug);
    return 0;
}

static int fill_lists(struct exchange *x, struct tpl_home *v)
{
    const unsigned now = 1u << SEMINAR_PLANNED | 1u << SEMINAR_PRACTICE | 1u << SEMINAR_LIVE;
    const unsigned over = 1u << SEMINAR_ENDED | 1u << SEMINAR_ARCHIVED;
    const struct news_filter f = {.lang = visit_lang(x), .limit = HOME_NEWS};
    struct seminar_list upcoming, past;
    struct news_list news;
    int r = seminar_list(x->arena, x->db, visit_lang(x), now, &upcoming);

    if (r == 0)
        r = seminar_list(x->arena, x->db, visit_lang(x), over, &past);
    if (r == 0)
        r = news_list(x->arena, x->db, x->actor, &f, &news);
    if (r < 0)
        return r;
    v->upcoming = seminar_cards(x, &upcoming, upcoming.n, &v->nupcoming);
    v->past = seminar_cards(x, &past, HOME_PAST, &v->npast);
    v->news = home_cards(x, &news);
    v->nnews = v->news ? news.n : 0;
    return 0;
}

void home(struct exchange *x)
{
    struct tpl_home v = {0};
    int r = texts_by_lang(http_param(x, S("lang"))) ? fill_programme(x, &v) : ERR_NOT_FOUND;

    if (r == 0)
        r = fill_lists(x, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_HOME_TITLE), (str){0});
    v.page.is_home = true;
    v.page.description = texts_get(visit_texts(x), TEXT_HOME_LEAD);
    v.archive = v.page.news;
    visit_count(x, "home", S("home"));
    tpl_home(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
