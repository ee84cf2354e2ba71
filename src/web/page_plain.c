#include "web/page_plain.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/right.h"
#include "gen/template.h"
#include "net/http.h"
#include "net/route.h"
#include "web/asset.h"
#include "web/frame.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_ROUTES = 256 };

void asset_file(struct exchange *x)
{
    struct http_shared *shared = arena_make(x->arena, struct http_shared);
    struct asset asset;
    bool is_current;
    int r = asset_by_url(x->arena, x->path, &asset, &is_current);

    if (r == 0 && !shared)
        r = ERR_MEM;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    *shared = (struct http_shared){.plain = asset.body, .gzip = asset.gz};
    x->shared = shared;
    x->type = str_c(asset.type);
    http_set(x, S("ETag"), arena_printf(x->arena, "\"%s\"", asset.etag));
    http_set(x, S("Cache-Control"),
             is_current ? S("public, max-age=31536000, immutable") : S("no-cache"));
}

void robots(struct exchange *x)
{
    const struct site *s = site_of(x);

    http_text(x, 200, S("text/plain; charset=utf-8"),
              s->conf.is_demo ? S("User-agent: *\nDisallow: /\n")
                              : arena_printf(x->arena,
                                             "User-agent: *\nDisallow: /i/\nDisallow: /desk\n"
                                             "Disallow: /sign-in\nDisallow: /*/search?\n"
                                             "Sitemap: %.*s/sitemap.xml\n",
                                             STR(s->origin)));
}

/* Says ok only when the store answers, for those who watch the machine. */
void health(struct exchange *x)
{
    if (access_check(x->db) < 0)
        http_text(x, 503, S("text/plain; charset=utf-8"), S("the store does not answer\n"));
    else
        http_text(x, 200, S("text/plain; charset=utf-8"), S("ok\n"));
}

/* Browsers ask for it unasked on pages that are not HTML. */
void icon(struct exchange *x)
{
    http_redirect(x, 302, asset_url(S("img/icon.svg")));
}

static str flags_text(struct arena *a, unsigned flags)
{
    struct sb b = sb_init(a, 0);
    const char *word;
    unsigned flag;

    for (size_t i = 0; (word = route_flag_word(i, &flag)); i++)
        if (flags & flag)
            sb_printf(&b, "%s%s", b.n ? " " : "", word);
    return b.n ? arena_str(a, sb_str(&b)) : S("");
}

void debug_routes(struct exchange *x)
{
    const struct route_set *set = site_of(x)->conf.routes;
    struct tpl_debug_routes_routes *row = arena_array(x->arena, MAX_ROUTES, sizeof(*row));
    struct tpl_debug_routes v = {.routes = row};
    const struct route *at;

    if (!row) {
        visit_fail(x, ERR_MEM);
        return;
    }
    for (; v.nroutes < MAX_ROUTES && (at = route_at(set, v.nroutes)); v.nroutes++)
        row[v.nroutes] = (struct tpl_debug_routes_routes){
            .name = str_c(at->name),
            .method = str_c(at->method),
            .pattern = str_c(at->pattern),
            .right = str_c(right_name(at->right)),
            .flags = flags_text(x->arena, at->flags),
        };
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_DEBUG_ROUTES), (str){0});
    tpl_debug_routes(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
