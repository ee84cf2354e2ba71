/*
 * Who came, counted by kind of organisation, sex, age, country and language. "Not stated" is
 * counted like any other value; small numbers are not said (domain/suppress.h). Protected people
 * are in the sums alone: beside a list of who came, what is over in a group would be theirs. Pure.
 */
#ifndef DOMAIN_BREAKDOWN_H
#define DOMAIN_BREAKDOWN_H

#include "base/types.h"

struct arena;
struct attendance_list;

enum breakdown_by { BY_KIND, BY_SEX, BY_AGE, BY_COUNTRY, BY_LANG, BREAKDOWNS };

struct breakdown_part {
    int by;           /* enum breakdown_by */
    int code;         /* of a kind, sex or age group */
    str value;        /* country or language; empty: not stated */
    int64_t n;        /* who came */
    int64_t complete; /* of them who were there long enough */
    bool is_hidden, is_complete_hidden;
};

struct breakdown {
    struct breakdown_part *part; /* by `by`, then the largest first */
    size_t n;
    int64_t came, complete; /* all */
    int percent;            /* that is enough */
    bool is_hidden;         /* so few that not even the sums may be said */
    bool is_complete_hidden;
};

/* "kind", "sex", …; for files. */
const char *breakdown_name(int by);
int breakdown_make(struct arena *a, const struct attendance_list *l, int percent,
                   struct breakdown *ret_breakdown);

#endif
