#include "client.h"

#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/rtp.h"
#include "media/stun.h"

/* OpenSSL has a type of this name that nobody uses here. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/ec.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#undef ERR_STATE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 *   client_start ──▶ checks every 100 ms ──answered──▶ DTLS ──▶ keys ──▶ connected
 *                                                  a check every 2.5 s goes on (RFC 7675)
 *
 * DTLS_DATAGRAM: what Chromium puts into one datagram at most. A record has 13 bytes in front, RFC
 * 6347 4.1.
 */
enum { DTLS_DATAGRAM = 1200, DTLS_RECORD = 13, CHECK_FIRST = 100000, CHECK_CONSENT = 2500000 };

struct client_kit {
    SSL_CTX *ssl;
    char fingerprint[CLIENT_FINGERPRINT];
};

struct client {
    struct client_kit *kit;
    client_tx_fn *tx;
    void *ctx;
    char ufrag[CLIENT_UFRAG + 1], pwd[CLIENT_PWD + 1];
    char their_fingerprint[CLIENT_FINGERPRINT];
    char username[128], their_pwd[128];
    uint64_t tie_breaker;
    usec check_due;
    bool is_started, is_checked, is_connected, is_broken;
    SSL *ssl;
    BIO *in, *out; /* owned by ssl */
    enum srtp_suite suite;
    struct srtp_keys *rx_keys, *tx_keys;
    struct srtcp_rx rtcp_rx;
    struct client_stream streams[CLIENT_STREAMS];
    unsigned nstreams;
};

/* ---- the kit ---- */

static void print_fingerprint(const X509 *cert, char to[static CLIENT_FINGERPRINT])
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    X509_digest(cert, EVP_sha256(), hash, &n);
    for (unsigned i = 0; i < n; i++)
        snprintf(to + i * 3, 4, i + 1 < n ? "%02X:" : "%02X", hash[i]);
}

static X509 *make_cert(EVP_PKEY *key)
{
    X509 *cert = X509_new();

    if (!cert)
        return NULL;
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -86400);
    X509_gmtime_adj(X509_getm_notAfter(cert), 30 * 86400);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                               (const uint8_t *)"bench", -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    if (!X509_sign(cert, key, EVP_sha256())) {
        X509_free(cert);
        return NULL;
    }
    return cert;
}

/* The certificate is held against the fingerprint when the handshake is through; there is no chain
 * to judge. */
static int accept_any(int is_ok, X509_STORE_CTX *store)
{
    (void)is_ok;
    (void)store;
    return 1;
}

int client_kit_new(enum srtp_suite only, struct client_kit **ret_kit)
{
    struct client_kit *k = calloc(1, sizeof(*k));
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = key ? make_cert(key) : NULL;
    const char *suites = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";
    int r = ERR_MEM;

    if (only == SRTP_AES_CM_128_HMAC_SHA1_80)
        suites = "SRTP_AES128_CM_SHA1_80";
    if (only == SRTP_AEAD_AES_128_GCM)
        suites = "SRTP_AEAD_AES_128_GCM";
    if (!k || !cert)
        goto out;
    k->ssl = SSL_CTX_new(DTLS_client_method());
    if (!k->ssl)
        goto out;
    r = ERR_CRYPTO;
    SSL_CTX_set_verify(k->ssl, SSL_VERIFY_PEER, accept_any);
    if (SSL_CTX_use_certificate(k->ssl, cert) != 1 || SSL_CTX_use_PrivateKey(k->ssl, key) != 1 ||
        SSL_CTX_set_tlsext_use_srtp(k->ssl, suites) != 0)
        goto out;
    print_fingerprint(cert, k->fingerprint);
    *ret_kit = k;
    k = NULL;
    r = 0;
out:
    client_kit_free(k);
    X509_free(cert);
    EVP_PKEY_free(key);
    return r;
}

const char *client_kit_fingerprint(const struct client_kit *k)
{
    return k->fingerprint;
}

void client_kit_free(struct client_kit *k)
{
    if (!k)
        return;
    SSL_CTX_free(k->ssl);
    free(k);
}

/* ---- life ---- */

