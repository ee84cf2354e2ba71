/*
 * One track of a publisher, which is one layer of one of its sources (media/layer.h), as it comes
 * in: which packets are missing, when they are asked for again, how its clock runs, how loud it is,
 * and whether a key frame is wanted. Knows nothing of who watches. Owned by its peer; one thread.
 *
 *   top: the highest sequence number that came. It and all of the track's numbers are extended to
 * 32 bits and begin at 65536 + n, so that neither a late packet nor a wrap goes below zero (RFC
 * 3550 A.1).
 */
#ifndef MEDIA_TRACK_H
#define MEDIA_TRACK_H

#include "base/types.h"
#include "media/bucket.h"
#include "media/codec.h"
#include "media/layer.h"
#include "media/ring.h"
#include "media/rtp.h"
#include "media/sfu.h"
#include "media/srtp.h"

struct rtcp_report;
struct rtcp_sr;
struct sfu_peer;

enum {
    TRACK_MAX_MISSING =
        128, /* a loss burst of half a second at 250 packets/s; more than that wants a key frame */
    TRACK_AUDIO_RING = 128, /* 2.5 s of 20 ms packets */
    TRACK_VIDEO_RING = 512, /* 2 s at 2.5 Mbit/s */
    TRACK_MAX_REPLAY = 128, /* packets of one replay: 150 kB, a second at 1.2 Mbit/s */
    TRACK_QUIET_Q8 =
        (127 - 50) * 256, /* louder than -50 dBov counts as speech: above the noise of a room */
};

struct missing {
    uint32_t seq;
    uint8_t tries;
    usec since, due;
};

/* Where the source's timestamp stands on our clock. */
struct track_clock {
    bool is_begun, is_reported; /* by packets' arrival; by a sender report */
    uint32_t ts;
    usec at;
};

struct track {
    uint32_t id; /* unique in the sfu, > 0 */
    struct sfu_peer *peer;
    struct layers *layers; /* the source that it belongs to: its own, or its lead's */
    struct layers own;
    enum sfu_kind kind;
    enum codec codec;
    uint32_t rate; /* of the timestamp, Hz */
    /* from the offer */
    uint32_t ssrc, rtx_ssrc; /* 0: not known yet */
    uint8_t pt, rtx_pt;      /* rtx_pt SDP_NO_PT: no RTX */
    uint8_t red_pt;          /* of Opus wrapped in RED; SDP_NO_PT: none */
    bool has_nack;
    struct rtp_ext_ids exts;
    char mid[RTP_MAX_NAME + 1], rid[RTP_MAX_NAME + 1]; /* rid: of simulcast, otherwise empty */
    /* what came */
    struct srtp_rx rx, rtx_rx;
    struct bucket voice; /* bytes, of audio */
    struct ring ring;
    bool is_begun, is_told; /* a packet has come; the event `track` was given */
    uint32_t top, first;
    uint32_t top_ts; /* … of top, and when it came */
    usec top_at;
    uint32_t shown_from; /* what is older came while a gate was shut: nobody is shown it later */
    uint16_t last_pid; /* unwrapped VP8 picture id */
    uint16_t height;   /* of its last key frame; 0: not known */
    struct layer_meter meter;
    usec last_at;
    struct missing missing[TRACK_MAX_MISSING];
    unsigned nmissing;
    /* report blocks, RFC 3550 A.3, A.8 */
    uint32_t received, expected_before, received_before;
    uint32_t jitter_q4;
    uint32_t transit; /* modulo 2^32 */
    uint32_t lsr;
    usec lsr_at;
    struct track_clock clock;
    /* key frames */
    bool is_key_wanted, has_key;
    uint32_t key_seq; /* of the newest key frame's first packet */
    uint32_t key_ts;
    uint32_t key_bytes; /* of its payloads, as far as they came */
    usec key_at;
    /* audio */
    int loud_q8; /* 127 - dBov, smoothed */
    usec level_at, spoke_at;
};

/* Takes the ring's memory; a source of its own until layers_join. The rest of a zeroed track stays.
 */
int track_init(struct track *t, usec now);
/* 16 bits to 32: nearest to top. */
uint32_t track_extend(const struct track *t, uint16_t seq);
/* A packet has come and is new: moves top, notes what is missing. True when so much is missing that
 * only a key frame helps. */
bool track_add(struct track *t, uint32_t seq, uint32_t ts, bool is_rtx, usec now);
/* What is to be asked for again now: at most max numbers, ascending. rtt_us is the publisher's. */
unsigned track_nacks(struct track *t, usec rtt_us, usec now, uint16_t *to, unsigned max);
/* When track_nacks has something; INT64_MAX: never. */
usec track_nacks_due(const struct track *t);
static inline bool track_is_hidden(const struct track *t, uint32_t seq)
{
    return (int32_t)(seq - t->shown_from) < 0;
}
/* How fast the layer is and how large its picture. */
void track_measure(struct track *t, const struct ring_entry *e, usec now);
/* The round trip that a packet proves that came after being asked for once; -1: none. Call before
 * track_add. */
usec track_nack_rtt(const struct track *t, uint32_t seq, usec now);

/* A key frame is wanted; asked for at once or 500 ms after the last time that one of any layer of
 * the source was: encoders make them for all layers together. */
void track_want_key(struct track *t);
/* When to ask; INT64_MAX: not wanted. */
usec track_key_due(const struct track *t);
void track_key_asked(struct track *t, usec now);
/* The first packet of a key frame has come. */
void track_key_came(struct track *t, const struct ring_entry *e, usec now);
/* Whether it is a piece of the newest key frame. */
bool track_is_of_key(const struct track *t, const struct ring_entry *e);
/* Whether the newest key frame may be shown to a newcomer: it is recent, and it and every packet
 * since are kept, from key_seq to top. */
bool track_has_replay(const struct track *t, usec now);

/* offset_us: our clock minus the publisher's. */
void track_sr(struct track *t, const struct rtcp_sr *sr, usec offset_us, usec now);
/* The block about this track for a receiver report. False when nothing came. */
bool track_report(struct track *t, usec now, struct rtcp_report *ret_report);
/* The source's timestamp at a moment of our clock, and back. */
uint32_t track_ts(const struct track *t, usec at);
usec track_at(const struct track *t, uint32_t ts);

/* RFC 6464; has_level false: an audio packet without it, taken as speech of middling loudness
 * unless it is silence. */
void track_level(struct track *t, bool has_level, uint8_t level, bool is_silence, usec now);
/* A track that sends nothing falls silent. Call every 100 ms. */
void track_fade(struct track *t, usec now);

/* Gives back packets and memory. */
void track_done(struct track *t);

#endif
