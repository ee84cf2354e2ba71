#include "domain/reply.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "store/db.h"

static const char *const names[] = {"none", "accepted", "declined", "tentative"};

const char *reply_name(int reply)
{
    return reply >= 0 && reply < (int)NELEM(names) ? names[reply] : "?";
}

int reply_parse(str name, int *ret_reply)
{
    for (int i = 1; i < (int)NELEM(names); i++) {
        if (str_eq(name, str_c(names[i]))) {
            *ret_reply = i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

struct actor reply_actor(const struct invitation *i)
{
    return (struct actor){
        .rights = RIGHT_PUBLIC | RIGHT_MEMBER,
        .person_id = i->person.id,
        .invitation_id = i->id,
        .seminar_id = i->seminar_id,
        .role = i->role,
        .lang = i->person.lang,
    };
}

/* 0 when the invitation is open and its seminar is not over. */
static int check_open(struct db *db, int64_t invitation_id)
{
    struct stmt *q = db_stmt(db, "SELECT i.closed_at, s.state FROM invitations i"
                                 " JOIN seminars s ON s.seminar_id = i.seminar_id"
                                 " WHERE i.invitation_id = ?1");
    int r;

    stmt_i64(q, 1, invitation_id);
    r = stmt_row(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0) {
        r = 0;
        if (!col_is_null(q, 0))
            r = ERR_GONE;
        else if (col_i64(q, 1) >= SEMINAR_ENDED)
            r = ERR_STATE;
    }
    stmt_end(q);
    return r;
}

int reply_put(struct db *db, const struct actor *who, int64_t invitation_id, int reply, str note,
              usec now)
{
    struct stmt *q;
    bool is_own = actor_can(who, RIGHT_MEMBER) && who->invitation_id == invitation_id;
    int r = is_own ? 0 : actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (reply < REPLY_ACCEPTED || reply > REPLY_TENTATIVE || (note.p && !str_is_utf8(note)))
        return ERR_RANGE;
    if (note.n > REPLY_NOTE_BYTES)
        return ERR_TOO_BIG;
    r = check_open(db, invitation_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO replies (invitation_id, reply, note, account_id, replied_at)"
                    " VALUES (?1, ?2, nullif(?3, ''), nullif(?4, 0), ?5)");
    stmt_i64(q, 1, invitation_id);
    stmt_i64(q, 2, reply);
    stmt_str(q, 3, note);
    stmt_i64(q, 4, is_own ? 0 : who->account_id);
    stmt_i64(q, 5, now);
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE invitations SET reply = ?2, note = nullif(?3, ''), replied_at = ?4"
                    " WHERE invitation_id = ?1");
    stmt_i64(q, 1, invitation_id);
    stmt_i64(q, 2, reply);
    stmt_str(q, 3, note);
    stmt_i64(q, 4, now);
    return stmt_run(q);
}
