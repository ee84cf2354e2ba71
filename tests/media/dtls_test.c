#include "media/dtls.h"

#include "base/ct.h"
#include "base/err.h"
#include "suites.h"

#include <string.h>

/* OpenSSL has a type of this name; ours is the error. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#undef ERR_STATE

/*
 * OpenSSL as the browser, in process:
 *
 *   client SSL ──memory BIO──▶ datagrams ──▶ dtls_rx
 *              ◀──memory BIO── to_client ◀── tx()
 *
 * In the last tests the browser is the server and we are the client.
 *
 * The memory BIOs keep no borders between datagrams, so the client's are read out after every step,
 * and cut by records.
 */

enum { ROOM = 65536, RECORD_HEADER = 13, MESSAGE_HEADER = 12 };

struct client {
    SSL_CTX *ctx;
    SSL *ssl;
    X509 *x509;
    EVP_PKEY *key;
    uint8_t digest[DTLS_FINGERPRINT_BYTES];
    uint8_t in[ROOM]; /* from the server, not yet delivered: 2 bytes of length before each */
    size_t in_n;
    unsigned datagrams, largest;
    unsigned lose; /* so many of the server's datagrams are lost */
};

static void to_client(const uint8_t *p, size_t n, void *ctx)
{
    struct client *c = ctx;

    c->datagrams++;
    c->largest = n > c->largest ? (unsigned)n : c->largest;
    if (c->lose) {
        c->lose--;
        return;
    }
    assert_true(c->in_n + n <= sizeof(c->in));
    memcpy(c->in + c->in_n, p, n);
    c->in_n += n;
}

