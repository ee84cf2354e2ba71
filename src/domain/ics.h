/*
 * A seminar as text/calendar (RFC 5545): times in UTC, lines folded at 75 bytes, texts escaped.
 * Pure.
 */
#ifndef DOMAIN_ICS_H
#define DOMAIN_ICS_H

#include "base/types.h"

struct arena;
struct seminar;

/* url: of the seminar's page; host: what follows '@' in the UID. now: DTSTAMP. */
int ics_seminar(struct arena *a, const struct seminar *s, str url, str host, usec now,
                str *ret_ics);

#endif
