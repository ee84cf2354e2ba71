#include "web/pack.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/guide.h"
#include "domain/news.h"
#include "domain/programme.h"
#include "domain/story.h"
#include "gen/template.h"
#include "web/asset.h"
#include "web/contact_card.h"
#include "web/frame.h"
#include "web/guide_body.h"
#include "web/html_epub.h"
#include "web/pack_picture.h"
#include "web/pack_sound.h"
#include "web/story_told.h"
#include "web/texts.h"

/* MAX_LANGS as the language switch of the site has; NEWS: what a year brings. */
enum { MAX_LANGS = 24, NEWS = 30, FIXED_PAGES = 4 };

struct pack {
    const struct pack_ask *ask;
    struct db *db;
    struct zip *zip;
    struct arena *lasting, *keep, *page; /* of the pack; of a language; of a page */
    struct pack_pictures pictures;
    struct sb out;
    struct texts t;
    str name, name_lang, day; /* of the programme or the guide; unset: the page's; of the pack */
    struct guide_list guides, legal;
    struct news_list news;
    struct epub_page *pages; /* of a language, in reading order */
    size_t npages;
};

static bool is_book(const struct pack *p)
{
    return p->ask->lang.n != 0;
}

static struct card_ask cards(const struct pack *p)
{
    return (struct card_ask){.t = &p->t, .now = p->ask->now, .is_paper = true};
}

/* ---- one page ---- */

static void begin(struct pack *p)
{
    arena_reset(p->page);
    p->out = sb_init(p->page, 0);
}

/* Before a template runs: a name that memory was short for is no mistake of ours. */
static void settle(struct pack *p)
{
    if (arena_is_short(p->keep))
        arena_spoil(p->page);
}

static int end(struct pack *p, str path)
{
    str body = sb_str(&p->out);

    if (!body.p || arena_is_short(p->page) || arena_is_short(p->keep))
        return ERR_MEM;
    return zip_add(p->zip, path, body, ZIP_DEFLATED);
}

static str file_of(const struct pack *p, str name)
{
    return arena_printf(p->keep, "%.*s.%s", STR(name), is_book(p) ? "xhtml" : "html");
}

/* The page of this language among those of all; is_common: every language has it. */
static void fill_langs(struct pack *p, str name, bool is_common, struct tpl_pack_page *page)
{
    struct tpl_pack_lang *row = arena_array(p->page, MAX_LANGS, sizeof(*row));
    const struct text_lang *l;

    for (size_t i = 0; row && i < MAX_LANGS && (l = texts_lang(i)); i++)
        row[page->nlangs++] = (struct tpl_pack_lang){
            .code = l->code,
            .name = l->name,
            .url = arena_printf(p->page, "../%.*s/%.*s.html", STR(l->code),
                                STR(is_common ? name : S("index"))),
            .is_current = str_eq(l->code, p->t.lang),
        };
    page->langs = row;
}

static struct tpl_pack_page frame(struct pack *p, str title, str name, bool is_common)
{
    struct tpl_pack_page page = {
        .title = title,
        .style = is_book(p) ? S("style.css") : S("../style.css"),
        .made = p->day,
        .site = p->ask->origin,
        .is_draft = p->t.is_draft && !str_eq(p->t.lang, S("en")),
    };

    if (!is_book(p))
        fill_langs(p, name, is_common, &page);
    if (!is_book(p) && !str_eq(name, S("index")))
        page.index = S("index.html");
    settle(p);
    return page;
}

/* Adds the page that stands in p->out, and notes it for the contents. */
static int finish(struct pack *p, str name, str title, str lang)
{
    str file = file_of(p, name);
    str path = is_book(p) ? arena_printf(p->keep, "OEBPS/%.*s", STR(file))
                          : arena_printf(p->keep, "%.*s/%.*s", STR(p->t.lang), STR(file));

    p->pages[p->npages++] = (struct epub_page){
        .file = file, .name = arena_str(p->keep, title), .lang = arena_str(p->keep, lang)};
    return end(p, path);
}

/* ---- the pages of a language ---- */

static str guide_name(struct pack *p, str slug)
{
    return arena_printf(p->keep, "guide-%.*s", STR(slug));
}

static str legal_name(struct pack *p, str slug)
{
    return arena_printf(p->keep, "legal-%.*s", STR(slug));
}

static str news_name(struct pack *p, const struct news *n)
{
    return arena_printf(p->keep, "%s-%.*s", n->kind == NEWS_STORY ? "story" : "news", STR(n->slug));
}

