/*
 * The figures of a donor's sheet, computed from a tally and from nothing else. Small numbers are
 * hidden here (domain/suppress.h), so no page and no file can show them by mistake: what is hidden
 * has no value any more. Pure, but for the arena.
 */
#ifndef DOMAIN_INDICATOR_H
#define DOMAIN_INDICATOR_H

#include "base/types.h"
#include "domain/gain.h"
#include "domain/tally.h"

struct arena;

/* A number, or hidden because fewer than five people stand behind it. */
struct figure {
    int64_t n;
    bool is_hidden; /* n is then 0 */
};

/* In how far people got; each is part of the one before. */
enum reach { REACH_INVITED, REACH_ATTENDED, REACH_COMPLETED, REACHES };

/* What people are told apart by. */
enum split { SPLIT_KIND, SPLIT_SEX, SPLIT_AGE, SPLIT_COUNTRY, SPLIT_LANG, SPLITS };

struct indicator_part {
    str value; /* as in files: "ngo", "female", "18-29", "TM", "tk"; "" not stated */
    struct figure reach[REACHES];
};

struct indicator_split {
    struct indicator_part *row;
    size_t n;
};

/* The paired gain of one measure; of all, or of one language or country. */
struct indicator_gain {
    str value; /* of a part */
    struct gain gain;
    bool is_hidden;               /* nothing of it may be shown: gain is zeroed */
    struct figure up, same, down; /* people; hidden by themselves when few */
};

struct indicator_gain_list {
    struct indicator_gain *row;
    size_t n;
};

struct indicator_gains {
    struct figure npre, npost; /* who answered the one, the other */
    struct indicator_gain all;
    struct indicator_gain_list lang, country;
};

struct indicator {
    struct figure reach[REACHES];
    struct figure accepted, orgs_invited, orgs_attended, certificates;
    struct indicator_split split[SPLITS];
    struct indicator_gains gain[MEASURES]; /* enum measure - 1 */
    int64_t median_minutes;                /* of those who attended */
    bool has_median;
};

/* "invited", "attended", "completed"; "organisation kind", "sex", "age", "country", "language". */
const char *reach_name(int reach);
const char *split_name(int split);

int indicator_of(struct arena *a, const struct tally *t, struct indicator *ret_indicator);

#endif
