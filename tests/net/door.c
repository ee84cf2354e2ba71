#include "suite.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/ssl.h>
#undef ERR_STATE

#include "door.h"
#include "net/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static const str names[] = {{"localhost", 9}, {"127.0.0.1", 9}};

static int on_ticket(SSL *ssl, SSL_SESSION *session)
{
    struct door *d = SSL_get_app_data(ssl);

    SSL_SESSION_free(d->session);
    d->session = session;
    return 1;
}

static void start_server(struct door *d, http_dispatch_fn *dispatch)
{
    struct server_conf c = {
        .listen = "127.0.0.1:0", .threads = 1, .dispatch = dispatch, .ctx = d, .tls = d->tls};

    assert_int_equal(server_new(&c, &d->server), 0);
}

void door_open(struct door *d, http_dispatch_fn *dispatch)
{
    memset(d, 0, sizeof(*d));
    strcpy(d->folder, "/tmp/kengesh-door-XXXXXX");
    assert_non_null(mkdtemp(d->folder));
    snprintf(d->cert, sizeof(d->cert), "%s/cert.pem", d->folder);
    snprintf(d->key, sizeof(d->key), "%s/key.pem", d->folder);
    assert_int_equal(tls_self_make(d->cert, d->key, names, 2), 0);
    assert_int_equal(tls_new(d->cert, d->key, &d->tls), 0);
    start_server(d, dispatch);
    d->client = SSL_CTX_new(TLS_client_method());
    assert_non_null(d->client);
    assert_int_equal(SSL_CTX_load_verify_file(d->client, d->cert), 1);
    SSL_CTX_set_verify(d->client, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_cache_mode(d->client, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb(d->client, on_ticket);
}

void door_close(struct door *d)
{
    server_free(d->server, 0);
    tls_free(d->tls);
    SSL_SESSION_free(d->session);
    SSL_CTX_free(d->client);
    unlink(d->cert);
    unlink(d->key);
    assert_int_equal(rmdir(d->folder), 0);
}

struct wire door_dial(struct door *d)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(server_port(d->server)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    struct wire w = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};

    assert_true(w.fd >= 0);
    setsockopt(w.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_int_equal(connect(w.fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return w;
}

struct wire door_dial_tls(struct door *d, const char *alpn)
{
    struct wire w = door_dial(d);

    w.ssl = SSL_new(d->client);
    assert_non_null(w.ssl);
    SSL_set_app_data(w.ssl, d);
    SSL_set_fd(w.ssl, w.fd);
    assert_int_equal(SSL_set1_host(w.ssl, "localhost"), 1);
    if (alpn)
        SSL_set_alpn_protos(w.ssl, (const unsigned char *)alpn, (unsigned)strlen(alpn));
    if (d->session)
        SSL_set_session(w.ssl, d->session);
    assert_int_equal(SSL_connect(w.ssl), 1);
    return w;
}

void wire_say(struct wire *w, const void *p, size_t n)
{
    if (w->ssl)
        assert_int_equal(SSL_write(w->ssl, p, (int)n), n);
    else
        assert_int_equal(send(w->fd, p, n, MSG_NOSIGNAL), n);
}

size_t wire_hear(struct wire *w, void *to, size_t room)
{
    ssize_t n = w->ssl ? SSL_read(w->ssl, to, (int)room) : recv(w->fd, to, room, 0);

    return n > 0 ? (size_t)n : 0;
}

void wire_hear_until(struct wire *w, char *to, size_t room, const char *text)
{
    size_t n = 0;

    to[0] = 0;
    while (!strstr(to, text)) {
        size_t got = wire_hear(w, to + n, room - 1 - n);

        assert_true(got > 0);
        n += got;
        to[n] = 0;
    }
}

void wire_hear_all(struct wire *w, char *to, size_t room)
{
    size_t n = 0, got;

    while (n + 1 < room && (got = wire_hear(w, to + n, room - 1 - n)) > 0)
        n += got;
    to[n] = 0;
}

void wire_close(struct wire *w)
{
    if (w->ssl)
        SSL_shutdown(w->ssl); /* otherwise OpenSSL thinks ill of the session */
    SSL_free(w->ssl);
    close(w->fd);
}
