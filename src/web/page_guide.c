#include "web/page_guide.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/guide.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/guide_body.h"
#include "web/html_data.h"
#include "web/page_contact.h"
#include "web/page_sound.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

static bool is_page_lang(struct exchange *x)
{
    return texts_by_lang(http_param(x, S("lang"))) != NULL;
}

void guide_list_show(struct exchange *x)
{
    struct tpl_guide_list v = {0};
    struct tpl_guide_list_guides *row;
    struct guide_list l;
    int r = is_page_lang(x) ? guide_list(x->arena, x->db, visit_lang(x), &l) : ERR_NOT_FOUND;

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (r == 0 && !row)
        r = ERR_MEM;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; row && i < l.n; i++) {
        const struct guide *g = &l.row[i];

        row[i] = (struct tpl_guide_list_guides){
            .url = arena_printf(x->arena, "/%.*s/guides/%.*s", STR(visit_lang(x)), STR(g->slug)),
            .title = frame_text(&g->title, g->slug),
            .lang = frame_foreign(&g->title),
            .is_stale = g->title.is_stale,
            .from = g->from,
            .to = g->to,
            .is_sample = g->is_sample,
        };
    }
    v.guides = row;
    v.nguides = l.n;
    v.offer = arena_printf(x->arena, "/%.*s/offer", STR(visit_lang(x)));
    v.contacts = arena_printf(x->arena, "/%.*s/contacts", STR(visit_lang(x)));
    v.legal = arena_printf(x->arena, "/%.*s/legal", STR(visit_lang(x)));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_GUIDE_TITLE),
               arena_printf(x->arena, "/%.*s/guides", STR(visit_lang(x))));
    v.page.description = texts_get(visit_texts(x), TEXT_GUIDE_LEAD);
    tpl_guide_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}

/* ---- one guide ---- */

static str at(struct exchange *x, const char *tail, str slug)
{
    return arena_printf(x->arena, "/%.*s/guides/%.*s%s", STR(visit_lang(x)), STR(slug), tail);
}

/* https://schema.org/WebPage: what it rests on. It is no HowTo and no FAQ: it answers nothing. */
static struct html guide_ld(struct exchange *x, const struct tpl_guide_show *v)
{
    const struct tpl_guide_body *g = &v->guide_body;
    struct sb b = sb_init(x->arena, 0);
    bool is_first = true;

    sb_c(&b, "{\"@context\":\"https://schema.org\",\"@type\":\"WebPage\",\"name\":");
    sb_json(&b, g->title);
    sb_c(&b, ",\"url\":");
    sb_json(&b, v->page.canonical);
    sb_c(&b, ",\"inLanguage\":");
    sb_json(&b, visit_lang(x));
    sb_c(&b, ",\"isAccessibleForFree\":true,\"citation\":[");
    for (size_t i = 0; i < g->npoints; i++) {
        if (i && str_eq(g->points[i].source, g->points[i - 1].source))
            continue;
        sb_c(&b, is_first ? "" : ",");
        sb_json(&b, g->points[i].source);
        is_first = false;
    }
    sb_c(&b, "]}");
    return html_of_json_ld(x->arena, sb_str(&b));
}

void guide_show(struct exchange *x)
{
    struct card_ask ask = {.t = visit_texts(x), .now = visit_now(x)};
    str lang = visit_lang(x), slug = http_param(x, S("slug"));
    struct tpl_guide_show v = {0};
    struct guide g;
    int r = is_page_lang(x) ? guide_body_make(x->arena, x->db, &ask, slug, &g, &v.guide_body)
                            : ERR_NOT_FOUND;

    if (r == 0)
        r = sound_listen(x, &g, &v.guide_body.listen);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.back = arena_printf(x->arena, "/%.*s/guides", STR(lang));
    v.sms = at(x, "/sms.txt", slug);
    v.offer = arena_printf(x->arena, "/%.*s/offer", STR(lang));
    v.legal = arena_printf(x->arena, "/%.*s/legal", STR(lang));
    v.print = arena_printf(x->arena, "/%.*s/print/a5/%.*s", STR(lang), STR(slug));
    v.pack = arena_printf(x->arena, "/%.*s/offline#%.*s", STR(lang), STR(slug));
    frame_fill(x, &v.page, v.guide_body.title, at(x, "", slug));
    if (v.guide_body.lead.n)
        v.page.description = v.guide_body.lead;
    v.ld = guide_ld(x, &v);
    tpl_guide_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x); /* "open now" is true for this minute alone */
}

void guide_sms(struct exchange *x)
{
    struct card_ask ask = {.t = visit_texts(x), .now = visit_now(x)};
    int r = is_page_lang(x)
                ? guide_messages_make(x->arena, x->db, &ask, http_param(x, S("slug")),
                                      site_of(x)->origin, &x->reply)
                : ERR_NOT_FOUND;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    frame_send_type(x, 200, S("text/plain; charset=utf-8"));
    contact_private(x);
}
