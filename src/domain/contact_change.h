/*
 * What has changed in the register since a moment, for media that carry a copy of it: contacts
 * that are new or different, that hide now, that are gone. That a check becomes too old is a
 * change, too, at the moment when it does.
 */
#ifndef DOMAIN_CONTACT_CHANGE_H
#define DOMAIN_CONTACT_CHANGE_H

#include "base/types.h"
#include "domain/contact.h"

struct contact_change {
    struct contact contact; /* of one that is gone only the slug */
    bool is_gone;
    usec at;
};

struct contact_change_list {
    struct contact_change *row; /* by moment */
    size_t n;
    usec newest; /* of all, also of those before `since`; 0: there is none */
};

struct contact_since {
    str lang;
    usec since; /* 0: everything */
    usec now;
};

int contact_changes(struct arena *a, struct db *db, const struct contact_since *ask,
                    struct contact_change_list *ret_list);
/* When what a reader sees of c changed last; c as the store gave it. */
usec contact_seen_at(const struct contact *c, usec now);
/* "2026-11-26", "2026-11-26T08:00:00Z" or "2026-11-26T08:00:00.123456Z"; empty is 0. ERR_RANGE. */
int contact_since_parse(str s, usec *ret_at);

#endif
