#include "web/page_sitemap.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/guide.h"
#include "domain/kit.h"
#include "domain/programme.h"
#include "domain/search.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

/*
 * sitemaps.org allows 50,000 addresses of one file; the newest are in it, and every page is linked
 * from the archive besides.
 */
enum { MAX_PAGES = 2000, MAX_LANGS = 24 };

static str when(struct exchange *x, usec at)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts(x), SHOW_ISO, at);
    return arena_str(x->arena, sb_str(&b));
}

/* A page whose words are the same for all languages of the site. */
static int add_fixed(struct exchange *x, str path, struct sitemap_page *to)
{
    const struct text_lang *l;

    *to = (struct sitemap_page){.path = path};
    to->lang = arena_array(x->arena, MAX_LANGS, sizeof(*to->lang));
    if (!to->lang)
        return ERR_MEM;
    while (to->nlangs < MAX_LANGS && (l = texts_lang(to->nlangs)))
        to->lang[to->nlangs++] = l->code;
    return 0;
}

static int add_found(struct exchange *x, const struct search_page *p, struct sitemap_page *to)
{
    str rest = p->langs;

    *to = (struct sitemap_page){.path = p->path};
    if (p->at <= visit_now(x)) /* a seminar to come has no past */
        to->changed = when(x, p->at);
    to->lang = arena_array(x->arena, MAX_LANGS, sizeof(*to->lang));
    if (!to->lang)
        return ERR_MEM;
    while (rest.n && to->nlangs < MAX_LANGS) {
        struct str_pair cut = str_cut(rest, ',');

        if (texts_by_lang(cut.head))
            to->lang[to->nlangs++] = cut.head;
        rest = cut.tail;
    }
    return 0;
}

/* Each shows in every language, with what it lacks marked. */
struct found {
    str *path;
    size_t n;
};

static void add_path(struct exchange *x, const char *folder, str slug, struct found *to)
{
    to->path[to->n++] = arena_printf(x->arena, "/%s/%.*s", folder, STR(slug));
}

/* Kits whose moment has come; while one waits for it nobody keeps a map without it. */
static int read_programmes(struct exchange *x, struct found *to)
{
    struct kit_ask ask = {.lang = visit_lang(x), .now = visit_now(x)};
    struct programme_list programmes = {0};
    struct kit_list kits = {0};
    bool is_waiting = false;
    int r = programme_list(x->arena, x->db, visit_lang(x), &programmes);

    if (r == 0)
        r = kit_list(x->arena, x->db, &actor_public, &ask, &kits);
    if (r == 0)
        r = kit_is_waiting(x->db, visit_now(x), &is_waiting);
    if (r < 0)
        return r;
    if (is_waiting)
        http_set(x, S("Cache-Control"), S("no-store"));
    to->path = arena_array(x->arena, programmes.n + kits.n, sizeof(*to->path));
    if (!to->path)
        return ERR_MEM;
    for (size_t i = 0; i < programmes.n; i++)
        add_path(x, "p", programmes.row[i].slug, to);
    for (size_t i = 0; i < kits.n; i++)
        add_path(x, "kit", kits.row[i].slug, to);
    return 0;
}

static int read_help(struct exchange *x, struct found *to)
{
    struct contact_filter f = {.lang = visit_lang(x)};
    struct guide_list guides = {0}, legal = {0};
    struct contact_list contacts = {0};
    int r = guide_list(x->arena, x->db, visit_lang(x), &guides);

    if (r == 0)
        r = legal_list(x->arena, x->db, visit_lang(x), &legal);
    if (r == 0)
        r = contact_list(x->arena, x->db, &actor_public, &f, visit_now(x), &contacts);
    if (r < 0)
        return r;
    to->path = arena_array(x->arena, guides.n + legal.n + contacts.n, sizeof(*to->path));
    if (!to->path)
        return ERR_MEM;
    for (size_t i = 0; i < guides.n; i++)
        add_path(x, "guides", guides.row[i].slug, to);
    for (size_t i = 0; i < legal.n; i++)
        add_path(x, "legal", legal.row[i].slug, to);
    for (size_t i = 0; i < contacts.n; i++)
        add_path(x, "contacts", contacts.row[i].slug, to);
    return 0;
}

void sitemap(struct exchange *x)
{
    static const str fixed[] = {
        S(""),          S("/news"),    S("/guides"),      S("/legal"),   S("/contacts"),
        S("/offer"),    S("/check"),   S("/check/words"), S("/offline"), S("/feeds"),
        S("/counting"), S("/privacy"), S("/verify"),      S("/stories"), S("/kit"),
        S("/offer/deciding"), S("/offer/there"),
    };
    struct search_page_list list = {0};
    struct sitemap_page *row = NULL;
    struct found help = {0}, programmes = {0};
    size_t n = 0;
    int r = search_pages(x->arena, x->db, MAX_PAGES, &list);

    if (r == 0)
        r = read_help(x, &help);
    if (r == 0)
        r = read_programmes(x, &programmes);
    if (r == 0)
        row = arena_array(x->arena, list.n + NELEM(fixed) + help.n + programmes.n, sizeof(*row));
    if (r == 0 && !row)
        r = ERR_MEM;
    for (size_t i = 0; r == 0 && i < NELEM(fixed); i++)
        r = add_fixed(x, fixed[i], &row[n++]);
    for (size_t i = 0; r == 0 && i < help.n; i++)
        r = add_fixed(x, help.path[i], &row[n++]);
    for (size_t i = 0; r == 0 && i < programmes.n; i++)
        r = add_fixed(x, programmes.path[i], &row[n++]);
    for (size_t i = 0; r == 0 && i < list.n; i++)
        r = add_found(x, &list.row[i], &row[n++]);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    html_sitemap(&x->reply, site_of(x)->origin, row, n);
    frame_send_type(x, 200, S("application/xml; charset=utf-8"));
}
