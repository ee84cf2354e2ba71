#include "web/page_news.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/geo.h"
#include "domain/markdown.h"
#include "domain/news.h"
#include "domain/seminar.h"
#include "domain/view.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/page_home.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum { LIST_ITEMS = 20, FEED_ITEMS = 20, LEAD_BYTES = 300 };

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

static int fill_seminar(struct exchange *x, int64_t id, struct tpl_news_show *v)
{
    struct seminar s;
    int r;

    if (!id)
        return 0;
    r = seminar_by_id(x->arena, x->db, id, visit_lang(x), &s);
    if (r < 0)
        return r;
    v->seminar_url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(s.slug));
    v->page.is_demo |= s.is_demo;
    return 0;
}

/* https://schema.org/NewsArticle */
static struct html article_ld(struct exchange *x, const struct news *n, str url)
{
    struct sb b = sb_init(x->arena, 0);

    sb_c(&b, "{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":");
    sb_json(&b, n->title);
    sb_c(&b, ",\"datePublished\":");
    sb_json(&b, iso(x, n->published_at));
    sb_c(&b, ",\"dateModified\":");
    sb_json(&b, iso(x, n->changed_at));
    sb_c(&b, ",\"inLanguage\":");
    sb_json(&b, n->lang);
    sb_c(&b, ",\"url\":");
    sb_json(&b, url);
    sb_c(&b, "}");
    return html_of_json_ld(x->arena, sb_str(&b));
}

static int fill_item(struct exchange *x, const struct news *n, struct tpl_news_show *v)
{
    str page = arena_printf(x->arena, "news:%.*s", STR(n->slug));
    struct news_lang_list langs;
    str lead = {0};
    int r = html_of_markdown(x->arena, n->body, &v->body);

    if (r == 0)
        r = view_count(x->db, page, &v->views);
    if (r == 0)
        r = news_langs(x->arena, x->db, n->id, &langs);
    if (r < 0)
        return r;
    frame_fill(x, &v->page, n->title, (str){0});
    frame_versions(&v->page, langs.row, langs.n);
    if (markdown_lead(x->arena, n->body, LEAD_BYTES, &lead) == 0 && lead.n)
        v->page.description = lead;
    v->title = n->title;
    v->text_lang = n->is_asked ? (str){0} : n->lang;
    v->code = n->lang;
    v->at = n->published_at;
    v->is_other = !n->is_asked;
    v->is_stale = n->is_stale;
    v->is_sample = n->is_sample;
    v->archive = v->page.news;
    v->ld = article_ld(x, n, v->page.canonical);
    r = fill_countries(x, page, v);
    return r < 0 ? r : fill_seminar(x, n->seminar_id, v);
}

void news_show(struct exchange *x)
{
    struct tpl_news_show v = {0};
    struct news n;
    int r = ERR_NOT_FOUND;

    if (texts_by_lang(http_param(x, S("lang"))))
        r = news_by_slug(x->arena, x->db, x->actor, http_param(x, S("slug")), visit_lang(x), &n);
    if (r == 0)
        r = fill_item(x, &n, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_count(x, "news", n.slug);
    tpl_news_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ?month=2020-11; anything else shows the newest. */
static void read_month(struct exchange *x, struct news_filter *f)
{
    struct str_pair cut = str_cut(http_query(x, S("month")), '-');
    uint64_t year, month;

    if (!cut.ok || str_u64(cut.head, 9999, &year) < 0 || str_u64(cut.tail, 12, &month) < 0 ||
        !month)
        return;
    f->year = (int)year;
    f->month = (int)month;
}

static str month_name(struct exchange *x, int year, int month)
{
    return arena_printf(x->arena, "%04d-%02d", year, month);
}

static int fill_months(struct exchange *x, const struct news_filter *f, struct tpl_news_list *v)
{
    struct tpl_news_list_months *row;
    struct news_month_list list;
    int r = news_months(x->arena, x->db, visit_lang(x), &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct news_month *m = &list.row[i];
        str name = month_name(x, m->year, m->month);

        row[i] = (struct tpl_news_list_months){
            .n = m->n,
            .name = name,
            .url = arena_printf(x->arena, "?month=%.*s", STR(name)),
            .is_current = m->year == f->year && m->month == f->month,
        };
    }
    v->months = row;
    v->nmonths = list.n;
    if (f->month)
        v->shown = month_name(x, f->year, f->month);
    return 0;
}

static void fill_pager(struct exchange *x, uint64_t at, size_t n, struct tpl_news_list *v)
{
    if (n > LIST_ITEMS)
        v->older = arena_printf(x->arena, "?skip=%llu", (unsigned long long)at + LIST_ITEMS);
    if (at)
        v->newer = arena_printf(x->arena, "?skip=%llu",
                                (unsigned long long)(at > LIST_ITEMS ? at - LIST_ITEMS : 0));
}

void news_archive(struct exchange *x)
{
    struct news_filter f = {.lang = visit_lang(x), .limit = LIST_ITEMS + 1};
    struct tpl_news_list v = {0};
    struct news_list list;
    uint64_t skip = 0;
    int r = ERR_NOT_FOUND;

    read_month(x, &f);
    if (str_u64(http_query(x, S("skip")), 100000, &skip) == 0)
        f.skip = (size_t)skip;
    if (texts_by_lang(http_param(x, S("lang"))))
        r = news_list(x->arena, x->db, x->actor, &f, &list);
    if (r == 0)
        r = fill_months(x, &f, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    if (!f.month)
        fill_pager(x, f.skip, list.n, &v);
    if (list.n > LIST_ITEMS)
        list.n = LIST_ITEMS;
    v.news = home_cards(x, &list);
    v.nnews = v.news ? list.n : 0;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_NEWS_TITLE), (str){0});
    v.feed_url = v.page.feed;
    tpl_news_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

static struct feed_entry entry_of(struct exchange *x, const struct news *n)
{
    str url = arena_printf(x->arena, "%.*s/%.*s/news/%.*s", STR(site_of(x)->origin), STR(n->lang),
                           STR(n->slug));
    str lead = {0};

    if (markdown_lead(x->arena, n->body, LEAD_BYTES, &lead) < 0)
        lead = S("");
    return (struct feed_entry){.id = url,
                               .url = url,
                               .title = n->title,
                               .summary = lead,
                               .lang = n->lang,
                               .updated = iso(x, n->changed_at),
                               .published = iso(x, n->published_at)};
}

void news_feed(struct exchange *x)
{
    const struct news_filter f = {.lang = visit_lang(x), .limit = FEED_ITEMS};
    str origin = site_of(x)->origin, lang = visit_lang(x);
    struct feed_entry *row = NULL;
    struct news_list list;
    struct feed feed;
    usec newest = 0;
    int r = ERR_NOT_FOUND;

    if (texts_by_lang(http_param(x, S("lang"))))
        r = news_list(x->arena, x->db, x->actor, &f, &list);
    if (r == 0)
        row = arena_array(x->arena, list.n, sizeof(*row));
    if (r == 0 && !row)
        r = ERR_MEM;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        row[i] = entry_of(x, &list.row[i]);
        if (list.row[i].changed_at > newest)
            newest = list.row[i].changed_at;
    }
    feed = (struct feed){
        .self = arena_printf(x->arena, "%.*s/%.*s/feed.atom", STR(origin), STR(lang)),
        .home = arena_printf(x->arena, "%.*s/%.*s/news", STR(origin), STR(lang)),
        .title = arena_printf(x->arena, "Kengesh: %.*s",
                              STR(texts_get(visit_texts(x), TEXT_NEWS_TITLE))),
        .lang = lang,
        .updated = iso(x, newest ? newest : visit_now(x)),
        .entry = row,
        .n = list.n,
    };
    feed.id = feed.self;
    html_feed(&x->reply, &feed);
    frame_send_type(x, 200, S("application/atom+xml; charset=utf-8"));
}
