/*
 * How much a publisher may send, for one that does not take transport-wide feedback
 * (draft-alvestrand-rmcat-remb): estimated here from what is lost and from how late packets become.
 * A value inside a peer; one thread.
 */
#ifndef MEDIA_REMB_H
#define MEDIA_REMB_H

#include "base/types.h"

struct remb {
    int64_t bps;      /* told last; 0: nothing yet */
    uint64_t bytes;   /* come since told_at */
    usec told_at;     /* 0: nothing has come */
    usec least, late; /* delay of a picture, up to a constant: the least of late, and smoothed */
    bool has_delay;
};

/* n bytes have come; a packet of a picture says its delay up to a constant, others -1. */
void remb_add(struct remb *r, size_t n, usec delay, usec now);
/* What to tell after about a second; lost_q8: the greatest loss of a track since then, in 1/256. 0:
 * nothing to tell. */
int64_t remb_tell(struct remb *r, unsigned lost_q8, usec now);

#endif
