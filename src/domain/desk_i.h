/*
 * What the files of the desk share: recording a step, and sending a version back when its words or
 * pictures have changed. For domain/{desk,news,safety,picture,story}.c.
 */
#ifndef DOMAIN_DESK_I_H
#define DOMAIN_DESK_I_H

#include "base/types.h"

struct actor;
struct db;

/* What was done to a version: it came from this state to the one that it has. */
struct desk_deed {
    int64_t news_id;
    str lang, note; /* note unset: none */
    int from;       /* enum desk_state; 0: it was begun */
};
int desk_record(struct db *db, const struct actor *who, const struct desk_deed *deed, usec now);
/*
 * A version whose words have changed: what was checked and waits for its readers goes back to the
 * safety check; a published one counts as corrected. Records the step.
 */
int desk_changed(struct db *db, const struct actor *who, int64_t news_id, str lang, usec now);
/* The same for all versions of an item whose pictures have changed. */
int desk_pictures_changed(struct db *db, const struct actor *who, int64_t news_id, usec now);
/* Readers see other pictures from now on: one came out of the check, or went. */
int desk_pictures_seen(struct db *db, int64_t news_id, usec now);

#endif
