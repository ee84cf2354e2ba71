/*
 * Pictures of an item. What comes is a JPEG, PNG or WebP; only its head is read here (kind, size,
 * which side is up), so that what is too large is refused in words before anything is opened. The
 * converter (app/convert.h) decodes it in a box and makes new files of its dots alone: no EXIF, no
 * GPS, no XMP, no comment, no thumbnail comes through, because nothing but dots does.
 *
 *     picture_add ──▶ WAITING ──picture_end──▶ READY | FAILED (with a fault that a page says)
 *
 * Readers see those that are ready and that a passed safety check has covered; of a story only when
 * its consent allows pictures.
 */
#ifndef DOMAIN_PICTURE_H
#define DOMAIN_PICTURE_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;

/* Stored by number: append only. */
enum picture_kind { PICTURE_JPEG = 1, PICTURE_PNG, PICTURE_WEBP, PICTURE_KINDS };
enum picture_state { PICTURE_WAITING = 1, PICTURE_READY, PICTURE_FAILED };
enum picture_fault {
    PICTURE_FINE,
    PICTURE_BROKEN,   /* cannot be decoded */
    PICTURE_TOO_HARD, /* took too much time, memory or room */
    PICTURE_NO_BOX,   /* this machine cannot shut the converter in */
    PICTURE_NO_TOOLS, /* webp or libjpeg-turbo-progs is not installed */
    PICTURE_FAULTS
};
/* What is made of it: WebP in three widths, JPEG in two for old programs and the press. */
enum picture_size {
    PICTURE_W320 = 1,
    PICTURE_W640,
    PICTURE_W1280,
    PICTURE_J640,
    PICTURE_J1280,
    PICTURE_SIZES
};

struct picture_head {
    int kind; /* enum picture_kind */
    int width, height;
    int turn; /* EXIF orientation, 1 to 8 */
};

struct picture {
    int64_t id, news_id;
    int state, fault, kind, turn;
    int width, height; /* of the largest one, as shown */
    str credit;
    int64_t alt_text_id;
    str alt;           /* in the language asked for; unset: none */
    int64_t alt_revision;
    bool is_checked;
    usec added_at;
};
struct picture_list {
    struct picture *row;
    size_t n;
};

/* One made file. */
struct picture_image {
    int size, width, height;
    str bytes;
    int64_t length; /* of them, where they are not read */
};
struct picture_image_list {
    struct picture_image row[PICTURE_SIZES];
    size_t n;
};

struct picture_words {
    str lang, alt, credit;
    int64_t alt_revision; /* of the description as the person saw it */
};

/*
 * Pure; foreign bytes. ERR_UNSUPPORTED: none of the three kinds; ERR_SYNTAX: begins as one and does
 * not go on so; ERR_TOO_BIG: more dots than MAX_PICTURE_DOTS, or a side over MAX_PICTURE_SIDE.
 */
int picture_head_parse(str bytes, struct picture_head *ret_head);
/* "320.webp", "640.jpg" …; ERR_NOT_FOUND. */
int picture_size_parse(str name, int *ret_size);
const char *picture_size_name(int size);
bool picture_size_is_jpeg(int size);

/* As picture_head_parse; ERR_FULL: MAX_PICTURES of that item. RIGHT_EDITOR. */
int picture_add(struct db *db, const struct actor *who, int64_t news_id, str bytes, usec now,
                int64_t *ret_id);
/* Description in one language, and credit. ERR_CONFLICT, ERR_TOO_BIG. RIGHT_EDITOR. */
int picture_put(struct db *db, const struct actor *who, int64_t news_id, int64_t id,
                const struct picture_words *in, usec now);
/* RIGHT_EDITOR. ERR_NOT_FOUND. */
int picture_remove(struct db *db, const struct actor *who, int64_t news_id, int64_t id, usec now);
/* In the order they came, all of them. RIGHT_EDITOR. */
int picture_list(struct arena *a, struct db *db, const struct actor *who, int64_t news_id,
                 str lang, struct picture_list *ret_list);
/* Those that readers see now, with a description in that language. */
int picture_shown(struct arena *a, struct db *db, int64_t news_id, str lang, usec now,
                  struct picture_list *ret_list);
/* The made files of one, without bytes. */
int picture_images(struct db *db, int64_t id, struct picture_image_list *ret_list);
/* One made file of a picture, and the moment at which somebody asks for it. */
struct picture_ask { int64_t id; int size; usec now; };
/*
 * Its bytes: to RIGHT_EDITOR always, to others while the picture is shown in
 * some language. ERR_NOT_FOUND; ERR_GONE: its item has been withdrawn.
 */
int picture_image(struct arena *a, struct db *db, const struct actor *who,
                  const struct picture_ask *ask, str *ret_bytes);

/* ---- the converter; actor_server only ---- */
/* The oldest that waits, with its file. ERR_NOT_FOUND: none. */
int picture_next(struct arena *a, struct db *db, const struct actor *who,
                 struct picture *ret_picture, str *ret_bytes);
/* fault PICTURE_FINE: images are what was made. The file goes in any case. */
int picture_end(struct db *db, const struct actor *who, int64_t id, int fault,
                const struct picture_image_list *images);

#endif
