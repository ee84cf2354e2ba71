/*
 * What still needs a record, so that it cannot be deleted: counted by kind, for the page that
 * refuses with a reason. The foreign keys of the store refuse in any case; this says why.
 */
#ifndef DOMAIN_NEED_H
#define DOMAIN_NEED_H

#include "base/types.h"

struct actor;
struct db;

/* NEED(CODE): the text key is need.<code in lower case>, with {n}. */
#define NEED_TABLE(NEED)  \
    NEED(SEMINARS)        \
    NEED(PROGRAMMES)      \
    NEED(PEOPLE)          \
    NEED(REPLIES)         \
    NEED(OPENED)          \
    NEED(ATTENDANCES)     \
    NEED(CONCLUSIONS)     \
    NEED(NEWS)            \
    NEED(HELD)

enum need {
#define NEED(code) NEED_##code,
    NEED_TABLE(NEED)
#undef NEED
    NEED_COUNT
};

struct needs {
    int64_t n[NEED_COUNT]; /* 0: none of that kind */
    bool is_any;
};

/* RIGHT_EVENT. The numbers are those of the records; an unknown one needs nothing. */
int need_of_programme(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs);
int need_of_seminar(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs);
int need_of_org(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs);
/* Who has answered, come in, or been present stays for the report; see domain/person_data.h. */
int need_of_person(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs);

#endif
