/*
 * The quick exit: one request that clears what this site left in the browser's stores and goes on
 * to a page that says nothing about its reader. Where to is a setting for each country, because the
 * usual targets are blocked in some; without one it is a calendar of our own. It promises nothing
 * about the history of the browser.
 */
#include "base/arena.h"
#include "base/str.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_contact.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

/* "TM=https://a.example,*=https://b.example": the country's, else the one of all. */
static str target(const struct exchange *x, str list)
{
    char code[2] = {(char)(x->peer_country >> 8), (char)(x->peer_country & 0xff)};
    struct str_pair cut = {.tail = list};
    str others = {NULL, 0};

    while (cut.tail.n) {
        struct str_pair one;

        cut = str_cut(cut.tail, ',');
        one = str_cut(str_trim(cut.head), '=');
        if (x->peer_country && str_eq(one.head, (str){code, 2}))
            return one.tail;
        if (str_eq(one.head, S("*")))
            others = one.tail;
    }
    return others;
}

void page_exit(struct exchange *x)
{
    const char *list = site_of(x)->conf.exit;
    str to = target(x, list ? str_c(list) : S(""));

    contact_private(x);
    http_set(x, S("Clear-Site-Data"), S("\"cache\", \"storage\""));
    http_redirect(x, 303,
                  to.n ? to : arena_printf(x->arena, "/%.*s/calendar", STR(visit_lang(x))));
}

void calendar(struct exchange *x)
{
    struct tpl_calendar v = {.today = visit_now(x)};

    tpl_calendar(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x);
}
