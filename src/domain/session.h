/*
 * Sessions: of staff (after a sign-in) and of members (a personal link was opened by POST). The
 * browser holds a random token, the store only its hash. Two cookies, one per kind; both join in
 * one actor.
 */
#ifndef DOMAIN_SESSION_H
#define DOMAIN_SESSION_H

#include "base/types.h"

struct actor;
struct arena;
struct db;
struct secret;

enum session_kind { SESSION_STAFF = 1, SESSION_MEMBER = 2 };
enum { SESSION_TOKEN = 43, SESSION_TOKEN_TEXT = SESSION_TOKEN + 1, SESSION_CSRF_TEXT = 48 };

/*
 * Staff: 12 hours after the last use; members: 14 days, for the practice, the event and the test
 * after it.
 */
#define SESSION_STAFF_US (12 * 3600 * USEC_S)
#define SESSION_MEMBER_US (14 * USEC_DAY)

struct session {
    int64_t id;
    int kind;
    str agent; /* what the browser called itself, shortened, so its owner can recognise it */
    usec added_at, used_at, expires_at;
    bool is_current;
};

struct session_list {
    struct session *row;
    size_t n;
};

/* After the password was checked. agent is cut to 120 bytes. */
int session_add_staff(struct db *db, int64_t account_id, str agent, usec now,
                      char ret_token[static SESSION_TOKEN_TEXT]);
/* After invitation_by_token. */
int session_add_member(struct db *db, int64_t invitation_id, str agent, usec now,
                       char ret_token[static SESSION_TOKEN_TEXT]);
/*
 * Adds what the session of this token gives to *io_actor (begin with actor_public). ERR_AUTH:
 * unknown, expired, ended, or its account or invitation is closed; io_actor is untouched then.
 * Reads only.
 */
int session_join(struct arena *a, struct db *db, str token, usec now, struct actor *io_actor);
/* Moves the expiry; call at most once a minute per session. */
int session_touch(struct db *db, int64_t id, usec now);
/* One's own sessions. */
int session_list(struct arena *a, struct db *db, const struct actor *who, usec now,
                 struct session_list *ret_list);
/* Those of one account. RIGHT_SYSTEM. */
int session_list_of(struct arena *a, struct db *db, const struct actor *who, int64_t account_id,
                    usec now, struct session_list *ret_list);
/* One's own, or RIGHT_SYSTEM. */
int session_revoke(struct db *db, const struct actor *who, int64_t id, usec now);
/* Deletes what expired a day ago. */
int session_sweep(struct db *db, usec now);

/* The form token of a session: no store needed, dies with the session's token. */
void session_csrf(const struct secret *s, str token, char to[static SESSION_CSRF_TEXT]);
/* In constant time. */
bool session_csrf_check(const struct secret *s, str token, str given);

#endif
