#include "web/page_news.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/geo.h"
#include "domain/markdown.h"
#include "domain/news.h"
#include "domain/news_gone.h"
#include "domain/seminar.h"
#include "domain/story.h"
#include "domain/topic.h"
#include "domain/view.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/page_home.h"
#include "web/page_picture.h"
#include "web/picture_share.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum { LIST_ITEMS = 20, LEAD_BYTES = 300, HEADLINE_BYTES = 500 };

static str iso(struct exchange *x, usec at)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts(x), SHOW_ISO, at);
    return arena_str(x->arena, sb_str(&b));
}

static int fill_countries(struct exchange *x, str page, struct tpl_news_show *v)
{
    struct tpl_news_show_countries *row;
    struct view_country_list list;
    int r = view_countries(x->arena, x->db, page, &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        str code = arena_str(x->arena, str_c(list.row[i].code));

        row[i] = (struct tpl_news_show_countries){.code = code,
                                                  .n = list.row[i].n,
                                                  .is_few = list.row[i].is_few,
                                                  .is_summed = code.n == 0};
    }
    v->countries = row;
    v->ncountries = list.n;
    if (geo_note(site_of(x)->conf.geo).n)
        v->geo = geo_note(site_of(x)->conf.geo);
    return 0;
}

/* The seminar that it reports, and what the source of the report counted. */
static int fill_seminar(struct exchange *x, int64_t id, struct tpl_news_show *v)
{
    struct news_source source = {0};
    struct seminar s = {0};
    usec at = 0;
    int r;

    if (!id)
        return 0;
    r = seminar_by_id(x->arena, x->db, id, visit_lang(x), &s);
    if (r < 0)
        return r;
    v->seminar_url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(s.slug));
    v->page.is_demo |= s.is_demo;
    r = news_source(x->arena, x->db, id, &source);
    if (r == 0)
        r = news_day_parse(source.day, s.zone, &at);
    if (r < 0)
        return r == ERR_NOT_FOUND ? 0 : r;
    v->source_views = source.views;
    v->source_when = frame_date(x, at, s.zone);
    return 0;
}

static int fill_topics(struct exchange *x, int64_t id, struct tpl_news_show *v)
{
    struct tpl_news_show_topics *row;
    struct topic_list list;
    int r = topic_list(x->arena, x->db, visit_lang(x), id, &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++)
        if (list.row[i].is_chosen)
            row[v->ntopics++] = (struct tpl_news_show_topics){
                .name = frame_text(&list.row[i].name, list.row[i].slug),
                .lang = frame_foreign(&list.row[i].name),
                .url = arena_printf(x->arena, "/%.*s/news?topic=%.*s", STR(visit_lang(x)),
                                    STR(list.row[i].slug)),
            };
    v->topics = row;
    return 0;
}

static void member(struct sb *b, const char *name, str value)
{
    sb_printf(b, ",\"%s\":", name);
    sb_json(b, value);
}

/* https://schema.org/NewsArticle */
static struct html article_ld(struct exchange *x, const struct news *n,
                              const struct tpl_news_show *v, const struct picture_shares *shares)
{
    struct sb b = sb_init(x->arena, 0);
    str site = texts_get(visit_texts(x), TEXT_SITE_NAME);
    str origin = site_of(x)->origin;

    sb_c(&b, "{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\"");
    member(&b, "headline", str_take_whole(n->title, HEADLINE_BYTES));
    member(&b, "datePublished", iso(x, n->published_at));
    member(&b, "dateModified",
           iso(x, n->corrected_at > n->published_at ? n->corrected_at : n->published_at));
    member(&b, "inLanguage", n->lang);
    member(&b, "url", v->page.canonical);
    member(&b, "mainEntityOfPage", v->page.canonical);
    if (v->page.description.p)
        member(&b, "description", v->page.description);
    picture_share_ld(&b, shares);
    sb_c(&b, ",\"isAccessibleForFree\":true,\"publisher\":{\"@type\":\"Organization\"");
    member(&b, "name", site);
    member(&b, "url", origin);
    sb_c(&b, "},\"author\":{\"@type\":\"Organization\"");
    member(&b, "name", site);
    member(&b, "url", origin);
    sb_c(&b, "}");
    if (v->ntopics)
        sb_c(&b, ",\"keywords\":[");
    for (size_t i = 0; i < v->ntopics; i++) {
        sb_c(&b, i ? "," : "");
        sb_json(&b, v->topics[i].name);
    }
    sb_c(&b, v->ntopics ? "]" : "");
    if (v->seminar_url.p)
        member(&b, "about", arena_printf(x->arena, "%.*s%.*s", STR(origin), STR(v->seminar_url)));
    sb_c(&b, "}");
    return html_of_json_ld(x->arena, sb_str(&b));
}

