#include "domain/person.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/need.h"
#include "domain/rows.h"
#include "domain/text.h"
#include "store/db.h"

#include <string.h>

bool person_is_email(str s)
{
    struct str_pair at = str_cut(s, '@');

    if (!at.ok || !at.head.n || s.n > 254 || str_chr(at.tail, '@') >= 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= ' ' || c == 0x7f || strchr("<>(),;:\\\"[]", c))
            return false;
    }
    return str_chr(at.tail, '.') > 0 && at.tail.p[at.tail.n - 1] != '.';
}

str person_shown(const struct person *p)
{
    if (p->name.p && p->name.n)
        return p->name;
    return p->function.p ? p->function : S("");
}

/* Columns: id, org_id, name, function, email, lang, sex, age, country, changed_at, is erased. */
static int row_read(struct arena *a, struct stmt *q, struct person *to)
{
    bool ok = true;
    struct person p = {
        .id = col_i64(q, 0), .org_id = col_i64(q, 1), .name = rows_str(a, q, 2, &ok),
        .function = rows_str(a, q, 3, &ok), .email = rows_str(a, q, 4, &ok),
        .lang = rows_str(a, q, 5, &ok), .sex = (int)col_i64(q, 6), .age = (int)col_i64(q, 7),
        .country = rows_str(a, q, 8, &ok), .changed_at = col_i64(q, 9),
        .is_erased = col_i64(q, 10) != 0,
    };

    if (ok)
        *to = p;
    return ok ? 0 : ERR_MEM;
}

int person_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                 struct person *ret_person)
{
    struct stmt *q;
    int r = who && who->person_id == id && id ? 0 : actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT person_id, org_id, name, function, email, lang, sex, age, country,"
                    " changed_at, erased_at IS NOT NULL FROM persons WHERE person_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, q, ret_person);
    stmt_end(q);
    return r;
}

int person_list(struct arena *a, struct db *db, const struct actor *who,
                struct person_list *ret_list)
{
    struct person_list l = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT person_id, org_id, name, function, email, lang, sex, age, country,"
                    " changed_at, erased_at IS NOT NULL FROM persons ORDER BY org_id, person_id");
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, q, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

/* q: at most one row, a number first. */
static int id_read(struct stmt *q, const struct person *in, int64_t *ret_id)
{
    int r;

    stmt_i64(q, 1, in->org_id);
    stmt_str(q, 2, in->email);
    stmt_str(q, 3, in->name);
    stmt_str(q, 4, in->function);
    r = stmt_row(q);
    if (r >= 0)
        *ret_id = r > 0 ? col_i64(q, 0) : 0;
    stmt_end(q);
    return r < 0 ? r : 0;
}

int person_same(struct db *db, const struct actor *who, const struct person *in, int64_t *ret_id)
{
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    return id_read(db_stmt(db, "SELECT person_id FROM persons WHERE org_id = ?1"
                               " AND iif(?2 IS NULL, email IS NULL AND name IS ?3 AND function"
                               " IS ?4, email = ?2) ORDER BY person_id LIMIT 1"),
                   in, ret_id);
}

/*
 * All who may be meant are counted, and then the one must be it. Another function, or an e-mail
 * here and a function there, may be of two people. A protected one is known by the function or by
 * nothing, so no list that guesses may give them another one, or another role.
 */
int person_alike(struct db *db, const struct actor *who, const struct person *in, int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!in->name.n) {
        *ret_id = 0;
        return 0;
    }
    q = db_stmt(db, "SELECT id FROM (SELECT max(person_id) AS id, count(*) AS n,"
                    " max(coalesce(function = ?4, 0) OR coalesce(?2, ?4) IS NULL"
                    " OR coalesce(email, function) IS NULL) AS is_sure"
                    " FROM persons WHERE org_id = ?1 AND name = ?3"
                    " AND (?2 IS NULL OR email IS NULL)"
                    " AND (?4 IS NULL OR function IS NULL OR function = ?4))"
                    " WHERE n = 1 AND is_sure AND NOT EXISTS"
                    " (SELECT 1 FROM invitations WHERE person_id = id AND role = ?5)");
    stmt_i64(q, 5, ROLE_PROTECTED);
    return id_read(q, in, ret_id);
}

static bool is_valid(const struct person *in)
{
    bool is_known = in->email.n || in->name.n || in->function.n;
    bool is_short = in->email.n <= 254 && in->name.n <= 200 && in->function.n <= 300;

    return is_known && is_short && text_is_lang(in->lang) && in->sex >= 0 && in->sex <= SEX_MALE &&
           in->age >= 0 && in->age <= AGE_50_UP && (!in->country.p || in->country.n == 2);
}

