/*
 * The inside of a room, shared by room.c (life, coming and going), door.c (who is let in), roster.c
 * (who has been told of whom), act.c (what messages do), tell.c (what is sent), booth.c
 * (interpretation), sight.c (pictures that do not arrive), remember.c (slides, lock, what a restart
 * keeps) and session.c (WHIP and WHEP). Owner: the media thread. Nobody else includes this, save
 * the tests.
 *
 *     room ─┬─ member ─── member …      one per human; roster, hand, role
 *           └─ client ─── client …      one per device: control connection, token, at most one up
 * and one down session
 */
#ifndef LIVE_ROOM_I_H
#define LIVE_ROOM_I_H

#include "base/limits.h"
#include "base/sb.h"
#include "base/types.h"
#include "domain/memory.h"
#include "live/booth.h"
#include "live/control.h"
#include "live/door.h"
#include "live/room.h"
#include "live/roster.h"
#include "live/tell.h"
#include "media/channel.h"
#include "media/sfu.h"

enum { ROOM_TOKEN = 22, ROOM_BARRED = 64, ROOM_SESSION_ID = 22, ROOM_LANG = MEMORY_LANG };

/* Roster changes are gathered: 500 people joining are not 250,000 messages. */
#define ROOM_FLUSH_US (100 * USEC_MS)
#define ROOM_SLOW_US  USEC_S /* how often the slow rules (places, hello missing) are looked at */
#define ROOM_HELLO_US (10 * USEC_S)
#define ROOM_KEEP_US  (60 * USEC_S) /* a place is kept so long; as ATTENDANCE_GAP_US */
#define ROOM_SEEN_US  (15 * USEC_S) /* as ATTENDANCE_SEEN_US */
#define ROOM_HANDOVER_US (5 * USEC_S)  /* the partner breathes in, the speaker's sentence ends */
#define ROOM_SIGNAL_US   (10 * USEC_S) /* a speaker who was told so is not told again */
enum line { LINE_GOOD, LINE_POOR, LINE_BAD };

struct member {
    struct member *next;
    int64_t id;
    unsigned number; /* the bit in struct owed */
    char name[MAX_SHOWN_BYTES + 1], org[MAX_SHOWN_BYTES + 1];
    int role;
    uint64_t hand; /* 0: down; otherwise the order */
    bool has_mic, has_camera, is_muted, is_away, is_dirty;
    enum line line;
    int channel; /* heard in A3; SFU_FLOOR: the floor alone */
    int booth;   /* interprets into this channel; 0: none */
    unsigned nclients; /* all that have said hello, also those away */
};

struct session {
    struct sfu_peer *peer; /* NULL: none */
    char id[ROOM_SESSION_ID + 1];
    uint32_t version; /* of the ICE credentials: the ETag */
    bool is_connected;
};

struct client {
    struct client *next;
    struct room *room;
    struct member *person; /* NULL before hello */
    struct room_who who;   /* texts point into name, org */
    char name[MAX_SHOWN_BYTES + 1], org[MAX_SHOWN_BYTES + 1];
    void *wire;         /* NULL: away, the place is kept until keep_until */
    int64_t connection; /* of the attendance; 0 while away */
    usec joined_at, keep_until;
    char token[ROOM_TOKEN + 1], resume[ROOM_TOKEN + 1];
    struct session session[2]; /* by enum sfu_role */
    int want[CONTROL_VIDEO_SLOTS];
    int64_t credit_us; /* of messages: see act.c */
    usec credit_at;
    struct owed owed;
};

struct room {
    const struct room_env *env;
    struct sfu_room *sfu_room;
    struct member *people; /* in the order of their coming */
    struct member *by_number[MAX_ROOM_PEERS];
    struct client *clients;
    unsigned nclients;
    char slug[64];
    int64_t id, stage, speaker;
    int policy;      /* enum network_policy */
    int state;       /* SEMINAR_PRACTICE, SEMINAR_LIVE, SEMINAR_ENDED */
    uint64_t nhands; /* counts up: order of hands */
    int64_t gone[MAX_ROOM_PEERS];
    unsigned ngone;
    bool is_slots_dirty, is_channels_dirty;
    char lang[SFU_CHANNELS][ROOM_LANG];
    int nlangs;
    struct booth booth[SFU_CHANNELS + 1]; /* by channel, from 1 */
    usec signal_at[CONTROL_SIGNALS];      /* not again before */
    usec flush_at, slow_at, seen_at; /* flush_at 0: nothing to tell */
    usec feed_at;                    /* pages that have still to be told of people; 0: none */
    usec wait_until; /* stage, hands and booths of before a restart are kept so long */
    int64_t barred[ROOM_BARRED];
    unsigned nbarred;
    struct expelled expelled[MAX_ROOM_PEERS]; /* in turn; a list may change all roles at once */
    unsigned nexpelled;
    struct memory_chat chat[MAX_CHAT_KEPT]; /* message n at (n - 1) % MAX_CHAT_KEPT */
    int64_t nchat;
    struct memory *memory; /* persons and places of before; persons grows: who has been let in */
    struct room_deck deck[MAX_DECKS];
    unsigned ndecks;
    int64_t shown; /* deck on the wall; 0: none */
    int slide;     /* its page */
    bool is_locked, is_stopping; /* stopping: hands that go down now are no wish of anybody */
    int64_t blind[MAX_ROOM_PEERS]; /* cannot decode what is on stage, as told */
    unsigned nblind;
    bool is_blind_due; /* somebody has come, or to the stage, who was not told */
    struct sb out; /* scratch for one message */
};

/* ---- room.c ---- */
unsigned room_may(const struct room *r, const struct member *p);
/* What a role may do when nothing stands against it. */
unsigned room_role_may(int role);
bool room_is_waiting(const struct room *r, const struct member *p);
struct member *room_member(const struct room *r, int64_t id);
void room_dirty(struct room *r, struct member *p, usec now);
void room_hand_set(struct room *r, struct member *p, bool is_up, usec now);
/* The rights of p have changed: its sessions are looked at again, its pages are told. */
void room_review(struct room *r, const struct member *p, usec now);
void room_hello(struct client *c, const struct control *m, usec now);
/* The client and, with its last, the person leave the room. */
void room_drop(struct client *c, int code, const char *reason, usec now);
int room_stage_set(struct room *r, int64_t by, int64_t person, usec now);
int room_go_live(struct room *r, int64_t by, usec now);
void room_end(struct room *r, int64_t by, usec now);
usec room_wall(const struct room *r, usec now);

/* ---- sight.c ---- */
/* Once a second: who cannot decode what is on stage. */
void sight_look(struct room *r);

/* ---- act.c ---- */
void act_rx(struct client *c, str message, usec now);

/* ---- session.c ---- */
void session_close(struct session *s, usec now);
/* All that depends on the person's rights is set anew, or the session is closed. */
void session_review(struct client *c, usec now);
void session_want(struct client *c, usec now);

#endif
