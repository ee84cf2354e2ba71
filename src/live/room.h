/*
 * One seminar that is on air: who is here, who may do what, who is on stage. Made when the first
 * person joins, freed when everybody has left. Owner: the media thread; nothing here blocks,
 * nothing here knows a socket or a clock: connections are `wire` pointers that env->send and
 * env->shut understand, time is an argument (monotonic). Spec: docs/protocol.md.
 */
#ifndef LIVE_ROOM_H
#define LIVE_ROOM_H

#include "base/limits.h"
#include "base/types.h"
#include "media/sfu.h"

struct arena;
struct client;
struct memory;
struct record_port;
struct room;
struct sb;
struct session;
struct turn;

struct room_env {
    struct sfu *sfu;
    struct turn *turn; /* NULL (tests): no relay is offered */
    uint16_t udp_port; /* where TURN by UDP is */
    bool has_tls;      /* the port of the pages speaks TLS */
    const struct record_port *record;
    struct arena *arena;                /* for one message; reset by the caller of room_rx */
    void (*send)(void *wire, str text); /* never blocks; a wire that is full is shut by its owner */
    void (*shut)(void *wire, int code,
                 const char *reason); /* room_lost is not called for it any more */
    /* Bytes that wait to be sent to it. NULL (tests): never any. */
    size_t (*waiting)(void *wire);
    usec wall_offset;                 /* UTC minus monotonic */
};

struct room_who {
    int64_t seminar_id, person_id;
    str slug, name, organisation;
    int role, state, policy; /* domain's enum role, enum seminar_state, enum network_policy */
    int64_t stage;
    const str *lang; /* of the seminar, for room_new: what it may be interpreted into */
    size_t nlangs;
    const struct memory *memory; /* for room_new: as before the restart; NULL: nothing is known */
};

/* Slides that may be shown. */
struct room_deck {
    int64_t id;
    int nslides;
    char name[MAX_SHOWN_BYTES + 1];
};

enum room_may {
    MAY_LISTEN = 1,
    MAY_PUBLISH = 2,
    MAY_CAMERA = 4,
    MAY_HAND = 8,
    MAY_CHAT = 16,
    MAY_HOST = 32,
    MAY_SLIDES = 64,
    MAY_INTERPRET = 128
};

enum room_close {
    CLOSE_RESTART = 1001,
    CLOSE_SYNTAX = 4000,
    CLOSE_ENDED = 4001,
    CLOSE_REMOVED = 4002,
    CLOSE_FULL = 4003,
    CLOSE_RESUMED = 4004,
    CLOSE_LOCKED = 4005,
    CLOSE_EXPELLED = 4006,
};

/* ERR_FULL, ERR_MEM. env must outlive the room. */
int room_new(const struct room_env *env, const struct room_who *first, usec now,
             struct room **ret_room);
int64_t room_id(const struct room *r);
str room_slug(const struct room *r);
bool room_is_empty(const struct room *r);
/* People with an open connection. */
unsigned room_present(const struct room *r);

/* A connection has come; it says hello later. On ERR_DENIED (removed, locked out, expelled a moment
 * ago), ERR_STATE (ended) and ERR_FULL the wire is shut already. */
int room_join(struct room *r, const struct room_who *who, void *wire, usec now,
              struct client **ret_client);
/* A text of that connection. The client may be gone afterwards: the owner of the wire learns it by
 * env->shut. */
void room_rx(struct client *c, str message, usec now);
/* The connection is broken; the place is kept. */
void room_lost(struct client *c, usec now);
/* The record has changed what lets this person in (link, role): all pages and media of the person
 * end, and may come again as the record then says. name, unless unset: what the person said before
 * is shown under it from now on. */
void room_expel(struct room *r, int64_t person, str name, usec now);
/* The person was erased: as room_expel, and what the person said is forgotten. */
void room_forget(struct room *r, int64_t person, usec now);
/* By which ways its media may go: bits 1 << enum addr_way. */
unsigned room_ways(const struct room *r);
/* These decks are ready now, and no others; at most MAX_DECKS are taken. One that is shown and is
 * not among them is taken down. */
void room_decks_set(struct room *r, const struct room_deck *deck, size_t n);
/* Returns the next deadline. */
usec room_tick(struct room *r, usec now);
/* The server stops: everybody is told, attendance is written. */
void room_stop(struct room *r, usec now);

/* ---- WHIP and WHEP, by the token of `welcome` ---- */
/* NULL: nobody has this token. Compared in constant time. */
struct client *room_by_token(struct room *r, str token);
struct session_offer {
    enum sfu_role role;
    str sdp;
    str rung; /* live/network.h; unset: the policy's first */
};
/* ERR_DENIED without the right, or when the policy rules the rung out; ERR_SYNTAX: no such rung;
 * otherwise as sfu_peer_new. An earlier session of that kind ends. */
int session_open(struct client *c, const struct session_offer *offer, usec now, struct arena *a,
                 str *ret_answer);
/* NULL: no such session. */
struct session *session_by_role(struct client *c, enum sfu_role role);
struct session *session_by_id(struct client *c, enum sfu_role role, str id);
/* ICE restart; the version counts up. */
int session_restart(struct session *s, str frag, usec now, struct arena *a, str *ret_frag);
void session_end(struct session *s, usec now);
str session_id(const struct session *s);
uint32_t session_version(const struct session *s);

/* ---- what the sfu says (media/sfu.h: struct sfu_events) ---- */
/* False: this room does not know the peer. */
bool room_on_connected(struct room *r, struct sfu_peer *p);
bool room_on_gone(struct room *r, struct sfu_peer *p);
/* Which picture of the publisher is worth sending (struct sfu_events: wish). */
bool room_on_wish(struct room *r, struct sfu_peer *p, int height);
/* What the line of this viewer carries (struct sfu_events: line). */
bool room_on_line(struct room *r, struct sfu_peer *p, enum sfu_line line);
void room_on_slot(struct room *r, usec now);
void room_on_channel(struct room *r, usec now);
void room_on_speaker(struct room *r, int64_t person);

/* Everybody is dropped without a word about the seminar (CLOSE_RESTART). NULL-safe. */
void room_free(struct room *r, usec now);

/* A person reads it: people and what they do, by number; no names, no tokens. */
void room_print(const struct room *r, struct sb *to);

#endif
