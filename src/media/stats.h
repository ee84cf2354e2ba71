/*
 * What happened in an sfu: for /debug/media, metrics and tests. Part of media/sfu.h: same thread.
 */
#ifndef MEDIA_STATS_H
#define MEDIA_STATS_H

#include "base/types.h"

struct sb;
struct sfu;

struct sfu_stats {
    uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes;
    uint64_t rx_taken, offered, sent; /* of rx; of sources to viewers. Others wait or are drops */
    uint64_t up_lost, nacks_tx, nacks_rx, rtx_tx, plis_tx, plis_rx;
    unsigned rooms, peers;
};
void sfu_stats(const struct sfu *s, struct sfu_stats *ret_stats);
const char *sfu_drop_name(unsigned i); /* drop.h; i from 0 until NULL */
uint64_t sfu_drops(const struct sfu *s, unsigned i);
/* A person reads it: rooms, peers, tracks, slots. No addresses. */
void sfu_print(const struct sfu *s, struct sb *to);

#endif
