/*
 * One end of a peer connection as a browser is one: full ICE agent in the controlling role (RFC
 * 8445), DTLS client, SRTP both ways. Sans I/O: datagrams and `now` come in, datagrams go out by a
 * function. One thread. Spec: RFC 8445, RFC 5764, RFC 7675.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include "base/types.h"
#include "media/rtp.h"
#include "media/srtp.h"

struct client;
struct client_kit;

enum { CLIENT_UFRAG = 8, CLIENT_PWD = 24, CLIENT_FINGERPRINT = 96, CLIENT_STREAMS = 16 };

/* A datagram for the server. */
typedef void client_tx_fn(const uint8_t *p, size_t n, void *ctx);

/* What was received of one SSRC. */
struct client_stream {
    uint32_t ssrc;
    struct srtp_rx rx;
    bool is_begun;
    uint32_t first, top;                      /* extended sequence numbers */
    uint64_t packets, bytes;                  /* decrypted, of payload */
    uint64_t expected_before, packets_before; /* for report blocks */
    uint32_t lsr;                             /* of its last SR, RFC 3550 6.4.1; 0: none came */
    usec sr_at;
    bool is_repeating; /* RTX (RFC 4588): repeats and probes, no media of its own */
};

/* What all clients of a program share: a certificate, and what OpenSSL needs around it. */
int client_kit_new(enum srtp_suite only, struct client_kit **ret_kit);
const char *client_kit_fingerprint(const struct client_kit *k);
void client_kit_free(struct client_kit *k);

int client_new(struct client_kit *k, client_tx_fn *tx, void *ctx, struct client **ret_client);
const char *client_ufrag(const struct client *c);
const char *client_pwd(const struct client *c);
/* What the server's description says; connecting begins with the next client_tick. fingerprint:
 * "AB:CD:…" of sha-256. */
int client_start(struct client *c, str ufrag, str pwd, str fingerprint);
/* Checks, DTLS timers, consent. Every 20 ms until connected, every second afterwards. */
void client_tick(struct client *c, usec now);
/* What a datagram was. */
struct client_packet {
    bool is_rtp, is_rtcp;         /* neither: STUN or DTLS, dealt with */
    struct client_stream *stream; /* RTP */
    struct rtp rtp;
    size_t n;                     /* decrypted length */
};

/* A datagram has come; it is decrypted in place. An error when it did not fit. */
int client_rx(struct client *c, uint8_t *p, size_t n, usec now, struct client_packet *ret_packet);
bool client_is_connected(const struct client *c);
/* The handshake has failed for good. */
bool client_is_broken(const struct client *c);
enum srtp_suite client_suite(const struct client *c);
struct client_stream *client_stream_at(struct client *c, unsigned i);
/* Encrypts and sends one RTP packet. tx: of its SSRC. */
int client_tx_rtp(struct client *c, struct srtp_tx *tx, const struct srtp_parts *parts);
/* Encrypts and sends a compound RTCP packet. */
void client_tx_rtcp(struct client *c, const uint8_t *p, size_t n);
void client_free(struct client *c);

#endif
