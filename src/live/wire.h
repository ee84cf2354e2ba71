/*
 * A page's control connection between net and its room: either side may end first. A web thread
 * checks the upgrade and sends the connection to the hall, where the person joins the room.
 */
#ifndef LIVE_WIRE_H
#define LIVE_WIRE_H

#include "base/types.h"
#include "live/room.h"

struct board;
struct deck_list;
struct exchange;
struct hall;
struct live_join;

/* As live_connect; `all` by number. */
void wire_connect(struct board *b, struct hall *const *all, struct exchange *x,
                  const struct live_join *who);
/* As room_deck rows; at most MAX_DECKS; returns how many. */
size_t wire_decks(struct room_deck *to, const struct deck_list *ready);

/* struct room_env: send, waiting, shut. */
void wire_send(void *wire, str text);
size_t wire_waiting(void *wire);
void wire_shut(void *wire, int code, const char *reason);

#endif
