/*
 * How long each kind of record is kept: the one table that the job runs by and the privacy notice
 * shows. What is not in it holds no person (views are counted by country and day), is the record
 * itself (who took part by organisation, how they answered, without names after PERSON), or goes
 * when a seminar ends (what was said in its room). Who checked a contact or agreed to the use of a
 * picture is published with it.
 */
#ifndef DOMAIN_RETENTION_H
#define DOMAIN_RETENTION_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* RETENTION(CODE, days): the text key is retention.<code in lower case>. */
#define RETENTION_TABLE(RETENTION)                                                              \
    RETENTION(SESSION, 1)   /* sessions and the browser's name: after they have expired */      \
    RETENTION(NOTE, 90)     /* words that came with a reply: after the seminar's day */         \
    RETENTION(KIT_LINK, 90) /* who has a link to a kit: after its moment, or the link's end */  \
    RETENTION(PERSON, 730)  /* name, function, address: after the last seminar's day */         \
    RETENTION(CERTIFICATE, 3650) /* the name on it: after it was issued; anybody may check it */ \
    RETENTION(ACCOUNT, 365) /* name and sign-in name of staff: after the account was closed */

enum retention {
#define RETENTION(code, days) RETENTION_##code,
    RETENTION_TABLE(RETENTION)
#undef RETENTION
    RETENTION_COUNT
};

struct retention_report {
    int64_t n[RETENTION_COUNT]; /* records that were taken out by this run */
};

int retention_days(int kind);
/* Takes out what is older than its period. By the server itself, once a day. RIGHT_SYSTEM. */
int retention_run(struct db *db, const struct actor *who, usec now,
                  struct retention_report *ret_report);

#endif
