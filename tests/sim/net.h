/*
 * A simulated network in virtual time: datagrams go in with a link's properties, and come out when
 * they arrive. Everything follows from the seed.
 *
 *   sender ─▶ rate ─▶ loss ─▶ delay ± jitter ─▶ [heap by arrival] ─▶ receiver
 */
#ifndef SIM_NET_H
#define SIM_NET_H

#include "base/addr.h"
#include "base/types.h"

struct net;

enum { LINK_WAITS = 64 }; /* of 10 ms each; the last holds all that is longer */

enum { LINK_WRAP = 28 }; /* IP and UDP headers */

enum { LINK_SMALL = 220 }; /* a voice, with the one before in RED */

struct link {
    int64_t rate_bps;   /* 0: no limit */
    usec delay, jitter; /* jitter: up to this much more; datagrams may overtake each other */
    double loss, duplicate, reorder; /* shares; reorder: held back by 20 ms */
    double burst;      /* mean length of a loss in datagrams (Gilbert 1960); 0: each for itself */
    usec queue;        /* what would wait longer for the rate is dropped; 0: waits for ever */
    int64_t rival_bps; /* a competing flow of constant rate in the same queue */
    bool has_download; /* a competing flow of TCP in the same queue, with always more to send */
    uint64_t
        mask; /* bit i set: the datagram numbered i since the mask was set is lost (first 64) */
    unsigned masked; /* how many have passed the mask */
    /* owned by net */
    usec busy_until, rival_at, cut_at;
    double window;          /* of the download, bytes; 0: it begins */
    double clipped;         /* the share of the rival's last bytes that found no room */
    bool is_cut;            /* it has lost once: slow start is over */
    uint64_t rival_bytes;   /* that got through the queue */
    bool is_bad;         /* within a burst */
    uint64_t sent_bytes; /* of ours, that got through the queue, IP and UDP headers with them */
    unsigned lost_small; /* by chance, of LINK_SMALL bytes at most: voices, and a few reports */
    usec waited;         /* the longest in the queue since somebody set it to 0 */
    unsigned waits[LINK_WAITS]; /* how many waited so long, since somebody set them to 0 */
};

/* What arrives. */
struct datagram {
    usec at;
    uint64_t order; /* of those that arrive together */
    struct addr from, to;
    size_t n;
    uint8_t bytes[1500];
};

int net_new(uint64_t seed, struct net **ret_net);
void net_send(struct net *net, struct link *l, const struct addr *from, const struct addr *to,
              str data, usec now);
/* When the next datagram arrives; INT64_MAX: none is under way. */
usec net_next(const struct net *net);
/* The datagram that has arrived at `now`; NULL: none. Valid until the next call. */
const struct datagram *net_take(struct net *net, usec now);
/* A number of the simulation's own, below n. */
uint32_t net_random(struct net *net, uint32_t n);
void net_free(struct net *net);

#endif