static void fill_guides(struct pack *p, struct tpl_pack_index *v)
{
    struct tpl_pack_index_guides *row = arena_array(p->page, p->guides.n, sizeof(*row));

    for (size_t i = 0; row && i < p->guides.n; i++) {
        const struct guide *g = &p->guides.row[i];

        row[v->nguides++] = (struct tpl_pack_index_guides){
            .url = file_of(p, guide_name(p, g->slug)),
            .sms = is_book(p) ? (str){NULL, 0}
                              : arena_printf(p->page, "sms-%.*s.txt", STR(g->slug)),
            .title = frame_text(&g->title, g->slug),
            .lang = frame_foreign(&g->title),
            .from = g->from,
            .to = g->to,
            .is_sample = g->is_sample,
        };
    }
    v->guides = row;
}

static void fill_legal(struct pack *p, struct tpl_pack_index *v)
{
    struct tpl_pack_index_legal *row = arena_array(p->page, p->legal.n, sizeof(*row));

    for (size_t i = 0; row && i < p->legal.n; i++) {
        const struct guide *g = &p->legal.row[i];

        row[v->nlegal++] = (struct tpl_pack_index_legal){
            .url = file_of(p, legal_name(p, g->slug)),
            .title = frame_text(&g->title, g->slug),
            .lang = frame_foreign(&g->title),
        };
    }
    v->legal = row;
}

/* Those of one kind. */
static const struct tpl_pack_entry *entries(struct pack *p, int kind, size_t *ret_n)
{
    struct tpl_pack_entry *row = arena_array(p->page, p->news.n, sizeof(*row));
    size_t k = 0;

    for (size_t i = 0; row && i < p->news.n; i++) {
        const struct news *n = &p->news.row[i];

        if (n->kind == kind)
            row[k++] = (struct tpl_pack_entry){
                .url = file_of(p, news_name(p, n)),
                .title = n->title,
                .when = card_time(p->page, &p->t, SHOW_DATE, n->published_at, n->zone),
            };
    }
    *ret_n = k;
    return row;
}

static int add_index(struct pack *p)
{
    struct tpl_pack_index v = {
        .name = p->name,
        .name_lang = p->name_lang,
        .offer = file_of(p, S("offer")),
        .there = file_of(p, S("there")),
        .contacts = file_of(p, S("contacts")),
    };

    begin(p);
    fill_guides(p, &v);
    fill_legal(p, &v);
    v.news = entries(p, NEWS_REPORT, &v.nnews);
    v.stories = entries(p, NEWS_STORY, &v.nstories);
    v.pack_page = frame(p, p->name, S("index"), true);
    tpl_pack_index(&p->out, &p->t, &v);
    return finish(p, S("index"), p->name, p->name_lang);
}

/* What is heard of a page of this name. */
static int add_sound(struct pack *p, const struct guide *g, str name, struct tpl_listen *ret_listen)
{
    const struct pack_sound_ask ask = {
        .a = p->page, .db = p->db, .zip = p->zip, .t = &p->t, .guide = g, .name = name};

    return p->ask->sounds && !is_book(p) ? pack_sound_add(&ask, ret_listen) : 0;
}

static int add_guide(struct pack *p, str slug)
{
    struct tpl_pack_guide v = {0};
    struct card_ask ask = cards(p);
    str name = guide_name(p, slug);
    struct guide g;
    int r;

    begin(p);
    r = guide_body_make(p->page, p->db, &ask, slug, &g, &v.guide_body);
    if (r == 0)
        r = add_sound(p, &g, name, &v.guide_body.listen);
    if (r < 0)
        return r;
    v.pack_page = frame(p, v.guide_body.title, name, true);
    tpl_pack_guide(&p->out, &p->t, &v);
    r = finish(p, name, v.guide_body.title, v.guide_body.title_lang);
    if (r < 0 || is_book(p))
        return r;
    begin(p);
    r = guide_messages_make(p->page, p->db, &ask, slug, p->ask->origin, &p->out);
    return r < 0 ? r
                 : end(p, arena_printf(p->keep, "%.*s/sms-%.*s.txt", STR(p->t.lang), STR(slug)));
}

static int add_legal(struct pack *p, str slug)
{
    struct tpl_pack_legal v = {0};
    struct card_ask ask = cards(p);
    str name = legal_name(p, slug);
    struct guide g;
    int r;

    begin(p);
    r = legal_body_make(p->page, p->db, &ask, slug, &g, &v.legal_body);
    if (r == 0)
        r = add_sound(p, &g, name, &v.legal_body.listen);
    if (r < 0)
        return r;
    v.pack_page = frame(p, v.legal_body.title, name, true);
    tpl_pack_legal(&p->out, &p->t, &v);
    return finish(p, name, v.legal_body.title, v.legal_body.title_lang);
}

