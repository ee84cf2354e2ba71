/*
 * The safety check of a version before it reaches readers: four questions with explicit answers
 * about persons at risk. An answer holds for the words and pictures that it was given for; after
 * any change it is asked again.
 */
#ifndef DOMAIN_SAFETY_H
#define DOMAIN_SAFETY_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Does a face, a name, a place lead to a person at risk? Stored by number: append only. */
enum safety_answer {
    SAFETY_NO = 1,
    SAFETY_HIDDEN,    /* there is one, but changed so that nobody is known by it */
    SAFETY_AGREED,    /* there is one, and the person has agreed in writing */
    SAFETY_YES,       /* there is one: not to be published */
    SAFETY_ANSWERS
};

enum safety_consent {
    SAFETY_NOBODY = 1, /* no person at risk is told of */
    SAFETY_ON_FILE,    /* note says where the paper is */
    SAFETY_MISSING,    /* not to be published */
    SAFETY_CONSENTS
};

struct safety_in {
    int faces, names, places; /* enum safety_answer; 0: not answered */
    int consent;              /* enum safety_consent; 0: not answered */
    str note;                 /* where the paper is; for ON_FILE it may not be empty */
};

struct safety {
    struct safety_in in;
    bool is_passed;
    bool is_current; /* holds for words and pictures as they are */
    str who;         /* who answered; unset: the server */
    usec at;
};

/* ERR_RANGE: a question without answer, or ON_FILE without saying where. */
int safety_check(const struct safety_in *in);
/* Would these answers let it be published? */
bool safety_passes(const struct safety_in *in);
/*
 * Records the answers for the version in this revision. What was a draft stands at the safety check
 * afterwards; pictures that are ready count as checked when it passes. RIGHT_EDITOR. ERR_RANGE as
 * above, ERR_TOO_BIG, ERR_CONFLICT: the version or a picture of the item has changed.
 */
struct safety_of {
    int64_t news_id, revision; /* revision -1: whatever it is */
    int64_t pictures_revision; /* as they were when somebody looked; -1: whatever it is */
    bool is_words;             /* of the words alone: what pictures wait for goes on waiting */
    str lang;
};
int safety_put(struct db *db, const struct actor *who, const struct safety_of *of,
               const struct safety_in *in, usec now);
/* The newest. RIGHT_EVENT or RIGHT_EDITOR. ERR_NOT_FOUND: never answered. */
int safety_read(struct arena *a, struct db *db, const struct actor *who, int64_t news_id, str lang,
                struct safety *ret_safety);

#endif
