/*
 * Time zones: the short list that forms and readers choose from, and local time as people type it.
 * A zone is its IANA name ("Asia/Ashgabat"). Pure.
 */
#ifndef DOMAIN_ZONE_H
#define DOMAIN_ZONE_H

#include "base/types.h"

struct arena;

/* The places of the list, west to east: i from 0 until the unset str. */
str zone_at(size_t i);
/* Known to ICU, and not over 63 bytes. */
bool zone_is_known(str zone);
/*
 * "2026-11-24" and "10:00" in the zone, as UTC. A clock that is put forward over this moment gives
 * the later hour; ERR_SYNTAX for a day or time that is none, ERR_NOT_FOUND for an unknown zone.
 */
int zone_time(str zone, str day, str clock, usec *ret_at);
/* The other way: "2026-11-24" / "10:00". Unset when out of memory. */
str zone_day(struct arena *a, str zone, usec at);
str zone_clock(struct arena *a, str zone, usec at);

#endif
