/*
 * Rights: who may do what. The four staff rights are never implied by one another, and no event
 * right ever shows that a request for help exists. A route names the bits of which one is enough;
 * the domain function checks again.
 */
#ifndef DOMAIN_RIGHT_H
#define DOMAIN_RIGHT_H

#include "base/types.h"

/* Stored in accounts.rights (the four staff bits), so the numbers never change. */
enum right {
    RIGHT_PUBLIC = 1 << 0, /* anybody, also without a session */
    RIGHT_MEMBER =
        1 << 1, /* came by a personal link; which seminar is checked with actor_is_member */
    RIGHT_STAFF = 1 << 2,  /* any account that has signed in */
    RIGHT_EVENT = 1 << 3,  /* organises seminars: people, invitations, conclusions, drafts */
    RIGHT_EDITOR = 1 << 4, /* writes and publishes what readers see */
    RIGHT_CASE = 1 << 5,   /* reads requests for help */
    RIGHT_SYSTEM = 1 << 6, /* accounts, settings, diagnosis; no content */
};

enum { RIGHTS_STAFF = RIGHT_EVENT | RIGHT_EDITOR | RIGHT_CASE | RIGHT_SYSTEM };

/* "event", …; "?" for anything that is not exactly one right. */
const char *right_name(unsigned right);
/* Names with commas ("event,editor") of staff rights; ERR_SYNTAX for an unknown name. */
int right_parse(str names, unsigned *ret_rights);

#endif
