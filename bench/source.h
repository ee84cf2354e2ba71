/*
 * A camera or a microphone: RTP packets with the sizes of a real stream (bench/sizes.h), headers as
 * a browser writes them, key frames when they are asked for. The last eight bytes of every payload
 * are the wall clock at sending, so a receiver on the same machine knows how long the packet was on
 * its way. One thread.
 */
#ifndef BENCH_SOURCE_H
#define BENCH_SOURCE_H

#include "base/types.h"
#include "media/srtp.h"

struct client;
struct sizes;

/* Payload types and header extension numbers of our offers, as Chromium numbers them. */
enum { SOURCE_VP8 = 96, SOURCE_VP8_RTX = 97, SOURCE_OPUS = 111 };
enum { SOURCE_EXT_LEVEL = 1, SOURCE_EXT_ABS_TIME = 2, SOURCE_EXT_TWCC = 3, SOURCE_EXT_MID = 4 };

struct source {
    struct client *client;
    const struct sizes *sizes;
    bool is_video, is_key_wanted;
    uint32_t ssrc, ts;
    uint16_t seq, picture_id;
    uint16_t *twcc; /* counts over all sources of a peer connection */
    unsigned frame;
    usec due, report_due;
    struct srtp_tx tx;
    uint64_t packets, octets;
};

/* A file with key frames is a camera. begin: the frame to begin with, so that many sources do not
 * march in step. */
void source_init(struct source *s, struct client *c, const struct sizes *sizes, uint16_t *twcc,
                 unsigned begin, usec now);
/* Sends the frames that are due; s->due says when the next is. */
void source_tick(struct source *s, usec now);
/* The wall clock that a payload carries, in nanoseconds; 0: too short. */
int64_t source_stamp(const uint8_t *payload, size_t n);

#endif
