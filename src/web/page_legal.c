#include "web/page_legal.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/guide.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/guide_body.h"
#include "web/page_contact.h"
#include "web/page_sound.h"
#include "web/texts.h"
#include "web/visit.h"

enum text_id legal_subject_text(int subject)
{
    static const enum text_id texts[LEGAL_SUBJECTS] = {
        [LEGAL_WORK] = TEXT_LEGAL_WORK,
        [LEGAL_STAY] = TEXT_LEGAL_STAY,
        [LEGAL_RECRUITMENT] = TEXT_LEGAL_RECRUITMENT,
        [LEGAL_TRAFFICKING] = TEXT_LEGAL_TRAFFICKING,
        [LEGAL_PAPERS] = TEXT_LEGAL_PAPERS,
        [LEGAL_SERVICE] = TEXT_LEGAL_SERVICE,
    };

    return texts[subject >= LEGAL_WORK && subject < LEGAL_SUBJECTS ? subject : LEGAL_WORK];
}

static str at(struct exchange *x, const char *path)
{
    return arena_printf(x->arena, "/%.*s/%s", STR(visit_lang(x)), path);
}

void legal_list_show(struct exchange *x)
{
    struct tpl_legal_list v = {0};
    struct tpl_legal_list_pages *row;
    struct guide_list l;
    int r = texts_by_lang(http_param(x, S("lang"))) ? legal_list(x->arena, x->db, visit_lang(x), &l)
                                                    : ERR_NOT_FOUND;

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (r == 0 && !row)
        r = ERR_MEM;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; row && i < l.n; i++) {
        const struct guide *g = &l.row[i];

        row[i] = (struct tpl_legal_list_pages){
            .url = arena_printf(x->arena, "/%.*s/legal/%.*s", STR(visit_lang(x)), STR(g->slug)),
            .title = frame_text(&g->title, g->slug),
            .lang = frame_foreign(&g->title),
            .is_stale = g->title.is_stale,
            .from = g->from,
            .to = g->to,
            .is_one = str_eq(g->from, g->to),
            .subject = legal_subject_text(g->subject),
            .is_sample = g->is_sample,
        };
    }
    v.pages = row;
    v.npages = l.n;
    v.guides = at(x, "guides");
    v.contacts = at(x, "contacts");
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_LEGAL_TITLE), at(x, "legal"));
    v.page.description = texts_get(visit_texts(x), TEXT_LEGAL_LEAD);
    tpl_legal_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}

void legal_show(struct exchange *x)
{
    struct card_ask ask = {.t = visit_texts(x), .now = visit_now(x)};
    struct tpl_legal_show v = {0};
    struct guide g;
    int r = texts_by_lang(http_param(x, S("lang")))
                ? legal_body_make(x->arena, x->db, &ask, http_param(x, S("slug")), &g,
                                  &v.legal_body)
                : ERR_NOT_FOUND;

    if (r == 0)
        r = sound_listen(x, &g, &v.legal_body.listen);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.back = at(x, "legal");
    frame_fill(x, &v.page, v.legal_body.title,
               arena_printf(x->arena, "/%.*s/legal/%.*s", STR(visit_lang(x)), STR(g.slug)));
    v.page.description = v.legal_body.lead;
    tpl_legal_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x); /* "open now" is true for this minute alone */
}
