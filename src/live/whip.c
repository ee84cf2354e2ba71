#include "live/whip.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/right.h"
#include "live/live_i.h"
#include "live/room.h"
#include "net/http.h"

/* ---- answers ---- */

static void problem(struct exchange *x, int status, int code, const char *title)
{
    static const char *const words[] = {"syntax",       "auth", "denied", "not_found",
                                        "precondition", "type", "offer",  "busy"};
    static const int of_status[] = {400, 401, 403, 404, 412, 415, 422, 503};
    const char *word = "error";
    str text;

    for (size_t i = 0; i < NELEM(of_status); i++)
        word = of_status[i] == status ? words[i] : word;
    if (status == 428)
        word = "precondition";
    text = arena_printf(x->arena, "{\"title\":\"%s\",\"status\":%d,\"code\":\"%s\"}\n",
                        title ? title : err_text(code), status, word);
    http_text(x, status, S("application/problem+json"), text);
    if (status == 401)
        http_set(x, S("WWW-Authenticate"), S("Bearer"));
    if (status == 503)
        http_set(x, S("Retry-After"), S("5"));
}

static void fail(struct exchange *x, int code)
{
    int status = code == ERR_UNSUPPORTED ? 422 : err_http_status(code);

    problem(x, status, code, NULL);
}

static void set_etag(struct exchange *x, const struct session *s)
{
    http_set(x, S("ETag"), arena_printf(x->arena, "\"%u\"", session_version(s)));
}

/* ---- on the media thread ---- */

static void run_open(struct exchange *x, const struct whip_task *t, struct client *c, usec now)
{
    struct session *s;
    str answer;
    const struct session_offer offer = {.role = t->role, .sdp = t->body, .rung = t->rung};
    int e = session_open(c, &offer, now, x->arena, &answer);

    if (e < 0) {
        fail(x, e);
        return;
    }
    s = session_by_role(c, t->role);
    http_text(x, 201, S("application/sdp"), answer);
    http_set(x, S("Location"),
             arena_printf(x->arena, "/s/%.*s/%s/%.*s", STR(t->slug),
                          t->role == SFU_UP ? "whip" : "whep", STR(session_id(s))));
    set_etag(x, s);
}

/* RFC 9725 4.3: "*" asks for an ICE restart; the entity tag says which session the candidates
 * belong to. */
static void run_patch(struct exchange *x, const struct whip_task *t, struct session *s, usec now)
{
    str etag = arena_printf(x->arena, "\"%u\"", session_version(s)), frag;
    int e;

    if (!t->etag.p) {
        problem(x, 428, 0, "If-Match is needed");
        return;
    }
    if (!str_eq(t->etag, S("*"))) {
        if (str_eq(t->etag, etag))
            x->status = 204; /* ICE-lite learns the browser's addresses from its checks (RFC
                                8445 7.3.1.3) */
        else
            fail(x, ERR_PRECOND);
        return;
    }
    e = session_restart(s, t->body, now, x->arena, &frag);
    if (e < 0) {
        fail(x, e);
        return;
    }
    http_text(x, 200, S("application/trickle-ice-sdpfrag"), frag);
    set_etag(x, s);
}

void whip_run(struct exchange *x, const struct whip_task *t, struct room *room, usec now)
{
    struct client *c = room ? room_by_token(room, t->token) : NULL;
    struct session *s;

    if (!room) {
        problem(x, 503, ERR_BUSY, "the room is not open");
        return;
    }
    if (!c) {
        fail(x, ERR_AUTH);
        return;
    }
    if (t->what == WHIP_OPEN) {
        run_open(x, t, c, now);
        return;
    }
    s = session_by_id(c, t->role, t->id);
    if (!s) {
        fail(x, ERR_NOT_FOUND);
        return;
    }
    if (t->what == WHIP_PATCH) {
        run_patch(x, t, s, now);
        return;
    }
    session_end(s, now);
    x->status = 200;
}

/* ---- on the web thread ---- */

static bool has_type(const struct exchange *x, str type)
{
    return str_ieq(str_trim(str_cut(http_header(x, S("content-type")), ';').head), type);
}

