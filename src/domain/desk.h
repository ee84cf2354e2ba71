/*
 * The desk: how a version of an item (domain/news.h) goes from an idea to readers and away again.
 * One table says which step is possible from where, and who may take it; every step is recorded.
 * Nothing comes to readers without a safety check (domain/safety.h) that holds for its words and
 * pictures as they are, credits and descriptions of all pictures, consent for a story
 * (domain/story.h), and not before its embargo.
 */
#ifndef DOMAIN_DESK_H
#define DOMAIN_DESK_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Stored by number: append only. Readers see PUBLISHED and CORRECTED. */
enum desk_state {
    DESK_IDEA = 1,
    DESK_DRAFT,       /* somebody writes */
    DESK_EDIT,        /* an editor reads */
    DESK_CHECK,       /* the safety check is to be answered, or has been */
    DESK_TRANSLATION, /* checked; waits for its other languages */
    DESK_SCHEDULED,   /* the server publishes it at its moment */
    DESK_PUBLISHED,
    DESK_CORRECTED,   /* published, and changed since */
    DESK_WITHDRAWN,   /* readers get a notice in its place */
    DESK_ASIDE,       /* not pursued */
    DESK_STATES
};

/* What stands between a version and its readers. */
enum desk_obstacle {
    DESK_NO_CHECK = 1 << 0,     /* never answered */
    DESK_OLD_CHECK = 1 << 1,    /* words or pictures have changed since */
    DESK_BAD_CHECK = 1 << 2,    /* answered, and not passed */
    DESK_NO_WORDS = 1 << 3,     /* a picture lacks its description in this language, or credit */
    DESK_NO_PICTURE = 1 << 4,   /* a picture is still being made */
    DESK_NO_CONSENT = 1 << 5,   /* of a story: none, ended or taken back */
    DESK_EMBARGO = 1 << 6,
};

struct desk_step {
    int64_t news_id;
    str lang;
    int to;           /* enum desk_state */
    int64_t revision; /* of the version as the person saw it; -1: whatever it is */
    usec at;          /* SCHEDULED: when; PUBLISHED: the day it shows, 0: now */
    str note;         /* recorded; of a withdrawal readers see it too */
};

/* Where a version stands. */
struct desk_place {
    int state; /* enum desk_state; 0: there is no such version */
    int64_t revision, pictures_revision; /* of the version; of the item's pictures */
    usec due_at, embargo_at, withdrawn_at;
    str farewell;
    int64_t assignee_id;
};

/* The i-th step that `who` may take from here; 0: no more. */
int desk_move_at(const struct actor *who, int from, size_t i);
/* A new item with its first words, in DESK_IDEA. RIGHT_EVENT or, for a story too, RIGHT_EDITOR. */
struct desk_idea {
    str slug, lang, title, body;
    int kind;       /* enum news_kind */
    bool is_sample; /* invented; says so */
};
int desk_begin(struct db *db, const struct actor *who, const struct desk_idea *in, usec now);
/* 0 with state 0 when there is no such version. */
int desk_place(struct arena *a, struct db *db, int64_t news_id, str lang,
               struct desk_place *ret_place);
/* Bits of enum desk_obstacle; `at`: the moment for which is asked. */
int desk_obstacles(struct db *db, int64_t news_id, str lang, usec at, unsigned *ret_obstacles);
/*
 * ERR_STATE: no such step from here; ERR_CONFLICT: not the revision; ERR_PRECOND: obstacles;
 * ERR_RANGE: a moment that is past.
 */
int desk_move(struct db *db, const struct actor *who, const struct desk_step *in, usec now);
/* Whose turn it is; 0: anybody's. RIGHT_EVENT or RIGHT_EDITOR. ERR_RANGE: no such person here. */
int desk_assign(struct db *db, const struct actor *who, int64_t news_id, str lang,
                int64_t account_id);
/* Nothing of the item is published before; 0: no embargo. RIGHT_EDITOR. ERR_STATE: it is out. */
int desk_embargo(struct db *db, const struct actor *who, int64_t news_id, usec at);
/*
 * Publishes what is due and withdraws stories whose consent has ended, as the server.
 */
int desk_due(struct db *db, usec now);
/* The next moment at which there is something for desk_due; 0: none. */
int desk_next_due(struct db *db, usec *ret_next);

#endif
