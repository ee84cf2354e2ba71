/*
 * What waits for one viewer's line: which packet of which track, not yet numbered, so that what is
 * important overtakes and what is dropped leaves no hole. Used only while the line is limited or
 * stands still; an open line has nothing here. A value inside a peer; one thread; no allocation.
 *
 *     voice (never waits)   probe ─▶ again ─▶ stage ─▶ small       the first that has something
 * goes first
 *
 * The rate is a clock: each packet moves free_at on by the time that it takes.
 */
#ifndef MEDIA_PACER_H
#define MEDIA_PACER_H

#include "base/types.h"

struct track;

enum pace_class {
    PACE_PROBE, /* padding, at moments of its own */
    PACE_AGAIN, /* repeats */
    PACE_STAGE, /* V0 */
    PACE_SMALL, /* V1.. */
    PACE_CLASSES
};

enum {
    PACE_ITEMS = 512
}; /* in each line: as many as a track keeps, TRACK_VIDEO_RING; a shared page of small print is 200
      packets at once. A power of two. */

struct pace_item {
    struct track *track; /* NULL: a repeat */
    uint32_t seq;        /* the track's; of a repeat the slot's */
    uint8_t slot;
    bool is_padding; /* seq is its length */
    usec at;         /* since when it waits; a repeat or padding: not before */
};

struct pace_line {
    unsigned first, n;
};

struct pacer {
    usec free_at;
    unsigned n; /* of all lines */
    struct pace_line lines[PACE_CLASSES];
    struct pace_item at[PACE_CLASSES][PACE_ITEMS]; /* last, see pacer_init */
};

/* Leaves what items wait in as it is: 48 kB that nobody touches on an open line are then not in
 * memory. */
void pacer_init(struct pacer *p);
/* False: the line is full. */
bool pacer_add(struct pacer *p, enum pace_class class, const struct pace_item *item);
/* The next of a line; NULL: it is empty. Valid until the line changes. */
const struct pace_item *pacer_first(const struct pacer *p, enum pace_class class);
void pacer_take(struct pacer *p, enum pace_class class);
/* The i-th of a line, the first is 0; NULL: there are not so many. */
const struct pace_item *pacer_at(const struct pacer *p, enum pace_class class, unsigned i);
/* Takes out what waits for a slot; returns how many. */
unsigned pacer_cut(struct pacer *p, enum pace_class class, unsigned slot);
/* The same of the first n of the line alone. */
unsigned pacer_cut_some(struct pacer *p, enum pace_class class, unsigned slot, unsigned n);
/* The track is going to be freed; NULL: the pacer is. Returns how many packets of tracks waited. */
unsigned pacer_forget(struct pacer *p, const struct track *t);
/* n bytes go out at that rate (INT64_MAX: no limit). */
void pacer_charge(struct pacer *p, size_t n, int64_t rate_bps, usec now);
/* Whether another packet may go out. */
bool pacer_may(const struct pacer *p, usec now);
/* Whether a packet of that line need not wait. */
bool pacer_is_free(const struct pacer *p, enum pace_class class, usec now);
/* When something that waits may go out; INT64_MAX: nothing waits. */
usec pacer_next(const struct pacer *p);

#endif
