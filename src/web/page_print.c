#include "web/page_print.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/guide.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/contact_card.h"
#include "web/frame.h"
#include "web/guide_body.h"
#include "web/page_contact.h"
#include "web/qr.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

static struct card_ask paper(struct exchange *x)
{
    return (struct card_ask){.t = visit_texts(x), .now = visit_now(x), .is_paper = true};
}

/* back: the page on the screen that this is the paper of. */
static int frame(struct exchange *x, str title, str back, struct tpl_print_page *to)
{
    str size = http_param(x, S("paper"));
    struct qr qr;
    int r;

    *to = (struct tpl_print_page){
        .title = title,
        .is_small = str_eq(size, S("a5")),
        .back = back,
        .online = arena_printf(x->arena, "%.*s%.*s", STR(site_of(x)->origin), STR(back)),
        .made = card_time(x->arena, visit_texts(x), SHOW_DATE, visit_now(x), S("UTC")),
        .is_draft = visit_texts(x)->is_draft && !str_eq(visit_lang(x), S("en")),
        .is_demo = site_of(x)->conf.is_demo,
        .is_plain = site_of(x)->conf.is_plain_titles,
    };
    if (!to->online.p)
        return ERR_MEM;
    r = qr_make(x->arena, to->online, &qr);
    if (r == ERR_TOO_BIG)
        return 0; /* the address stands there in letters */
    if (r == 0) {
        to->qr = qr.path;
        to->qr_size = qr.size;
    }
    return r;
}

static bool is_paper(struct exchange *x)
{
    str size = http_param(x, S("paper"));

    return texts_by_lang(http_param(x, S("lang"))) &&
           (str_eq(size, S("a4")) || str_eq(size, S("a5")));
}

void print_contacts(struct exchange *x)
{
    struct contact_filter f = {.lang = visit_lang(x)};
    str back = arena_printf(x->arena, "/%.*s/contacts", STR(visit_lang(x)));
    struct card_ask ask = paper(x);
    struct tpl_print_contacts v = {0};
    struct contact_list l;
    int r = is_paper(x) ? contact_list(x->arena, x->db, &actor_public, &f, ask.now, &l)
                        : ERR_NOT_FOUND;

    if (r == 0)
        r = contact_cards_make(x->arena, &ask, &l, l.n, &v.cards, &v.ncards);
    if (r == 0)
        r = frame(x, texts_get(ask.t, TEXT_CONTACT_TITLE), back, &v.print_page);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.day = v.print_page.made;
    tpl_print_contacts(&x->reply, ask.t, &v);
    frame_send(x, 200);
    contact_private(x);
}

void print_guide(struct exchange *x)
{
    str slug = http_param(x, S("slug"));
    str back = arena_printf(x->arena, "/%.*s/guides/%.*s", STR(visit_lang(x)), STR(slug));
    struct card_ask ask = paper(x);
    struct tpl_print_guide v = {0};
    struct guide g;
    int r = is_paper(x) ? guide_body_make(x->arena, x->db, &ask, slug, &g, &v.guide_body)
                        : ERR_NOT_FOUND;

    if (r == 0)
        r = frame(x, v.guide_body.title, back, &v.print_page);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    tpl_print_guide(&x->reply, ask.t, &v);
    frame_send(x, 200);
    contact_private(x);
}
