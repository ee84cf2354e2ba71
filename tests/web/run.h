/*
 * A site without sockets: the demonstration in a store of its own folder, the real writer, the real
 * dispatcher, and exchanges made by hand. run() gives what a browser would get.
 */
#ifndef TESTS_WEB_RUN_H
#define TESTS_WEB_RUN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/demo.h"
#include "domain/secret.h"
#include "domain/session.h"
#include "domain/sign.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/route.h"
#include "store/db.h"
#include "store/writer.h"
#include "web/room_port.h"
#include "web/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/*
 * Who asks. Each member of staff holds exactly one right, so that no test passes by another right.
 * MEMBER came by a personal link to the live seminar, OTHER by one to the record's.
 */
enum user { ANON, MEMBER, EVENT, EDITOR, CASE, SYSTEM, OTHER, USERS };

struct world {
    struct arena *a;
    char folder[64], path[96];
    struct secret secret;
    struct signer signer;
    struct demo demo;
    struct writer *writer;
    struct route_set *routes;
    struct site *site;
    struct room_port room;                 /* nobody is in it */
    char expelled[256];                    /* what it was told: "seminar/person name\n" */
    struct loop *loop;
    struct db *db;                         /* for reading */
    void *thread;                          /* as the site sees this one */
    char token[USERS][SESSION_TOKEN_TEXT]; /* of sessions */
    str link;                              /* token of a participant's personal link */
    int64_t invitation_id, withdrawn_id;   /* the link's; one to be withdrawn */
    str draft_slug;                        /* of the record's news item */
    int64_t picture_id;                    /* of the item /en/news/road */
};

/* One request. Zero what does not matter. */
struct ask {
    const char *method, *url, *body,
        *type; /* body of a form; type: Content-Type, else urlencoded */
    enum user user;
    const char *lang, *etag, *agent;  /* headers */
    bool no_csrf, foreign, no_origin; /* leave the token out; from another site; without Origin */
    bool is_upgrade;                  /* a page of ours asks for a WebSocket */
    const char *cookie;               /* instead of the user's */
    uint64_t prefix;                  /* of the network it comes from; 0: this machine */
};

struct reply {
    int status;
    str body, type, location;
    const struct exchange *x; /* for other headers */
};

struct world *world_new(void);
void world_free(struct world *w);
/* Lives until the next call of world_forget. */
struct reply run(struct world *w, const struct ask *ask);
/* Frees the exchanges of all calls so far. */
void world_forget(struct world *w);
/* The head of a PNG of 16 × 16 dots. */
str world_png(void);
str reply_header(const struct reply *r, const char *name);

/* The film of /en/kit/films. */
str world_film(void);
/* The body of a finished exchange, of one that is read as it goes out the whole. */
str run_body(struct exchange *x);
/* NULL, or what is wrong with the page (in w->a): tags that do not close, ids twice, labels and
 * references without a target, no lang. */
const char *html_fault(struct arena *a, str html);

#endif
