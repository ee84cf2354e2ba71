/*
 * What the rate of one viewer's line is spent on: pictures in order of importance, each in the best
 * of its steps that fits, or none. Sound is not asked: it has been taken off before. A pure
 * function; no state.
 */
#ifndef MEDIA_ALLOC_H
#define MEDIA_ALLOC_H

#include "base/types.h"

enum { ALLOC_STEPS = 16 }; /* LAYER_SPATIALS × LAYER_TEMPORALS */

/* One picture. */
struct alloc_ask {
    int64_t cost[ALLOC_STEPS]; /* of step 1 at [0], and on; rising */
    unsigned n;                /* 0: nothing is wanted */
    unsigned had;              /* the step that it has now; 0: none */
    unsigned gets;             /* set by alloc_divide */
};

/*
 * may_rise: whether anything may get more than it had. To keep a step costs a little less than it
 * does, to rise a little more, so that a rate that swings does not switch pictures to and fro.
 * Returns what all of it would cost in the best step.
 */
int64_t alloc_divide(struct alloc_ask *asks, unsigned n, int64_t rate_bps, bool may_rise);

#endif
