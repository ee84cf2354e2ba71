#include "web/page_sitemap.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/contact_change.h"
#include "domain/guide.h"
#include "domain/kit.h"
#include "domain/programme.h"
#include "domain/search.h"
#include "domain/seen.h"
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

    *to = (struct sitemap_page){.path = p->path, .changed = when(x, p->seen_at)};
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

/* What shows in every language, with what it lacks marked. */
struct found {
    struct guide_list guides, legal;
    struct contact_list contacts;
    struct programme_list programmes;
    struct kit_list kits; /* whose moment has come */
};

static int find(struct exchange *x, struct found *f)
{
    struct contact_filter contacts = {.lang = visit_lang(x)};
    struct kit_ask kits = {.lang = visit_lang(x), .now = visit_now(x)};
    int r = guide_list(x->arena, x->db, visit_lang(x), &f->guides);

    if (r == 0)
        r = legal_list(x->arena, x->db, visit_lang(x), &f->legal);
    if (r == 0)
        r = contact_list(x->arena, x->db, &actor_public, &contacts, visit_now(x), &f->contacts);
    if (r == 0)
        r = programme_list(x->arena, x->db, visit_lang(x), &f->programmes);
    if (r == 0)
        r = kit_list(x->arena, x->db, &actor_public, &kits, &f->kits);
    return r;
}

/* While a kit waits for its moment nobody keeps a map without it. */
static int keep_from_caches(struct exchange *x)
{
    bool is_waiting = false;
    int r = kit_is_waiting(x->db, visit_now(x), &is_waiting);

    if (is_waiting)
        http_set(x, S("Cache-Control"), S("no-store"));
    return r;
}

static int add(struct exchange *x, const char *folder, str slug, struct sitemap_page *to)
{
    return add_fixed(x, arena_printf(x->arena, "/%s/%.*s", folder, STR(slug)), to);
}

/* A page whose moment was read; r: what became of that. */
static int add_at(struct exchange *x, const char *folder, str slug, int r, usec at,
                  struct sitemap_page *to)
{
    if (r == 0)
        r = add(x, folder, slug, to);
    if (r == 0)
        to->changed = when(x, at);
    return r;
}

static int add_guides(struct exchange *x, const char *folder, const struct guide_list *l,
                      struct sitemap_page *row, size_t *io_n)
{
    usec at = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < l->n; i++) {
        r = guide_seen_at(x->db, l->row[i].id, &at);
        r = add_at(x, folder, l->row[i].slug, r, at, &row[(*io_n)++]);
    }
    return r;
}

static int add_all(struct exchange *x, const struct found *f, struct sitemap_page *row,
                   size_t *io_n)
{
    usec at = 0;
    int r = add_guides(x, "guides", &f->guides, row, io_n);

    if (r == 0)
        r = add_guides(x, "legal", &f->legal, row, io_n);
    for (size_t i = 0; r == 0 && i < f->contacts.n; i++)
        r = add_at(x, "contacts", f->contacts.row[i].slug, 0,
                   contact_seen_at(&f->contacts.row[i], visit_now(x)), &row[(*io_n)++]);
    for (size_t i = 0; r == 0 && i < f->programmes.n; i++) {
        r = seen_programme(x->db, f->programmes.row[i].id, &at);
        r = add_at(x, "p", f->programmes.row[i].slug, r, at, &row[(*io_n)++]);
    }
    for (size_t i = 0; r == 0 && i < f->kits.n; i++) {
        r = seen_kit(x->db, f->kits.row[i].id, &at);
        r = add_at(x, "kit", f->kits.row[i].slug, r, at, &row[(*io_n)++]);
    }
    return r;
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
    struct found f = {0};
    size_t n = 0;
    int r = search_pages(x->arena, x->db, MAX_PAGES, &list);

    if (r == 0)
        r = find(x, &f);
    if (r == 0)
        r = keep_from_caches(x);
    if (r == 0)
        row = arena_array(x->arena,
                          NELEM(fixed) + f.guides.n + f.legal.n + f.contacts.n + f.programmes.n +
                              f.kits.n + list.n,
                          sizeof(*row));
    if (r == 0 && !row)
        r = ERR_MEM;
    for (size_t i = 0; r == 0 && i < NELEM(fixed); i++)
        r = add_fixed(x, fixed[i], &row[n++]);
    if (r == 0)
        r = add_all(x, &f, row, &n);
    for (size_t i = 0; r == 0 && i < list.n; i++)
        r = add_found(x, &list.row[i], &row[n++]);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    html_sitemap(&x->reply, site_of(x)->origin, row, n);
    frame_send_type(x, 200, S("application/xml; charset=utf-8"));
}
