#include "media/dtls.h"

#include "base/ct.h"
#include "base/err.h"

/* OpenSSL has a type of this name that nobody needs; ours is the error. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#undef ERR_STATE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 *   peer ──dtls_rx──▶ datagram ──BIO read──▶ SSL ──BIO write──▶ flight[] ──▶ tx()
 *                                                                  └──dtls_tick──▶ tx() again
 *
 * What SSL writes in answer to one datagram is the new flight and replaces the old one. Sending a
 * flight again repeats its record numbers: a record that has arrived is dropped there by the replay
 * window, the lost one is news (RFC 6347 4.1.2.6).
 */

enum {
    MTU = 1200,     /* fits every path that carries IPv6 (1,280), and TURN around it */
    MAX_FLIGHT = 8, /* ServerHello to ServerHelloDone is 1 datagram with our certificate; room for a
                       doubled answer */
    SERIAL_BITS = 63, /* positive, and unlike that of the process before (RFC 5280 4.1.2.2) */
};

static const usec first_wait = 100 * USEC_MS; /* RFC 6347 4.2.4.1 says 1 s, and allows less */
static const usec longest_wait = 4 * USEC_S;
static const usec patience = 30 * USEC_S; /* as long as ICE consent, RFC 7675 5.1 */

struct dtls_cert {
    EVP_PKEY *key;
    X509 *x509;
    SSL_CTX *ctx;
    BIO_METHOD *method;
    uint8_t digest[DTLS_FINGERPRINT_BYTES];
};

struct datagram {
    size_t n;
    uint8_t bytes[MTU];
};

struct dtls {
    SSL *ssl;
    enum dtls_role role;
    dtls_tx_fn *tx;
    void *ctx;
    uint8_t peer[DTLS_FINGERPRINT_BYTES];
    const uint8_t *in; /* the datagram being read; NULL: none */
    size_t in_n;
    struct datagram *flight; /* MAX_FLIGHT of them while the handshake runs */
    unsigned nflight;
    bool is_new_flight; /* the next write begins one */
    bool is_begun, is_done, is_failed;
    usec began, due, wait;
};

/* ---- the datagram BIO ---- */

static int bio_write(BIO *b, const char *p, int n)
{
    struct dtls *d = BIO_get_data(b);

    BIO_clear_retry_flags(b);
    if (d->is_new_flight) {
        d->nflight = 0;
        d->is_new_flight = false;
    }
    if (d->flight && d->nflight < MAX_FLIGHT && n <= MTU) {
        struct datagram *g = &d->flight[d->nflight++];

        g->n = (size_t)n;
        memcpy(g->bytes, p, (size_t)n);
    }
    d->tx((const uint8_t *)p, (size_t)n, d->ctx);
    return n;
}

static int bio_read(BIO *b, char *to, int room)
{
    struct dtls *d = BIO_get_data(b);
    size_t n = d->in_n < (size_t)room ? d->in_n : (size_t)room;

    BIO_clear_retry_flags(b);
    if (!d->in) {
        BIO_set_retry_read(b);
        return -1;
    }
    memcpy(to, d->in,
           n); /* a datagram is read once, whole; what does not fit is lost, as with recv(2) */
    d->in = NULL;
    return (int)n;
}

static long bio_ctrl(BIO *b, int cmd, long num, void *ptr)
{
    (void)b;
    (void)num;
    (void)ptr;
    switch (cmd) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
    case BIO_CTRL_DGRAM_QUERY_MTU:
        return MTU;
    default:
        return 0;
    }
}

static int method_new(BIO_METHOD **ret_method)
{
    BIO_METHOD *m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");

    if (!m)
        return ERR_MEM;
    BIO_meth_set_write(m, bio_write);
    BIO_meth_set_read(m, bio_read);
    BIO_meth_set_ctrl(m, bio_ctrl);
    *ret_method = m;
    return 0;
}

/* ---- the certificate ---- */

