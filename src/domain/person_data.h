/*
 * What the record holds of one person: given out as JSON, and taken out of it. Erased are name,
 * function, e-mail address, the name on certificates, links to media kits in that name, what they
 * wrote and why their time was corrected; organisation, role, time in the room, answers to tests,
 * and what they stated of sex, age group and country stay, without anybody to whom they could be
 * ascribed. Slides stay as well: the organiser deletes them.
 */
#ifndef DOMAIN_PERSON_DATA_H
#define DOMAIN_PERSON_DATA_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Everything, as one JSON object. RIGHT_EVENT, or the person. */
int person_export(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                  str *ret_json);
/*
 * Ends links and sessions too. Erasing twice changes nothing. RIGHT_EVENT. ERR_STATE while the
 * person is in a room that is open.
 */
int person_erase(struct db *db, const struct actor *who, int64_t id, usec now);
/* The same when the period is over, without certificates: they have a period of their own. By the
 * server. */
int person_expire(struct db *db, int64_t id, usec now);

#endif
