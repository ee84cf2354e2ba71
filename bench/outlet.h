/*
 * Where the packets of bench/forward go when they shall really be sent: by UDP, by ICE-TCP, or as
 * TURN inside TLS, to one receiver for each viewer. The receivers are a process of their own that
 * reads and throws away. What the sender does is our own code of production: net/udp, live/link,
 * media/turn, net/stream.
 */
#ifndef BENCH_OUTLET_H
#define BENCH_OUTLET_H

#include "base/types.h"

struct outlet;
struct pkt;
struct pkt_pool;

enum outlet_way { OUTLET_NONE, OUTLET_UDP, OUTLET_ICE_TCP, OUTLET_TURN_TLS };

/* "none", "udp", "ice-tcp", "turn-tls"; ERR_SYNTAX. */
int outlet_way_parse(const char *name, enum outlet_way *ret_way);
int outlet_new(enum outlet_way way, struct pkt_pool *pool, unsigned receivers,
               struct outlet **ret_outlet);
/* Sends the chain; index: which receiver a packet is for (it may be beyond them: dropped). Takes
 * over the references. */
void outlet_tx(struct outlet *o, struct pkt *chain, unsigned (*index)(const struct pkt *p),
               usec now);
/* Until all that the streams had no room for has been written. ERR_TIMEOUT: the receivers do not
 * read; ERR_CLOSED: one is gone. */
int outlet_settle(struct outlet *o);
/* Packets that the system took, and those that it or a full stream refused; right when settled. */
uint64_t outlet_sent(const struct outlet *o);
uint64_t outlet_dropped(const struct outlet *o);
/* NULL-safe. */
void outlet_free(struct outlet *o);

#endif
