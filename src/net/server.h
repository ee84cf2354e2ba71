/*
 * The web threads: each with its own loop and listening sockets, serving HTTP/1.1 and HTTP/2
 * (net/http.h), plain or through TLS on the same port (net/tls.h). Owner: the thread that starts
 * the server, which is also the one to free it.
 */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "base/addr.h"
#include "base/types.h"

struct exchange;
struct loop;
struct server;
struct tls;

/* The dispatcher: called on the web thread for every whole request. It answers x (or defers it). */
typedef void http_dispatch_fn(struct exchange *x, void *ctx);
/* Country of an address for counters: two letters or 0. Must not keep the address. */
typedef uint16_t http_country_fn(const struct addr *a, void *ctx);

/* A connection that speaks no HTTP: TURN, or STUN in frames (ICE-TCP, never inside TLS). */
struct server_raw {
    int fd;
    void *ssl;       /* OpenSSL's SSL, or NULL */
    uint8_t *unread; /* the bytes that told what it is; malloc'ed */
    size_t nunread;
    struct addr from; /* for the answer to a check of ICE, which names it; not to be kept */
    bool is_framed;
};
/* Called on a web thread. All that is in raw belongs to who is called, on every way. */
typedef void server_raw_fn(const struct server_raw *raw, void *ctx);
/* Closes one that nobody wants. */
void server_raw_refuse(const struct server_raw *raw);

struct server_conf {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0", several with commas */
    unsigned threads; /* web threads, each with its own loop and listening socket (SO_REUSEPORT) */
    http_dispatch_fn *dispatch;
    http_country_fn *country; /* may be NULL */
    /* per web thread, at its start and end: open the read connection, … ; *ret_thread comes back in
     * server_thread() */
    int (*thread_start)(struct loop *l, void *ctx, void **ret_thread);
    void (*thread_end)(void *thread, void *ctx);
    void *ctx;
    /* after the head, before the body: how much of it is taken; NULL: 64 kB */
    size_t (*body_limit)(struct exchange *x, void *ctx);
    /* Answers, at once, who sends more than that. NULL: 413 and a line for programs. */
    http_dispatch_fn *too_big;
    server_raw_fn *raw; /* NULL: they are closed */
    /* NULL: plain HTTP. Otherwise plain requests are sent to https (308), except /healthz. */
    struct tls *tls;
};

/* What happened at the door since the start. */
#define SERVER_COUNT_TABLE(COUNT)                                                                  \
    COUNT(ACCEPTED, "connections")                                                                 \
    COUNT(TLS, "tls")                                                                              \
    COUNT(TLS_FAILED, "tls_failed")                                                                \
    COUNT(H2, "h2")                                                                                \
    COUNT(CALMED, "calmed")                                                                        \
    COUNT(UNREAD, "unread")                                                                        \
    COUNT(CUT, "bodies_cut")                                                                       \
    COUNT(TO_TLS, "sent_to_tls")                                                                   \
    COUNT(TURN, "turn")                                                                            \
    COUNT(ICE, "ice_tcp")                                                                          \
    COUNT(OTHER, "neither")
enum server_count {
#define COUNT(name, text) SERVER_##name,
    SERVER_COUNT_TABLE(COUNT)
#undef COUNT
        SERVER_COUNTS
};
const char *server_count_name(enum server_count what);

/* Listens and starts the threads; ERR_BUSY when an address is taken. */
int server_new(const struct server_conf *c, struct server **ret_server);
/* The port actually bound (listen may say 0). */
uint16_t server_port(const struct server *s);
/* Of all threads together. From any thread. */
uint64_t server_count(const struct server *s, enum server_count what);
/* The thread's own value of thread_start, for the thread that x runs on. */
void *server_thread(const struct exchange *x);
/*
 * Stops accepting, lets running exchanges finish up to grace_us, closes, joins. Who answers
 * deferred exchanges must still run: a thread that waits in vain for one a further 2 s is given up
 * together with its memory. NULL-safe.
 */
void server_free(struct server *s, usec grace_us);

#endif
