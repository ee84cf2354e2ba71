/*
 * Our own end of TURN (RFC 8656), without sockets and without a clock. It relays to nobody: its
 * only peer is the sfu of this process, under one documentation address, so it can be no open
 * relay. A browser that may speak nothing but TLS reaches us through it as if we were elsewhere:
 *
 *     client ── TURN ──▶ turn_rx ── datagram from the relayed address ──▶ sfu_rx
 *     client ◀── TURN ── turn_tx ◀── datagram to the relayed address ─── sfu_take_out
 *
 * Every allocation has a relayed address of its own, out of a documentation range (RFC 5737): none
 * of them ever stands in an IP header. The transport of the client decides the way that the sfu
 * sees (base/addr.h). Long-term credentials (RFC 8489 9.2) are computed, not kept: see turn_issue.
 * Owner: a media thread.
 */
#ifndef MEDIA_TURN_H
#define MEDIA_TURN_H

#include "base/addr.h"
#include "base/types.h"

struct pkt;
struct pkt_pool;
struct sb;
struct turn;

enum { TURN_USER = 31, TURN_PASSWORD = 22 };

/* How long credentials make new allocations: the longest day of a seminar. What has been allocated
 * with them lives on. */
#define TURN_CRED_US (10 * 3600 * USEC_S)
/* RFC 8656 3.2, 9, 12 */
#define TURN_LIFETIME_US   (600 * USEC_S)
#define TURN_PERMISSION_US (300 * USEC_S)
#define TURN_CHANNEL_US    (600 * USEC_S)

struct turn_cred {
    char user[TURN_USER + 1], password[TURN_PASSWORD + 1];
};

/* The one peer there is: 192.0.2.1 and a port that nobody listens at. Answers name it as a
 * candidate. */
extern const struct addr turn_peer;

int turn_new(struct pkt_pool *pool, struct turn **ret_turn);
/*
 * Several ends at one port, one a thread: t takes the keys of the first, so that a challenge of one
 * is good at all, and every name it issues begins with its mark. `here` says which clients by UDP
 * are its own, again at each of their requests (may be NULL). Before anything has come or was
 * issued.
 */
void turn_join(struct turn *t, const struct turn *first, char mark, addr_here_fn *here, void *ctx);
/* By which ways clients may come (bits 1 << enum addr_way); to others we are silent. None at first.
 */
void turn_set_ways(struct turn *t, unsigned ways);
/*
 * Credentials of a person: the name is person and hour, encrypted; the password is a keyed hash of
 * the name. The keys are made at turn_new and known to nobody.
 */
void turn_issue(const struct turn *t, int64_t person, usec now, struct turn_cred *ret_cred);

/* Whether a datagram that came by UDP is TURN's and not ICE's. */
bool turn_is(const uint8_t *p, size_t n);
/*
 * One message of a client, at p->addr; takes over the reference. Returns the datagram that was
 * inside, from the relayed address, for sfu_rx; NULL: there was none, answers wait.
 */
struct pkt *turn_rx(struct turn *t, struct pkt *p, usec now);
/* A datagram to a relayed address, put into the message that its client expects, to the client's
 * address. Takes over the reference; NULL: the allocation is gone. */
struct pkt *turn_tx(struct turn *t, struct pkt *p, usec now);
/* The chain of answers, to the clients' addresses. */
struct pkt *turn_take_out(struct turn *t);
/* Forgets what has expired; cheap when it is too early. */
void turn_tick(struct turn *t, usec now);
/* The client's stream is gone, and its allocation with it (RFC 8656 3.1). */
void turn_closed(struct turn *t, const struct addr *client);
/* The relayed address of the client; NULL when it has none. */
const struct addr *turn_relayed(const struct turn *t, const struct addr *client);
/* Whether the client has one, and was heard in the last six seconds (media/peer.c says why six). */
bool turn_is_held(const struct turn *t, const struct addr *client, usec now);

/* Why a message was refused: every reason has a name and a counter. */
#define TURN_DROP_TABLE(DROP)                                                                      \
    DROP(WAY, "by a way that no seminar on air allows")                                            \
    DROP(SYNTAX, "not well formed, or no message of a client")                                     \
    DROP(ASKED, "without credentials")                                                             \
    DROP(AUTH, "with wrong or expired credentials")                                                \
    DROP(REFUSED, "a request that we do not serve")                                                \
    DROP(PEER, "for another peer than ourselves")                                                  \
    DROP(ALLOCATION, "data without an allocation, permission or channel")                          \
    DROP(RATE, "more than an allocation may bring")                                                \
    DROP(QUOTA, "one allocation too many")                                                         \
    DROP(POOL, "no packet free")
enum turn_drop {
#define DROP(name, text) TURN_DROP_##name,
    TURN_DROP_TABLE(DROP)
#undef DROP
        TURN_DROPS
};
uint64_t turn_drops(const struct turn *t, enum turn_drop why);
unsigned turn_allocations(const struct turn *t);
/* A person reads it: numbers, no addresses. */
void turn_print(const struct turn *t, struct sb *to);
/* NULL-safe. */
void turn_free(struct turn *t);

#endif
