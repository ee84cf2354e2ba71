#include "web/dispatch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/right.h"
#include "net/pack.h"
#include "net/route.h"
#include "web/guard.h"
#include "web/kept.h"
#include "web/rate.h"
#include "web/site.h"
#include "web/visit.h"
#include "web/visit_i.h"

#include <stdlib.h>

/*
 * Rates per minute. A session: twice what the busiest clicking of one person was seen to need. A
 * prefix: a whole country can sit behind one carrier's address (CGNAT), so it only stops a machine
 * that does nothing else.
 */
enum {
    RATE_SESSION = 240,
    RATE_SESSION_BURST = 120,
    RATE_PREFIX_FORMS = 1200,
    RATE_PREFIX_FORMS_BURST = 600,
    RATE_PREFIX = 12000,
    RATE_PREFIX_BURST = 6000,
};

/* Sessions are touched in the store at most this often. */
enum { TOUCH_PER_MINUTE = 1 };

struct touch {
    int64_t id;
    usec now;
};

static int touch_act(struct db *db, void *ctx)
{
    const struct touch *t = ctx;

    return session_touch(db, t->id, t->now);
}

static void touch_done(int result, void *ctx)
{
    (void)result; /* a session that ended meanwhile is none of our business */
    free(ctx);
}

static void touch(struct visit *v, int64_t id)
{
    struct change c = {.act = touch_act, .done = touch_done, .is_aside = true};
    struct touch *t;

    if (!id || !visit_rate(v->x, "touch", arena_printf(v->x->arena, "%lld", (long long)id),
                           TOUCH_PER_MINUTE, 1))
        return;
    t = calloc(1, sizeof(*t));
    if (!t)
        return;
    *t = (struct touch){.id = id, .now = v->now};
    c.ctx = t;
    if (access_put(v->site->conf.writer, &c) < 0)
        free(t);
}

/* Cookies count on pages for members and staff only: readers have none, and WHIP goes by its bearer
 * token. */
static void join_sessions(struct visit *v)
{
    static const int kinds[] = {SESSION_MEMBER, SESSION_STAFF};
    struct exchange *x = v->x;

    for (size_t i = 0; i < NELEM(kinds); i++) {
        str token = http_cookie(x, visit_cookie_name(x, kinds[i]));

        if (!token.n || session_join(x->arena, x->db, token, v->now, &v->actor) < 0)
            continue;
        v->token[kinds[i] - 1] = token;
        session_csrf(v->site->conf.secret, token, v->csrf);
    }
    touch(v, v->actor.staff_session_id);
    touch(v, v->actor.member_session_id);
}

static bool is_prefix_within(struct exchange *x, struct site *s, usec now)
{
    bool is_form = !str_eq(x->method, S("GET")) && !x->is_head;
    uint64_t key = x->peer_prefix ^ (is_form ? 0x5bd1e995 : 0);
    unsigned rate = is_form ? RATE_PREFIX_FORMS : RATE_PREFIX;
    unsigned burst = is_form ? RATE_PREFIX_FORMS_BURST : RATE_PREFIX_BURST;

    return !x->peer_prefix || rate_take(s->rate, key, rate, burst, now);
}

/* Who has a session is known by it, and does not suffer for those who share a carrier's address. */
static int check_rate(struct visit *v)
{
    bool is_known = false;

    for (size_t i = 0; i < NELEM(v->token); i++) {
        if (!v->token[i].p)
            continue;
        is_known = true;
        if (!visit_rate(v->x, "session", v->token[i], RATE_SESSION, RATE_SESSION_BURST))
            return ERR_RATE;
    }
    return is_known || is_prefix_within(v->x, v->site, clock_mono()) ? 0 : ERR_RATE;
}

/* The hidden field of a form by somebody with a session. The public forms have no authority that a
 * foreign page could borrow. */
static int check_form(struct visit *v)
{
    struct exchange *x = v->x;
    unsigned flags = x->route->flags;
    bool is_form = str_eq(x->method, S("POST"));
    str given;

    if (flags & ROUTE_NO_CSRF || !(is_form || flags & ROUTE_UPGRADE))
        return 0;
    if (!guard_is_our_page(x))
        return ERR_CSRF;
    if (!is_form || x->route->right & RIGHT_PUBLIC)
        return 0;
    given = http_field(x, S("csrf"));
    for (size_t i = 0; i < NELEM(v->token); i++)
        if (v->token[i].p && session_csrf_check(v->site->conf.secret, v->token[i], given))
            return 0;
    return ERR_CSRF;
}

