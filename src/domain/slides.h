/*
 * Slides of a seminar: decks (one uploaded file each) and their pages as pictures in three sizes
 * and as words. A deck waits until the converter (app/convert.h) has made its pages; the converter
 * is the server itself, the only one that may put them. Names are what people see, never paths.
 *
 *     deck_add ──▶ WAITING ──deck_end──▶ READY | FAILED (with a fault that a page says in words)
 */
#ifndef DOMAIN_SLIDES_H
#define DOMAIN_SLIDES_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Stored by number: append only. */
enum deck_state { DECK_WAITING = 1, DECK_READY, DECK_FAILED };

enum deck_fault {
    DECK_FINE,
    DECK_NOT_PDF,  /* does not begin as a PDF does, or cannot be read as one */
    DECK_LOCKED,   /* needs a password */
    DECK_TOO_MANY, /* more than MAX_SLIDES pages */
    DECK_TOO_HARD, /* a page took too much time, memory or room */
    DECK_NO_BOX,   /* this machine cannot shut the converter in, so nothing is opened at all */
    DECK_NO_TOOLS, /* poppler-utils or webp is not installed */
    DECK_FAULTS
};

enum slide_size { SLIDE_SMALL = 1, SLIDE_MEDIUM, SLIDE_LARGE, SLIDE_SIZES };

struct deck {
    int64_t id, seminar_id;
    str name;
    int state, fault;    /* enum deck_state, enum deck_fault */
    int nslides, ndone;  /* pages; of them made already */
    usec added_at;
};

struct deck_list {
    struct deck *row;
    size_t n;
};

struct slide {
    int number; /* from 1 */
    str text;
    int width, height;
    str image[SLIDE_SIZES]; /* by enum slide_size; only for slide_put */
};

struct slide_list {
    struct slide *row;
    size_t n;
};

/* "small", "medium", "large"; ERR_NOT_FOUND. */
int slide_size_parse(str name, int *ret_size);
/* May this person bring slides to that seminar? Staff with RIGHT_EVENT; its hosts and speakers. */
bool deck_can_add(const struct actor *who, int64_t seminar_id);

/* ERR_UNSUPPORTED: not a PDF; ERR_FULL: MAX_DECKS of that seminar. */
int deck_add(struct db *db, const struct actor *who, const struct deck *in, str pdf, usec now,
             int64_t *ret_id);
/* RIGHT_EVENT. ERR_NOT_FOUND. */
int deck_remove(struct db *db, const struct actor *who, int64_t seminar_id, int64_t id);
/* In the order they came. RIGHT_EVENT or a member of the seminar; a member sees the ready ones
 * and, when he may bring slides, all. */
int deck_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
              struct deck_list *ret_list);
/* Words and sizes of every page that is made. As deck_list. */
int slide_list(struct arena *a, struct db *db, const struct actor *who, const struct deck *d,
               struct slide_list *ret_list);
/* The WebP of one page. As deck_list; ERR_NOT_FOUND, also for a deck of another seminar. */
struct slide_at {
    int64_t deck_id, seminar_id;
    int number, size;
};
int slide_image(struct arena *a, struct db *db, const struct actor *who, const struct slide_at *at,
                str *ret_bytes);

/* ---- the converter; actor_server only ---- */
/* The oldest that waits; `take` gets its file, of up to MAX_DECK_BYTES, for as long as it runs, and
 * its error is returned. ERR_NOT_FOUND: none. */
typedef int deck_file_fn(void *ctx, str pdf);
int deck_next(struct arena *a, struct db *db, const struct actor *who, deck_file_fn *take,
              void *ctx, struct deck *ret_deck);
/* How many pages it has; those made before a crash go. */
int deck_begin(struct db *db, const struct actor *who, int64_t id, int nslides);
int slide_put(struct db *db, const struct actor *who, int64_t deck_id, const struct slide *s);
/* fault DECK_FINE: ready. The file goes; of a failed one the pages too. */
int deck_end(struct db *db, const struct actor *who, int64_t id, int fault);

#endif
