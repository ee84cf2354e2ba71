/*
 * The lines of an agenda one by one: kinds, order, removal. Reading and adding are in
 * domain/seminar.h. Changes need RIGHT_EVENT.
 */
#ifndef DOMAIN_SEMINAR_AGENDA_H
#define DOMAIN_SEMINAR_AGENDA_H

#include "domain/seminar.h"

/* What a line of the agenda may be, as in files: i from 0 until the unset str. */
str agenda_kind_at(size_t i);
/* Lines of the agenda. */
int seminar_agenda_length(struct db *db, int64_t id, int *ret_nitems);
/* To that place, from 1; those between move up. ERR_RANGE outside the agenda. */
int seminar_agenda_move(struct db *db, const struct actor *who, int64_t id, int64_t item_id,
                        int to_place, usec now);
/* With its title; those behind it move up. */
int seminar_agenda_remove(struct db *db, const struct actor *who, int64_t id, int64_t item_id,
                          usec now);

#endif
