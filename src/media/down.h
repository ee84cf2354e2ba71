/*
 * One viewer's line: what is known of it, what waits for it, and which pictures it gets. While
 * nothing speaks against it, it is open: every packet goes at once, and nothing here runs but the
 * count of what is sent and what comes of it. Once it has shown its end it is limited: packets are
 * paced, pictures are allotted every 100 ms, probes look for more; after long calm with all that is
 * wanted it is open again. Owned by its peer; one thread.
 */
#ifndef MEDIA_DOWN_H
#define MEDIA_DOWN_H

#include "media/bucket.h"
#include "media/bwe.h"
#include "media/pacer.h"
#include "media/sfu.h"
#include "media/slot.h"

struct slot;
struct sfu_peer;

enum {
    DOWN_RESENDS = 128,     /* at once: half a second of a picture at 250 packets/s */
    DOWN_RESEND_SHARE = 4,  /* and one for so many packets that go out: more loss needs fewer
                               pictures, not more repeats */
    DOWN_RESEND_FLOOR = 50, /* … and so many a second: what went out before a pause may be asked
                               for */
};

struct down {
    struct bwe bwe;
    bool has_room;   /* on a limited line: for voices twice over */
    bool is_paced;   /* packets are offered to the pacer: limited, or something still waits */
    unsigned resends; /* that the viewer may have now, in 1/DOWN_RESEND_SHARE of a packet */
    struct bucket keys; /* frames that may be asked for in the viewer's name, in KEY_COST */
    uint32_t wished;    /* slots, by bit, that are to be asked for when one may be */
    usec wish_due;
    unsigned wish_first; /* behind the slot whose turn it was last */
    uint16_t unsure; /* transport-wide number of the first that may only be late */
    bool has_unsure;
    unsigned looked; /* numbers that the datagram at hand has told or asked for */
    uint32_t broken; /* slots, by bit, that wait for a key frame which has yet to be asked for */
    usec due;
    usec resends_at; /* since when a floor of repeats is due */
    usec key_lag[PACE_CLASSES]; /* how long the last key frame waited, until that is made up for */
    usec key_at, key_wait; /* when one was asked for here; how long until the next may be */
    int64_t goal_bps, rate_bps; /* what all would cost; the rate that was allotted */
    usec rise_at, rise_wait, risen_at, calm_since;
    enum sfu_line line, told;
    usec line_since;
    struct pacer pacer; /* from here on see down_new */
    struct slot_book books[SFU_AUDIO_SLOTS + SFU_VIDEO_SLOTS]; /* one for each slot */
};

int down_new(usec now, struct down **ret_down);
/* Feedback has come: the rate may have changed. */
void down_heard(struct sfu_peer *viewer, usec now);
/* Lets go what may go, allots, probes. */
void down_tick(struct sfu_peer *viewer, usec now);
/* What the line carries now; a stream that is full carries voices alone. */
enum sfu_line down_line(const struct sfu_peer *viewer);
/* Whether the event `line` is to be given. */
bool down_has_news(const struct sfu_peer *viewer, usec now);
/* When down_tick has something; INT64_MAX: nothing. */
usec down_due(const struct sfu_peer *viewer);
/* What waited for a slot was too old, and is gone: its picture goes on with a key frame. */
void down_break(struct sfu_peer *viewer, struct slot *slot);
/* The viewer cannot go on without a key frame of what the slot shows or waits for. All who see the
 * source pay for it: a viewer has few at once, and then one in two seconds. */
void down_ask_key(struct sfu_peer *viewer, struct slot *slot);
/* The track is going to be freed, or with NULL the viewer: what waits of it goes no further. */
void down_forget(struct sfu_peer *viewer, const struct track *t);
/* The last piece of a key frame went out, in that slot (index in the peer's). */
void down_key_passed(struct down *d, unsigned slot);
/* Whether voices may be sent twice over, as RED (RFC 2198), against loss. */
static inline bool down_has_room(const struct down *d)
{
    return !d->is_paced || d->has_room;
}
/* A packet goes out for the first time: it earns a share of a repeat. */
static inline void down_sent(struct down *d)
{
    if (d->resends < DOWN_RESENDS * DOWN_RESEND_SHARE)
        d->resends++;
}
/* Whether the viewer may have a repeat; without a bound one that asks for everything takes every
 * packet of the pool. */
bool down_may_resend(struct down *d, usec now);
/* It has one: after down_may_resend. */
static inline void down_resent(struct down *d)
{
    d->resends -= DOWN_RESEND_SHARE;
}
/* The rate at which packets leave. */
int64_t down_pace(const struct down *d);

#endif
