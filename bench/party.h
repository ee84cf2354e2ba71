/*
 * One participant over the wire: a publisher with its sources or a viewer with what it receives. It
 * keeps the connection alive and reports as a browser does: RR and SR every second, transport-wide
 * feedback ten times a second where the server has agreed to it. One thread.
 */
#ifndef BENCH_PARTY_H
#define BENCH_PARTY_H

#include "base/addr.h"
#include "base/types.h"
#include "source.h"
#include "transport.h"

struct arena;
struct client;
struct client_kit;
struct hist;
struct offer;
struct sizes;
struct wire;
struct wire_packet;

enum { PARTY_SOURCES = 4 };

struct party {
    struct wire *wire;
    unsigned host;
    struct client *client;
    struct addr server; /* known after party_start */
    bool is_live;       /* sources send */
    struct source sources[PARTY_SOURCES];
    unsigned nsources;
    uint16_t twcc; /* number of its next packet */
    struct transport transport;
    uint32_t ssrc; /* of its reports */
    usec tick_due;
    unsigned nperiods;                        /* of feedback, since it is connected */
    uint64_t refused;                         /* packets that did not fit */
    uint64_t packets, bytes;                  /* media received, in the window */
    uint64_t repeats;                         /* RTX, probes included, in the window */
    uint64_t packets_before, expected_before; /* at the beginning of the window */
};

int party_new(struct client_kit *kit, struct wire *wire, unsigned host, struct party **ret_party);
void party_add_source(struct party *p, const struct sizes *sizes, unsigned begin, usec now);
/* What an offer of this party says; `to` is filled but for the lines. */
void party_offer(const struct party *p, const char *fingerprint, char ip[static ADDR_TEXT],
                 struct offer *to);
/* The server's description has come. */
int party_start(struct party *p, str sdp);
bool party_is_connected(const struct party *p);
/* A datagram for it; the delay of media goes to `delays` when that is not NULL. */
void party_rx(struct party *p, const struct wire_packet *packet, usec now, struct hist *delays);
void party_tick(struct party *p, usec now);
/* The window of measuring begins. */
void party_mark(struct party *p);
/* Packets that should have come in the window, by sequence numbers. */
uint64_t party_expected(const struct party *p);
/* NULL-safe. */
void party_free(struct party *p);

#endif
