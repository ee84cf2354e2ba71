/*
 * Who is let in and who is sent out (live/door.c); a part of the room's inside (live/room_i.h).
 * Owner: the media thread.
 */
#ifndef LIVE_DOOR_H
#define LIVE_DOOR_H

#include "base/types.h"

struct client;
struct room;
struct room_who;

/* A connection that web read from the record before the person was sent out is on its way for
 * milliseconds; a busy media thread keeps it waiting for less than this. */
#define ROOM_EXPEL_US USEC_S

/* Who was sent out may not come in before. */
struct expelled {
    int64_t person;
    usec until;
};

/* ERR_DENIED, ERR_STATE, ERR_FULL, with the code to shut the wire with; 0: come in. */
int door_refuses(const struct room *r, const struct room_who *who, usec now, int *ret_close);
void room_bar(struct room *r, int64_t person);
/* What the person said before is under this name too, for all but `but`, who is just coming. */
void door_rename(struct room *r, int64_t person, str name, const struct client *but, usec now);

#endif
