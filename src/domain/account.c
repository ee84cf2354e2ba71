#include "domain/account.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/text.h"
#include "store/db.h"

#include <sodium.h>
#include <string.h>

_Static_assert(ACCOUNT_HASH_TEXT >= crypto_pwhash_STRBYTES,
               "room for the hash with its parameters");

static size_t count_characters(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80; /* every byte that does not continue one */
    return n;
}

int account_password_hash(str password, char to[static ACCOUNT_HASH_TEXT])
{
    if (count_characters(password) < ACCOUNT_PASSWORD_MIN || password.n > ACCOUNT_PASSWORD_MAX)
        return ERR_RANGE;
    /* "Interactive": 2 passes over 64 MiB, the recommendation of libsodium for sign-in. */
    if (sodium_init() < 0 ||
        crypto_pwhash_str(to, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE))
        return ERR_MEM;
    return 0;
}

bool account_password_check(str hash, str password)
{
    char text[crypto_pwhash_STRBYTES] = "";
    str any = password.p ? password : S("");

    if (sodium_init() < 0)
        return false;
    if (!hash.p || str_copy(text, sizeof(text), hash) < 0) {
        /* The same work, so that the time does not tell whether there is such an account. */
        int r = crypto_pwhash_str(text, any.p, any.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                  crypto_pwhash_MEMLIMIT_INTERACTIVE);

        return r > 0; /* never: it gives 0 or -1 */
    }
    return crypto_pwhash_str_verify(text, any.p, any.n) == 0;
}

static int row_read(struct arena *a, struct stmt *q, struct account *to)
{
    bool ok = true;
    struct account x = {
        .id = col_i64(q, 0),
        .login = rows_str(a, q, 1, &ok),
        .name = rows_str(a, q, 2, &ok),
        .lang = rows_str(a, q, 3, &ok),
        .password_hash = rows_str(a, q, 4, &ok),
        .rights = (unsigned)col_i64(q, 5) & RIGHTS_STAFF,
        .added_at = col_i64(q, 6),
        .is_closed = !col_is_null(q, 7),
    };

    if (ok)
        *to = x;
    return ok ? 0 : ERR_MEM;
}

static int one(struct arena *a, struct stmt *q, struct account *ret_account)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, q, ret_account);
    stmt_end(q);
    return r;
}

int account_by_login(struct arena *a, struct db *db, str login, struct account *ret_account)
{
    struct stmt *q = db_stmt(db, "SELECT account_id, login, name, lang, password_hash, rights,"
                                 " added_at, closed_at FROM accounts"
                                 " WHERE login = ?1 AND closed_at IS NULL");

    stmt_str(q, 1, str_trim(login));
    return one(a, q, ret_account);
}

int account_by_id(struct arena *a, struct db *db, int64_t id, struct account *ret_account)
{
    struct stmt *q = db_stmt(db, "SELECT account_id, login, name, lang, password_hash, rights,"
                                 " added_at, closed_at FROM accounts WHERE account_id = ?1");

    stmt_i64(q, 1, id);
    return one(a, q, ret_account);
}

int account_is_still(struct db *db, int64_t id, str password_hash)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM accounts WHERE account_id = ?1"
                                 " AND password_hash = ?2 AND closed_at IS NULL");
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, password_hash);
    r = stmt_row(q);
    stmt_end(q);
    return r < 0 ? r : r > 0 ? 0 : ERR_GONE;
}

int account_list(struct arena *a, struct db *db, const struct actor *who,
                 struct account_list *ret_list)
{
    struct account_list l = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_SYSTEM);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT account_id, login, name, lang, password_hash, rights, added_at,"
                    " closed_at FROM accounts ORDER BY login");
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, q, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.row[l.n++].password_hash = (str){NULL, 0}; /* a list has no use for it */
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int account_add(struct db *db, const struct actor *who, const struct account *in, usec now,
                int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_SYSTEM);

    if (r < 0)
        return r;
    if (!str_trim(in->login).n || in->login.n > 200 || !str_is_utf8(in->login) ||
        !text_is_lang(in->lang) || !in->password_hash.p || (in->rights & ~(unsigned)RIGHTS_STAFF))
        return ERR_RANGE;
    q = db_stmt(db, "INSERT INTO accounts (login, name, lang, password_hash, rights, added_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_str(q, 1, str_trim(in->login));
    stmt_str(q, 2, in->name.p ? in->name : S(""));
    stmt_str(q, 3, in->lang);
    stmt_str(q, 4, in->password_hash);
    stmt_i64(q, 5, in->rights);
    stmt_i64(q, 6, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

static int end_sessions(struct db *db, int64_t id)
{
    struct stmt *q = db_stmt(db, "DELETE FROM sessions WHERE account_id = ?1");

    stmt_i64(q, 1, id);
    return stmt_run(q);
}

/* Runs a change of one account; nothing changed means that there is none. */
static int changed(struct db *db, struct stmt *q)
{
    int r = stmt_run(q);

    if (r == 0 && db_changes(db) == 0)
        r = ERR_NOT_FOUND;
    return r;
}

int account_change(struct db *db, const struct actor *who, int64_t id, str name, str lang)
{
    struct stmt *q;
    int r = who && who->account_id == id && id ? 0 : actor_check(who, RIGHT_SYSTEM);

    if (r < 0)
        return r;
    if (!name.n || name.n > 200 || !str_is_utf8(name) || !text_is_lang(lang))
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE accounts SET name = ?2, lang = ?3 WHERE account_id = ?1");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, name);
    stmt_str(q, 3, lang);
    return changed(db, q);
}

/*
 * ERR_STATE when no other open account has RIGHT_SYSTEM. The command line may: whoever has it can
 * add another one.
 */
static int check_others(struct db *db, const struct actor *who, int64_t id)
{
    struct stmt *q;
    int r;

    if (!who->account_id)
        return 0;
    q = db_stmt(db, "SELECT count(*), (SELECT coalesce(max(rights & ?2), 0)"
                    " FROM accounts WHERE account_id = ?1 AND closed_at IS NULL)"
                    " FROM accounts WHERE account_id <> ?1 AND closed_at IS NULL"
                    " AND rights & ?2");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, RIGHT_SYSTEM);
    r = stmt_row(q);
    if (r > 0)
        r = col_i64(q, 0) == 0 && col_i64(q, 1) != 0 ? ERR_STATE : 0;
    stmt_end(q);
    return r;
}

int account_rights_set(struct db *db, const struct actor *who, int64_t id, unsigned rights,
                       usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_SYSTEM);

    (void)now;
    if (r < 0)
        return r;
    if (rights & ~(unsigned)RIGHTS_STAFF)
        return ERR_RANGE;
    r = rights & RIGHT_SYSTEM ? 0 : check_others(db, who, id);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE accounts SET rights = ?2 WHERE account_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, rights);
    return changed(db, q);
}

int account_password_set(struct db *db, const struct actor *who, int64_t id, str hash, usec now)
{
    struct stmt *q;
    int r = who && who->account_id == id && id ? 0 : actor_check(who, RIGHT_SYSTEM);

    (void)now;
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE accounts SET password_hash = ?2 WHERE account_id = ?1");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, hash);
    r = changed(db, q);
    return r < 0 ? r : end_sessions(db, id);
}

int account_close(struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_SYSTEM);

    if (r == 0)
        r = check_others(db, who, id);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE accounts SET closed_at = coalesce(closed_at, ?2)"
                    " WHERE account_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    r = changed(db, q);
    return r < 0 ? r : end_sessions(db, id);
}
