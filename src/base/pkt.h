/*
 * Packet memory: a pool made at start, ref-counted, no malloc per packet. net receives into packets
 * and sends from them; media reads, keeps and makes them. A packet belongs to one thread's pool;
 * refs are counted without atomics and a packet never crosses threads (a hand-over between media
 * threads copies; base/queue.h carries it).
 *
 *   ┌ headroom ┬────────── n bytes ──────────┬ tail: room for an SRTP tag ┐
 *   bytes[0]   data
 */
#ifndef BASE_PKT_H
#define BASE_PKT_H

#include "base/addr.h"
#include "base/types.h"

/* 1500 on the wire, 48 for a TURN or framing header in front, and the longest tag (16) and index
 * (4) behind. */
enum { PKT_HEADROOM = 48, PKT_ROOM = 1500 + 20, PKT_BYTES = PKT_HEADROOM + PKT_ROOM };

struct pkt {
    struct pkt *next; /* in a queue or in the free list; the owner of the queue sets it */
    struct pkt_pool *pool;
    uint8_t *data; /* within bytes */
    uint32_t n;    /* length from data */
    uint32_t refs;
    struct addr addr; /* received from, or to be sent to */
    usec at;          /* monotonic: when it was received, or put into a queue */
    bool is_video;    /* to be sent: a full queue of a stream drops it before anything else */
    uint8_t bytes[PKT_BYTES];
};

struct pkt_pool;

int pkt_pool_new(unsigned max, struct pkt_pool **ret_pool);
/* One reference, n = 0, data behind the headroom; NULL when all are in use (the caller drops and
 * counts). */
struct pkt *pkt_get(struct pkt_pool *pool);
struct pkt *pkt_ref(struct pkt *p);
/* NULL-safe. */
void pkt_unref(struct pkt *p);
unsigned pkt_pool_used(const struct pkt_pool *pool);
unsigned pkt_pool_max(const struct pkt_pool *pool);
/* Every packet must be back (asserted). NULL-safe. */
void pkt_pool_free(struct pkt_pool *pool);

#endif
