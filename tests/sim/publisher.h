/*
 * The sending side of a simulated browser: Opus of 20 ms and VP8 of 30 frames/s, numbered inside so
 * that a viewer can tell what it lost; answers NACK by RTX, PLI by a key frame, and sends sender
 * reports. The camera may send several sizes (simulcast by RID) of three temporal layers each.
 *
 *   voice:   | TOC | number (32) | person (32) | …
 *   picture: | VP8 descriptor | tag, 10 bytes | frame (32) | index (16) | count (16) | person (32)
 * | | frame that it needs (32) |        frames: 4 times the number, and the layer
 *
 * Temporal pattern of eight frames; y: needs the base layer alone, otherwise the last of its own
 * layer or below:
 *
 *   T0   T2y  T1y  T2   T0   T2   T1   T2
 */
#ifndef SIM_PUBLISHER_H
#define SIM_PUBLISHER_H

#include "base/types.h"

struct arena;
struct publisher;
struct sim_peer;

enum { PUBLISHER_LAYERS = 3 };

struct publisher_stats {
    unsigned voices, frames, packets;
    unsigned rembs;
    int64_t bps;                                                         /* of the last REMB */
    unsigned nacks, feedbacks;                                           /* what came back */
    unsigned keys, plis;                                                 /* of all layers */
    unsigned layer_keys[PUBLISHER_LAYERS], layer_plis[PUBLISHER_LAYERS]; /* of each */
};

/* Connects; fails the test when the answer is not as it should be. */
struct publisher *publisher_new(struct sim_peer *p, struct arena *a);
/* A camera of 180, 360 and 720 lines: 1, 2 and 4 packets a frame. */
struct publisher *publisher_new_layers(struct sim_peer *p, struct arena *a);
/* A camera of H264, as OBS has it: a key frame begins with its parameter sets. */
struct publisher *publisher_new_h264(struct sim_peer *p, struct arena *a);
/* The voice goes in RED from now on, each packet with the one before. */
void publisher_wraps(struct publisher *u, bool is_wrapping);
/* Which sizes it sends, as a browser whose line has become worse. All at first. */
void publisher_layer(struct publisher *u, unsigned layer, bool is_on);
/* A key frame is as large as n others; 4 at first. */
void publisher_heavy_keys(struct publisher *u, unsigned n);
/* Each frame stands for n: a screen on which little moves. */
void publisher_slow(struct publisher *u, unsigned n);
/* Each size begins anew with its next frame, asked or not. */
void publisher_key(struct publisher *u);
/* RFC 6464 level of the voice from now on: 127 is silence (and Opus DTX). */
void publisher_level(struct publisher *u, uint8_t level);
/* Sequence number of the next picture packet: before the first is sent. */
void publisher_seq(struct publisher *u, uint16_t seq);
/* Its picture ids have 7 bits from now on (RFC 7741 4.2, M). */
void publisher_short_ids(struct publisher *u);
/* One packet of nothing but padding after every frame. */
void publisher_pads(struct publisher *u, bool is_padding);
/* Its clock jumps: from now on it is so much before the world's. An hour a person at first. */
void publisher_clock(struct publisher *u, usec before);
void publisher_rx_rtcp(struct publisher *u, const uint8_t *d, size_t n, usec now);
void publisher_tick(struct publisher *u, usec now);
usec publisher_due(const struct publisher *u);
const struct publisher_stats *publisher_stats(const struct publisher *u);
void publisher_free(struct publisher *u);

#endif
