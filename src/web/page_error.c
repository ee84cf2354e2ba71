#include "web/page_error.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

struct words {
    int code;
    enum text_id title, advice;
};

/* What is not in the table: 400s are the sender's, 503s pass, the rest is our mistake. */
static const struct words table[] = {
    {ERR_NOT_FOUND, TEXT_ERR_NOT_FOUND, TEXT_ERR_NOT_FOUND_DO},
    {ERR_GONE, TEXT_ERR_GONE, TEXT_ERR_GONE_DO},
    {ERR_AUTH, TEXT_ERR_AUTH, TEXT_ERR_AUTH_DO},
    {ERR_DENIED, TEXT_ERR_DENIED, TEXT_ERR_DENIED_DO},
    {ERR_CSRF, TEXT_ERR_CSRF, TEXT_ERR_CSRF_DO},
    {ERR_RATE, TEXT_ERR_RATE, TEXT_ERR_RATE_DO},
    {ERR_TOO_BIG, TEXT_ERR_TOO_BIG, TEXT_ERR_TOO_BIG_DO},
    {ERR_METHOD, TEXT_ERR_METHOD, TEXT_ERR_METHOD_DO},
    {ERR_CONFLICT, TEXT_ERR_CONFLICT, TEXT_ERR_CONFLICT_DO},
    {ERR_STATE, TEXT_ERR_CONFLICT, TEXT_ERR_CONFLICT_DO},
    {ERR_PRECOND, TEXT_ERR_CONFLICT, TEXT_ERR_CONFLICT_DO},
    {ERR_DISK_FULL, TEXT_ERR_DISK, TEXT_ERR_DISK_DO},
};

static struct words words_of(int code)
{
    int status = err_http_status(code);

    for (size_t i = 0; i < NELEM(table); i++)
        if (table[i].code == code)
            return table[i];
    if (status == 503)
        return (struct words){code, TEXT_ERR_BUSY, TEXT_ERR_BUSY_DO};
    if (status < 500)
        return (struct words){code, TEXT_ERR_INVALID, TEXT_ERR_INVALID_DO};
    return (struct words){code, TEXT_ERR_INTERNAL, TEXT_ERR_INTERNAL_DO};
}

static str sign_in_url(struct exchange *x)
{
    struct sb b = sb_init(x->arena, 0);

    sb_c(&b, "/sign-in");
    if (str_eq(x->method, S("GET"))) {
        sb_c(&b, "?next=");
        sb_url(&b, x->path);
    }
    return arena_str(x->arena, sb_str(&b));
}

void page_error(struct exchange *x, int code)
{
    const struct words w = words_of(code);
    struct tpl_error v = {.title = w.title, .advice = w.advice, .status = err_http_status(code)};

    if (code == ERR_TOO_BIG && x->route && x->route->flags & ROUTE_DECK)
        v.megabytes = MAX_HTTP_DECK >> 20;
    sb_reset(&x->reply);
    frame_fill(x, &v.page, texts_get(visit_texts(x), w.title), (str){0});
    v.home = v.page.home;
    if (code == ERR_AUTH)
        v.sign_in = sign_in_url(x);
    http_set(x, S("Cache-Control"), S("no-store"));
    tpl_error(&x->reply, visit_texts(x), &v);
    frame_send(x, err_http_status(code));
}
