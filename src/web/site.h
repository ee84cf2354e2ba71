/*
 * The site: what every page handler may reach. Made once by app, before the server; read-only
 * afterwards except for its own locked parts (rate buckets, waiting views). Found from an exchange
 * by site_of(). Any web thread.
 *
 *     site_new ──▶ server_new(dispatch = site_dispatch, thread_start = site_thread_start) ──▶ …
 *              ──▶ server_free ──▶ site_free ──▶ writer_free
 *
 * site_free gives the views that wait to the writer, so it comes before writer_free.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "base/types.h"
#include "net/http.h"

#include <pthread.h>

struct check_book;
struct db;
struct geo;
struct hits;
struct kept;
struct rate;
struct room_port;
struct route_set;
struct secret;
struct shelf;
struct signer;
struct thread;
struct worker;
struct writer;

struct site_conf {
    const char *db_path; /* each web thread opens its own read connection on it */
    struct writer *writer;
    const struct route_set *routes; /* the union of all tables; outlives the site */
    const struct room_port *room;   /* outlives the site */
    const struct secret *secret;    /* links and form tokens are made from it; outlives the site */
    const struct geo
        *geo; /* its notice stands beside the counters; may be NULL; outlives the site */
    const struct signer *signer; /* signs what is handed over; outlives the site */
    const char *pdf_path;        /* the program kengesh-pdf; NULL: no PDF is made */
    const char *origin; /* "https://example.org", "http://localhost:8080": no slash at the end */
    /* where the quick exit leads, by country: "TM=https://a.example,*=https://b.example"; NULL: to
     * a calendar of our own */
    const char *exit;
    bool has_clips; /* film clips can be cleaned on this machine */
    bool is_demo; /* every page says so; no address of the demo is for search engines */
    /* a tab, and the browser's list of pages, do not say that it was a page of help */
    bool is_plain_titles;
    /* readers must be able to go on over http when the house's own certificate goes: no HSTS */
    bool is_self_made;
    unsigned workers; /* threads for password hashes; 0: 1 */
};

struct site {
    struct site_conf conf;
    str origin;
    bool is_secure;   /* origin is https: cookies are __Host- and Secure, HSTS is sent */
    bool is_loopback; /* origin names this machine: other loopback names are taken as well */
    struct worker *worker;
    struct rate *rate;
    struct hits *hits;
    struct kept *kept;
    struct shelf *shelf;
    pthread_mutex_t lock; /* of the list of web threads */
    struct thread *threads;
    struct check_book *check; /* words of the reporting check */
};

int site_new(const struct site_conf *c, struct site **ret_site);
/* For handlers: the site of an exchange that came through site_dispatch. */
struct site *site_of(const struct exchange *x);
/* NULL-safe. */
void site_free(struct site *s);

/* What server_conf wants; ctx is the site. thread_start opens the thread's read connection and the
 * 5 s timer of views. */
int site_thread_start(struct loop *l, void *ctx, void **ret_thread);
void site_thread_end(void *thread, void *ctx);
size_t site_body_limit(struct exchange *x, void *ctx);
void site_too_big(struct exchange *x, void *ctx);
/* See web/dispatch.h. */
void site_dispatch(struct exchange *x, void *ctx);
/* How busy each web thread is; a person reads it. */
struct sb;
void site_print_threads(struct site *s, struct sb *to);
/* The read connection of a thread that site_thread_start made. */
struct db *site_thread_db(void *thread);

#endif
