/*
 * The ways by which media comes and goes: the UDP socket, and streams (live/link.h). All of them
 * look alike to the sfu: a datagram and an address, whose `via` says which way (base/addr.h).
 * Owner: the media thread.
 *
 *     udp_rx ──────────────▶ sfu_rx ─▶ … sfu_take_out ─▶ ways_tx ─┬─▶ udp_tx
 *     link ── ICE-TCP ─────▶                                      └─▶ links_tx
 *     either ─ TURN ─ turn_rx ▶ (what is inside)                turn_tx ─▶ either
 *
 * With several threads what came here and belongs to another goes on by the street
 * (live/street.h).
 */
#ifndef LIVE_WAYS_H
#define LIVE_WAYS_H

#include "base/addr.h"
#include "base/types.h"

struct loop;
struct pkt;
struct pkt_pool;
struct sb;
struct server_raw;
struct sfu;
struct street;
struct turn;
struct ways;

struct ways_conf {
    struct loop *loop;
    struct pkt_pool *pool;
    struct addr bind_to; /* UDP; port 0: the system chooses */
    bool is_self_only;   /* UDP of this machine alone */
    bool is_gso_off;     /* every datagram leaves by itself (net/udp.h) */
    /* With several media threads at one port; otherwise street is NULL. */
    struct street *street;
    unsigned hall;            /* this thread */
    const struct ways *first; /* of hall 0, whose port it is; NULL in hall 0 */
    addr_here_fn *here;       /* an address has become ours, or is no more */
    /* A stream that belongs to another thread. */
    void (*hand_over)(const struct server_raw *raw, int home, void *ctx);
    void *ctx;
};

/* Binds; ERR_BUSY when the port is taken. */
int ways_new(const struct ways_conf *c, struct ways **ret_ways);
/* Where datagrams go; before the loop runs. */
void ways_set_sfu(struct ways *w, struct sfu *s);
uint16_t ways_udp_port(const struct ways *w);
/* Its credentials, and the ways by which its clients may come. */
struct turn *ways_turn(struct ways *w);
/* Takes over a connection that speaks TURN or frames. */
void ways_take(struct ways *w, const struct server_raw *raw, usec now);
/* Sends the chain and drops its references. */
void ways_tx(struct ways *w, struct pkt *chain, usec now);
/* A person reads it: no addresses. */
void ways_print(const struct ways *w, struct sb *to);
/* NULL-safe. */
void ways_free(struct ways *w);

#endif
