/*
 * The watching side of a simulated browser: one receiver per slot that wants what a browser wants:
 * sequence numbers without holes (it asks for them again), whole frames in order of picture ids, a
 * key frame when it has lost one.
 */
#ifndef SIM_VIEWER_H
#define SIM_VIEWER_H

#include "base/types.h"
#include "media/sfu.h"

/* Lines of its offer: those of our page; of a page that shows as many as there are, nine. */
enum { VIEWER_AUDIOS = 4, VIEWER_VIDEOS = 5, VIEWER_WIDE = SFU_VIDEO_SLOTS };

struct arena;
struct sim_peer;
struct viewer;

struct slot_stats {
    unsigned packets, again;     /* media; by RTX */
    unsigned most_copies;        /* by RTX, of one packet */
    uint64_t bytes;              /* of media for the first time, with all headers */
    unsigned padded;             /* media with RTP padding behind it */
    unsigned wrapped, unwrapped; /* in RED; voices that came by the packet behind them */
    unsigned frames, keys;       /* whole and decodable */
    unsigned unfounded;          /* frames that need one that was not shown: must stay 0 */
    int layer;                   /* of the frame shown last: 0 is the smallest */
    unsigned voices, voice_gaps; /* packets heard; numbers missing between two of one person */
    unsigned longest_gap;        /* of these, in a row */
    unsigned given_up;           /* sequence numbers that never came */
    unsigned back;               /* timestamps that went back: must stay 0 */
    unsigned bad_ids;            /* picture ids that did not go on: must stay 0 */
    unsigned torn;               /* frames that came whole and were not: must stay 0 */
    unsigned nacks, plis, reports;
    usec freeze;                 /* longest time between two frames */
    usec last_at;                /* of a frame or a voice */
    int64_t person;              /* shown or heard last */
    uint32_t first_seq, top_seq; /* extended */
};

/* What it offers. */
str viewer_offer(struct arena *a, const struct sim_peer *p);
struct viewer *viewer_new(struct sim_peer *p, bool is_backstage, struct arena *a);
void viewer_rx(struct viewer *v, uint8_t *d, size_t n, usec now);
void viewer_rx_rtcp(struct viewer *v, const uint8_t *d, size_t n, usec now);
void viewer_tick(struct viewer *v, usec now);
usec viewer_due(const struct viewer *v);
const struct slot_stats *viewer_slot(const struct viewer *v, enum sfu_kind kind, int slot);
/* When what was used last of a slot was taken, by the slot's last report, in the world's time: by
 * this a browser keeps voice and lips in step. */
usec viewer_time(const struct viewer *v, enum sfu_kind kind, int slot);
/* A browser that wants a key frame of a video slot for a reason of its own. */
void viewer_want_key(struct viewer *v, int slot);
/* A browser that says by REMB, once a second, what it will take; 0: no longer. */
void viewer_remb(struct viewer *v, int64_t bps);
/* From here on freezes, gaps and copies are measured anew. */
void viewer_forget_freezes(struct viewer *v);
/* Packets of one's own, over all slots: must stay 0. */
unsigned viewer_own(const struct viewer *v);
void viewer_free(struct viewer *v);

#endif
