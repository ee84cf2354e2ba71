#include "web/page_offer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_contact.h"
#include "web/texts.h"
#include "web/visit.h"

static str at(struct exchange *x, const char *path)
{
    return arena_printf(x->arena, "/%.*s/%s", STR(visit_lang(x)), path);
}

/* False: there is no such language; the answer is made. */
static bool begin(struct exchange *x, struct tpl_page *page, enum text_id title, const char *path)
{
    if (!texts_by_lang(http_param(x, S("lang")))) {
        visit_fail(x, ERR_NOT_FOUND);
        return false;
    }
    frame_fill(x, page, texts_get(visit_texts(x), title), at(x, path));
    page->description = texts_get(visit_texts(x), title == TEXT_OFFER_TITLE
                                                      ? TEXT_OFFER_LEAD
                                                      : TEXT_OFFER_THERE_LEAD);
    return true;
}

static void end(struct exchange *x)
{
    frame_send(x, 200);
    contact_private(x);
}

void offer_show(struct exchange *x)
{
    struct tpl_offer_show v = {.deciding = at(x, "offer/deciding"), .there = at(x, "offer/there")};

    if (!begin(x, &v.page, TEXT_OFFER_TITLE, "offer"))
        return;
    tpl_offer_show(&x->reply, visit_texts(x), &v);
    end(x);
}

void offer_deciding(struct exchange *x)
{
    struct tpl_offer_deciding v = {
        .back = at(x, "offer"), .contacts = at(x, "contacts"), .there = at(x, "offer/there")};

    if (!begin(x, &v.page, TEXT_OFFER_TITLE, "offer/deciding"))
        return;
    tpl_offer_deciding(&x->reply, visit_texts(x), &v);
    end(x);
}

void offer_there(struct exchange *x)
{
    struct tpl_offer_there v = {.back = at(x, "offer"), .contacts = at(x, "contacts")};

    if (!begin(x, &v.page, TEXT_OFFER_THERE_TITLE, "offer/there"))
        return;
    tpl_offer_there(&x->reply, visit_texts(x), &v);
    end(x);
}
