/*
 * What guides and legal pages sound like, for who cannot read them: in each language one file that
 * a program made of the words (app/convert.h) and one that a person has read. The person's is heard
 * while the words are those that were read; otherwise the program's, while its words are those of
 * the page. So nobody hears what the page says no more.
 *
 *     words (the texts) ──sound_words──▶ hash ──┬─ as when it was read ──▶ the person's
 *                                               ├─ as when it was made ──▶ the program's
 *                                               └─ neither ──────────────▶ none is offered
 *
 * What the page shows in another language, because it is not translated, is not read: it counts as
 * a word that says so, and the page and the program's voice say it.
 *
 * Lengths in ms. Files lie in the store. Everybody hears; RIGHT_EDITOR records.
 */
#ifndef DOMAIN_SOUND_H
#define DOMAIN_SOUND_H

#include "base/types.h"

struct actor;
struct arena;
struct db;
struct guide;
struct guide_points;
struct text;

/* Stored by number: append only. */
enum sound_kind { SOUND_MADE = 1, SOUND_READ };
enum sound_fault {
    SOUND_FINE,
    SOUND_NO_VOICE, /* the program has none for this language */
    SOUND_TOO_LONG,
    SOUND_TOO_HARD, /* took too much time or memory, or came to nothing */
    SOUND_NO_BOX,   /* this machine cannot shut the program in */
    SOUND_NO_TOOLS, /* espeak-ng or lame is not installed */
    SOUND_FAULTS
};

enum { SOUND_HASH = 32 };

struct sound {
    int64_t id;
    int kind, fault, format; /* format: enum sound_file_kind */
    int64_t length_ms, nbytes;
    str name;        /* of its file; another one for other bytes */
    str reader;      /* as readers see it; empty: a program */
    bool is_current; /* it says the words that were asked about */
    usec made_at;
};

struct sound_list {
    struct sound row[2]; /* the program's first */
    size_t n;
};

/* Of which page, in which language, and the hash of its words now. */
struct sound_of {
    int64_t guide_id;
    str lang;
    uint8_t words[SOUND_HASH];
    size_t nforeign; /* title, introduction, statements that are there in other languages alone */
};

/* Does the page show t in another language than the one asked for? */
bool sound_is_foreign(const struct text *t);
/*
 * The hash of the texts of a page as guide_by_slug and guide_points gave them in one language:
 * words and nforeign of io_of. ERR_NOT_FOUND: no statement is in it, so it cannot be heard in it.
 */
int sound_words(struct arena *a, const struct guide *g, const struct guide_points *p,
                struct sound_of *io_of);
/* The one to be heard. ERR_NOT_FOUND: none. */
int sound_heard(struct arena *a, struct db *db, const struct sound_of *of,
                struct sound *ret_sound);
/* Both as they are, for the desk. */
int sound_list(struct arena *a, struct db *db, const struct sound_of *of,
               struct sound_list *ret_list);
/* The guide and the language of a file that is there; words stay unset. ERR_NOT_FOUND. */
int sound_owner(struct arena *a, struct db *db, int64_t id, str name, struct sound_of *ret_of);
/* The bytes of a file by its number and its whole name; ret_format. ERR_NOT_FOUND. */
int sound_bytes(struct arena *a, struct db *db, int64_t id, str name, int *ret_format,
                str *ret_bytes);

/*
 * What a pack of this guide (0: of all) has to carry at most: its files and those of the legal
 * pages about its countries, of each language the longer one. ret_mark is another one when a
 * program has made one anew; 0: there is none.
 */
int sound_stock(struct db *db, int64_t guide_id, int64_t *ret_bytes, int64_t *ret_mark);

/* What a person has read. */
struct sound_in {
    struct sound_of of; /* words: those that were read */
    str reader, bytes;
};
/*
 * In place of the one before. ERR_RANGE: nobody is named as the reader; else as sound_file_clean.
 * RIGHT_EDITOR, as below.
 */
int sound_record(struct arena *a, struct db *db, const struct actor *who,
                 const struct sound_in *in, usec now);
/* Takes the person's away. ERR_NOT_FOUND. */
int sound_remove(struct db *db, const struct actor *who, const struct sound_of *of);

/* ---- the converter; actor_server only ---- */

struct sound_made {
    struct sound_of of;
    uint8_t script[SOUND_HASH];
    int fault, format;
    int64_t length_ms;
    str bytes;
};
/* Was it made, or tried, of this script? Then fault and moment of that; ERR_NOT_FOUND. */
int sound_tried(struct db *db, const struct sound_of *of, const uint8_t script[static SOUND_HASH],
                int *ret_fault, usec *ret_at);
int sound_put(struct arena *a, struct db *db, const struct actor *who, const struct sound_made *m,
              usec now);

#endif
