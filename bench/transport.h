/*
 * What a viewer tells the sender about its line: transport-wide feedback on the packets that have
 * come (draft-holmer-rmcat-transport-wide-cc-extensions-01), as browsers send it all the time. A
 * value inside a party; one thread.
 */
#ifndef BENCH_TRANSPORT_H
#define BENCH_TRANSPORT_H

#include "base/types.h"
#include "media/twcc.h"

struct client;
struct rtp;

/* Chromium: 50 to 250 ms, 100 while it has no reason for another (remote_estimator_proxy.cc). */
enum { TRANSPORT_PERIOD = 100000 };

struct transport {
    struct twcc twcc;
    uint8_t id; /* of the header extension; 0: not agreed on, nothing is told */
    uint32_t ssrc, media_ssrc;
    uint64_t told; /* feedback packets */
};

void transport_init(struct transport *t, uint8_t id, uint32_t ssrc);
/* A packet has come; it need not be decrypted, extensions are in the clear. */
void transport_note(struct transport *t, const struct rtp *r, usec at);
/* Every TRANSPORT_PERIOD, on the clock of transport_note. */
void transport_tell(struct transport *t, struct client *c, usec now);
/* The next moment after `now` at which viewer number i tells: a viewer keeps its own, and they are
 * spread, since a thousand browsers do not speak at once. */
usec transport_due(unsigned i, usec now);

#endif
