/*
 * Which packet of which source went out under which sequence number of a slot: the range map that
 * lets late packets and requests for retransmission find their own offset after sources have been
 * switched (RFC 3550 sequence numbers, carried here in 32 bits so that they never wrap within a
 * stream).
 *
 *   source   t1: 100 ─── 180      t2: 7 ── 50    t2: 53 ──    (51, 52: padding, closed up)
 *   slot         200 ─── 280      282 ── 325     326 ──        (281: t1's last frame was cut)
 *
 * A value inside a slot; one thread.
 */
#ifndef MEDIA_SPANS_H
#define MEDIA_SPANS_H

#include "base/types.h"

enum {
    SPANS_MAX = 32, /* half a minute of a switch a second; two seconds of every other frame left
                       out, as long as packets are kept */
    SPAN_NO_PID = 0xffff, /* picture ids have 15 bits */
};

struct span {
    uint32_t track;              /* the source's number in its room, > 0 */
    uint32_t src_first, src_end; /* the source's packets in it: from first to before end */
    uint32_t out_first;          /* what src_first is called in the slot */
    uint32_t ts_delta;           /* added to the source's timestamp */
    uint16_t pid_delta;          /* added to its VP8 picture id */
    uint8_t tl0_delta;           /* and to its TL0PICIDX */
    /* source's picture ids of frames that were left out right before and right behind it: what a
     * hole at the span's ends holds of them has no picture id in the slot */
    uint16_t cut_before, cut_behind;
    int8_t temporal; /* highest TID that was shown in it */
};

struct spans {
    struct span *at; /* SPANS_MAX of the owner's; none is read before it is written */
    unsigned n; /* opened since the beginning; the newest is at[(n - 1) % SPANS_MAX] */
};

/* A new span, empty: src_end is set to src_first. */
void spans_open(struct spans *s, const struct span *first);
/* The newest; NULL when none was opened. */
struct span *spans_last(struct spans *s);
/* The span that holds this packet of this source; NULL when it was never sent or is forgotten. */
const struct span *spans_by_src(const struct spans *s, uint32_t track, uint32_t src);
/* The span that holds this sequence number of the slot, as far as its 16 bits tell; *ret_src is the
 * source's. */
const struct span *spans_by_out(const struct spans *s, uint16_t out, uint32_t *ret_src);

#endif
