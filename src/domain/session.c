#include "domain/session.h"

#include "base/ct.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "store/db.h"

enum { AGENT_BYTES = 120 };

static usec life_of(int kind)
{
    return kind == SESSION_STAFF ? SESSION_STAFF_US : SESSION_MEMBER_US;
}

/* At most AGENT_BYTES, whole characters, or unset. */
static str agent_cut(str agent)
{
    str s = str_take(agent, AGENT_BYTES);

    while (s.n && !str_is_utf8(s))
        s.n--;
    return s;
}

static int add(struct db *db, int kind, int64_t owner_id, str agent, usec now,
               char ret_token[static SESSION_TOKEN_TEXT])
{
    struct stmt *q;
    char token[SESSION_TOKEN_TEXT];
    uint8_t hash[32];
    int r;

    random_token(token, SESSION_TOKEN);
    secret_hash(str_c(token), hash);
    q = db_stmt(db,
                "INSERT INTO sessions (kind, token_hash, account_id, invitation_id, agent,"
                " added_at, used_at, expires_at)"
                " VALUES (?1, ?2, iif(?1 = 1, ?3, NULL), iif(?1 = 2, ?3, NULL), ?4, ?5, ?5, ?6)");
    stmt_i64(q, 1, kind);
    stmt_blob(q, 2, hash, sizeof(hash));
    stmt_i64(q, 3, owner_id);
    stmt_str(q, 4, agent_cut(agent));
    stmt_i64(q, 5, now);
    stmt_i64(q, 6, now + life_of(kind));
    r = stmt_run(q);
    if (r == 0)
        (void)str_copy(ret_token, SESSION_TOKEN_TEXT, str_c(token));
    ct_wipe(token, sizeof(token));
    return r;
}

int session_add_staff(struct db *db, int64_t account_id, str agent, usec now,
                      char ret_token[static SESSION_TOKEN_TEXT])
{
    return add(db, SESSION_STAFF, account_id, agent, now, ret_token);
}

int session_add_member(struct db *db, int64_t invitation_id, str agent, usec now,
                       char ret_token[static SESSION_TOKEN_TEXT])
{
    struct stmt *q = db_stmt(db, "UPDATE invitations SET opened_at = coalesce(opened_at, ?2)"
                                 " WHERE invitation_id = ?1 AND closed_at IS NULL");
    int r;

    stmt_i64(q, 1, invitation_id);
    stmt_i64(q, 2, now);
    r = stmt_run(q);
    if (r < 0)
        return r;
    if (db_changes(db) == 0)
        return ERR_GONE;
    return add(db, SESSION_MEMBER, invitation_id, agent, now, ret_token);
}

static int join_staff(struct arena *a, struct stmt *q, struct actor *io_actor)
{
    bool ok = true;
    str lang = rows_str(a, q, 4, &ok);
    str name = rows_str(a, q, 5, &ok);

    if (!ok)
        return ERR_MEM;
    if (!col_is_null(q, 6))
        return ERR_AUTH;
    io_actor->rights |= RIGHT_STAFF | ((unsigned)col_i64(q, 3) & RIGHTS_STAFF);
    io_actor->account_id = col_i64(q, 2);
    io_actor->staff_session_id = col_i64(q, 0);
    if (!io_actor->lang.p)
        io_actor->lang = lang;
    io_actor->name = name; /* of the two the account greets: it was signed in with a password */
    return 0;
}

static int join_member(struct arena *a, struct stmt *q, struct actor *io_actor)
{
    bool ok = true;
    str lang = rows_str(a, q, 11, &ok);
    str name = rows_str(a, q, 12, &ok);

    if (!ok)
        return ERR_MEM;
    if (!col_is_null(q, 13))
        return ERR_AUTH;
    io_actor->rights |= RIGHT_MEMBER;
    io_actor->invitation_id = col_i64(q, 7);
    io_actor->seminar_id = col_i64(q, 8);
    io_actor->person_id = col_i64(q, 9);
    io_actor->role = (int)col_i64(q, 10);
    io_actor->member_session_id = col_i64(q, 0);
    io_actor->lang = lang; /* the person's own choice for this event goes before the account's */
    if (!io_actor->name.p)
        io_actor->name = name;
    return 0;
}