int client_new(struct client_kit *k, client_tx_fn *tx, void *ctx, struct client **ret_client)
{
    struct client *c = calloc(1, sizeof(*c));

    if (!c)
        return ERR_MEM;
    c->kit = k;
    c->tx = tx;
    c->ctx = ctx;
    c->tie_breaker = random_u64();
    random_token(c->ufrag, CLIENT_UFRAG);
    random_token(c->pwd, CLIENT_PWD);
    c->ssl = SSL_new(k->ssl);
    c->in = BIO_new(BIO_s_mem());
    c->out = BIO_new(BIO_s_mem());
    if (!c->ssl || !c->in || !c->out) {
        BIO_free(c->in);
        BIO_free(c->out);
        c->in = c->out = NULL;
        client_free(c);
        return ERR_MEM;
    }
    BIO_set_mem_eof_return(c->in, -1);
    BIO_set_mem_eof_return(c->out, -1);
    SSL_set_bio(c->ssl, c->in, c->out);
    SSL_set_options(c->ssl, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(c->ssl, DTLS_DATAGRAM);
    SSL_set_connect_state(c->ssl);
    *ret_client = c;
    return 0;
}

const char *client_ufrag(const struct client *c)
{
    return c->ufrag;
}

const char *client_pwd(const struct client *c)
{
    return c->pwd;
}

int client_start(struct client *c, str ufrag, str pwd, str fingerprint)
{
    int n = snprintf(c->username, sizeof(c->username), "%.*s:%s", STR(ufrag), c->ufrag);
    int m = snprintf(c->their_pwd, sizeof(c->their_pwd), "%.*s", STR(pwd));
    int f = snprintf(c->their_fingerprint, sizeof(c->their_fingerprint), "%.*s", STR(fingerprint));

    if (n >= (int)sizeof(c->username) || m >= (int)sizeof(c->their_pwd) ||
        f >= (int)sizeof(c->their_fingerprint) || !ufrag.n || !pwd.n)
        return ERR_SYNTAX;
    c->is_started = true;
    return 0;
}

bool client_is_connected(const struct client *c)
{
    return c->is_connected;
}

bool client_is_broken(const struct client *c)
{
    return c->is_broken;
}

enum srtp_suite client_suite(const struct client *c)
{
    return c->suite;
}

struct client_stream *client_stream_at(struct client *c, unsigned i)
{
    return i < c->nstreams ? &c->streams[i] : NULL;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    SSL_free(c->ssl);
    srtp_keys_free(c->rx_keys);
    srtp_keys_free(c->tx_keys);
    free(c);
}

/* ---- ICE ---- */

static void send_check(struct client *c)
{
    uint8_t buf[STUN_MAX_BYTES];
    struct wr w = wr_init(buf, sizeof(buf));
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .username = str_c(c->username),
                     .has_priority = true,
                     .priority = 0x6effffff, /* peer reflexive, RFC 8445 5.1.2 */
                     .has_use_candidate = true,
                     .role = STUN_CONTROLLING,
                     .tie_breaker = c->tie_breaker};

    random_bytes(m.tid, sizeof(m.tid));
    stun_write(&w, &m, str_c(c->their_pwd));
    if (!w.err)
        c->tx(buf, wr_len(&w), c->ctx);
}

/* A server that is not ICE-lite checks us too. */
static void answer_check(struct client *c, const struct stun *m)
{
    uint8_t buf[STUN_MAX_BYTES];
    struct wr w = wr_init(buf, sizeof(buf));
    struct addr nowhere = {.ip = {[10] = 0xff, 0xff, 127, 0, 0, 1}, .port = 9};

    if (stun_check(m, str_c(c->pwd)) < 0)
        return;
    stun_respond(&w, m, &nowhere, str_c(c->pwd));
    if (!w.err)
        c->tx(buf, wr_len(&w), c->ctx);
}

/* ---- DTLS ---- */

/* Records go out as few datagrams as fit DTLS_DATAGRAM. */
static void flush_dtls(struct client *c)
{
    uint8_t *p;
    long have = BIO_get_mem_data(c->out, &p);
    size_t left = have > 0 ? (size_t)have : 0, run = 0;

    while (left - run >= DTLS_RECORD) {
        size_t n = DTLS_RECORD + (size_t)(p[run + 11] << 8 | p[run + 12]);

        if (n > left - run)
            break;
        if (run && run + n > DTLS_DATAGRAM) {
            c->tx(p, run, c->ctx);
            p += run;
            left -= run;
            run = 0;
        }
        run += n;
    }
    if (run)
        c->tx(p, run, c->ctx);
    (void)BIO_reset(c->out);
}

static bool is_right_cert(const struct client *c)
{
    X509 *cert = SSL_get1_peer_certificate(c->ssl);
    char text[CLIENT_FINGERPRINT] = "";
    bool is_right;

    if (!cert)
        return false;
    print_fingerprint(cert, text);
    is_right = str_ieq(str_c(text), str_c(c->their_fingerprint));
    X509_free(cert);
    return is_right;
}