static bool has_contact(const struct contact_list *l, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (l->row[i].id == id)
            return true;
    return false;
}

/* Of a guide: whom to ask there, then whom to ask at home. */
static int read_contacts(struct pack *p, struct contact_list *ret_list)
{
    const struct guide *g = p->ask->guide.n ? &p->guides.row[0] : NULL;
    struct contact_filter f = {.lang = p->t.lang, .country = g ? g->to : (str){NULL, 0}};
    struct contact_list l, home = {0};
    struct contact *both;
    int r = contact_list(p->page, p->db, &actor_public, &f, p->ask->now, &l);

    f.country = g ? g->from : (str){NULL, 0};
    if (r == 0 && g)
        r = contact_list(p->page, p->db, &actor_public, &f, p->ask->now, &home);
    both = r == 0 ? arena_array(p->page, l.n + home.n, sizeof(*both)) : NULL;
    if (!both)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < l.n; i++)
        both[i] = l.row[i];
    *ret_list = (struct contact_list){both, l.n};
    for (size_t i = 0; i < home.n; i++)
        if (!has_contact(&l, l.n, home.row[i].id))
            both[ret_list->n++] = home.row[i];
    return 0;
}

static int add_contacts(struct pack *p)
{
    str title = texts_get(&p->t, TEXT_CONTACT_TITLE);
    struct tpl_pack_contacts v = {.day = p->day};
    struct card_ask ask = cards(p);
    struct contact_list l;
    int r;

    begin(p);
    r = read_contacts(p, &l);
    if (r == 0)
        r = contact_cards_make(p->page, &ask, &l, l.n, &v.cards, &v.ncards);
    if (r < 0)
        return r;
    v.pack_page = frame(p, title, S("contacts"), true);
    tpl_pack_contacts(&p->out, &p->t, &v);
    return finish(p, S("contacts"), title, (str){0});
}

static int add_checks(struct pack *p)
{
    str offer = texts_get(&p->t, TEXT_OFFER_TITLE);
    str there = texts_get(&p->t, TEXT_OFFER_THERE_TITLE);
    struct tpl_pack_offer v = {0};
    struct tpl_pack_there w = {0};
    int r;

    begin(p);
    v.pack_page = frame(p, offer, S("offer"), true);
    tpl_pack_offer(&p->out, &p->t, &v);
    r = finish(p, S("offer"), offer, (str){0});
    if (r < 0)
        return r;
    begin(p);
    w.pack_page = frame(p, there, S("there"), true);
    tpl_pack_there(&p->out, &p->t, &w);
    return finish(p, S("there"), there, (str){0});
}

static int add_news(struct pack *p, const struct news *n)
{
    struct tpl_pack_news v = {.head = n->title,
                              .correction = n->correction,
                              .is_stale = n->is_stale,
                              .is_sample = n->is_sample};
    const struct pack_picture_ask pictures = {
        .db = p->db,
        .zip = p->zip,
        .lasting = p->lasting,
        .keep = p->keep,
        .page = p->page,
        .news_id = n->id,
        .lang = n->lang,
        .now = p->ask->now,
        .is_book = is_book(p),
    };
    str name = news_name(p, n), page;
    int r = pack_pictures_add(&p->pictures, &pictures, &v.figures, &v.nfigures);

    if (r < 0)
        return r;
    begin(p);
    page = arena_printf(p->page, "%.*s/%.*s/%s/%.*s", STR(p->ask->origin), STR(n->lang),
                        n->kind == NEWS_STORY ? "stories" : "news", STR(n->slug));
    if (n->kind == NEWS_STORY) {
        v.site = page;
        r = story_told(p->page, p->db, &p->t, n->id, &v.told);
    }
    if (r == 0)
        r = html_of_article(p->page, n->body, p->ask->origin, page, &v.text);
    if (r < 0)
        return r;
    v.when = card_time(p->page, &p->t, SHOW_DATE, n->published_at, n->zone);
    v.pack_page = frame(p, n->title, name, false);
    tpl_pack_news(&p->out, &p->t, &v);
    return finish(p, name, n->title, (str){0});
}

/* ---- a language ---- */

