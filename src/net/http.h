/*
 * An HTTP exchange: one request and its answer, whatever version carried it. Owner: the web thread
 * of its connection, except between the hand-over to the store thread and its return (then the
 * store thread alone may touch it). Spec: RFC 9110, RFC 9112. The connection machinery is
 * net/conn.c; the HTTP/1.1 parser is net/h1.c.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/queue.h"
#include "base/sb.h"
#include "base/types.h"
#include "net/route.h"
#include "net/server.h"

struct form;
struct actor; /* domain/actor.h; net never looks inside */
struct arena;
struct conn;
struct http_source;
struct loop;

struct http_header {
    str name, value;
};

struct exchange {
    struct msg msg;      /* for its way to another thread and back */
    struct arena *arena; /* dies with the exchange */
    struct loop *loop;   /* of its web thread */
    struct conn *conn;   /* net's own, as is the next */
    void *stream;        /* of HTTP/2; NULL: HTTP/1.1 */
    /* the request; texts point into the connection's buffer or the arena and stay valid until the
     * answer is out */
    str method, path, query, body; /* path is raw (percent-encoded), query without '?' */
    struct http_header *headers;
    size_t nheaders;
    bool is_head, is_tls;
    uint64_t peer_prefix;  /* keyed hash of the address (/24, /56) for rate limits; the address
                              itself is not kept; 0: from this machine */
    uint16_t peer_country; /* two letters, big-endian; 0 unknown: filled by the country_fn at
                              accept, for counters */
    usec at;               /* monotonic: when the request was whole */
    /* filled by the dispatcher (web/dispatch.c) */
    const struct route *route;
    struct route_param params[ROUTE_PARAMS];
    const struct actor *actor; /* NULL: anonymous */
    struct db *db;             /* this thread's read connection */
    void *site;                /* web/site.h */
    void *state;               /* from act to show, in the arena */
    int result;                /* what act (or its commit) returned */
    /* the answer */
    int status;              /* 200 at first */
    struct http_header *out; /* written by http_set */
    size_t nout;
    str type;        /* Content-Type; unset: none */
    struct sb reply; /* body, in the arena */
    /* instead of reply: bytes that outlive the exchange (assets, page cache) */
    const struct http_shared *shared;
    struct http_source *source; /* instead of both: read as it goes out (net/source.h) */
    /* net's own; a test without a connection sets `finished` itself */
    struct form *form; /* of the body, once parsed */
    int form_result;
    size_t held;     /* bytes that wait for the client, as counted (worker_hold) */
    bool is_deferred;
    bool is_broken; /* a header could not be kept, so the answer becomes a 500 */
    void (*finished)(struct exchange *x); /* called by http_finish */
};

/* An exchange in arena a with an empty answer, status 200. NULL when out of memory. For connections
 * and for tests. */
struct exchange *exchange_new(struct arena *a, struct loop *l);

/* A body that is kept elsewhere, ref-counted by its owner; release is called (on the web thread)
 * when it is out. */
struct http_shared {
    str plain, gzip, br; /* the encodings at hand; plain always */
    void (*release)(const struct http_shared *s);
};

/* ---- reading ---- */
/* Case-insensitive; unset when absent. */
str http_header(const struct exchange *x, str name);
/* {name} of the pattern, decoded; unset when the pattern has none of that name. */
str http_param(const struct exchange *x, str name);
/* Value of the query, decoded (unset when absent or not UTF-8) / of the cookie, as sent. */
str http_query(struct exchange *x, str name);
str http_cookie(const struct exchange *x, str name);
/* Field of a form body, urlencoded or multipart (parsed on first use, MAX_FORM_FIELDS); unset when
 * absent. */
str http_field(struct exchange *x, str name);
/* The i-th value of a field that may come several times (check boxes); unset past the last. */
str http_field_at(struct exchange *x, str name, size_t i);
/* 0, or why the body is no form: ERR_UNSUPPORTED (another type), ERR_SYNTAX, ERR_ENCODING,
 * ERR_FULL, ERR_MEM. */
int http_form(struct exchange *x);
/* An uploaded file's bytes; its name in ret_filename (may be NULL). */
str http_file(struct exchange *x, str name, str *ret_filename);
/* Is `encoding` ("gzip", "br") acceptable by Accept-Encoding? */
bool http_accepts_encoding(const struct exchange *x, str encoding);
/*
 * Does If-None-Match name this entity tag (with its quotes; compared weakly, RFC 9110 13.1.2)? A
 * 200 to GET or HEAD that carries an ETag header becomes a 304 by itself; this saves the work of
 * making the page.
 */
bool http_etag_matches(const struct exchange *x, str etag);

/* ---- answering ---- */
/*
 * net adds Date, Content-Length, Content-Encoding and Vary: Accept-Encoding, ranges and 304; no
 * other header. name and value are copied. Replaces an earlier value; Set-Cookie and Link are added
 * beside it. A control character in either spoils the answer: 500; but a tab is part of a value,
 * other than of Location.
 */
void http_set(struct exchange *x, str name, str value);
/* In place of all headers so far: a list whose texts outlive the exchange (a kept page). */
void http_set_all(struct exchange *x, const struct http_header *list, size_t n);
/* status + Location; 303 after a POST. */
void http_redirect(struct exchange *x, int status, str location);
/* Sets type and adds text to reply. */
void http_text(struct exchange *x, int status, str type, str text);
/* An ASYNC show that returns without having answered calls this first; http_finish answers later,
 * on x->loop. */
void http_defer(struct exchange *x);
/* Only on the thread of x->loop. x is gone afterwards, except inside the dispatcher's own call. */
void http_finish(struct exchange *x);
bool http_is_deferred(const struct exchange *x);

/* ---- taking the connection over (WebSocket; later TURN) ---- */
struct http_takeover {
    int fd;
    void *ssl;       /* OpenSSL's SSL, or NULL */
    uint8_t *unread; /* bytes that came behind the request; malloc'ed, the taker frees */
    size_t nunread;
};
/*
 * The connection leaves net: the caller owns all that is in ret_takeover; the exchange ends without
 * an answer when show returns (after http_defer: with http_finish). ERR_STATE: no connection of its
 * own, or taken already; ERR_CLOSED: it is gone.
 */
int http_take_over(struct exchange *x, struct http_takeover *ret_takeover);

#endif
