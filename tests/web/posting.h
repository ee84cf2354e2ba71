/*
 * One form, sent to the dispatcher with each allocation failing in turn (tests/sweep/sweep.h). Only
 * the sweeper's own allocations fail, so what the store thread would do is done by this one, in a
 * transaction that is taken back (the linker gives this binary our writer_put, and our passwords,
 * which cost nothing). Whatever the answer is: what was to be committed is the whole change or
 * nothing, and a page is whole or an error.
 */
#ifndef TESTS_WEB_POSTING_H
#define TESTS_WEB_POSTING_H

#include "suite.h"

#define FORM "application/x-www-form-urlencoded"

/* With all places filled (row_filled). */
struct posting {
    const char *url;
    str body;
    const char *type;
    enum user user;
    const char *lang;
    int status; /* of the whole answer; 0: that of a change */
};

/* The whole answer, as it was the first time. Begin with zeros. */
struct posted {
    int status; /* 0: not yet known */
    bool has_acted;
    char *left; /* what stands in the record behind it; NULL: nothing was changed */
    char *page;
};

/* A sweep's round: 0 or an error. The record is the same behind it. */
int posting_try(struct world *w, const struct posting *p, struct posted *io_whole);
void posting_free(struct posted *whole);
/* Not NULL: called on the worker's thread before a password is hashed. */
extern void (*posting_on_hash)(void);
/* Before w goes. */
void posting_end(struct world *w);

#endif
