/*
 * One UDP port and several media threads ("halls"), each with a socket of its own at that port. The
 * kernel sorts datagrams by a hash of both addresses and knows nothing of rooms; here is what
 * carries a datagram to the thread whose room it belongs to:
 *
 *     socket of hall 0 ─▶ street_home ─┬─ own ───▶ sfu
 *                                      └─ of 1 ─▶ ring 0→1, bell of 1 ─▶ hall 1: street_take ─▶ sfu
 *
 * STUN and TURN say it by the first letter of the name that we gave out (street_mark); for all else
 * every hall keeps a table of whose the addresses are, as it tells and is told (street_note; who
 * may say so: live/hall.c). A ring is
 * bounded, made at the start, for one putter and one taker: no lock, no allocation. Each function
 * with `me` is called by the thread of that hall alone.
 */
#ifndef LIVE_STREET_H
#define LIVE_STREET_H

#include "base/addr.h"
#include "base/types.h"

struct pkt;
struct pkt_pool;
struct sb;
struct street;

/* 1 to MAX_HALLS; with one there is nothing to carry, and nothing is made. */
int street_new(unsigned nhalls, struct street **ret_street);
/* The letter of a hall. */
char street_mark(unsigned hall);
/* The hall whose letter the message carries; -1: it carries none. */
int street_by_name(const struct street *s, const uint8_t *d, size_t n);
/* Whose datagram it is: of the hall named, or of the one that has its address, or `me`. */
unsigned street_home(const struct street *s, unsigned me, const struct pkt *p);
/* Gives a copy to hall `to` and drops the reference; a full ring is a lost datagram. */
void street_hand(struct street *s, unsigned me, unsigned to, struct pkt *p);
/* At the end of a batch: wakes those who were given something. */
void street_ring(struct street *s, unsigned me);
/* Readable while something waits for me; -1 with one hall. */
int street_fd(const struct street *s, unsigned me);
/* What the others gave me, at most one batch; NULL: nothing waits. The caller owns the refs. */
struct pkt *street_take(struct street *s, unsigned me, struct pkt_pool *pool, usec now);
/* The hall that has the address, as far as I know; -1: none. */
int street_owner(const struct street *s, unsigned me, const struct addr *a);
/* Hall `of`, or I, say that this address is its own, or no more. Whether it was not so before. */
bool street_note(struct street *s, unsigned me, unsigned of, const struct addr *a, bool is_here);
/* Why a datagram was lost on its way to a hall: every reason has a name and a counter. */
#define STREET_DROP_TABLE(DROP)                                                                    \
    DROP(RING, "the ring was full")                                                                \
    DROP(POOL, "taken when no packet was free")
enum street_drop {
#define DROP(name, text) STREET_DROP_##name,
    STREET_DROP_TABLE(DROP)
#undef DROP
        STREET_DROPS
};
/* A person reads it: numbers. */
void street_print(const struct street *s, unsigned me, struct sb *to);
/* NULL-safe. */
void street_free(struct street *s);

#endif
