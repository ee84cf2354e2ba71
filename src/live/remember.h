/*
 * Slides, lock, and what outlasts a connection and a restart of the server; a part of the room's
 * inside (live/room_i.h). Owner: the media thread.
 */
#ifndef LIVE_REMEMBER_H
#define LIVE_REMEMBER_H

#include "base/types.h"

struct member;
struct memory;
struct room;

/* What the record remembers becomes the room's; ERR_MEM. */
int remember_begin(struct room *r, const struct memory *k);
/* A person comes in, the first time since the room was opened: hand, microphone as before. */
void remember_person(struct room *r, struct member *p);
/* Something of the person has changed that must outlast a restart. */
void remember(struct room *r, const struct member *p);
/* Who is to come back after the restart is here by now: stage, hands and microphones of who is not,
 * or has them no more by another role, end. */
void remember_end_wait(struct room *r, usec now);
void remember_removed(struct room *r, int64_t person);
/* The person has been erased from the record: nothing is written of them any more. */
void remember_nothing(struct room *r, int64_t person);
/* Has this person been let in before? */
bool remember_knows(const struct room *r, int64_t person);
/* Is it a place that this person had before the restart? */
bool remember_place(const struct room *r, int64_t person, str token);
/* deck 0 takes the slide down. ERR_STATE: no such page. */
int room_slide_set(struct room *r, int64_t by, int64_t deck, int number);
void room_lock_set(struct room *r, bool is_on);

#endif
