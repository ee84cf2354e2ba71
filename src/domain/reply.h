/*
 * A reply to an invitation. Given by POST only: opening a link changes nothing. Every reply is
 * kept; the last one counts.
 */
#ifndef DOMAIN_REPLY_H
#define DOMAIN_REPLY_H

#include "base/types.h"

struct actor;
struct db;

/* Stored by number: append only. */
enum reply { REPLY_NONE, REPLY_ACCEPTED, REPLY_DECLINED, REPLY_TENTATIVE };

enum { REPLY_NOTE_BYTES = 1000 };

/* "none", "accepted", "declined", "tentative". */
const char *reply_name(int reply);
int reply_parse(str name, int *ret_reply);

/*
 * who: a member with this invitation, or RIGHT_EVENT (somebody answered by telephone).
 * invitation_by_token is authority enough too: pass the actor that reply_actor makes of it.
 * ERR_TOO_BIG for a long note, ERR_GONE when closed, ERR_STATE when the seminar has ended.
 */
int reply_put(struct db *db, const struct actor *who, int64_t invitation_id, int reply, str note,
              usec now);

struct invitation;
/* The holder of a link that invitation_by_token has just accepted, without a session. */
struct actor reply_actor(const struct invitation *i);

#endif
