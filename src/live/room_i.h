/*
 * The inside of a room, shared by room.c (life and roster), act.c (what messages do), tell.c (what
 * is sent), remember.c (slides, lock, what a restart keeps) and session.c (WHIP and WHEP). Owner:
 * the media thread. Nobody else includes this, save the tests.
 *
 *     room ─┬─ member ─── member …      one per human; roster, hand, role
 *           └─ client ─── client …      one per device: control connection, token, at most one up
 * and one down session
 */
#ifndef LIVE_ROOM_I_H
#define LIVE_ROOM_I_H

#include "base/sb.h"
#include "base/types.h"
#include "domain/memory.h"
#include "live/control.h"
#include "live/room.h"
#include "media/sfu.h"

enum { ROOM_TOKEN = 22, ROOM_BARRED = 64, ROOM_SESSION_ID = 22 };

/* Roster changes are gathered: 500 people joining are not 250,000 messages. */
#define ROOM_FLUSH_US (100 * USEC_MS)
#define ROOM_SLOW_US  USEC_S /* how often the slow rules (places, hello missing) are looked at */
#define ROOM_HELLO_US (10 * USEC_S)
#define ROOM_KEEP_US  (60 * USEC_S) /* a place is kept so long; as ATTENDANCE_GAP_US */
#define ROOM_SEEN_US  (15 * USEC_S) /* as ATTENDANCE_SEEN_US */
enum line { LINE_GOOD, LINE_POOR, LINE_BAD };

struct member {
    struct member *next;
    int64_t id;
    char name[MAX_SHOWN_BYTES + 1], org[MAX_SHOWN_BYTES + 1];
    int role;
    uint64_t hand; /* 0: down; otherwise the order */
    bool has_mic, has_camera, is_muted, is_away, is_dirty;
    enum line line;
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
};

struct room {
    const struct room_env *env;
    struct sfu_room *sfu_room;
    struct member *people; /* in the order of their coming */
    struct client *clients;
    unsigned nclients;
    char slug[64];
    int64_t id, stage, speaker;
    int policy;      /* enum network_policy */
    int state;       /* SEMINAR_PRACTICE, SEMINAR_LIVE, SEMINAR_ENDED */
    uint64_t nhands; /* counts up: order of hands */
    int64_t gone[MAX_ROOM_PEERS];
    unsigned ngone;
    bool is_slots_dirty;
    usec flush_at, slow_at, seen_at; /* flush_at 0: nothing to tell */
    int64_t barred[ROOM_BARRED];
    unsigned nbarred;
    struct memory_chat chat[MAX_CHAT_KEPT]; /* message n at (n - 1) % MAX_CHAT_KEPT */
    int64_t nchat;
    struct memory *memory; /* persons and places of before; persons grows: who has been let in */
    struct room_deck deck[MAX_DECKS];
    unsigned ndecks;
    int64_t shown; /* deck on the wall; 0: none */
    int slide;     /* its page */
    bool is_locked, is_stopping; /* stopping: hands that go down now are no wish of anybody */
    struct sb out; /* scratch for one message */
};

/* ---- room.c ---- */
unsigned room_may(const struct room *r, const struct member *p);
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
void room_bar(struct room *r, int64_t person);
usec room_wall(const struct room *r, usec now);

/* ---- act.c ---- */
void act_rx(struct client *c, str message, usec now);

/* ---- tell.c ---- */
void tell_welcome(struct client *c, bool is_resumed, usec now);
void tell_you(struct client *c);
void tell_error(struct client *c, int code, int type);
/* Lines of the largest picture of this page's camera that anybody shows. */
void tell_wish(struct client *c, int height);
void tell_pong(struct client *c, int64_t at);
void tell_state(struct client *c);
/* To everybody who is let in. */
void tell_roster(struct room *r);
void tell_slots(struct room *r);
void tell_speaker(struct room *r);
void tell_stage(struct room *r);
void tell_chat(struct room *r, const struct memory_chat *m);
void tell_slide(struct room *r, int64_t by);
void tell_decks(struct room *r);
void tell_lock(struct room *r);
int64_t tell_slot(const struct room *r, enum sfu_kind kind, int slot);

/* ---- session.c ---- */
void session_close(struct session *s, usec now);
/* All that depends on the person's rights is set anew, or the session is closed. */
void session_review(struct client *c, usec now);
void session_want(struct client *c, usec now);

#endif
