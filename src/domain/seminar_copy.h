/*
 * A whole seminar: copied as the plan of the next one, or deleted. RIGHT_EVENT.
 */
#ifndef DOMAIN_SEMINAR_COPY_H
#define DOMAIN_SEMINAR_COPY_H

#include "domain/seminar.h"

/* Agenda with its titles, quotas, and (asked for) the people with new links, into a new seminar. */
struct seminar_copy {
    int64_t from_id, to_id;
    bool has_people;
};
int seminar_copy(struct arena *a, struct db *db, const struct actor *who,
                 const struct seminar_copy *in, usec now);
/*
 * With agenda, quotas, and invitations that nobody has used. ERR_CONFLICT while something needs it
 * (domain/need.h), or another part of the record names it.
 */
int seminar_remove(struct arena *a, struct db *db, const struct actor *who, int64_t id, usec now);

#endif
