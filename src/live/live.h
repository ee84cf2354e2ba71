/*
 * The live rooms of this process, as app and the web threads see them. live_new starts the media
 * threads (live/hall.h): each has its own loop, a socket at the one UDP port, an sfu (media/sfu.h)
 * and the control WebSockets of its rooms. A room is given to the one with the fewest people when
 * it opens, and stays there. A media thread never waits for anything.
 *
 *     web thread ── live_connect, WHIP, WHEP ──message──▶ media thread ── loop_answer ──▶ web
 * thread media thread ── record_port ──message──▶ store thread
 *
 * Spec: docs/protocol.md; RFC 9725 (WHIP); WHEP is WHIP with the media going the other way.
 */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "base/addr.h"
#include "base/types.h"
#include "live/record_port.h"
#include "net/route.h"

struct deck_list;
struct exchange;
struct memory;
struct live;
struct sb;
struct server_raw;

struct live_conf {
    struct record_port record;   /* copied; its ctx must outlive live */
    struct addr bind_to;         /* UDP; port 0: the system chooses */
    bool has_tls;                /* the port of the pages speaks TLS: media may go through it */
    bool is_self_only;           /* UDP of this machine alone: for a demonstration */
    bool is_gso_off;             /* every datagram leaves by itself (net/udp.h) */
    const struct addr *announce; /* host candidates of the answers, copied; port 0 becomes the port
                                    that was bound */
    size_t nannounce;
    unsigned nhalls; /* media threads; 0 is 1, at most MAX_HALLS */
};

/* Binds and starts the thread; ERR_BUSY when the port is taken. One per process: the route table
 * carries no context. */
int live_new(const struct live_conf *c, struct live **ret_live);
uint16_t live_udp_port(const struct live *l);

/* A connection that speaks no HTTP (net/server.h): media by TCP. Takes it over, on every way. Web
 * thread. */
void live_take(struct live *l, const struct server_raw *raw);
/* The port at which such connections arrive, at the announced addresses: told to browsers from now
 * on. ERR_MEM, ERR_FULL. */
int live_announce_tcp(struct live *l, uint16_t port);

/* WHIP and WHEP: POST, PATCH, DELETE, OPTIONS below /s/{slug}/. Bearer token; cookies do not count.
 */
const struct route *live_routes(size_t *ret_n);

/* What the record says of the person who opens the room (web/room_port.h: struct room_join, field
 * by field). */
struct live_join {
    int64_t seminar_id, person_id;
    str slug, name, organisation, lang;
    int role;      /* domain/invitation.h: enum role */
    int state;     /* domain/seminar.h: enum seminar_state */
    int policy;    /* domain/seminar.h: enum network_policy */
    int64_t stage; /* 0: nobody */
    const str *langs; /* of the seminar: what it may be interpreted into */
    size_t nlangs;
    const struct memory *memory;       /* NULL: the room is open and knows by itself */
    const struct deck_list *decks; /* that may be shown; NULL: none */
};
/* Checks the upgrade and hands the connection to the room's thread; on failure x has been answered.
 * Web thread. */
void live_connect(struct live *l, struct exchange *x, const struct live_join *who);
/* The slides of this seminar that may be shown have changed. Any thread; a room that is not open
 * learns it when it is opened. */
void live_decks(struct live *l, int64_t seminar_id, const struct deck_list *ready);
/* What lets this person into the seminar has changed, or (seminar_id 0) the person was erased: see
 * room_expel, room_forget in live/room.h. Any thread. */
void live_expel(struct live *l, int64_t seminar_id, int64_t person_id, str name);
/* People in the room at this moment. Any thread. */
unsigned live_present(struct live *l, int64_t seminar_id);
/* Asks the media threads, one after the other, for rooms, people, slots and the sfu's counters, for
 * /debug/media: answers x (ROUTE_ASYNC show). */
void live_debug(struct live *l, struct exchange *x);

/* Tells every page that the server restarts, writes the attendance, ends the threads. The server
 * must be gone. NULL-safe. */
void live_free(struct live *l);

#endif
