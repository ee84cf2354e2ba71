#include "suite.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/ssl.h>
#undef ERR_STATE

#include "base/err.h"
#include "net/stream.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void open_pair(struct stream s[2])
{
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    s[0] = (struct stream){.fd = fds[0]};
    s[1] = (struct stream){.fd = fds[1]};
}

static void both_ways(struct stream s[2])
{
    struct iovec iov[2] = {{"one ", 4}, {"two", 3}};
    char got[16];
    size_t n = 0, total = 0;

    assert_int_equal(stream_read(&s[1], got, sizeof(got), &n), ERR_BUSY);
    assert_int_equal(s[1].wants, EPOLLIN);
    for (size_t sent = 0; sent < 7; sent += n) {
        struct iovec *from = sent < 4 ? iov : iov + 1;

        assert_int_equal(stream_write(&s[0], from, sent < 4 ? 2 : 1, &n), 0);
    }
    while (total < 7 && stream_read(&s[1], got + total, 3, &n) == 0)
        total += n;
    assert_int_equal(total, 7);
    assert_memory_equal(got, "one two", 7);
    stream_end(&s[0]);
    assert_int_equal(stream_read(&s[1], got, sizeof(got), &n), ERR_CLOSED);
}

static void plain(void **state)
{
    struct stream s[2];

    (void)state;
    open_pair(s);
    both_ways(s);
    stream_close(&s[0]);
    stream_close(&s[1]);
    assert_int_equal(s[0].fd, -1);
}

static void write_to_nobody(void **state)
{
    struct stream s[2];
    struct iovec iov = {"x", 1};
    size_t n;

    (void)state;
    open_pair(s);
    stream_close(&s[1]);
    assert_int_equal(stream_write(&s[0], &iov, 1, &n), ERR_CLOSED);
    stream_close(&s[0]);
}

/* A pre-shared key spares the test a certificate. */
static unsigned on_client_key(SSL *ssl, const char *hint, char *id, unsigned nid,
                              unsigned char *key, unsigned nkey)
{
    (void)ssl;
    (void)hint;
    assert_true(nid > 1 && nkey >= 16);
    strcpy(id, "t");
    memset(key, 7, 16);
    return 16;
}

static unsigned on_server_key(SSL *ssl, const char *id, unsigned char *key, unsigned nkey)
{
    (void)ssl;
    (void)id;
    assert_true(nkey >= 16);
    memset(key, 7, 16);
    return 16;
}

static SSL *new_ssl(int fd, bool is_server)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    SSL *ssl;

    assert_non_null(ctx);
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    assert_int_equal(SSL_CTX_set_cipher_list(ctx, "PSK-AES128-GCM-SHA256"), 1);
    if (is_server)
        SSL_CTX_set_psk_server_callback(ctx, on_server_key);
    else
        SSL_CTX_set_psk_client_callback(ctx, on_client_key);
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    assert_non_null(ssl);
    assert_int_equal(SSL_set_fd(ssl, fd), 1);
    if (is_server)
        SSL_set_accept_state(ssl);
    else
        SSL_set_connect_state(ssl);
    return ssl;
}

static void tls(void **state)
{
    struct stream s[2];

    (void)state;
    open_pair(s);
    s[0].ssl = new_ssl(s[0].fd, true);
    s[1].ssl = new_ssl(s[1].fd, false);
    for (int i = 0; i < 10; i++) {
        (void)SSL_do_handshake(s[1].ssl);
        (void)SSL_do_handshake(s[0].ssl);
    }
    assert_true(SSL_is_init_finished(s[0].ssl) && SSL_is_init_finished(s[1].ssl));
    assert_false(stream_has_pending(&s[1]));
    both_ways(s);
    stream_close(&s[0]);
    stream_close(&s[1]);
}

/* A record is read in parts: the rest is in OpenSSL's hands, not the kernel's. */
static void tls_pending(void **state)
{
    struct stream s[2];
    struct iovec iov = {"four", 4};
    char c[2];
    size_t n;

    (void)state;
    open_pair(s);
    s[0].ssl = new_ssl(s[0].fd, true);
    s[1].ssl = new_ssl(s[1].fd, false);
    for (int i = 0; i < 10; i++) {
        (void)SSL_do_handshake(s[1].ssl);
        (void)SSL_do_handshake(s[0].ssl);
    }
    assert_int_equal(stream_write(&s[0], &iov, 1, &n), 0);
    assert_int_equal(stream_read(&s[1], c, 2, &n), 0);
    assert_true(stream_has_pending(&s[1]));
    assert_int_equal(stream_read(&s[1], c, 2, &n), 0);
    assert_false(stream_has_pending(&s[1]));
    stream_close(&s[0]);
    stream_close(&s[1]);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(plain),
    cmocka_unit_test(write_to_nobody),
    cmocka_unit_test(tls),
    cmocka_unit_test(tls_pending),
};
SUITE(stream, tests);
