/*
 * A UDP socket in batches: recvmmsg into packets of a pool, sendmmsg of a chain (base/pkt.h). IPv4
 * and IPv6 in one socket. Neighbours in a chain that go to one address and are of one length leave
 * as a single GSO run (UDP_SEGMENT), which the kernel cuts: order the chain viewer by viewer. A run
 * that one path refuses goes singly; where the device does not know GSO it is switched off by
 * itself. Owner: a media thread; driven by its loop.
 */
#ifndef NET_UDP_H
#define NET_UDP_H

#include "base/addr.h"
#include "base/pkt.h"
#include "base/types.h"

struct sb;
struct udp;

/* Binds; port 0 lets the system choose. ERR_BUSY when the port is taken. */
int udp_new(const struct addr *bind_to, struct pkt_pool *pool, struct udp **ret_udp);
/*
 * Another socket at the port of the first, for another thread. Which of them gets a datagram is
 * chosen by the kernel, always the same one for a pair of addresses (SO_REUSEPORT, socket(7)).
 * Before anything has come.
 */
int udp_share(const struct udp *first, struct pkt_pool *pool, struct udp **ret_udp);
/*
 * From now on takes only what this machine sends itself: from the bound address or from loopback.
 * The kernel lets no such source address in from outside, so it cannot be forged (RFC
 * 1122 3.2.1.3).
 */
void udp_set_self_only(struct udp *u);
int udp_fd(const struct udp *u);
uint16_t udp_port(const struct udp *u);
/* On from the start. */
void udp_set_gso(struct udp *u, bool is_on);
bool udp_has_gso(const struct udp *u);
/* The shortest run that leaves as one; 2 and more. */
void udp_set_gso_least(struct udp *u, unsigned npkts);
/* Datagrams of one call, 1 to MAX_UDP_BATCH, which is what they are at the start: to measure what
 * batches are worth. */
void udp_set_batches(struct udp *u, unsigned rx, unsigned tx);
/*
 * A chain of what has come (at most one batch), each with addr and at = now; NULL when nothing
 * waits. The caller owns the refs. When the pool is empty what waits is read and thrown away, so
 * that the descriptor does not stay readable.
 */
struct pkt *udp_rx(struct udp *u, usec now);
/* Sends the chain and drops its references. What the kernel does not take is dropped and counted.
 */
void udp_tx(struct udp *u, struct pkt *chain);

/* Why a datagram was lost: every reason has a name and a counter. */
#define UDP_DROP_TABLE(DROP)                                                                       \
    DROP(RX_POOL, "came when no packet was free")                                                  \
    DROP(RX_LONG, "came longer than a packet")                                                     \
    DROP(RX_PORT, "came from port 0, where nobody can be answered")                                \
    DROP(RX_FOREIGN, "came from another machine (udp_set_self_only)")                              \
    DROP(RX_KERNEL, "came when the receive buffer was full, or with a wrong checksum")             \
    DROP(TX_BUFFER, "the send buffer or the device's queue was full")                              \
    DROP(TX_LONG, "longer than the path takes")                                                    \
    DROP(TX_REFUSED, "refused for its address, a route or a firewall")
enum udp_drop {
#define DROP(name, text) UDP_DROP_##name,
    UDP_DROP_TABLE(DROP)
#undef DROP
        UDP_DROPS
};
uint64_t udp_drops(const struct udp *u, enum udp_drop why);

/* rx_dropped, tx_dropped: for all reasons together. */
struct udp_stats {
    uint64_t rx, rx_dropped, tx, tx_dropped, rx_calls, tx_calls;
};
void udp_stats(const struct udp *u, struct udp_stats *ret_stats);
/* A person reads it: numbers, no addresses. */
void udp_print(const struct udp *u, struct sb *to);
/* NULL-safe. */
void udp_free(struct udp *u);

#endif
