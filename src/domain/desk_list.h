/*
 * What people at the desk look at: the board of what waits, the record of who did what and the
 * words of then, who is at it now, who can be given work. Who has RIGHT_EVENT alone sees nothing of
 * stories.
 */
#ifndef DOMAIN_DESK_LIST_H
#define DOMAIN_DESK_LIST_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* A line of the board: what waits, since when, for whom. */
struct desk_line {
    str slug, lang, title;
    int kind, state;
    usec since_at, due_at;
    str last;             /* who took the last step; unset: the server */
    str assignee;         /* whose turn it is; unset: anybody's with the right */
    unsigned obstacles;   /* enum desk_obstacle, of what is near to readers; else 0 */
    str missing;          /* in TRANSLATION: languages of the site without a version, "tk,ru" */
};
struct desk_board {
    struct desk_line *row;
    size_t n;
};

/* What happened to a version. */
struct desk_record {
    int64_t revision;
    int from, to;
    str who;  /* unset: the server */
    str note;
    usec at;
    bool has_words; /* differ from those of the step before */
};
struct desk_record_list {
    struct desk_record *row;
    size_t n;
};

struct desk_editor {
    str name;
    usec since_at;
};
struct desk_editor_list {
    struct desk_editor *row;
    size_t n;
};

struct desk_hand {
    int64_t account_id;
    str name;
};
struct desk_hand_list {
    struct desk_hand *row;
    size_t n;
};

/* All that is not at rest, what waits longest first; site_langs "en,ru,tk". RIGHT_EVENT or
 * RIGHT_EDITOR. */
int desk_board(struct arena *a, struct db *db, const struct actor *who, str site_langs, usec now,
               struct desk_board *ret_board);
/* Newest first. RIGHT_EVENT or RIGHT_EDITOR. */
int desk_records(struct arena *a, struct db *db, const struct actor *who, int64_t news_id,
                 str lang, struct desk_record_list *ret_list);
/* A version; as it was after the step of that revision. */
struct desk_at {
    int64_t news_id, revision;
    str lang;
};
/* RIGHT_EVENT or RIGHT_EDITOR. ERR_NOT_FOUND. */
int desk_words(struct arena *a, struct db *db, const struct actor *who, const struct desk_at *at,
               str *ret_title, str *ret_body) MUST_CHECK;
/* The person has the editor open now. */
int desk_editing(struct db *db, const struct actor *who, int64_t news_id, str lang, usec now);
/* Others who have it open; at->revision does not matter. */
int desk_editors(struct arena *a, struct db *db, const struct actor *who,
                 const struct desk_at *at, usec now, struct desk_editor_list *ret_list);
/* Who can be given work: open accounts with RIGHT_EDITOR. RIGHT_EVENT or RIGHT_EDITOR. */
int desk_hands(struct arena *a, struct db *db, const struct actor *who,
               struct desk_hand_list *ret_list);

#endif
