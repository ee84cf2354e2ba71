/*
 * Who has been told of whom (live/roster.c); a part of the room's inside (live/room_i.h).
 * Owner: the media thread.
 */
#ifndef LIVE_ROSTER_H
#define LIVE_ROSTER_H

#include "base/limits.h"
#include "base/types.h"

struct client;
struct member;
struct room;

/*
 * A line of 64 kbit/s carries so much in a second: no piece is longer, and while so much waits for
 * a page, it is told of nobody who can be told later.
 */
enum { ROOM_PIECE = 8192 };
enum { ROOM_DUE = (MAX_ROOM_PEERS + 63) / 64 }; /* words of a bit for each person */

/* What a page has still to be told. */
struct owed {
    uint64_t due[ROOM_DUE]; /* people, by number */
    unsigned at;            /* where the next piece begins */
    int64_t chat_from;      /* messages before this one */
    bool is_whole;          /* it was told of everybody since its `welcome` */
};

/* ERR_FULL: there are MAX_ROOM_PEERS. */
int roster_add(struct room *r, struct member *p);
void roster_remove(struct room *r, struct member *p, usec now);
/* Who has changed, who has gone. */
void roster_flush(struct room *r, usec now);
/* c is owed everybody, and what was said before. */
void roster_owe(struct client *c);
/* As much of what c is owed as its line takes now. */
void roster_feed(struct client *c, usec now);
/* All clients, when it is time. */
void roster_tick(struct room *r, usec now);
/* True: its line takes a message with these people now; false: c is owed them. */
bool roster_takes(struct client *c, const uint64_t people[static ROOM_DUE], usec now);
bool roster_is_owed(const struct client *c);
/* The oldest message that is still known. */
int64_t roster_chat_first(const struct room *r);

#endif
