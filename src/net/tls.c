#include "net/tls.h"

#include "base/err.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/err.h>
#include <openssl/ssl.h>
#undef ERR_STATE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TICKET_KEYS = 80 }; /* what OpenSSL keeps: a name, a key and a key */

struct tls {
    char *cert_path, *key_path;
    pthread_mutex_t lock; /* over ctx, which a reload replaces */
    SSL_CTX *ctx;
};

/* ALPN names are length-prefixed (RFC 7301 3.1), ours in the order of preference. A client with
 * none of them is told nothing and judged by its first bytes. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *outlen,
                           const unsigned char *in, unsigned inlen, void *ctx)
{
    static const unsigned char ours[] = "\x02h2\x08http/1.1";
    unsigned char *chosen = NULL;
    int r = SSL_select_next_proto(&chosen, outlen, ours, sizeof(ours) - 1, in, inlen);

    (void)ssl;
    (void)ctx;
    *out = chosen;
    return r == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/* RFC 9325 4.2: forward secrecy and authenticated encryption, which are also all that HTTP/2 allows
 * (RFC 9113 9.2.2). */
static bool set_rules(SSL_CTX *ctx)
{
    static const unsigned char id[] = "kengesh";

    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    /* An idle connection keeps no buffers; a page may lie elsewhere when a write is tried again. */
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(ctx, 1); /* a record's head and its text in one read */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    /* Each connection that is resumed brings a new ticket; the usual second one is 250 bytes and
     * a twentieth of the handshake for nothing. */
    SSL_CTX_set_num_tickets(ctx, 1);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1) == 1 &&
           SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1 &&
           SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
}

static int make_ctx(const struct tls *t, SSL_CTX **ret_ctx)
{
    SSL_CTX *ctx = NULL;
    int r = ERR_CRYPTO;

    if (access(t->cert_path, R_OK) != 0 || access(t->key_path, R_OK) != 0)
        return ERR_NOT_FOUND;
    ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx)
        return ERR_MEM;
    if (!set_rules(ctx) || SSL_CTX_use_certificate_chain_file(ctx, t->cert_path) != 1 ||
        SSL_CTX_use_PrivateKey_file(ctx, t->key_path, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(ctx) != 1)
        goto out;
    *ret_ctx = ctx;
    ctx = NULL;
    r = 0;
out:
    SSL_CTX_free(ctx);
    ERR_clear_error();
    return r;
}

int tls_new(const char *cert_path, const char *key_path, struct tls **ret_tls)
{
    struct tls *t = calloc(1, sizeof(*t));
    int r = ERR_MEM;

    if (!t)
        return ERR_MEM;
    pthread_mutex_init(&t->lock, NULL);
    t->cert_path = strdup(cert_path);
    t->key_path = strdup(key_path);
    if (!t->cert_path || !t->key_path)
        goto out;
    r = make_ctx(t, &t->ctx);
    if (r < 0)
        goto out;
    *ret_tls = t;
    t = NULL;
out:
    tls_free(t);
    return r;
}

int tls_reload(struct tls *t)
{
    unsigned char keys[TICKET_KEYS];
    SSL_CTX *ctx = NULL;
    int r = make_ctx(t, &ctx);

    if (r < 0)
        return r;
    if (SSL_CTX_get_tlsext_ticket_keys(t->ctx, keys, sizeof(keys)) == 1)
        (void)SSL_CTX_set_tlsext_ticket_keys(ctx, keys, sizeof(keys));
    OPENSSL_cleanse(keys, sizeof(keys));
    pthread_mutex_lock(&t->lock);
    SSL_CTX_free(t->ctx); /* connections that live hold it themselves */
    t->ctx = ctx;
    pthread_mutex_unlock(&t->lock);
    return 0;
}

int tls_accept(struct tls *t, int fd, void **ret_ssl)
{
    SSL *ssl;

    pthread_mutex_lock(&t->lock);
    ssl = SSL_new(t->ctx);
    pthread_mutex_unlock(&t->lock);
    if (!ssl || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return ERR_MEM;
    }
    SSL_set_accept_state(ssl);
    *ret_ssl = ssl;
    return 0;
}

bool tls_is_h2(void *ssl)
{
    const unsigned char *name = NULL;
    unsigned n = 0;

    SSL_get0_alpn_selected(ssl, &name, &n);
    return n == 2 && !memcmp(name, "h2", 2);
}

void tls_fingerprint(struct tls *t, char to[static TLS_FINGERPRINT])
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    pthread_mutex_lock(&t->lock);
    if (X509_digest(SSL_CTX_get0_certificate(t->ctx), EVP_sha256(), sum, &n) != 1)
        n = 0;
    pthread_mutex_unlock(&t->lock);
    to[0] = 0;
    for (unsigned i = 0; i < n && 3 * i + 3 <= TLS_FINGERPRINT; i++)
        snprintf(to + 3 * i, 4, i + 1 < n ? "%02X:" : "%02X", sum[i]);
}

void tls_free(struct tls *t)
{
    if (!t)
        return;
    SSL_CTX_free(t->ctx);
    pthread_mutex_destroy(&t->lock);
    free(t->cert_path);
    free(t->key_path);
    free(t);
}
