/*
 * SRTP and SRTCP (RFC 3711, RFC 7714) on OpenSSL. One thread. Cipher contexts are made once
 * per key; a packet sets the IV only and allocates nothing.
 *
 *   struct srtp_keys   session keys of one direction of one peer (RFC 3711 4.3); owned object
 *   struct srtp_tx     one per SSRC that we send: roll-over counter. Plain value, zero is the
 * start; lives in the slot struct srtp_rx     one per SSRC that we receive: roll-over counter and
 * replay window. Plain value, zero is the start
 *
 * Protecting is out of place: a header of our own, a few bytes in front of the payload (RTX
 * original sequence number, a rewritten VP8 descriptor) and a payload shared by all viewers become
 * one datagram without a copy before it.
 */
#ifndef MEDIA_SRTP_H
#define MEDIA_SRTP_H

#include "base/types.h"

struct srtp_keys;

/* Numbers of the DTLS-SRTP protection profiles: RFC 5764 4.1.2, RFC 7714 14.2. */
enum srtp_suite {
    SRTP_NONE = 0,
    SRTP_AES_CM_128_HMAC_SHA1_80 = 0x0001,
    SRTP_AEAD_AES_128_GCM = 0x0007,
};

enum {
    SRTP_KEY = 16,
    SRTP_MAX_SALT = 14,
    SRTP_MAX_MATERIAL = 2 * (SRTP_KEY + SRTP_MAX_SALT),
    SRTP_MAX_TAG = 16,
    SRTCP_MAX_EXTRA = SRTP_MAX_TAG + 4, /* tag and E flag with index */
    SRTCP_MAX_SSRCS = 32, /* senders of RTCP in one peer: 13 receive slots of a viewer, and room */
    SRTP_WINDOW = 128,    /* packets; RFC 3711 3.3.2 asks for 64 at least */
};

/* Packet indices seen (48 bits for SRTP, 31 for SRTCP). Bit i of the window: top - i was seen. */
struct srtp_window {
    uint64_t top;
    uint64_t seen[SRTP_WINDOW / 64];
    bool is_begun;
};

struct srtp_tx {
    struct srtp_window w;
};

struct srtp_rx {
    struct srtp_window w;
};

struct srtcp_rx {
    unsigned n;
    struct {
        uint32_t ssrc;
        struct srtp_window w;
    } by[SRTCP_MAX_SSRCS];
};

/* The pieces of an outgoing RTP packet. Any but header may be empty. None may overlap `to`. */
struct srtp_parts {
    const uint8_t *header; /* as rtp_write made it */
    size_t header_n;
    const uint8_t *front; /* encrypted, in front of payload */
    size_t front_n;
    const uint8_t *payload; /* encrypted */
    size_t payload_n;
};

/* Bytes of master salt: 12 or 14. 0 for a suite that we do not speak. */
size_t srtp_salt_bytes(enum srtp_suite suite);
/* Bytes that srtp adds to an RTP packet: 16 or 10. */
size_t srtp_tag_bytes(enum srtp_suite suite);
/* Bytes to ask of the TLS exporter "EXTRACTOR-dtls_srtp" (RFC 5764 4.2): both keys and both salts.
 */
size_t srtp_material_bytes(enum srtp_suite suite);

/* master key: SRTP_KEY bytes; salt: srtp_salt_bytes(). is_tx: the keys will protect; otherwise
 * unprotect. */
int srtp_keys_new(enum srtp_suite suite, bool is_tx, const uint8_t *master_key,
                  const uint8_t *master_salt, struct srtp_keys **ret_keys);
/*
 * The pair of the DTLS *server* from exported material (client key, server key, client salt, server
 * salt): ret_rx is what the client writes, ret_tx what the server writes. For a DTLS client swap
 * the two results. Both or none are made.
 */
int srtp_keys_export(enum srtp_suite suite, const uint8_t *material, bool is_server,
                     struct srtp_keys **ret_rx, struct srtp_keys **ret_tx);
enum srtp_suite srtp_keys_suite(const struct srtp_keys *k);

/*
 * One RTP datagram into `to`. The roll-over counter follows the header's sequence number (RFC
 * 3711 3.3.1), so slightly late packets are right too. ERR_REPLAY: this number was sent before or
 * is 128 behind: sending it again under the same key would break GCM, so a repeat goes by RTX.
 * ERR_TOO_BIG: room is less than the parts and the tag.
 */
int srtp_protect(struct srtp_keys *k, struct srtp_tx *tx, const struct srtp_parts *in, uint8_t *to,
                 size_t room, size_t *ret_n);
/*
 * In place. The caller finds rx by the SSRC in the header (rtp_head). ERR_SYNTAX, ERR_TRUNCATED,
 * ERR_REPLAY, ERR_CRYPTO (the tag does not fit); rx changes on success only, so a forged packet
 * moves nothing. The bytes of a refused packet are undefined.
 */
int srtp_unprotect(struct srtp_keys *k, struct srtp_rx *rx, uint8_t *p, size_t n, size_t *ret_n);

/* A compound RTCP packet of n bytes; `to` does not overlap it and has room for n + SRTCP_MAX_EXTRA.
 */
int srtcp_protect(struct srtp_keys *k, const uint8_t *p, size_t n, uint8_t *to, size_t room,
                  size_t *ret_n);
/* In place; as srtp_unprotect. ERR_FULL: more senders than SRTCP_MAX_SSRCS. */
int srtcp_unprotect(struct srtp_keys *k, struct srtcp_rx *rx, uint8_t *p, size_t n, size_t *ret_n);

/* NULL-safe; wipes. */
void srtp_keys_free(struct srtp_keys *k);

#endif