static void fill_words(struct exchange *x, const struct news *n, struct tpl_news_show *v)
{
    str lead = {0};

    if (markdown_lead(x->arena, n->body, LEAD_BYTES, &lead) == 0 && lead.n)
        v->page.description = lead;
    v->page.is_article = true;
    v->title = n->title;
    v->text_lang = n->is_asked ? (str){0} : n->lang;
    v->code = n->lang;
    v->at = n->published_at;
    v->when = frame_date(x, n->published_at, n->zone);
    v->is_other = !n->is_asked;
    v->is_stale = n->is_stale;
    v->is_sample = n->is_sample;
    v->is_story = n->kind == NEWS_STORY;
    if (n->corrected_at) {
        v->corrected_at = n->corrected_at;
        v->corrected = frame_date(x, n->corrected_at, n->zone);
        v->correction = n->correction;
    }
    v->archive = v->page.news;
    v->method = arena_printf(x->arena, "/%.*s/counting", STR(visit_lang(x)));
}

static const char *folder_of(int kind)
{
    return kind == NEWS_STORY ? "stories" : "news";
}

/* A page in another language than the one asked for is not a page of its own for search engines. */
static void fill_canonical(struct exchange *x, const struct news *n, struct tpl_news_show *v)
{
    if (!n->is_asked)
        v->page.canonical = arena_printf(x->arena, "%.*s/%.*s/%s/%.*s", STR(site_of(x)->origin),
                                         STR(n->lang), folder_of(n->kind), STR(n->slug));
}

/* The person is called by no other name; the way of help stands below. */
static int fill_pseudonym(struct exchange *x, const struct news *n, struct tpl_news_show *v)
{
    int r = story_pseudonym(x->arena, x->db, n->id, &v->pseudonym);
    bool may = false;

    if (r == 0 || r == ERR_NOT_FOUND)
        r = story_may(x->db, n->id, CONSENT_PRINT, visit_now(x), &may);
    v->is_no_print = !may;
    v->archive = arena_printf(x->arena, "/%.*s/stories", STR(visit_lang(x)));
    v->contacts = arena_printf(x->arena, "/%.*s/contacts", STR(visit_lang(x)));
    return r;
}

static int fill_item(struct exchange *x, const struct news *n, struct tpl_news_show *v)
{
    str page = arena_printf(x->arena, "%s:%.*s", folder_of(n->kind), STR(n->slug));
    struct picture_shares shares = {0};
    struct news_lang_list langs = {0};
    int r = html_of_markdown(x->arena, n->body, &v->body);

    if (r == 0)
        r = view_count(x->db, page, &v->views);
    v->has_few = v->views < VIEW_COUNTRY_MIN;
    if (r == 0)
        r = news_langs(x->arena, x->db, n->id, &langs);
    if (r < 0)
        return r;
    frame_fill(x, &v->page, n->title, (str){0});
    frame_versions(x, &v->page, langs.row, langs.n);
    fill_words(x, n, v);
    fill_canonical(x, n, v);
    v->address = v->page.canonical;
    r = fill_countries(x, page, v);
    if (r == 0)
        r = fill_seminar(x, n->seminar_id, v);
    if (r == 0)
        r = fill_topics(x, n->id, v);
    if (r == 0)
        r = picture_figures(x, n->id, n->lang, &v->figures, &v->nfigures);
    if (r == 0 && v->is_story)
        r = fill_pseudonym(x, n, v);
    if (r == 0)
        r = picture_shares(x, n, &shares);
    picture_share_preview(&shares, &v->page);
    v->ld = article_ld(x, n, v, &shares);
    return r;
}

