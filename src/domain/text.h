/*
 * The one mechanism for texts in several languages: everything that a reader sees and a person
 * wrote. A text is a number; it has a version per language. One version is the source; a
 * translation remembers which revision of the source it was made from, so "older than its source"
 * is computed, never claimed. Languages are BCP 47 codes as the texts were entered ("tk").
 */
#ifndef DOMAIN_TEXT_H
#define DOMAIN_TEXT_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

enum text_state { TEXT_DRAFT = 1, TEXT_REVIEWED = 2 };

/* What a page shows: the body and the language it is really in. */
struct text {
    int64_t id;       /* 0: there is no text; body is then unset */
    str body;
    str lang;         /* of body; put it into the element's lang attribute */
    bool is_asked;    /* lang is the one asked for; otherwise say which language this is */
    bool is_stale;    /* older than its source: say so */
    usec stale_at;    /* since when it is; 0: it is not */
    int state;        /* enum text_state */
    int64_t revision; /* of this version; give it back with text_put */
};

struct text_version {
    str lang, body;
    bool is_source, is_stale;
    int state;
    int64_t revision, source_revision;
    int64_t author_id, reviewer_id; /* accounts; 0: import or nobody */
    usec changed_at, reviewed_at;   /* reviewed_at 0: not reviewed */
};

struct text_version_list {
    struct text_version *row;
    size_t n;
};

/* What text_put writes. */
struct text_in {
    str lang, body;
    int64_t revision; /* the one that was edited; 0: must not exist yet; -1: whatever it is */
};

/*
 * Languages that a seminar or a text may be begun in, the region's first: i from 0 until the unset
 * str. Others that a file has brought are kept as well.
 */
str text_lang_at(size_t i);
/* "tk", "uz-Cyrl": 2-3 letters, subtags by '-', at most 11 bytes. */
bool text_is_lang(str lang);

/* An empty text; the first version put becomes its source. RIGHT_EVENT or RIGHT_EDITOR. */
int text_new(struct db *db, const struct actor *who, int64_t *ret_id);
/*
 * Writes one language version; the old body goes to the history. A version that changes falls back
 * to TEXT_DRAFT; a translation is bound to the source revision of this moment. A body that is the
 * same changes nothing. Letters that no XML may hold (other control signs than tab and the ends of
 * lines, U+FFFE, U+FFFF) are left out. ERR_CONFLICT: somebody else has changed it since `revision`.
 * RIGHT_EVENT or RIGHT_EDITOR.
 */
int text_put(struct db *db, const struct actor *who, int64_t id, const struct text_in *in,
             usec now, int64_t *ret_revision);
/*
 * Takes one translation away; its body goes to the history. ERR_STATE: it is the source, which can
 * only be changed. ERR_CONFLICT: somebody has changed it since `revision` (-1: whatever it is).
 * ERR_NOT_FOUND. RIGHT_EVENT or RIGHT_EDITOR.
 */
int text_remove(struct db *db, const struct actor *who, int64_t id, str lang, int64_t revision,
                usec now);
/* All versions of one text into another, empty one: who wrote and reviewed them stays. */
int text_copy(struct db *db, const struct actor *who, int64_t from_id, int64_t to_id);
/* Marks the version as reviewed in this revision by `who`. RIGHT_EDITOR. */
int text_review(struct db *db, const struct actor *who, int64_t id, str lang, int64_t revision,
                usec now);
/*
 * The version in `lang`; else in its bare language ("uz" for "uz-Cyrl"); else the source; else any.
 * id 0 or no version gives an empty struct text and 0.
 */
int text_get(struct arena *a, struct db *db, int64_t id, str lang, struct text *ret_text);
/* Exactly this language: ERR_NOT_FOUND without it. */
int text_exact(struct arena *a, struct db *db, int64_t id, str lang, struct text *ret_text);
/* The body that a language had in that revision, now or before. ERR_NOT_FOUND. */
struct text_of {
    int64_t id;
    str lang;
    int64_t revision;
};
int text_at(struct arena *a, struct db *db, const struct text_of *of, str *ret_body);
/* All versions, the source first, without bodies when is_short. */
int text_versions(struct arena *a, struct db *db, int64_t id, bool is_short,
                  struct text_version_list *ret_list);

#endif
