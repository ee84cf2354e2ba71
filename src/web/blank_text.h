/*
 * Fields for one text in several languages: a field for each language, what is stored in it, and
 * whether it is older than its source. Writes only what was changed, the source first, so that a
 * translation changed in the same form counts as made from the new source.
 */
#ifndef WEB_BLANK_TEXT_H
#define WEB_BLANK_TEXT_H

#include "base/types.h"
#include "gen/text.h"
#include "web/blank.h"

enum { BLANK_LANGS = 24 };

/* The languages of the fields: the wanted ones, then others in which the text has a version. */
struct blank_langs {
    str lang[BLANK_LANGS];
    size_t n;
};

struct blank_text {
    str name;             /* of the fields: name_ru */
    enum text_id label;   /* with {language} */
    enum text_id group;   /* heading over the first field; TEXT_NONE: none */
    enum text_id hint;    /* under that field's label */
    int64_t text_id;      /* 0: there is none yet */
    int64_t copy_id;      /* without text_id: its bodies are offered; 0: none */
    bool is_area;
    bool is_optional;     /* may stay empty in all languages */
};

/* The languages of the pages. */
void blank_langs_of_site(struct blank_langs *l);
void blank_langs_add(struct blank_langs *l, str lang);
/* Adds the fields. 0 or an error of the store. */
int blank_text_add(struct blank *s, const struct blank_text *t, const struct blank_langs *l);
/* Problems: nothing in any language, the source emptied, too long. */
void blank_text_check(struct blank *s, const struct blank_text *t, const struct blank_langs *l);
/* Writes into text_id; for a new text the page's language becomes the source when it is filled. */
int blank_text_put(struct blank *s, const struct blank_text *t, const struct blank_langs *l,
                   int64_t text_id);
/* What stands in the field of the page's language, else in the first filled one; "": in none. */
str blank_text_first(const struct blank *s, const struct blank_text *t,
                     const struct blank_langs *l);

/* ---- short names for addresses, and days ---- */
/* 0: there is one of this name; ERR_NOT_FOUND: it is free. */
struct arena;
typedef int blank_taken_fn(struct arena *a, struct db *db, str slug);
void blank_slug_add(struct blank *s);
/*
 * What was typed, or one made of the title and, where that is taken, a number. Problems: no short
 * name, taken.
 */
int blank_slug(struct blank *s, str title, str instead, blank_taken_fn *taken, str *ret_slug);
/* A problem when something stands there that is no day of the calendar. */
void blank_day_check(struct blank *s, str name);
/* A country's name for a field, in a language that country_parse reads. */
str blank_country(struct exchange *x, str code);

#endif