/* Chromium's own name for such a certificate: it travels in the clear, and ours should tell a
 * filter nothing. */
static int x509_fill(X509 *x, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(x);
    BIGNUM *serial = BN_new();
    int ok;

    ok = serial && BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
         BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x)) && X509_set_version(x, 2) &&
         X509_gmtime_adj(X509_getm_notBefore(x), -86400L) &&
         X509_gmtime_adj(X509_getm_notAfter(x), 86400L * 365) && X509_set_pubkey(x, key) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"WebRTC", -1, -1,
                                    0) &&
         X509_set_issuer_name(x, name) && X509_sign(x, key, EVP_sha256());
    BN_free(serial);
    return ok ? 0 : ERR_CRYPTO;
}

/* The chain is not judged: the fingerprint in the offer is what binds a certificate to a person
 * (RFC 8122 5). */
static int accept_any(int ok, X509_STORE_CTX *store)
{
    (void)ok;
    (void)store;
    return 1;
}

static int ctx_new(struct dtls_cert *c)
{
    c->ctx = SSL_CTX_new(DTLS_method());
    if (!c->ctx)
        return ERR_MEM;
    SSL_CTX_set_options(c->ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(c->ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
    SSL_CTX_set_read_ahead(c->ctx, 1);
    /* the suites with RSA are for servers whose certificate is of that kind: ours is not */
    if (SSL_CTX_set_min_proto_version(c->ctx, DTLS1_2_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(c->ctx, DTLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(c->ctx,
                                "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
                                "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
                                "ECDHE-RSA-CHACHA20-POLY1305") != 1 ||
        SSL_CTX_set1_groups_list(c->ctx, "X25519:P-256") != 1 ||
        SSL_CTX_use_certificate(c->ctx, c->x509) != 1 ||
        SSL_CTX_use_PrivateKey(c->ctx, c->key) != 1)
        return ERR_CRYPTO;
    /* this one returns 0 for success; the order is our preference, which is the server's to set
     * (RFC 5764 4.1.1) */
    if (SSL_CTX_set_tlsext_use_srtp(c->ctx, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") != 0)
        return ERR_CRYPTO;
    return 0;
}

int dtls_cert_new(struct dtls_cert **ret_cert)
{
    struct dtls_cert *c = calloc(1, sizeof(*c));
    unsigned n = 0;
    int r = ERR_MEM;

    if (!c)
        return ERR_MEM;
    c->key = EVP_EC_gen("P-256");
    c->x509 = X509_new();
    if (!c->key || !c->x509)
        goto out;
    r = x509_fill(c->x509, c->key);
    if (r < 0)
        goto out;
    r = ERR_CRYPTO;
    if (!X509_digest(c->x509, EVP_sha256(), c->digest, &n) || n != sizeof(c->digest))
        goto out;
    r = method_new(&c->method);
    if (r < 0)
        goto out;
    r = ctx_new(c);
    if (r < 0)
        goto out;
    *ret_cert = c;
    c = NULL;
out:
    ERR_clear_error();
    dtls_cert_free(c);
    return r;
}

void dtls_cert_fingerprint(const struct dtls_cert *c, char to[static DTLS_FINGERPRINT_TEXT])
{
    for (size_t i = 0; i < sizeof(c->digest); i++)
        snprintf(to + 3 * i, 4, i + 1 < sizeof(c->digest) ? "%02X:" : "%02X", c->digest[i]);
}

void dtls_cert_free(struct dtls_cert *c)
{
    if (!c)
        return;
    SSL_CTX_free(c->ctx);
    BIO_meth_free(c->method);
    X509_free(c->x509);
    EVP_PKEY_free(c->key);
    free(c);
}

/* ---- one peer ---- */

/* OpenSSL's own timer never fires: ours stands in its place. */
static unsigned an_hour(SSL *ssl, unsigned us)
{
    (void)ssl;
    (void)us;
    return 3600u * 1000000u;
}

int dtls_new(struct dtls_cert *c, enum dtls_role role,
             const uint8_t peer[static DTLS_FINGERPRINT_BYTES], dtls_tx_fn *tx, void *ctx,
             struct dtls **ret_dtls)
{
    struct dtls *d = calloc(1, sizeof(*d));
    BIO *bio = NULL;
    int r = ERR_MEM;

    if (!d)
        return ERR_MEM;
    d->flight = calloc(MAX_FLIGHT, sizeof(d->flight[0]));
    d->ssl = SSL_new(c->ctx);
    bio = BIO_new(c->method);
    if (!d->flight || !d->ssl || !bio)
        goto out;
    d->role = role;
    d->tx = tx;
    d->ctx = ctx;
    d->due = INT64_MAX;
    memcpy(d->peer, peer, sizeof(d->peer));
    BIO_set_data(bio, d);
    BIO_set_init(bio, 1);
    SSL_set_bio(d->ssl, bio, bio); /* takes over both references, which are one */
    bio = NULL;
    SSL_set_mtu(d->ssl, MTU);
    DTLS_set_timer_cb(d->ssl, an_hour);
    if (role == DTLS_CLIENT)
        SSL_set_connect_state(d->ssl);
    else
        SSL_set_accept_state(d->ssl);
    *ret_dtls = d;
    d = NULL;
    r = 0;
out:
    BIO_free(bio);
    dtls_free(d);
    return r;
}

static bool is_announced(struct dtls *d)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    X509 *x = SSL_get1_peer_certificate(d->ssl);
    unsigned n = 0;
    bool ok = x && X509_digest(x, EVP_sha256(), digest, &n) && n == sizeof(d->peer) &&
              ct_equal(digest, d->peer, sizeof(d->peer));

    X509_free(x);
    return ok;
}

/*
 * A record's buffers, 33 kB, are there while a datagram is in work: after the handshake nothing but
 * a repeated last flight or the end comes, and SSL_MODE_RELEASE_BUFFERS is not for DTLS. OpenSSL
 * fetches the buffer for reading by itself; the one for writing it takes for granted.
 */
static bool take_buffers(const struct dtls *d)
{
    return !d->is_done || SSL_alloc_buffers(d->ssl) == 1;
}

static void give_buffers_back(const struct dtls *d)
{
    if (d->is_done)
        (void)SSL_free_buffers(d->ssl); /* not while a record waits in them */
}

/* The handshake has ended well, or not: SRTP must have been agreed on and the certificate be the
 * announced one. */
static int finish(struct dtls *d)
{
    if (!SSL_get_selected_srtp_profile(d->ssl) || !is_announced(d))
        return ERR_CRYPTO;
    d->is_done = true;
    d->due = INT64_MAX;
    free(d->flight); /* from here a lost last flight is asked for again by the peer, and OpenSSL
                        answers */
    d->flight = NULL;
    d->nflight = 0;
    return 0;
}

static int handshake(struct dtls *d)
{
    int r = SSL_do_handshake(d->ssl);

    if (r == 1)
        return finish(d);
    r = SSL_get_error(d->ssl, r);
    return r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE ? 0 : ERR_CRYPTO;
}

/* Nothing is sent inside our DTLS, so all there is to read is alerts and a last flight that the
 * peer repeats. */
static int read_rest(struct dtls *d)
{
    uint8_t scrap[256];
    int n;

    for (int i = 0; i < MAX_FLIGHT; i++) {
        n = SSL_read(d->ssl, scrap, sizeof(scrap));
        if (n <= 0)
            return SSL_get_shutdown(d->ssl) & SSL_RECEIVED_SHUTDOWN ? ERR_CLOSED : 0;
    }
    return 0;
}

int dtls_start(struct dtls *d, usec now)
{
    int r;

    d->is_begun = true;
    d->began = now;
    ERR_clear_error();
    r = handshake(d);
    ERR_clear_error();
    d->is_failed = r < 0;
    d->wait = first_wait;
    d->due = d->is_failed ? INT64_MAX : now + d->wait;
    return r;
}

int dtls_rx(struct dtls *d, const uint8_t *p, size_t n, usec now)
{
    int r = 0;

    if (d->is_failed)
        return ERR_CRYPTO;
    if (!n)
        return 0; /* OpenSSL would take it for the end */
    if (!take_buffers(d))
        return ERR_MEM;
    if (!d->is_begun)
        d->began = now;
    d->is_begun = true;
    d->in = p;
    d->in_n = n;
    d->is_new_flight = true;
    ERR_clear_error();
    if (!d->is_done)
        r = handshake(d);
    if (r == 0 && d->is_done)
        r = read_rest(d);
    give_buffers_back(d);
    ERR_clear_error();
    d->in = NULL;
    d->is_failed = r == ERR_CRYPTO;
    if (!d->is_done && !d->is_new_flight && !d->is_failed) {
        d->wait = first_wait;
        d->due = now + d->wait;
    } else if (d->due == INT64_MAX && !d->is_done) {
        d->due = now + first_wait;
    }
    d->is_new_flight = false;
    return r;
}

int dtls_tick(struct dtls *d, usec now)
{
    if (now < d->due)
        return 0;
    if (now - d->began > patience) {
        d->is_failed = true;
        d->due = INT64_MAX;
        return ERR_TIMEOUT;
    }
    for (unsigned i = 0; i < d->nflight; i++)
        d->tx(d->flight[i].bytes, d->flight[i].n, d->ctx);
    d->wait = d->wait ? d->wait * 2 : first_wait;
    if (d->wait > longest_wait)
        d->wait = longest_wait;
    d->due = now + d->wait;
    return 0;
}

usec dtls_due(const struct dtls *d)
{
    return d->due;
}

bool dtls_is_done(const struct dtls *d)
{
    return d->is_done;
}

/* RFC 5764 4.2: client key, server key, client salt, server salt. */
int dtls_keys(const struct dtls *d, struct dtls_keys *ret_keys)
{
    static const char label[] = "EXTRACTOR-dtls_srtp";
    uint8_t all[2 * DTLS_MASTER_MAX];
    struct dtls_keys k = {.key_n = 16};
    uint8_t *client, *server;
    const SRTP_PROTECTION_PROFILE *profile;
    int r = ERR_CRYPTO;

    if (!d->is_done)
        return ERR_STATE;
    profile = SSL_get_selected_srtp_profile(d->ssl);
    k.profile = profile->id == SRTP_AEAD_AES_128_GCM ? DTLS_AES_128_GCM : DTLS_AES_CM_SHA1_80;
    k.salt_n = k.profile == DTLS_AES_128_GCM ? 12 : 14;
    if (SSL_export_keying_material(d->ssl, all, 2 * (k.key_n + k.salt_n), label, sizeof(label) - 1,
                                   NULL, 0, 0) != 1)
        goto out;
    client = d->role == DTLS_CLIENT ? k.down : k.up;
    server = d->role == DTLS_CLIENT ? k.up : k.down;
    memcpy(client, all, k.key_n);
    memcpy(server, all + k.key_n, k.key_n);
    memcpy(client + k.key_n, all + 2 * k.key_n, k.salt_n);
    memcpy(server + k.key_n, all + 2 * k.key_n + k.salt_n, k.salt_n);
    *ret_keys = k;
    r = 0;
out:
    ct_wipe(all, sizeof(all));
    ct_wipe(&k, sizeof(k));
    return r;
}

void dtls_close(struct dtls *d)
{
    if (d->is_failed || !d->is_begun || !take_buffers(d))
        return;
    ERR_clear_error();
    SSL_shutdown(d->ssl);
    ERR_clear_error();
}

void dtls_free(struct dtls *d)
{
    if (!d)
        return;
    SSL_free(d->ssl);
    free(d->flight);
    free(d);
}