static void bind(struct stmt *q, const struct person *in, usec now)
{
    stmt_i64(q, 1, in->org_id);
    stmt_str(q, 2, in->name);
    stmt_str(q, 3, in->function);
    stmt_str(q, 4, in->email);
    stmt_str(q, 5, in->lang);
    stmt_i64(q, 6, in->sex);
    stmt_i64(q, 7, in->age);
    stmt_str(q, 8, in->country);
    stmt_i64(q, 9, now);
}

/* What a protected person said stands under the function of now (domain/invitation.c). */
static int rename_protected(struct db *db, int64_t id)
{
    char name[MAX_SHOWN_BYTES + 1] = "";
    struct stmt *q = db_stmt(db, "SELECT function FROM persons WHERE person_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        (void)str_copy(name, sizeof(name), str_take_whole(col_str(q, 0), MAX_SHOWN_BYTES));
    stmt_end(q);
    if (r <= 0)
        return r;
    q = db_stmt(db, "UPDATE room_chats SET name = ?2 WHERE person_id = ?1 AND name <> ?2"
                    " AND seminar_id IN (SELECT seminar_id FROM invitations"
                    " WHERE person_id = ?1 AND role = ?3)");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, str_c(name));
    stmt_i64(q, 3, ROLE_PROTECTED);
    return stmt_run(q);
}

int person_put(struct db *db, const struct actor *who, const struct person *in, usec now,
               int64_t *ret_id)
{
    struct stmt *q;
    int64_t id = in->id;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!is_valid(in))
        return ERR_RANGE;
    r = id ? 0 : person_same(db, who, in, &id);
    if (r < 0)
        return r;
    if (id) {
        q = db_stmt(db, "UPDATE persons SET name = coalesce(?2, name),"
                        " function = coalesce(?3, function), email = coalesce(email, ?4),"
                        " lang = iif(?11, lang, ?5),"
                        " sex = iif(?6, ?6, sex), age = iif(?7, ?7, age),"
                        " country = coalesce(?8, country), changed_at = ?9 WHERE person_id = ?10"
                        " AND (name IS NOT coalesce(?2, name)"
                        " OR function IS NOT coalesce(?3, function) OR email IS NOT"
                        " coalesce(email, ?4) OR lang <> iif(?11, lang, ?5)"
                        " OR sex <> iif(?6, ?6, sex) OR age <> iif(?7, ?7, age)"
                        " OR country IS NOT coalesce(?8, country))");
        bind(q, in, now);
        stmt_i64(q, 10, id);
        stmt_i64(q, 11, in->is_lang_guess);
    } else {
        q = db_stmt(db, "INSERT INTO persons (org_id, name, function, email, lang, sex, age,"
                        " country,"
                        " added_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)");
        bind(q, in, now);
    }
    r = stmt_run(q);
    if (r < 0)
        return r;
    *ret_id = id ? id : db_last_id(db);
    return id ? rename_protected(db, id) : 0;
}

int person_change(struct db *db, const struct actor *who, const struct person *in, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!is_valid(in))
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE persons SET org_id = ?1, name = ?2, function = ?3, email = ?4,"
                    " lang = ?5, sex = ?6, age = ?7, country = ?8, changed_at = ?9"
                    " WHERE person_id = ?10 AND erased_at IS NULL");
    bind(q, in, now);
    stmt_i64(q, 10, in->id);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = ERR_STATE;
    return r < 0 ? r : rename_protected(db, in->id);
}

int person_remove(struct db *db, const struct actor *who, int64_t id)
{
    static const char *const sql[] = {
        ("DELETE FROM sessions WHERE invitation_id IN"
         " (SELECT invitation_id FROM invitations WHERE person_id = ?1)"),
        "DELETE FROM invitations WHERE person_id = ?1",
        "DELETE FROM persons WHERE person_id = ?1",
    };
    struct needs needs;
    int r = need_of_person(db, who, id, &needs);

    if (r == 0 && needs.is_any)
        r = ERR_CONFLICT;
    for (size_t i = 0; r == 0 && i < NELEM(sql); i++) {
        struct stmt *q = db_stmt(db, sql[i]);

        stmt_i64(q, 1, id);
        r = stmt_run(q);
    }
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

int person_lang_set(struct db *db, const struct actor *who, int64_t id, str lang, usec now)
{
    struct stmt *q;
    int r = who && who->person_id == id && id ? 0 : actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!text_is_lang(lang))
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE persons SET lang = ?2, changed_at = ?3 WHERE person_id = ?1");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, now);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}