static int read_name(struct pack *p)
{
    struct programme_list list;
    int r;

    if (p->ask->guide.n) {
        p->name = frame_text(&p->guides.row[0].title, p->guides.row[0].slug);
        p->name_lang = frame_foreign(&p->guides.row[0].title);
        return 0;
    }
    r = programme_list(p->keep, p->db, p->t.lang, &list);
    if (r < 0)
        return r;
    p->name = texts_get(&p->t, TEXT_SITE_NAME);
    p->name_lang = (str){0};
    if (list.n && list.row[0].title.body.n) {
        p->name = list.row[0].title.body;
        p->name_lang = frame_foreign(&list.row[0].title);
    }
    return 0;
}

static int read_guides(struct pack *p)
{
    struct guide *one;

    if (!p->ask->guide.n)
        return guide_list(p->keep, p->db, p->t.lang, &p->guides);
    one = arena_make(p->keep, struct guide);
    p->guides = (struct guide_list){one, 1};
    return one ? guide_corridor(p->keep, p->db, p->ask->guide, p->t.lang, one) : ERR_MEM;
}

/* Of a guide: the pages about either of its countries. */
static int read_legal(struct pack *p)
{
    const struct guide *g = p->ask->guide.n ? &p->guides.row[0] : NULL;
    int r = legal_list(p->keep, p->db, p->t.lang, &p->legal);
    size_t n = 0;

    for (size_t i = 0; r == 0 && g && i < p->legal.n; i++) {
        const struct guide *l = &p->legal.row[i];

        if (str_eq(l->to, g->to) || str_eq(l->from, g->from) || str_eq(l->to, g->from))
            p->legal.row[n++] = *l;
    }
    if (r == 0 && g)
        p->legal.n = n;
    return r;
}

static int read_lists(struct pack *p, str lang)
{
    struct news_filter f = {
        .lang = lang, .use = CONSENT_PRINT, .now = p->ask->now, .limit = NEWS};
    int r;

    arena_reset(p->keep);
    texts_init(&p->t, lang, S("UTC"));
    p->day = card_time(p->keep, &p->t, SHOW_DATE, p->ask->now, S("UTC"));
    p->news = (struct news_list){0};
    r = read_guides(p);
    if (r == 0)
        r = read_legal(p);
    if (r == 0)
        r = read_name(p);
    if (r == 0 && !p->ask->guide.n)
        r = news_list(p->keep, p->db, &actor_public, &f, &p->news);
    if (r < 0)
        return r;
    p->npages = 0;
    p->pages = arena_array(p->keep, p->guides.n + p->legal.n + p->news.n + FIXED_PAGES,
                           sizeof(*p->pages));
    return p->pages ? 0 : ERR_MEM;
}

static int add_lang(struct pack *p)
{
    int r = add_index(p);

    for (size_t i = 0; r == 0 && i < p->guides.n; i++)
        r = add_guide(p, p->guides.row[i].slug);
    for (size_t i = 0; r == 0 && i < p->legal.n; i++)
        r = add_legal(p, p->legal.row[i].slug);
    if (r == 0)
        r = add_contacts(p);
    if (r == 0)
        r = add_checks(p);
    for (size_t i = 0; r == 0 && i < p->news.n; i++)
        r = add_news(p, &p->news.row[i]);
    return r;
}

/* The site's colours, and the pack's own style. */
static int add_style(struct pack *p, str path)
{
    static const char *const names[] = {"css/tokens.css", "css/pack.css"};
    struct asset asset;
    bool is_current;
    int r = 0;

    begin(p);
    for (size_t i = 0; r == 0 && i < NELEM(names); i++) {
        r = asset_by_url(p->page, asset_url(str_c(names[i])), &asset, &is_current);
        if (r == 0)
            sb_add(&p->out, asset.body);
    }
    return r < 0 ? r : end(p, path);
}

/* ---- both forms ---- */

/* Each reader finds the page that is for all in their own language. */
static str own_words(struct pack *p, const struct text_lang *l)
{
    struct texts t;

    texts_init(&t, l->code, (str){0});
    return arena_printf(p->page, "%.*s · %.*s", STR(l->name),
                        STR(texts_get(&t, TEXT_PACK_CHOOSE)));
}

static int write_root(struct pack *p)
{
    struct tpl_pack_root v = {0};
    struct tpl_pack_lang *row;
    const struct text_lang *l;
    int r = read_lists(p, S("en"));

    if (r < 0)
        return r;
    begin(p);
    row = arena_array(p->page, MAX_LANGS, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < MAX_LANGS && (l = texts_lang(i)); i++)
        row[v.nchoice++] = (struct tpl_pack_lang){
            .code = l->code,
            .name = own_words(p, l),
            .url = arena_printf(p->page, "%.*s/index.html", STR(l->code)),
        };
    v.choice = row;
    v.name = p->name;
    v.pack_page = frame(p, p->name, S("index"), true);
    v.pack_page.style = S("style.css");
    v.pack_page.nlangs = 0;
    tpl_pack_root(&p->out, &p->t, &v);
    return end(p, S("index.html"));
}

