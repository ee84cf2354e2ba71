/*
 * Delays as counts: 64 steps in every doubling, so a percentile is right within 1.6 %. Nanoseconds
 * in, nanoseconds out.
 */
#ifndef BENCH_HIST_H
#define BENCH_HIST_H

#include "base/types.h"

enum { HIST_STEPS = 64, HIST_DOUBLINGS = 40 };

struct hist {
    uint64_t n, counts[HIST_DOUBLINGS * HIST_STEPS];
    int64_t max;
};

void hist_add(struct hist *h, int64_t ns);
/* The value that `share` (0.0-1.0) of all values do not exceed; 0 when there are none. */
int64_t hist_at(const struct hist *h, double share);

#endif
