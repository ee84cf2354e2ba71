/*
 * What a donor's sheet is counted from: one row per person who was asked to learn, without name,
 * address or number, and what else is counted. It is read from the record once and written as JSON;
 * every figure (domain/indicator.h) is computed from that JSON, so a frozen one can be computed
 * again. Rows stand in the order of their contents, so none points back to a person.
 */
#ifndef DOMAIN_TALLY_H
#define DOMAIN_TALLY_H

#include "base/types.h"
#include "domain/quiz.h"

struct actor;
struct arena;
struct db;
struct seminar;

struct tally_person {
    int kind;          /* enum org_kind of the organisation */
    int org;           /* organisations are numbered in the order in which they appear, from 1 */
    int sex, age;      /* enums of domain/person.h */
    str country, lang; /* country "": not stated */
    bool has_accepted, has_declined;
    int64_t seconds; /* in the room while it was on air */
    int share;       /* percent of that time */
    bool has_certificate;
    double pre[MEASURES], post[MEASURES]; /* percent, four digits; -1: nothing to measure */
};

/* Views of a page of the seminar, or of its news item, in one language. */
struct tally_views {
    str page; /* "seminar", "news" */
    str lang;
    int64_t n;
};

struct tally_list {
    struct tally_person *row;
    size_t n;
};

struct tally {
    str slug, title, title_lang;
    str programme, convener, donor; /* in title_lang where they have it; unset: none */
    str programme_lang, convener_lang, donor_lang; /* unset: a sheet from before it was kept */
    usec starts_at, live_at, ended_at, counted_at;
    int percent; /* of the time on air that counts as completed */
    struct tally_list people;
    struct tally_views *views;
    size_t nviews;
    int64_t conclusions[4]; /* enum conclusion_kind - 1 */
    int64_t nrevoked;       /* certificates that do not hold any more */
};

/* RIGHT_EVENT. Texts in the language in which s was read. */
int tally_read(struct arena *a, struct db *db, const struct actor *who, const struct seminar *s,
               usec now, struct tally *ret_tally);
int tally_write(struct arena *a, const struct tally *t, str *ret_json);
/* ERR_SYNTAX, ERR_RANGE: not what tally_write wrote. */
int tally_parse(struct arena *a, str json, struct tally *ret_tally);

#endif
