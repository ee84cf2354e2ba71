#include "web/visit.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "base/table.h"
#include "domain/access.h"
#include "net/loop.h"
#include "web/hits.h"
#include "web/page_error.h"
#include "web/rate.h"
#include "web/site.h"
#include "web/visit_i.h"

struct visit *visit_of(const struct exchange *x)
{
    return x->site;
}

struct site *site_of(const struct exchange *x)
{
    return visit_of(x)->site;
}

const struct texts *visit_texts(const struct exchange *x)
{
    return &visit_of(x)->texts;
}

const struct texts *visit_texts_in(const struct exchange *x, str zone)
{
    struct texts *t = arena_make(x->arena, struct texts);

    if (!t)
        return visit_texts(x);
    texts_init(t, visit_lang(x), zone);
    return t;
}

str visit_lang(const struct exchange *x)
{
    return visit_of(x)->texts.lang;
}

str visit_csrf(const struct exchange *x)
{
    return str_c(visit_of(x)->csrf);
}

void visit_zone_set(struct exchange *x, str zone)
{
    texts_init(&visit_of(x)->texts, visit_lang(x), zone);
}

void visit_lang_set(struct exchange *x, str lang)
{
    struct visit *v = visit_of(x);

    if (!v->is_lang_asked && texts_by_lang(lang))
        texts_init(&v->texts, lang, v->texts.zone);
}

usec visit_now(const struct exchange *x)
{
    return visit_of(x)->now;
}

void visit_count(struct exchange *x, const char *slice, str slug)
{
    visit_of(x)->page = arena_printf(x->arena, "%s:%.*s", slice, STR(slug));
}

void visit_fail(struct exchange *x, int code)
{
    int status = err_http_status(code);

    if (status >= 500)
        log_error("web", "failed", "route=%s error=\"%s\"", x->route ? x->route->name : "-",
                  err_text(code));
    page_error(x, code);
}

int visit_status(int code)
{
    return code == ERR_FULL ? 409 : err_http_status(code);
}

bool visit_rate(struct exchange *x, const char *kind, str key, unsigned per_minute, unsigned burst)
{
    str whole = arena_printf(x->arena, "%s %.*s", kind, STR(key));

    return rate_take(site_of(x)->rate, table_key(whole.p, whole.n), per_minute, burst,
                     clock_mono());
}

/* Search engines and link previews name themselves; who hides is counted as a reader. */
static bool is_bot(const struct exchange *x)
{
    static const str words[] = {S("bot"),   S("Bot"),     S("crawl"), S("spider"),
                                S("Slurp"), S("preview"), S("curl/"), S("Wget")};
    str agent = http_header(x, S("user-agent"));

    for (size_t i = 0; i < NELEM(words); i++)
        if (str_find(agent, words[i]) >= 0)
            return true;
    return agent.n == 0;
}

void visit_end(struct visit *v)
{
    struct exchange *x = v->x;

    if (x->status == 200)
        visit_hit(x, v->site, v->page, v->texts.lang);
}

void visit_hit(struct exchange *x, struct site *s, str page, str lang)
{
    if (page.p && x->route->flags & ROUTE_COUNT && !x->is_head)
        hits_add(s->hits, page, lang, x->peer_country, is_bot(x), clock_wall());
}

void visit_finish(struct exchange *x)
{
    visit_end(visit_of(x));
    http_finish(x);
}

/* Where memory ran out, a field of the form may have been taken for one that was left empty: then
 * nothing of the change is kept. */
static int run_act(struct db *db, void *ctx)
{
    struct visit *v = ctx;
    int r = v->act(v->x, db);

    return r == 0 && arena_is_short(v->x->arena) ? ERR_MEM : r;
}

static void run_show(int result, void *ctx)
{
    struct visit *v = ctx;

    v->x->result = result;
    v->show(v->x);
    visit_finish(v->x);
}

void visit_submit(struct visit *v)
{
    const struct change c = {
        .act = run_act, .done = run_show, .answer = loop_queue(v->x->loop), .ctx = v};
    int r = access_put(v->site->conf.writer, &c);

    if (r < 0)
        run_show(r, v);
}

void visit_act_later(struct exchange *x, route_act_fn *act, route_show_fn *show)
{
    struct visit *v = visit_of(x);

    v->act = act;
    v->show = show;
    visit_submit(v);
}

str visit_cookie_name(const struct exchange *x, int session_kind)
{
    bool is_secure = site_of(x)->is_secure;

    if (session_kind == SESSION_STAFF)
        return is_secure ? S("__Host-kengesh-staff") : S("kengesh-staff");
    return is_secure ? S("__Host-kengesh") : S("kengesh");
}

void visit_cookie_set(struct exchange *x, str name, str token, int64_t max_age)
{
    const char *secure = site_of(x)->is_secure ? "; Secure" : "";
    str cookie;

    if (!token.p)
        cookie = arena_printf(x->arena, "%.*s=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax%s",
                              STR(name), secure);
    else if (max_age == 0)
        cookie = arena_printf(x->arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s", STR(name),
                              STR(token), secure);
    else
        cookie = arena_printf(x->arena, "%.*s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                              STR(name), STR(token), (long long)max_age, secure);
    if (cookie.p)
        http_set(x, S("Set-Cookie"), cookie);
}
