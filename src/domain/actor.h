/*
 * Who acts. Filled by session_join from the cookies of one request; lives as long as that request
 * (arena). One browser may be at once a member (by a personal link) and staff (by a sign-in): both
 * sessions join in one actor.
 */
#ifndef DOMAIN_ACTOR_H
#define DOMAIN_ACTOR_H

#include "base/types.h"
#include "domain/right.h"

struct actor {
    unsigned
        rights; /* RIGHT_PUBLIC always; MEMBER, STAFF and the staff rights as the sessions give */
    int64_t account_id;    /* 0: not signed in */
    int64_t person_id;     /* 0: came by no personal link */
    int64_t invitation_id; /* of the personal link */
    int64_t seminar_id;    /* of the personal link */
    int role;              /* enum role of the personal link, 0 without */
    int64_t staff_session_id, member_session_id;
    str lang; /* as person or account has chosen; unset: unknown */
    str name; /* to greet with; unset: none */
};

/* Nobody in particular: RIGHT_PUBLIC only. */
extern const struct actor actor_public;
/* The server itself and the command line: everything except RIGHT_CASE. */
extern const struct actor actor_server;

/* One of the bits is held. NULL is actor_public. */
bool actor_can(const struct actor *who, unsigned rights);
/* Came by a personal link to this seminar. */
bool actor_is_member(const struct actor *who, int64_t seminar_id);
/*
 * 0; ERR_AUTH: nobody in particular, a sign-in could help; ERR_DENIED: known, but without that
 * right.
 */
int actor_check(const struct actor *who, unsigned rights);

#endif