/* What readers get in the place of what was withdrawn, in their language. */
static int show_gone(struct exchange *x, str slug)
{
    struct tpl_news_gone v = {0};
    struct tpl_news_gone_others *row = NULL;
    struct news_lang_list langs = {0};
    struct news_gone g;
    int r = news_gone(x->arena, x->db, slug, visit_lang(x), &g);

    if (r == 0)
        r = news_langs(x->arena, x->db, g.id, &langs);
    if (r == 0)
        row = arena_array(x->arena, langs.n, sizeof(*row));
    if (r < 0 || !row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < langs.n; i++)
        row[i] = (struct tpl_news_gone_others){
            .code = langs.row[i],
            .url = arena_printf(x->arena, "/%.*s/%s/%.*s", STR(langs.row[i]), folder_of(g.kind),
                                STR(slug))};
    v.others = row;
    v.nothers = langs.n;
    v.is_story = g.kind == NEWS_STORY;
    v.at = g.at;
    v.when = frame_date(x, g.at, S("UTC"));
    v.farewell = g.farewell;
    v.lang = str_eq(g.lang, visit_lang(x)) ? (str){0} : g.lang;
    v.all = arena_printf(x->arena, "/%.*s/%s", STR(visit_lang(x)), folder_of(g.kind));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_GONE_TITLE), (str){0});
    v.page.is_hidden = true;
    tpl_news_gone(&x->reply, visit_texts(x), &v);
    frame_send(x, 410);
    return 0;
}

