/*
 * Film clips of a media kit (b-roll): items of kind KIT_CLIP, with words, credit and consent as a
 * picture has them (domain/kit.h). What comes is an MP4, QuickTime or WebM file; the converter
 * (app/convert.h) copies one picture track and at most one sound track of it into a new file,
 * without place, day, device, names, chapters, subtitles and messages inside the stream. What can
 * be seen and heard stays as it is: that is the editor's to judge.
 *
 *     kit_item_add ──▶ WAITING ──clip_end──▶ READY | FAILED (with a fault that a page says)
 */
#ifndef DOMAIN_CLIP_H
#define DOMAIN_CLIP_H

#include "base/types.h"

struct actor;
struct arena;
struct db;
struct stmt;

enum { CLIP_PART = 64 << 10, CLIP_DIGITS = 32 };

/* Stored by number: append only. */
enum clip_format { CLIP_MP4 = 1, CLIP_WEBM, CLIP_FORMATS };
enum clip_state { CLIP_WAITING = 1, CLIP_READY, CLIP_FAILED };
enum clip_fault {
    CLIP_FINE,
    CLIP_BROKEN,       /* cut, or no film */
    CLIP_TWO_PICTURES, /* two picture tracks, or more */
    CLIP_CODEC,        /* its picture is none of those that browsers show and that we can clean */
    CLIP_TOO_WIDE,     /* over MAX_CLIP_SIDE */
    CLIP_TOO_LONG,     /* over MAX_CLIP_S, or MAX_CLIP_BYTES when it is made */
    CLIP_TOO_HARD,     /* took too much time, memory or room */
    CLIP_NO_BOX,       /* this machine cannot shut the converter in */
    CLIP_NO_TOOLS,     /* ffmpeg is not installed */
    CLIP_HIDES,        /* has a second picture inside the first: transparency, or anything */
    CLIP_FAULTS
};

struct clip {
    int64_t id; /* never that of a clip that was there before */
    int state;  /* 0: the item is no clip */
    int fault, format, width, height;
    int64_t length_ms, nbytes;
    uint32_t sum;
    str digest;
    bool has_still;
};

struct clip_made {
    int width, height;
    int64_t length_ms;
    str bytes, still; /* still: unset when there is none */
    uint32_t sum;     /* this and the next: clip_sum */
    char digest[CLIP_DIGITS + 1];
};

/* By its first bytes; 0: neither. Pure; foreign bytes. */
int clip_format_of(str bytes);
/* "clip.mp4", "clip.webm": a name of ours, since a telephone's tells the day. */
str clip_file_name(int format);
const char *clip_type(int format);

/* Private to domain/: the file of a new item. ERR_UNSUPPORTED, ERR_TOO_BIG, ERR_FULL. */
int clip_check(struct db *db, int64_t kit_id, str bytes);
int clip_add(struct db *db, int64_t item_id, str bytes);
/* Columns of `clips c` in a query of items, the first being column i. */
#define CLIP_COLUMNS                                                                               \
    "c.clip_id, c.state, c.fault, c.format, c.width, c.height, c.length_ms, c.nbytes, c.sum,"  \
    " c.digest, c.still IS NOT NULL"
void clip_read_row(struct arena *a, struct stmt *q, int i, struct clip *to, bool *io_ok);

/* Of a clip that kit_items gave. ERR_NOT_FOUND. */
int clip_still(struct arena *a, struct db *db, const struct clip *c, str *ret_bytes);
/* Its bytes from `at`, up to the end of their part, at most room. ERR_NOT_FOUND. */
int clip_read(struct db *db, const struct clip *c, uint64_t at, void *to, size_t room,
              size_t *ret_n);

/* ---- the converter; actor_server only ---- */
/* The oldest that waits, behind that one (0: any); `take` gets its file for as long as it runs, and
 * its error is returned. ERR_NOT_FOUND: none. */
typedef int clip_file_fn(void *ctx, str bytes);
int clip_next(struct db *db, const struct actor *who, int64_t behind, clip_file_fn *take, void *ctx,
              struct clip *ret_clip);
/* Fills sum and digest. Any thread. */
void clip_sum(struct clip_made *m);
/* fault CLIP_FINE: `made` is kept. The file goes in any case. */
int clip_end(struct db *db, const struct actor *who, int64_t id, int fault,
             const struct clip_made *made, usec now);

#endif
