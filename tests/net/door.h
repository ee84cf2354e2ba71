/*
 * A server with TLS on a port of its own, and a client of OpenSSL that dials it.
 *
 *   door_dial ══ TCP ══▶ server (one web thread, self-made certificate in a temporary folder)
 */
#ifndef TESTS_NET_DOOR_H
#define TESTS_NET_DOOR_H

#include "net/server.h"

struct ssl_st; /* OpenSSL's SSL and its kin, by the names that do not clash with ours */
struct ssl_ctx_st;
struct ssl_session_st;
struct tls;

struct door {
    char folder[64], cert[96], key[96];
    struct tls *tls;
    struct server *server;
    struct ssl_ctx_st *client; /* trusts the certificate */
    struct ssl_session_st *session; /* of the last ticket that came; NULL: none */
};

struct wire {
    int fd;
    struct ssl_st *ssl; /* NULL: plain */
};

void door_open(struct door *d, http_dispatch_fn *dispatch);
void door_close(struct door *d);
/* TCP alone; reads give up after 10 s. */
struct wire door_dial(struct door *d);
/* Handshake and all; alpn as it stands on the wire, NULL: none. */
struct wire door_dial_tls(struct door *d, const char *alpn);
void wire_say(struct wire *w, const void *p, size_t n);
/* What comes next, at most room; 0 at the end. */
size_t wire_hear(struct wire *w, void *to, size_t room);
/* Until `text` has come, NUL-terminated; fails when the end comes first. */
void wire_hear_until(struct wire *w, char *to, size_t room, const char *text);
/* Until the server closes. */
void wire_hear_all(struct wire *w, char *to, size_t room);
void wire_close(struct wire *w);

#endif