/* News and stories have addresses of their own; an item is found at its own alone. */
static void show_item(struct exchange *x, int kind)
{
    str slug = http_param(x, S("slug"));
    struct tpl_news_show v = {0};
    struct news n = {0};
    int r = ERR_NOT_FOUND;

    if (texts_by_lang(http_param(x, S("lang"))))
        r = news_by_slug(x->arena, x->db, x->actor, slug, visit_lang(x), &n);
    if (r == ERR_GONE) {
        r = show_gone(x, slug);
        if (r == 0)
            return;
    }
    if (r == 0 && n.kind != kind)
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = fill_item(x, &n, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_count(x, folder_of(kind), n.slug);
    tpl_news_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

void news_show(struct exchange *x)
{
    show_item(x, NEWS_REPORT);
}

void story_show(struct exchange *x)
{
    show_item(x, NEWS_STORY);
}

void count_show(struct exchange *x)
{
    struct tpl_count_show v = {0};

    if (!texts_by_lang(http_param(x, S("lang")))) {
        visit_fail(x, ERR_NOT_FOUND);
        return;
    }
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_COUNT_TITLE), (str){0});
    v.page.description = texts_get(visit_texts(x), TEXT_COUNT_WHAT);
    v.archive = v.page.news;
    if (geo_note(site_of(x)->conf.geo).n)
        v.geo = geo_note(site_of(x)->conf.geo);
    tpl_count_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- the archive ---- */

struct shelf {
    struct news_filter f;
    struct topic topic; /* slug unset: all */
    str month;          /* "2020-11"; unset: all */
};

/* ?month=2020-11&topic=media; what is neither shows the newest. */
static int read_shelf(struct exchange *x, struct shelf *to)
{
    struct str_pair cut = str_cut(http_query(x, S("month")), '-');
    str topic = http_query(x, S("topic"));
    uint64_t year, month, skip;
    int r = 0;

    to->f = (struct news_filter){
        .lang = visit_lang(x), .kind = NEWS_REPORT, .limit = LIST_ITEMS + 1};
    if (cut.ok && str_u64(cut.head, 9999, &year) == 0 && str_u64(cut.tail, 12, &month) == 0 &&
        year && month) {
        to->f.year = (int)year;
        to->f.month = (int)month;
        to->month = arena_printf(x->arena, "%04d-%02d", to->f.year, to->f.month);
    }
    if (str_u64(http_query(x, S("skip")), 100000, &skip) == 0)
        to->f.skip = (size_t)skip;
    if (topic.n)
        r = topic_by_slug(x->arena, x->db, topic, visit_lang(x), &to->topic);
    to->f.topic_id = r == 0 ? to->topic.id : 0;
    return r;
}

/* The address of a shelf: each part may be unset. */
static str shelf_url(struct exchange *x, str month, str topic, size_t skip)
{
    struct sb b = sb_init(x->arena, 0);
    char mark = '?';

    sb_printf(&b, "/%.*s/news", STR(visit_lang(x)));
    if (month.n) {
        sb_printf(&b, "%cmonth=%.*s", mark, STR(month));
        mark = '&';
    }
    if (topic.n) {
        sb_printf(&b, "%ctopic=%.*s", mark, STR(topic));
        mark = '&';
    }
    if (skip)
        sb_printf(&b, "%cskip=%zu", mark, skip);
    return arena_str(x->arena, sb_str(&b));
}

static str month_name(struct exchange *x, int year, int month)
{
    usec at;

    if (news_day_parse(arena_printf(x->arena, "%04d-%02d-15", year, month), S("UTC"), &at) < 0)
        return arena_printf(x->arena, "%04d-%02d", year, month);
    return frame_month(x, at);
}

static int fill_months(struct exchange *x, const struct shelf *s, struct tpl_news_list *v)
{
    struct tpl_news_list_months *row;
    struct news_month_list list;
    int r = news_months(x->arena, x->db, visit_lang(x), &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct news_month *m = &list.row[i];
        str name = arena_printf(x->arena, "%04d-%02d", m->year, m->month);

        row[i] = (struct tpl_news_list_months){
            .n = m->n,
            .name = month_name(x, m->year, m->month),
            .url = shelf_url(x, name, s->topic.slug, 0),
            .is_current = str_eq(name, s->month),
        };
    }
    v->months = row;
    v->nmonths = list.n;
    if (s->month.n)
        v->month = month_name(x, s->f.year, s->f.month);
    return 0;
}

static int fill_shelf_topics(struct exchange *x, const struct shelf *s, struct tpl_news_list *v)
{
    struct tpl_news_list_topics *row;
    struct topic_list list;
    int r = topic_list(x->arena, x->db, visit_lang(x), 0, &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct topic *t = &list.row[i];

        if (t->nitems)
            row[v->ntopics++] = (struct tpl_news_list_topics){
                .n = t->nitems,
                .name = frame_text(&t->name, t->slug),
                .lang = frame_foreign(&t->name),
                .is_stale = t->name.is_stale,
                .url = shelf_url(x, s->month, t->slug, 0),
                .is_current = t->id == s->topic.id,
            };
    }
    v->topics = row;
    if (s->topic.slug.n)
        v->topic = frame_text(&s->topic.name, s->topic.slug);
    return 0;
}

static void fill_pager(struct exchange *x, const struct shelf *s, size_t n, struct tpl_news_list *v)
{
    size_t at = s->f.skip;

    if (n > LIST_ITEMS)
        v->older = shelf_url(x, s->month, s->topic.slug, at + LIST_ITEMS);
    if (at)
        v->newer = shelf_url(x, s->month, s->topic.slug, at > LIST_ITEMS ? at - LIST_ITEMS : 0);
}

void news_archive(struct exchange *x)
{
    struct shelf s = {0};
    struct tpl_news_list v = {0};
    struct news_list list = {0};
    int r = texts_by_lang(http_param(x, S("lang"))) ? read_shelf(x, &s) : ERR_NOT_FOUND;

    if (r == 0)
        r = news_list(x->arena, x->db, x->actor, &s.f, &list);
    if (r == 0)
        r = fill_months(x, &s, &v);
    if (r == 0)
        r = fill_shelf_topics(x, &s, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    fill_pager(x, &s, list.n, &v);
    if (list.n > LIST_ITEMS)
        list.n = LIST_ITEMS;
    v.news = home_cards(x, &list);
    v.nnews = v.news ? list.n : 0;
    frame_fill(x, &v.page, v.topic.p ? v.topic : texts_get(visit_texts(x), TEXT_NEWS_TITLE),
               shelf_url(x, s.month, s.topic.slug, s.f.skip));
    v.feed_url = v.page.feed;
    v.all = v.page.news;
    v.search_url = v.page.search;
    v.stories_url = arena_printf(x->arena, "/%.*s/stories", STR(visit_lang(x)));
    tpl_news_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
