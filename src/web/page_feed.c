#include "web/page_feed.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/feed.h"
#include "domain/markdown.h"
#include "domain/news.h"
#include "domain/news_gone.h"
#include "domain/ninjs.h"
#include "domain/story.h"
#include "domain/topic.h"
#include "gen/template.h"
#include "net/http.h"
#include "net/reply.h"
#include "web/frame.h"
#include "web/html_feed.h"
#include "web/picture_share.h"
#include "web/site.h"
#include "web/story_told.h"
#include "web/texts.h"
#include "web/visit.h"

enum { FEED_ITEMS = 20, LEAD_BYTES = 300, MAX_FEEDS = 100 };

static const struct format {
    str file, type;
    void (*write)(struct sb *out, const struct feed *f);
} formats[] = {
    {S("feed.atom"), S("application/atom+xml; charset=utf-8"), html_atom},
    {S("feed.rss"), S("application/rss+xml; charset=utf-8"), html_rss},
    {S("feed.json"), S("application/feed+json; charset=utf-8"), feed_json},
    {S("feed.ninjs"), S("application/json; charset=utf-8"), ninjs_list},
};

static struct feed_time moment(struct exchange *x, usec at)
{
    char *mail = arena_alloc(x->arena, HTTP_DATE);
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts(x), SHOW_ISO, at);
    if (mail)
        http_date(at, mail);
    return (struct feed_time){.iso = arena_str(x->arena, sb_str(&b)), .mail = str_c(mail)};
}

static str country_name(struct exchange *x, str code)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show_code(&b, visit_texts(x), SHOW_COUNTRY, code);
    return arena_str(x->arena, sb_str(&b));
}

static int fill_tags(struct exchange *x, const struct news *n, struct feed_entry *to)
{
    struct feed_tag *tag;
    struct topic_list list;
    int r = topic_list(x->arena, x->db, n->lang, n->id, &list);

    tag = r == 0 ? arena_array(x->arena, list.n, sizeof(*tag)) : NULL;
    if (!tag)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++)
        if (list.row[i].is_chosen)
            tag[to->ntags++] = (struct feed_tag){
                list.row[i].slug, frame_text(&list.row[i].name, list.row[i].slug)};
    to->tag = tag;
    return 0;
}

static int fill_places(struct exchange *x, const struct news *n, struct feed_entry *to)
{
    struct feed_tag *place;
    struct news_country_list list;
    int r = news_countries(x->arena, x->db, n->lang, n->id, &list);

    place = r == 0 ? arena_array(x->arena, list.n, sizeof(*place)) : NULL;
    if (!place)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++)
        place[i] = (struct feed_tag){list.row[i].code, country_name(x, list.row[i].code)};
    to->country = place;
    to->ncountries = list.n;
    return 0;
}

/* Its address, and so its id in every feed. */
static str item_url(struct exchange *x, str lang, int kind, str slug)
{
    return arena_printf(x->arena, "%.*s/%.*s/%s/%.*s", STR(site_of(x)->origin), STR(lang),
                        kind == NEWS_STORY ? "stories" : "news", STR(slug));
}

/* A sentence before all the words, as a paragraph of its own. */
static void say_first(struct exchange *x, str said, struct feed_entry *to)
{
    to->html = html_after(x->arena, said, to->html);
    to->text = arena_printf(x->arena, "%.*s\n\n%.*s", STR(said), STR(to->text));
}

static str joined(struct exchange *x, str a, str b)
{
    return a.n && b.n ? arena_printf(x->arena, "%.*s %.*s", STR(a), STR(b)) : a.n ? a : b;
}

/* Whoever prints a story prints under which name it is told, and that the consent can end. */
static int add_teller(struct exchange *x, const struct news *n, struct feed_entry *to)
{
    str said;
    int r = n->kind == NEWS_STORY ? story_told(x->arena, x->db, visit_texts(x), n->id, &said) : 0;

    if (r == 0 && n->kind == NEWS_STORY)
        say_first(x, said, to);
    return r;
}

/* What the page says above the words goes where the words go. */
static void add_note(struct exchange *x, const struct news *n, struct feed_entry *to)
{
    const struct texts *t = visit_texts(x);

    if (n->is_stale)
        to->note = texts_get(t, TEXT_NEWS_STALE);
    if (n->is_sample)
        to->note = joined(x, to->note, texts_get(t, TEXT_NEWS_SAMPLE));
    if (to->note.n)
        say_first(x, to->note, to);
    to->summary = joined(x, to->note, to->summary);
    to->ed_note = joined(x, to->note, to->correction);
}

static int fill_pictures(struct exchange *x, const struct news *n, struct feed_entry *to)
{
    struct picture_shares l;
    int r = picture_shares(x, n, &l);

    if (r < 0)
        return r;
    to->picture = l.row;
    to->npictures = l.n;
    return 0;
}