static int write_zip(struct pack *p)
{
    const struct text_lang *l;
    int r = write_root(p);

    if (r == 0)
        r = add_style(p, S("style.css"));
    for (size_t i = 0; r == 0 && i < MAX_LANGS && (l = texts_lang(i)); i++) {
        r = read_lists(p, l->code);
        if (r == 0)
            r = add_lang(p);
    }
    return r;
}

static int add_nav(struct pack *p)
{
    struct tpl_pack_nav v = {.title = p->name, .style = S("style.css")};
    struct tpl_pack_nav_points *row;

    begin(p);
    row = arena_array(p->page, p->npages, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < p->npages; i++)
        row[v.npoints++] = (struct tpl_pack_nav_points){
            .url = p->pages[i].file, .name = p->pages[i].name, .lang = p->pages[i].lang};
    v.points = row;
    settle(p);
    tpl_pack_nav(&p->out, &p->t, &v);
    return end(p, S("OEBPS/nav.xhtml"));
}

static int add_package(struct pack *p)
{
    usec day = p->ask->now - p->ask->now % USEC_DAY;
    struct epub e = {
        .title = p->name,
        .lang = p->t.lang,
        .publisher = texts_get(&p->t, TEXT_SITE_NAME),
        .is_rtl = str_eq(p->t.dir, S("rtl")),
        .page = p->pages,
        .npages = p->npages,
        .npictures = p->pictures.n,
    };
    str *picture;

    begin(p);
    picture = arena_array(p->page, p->pictures.n, sizeof(*picture));
    if (!picture)
        return ERR_MEM;
    for (size_t i = 0; i < p->pictures.n; i++)
        picture[i] = pack_picture_file(p->page, p->pictures.id[i]);
    e.picture = picture;
    e.modified = card_time(p->page, &p->t, SHOW_ISO, day, S("UTC"));
    e.id = arena_printf(p->page, "%.*s/%.*s/offline/%s%.*s.epub", STR(p->ask->origin),
                        STR(p->t.lang), p->ask->guide.n ? "guides/" : "",
                        STR(p->ask->guide.n ? p->ask->guide : S("programme")));
    html_epub_package(&p->out, &e);
    return end(p, S("OEBPS/package.opf"));
}

/* EPUB 3.3, 4.2.2: the media type comes first, unpacked, so that it stands at byte 38. */
static int write_book(struct pack *p)
{
    int r = read_lists(p, p->ask->lang);

    if (r == 0)
        r = zip_add(p->zip, S("mimetype"), S("application/epub+zip"), ZIP_STORED);
    if (r < 0)
        return r;
    begin(p);
    html_epub_container(&p->out);
    r = end(p, S("META-INF/container.xml"));
    if (r == 0)
        r = add_style(p, S("OEBPS/style.css"));
    if (r == 0)
        r = add_lang(p);
    if (r == 0)
        r = add_nav(p);
    return r < 0 ? r : add_package(p);
}

int pack_write(struct db *db, const struct pack_ask *ask, zip_sink_fn *sink, void *ctx)
{
    struct pack p = {.ask = ask, .db = db};
    bool is_held = false;
    int r = ERR_MEM;

    if (is_book(&p) && !texts_by_lang(ask->lang))
        return ERR_NOT_FOUND;
    p.lasting = arena_new();
    p.keep = arena_new();
    p.page = arena_new();
    if (!p.lasting || !p.keep || !p.page)
        goto out;
    r = zip_new(sink, ctx, ask->now - ask->now % USEC_DAY, &p.zip);
    if (r == 0)
        r = access_hold(db);
    if (r < 0)
        goto out;
    is_held = true;
    r = is_book(&p) ? write_book(&p) : write_zip(&p);
    if (r == 0)
        r = zip_end(p.zip);
out:
    if (is_held)
        access_release(db);
    zip_free(p.zip);
    arena_free(p.lasting);
    arena_free(p.keep);
    arena_free(p.page);
    return r;
}

str pack_file_name(struct arena *a, const struct pack_ask *ask)
{
    return arena_printf(a, "kengesh%s%.*s%s%.*s%s.%s", ask->guide.n ? "-" : "", STR(ask->guide),
                        ask->lang.n ? "-" : "", STR(ask->lang), ask->sounds ? "-sound" : "",
                        ask->lang.n ? "epub" : "zip");
}
