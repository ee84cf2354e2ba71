/*
 * When what readers see of a page was last another, for maps of the site. Most of it is in the rows
 * themselves: words, checks and states know their moment. What leaves no row behind (a line of the
 * agenda that went, another partner) is noted here by whoever changes it; a save that changes
 * nothing is not. Guides: guide_seen_at; news and seminars: search_pages; contacts:
 * contact_seen_at.
 */
#ifndef DOMAIN_SEEN_H
#define DOMAIN_SEEN_H

#include "base/types.h"

struct db;

/* The caller has checked the right. */
int seen_seminar_put(struct db *db, int64_t id, usec now);
int seen_programme_put(struct db *db, int64_t id, usec now);
int seen_kit_put(struct db *db, int64_t id, usec now);

/* Its frame, names of those who carry it, its seminars as cards show them. ERR_NOT_FOUND. */
int seen_programme(struct db *db, int64_t id, usec *ret_at);
/* Of an open kit: its words, and what in it may be used. ERR_NOT_FOUND. */
int seen_kit(struct db *db, int64_t id, usec *ret_at);

#endif
