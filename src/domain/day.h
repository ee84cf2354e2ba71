/*
 * Calendar days as numbers and back (proleptic Gregorian), and the date of a moment in a zone.
 * Pure. Private to domain/.
 */
#ifndef DOMAIN_DAY_H
#define DOMAIN_DAY_H

#include "base/types.h"

struct day {
    int year, month, day; /* month and day from 1 */
};

/* Days since 1970-01-01. */
int64_t day_number(struct day d);
struct day day_of_number(int64_t n);
/* "2020-11-24", a day that exists; ERR_SYNTAX. */
int day_parse(str s, struct day *ret_day);
/* "2020-11-24T10:00:00+05:00" or with Z (RFC 3339) as UTC; ERR_SYNTAX. */
int day_parse_time(str s, usec *ret_time);
/* The date in the zone ("Asia/Ashgabat"); in UTC when the zone is not known. */
struct day day_in_zone(usec t, str zone);

#endif
