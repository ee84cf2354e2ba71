/*
 * Texts, numbers, dates and names in the reader's language. The texts come from
 * src/web/text/<lang>.po by tools/text; plural rules, dates, digits and names of countries from
 * ICU. `struct texts` is a value that says for whom a page is made: language, direction and zone.
 * Any thread; ICU's objects are kept per thread. Times are usec since 1970, UTC.
 */
#ifndef WEB_TEXTS_H
#define WEB_TEXTS_H

#include "base/types.h"
#include "gen/text.h" /* enum text_id: TEXT_NONE, TEXT_SEMINAR_JOIN, …, TEXT_COUNT */

struct sb;
struct text_row;

/* One compiled .po file. */
struct text_lang {
    str code;     /* BCP 47: "ru", "uz-Cyrl" */
    str name;     /* its own name for itself */
    str dir;      /* "ltr" or "rtl" */
    str reviewer; /* who reviewed it; empty while is_draft */
    bool is_draft;
    bool is_pseudo;            /* made by tools/pseudo.c; unknown until texts_pseudo() */
    const char *locale;        /* ICU's name, for dates and numbers */
    const char *const *plural; /* CLDR categories of the plural forms, NULL at the end */
    const struct text_row *rows;
};

struct texts {
    str lang, dir;
    str zone; /* IANA: "Asia/Ashgabat"; the caller's memory */
    bool is_draft;
    const struct text_lang *table;
};

enum texts_show {
    SHOW_DATE,
    SHOW_TIME,
    SHOW_DATETIME,
    SHOW_MONTH,
    SHOW_ISO,
    SHOW_NUM,
    SHOW_COUNTRY,
    SHOW_LANGUAGE,
    SHOW_CITY
};

struct text_arg {
    const char *name;
    str s;
    int64_t n;
    bool is_num;  /* n is the value, written in the language's digits */
    bool is_html; /* s is markup and goes in as it is */
};

/* An unknown language gives English, "ru-RU" gives "ru"; an empty zone gives UTC. Never fails. */
void texts_init(struct texts *ret_t, str lang, str zone);
/* True when ICU knows the zone. */
bool texts_is_zone(str zone);
/* From now on the pseudo-language "xx" counts as one of the languages. At the start, before other
 * threads. */
void texts_pseudo(void);
/* The language switch: i from 0 until NULL, English first. */
const struct text_lang *texts_lang(size_t i);
/* NULL when there is no such .po file; "ru-RU" finds "ru". */
const struct text_lang *texts_by_lang(str lang);
/* The best of an Accept-Language header (RFC 9110 12.5.4); English when none fits. */
const struct text_lang *texts_accept(str header);

/* The text as it is written in the .po file, English where the language lacks it. "other" form when
 * it has plurals. */
str texts_get(const struct texts *t, enum text_id key);
/* In which language texts_get answers. */
str text_lang(const struct texts *t, enum text_id key);
/* With arguments and plural form, plain. */
void text_add(struct sb *to, const struct texts *t, enum text_id key, const struct text_arg *args,
              size_t nargs);
/* The same, escaped for HTML. */
void text_add_html(struct sb *to, const struct texts *t, enum text_id key,
                   const struct text_arg *args, size_t nargs);
/* TEXT_NONE when there is no such key; for keys put together at run time (say so in en.po with
 * `#:`). */
enum text_id text_by_key(str key);
const char *text_key(enum text_id key);

/* A time or a number, plain. SHOW_ISO is UTC: 2020-11-24T05:00:00Z; SHOW_MONTH is November 2020. */
void texts_show(struct sb *to, const struct texts *t, enum texts_show how, int64_t n);
/*
 * SHOW_COUNTRY of "TM", SHOW_LANGUAGE of "tk", SHOW_CITY of "Asia/Ashgabat"; an unknown code is
 * shown as it is.
 */
void texts_show_code(struct sb *to, const struct texts *t, enum texts_show how, str code);

/* ---- filled by gen/text.c ---- */
struct text_row {
    str s;            /* unset: not translated */
    const str *forms; /* by text_lang.plural; NULL: no plural */
};
extern const struct text_lang text_langs[];
extern const size_t text_nlangs;
extern const char *const text_keys[TEXT_COUNT]; /* in byte order */

#endif
