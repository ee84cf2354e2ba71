/*
 * Streams that carry datagrams: ICE-TCP (RFC 6544), and TURN over TCP and TLS. Each is a link with
 * a number, which stands in addr.via of all that comes from it and goes to it. Owner: the media
 * thread; driven by its loop. Bytes become whole messages (media/frame.h) and go to conf.rx; what
 * is sent waits in a queue that is bounded in time:
 *
 *     link_tx ─▶ queue ── older than LINK_VIDEO_US: video goes, conf.choked ──▶ stream (plain |
 * TLS) └─ older than LINK_AUDIO_US: the oldest goes
 *
 * A listener behind a thin line so hears what is said now. Nothing is copied: packets of the pool
 * wait.
 */
#ifndef LIVE_LINK_H
#define LIVE_LINK_H

#include "base/addr.h"
#include "base/types.h"

struct links;
struct loop;
struct pkt;
struct pkt_pool;
struct sb;
struct server_raw;

/* Chromium's jitter buffer takes up to about half a second of video; what is later is a frozen
 * picture anyway. */
#define LINK_VIDEO_US (300 * USEC_MS)
/* Older sound only makes the listener's delay grow. */
#define LINK_AUDIO_US (1000 * USEC_MS)

struct links_conf {
    struct loop *loop;
    struct pkt_pool *pool;
    /* A whole message from p->addr; takes over the reference. */
    void (*rx)(struct pkt *p, usec now, void *ctx);
    /* Whether anybody has proved who he is at this address: a link without that is closed. */
    bool (*is_known)(const struct addr *a, void *ctx);
    /* Video to this address is dropped from now on, until is_choked is false. */
    void (*choked)(const struct addr *a, bool is_choked, usec now, void *ctx);
    void (*closed)(const struct addr *a, usec now, void *ctx);
    /* Which media thread a message of a stream that has not said so yet is for: -1 when the message
     * does not tell. NULL: there is one thread. */
    int (*home)(const uint8_t *d, size_t n, void *ctx);
    int here; /* this thread */
    /* The stream belongs to another one, this message and all behind it unread; takes raw over. */
    void (*hand_over)(const struct server_raw *raw, int home, void *ctx);
    void *ctx;
};

int links_new(const struct links_conf *c, struct links **ret_links);
/* Takes over the connection, on every way. */
void links_take(struct links *l, const struct server_raw *raw, usec now);
/* Queues p for the link of p->addr; takes over the reference. False: there is no such link (any
 * more). */
bool links_tx(struct links *l, struct pkt *p, usec now);
/* Sends what was queued: at the end of a round. */
void links_flush(struct links *l, usec now);

/* Why a datagram of a stream was lost: every reason has a name and a counter. */
#define LINK_DROP_TABLE(DROP)                                                                      \
    DROP(LATE, "video that waited too long, and what video waited with it")                        \
    DROP(DARK, "video while it stays away")                                                        \
    DROP(OLD, "other than video, and waited too long")                                             \
    DROP(FULL, "more waits for one stream than fits")                                              \
    DROP(SHARE, "too much waits for all streams, and this one stands still")                       \
    DROP(STRANGER, "more than waits for an end that has not proved who it is")                     \
    DROP(BROKEN, "for a stream that is about to end")                                              \
    DROP(GONE, "for a stream that has ended")                                                      \
    DROP(CUT, "waited when the stream ended")                                                      \
    DROP(POOL, "came when no packet was free")
enum link_drop {
#define DROP(name, text) LINK_DROP_##name,
    LINK_DROP_TABLE(DROP)
#undef DROP
        LINK_DROPS
};

/* dropped_video, dropped_audio (all that is no video): to be sent, for all reasons together. */
struct links_stats {
    unsigned open, queued;
    uint64_t taken, moved, refused, dropped_video, dropped_audio, bad;
    uint64_t drops[LINK_DROPS];
};
void links_stats(const struct links *l, struct links_stats *ret_stats);
/* A person reads it: numbers, no addresses. */
void links_print(const struct links *l, struct sb *to);
/* Closes all, without callbacks. NULL-safe. */
void links_free(struct links *l);

#endif