int session_join(struct arena *a, struct db *db, str token, usec now, struct actor *io_actor)
{
    struct stmt *q;
    uint8_t hash[32];
    int r;

    if (token.n != SESSION_TOKEN)
        return ERR_AUTH;
    secret_hash(token, hash);
    q = db_stmt(db,
                "SELECT s.session_id, s.kind, a.account_id, a.rights, a.lang, a.name, a.closed_at,"
                " i.invitation_id, i.seminar_id, i.person_id, i.role, p.lang,"
                " coalesce(p.name, p.function), i.closed_at"
                " FROM sessions s LEFT JOIN accounts a ON a.account_id = s.account_id"
                " LEFT JOIN invitations i ON i.invitation_id = s.invitation_id"
                " LEFT JOIN persons p ON p.person_id = i.person_id"
                " WHERE s.token_hash = ?1 AND s.expires_at > ?2");
    stmt_blob(q, 1, hash, sizeof(hash));
    stmt_i64(q, 2, now);
    r = stmt_row(q);
    if (r == 0)
        return ERR_AUTH;
    if (r > 0 && col_i64(q, 1) == SESSION_STAFF)
        r = join_staff(a, q, io_actor);
    else if (r > 0)
        r = join_member(a, q, io_actor);
    stmt_end(q);
    return r;
}

int session_touch(struct db *db, int64_t id, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE sessions SET used_at = ?2,"
                                 " expires_at = ?2 + iif(kind = 1, ?3, ?4)"
                                 " WHERE session_id = ?1 AND expires_at > ?2");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    stmt_i64(q, 3, SESSION_STAFF_US);
    stmt_i64(q, 4, SESSION_MEMBER_US);
    return stmt_run(q);
}

static int list_read(struct arena *a, struct stmt *q, const struct actor *who,
                     struct session_list *ret_list)
{
    struct session_list l = {0};
    bool ok = true;
    int r = 0;

    while (ok && (r = stmt_row(q)) > 0) {
        int64_t id = col_i64(q, 0);

        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (!ok)
            break;
        l.row[l.n++] = (struct session){
            .id = id,
            .kind = (int)col_i64(q, 1),
            .agent = rows_str(a, q, 2, &ok),
            .added_at = col_i64(q, 3),
            .used_at = col_i64(q, 4),
            .expires_at = col_i64(q, 5),
            .is_current = id == who->staff_session_id || id == who->member_session_id,
        };
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int session_list(struct arena *a, struct db *db, const struct actor *who, usec now,
                 struct session_list *ret_list)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_STAFF | RIGHT_MEMBER);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT session_id, kind, agent, added_at, used_at, expires_at FROM sessions"
                    " WHERE expires_at > ?3 AND (account_id = ?1 OR invitation_id = ?2)"
                    " ORDER BY used_at DESC, session_id DESC");
    stmt_i64(q, 1, who->account_id);
    stmt_i64(q, 2, who->invitation_id);
    stmt_i64(q, 3, now);
    return list_read(a, q, who, ret_list);
}

int session_list_of(struct arena *a, struct db *db, const struct actor *who, int64_t account_id,
                    usec now, struct session_list *ret_list)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_SYSTEM);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT session_id, kind, agent, added_at, used_at, expires_at FROM sessions"
                    " WHERE expires_at > ?2 AND account_id = ?1"
                    " ORDER BY used_at DESC, session_id DESC");
    stmt_i64(q, 1, account_id);
    stmt_i64(q, 2, now);
    return list_read(a, q, who, ret_list);
}

int session_revoke(struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct stmt *q;
    bool is_known = actor_can(who, RIGHT_STAFF | RIGHT_MEMBER);
    int r;

    (void)now;
    if (!is_known)
        return ERR_AUTH;
    q = db_stmt(db, "DELETE FROM sessions WHERE session_id = ?1"
                    " AND (account_id = ?2 OR invitation_id = ?3 OR ?4)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, who->account_id);
    stmt_i64(q, 3, who->invitation_id);
    stmt_i64(q, 4, actor_can(who, RIGHT_SYSTEM));
    r = stmt_run(q);
    /* Somebody else's session and none at all look alike. */
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

int session_sweep(struct db *db, usec now)
{
    struct stmt *q = db_stmt(db, "DELETE FROM sessions WHERE expires_at < ?1");

    stmt_i64(q, 1, now - USEC_DAY);
    return stmt_run(q);
}

void session_csrf(const struct secret *s, str token, char to[static SESSION_CSRF_TEXT])
{
    uint8_t mac[32];

    secret_mac(s, "csrf", token.p, token.n, mac);
    (void)encode_base64url(to, mac, sizeof(mac));
}

bool session_csrf_check(const struct secret *s, str token, str given)
{
    char want[SESSION_CSRF_TEXT];

    session_csrf(s, token, want);
    return ct_str_equal(str_c(want), given);
}