static str first_segment(str path)
{
    return str_cut(str_from(path, 1), '/').head;
}

/* Path, then ?lang=, then the choice of this browser, then of the person, then what the browser
 * prefers. */
static void choose_lang(struct visit *v)
{
    struct exchange *x = v->x;
    bool is_reader = !x->route || x->route->flags & ROUTE_READER;
    const struct text_lang *l = texts_by_lang(first_segment(x->path));

    if (!l && !is_reader)
        l = texts_by_lang(http_query(x, S("lang")));
    if (!l && !is_reader)
        l = texts_by_lang(http_cookie(x, S("lang")));
    v->is_lang_asked = l != NULL;
    if (!l && v->actor.lang.n)
        l = texts_by_lang(v->actor.lang);
    if (!l)
        l = texts_accept(http_header(x, S("accept-language")));
    texts_init(&v->texts, l->code, S("UTC"));
}

/* A choice by ?lang= holds in this browser until it is closed; readers choose by the address and
 * get no cookie. */
static void keep_lang(struct visit *v)
{
    const struct text_lang *l = texts_by_lang(http_query(v->x, S("lang")));

    if (l)
        visit_cookie_set(v->x, S("lang"), l->code, 0);
}

static int check(struct visit *v)
{
    struct exchange *x = v->x;
    unsigned flags = x->route->flags;

    if (!(flags & (ROUTE_READER | ROUTE_NO_CSRF))) {
        if (!guard_is_our_host(x, v->site))
            return ERR_NOT_FOUND;
        join_sessions(v);
        keep_lang(v);
    }
    choose_lang(v);
    if (check_rate(v) < 0)
        return ERR_RATE;
    if (!(x->route->right & RIGHT_PUBLIC) && !actor_can(&v->actor, x->route->right))
        return actor_check(&v->actor, x->route->right);
    return check_form(v);
}

static bool is_asked_plainly(const struct exchange *x)
{
    return (x->is_head || str_eq(x->method, S("GET"))) && !x->query.n;
}

/* The whole way of most requests of readers: no session, no store, no template. */
static bool answer_kept(struct exchange *x, struct site *s, uint64_t version)
{
    const struct kept_page *page;
    usec now = clock_mono();

    if (!is_asked_plainly(x))
        return false;
    page = kept_take(s->kept, x->path, version, now);
    if (!page)
        return false;
    if (!is_prefix_within(x, s, now)) {
        page->shared.release(&page->shared);
        return false;
    }
    x->route = page->route;
    x->type = page->type;
    x->shared = &page->shared;
    http_set_all(x, page->out, page->nout);
    visit_hit(x, s, page->count, page->lang);
    return true;
}

static str header_set(const struct exchange *x, str name)
{
    for (size_t i = 0; i < x->nout; i++)
        if (str_ieq(x->out[i].name, name))
            return x->out[i].value;
    return (str){0};
}

/*
 * May the answer be given to everybody who asks for this address? A reader's page knows no cookie;
 * what depends on a header besides says so by Vary, and what is not to be kept by Cache-Control.
 * The language must stand in the address, because it follows Accept-Language otherwise.
 */
static bool is_for_everybody(const struct visit *v)
{
    const struct exchange *x = v->x;

    return x->route->flags & ROUTE_READER && is_asked_plainly(x) && x->status == 200 &&
           !x->shared && !x->is_broken && sb_str(&x->reply).n && header_set(x, S("etag")).p &&
           !header_set(x, S("vary")).p && !header_set(x, S("set-cookie")).p &&
           str_eq(header_set(x, S("cache-control")), S("no-cache")) &&
           str_eq(first_segment(x->path), v->texts.lang);
}

