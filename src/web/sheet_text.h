/*
 * Fields for one text in several languages: a field for each language, what is stored in it, and
 * whether it is older than its source. Writes only what was changed, the source first, so that a
 * translation changed in the same form counts as made from the new source.
 */
#ifndef WEB_SHEET_TEXT_H
#define WEB_SHEET_TEXT_H

#include "base/types.h"
#include "gen/text.h"
#include "web/sheet.h"

enum { SHEET_LANGS = 24 };

/* The languages of the fields: the wanted ones, then others in which the text has a version. */
struct sheet_langs {
    str lang[SHEET_LANGS];
    size_t n;
};

struct sheet_text {
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
void sheet_langs_of_site(struct sheet_langs *l);
void sheet_langs_add(struct sheet_langs *l, str lang);
/* Adds the fields. 0 or an error of the store. */
int sheet_text_add(struct sheet *s, const struct sheet_text *t, const struct sheet_langs *l);
/* Problems: nothing in any language, the source emptied, too long. */
void sheet_text_check(struct sheet *s, const struct sheet_text *t, const struct sheet_langs *l);
/* Writes into text_id; for a new text the page's language becomes the source when it is filled. */
int sheet_text_put(struct sheet *s, const struct sheet_text *t, const struct sheet_langs *l,
                   int64_t text_id);
/* What stands in the first filled field; "" when none is. */
str sheet_text_first(const struct sheet *s, const struct sheet_text *t,
                     const struct sheet_langs *l);

/* ---- short names for addresses, and days ---- */
/* 0: there is one of this name; ERR_NOT_FOUND: it is free. */
struct arena;
typedef int sheet_taken_fn(struct arena *a, struct db *db, str slug);
void sheet_slug_add(struct sheet *s);
/*
 * What was typed, or one made of the title and, where that is taken, a number. Problems: no short
 * name, taken.
 */
int sheet_slug(struct sheet *s, str title, str instead, sheet_taken_fn *taken, str *ret_slug);
/* A problem when something stands there that is no day of the calendar. */
void sheet_day_check(struct sheet *s, str name);
/* A country's name for a field, in a language that country_parse reads. */
str sheet_country(struct exchange *x, str code);

#endif
