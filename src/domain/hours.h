/*
 * Weekly hours of a service, as people can type them and as they are stored:
 *
 *     mo-fr 09:00-18:00; sa 10:00-14:00        24/7        mo,we 22:00-06:00 (over midnight)
 *
 * Pure. Days count from Monday = 0, minutes from midnight in the service's own zone.
 */
#ifndef DOMAIN_HOURS_H
#define DOMAIN_HOURS_H

#include "base/types.h"

enum { HOURS_MOST = 8, HOURS_DAY = 24 * 60 };

struct hours_span {
    unsigned days; /* bit 0: Monday */
    int from, to;  /* to <= from: until the next day */
};

struct hours {
    struct hours_span span[HOURS_MOST];
    size_t n;       /* 0: not stated */
    bool is_always; /* 24/7: one span of all days */
};

/* Empty gives n 0. ERR_SYNTAX, ERR_FULL over HOURS_MOST. */
int hours_parse(str s, struct hours *ret_hours);
/* Whether somebody answers at `now`; false when the hours are not stated or the zone is not known.
 */
bool hours_is_open(const struct hours *h, str zone, usec now);
/* "mo" … "su". */
const char *hours_day_name(int day);

#endif