/* Failure means only that the page is made again for the next reader. */
static void keep(struct visit *v, uint64_t version)
{
    struct exchange *x = v->x;
    struct kept_page page = {.type = x->type,
                             .out = x->out,
                             .nout = x->nout,
                             .route = x->route,
                             .lang = v->texts.lang,
                             .count = v->page,
                             .shared.plain = sb_str(&x->reply)};
    const struct kept_page *kept;

    if (!is_for_everybody(v))
        return;
    if (pack_text(x->arena, page.shared.plain, &page.shared.gzip, &page.shared.br) == 0 &&
        kept_put(v->site->kept, x->path, version, clock_mono(), &page, &kept) == 0)
        x->shared = &kept->shared;
}

static struct visit *begin(struct exchange *x, struct site *s)
{
    struct visit *v = arena_make(x->arena, struct visit);

    if (!v)
        return NULL;
    *v = (struct visit){.x = x, .site = s, .actor = actor_public, .now = clock_wall()};
    x->site = v;
    x->actor = &v->actor;
    if (!x->db)
        x->db = site_thread_db(server_thread(x));
    return v;
}

/* ---- before the body ---- */

/* 0, or why this route is not for who asks. */
static int check_right(struct visit *v, const struct route *route)
{
    if (route->right & RIGHT_PUBLIC)
        return 0;
    if (!guard_is_our_host(v->x, v->site))
        return ERR_NOT_FOUND;
    join_sessions(v);
    return actor_check(&v->actor, route->right);
}

size_t dispatch_body_limit(struct exchange *x, struct site *s)
{
    struct route_param params[ROUTE_PARAMS] = {0};
    const struct route *route;
    struct visit *v;

    if (route_match(s->conf.routes, x->arena, x->method, x->path, params, &route) < 0 ||
        !(route->flags & (ROUTE_UPLOAD | ROUTE_DECK)))
        return MAX_FORM_BYTES;
    if (route->right & RIGHT_PUBLIC)
        return MAX_HTTP_STRANGER;
    v = begin(x, s);
    if (!v || check_right(v, route) < 0)
        return MAX_FORM_BYTES;
    return route->flags & ROUTE_DECK ? MAX_HTTP_DECK : MAX_HTTP_BODY;
}

void dispatch_too_big(struct exchange *x, struct site *s)
{
    struct visit *v = begin(x, s);
    int r;

    if (!v) {
        x->status = err_http_status(ERR_MEM);
        return;
    }
    r = route_match(s->conf.routes, x->arena, x->method, x->path, x->params, &x->route);
    guard_headers(x, s, r == 0 ? x->route : NULL);
    if (r == 0)
        r = check_right(v, x->route);
    choose_lang(v);
    visit_fail(x, r < 0 ? r : ERR_TOO_BIG);
}

/* ---- the whole request ---- */

/*
 * "/ru/" is meant as "/ru": the address without the slash is given for good, so that a page has one
 * address. Only where a route answers: "//host/" leads to no other site. True when answered.
 */
static bool answer_slash(struct exchange *x, const struct site *s)
{
    str path = x->path;

    if (!(x->is_head || str_eq(x->method, S("GET"))) || path.n < 2 || !str_ends(path, S("/")))
        return false;
    while (path.n > 1 && str_ends(path, S("/")))
        path.n--;
    if (route_match(s->conf.routes, x->arena, x->method, path, x->params, &x->route) < 0)
        return false;
    guard_headers(x, s, x->route);
    http_redirect(x, 301, arena_printf(x->arena, x->query.n ? "%.*s?%.*s" : "%.*s", STR(path),
                                       STR(x->query)));
    return true;
}

void dispatch(struct exchange *x, struct site *s)
{
    /* Before anything is read, so that a page made meanwhile from older rows is not kept as new. */
    uint64_t version = access_version(s->conf.writer);
    struct visit *v;
    int r;

    if (answer_kept(x, s, version))
        return;
    v = begin(x, s);
    if (!v) {
        x->status = err_http_status(ERR_MEM);
        return;
    }
    r = route_match(s->conf.routes, x->arena, x->method, x->path, x->params, &x->route);
    if (r == ERR_NOT_FOUND && answer_slash(x, s))
        return;
    guard_headers(x, s, r == 0 ? x->route : NULL);
    choose_lang(v);
    if (r == 0)
        r = check(v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v->act = x->route->act;
    v->show = x->route->show;
    if (v->act) {
        http_defer(x);
        visit_submit(v);
        return;
    }
    v->show(x);
    if (http_is_deferred(x))
        return;
    visit_end(v);
    keep(v, version);
}
