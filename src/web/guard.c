#include "web/guard.h"

#include "base/arena.h"
#include "base/str.h"
#include "net/http.h"
#include "net/route.h"
#include "web/asset.h"
#include "web/site.h"

/*
 * Nothing is loaded but our own styles and pictures; nothing frames us; forms go to us alone. A
 * page without script connects to nothing; /robots.txt is there for judges that read it from within
 * the page (Lighthouse: GoogleChrome/lighthouse#4386). Pages of help may run one script: exit.js.
 */
#define CSP_PLAIN                                                                                  \
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src %.*s/robots.txt; "          \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#define CSP_HELP CSP_PLAIN "; script-src %.*s%.*s"
/* A style, a script, a picture: loads nothing, and a first view carries these words six times. */
#define CSP_FILE "default-src 'none'; frame-ancestors 'none'"
/* The room: scripts of ours, its WebSocket (older Safari does not count ws: as 'self'), pictures of
 * the camera. */
#define CSP_SCRIPT                                                                                 \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "              \
    "media-src 'self' blob: mediastream:; worker-src 'self'; form-action 'self'; base-uri "        \
    "'none'; "                                                                                     \
    "frame-ancestors 'none'; connect-src 'self'"

static str csp(struct exchange *x, const struct site *s, unsigned flags)
{
    str host = http_header(x, S("host"));

    if (!(flags & ROUTE_SCRIPT))
        return flags & ROUTE_EXIT ? arena_printf(x->arena, CSP_HELP, STR(s->origin), STR(s->origin),
                                                 STR(asset_url(S("js/exit.js"))))
                                  : arena_printf(x->arena, CSP_PLAIN, STR(s->origin));
    if (!guard_is_our_host(x, s))
        return S(CSP_SCRIPT);
    return arena_printf(x->arena, CSP_SCRIPT " %s://%.*s", s->is_secure ? "wss" : "ws", STR(host));
}

/* What is of use to a page alone: a file of ours opens nothing and asks for no device. */
static void page_headers(struct exchange *x, const struct site *s, unsigned flags)
{
    str policy = csp(x, s, flags);

    if (policy.p)
        http_set(x, S("Content-Security-Policy"), policy);
    http_set(x, S("Cross-Origin-Opener-Policy"), S("same-origin"));
    http_set(x, S("Permissions-Policy"),
             flags & ROUTE_SCRIPT ? S("camera=(self), microphone=(self), geolocation=()")
                                  : S("camera=(), microphone=(), geolocation=()"));
}

void guard_headers(struct exchange *x, const struct site *s, const struct route *route)
{
    unsigned flags = route ? route->flags : ROUTE_READER;

    if (route && str_starts(str_c(route->name), S("asset")))
        http_set(x, S("Content-Security-Policy"), S(CSP_FILE));
    else
        page_headers(x, s, flags);
    /* same-origin, not no-referrer: with the latter browsers send "Origin: null" with our own
     * forms. */
    http_set(x, S("Referrer-Policy"), S("same-origin"));
    http_set(x, S("X-Content-Type-Options"), S("nosniff"));
    /* A reader of feeds in the browser, a partner's page: they show the picture by its address. */
    http_set(x, S("Cross-Origin-Resource-Policy"),
             flags & ROUTE_SHARED ? S("cross-origin") : S("same-origin"));
    http_set(x, S("Cache-Control"), flags & ROUTE_READER ? S("no-cache") : S("no-store"));
    if (!(flags & ROUTE_READER) || s->conf.is_demo)
        http_set(x, S("X-Robots-Tag"), S("noindex"));
    if (s->is_secure && !s->conf.is_self_made)
        http_set(x, S("Strict-Transport-Security"), S("max-age=31536000"));
}

void guard_media(struct exchange *x)
{
    static const str name = S("Content-Security-Policy");

    for (size_t i = 0; i < x->nout; i++) {
        str policy = x->out[i].value;

        if (!str_ieq(x->out[i].name, name))
            continue;
        if (str_find(policy, S("media-src")) < 0)
            http_set(x, name, arena_printf(x->arena, "%.*s; media-src 'self'", STR(policy)));
        return;
    }
}

static str host_of(str url)
{
    ptrdiff_t at = str_find(url, S("://"));

    return str_cut(at < 0 ? url : str_from(url, (size_t)at + 3), '/').head;
}

static str name_of(str host)
{
    struct str_pair cut = str_rcut(host, ':');

    return cut.ok && !str_ends(host, S("]")) ? cut.head : host;
}

static bool is_loopback_name(str name)
{
    return str_ieq(name, S("localhost")) || str_eq(name, S("127.0.0.1")) ||
           str_eq(name, S("[::1]"));
}

bool guard_is_our_host(const struct exchange *x, const struct site *s)
{
    str host = http_header(x, S("host"));

    if (str_ieq(host, host_of(s->origin)))
        return true;
    return s->is_loopback && is_loopback_name(name_of(host));
}

/* "http://localhost:8080/i/…" against the Host header; the scheme may differ behind a TLS proxy. */
static bool is_same_host(const struct exchange *x, str url)
{
    str host = http_header(x, S("host"));

    return host.n && str_find(url, S("://")) > 0 && str_ieq(host_of(url), host);
}

bool guard_is_our_page(const struct exchange *x)
{
    str origin = http_header(x, S("origin"));
    str referer = http_header(x, S("referer"));

    if (origin.p)
        return is_same_host(x, origin);
    if (referer.p)
        return is_same_host(x, referer);
    return str_eq(http_header(x, S("sec-fetch-site")), S("same-origin"));
}
