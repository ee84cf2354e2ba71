/*
 * All that web sees of a live room: a struct of functions that app fills with live's. Web thread.
 */
#ifndef WEB_ROOM_PORT_H
#define WEB_ROOM_PORT_H

#include "base/types.h"

struct deck_list;
struct exchange;
struct memory;

/* What the record says of the person who opens the room, read from the store by web. Texts are
 * copied by connect. */
struct room_join {
    int64_t seminar_id, person_id;
    str slug, name, organisation, lang; /* lang: the person's interface language */
    int role;              /* domain/invitation.h: enum role */
    int state;             /* domain/seminar.h: enum seminar_state */
    int policy;            /* domain/seminar.h: enum network_policy */
    const str *langs;      /* of the seminar: what it may be interpreted into */
    size_t nlangs;
    int64_t stage;         /* person on stage as last recorded, 0: nobody */
    const struct memory *memory;       /* of a room that nobody is in; NULL: it is open */
    const struct deck_list *decks; /* that are ready */
};

struct room_port {
    /* Checks the WebSocket upgrade of x and hands the connection to the room; on failure x has
     * been answered. */
    void (*connect)(void *ctx, struct exchange *x, const struct room_join *who);
    /* People in the room at this moment, for the waiting page and the organiser's desk. */
    unsigned (*present)(void *ctx, int64_t seminar_id);
    /* Rooms, peers and refused packets as text, answered later (ROUTE_ASYNC). May be NULL. */
    void (*debug)(void *ctx, struct exchange *x);
    /* A file of slides has come and waits in the store. May be NULL. */
    void (*slides_came)(void *ctx);
    /* Slides were removed: these are left. May be NULL. */
    void (*decks)(void *ctx, int64_t seminar_id, const struct deck_list *ready);
    /* What lets this person into the seminar has changed: another link, none, another role. Pages
     * and media that came in by the old one end; they may come again with what holds now. name,
     * unless unset: what the person said before is shown under it. seminar_id 0: the person was
     * erased; every room forgets what the person said. May be NULL. */
    void (*expel)(void *ctx, int64_t seminar_id, int64_t person_id, str name);
    void *ctx;
};

#endif
