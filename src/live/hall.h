/*
 * One media thread: its loop, its socket and streams (live/ways.h), its sfu, and the rooms that
 * were given to it. Halls share nothing but the board (which room is where), the street (what
 * carries a datagram to the hall it belongs to) and messages. A room never moves.
 *
 *     web thread ── message ──▶ hall 0: rooms 3, 8
 *                 └─ message ─▶ hall 1: room 5        hall 0 ◀── street ──▶ hall 1
 *
 * What is said to be called "in the hall" runs on its thread.
 */
#ifndef LIVE_HALL_H
#define LIVE_HALL_H

#include "base/types.h"

struct arena;
struct board;
struct hall;
struct live_conf;
struct loop;
struct msg;
struct room;
struct room_deck;
struct room_who;
struct sb;
struct seat;
struct server_raw;
struct sfu_events;
struct street;

struct hall_conf {
    const struct live_conf *live;
    struct board *board;
    struct street *street;
    struct hall *const *all; /* of this process, by number; filled before any is started */
    unsigned nall, number;
};

/* Binds the port, or joins that of hall 0, which is made first. ERR_BUSY: it is taken. */
int hall_new(const struct hall_conf *c, struct hall **ret_hall);
/* The thread begins. */
int hall_start(struct hall *h);
uint16_t hall_udp_port(const struct hall *h);
/* Any thread; ERR_FULL: m stays the caller's. */
int hall_post(struct hall *h, struct msg *m);
/* A stream with media inside, from any thread: taken over on every way. */
void hall_take(struct hall *h, const struct server_raw *raw);

/* ---- in the hall ---- */
struct loop *hall_loop(const struct hall *h);
usec hall_now(const struct hall *h);
/* For one message. */
struct arena *hall_arena(const struct hall *h);
/* What the sfu says goes to the room that it is about; ctx is the hall (live/events.c). */
extern const struct sfu_events hall_events;
struct room *const *hall_rooms(const struct hall *h, unsigned *ret_n);
struct room *hall_room(const struct hall *h, int64_t seminar_id);
struct room *hall_room_by_slug(const struct hall *h, str slug);
/* The room of this seat, made when it is not open. In either case the seat is told that somebody
 * has arrived (board_arrived). ERR_FULL, ERR_MEM. */
int hall_open_room(struct hall *h, struct seat *seat, const struct room_who *who,
                   const struct room_deck *decks, size_t ndecks, struct room **ret_room);
void hall_announce_tcp(struct hall *h, uint16_t port);
/* A person reads it: rooms, peers, ways, refused packets. */
void hall_print(const struct hall *h, struct sb *to);

/* Everybody is told that the server restarts; the thread ends. All halls are stopped before the
 * first is freed. */
void hall_stop(struct hall *h);
/* NULL-safe. */
void hall_free(struct hall *h);

#endif
