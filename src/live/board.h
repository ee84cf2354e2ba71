/*
 * Which seminar's room is in which hall (live/hall.h), and how many people are there. Web threads
 * ask before they send anything; halls say when a room opens and closes. A lock guards it, which
 * nobody takes for a packet.
 *
 * A seat is a seminar's line on the board. Life: board_take by whoever brings a person, board_open
 * or board_leave by the hall when that person has arrived, board_close when the room is gone; the
 * line is wiped when there is neither a room nor anybody on the way.
 */
#ifndef LIVE_BOARD_H
#define LIVE_BOARD_H

#include "base/types.h"

struct board;
struct seat;

int board_new(unsigned nhalls, struct board **ret_board);
/* Somebody is on the way to this seminar's room: its line, a new one at the hall with the fewest
 * people when there is none. ERR_FULL at MAX_ROOMS. Any thread. */
int board_take(struct board *b, int64_t seminar_id, str slug, struct seat **ret_seat);
unsigned seat_hall(const struct seat *s);
/* Whoever board_take was for has arrived; `is_open`: the room is there. */
void board_arrived(struct board *b, struct seat *s, bool is_open);
void board_close(struct board *b, struct seat *s);
/* Without a lock; the room's own thread. */
void seat_set_present(struct seat *s, unsigned n);
/* People in the room; 0 when there is none. Any thread. */
unsigned board_present(struct board *b, int64_t seminar_id);
/* -1: there is no room and nobody on the way to it. Any thread. */
int board_by_id(struct board *b, int64_t seminar_id);
int board_by_slug(struct board *b, str slug);
/* By which ways the rooms of a hall may be reached (bits 1 << enum addr_way), and of all halls. */
void board_ways_set(struct board *b, unsigned hall, unsigned ways);
unsigned board_ways(const struct board *b);
/* NULL-safe. */
void board_free(struct board *b);

#endif
