/*
 * DTLS 1.2 over datagrams that come and go as calls (RFC 6347), and the SRTP keys that it agrees on
 * (RFC 5764). We are the server, or the client where the peer's offer says that it is the server
 * (RFC 5763 5). OpenSSL does the protocol; the retransmission timer is ours,
 * because OpenSSL's reads the wall clock: a flight is kept as the datagrams it was, and sent again
 * after 100 ms, doubling to 4 s.
 *
 * One dtls_cert per process (any thread may read it), one dtls per peer, owned by the peer, on its
 * media thread.
 */
#ifndef MEDIA_DTLS_H
#define MEDIA_DTLS_H

#include "base/types.h"

struct dtls;
struct dtls_cert;

enum {
    DTLS_FINGERPRINT_BYTES = 32, /* sha-256 */
    DTLS_FINGERPRINT_TEXT = 96,  /* "AB:CD:…" of 32 bytes, with a NUL */
    DTLS_MASTER_MAX =
        30, /* 16 of key and 14 of salt, RFC 5764 4.1.2; GCM has 12 of salt, RFC 7714 12 */
};

enum dtls_role { DTLS_SERVER, DTLS_CLIENT };
enum dtls_profile { DTLS_AES_128_GCM, DTLS_AES_CM_SHA1_80 };

/* Master key and salt, one behind the other, of each direction. */
struct dtls_keys {
    enum dtls_profile profile;
    size_t key_n, salt_n;
    uint8_t up[DTLS_MASTER_MAX];   /* of what the peer sends */
    uint8_t down[DTLS_MASTER_MAX]; /* of what we send */
};

/* A datagram for the peer. Runs inside dtls_start, dtls_rx, dtls_tick and dtls_close. */
typedef void dtls_tx_fn(const uint8_t *p, size_t n, void *ctx);

/* A self-signed ECDSA P-256 certificate and what OpenSSL needs around it. */
int dtls_cert_new(struct dtls_cert **ret_cert);
void dtls_cert_fingerprint(const struct dtls_cert *c, char to[static DTLS_FINGERPRINT_TEXT]);
/* NULL-safe; every dtls made of it must be gone. */
void dtls_cert_free(struct dtls_cert *c);

/* role: ours. `peer`: the sha-256 that the offer announced; another certificate ends the handshake
 * with ERR_CRYPTO. */
int dtls_new(struct dtls_cert *c, enum dtls_role role,
             const uint8_t peer[static DTLS_FINGERPRINT_BYTES], dtls_tx_fn *tx, void *ctx,
             struct dtls **ret_dtls);
/* A client says its first flight: once, before dtls_rx. 0 or ERR_CRYPTO. */
int dtls_start(struct dtls *d, usec now);
/* A datagram has come. 0; ERR_CLOSED when the peer has closed; ERR_CRYPTO when the handshake has
 * failed for good. */
int dtls_rx(struct dtls *d, const uint8_t *p, size_t n, usec now);
/* Sends the last flight again when it is due; ERR_TIMEOUT: the handshake has not ended in 30 s. */
int dtls_tick(struct dtls *d, usec now);
/* When dtls_tick wants to be called; INT64_MAX: never. */
usec dtls_due(const struct dtls *d);
/* The handshake is through and the peer's certificate is the announced one. */
bool dtls_is_done(const struct dtls *d);
/* ERR_STATE before dtls_is_done. */
int dtls_keys(const struct dtls *d, struct dtls_keys *ret_keys);
/* Sends close_notify if there is anything to close. */
void dtls_close(struct dtls *d);
/* NULL-safe. */
void dtls_free(struct dtls *d);

#endif