static int take_keys(struct client *c)
{
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(c->ssl);
    uint8_t material[SRTP_MAX_MATERIAL];

    if (!profile || !is_right_cert(c))
        return ERR_CRYPTO;
    c->suite = (enum srtp_suite)profile->id;
    if (!srtp_material_bytes(c->suite) ||
        SSL_export_keying_material(c->ssl, material, srtp_material_bytes(c->suite),
                                   "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0) != 1)
        return ERR_CRYPTO;
    return srtp_keys_export(c->suite, material, false, &c->rx_keys, &c->tx_keys);
}

static void step_dtls(struct client *c)
{
    int r = SSL_do_handshake(c->ssl);

    flush_dtls(c);
    if (r == 1 && !c->is_connected) {
        if (take_keys(c) < 0)
            c->is_broken = true;
        else
            c->is_connected = true;
        return;
    }
    if (r != 1) {
        int why = SSL_get_error(c->ssl, r);

        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            c->is_broken = true;
    }
}

static void rx_dtls(struct client *c, const uint8_t *p, size_t n)
{
    char sink[64];

    if (BIO_write(c->in, p, (int)n) != (int)n)
        return;
    if (c->is_connected) {
        /* A repeated flight of the server, or its goodbye. */
        (void)SSL_read(c->ssl, sink, sizeof(sink));
        flush_dtls(c);
        return;
    }
    step_dtls(c);
}

static void rx_stun(struct client *c, const uint8_t *p, size_t n, usec now)
{
    struct stun m;

    if (stun_parse(p, n, &m) < 0)
        return;
    if (m.class == STUN_REQUEST) {
        answer_check(c, &m);
        return;
    }
    if (m.class != STUN_RESPONSE || stun_check(&m, str_c(c->their_pwd)) < 0)
        return;
    if (c->is_checked)
        return;
    c->is_checked = true;
    c->check_due = now + CHECK_CONSENT;
    step_dtls(c);
}

void client_tick(struct client *c, usec now)
{
    struct timeval left;

    if (!c->is_started || c->is_broken)
        return;
    if (now >= c->check_due) {
        c->check_due = now + (c->is_checked ? CHECK_CONSENT : CHECK_FIRST);
        send_check(c);
    }
    if (c->is_checked && !c->is_connected && DTLSv1_get_timeout(c->ssl, &left) && !left.tv_sec &&
        !left.tv_usec) {
        (void)DTLSv1_handle_timeout(c->ssl);
        flush_dtls(c);
    }
}

/* ---- media ---- */

static struct client_stream *stream_by_ssrc(struct client *c, uint32_t ssrc)
{
    for (unsigned i = 0; i < c->nstreams; i++)
        if (c->streams[i].ssrc == ssrc)
            return &c->streams[i];
    if (c->nstreams == CLIENT_STREAMS)
        return NULL;
    c->streams[c->nstreams].ssrc = ssrc;
    return &c->streams[c->nstreams++];
}

static void count(struct client_stream *s, const struct rtp *r)
{
    uint32_t seq;

    if (!s->is_begun) {
        s->is_begun = true;
        s->first = s->top = 65536u + r->seq;
    }
    seq = (uint32_t)((int64_t)s->top + (int16_t)(uint16_t)(r->seq - (uint16_t)s->top));
    if (seq > s->top)
        s->top = seq;
    s->packets++;
    s->bytes += r->payload_n;
}

static int rx_rtp(struct client *c, uint8_t *p, size_t n, struct client_packet *to)
{
    int r = rtp_head(p, n, &to->rtp);

    if (r < 0)
        return r;
    to->stream = stream_by_ssrc(c, to->rtp.ssrc);
    if (!to->stream)
        return ERR_FULL;
    r = srtp_unprotect(c->rx_keys, &to->stream->rx, p, n, &to->n);
    if (r == 0)
        r = rtp_parse(p, to->n, &to->rtp);
    if (r < 0)
        return r;
    count(to->stream, &to->rtp);
    to->is_rtp = true;
    return 0;
}

static int rx_media(struct client *c, uint8_t *p, size_t n, struct client_packet *to)
{
    int r;

    if (!c->is_connected)
        return ERR_STATE;
    if (!rtp_is_rtcp(p, n))
        return rx_rtp(c, p, n, to);
    r = srtcp_unprotect(c->rx_keys, &c->rtcp_rx, p, n, &to->n);
    to->is_rtcp = r == 0;
    return r;
}

int client_rx(struct client *c, uint8_t *p, size_t n, usec now, struct client_packet *ret_packet)
{
    struct client_packet packet = {0};
    int r = 0;

    if (!c->is_started || n < 2)
        return ERR_STATE;
    if (p[0] >= 128 && p[0] <= 191)
        r = rx_media(c, p, n, &packet);
    else if (stun_is(p, n))
        rx_stun(c, p, n, now);
    else if (p[0] >= 20 && p[0] <= 63)
        rx_dtls(c, p, n);
    if (r == 0)
        *ret_packet = packet;
    return r;
}

int client_tx_rtp(struct client *c, struct srtp_tx *tx, const struct srtp_parts *parts)
{
    uint8_t buf[1500];
    size_t n;
    int r;

    if (!c->is_connected)
        return ERR_STATE;
    r = srtp_protect(c->tx_keys, tx, parts, buf, sizeof(buf), &n);
    if (r == 0)
        c->tx(buf, n, c->ctx);
    return r;
}

void client_tx_rtcp(struct client *c, const uint8_t *p, size_t n)
{
    uint8_t buf[1500];

    if (c->is_connected && srtcp_protect(c->tx_keys, p, n, buf, sizeof(buf), &n) == 0)
        c->tx(buf, n, c->ctx);
}
