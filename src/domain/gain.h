/*
 * What changed between two tests of the same people: pairs only, each person compared with
 * themselves. A loss is a gain under 0 and is shown as one. Pure.
 */
#ifndef DOMAIN_GAIN_H
#define DOMAIN_GAIN_H

#include "base/types.h"

struct gain_pair {
    double pre, post; /* percent */
};

struct gain {
    int64_t n;         /* pairs */
    double pre, post;  /* means */
    double mean;       /* of the differences, in points */
    double low, high;  /* 95 % confidence interval of the mean, Student's t */
    bool has_interval; /* two pairs at least */
    double norm; /* mean over what was left to gain: (post - pre) / (100 - pre), R. R. Hake 1998 */
    bool has_norm; /* something was left to gain */
    int64_t nup, nsame, ndown;
};

void gain_of(const struct gain_pair *pair, size_t n, struct gain *ret_gain);
/* Two-sided 95 % quantile of Student's t with that many degrees of freedom (from 1). */
double gain_t95(size_t df);

#endif