/* RFC 6750 2.1. Unset when there is none. */
static str bearer(const struct exchange *x)
{
    str h = http_header(x, S("authorization"));

    return str_istarts(h, S("bearer ")) ? str_trim(str_from(h, 7)) : (str){0};
}

static void submit(struct exchange *x, enum whip_do what, enum sfu_role role)
{
    struct whip_task *t = arena_make(x->arena, struct whip_task);

    if (!t) {
        fail(x, ERR_MEM);
        return;
    }
    *t = (struct whip_task){.what = what,
                            .role = role,
                            .slug = http_param(x, S("slug")),
                            .token = bearer(x),
                            .id = http_param(x, S("id")),
                            .etag = http_header(x, S("if-match")),
                            .body = x->body,
                            .rung = http_query(x, S("rung"))};
    if (!t->token.n) {
        fail(x, ERR_AUTH);
        return;
    }
    x->state = t;
    if (live_submit(x, t) < 0)
        fail(x, ERR_BUSY);
}

static void open_session(struct exchange *x, enum sfu_role role)
{
    if (!has_type(x, S("application/sdp")))
        problem(x, 415, ERR_UNSUPPORTED, "application/sdp is needed");
    else if (x->body.n == 0 || x->body.n > MAX_SDP_BYTES)
        fail(x, x->body.n ? ERR_TOO_BIG : ERR_SYNTAX);
    else
        submit(x, WHIP_OPEN, role);
}

static void patch_session(struct exchange *x, enum sfu_role role)
{
    if (has_type(x, S("application/trickle-ice-sdpfrag")))
        submit(x, WHIP_PATCH, role);
    else
        problem(x, 415, ERR_UNSUPPORTED, "application/trickle-ice-sdpfrag is needed");
}

static void show_options(struct exchange *x)
{
    x->status = 204;
    http_set(x, S("Accept-Post"), S("application/sdp"));
    http_set(x, S("Allow"), S("OPTIONS, POST"));
}

static void whip_post(struct exchange *x)
{
    open_session(x, SFU_UP);
}

static void whep_post(struct exchange *x)
{
    open_session(x, SFU_DOWN);
}

static void whip_patch(struct exchange *x)
{
    patch_session(x, SFU_UP);
}

static void whep_patch(struct exchange *x)
{
    patch_session(x, SFU_DOWN);
}

static void whip_delete(struct exchange *x)
{
    submit(x, WHIP_CLOSE, SFU_UP);
}

static void whep_delete(struct exchange *x)
{
    submit(x, WHIP_CLOSE, SFU_DOWN);
}

/* Whoever holds the token of `welcome` is the person: the right is asked in the room, not by the
 * session's cookie. */
#define FLAGS (ROUTE_NO_CSRF | ROUTE_ASYNC)

const struct route whip_routes[] = {
    {"whip_options", "OPTIONS", "/s/{slug}/whip", RIGHT_PUBLIC, ROUTE_NO_CSRF, show_options, NULL},
    {"whip_post", "POST", "/s/{slug}/whip", RIGHT_PUBLIC, FLAGS, whip_post, NULL},
    {"whip_patch", "PATCH", "/s/{slug}/whip/{id}", RIGHT_PUBLIC, FLAGS, whip_patch, NULL},
    {"whip_delete", "DELETE", "/s/{slug}/whip/{id}", RIGHT_PUBLIC, FLAGS, whip_delete, NULL},
    {"whep_options", "OPTIONS", "/s/{slug}/whep", RIGHT_PUBLIC, ROUTE_NO_CSRF, show_options, NULL},
    {"whep_post", "POST", "/s/{slug}/whep", RIGHT_PUBLIC, FLAGS, whep_post, NULL},
    {"whep_patch", "PATCH", "/s/{slug}/whep/{id}", RIGHT_PUBLIC, FLAGS, whep_patch, NULL},
    {"whep_delete", "DELETE", "/s/{slug}/whep/{id}", RIGHT_PUBLIC, FLAGS, whep_delete, NULL},
};
const size_t nwhip_routes = NELEM(whip_routes);