static void client_new(struct client *c, const char *profiles)
{
    unsigned n;

    memset(c, 0, sizeof(*c));
    c->key = EVP_EC_gen("P-256");
    c->x509 = X509_new();
    X509_set_pubkey(c->x509, c->key);
    ASN1_INTEGER_set(X509_get_serialNumber(c->x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(c->x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(c->x509), 86400);
    assert_true(X509_sign(c->x509, c->key, EVP_sha256()) > 0);
    X509_digest(c->x509, EVP_sha256(), c->digest, &n);
    c->ctx = SSL_CTX_new(DTLS_method());
    SSL_CTX_use_certificate(c->ctx, c->x509);
    SSL_CTX_use_PrivateKey(c->ctx, c->key);
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_NONE, NULL);
    if (profiles)
        assert_int_equal(SSL_CTX_set_tlsext_use_srtp(c->ctx, profiles), 0);
    c->ssl = SSL_new(c->ctx);
    SSL_set_bio(c->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(c->ssl), -1);
    SSL_set_options(c->ssl, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(c->ssl, 1200);
    SSL_set_connect_state(c->ssl);
}

static int any_certificate(int ok, X509_STORE_CTX *store)
{
    (void)ok;
    (void)store;
    return 1;
}

/* The browser as the server, which asks for our certificate. */
static void server_new(struct client *c, const char *profiles)
{
    client_new(c, profiles);
    SSL_set_accept_state(c->ssl);
    SSL_set_verify(c->ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, any_certificate);
}

static void client_free(struct client *c)
{
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    X509_free(c->x509);
    EVP_PKEY_free(c->key);
    ERR_clear_error();
}

/* What the client has written, record by record, as datagrams. The first error ends it. */
static int to_server(struct client *c, struct dtls *d, usec now)
{
    uint8_t out[ROOM];
    int n = BIO_read(SSL_get_wbio(c->ssl), out, sizeof(out)), r = 0;

    for (int at = 0; r == 0 && at + RECORD_HEADER <= n;) {
        int record = RECORD_HEADER + (out[at + 11] << 8 | out[at + 12]);

        assert_true(at + record <= n);
        r = dtls_rx(d, out + at, (size_t)record, now);
        at += record;
    }
    return r;
}

/* One step of the client: reads what came, writes what it says. */
static int step(struct client *c, struct dtls *d, usec now)
{
    if (c->in_n)
        BIO_write(SSL_get_rbio(c->ssl), c->in, (int)c->in_n);
    c->in_n = 0;
    SSL_do_handshake(c->ssl);
    ERR_clear_error();
    return to_server(c, d, now);
}

static int handshake(struct client *c, struct dtls *d, usec now)
{
    int r = 0;

    for (int i = 0; r == 0 && i < 6; i++)
        r = step(c, d, now);
    return r;
}

static struct dtls_cert *cert_of(void)
{
    struct dtls_cert *cert = NULL;

    assert_int_equal(dtls_cert_new(&cert), 0);
    return cert;
}

/* The client's come first in the key block, whoever that is (RFC 5764 4.2). */
static void assert_keys(const struct client *c, const struct dtls_keys *k, const uint8_t *client,
                        const uint8_t *server)
{
    uint8_t all[2 * DTLS_MASTER_MAX];

    assert_int_equal(SSL_export_keying_material(c->ssl, all, 2 * (k->key_n + k->salt_n),
                                                "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0),
                     1);
    assert_true(ct_equal(all, client, k->key_n));
    assert_true(ct_equal(all + k->key_n, server, k->key_n));
    assert_true(ct_equal(all + 2 * k->key_n, client + k->key_n, k->salt_n));
    assert_true(ct_equal(all + 2 * k->key_n + k->salt_n, server + k->key_n, k->salt_n));
}

static void assert_same_keys(const struct client *c, const struct dtls *d,
                             enum dtls_profile profile)
{
    struct dtls_keys k;

    assert_int_equal(dtls_keys(d, &k), 0);
    assert_int_equal(k.profile, profile);
    assert_int_equal(k.salt_n, profile == DTLS_AES_128_GCM ? 12 : 14);
    if (SSL_is_server(c->ssl))
        assert_keys(c, &k, k.down, k.up);
    else
        assert_keys(c, &k, k.up, k.down);
}

static void test_gcm_is_first(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;
    struct dtls_keys k;

    (void)state;
    client_new(
        &c,
        "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM"); /* our order counts, not the client's */
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    assert_int_equal(dtls_keys(d, &k), ERR_STATE);
    assert_int_equal(handshake(&c, d, 0), 0);
    assert_true(dtls_is_done(d));
    assert_true(SSL_is_init_finished(c.ssl));
    assert_true(c.largest <= 1200);
    assert_true(dtls_due(d) == INT64_MAX);
    assert_same_keys(&c, d, DTLS_AES_128_GCM);
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

static void test_second_profile(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;

    (void)state;
    client_new(&c, "SRTP_AES128_CM_SHA1_80");
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    assert_int_equal(handshake(&c, d, 0), 0);
    assert_same_keys(&c, d, DTLS_AES_CM_SHA1_80);
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

static void test_refuses(void **state)
{
    static const struct {
        const char *profiles;
        bool is_other_certificate;
    } rows[] = {
        {"SRTP_AEAD_AES_128_GCM", true}, /* not the certificate that the offer announced */
        {NULL, false},                   /* no SRTP */
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct dtls_cert *cert = cert_of();
        struct dtls *d = NULL;
        struct client c;
        struct dtls_keys k;

        client_new(&c, rows[i].profiles);
        c.digest[0] ^= rows[i].is_other_certificate;
        assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
        assert_int_equal(handshake(&c, d, 0), ERR_CRYPTO);
        assert_false(dtls_is_done(d));
        assert_int_equal(dtls_keys(d, &k), ERR_STATE);
        dtls_free(d);
        client_free(&c);
        dtls_cert_free(cert);
    }
}

/* Our first flight is lost twice: it comes again after 100 ms, then after 200, and the handshake
 * ends well. */
static void test_lost_flight(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;
    unsigned flight;

    (void)state;
    client_new(&c, "SRTP_AEAD_AES_128_GCM");
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    c.lose = 1000;
    assert_int_equal(step(&c, d, 0), 0);
    flight = c.datagrams;
    assert_true(flight > 0);
    assert_true(dtls_due(d) == 100 * USEC_MS);
    assert_int_equal(dtls_tick(d, 99 * USEC_MS), 0);
    assert_int_equal(c.datagrams, flight);
    assert_int_equal(dtls_tick(d, 100 * USEC_MS), 0);
    assert_int_equal(c.datagrams, 2 * flight);
    assert_true(dtls_due(d) == 300 * USEC_MS);
    c.lose = 0;
    assert_int_equal(dtls_tick(d, 300 * USEC_MS), 0);
    assert_int_equal(c.datagrams, 3 * flight);
    assert_int_equal(handshake(&c, d, 320 * USEC_MS), 0);
    assert_true(dtls_is_done(d));
    assert_same_keys(&c, d, DTLS_AES_128_GCM);
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

static void test_gives_up(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;
    usec wait = 0, before = 0;
    int r = 0;

    (void)state;
    client_new(&c, "SRTP_AEAD_AES_128_GCM");
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    assert_int_equal(step(&c, d, USEC_S), 0);
    c.lose = 1000;
    while (r == 0) {
        before = dtls_due(d);
        r = dtls_tick(d, before);
        wait = r == 0 ? dtls_due(d) - before : wait;
        assert_true(wait <= 4 * USEC_S);
    }
    assert_int_equal(r, ERR_TIMEOUT);
    assert_true(wait == 4 * USEC_S);
    assert_true(before > 30 * USEC_S && before < 36 * USEC_S);
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

/* The client's timer runs out within a millisecond: OpenSSL counts less than 15 ms as none left. */
static unsigned soon(SSL *ssl, unsigned us)
{
    (void)ssl;
    (void)us;
    return 16000;
}

/* Our last flight is lost: the client says its own again, and we answer it. */
static void test_lost_finish(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;

    (void)state;
    client_new(&c, "SRTP_AEAD_AES_128_GCM");
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    assert_int_equal(step(&c, d, 0), 0);
    DTLS_set_timer_cb(c.ssl, soon);
    c.lose = 1000; /* the client has our first flight; what answers its second is lost */
    assert_int_equal(step(&c, d, 0), 0);
    assert_true(dtls_is_done(d));
    assert_false(SSL_is_init_finished(c.ssl));
    c.lose = 0;
    while (DTLSv1_handle_timeout(c.ssl) == 0)
        ;
    assert_int_equal(to_server(&c, d, USEC_S), 0);
    assert_int_equal(step(&c, d, USEC_S), 0);
    assert_true(SSL_is_init_finished(c.ssl));
    assert_same_keys(&c, d, DTLS_AES_128_GCM);
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

static void test_close(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;
    char scrap[16];

    (void)state;
    client_new(&c, "SRTP_AEAD_AES_128_GCM");
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    assert_int_equal(handshake(&c, d, 0), 0);
    dtls_close(d);
    assert_true(c.in_n > 0);
    BIO_write(SSL_get_rbio(c.ssl), c.in, (int)c.in_n);
    c.in_n = 0;
    assert_int_equal(SSL_get_error(c.ssl, SSL_read(c.ssl, scrap, sizeof(scrap))),
                     SSL_ERROR_ZERO_RETURN);
    SSL_shutdown(c.ssl);
    assert_int_equal(to_server(&c, d, 0), ERR_CLOSED);
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

static void test_rubbish(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct dtls *d = NULL;
    struct client c;
    uint8_t rubbish[64];

    (void)state;
    client_new(&c, "SRTP_AEAD_AES_128_GCM");
    assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
    for (unsigned n = 0; n < sizeof(rubbish); n++) {
        memset(rubbish, (int)(20 + n), n);
        assert_int_equal(dtls_rx(d, rubbish, n, 0), 0);
    }
    assert_int_equal(handshake(&c, d, 0), 0);
    assert_true(dtls_is_done(d));
    dtls_free(d);
    client_free(&c);
    dtls_cert_free(cert);
}

/* Bytes [from, from + n) of the handshake message in `whole`, a record, as a record of their own
 * (RFC 6347 4.2.3). */
static size_t fragment(uint8_t *to, const uint8_t *whole, size_t from, size_t n, uint8_t number)
{
    memcpy(to, whole, RECORD_HEADER + MESSAGE_HEADER);
    to[10] = number;
    to[11] = (uint8_t)((MESSAGE_HEADER + n) >> 8);
    to[12] = (uint8_t)(MESSAGE_HEADER + n);
    to[20] = (uint8_t)(from >> 8);
    to[21] = (uint8_t)from;
    to[23] = (uint8_t)(n >> 8);
    to[24] = (uint8_t)n;
    memcpy(to + RECORD_HEADER + MESSAGE_HEADER, whole + RECORD_HEADER + MESSAGE_HEADER + from, n);
    return RECORD_HEADER + MESSAGE_HEADER + n;
}

/* A hello with keys of a coming time is larger than a datagram: it comes in pieces, in any
 * order. */
static void test_hello_in_pieces(void **state)
{
    enum { PIECES = 3, FAR = 40 /* record numbers that the client will not come to */ };
    static const unsigned orders[][PIECES] = {{0, 1, 2}, {2, 0, 1}};

    (void)state;
    for (size_t i = 0; i < NELEM(orders); i++) {
        struct dtls_cert *cert = cert_of();
        struct dtls *d = NULL;
        struct client c;
        uint8_t hello[ROOM], piece[ROOM];
        size_t n, each;

        client_new(&c, "SRTP_AEAD_AES_128_GCM");
        assert_int_equal(dtls_new(cert, DTLS_SERVER, c.digest, to_client, &c, &d), 0);
        SSL_do_handshake(c.ssl);
        n = (size_t)BIO_read(SSL_get_wbio(c.ssl), hello, sizeof(hello)) - RECORD_HEADER -
            MESSAGE_HEADER;
        each = n / PIECES + 1;
        for (unsigned k = 0; k < PIECES; k++) {
            size_t at = orders[i][k] * each, left = n - at;

            assert_int_equal(c.datagrams, 0);
            left = left < each ? left : each;
            assert_int_equal(
                dtls_rx(d, piece, fragment(piece, hello, at, left, (uint8_t)(FAR + k)), 0), 0);
        }
        assert_int_equal(handshake(&c, d, 0), 0);
        assert_true(dtls_is_done(d));
        assert_same_keys(&c, d, DTLS_AES_128_GCM);
        dtls_free(d);
        client_free(&c);
        dtls_cert_free(cert);
    }
}

/* The browser is the server: we begin, also where our first flight and our last are lost. */
static void test_browser_is_server(void **state)
{
    static const struct {
        const char *profiles;
        enum dtls_profile agreed;
        unsigned lose_first, lose_last;
    } rows[] = {
        {"SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", DTLS_AES_128_GCM, 0, 0},
        {"SRTP_AES128_CM_SHA1_80", DTLS_AES_CM_SHA1_80, 0, 0},
        {"SRTP_AEAD_AES_128_GCM", DTLS_AES_128_GCM, 2, 0},
        {"SRTP_AEAD_AES_128_GCM", DTLS_AES_128_GCM, 0, 1},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct dtls_cert *cert = cert_of();
        struct dtls *d = NULL;
        usec now = USEC_S;
        struct client c;
        unsigned n;

        server_new(&c, rows[i].profiles);
        c.lose = rows[i].lose_first;
        assert_int_equal(dtls_new(cert, DTLS_CLIENT, c.digest, to_client, &c, &d), 0);
        assert_int_equal(dtls_start(d, now), 0);
        assert_true(dtls_due(d) == now + 100 * USEC_MS);
        for (n = 0; n < rows[i].lose_first; n++) {
            now = dtls_due(d);
            assert_int_equal(dtls_tick(d, now), 0);
        }
        assert_int_equal(step(&c, d, now), 0); /* the browser's certificate; lost is our answer */
        assert_false(dtls_is_done(d));
        if (rows[i].lose_last) {
            c.in_n = 0;
            assert_true(dtls_due(d) == now + 100 * USEC_MS);
            now = dtls_due(d);
            assert_int_equal(dtls_tick(d, now), 0);
        }
        assert_int_equal(handshake(&c, d, now), 0);
        assert_true(dtls_is_done(d) && SSL_is_init_finished(c.ssl));
        assert_true(dtls_due(d) == INT64_MAX && c.largest <= 1200);
        assert_same_keys(&c, d, rows[i].agreed);
        dtls_close(d);
        assert_true(c.in_n > 0);
        dtls_free(d);
        client_free(&c);
        dtls_cert_free(cert);
    }
}

/* A server with another certificate than the offer's, one without SRTP, one that says nothing. */
static void test_refuses_as_client(void **state)
{
    struct dtls_cert *cert = cert_of();
    struct client c;
    int r = 0;

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct dtls *d = NULL;

        server_new(&c, i == 1 ? NULL : "SRTP_AEAD_AES_128_GCM");
        c.digest[0] ^= i == 0;
        assert_int_equal(dtls_new(cert, DTLS_CLIENT, c.digest, to_client, &c, &d), 0);
        assert_int_equal(dtls_start(d, 0), 0);
        if (i < 2)
            assert_int_equal(handshake(&c, d, 0), ERR_CRYPTO);
        for (r = 0; i == 2 && r == 0;)
            r = dtls_tick(d, dtls_due(d));
        assert_int_equal(r, i == 2 ? ERR_TIMEOUT : 0);
        assert_false(dtls_is_done(d));
        dtls_free(d);
        client_free(&c);
    }
    dtls_cert_free(cert);
}

int dtls_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gcm_is_first), cmocka_unit_test(test_second_profile),
        cmocka_unit_test(test_refuses),      cmocka_unit_test(test_lost_flight),
        cmocka_unit_test(test_gives_up),     cmocka_unit_test(test_lost_finish),
        cmocka_unit_test(test_close),        cmocka_unit_test(test_rubbish),
        cmocka_unit_test(test_hello_in_pieces),
        cmocka_unit_test(test_browser_is_server),
        cmocka_unit_test(test_refuses_as_client),
    };

    return cmocka_run_group_tests_name("dtls", tests, NULL, NULL);
}
