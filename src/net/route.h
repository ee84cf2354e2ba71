/*
 * One table names every URL: its handler, the right it needs, its flags. web and live each export
 * one, app joins them. A request takes three steps, each a function of its own:
 *
 *   parse/show on a web thread (reads the store, never waits)      GET:  show
 *   act        on the store thread, inside a transaction           POST: act ─(commit)─▶ show
 *
 * A GET never changes anything. act parses the form, calls a domain function with the actor, and
 * leaves what show needs in the exchange's arena (x->state); x->result is the code that act
 * returned. show sees it and answers (usually 303).
 */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include "base/types.h"

struct exchange;
struct db;

typedef void route_show_fn(struct exchange *x);
/* Returns 0 to commit; an error rolls this request's changes back. */
typedef int route_act_fn(struct exchange *x, struct db *db);

enum route_flag {
    /* a reader's page: no cookie is read or set, no script of its own, cacheable */
    ROUTE_READER = 1 << 0,
    /* not a form of ours: bearer token or no authority at all (WHIP, WHEP, self-check) */
    ROUTE_NO_CSRF = 1 << 1,
    /* body up to MAX_HTTP_BODY instead of 64 kB; of a public route up to MAX_HTTP_STRANGER */
    ROUTE_UPLOAD = 1 << 2,
    ROUTE_COUNT = 1 << 3,   /* a view is counted when it answers 200 */
    ROUTE_UPGRADE = 1 << 4, /* show takes the connection over (WebSocket) */
    /* show may answer later with http_finish (live: the media thread answers) */
    ROUTE_ASYNC = 1 << 5,
    /* the page runs scripts of ours and may use microphone and camera: the room */
    ROUTE_SCRIPT = 1 << 6,
    /* a page of help: has the quick exit, and so the one script that a reader's page may run */
    ROUTE_EXIT = 1 << 7,
    /* pages of other sites may show it: a public picture, which feeds name */
    ROUTE_SHARED = 1 << 8,
    ROUTE_DECK = 1 << 9, /* body up to MAX_HTTP_DECK: slides, a film clip */
};

struct route {
    const char *name;    /* the slice's one word: seminar_show */
    const char *method;  /* GET POST PATCH DELETE OPTIONS; HEAD is GET without the body */
    const char *pattern; /* "/s/{slug}/whip/{id}": {x} is one whole segment; literal segments win
                            over {x} */
    unsigned right;      /* domain/right.h; 0 = unset: the server refuses to start */
    unsigned flags;
    route_show_fn *show;
    route_act_fn *act; /* POST only */
};

/*
 * Joins tables. Refuses (ERR_CONFLICT, named in the debug log): doubles, an unset right, a row
 * without show, act on anything but POST, PATCH or DELETE without ROUTE_NO_CSRF (no form of a
 * browser sends them), flags of pages on other methods than GET, and a page of help that is
 * counted.
 */
struct route_set;
int route_set_new(const struct route *const *tables, const size_t *ntables, size_t n,
                  struct route_set **ret_set);
/*
 * Finds the route and puts the {x} segments (still percent-encoded segments are decoded into the
 * arena) into params. ERR_NOT_FOUND; ERR_METHOD when only other methods have this path.
 */
struct route_param {
    str name, value;
};
enum { ROUTE_PARAMS = 4 };
struct arena;
int route_match(const struct route_set *s, struct arena *a, str method, str path,
                struct route_param params[static ROUTE_PARAMS], const struct route **ret_route);
/* The flags as `kengesh routes` and /debug/routes name them: i from 0 until NULL. */
const char *route_flag_word(size_t i, unsigned *ret_flag);
/* Walks in table order: i from 0 until NULL. */
const struct route *route_at(const struct route_set *s, size_t i);
void route_set_free(struct route_set *s);

#endif
