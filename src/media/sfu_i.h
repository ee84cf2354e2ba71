/*
 * What the files behind sfu.h share: the sfu itself, and how they put datagrams into the out queue.
 * Private to media.
 */
#ifndef MEDIA_SFU_I_H
#define MEDIA_SFU_I_H

#include "media/drop.h"
#include "media/sfu.h"
#include "media/stats.h"

struct dtls_cert;
struct table;

enum {
    SFU_CHUNK = 128 /* packets that are sent while the next are made: two calls of sendmmsg */
};
enum { SFU_MAX_ANNOUNCE = 8 }; /* addresses of one machine that are worth telling */

struct sfu {
    struct sfu_conf conf;
    struct sfu_events events;
    struct addr announce[SFU_MAX_ANNOUNCE];
    uint16_t tcp_port; /* 0: no ICE-TCP */
    struct dtls_cert *cert;
    char fingerprint[SFU_FINGERPRINT_TEXT + 8]; /* "sha-256 AB:CD:…" */
    struct table *by_addr;  /* addr_key of a validated address → struct sfu_peer */
    struct table *by_ufrag; /* table_key of a ufrag of ours → struct sfu_peer */
    struct sfu_room *rooms; /* ->next */
    struct pkt *out, **out_end;
    unsigned nout;
    usec now;         /* of the call that runs */
    usec trim_due;    /* the pool is looked after */
    usec wall_offset; /* our NTP clock minus now: some date of our own choosing */
    uint32_t last_id; /* of tracks and peers */
    uint64_t drops[DROP_COUNT];
    struct sfu_stats stats;
};

/* Appends to the out queue; takes over the reference. */
void sfu_put(struct sfu *s, struct pkt *p);
/* NTP time of `now` on the one clock of our sender reports. */
uint64_t sfu_ntp(const struct sfu *s, usec now);

/* All of one kind (drop.h) together. */
uint64_t sfu_drops_of(const struct sfu *s, enum drop_of of);

static inline void sfu_drop(struct sfu *s, enum drop why)
{
    s->drops[why]++;
}

static inline void sfu_drop_some(struct sfu *s, enum drop why, unsigned n)
{
    s->drops[why] += n;
}

#endif