static int fill_entry(struct exchange *x, const struct news *n, struct feed_entry *to)
{
    str origin = site_of(x)->origin, html;
    int r = markdown_html(x->arena, n->body, &html);

    *to = (struct feed_entry){
        .url = item_url(x, n->lang, n->kind, n->slug),
        .title = n->title,
        .lang = n->lang,
        .correction = n->correction,
        .published = moment(x, n->published_at),
        .updated = moment(x, news_seen_at(n)),
    };
    to->id = to->url;
    if (r == 0)
        r = markdown_lead(x->arena, n->body, LEAD_BYTES, &to->summary);
    if (r == 0)
        r = markdown_text(x->arena, n->body, &to->text);
    if (r < 0)
        return r;
    to->html = html_absolute(x->arena, html, origin, to->url);
    r = add_teller(x, n, to);
    if (r == 0)
        add_note(x, n, to);
    if (r == 0)
        r = fill_tags(x, n, to);
    if (r == 0)
        r = fill_pictures(x, n, to);
    return r < 0 ? r : fill_places(x, n, to);
}

/* What the feed is about: all news, or those of a topic or a country. */
struct choice {
    struct news_filter f;
    str name; /* unset: all */
};

/* "TM"; a country of which there is no news yet has an empty feed. */
static int choose_country(struct exchange *x, str code, struct choice *to)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] < 'A' || code.p[i] > 'Z')
            return ERR_NOT_FOUND;
    if (code.n != 2)
        return ERR_NOT_FOUND;
    to->f.country = code;
    to->name = country_name(x, code);
    return 0;
}

static int choose(struct exchange *x, struct choice *to)
{
    str by = http_param(x, S("by"));
    struct topic topic;
    int r;

    *to = (struct choice){.f = {.lang = visit_lang(x),
                                 .use = CONSENT_FEEDS,
                                 .now = visit_now(x),
                                 .limit = FEED_ITEMS}};
    if (!by.p)
        return 0;
    if (str_eq(by, S("country")))
        return choose_country(x, http_param(x, S("value")), to);
    if (!str_eq(by, S("topic")))
        return ERR_NOT_FOUND;
    r = topic_by_slug(x->arena, x->db, http_param(x, S("value")), visit_lang(x), &topic);
    if (r < 0)
        return r;
    to->f.topic_id = topic.id;
    to->name = frame_text(&topic.name, topic.slug);
    return 0;
}

static str title_of(struct exchange *x, const struct choice *c)
{
    const struct texts *t = visit_texts(x);

    return arena_printf(x->arena, "%.*s: %.*s", STR(texts_get(t, TEXT_SITE_NAME)),
                        STR(c->name.p ? c->name : texts_get(t, TEXT_NEWS_TITLE)));
}

/*
 * Who keeps a copy hears that it is to go; only who can have one: a notice is an item in RSS and
 * JSON Feed, and of another topic or country it would be a new one.
 */
static int fill_lost(struct exchange *x, const struct choice *c, usec *newest, struct feed *to)
{
    const struct texts *t = visit_texts(x);
    struct news_lost_list list;
    struct feed_gone *row = NULL;
    int r = news_lost(x->arena, x->db, &c->f, &list);

    if (r == 0)
        row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        bool is_story = list.row[i].kind == NEWS_STORY;

        row[i] = (struct feed_gone){
            .id = item_url(x, visit_lang(x), list.row[i].kind, list.row[i].slug),
            .title = texts_get(t, is_story ? TEXT_GONE_STORY : TEXT_GONE_TITLE),
            .text = texts_get(t, TEXT_GONE_WHY),
            .at = moment(x, list.row[i].at),
        };
        if (list.row[i].at > *newest)
            *newest = list.row[i].at;
    }
    to->gone = row;
    to->ngone = list.n;
    return 0;
}

static int fill_feed(struct exchange *x, const struct choice *c, struct feed *to)
{
    str origin = site_of(x)->origin;
    struct feed_entry *row = NULL;
    struct news_list list;
    usec newest = 0;
    int r = news_list(x->arena, x->db, x->actor, &c->f, &list);

    if (r == 0)
        row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; r == 0 && i < list.n; i++) {
        r = fill_entry(x, &list.row[i], &row[i]);
        if (news_seen_at(&list.row[i]) > newest)
            newest = news_seen_at(&list.row[i]);
    }
    *to = (struct feed){
        .self = arena_printf(x->arena, "%.*s%.*s", STR(origin), STR(x->path)),
        .home = arena_printf(x->arena, "%.*s/%.*s/news", STR(origin), STR(visit_lang(x))),
        .title = title_of(x, c),
        .about = texts_get(visit_texts(x), TEXT_HOME_LEAD),
        .lang = visit_lang(x),
        .site = texts_get(visit_texts(x), TEXT_SITE_NAME),
        .origin = origin,
        .entry = row,
        .n = list.n,
    };
    to->id = to->self;
    if (r == 0)
        r = fill_lost(x, c, &newest, to);
    /* An empty feed must not change with every look at it. */
    to->updated = moment(x, newest ? newest : visit_now(x) - visit_now(x) % USEC_DAY);
    return r;
}

