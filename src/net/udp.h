/*
 * A UDP socket in batches: recvmmsg into packets of a pool, sendmmsg of a chain (base/pkt.h). IPv4 and IPv6 in one socket.
 * Owner: a media thread; driven by its loop.
 */
#ifndef NET_UDP_H
#define NET_UDP_H

#include "base/addr.h"
#include "base/pkt.h"
#include "base/types.h"

struct udp;

/* Binds; port 0 lets the system choose. */
int udp_new(const struct addr *bind_to, struct pkt_pool *pool, struct udp **ret_udp);
int udp_fd(const struct udp *u);
uint16_t udp_port(const struct udp *u);
/* A chain of what has come (at most one batch), each with addr and at = now; NULL when nothing waits. The caller owns the refs. */
struct pkt *udp_rx(struct udp *u, usec now);
/* Sends the chain and drops its references. What the kernel does not take is dropped and counted. */
void udp_tx(struct udp *u, struct pkt *chain);

struct udp_stats { uint64_t rx, tx, tx_dropped, rx_calls, tx_calls; };
void udp_stats(const struct udp *u, struct udp_stats *ret_stats);
void udp_free(struct udp *u);

#endif
