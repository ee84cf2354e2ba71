/*
 * Views of readers' pages: per page, language, day and country. Views are counted, never people;
 * there is no address here and no field to put one in. Pages of help, contacts and self-checks are
 * never given to view_add.
 */
#ifndef DOMAIN_VIEW_H
#define DOMAIN_VIEW_H

#include "base/types.h"

struct arena;
struct db;

enum {
    VIEW_COUNTRY_MIN = 10
}; /* a smaller number could point at a person: shown as "fewer than 10", and summed */

/* One line of a batch that web has gathered (at most 5 s old). */
struct view {
    str page; /* "news:media-and-ngos-2020", "seminar:…", "home": slice and slug */
    str lang;
    uint16_t country; /* two letters, big-endian ('T' << 8 | 'M'); 0: unknown */
    bool is_bot;      /* counted apart */
    uint32_t n;
};

struct view_country {
    char code[3]; /* "TM"; "" for all that is summed under "fewer than 10" or unknown */
    int64_t n;    /* of a summed line: the sum; do not show it when is_few */
    bool is_few;  /* show "fewer than 10" instead of n */
};

struct view_country_list {
    struct view_country *row; /* by number, the summed line last */
    size_t n;
    int nfew; /* countries in the summed line */
};

struct view_day {
    int64_t day, n;
}; /* days since 1970 (UTC) */
struct view_day_list {
    struct view_day *row;
    size_t n;
};

/* Adds a batch. day is the UTC day of now. Store thread. */
int view_add(struct db *db, const struct view *views, size_t n, usec now);
/* Views by people's browsers in all languages; bots are not in it. An unknown page has 0. */
int view_count(struct db *db, str page, int64_t *ret_n);
/*
 * By country, suppressed already: countries under VIEW_COUNTRY_MIN and unknown ones are one line.
 * Nobody can undo it by subtraction from the total: a single hidden country, or a line under the
 * limit, takes the smallest shown one along. Only where none is left to take, the line has is_few.
 */
int view_countries(struct arena *a, struct db *db, str page, struct view_country_list *ret_list);
int view_days(struct arena *a, struct db *db, str page, int64_t from_day, int64_t to_day,
              struct view_day_list *ret_list);

#endif