void news_feed(struct exchange *x)
{
    str file = str_rcut(x->path, '/').tail;
    const struct format *format = NULL;
    struct choice c;
    struct feed feed;
    int r = ERR_NOT_FOUND;

    for (size_t i = 0; i < NELEM(formats); i++)
        if (str_eq(formats[i].file, file))
            format = &formats[i];
    if (format && texts_by_lang(http_param(x, S("lang"))))
        r = choose(x, &c);
    if (r == 0)
        r = fill_feed(x, &c, &feed);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    format->write(&x->reply, &feed);
    frame_send_type(x, 200, format->type);
}

static void show_ninjs(struct exchange *x, int kind)
{
    struct feed_entry e;
    struct news n;
    bool may = false;
    int r = ERR_NOT_FOUND;

    if (texts_by_lang(http_param(x, S("lang"))))
        r = news_by_slug(x->arena, x->db, x->actor, http_param(x, S("slug")), visit_lang(x), &n);
    if (r == 0)
        r = story_may(x->db, n.id, CONSENT_FEEDS, visit_now(x), &may);
    if (r == 0 && !(n.is_asked && n.kind == kind && may))
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = fill_entry(x, &n, &e);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    ninjs_item(&x->reply, &e, texts_get(visit_texts(x), TEXT_SITE_NAME));
    frame_send_type(x, 200, S("application/json; charset=utf-8"));
}

void news_ninjs(struct exchange *x)
{
    show_ninjs(x, NEWS_REPORT);
}

void story_ninjs(struct exchange *x)
{
    show_ninjs(x, NEWS_STORY);
}

/* ---- the page that names them ---- */

static struct tpl_feeds_show_feeds feed_row(struct exchange *x, str name, str path)
{
    return (struct tpl_feeds_show_feeds){
        .name = name,
        .atom = arena_printf(x->arena, "%.*s/feed.atom", STR(path)),
        .rss = arena_printf(x->arena, "%.*s/feed.rss", STR(path)),
        .json = arena_printf(x->arena, "%.*s/feed.json", STR(path)),
        .ninjs = arena_printf(x->arena, "%.*s/feed.ninjs", STR(path)),
    };
}

static int add_countries(struct exchange *x, str base, struct tpl_feeds_show_feeds *row,
                         struct tpl_feeds_show *v)
{
    struct news_country_list list;
    int r = news_countries(x->arena, x->db, visit_lang(x), 0, &list);

    for (size_t i = 0; r == 0 && i < list.n && v->nfeeds < MAX_FEEDS; i++)
        row[v->nfeeds++] = feed_row(
            x, country_name(x, list.row[i].code),
            arena_printf(x->arena, "%.*s/feed/country/%.*s", STR(base), STR(list.row[i].code)));
    return r;
}

static int fill_feeds(struct exchange *x, struct tpl_feeds_show *v)
{
    struct tpl_feeds_show_feeds *row = arena_array(x->arena, MAX_FEEDS, sizeof(*row));
    struct topic_list list;
    str base = arena_printf(x->arena, "/%.*s", STR(visit_lang(x)));
    int r = topic_list(x->arena, x->db, visit_lang(x), 0, &list);

    if (!row || r < 0)
        return r < 0 ? r : ERR_MEM;
    row[v->nfeeds++] = feed_row(x, texts_get(visit_texts(x), TEXT_FEEDS_ALL), base);
    for (size_t i = 0; i < list.n && v->nfeeds < MAX_FEEDS; i++) {
        const struct topic *t = &list.row[i];

        if (!t->nitems)
            continue;
        row[v->nfeeds] =
            feed_row(x, frame_text(&t->name, t->slug),
                     arena_printf(x->arena, "%.*s/feed/topic/%.*s", STR(base), STR(t->slug)));
        row[v->nfeeds++].lang = frame_foreign(&t->name);
    }
    v->feeds = row;
    return add_countries(x, base, row, v);
}

static str full(struct exchange *x, const char *page)
{
    return arena_printf(x->arena, "%.*s/%.*s/%s", STR(site_of(x)->origin), STR(visit_lang(x)),
                        page);
}

void feeds_show(struct exchange *x)
{
    struct tpl_feeds_show v = {0};
    str path = arena_printf(x->arena, "/%.*s/feeds", STR(visit_lang(x)));
    int r = texts_by_lang(http_param(x, S("lang"))) ? fill_feeds(x, &v) : ERR_NOT_FOUND;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.contacts_full = full(x, "contacts");
    v.offer_full = full(x, "offer");
    v.guides_full = full(x, "guides");
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_FEEDS_TITLE), path);
    v.page.description = texts_get(visit_texts(x), TEXT_FEEDS_LEAD);
    tpl_feeds_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
