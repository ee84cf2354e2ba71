#include "domain/invitation.h"

#include "base/arena.h"
#include "base/ct.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/certificate.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <string.h>

enum { NUMBER_BYTES = 5, MAC_BYTES = 16, TOKEN_BYTES = NUMBER_BYTES + MAC_BYTES };

/*
 * Columns of every read:
 *   0 invitation_id  1 seminar_id  2 generation  3 role  4 reply  5 replied_at  6 note  7 opened_at
 * 8 closed_at 9 person_id  10 org_id  11 name  12 function  13 email  14 lang  15 sex  16 age  17
 * country 18 name_text_id  19 erased
 */

static const struct {
    int role;
    const char *name, *also; /* as files in English and Russian write it */
} roles[] = {
    {ROLE_HOST, "host", "ведущий"},
    {ROLE_COHOST, "co-host", "соведущий"},
    {ROLE_SPEAKER, "speaker", "докладчик"},
    {ROLE_SPEAKER, "speaker", "эксперт"},
    {ROLE_INTERPRETER, "interpreter", "переводчик"},
    {ROLE_CAPTIONER, "captioner", "стенографист"},
    {ROLE_PARTICIPANT, "participant", "участник"},
    {ROLE_PARTICIPANT, "participant", "участница"},
    {ROLE_OBSERVER, "observer", "наблюдатель"},
    {ROLE_PROTECTED, "protected speaker", "защищённый докладчик"},
};

const char *role_name(int role)
{
    for (size_t i = 0; i < NELEM(roles); i++) {
        if (roles[i].role == role)
            return roles[i].name;
    }
    return "?";
}

int role_at(size_t i)
{
    return i < ROLE_PROTECTED ? (int)i + ROLE_HOST : 0;
}

int role_parse(str name, int *ret_role)
{
    for (size_t i = 0; i < NELEM(roles); i++) {
        if (str_ieq(name, str_c(roles[i].name)) || str_eq(name, str_c(roles[i].also))) {
            *ret_role = roles[i].role;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

static void token_bytes(const struct secret *s, int64_t id, int64_t generation,
                        uint8_t to[static TOKEN_BYTES])
{
    uint8_t data[16], mac[32];

    for (int i = 0; i < 8; i++) {
        data[i] = (uint8_t)((uint64_t)id >> (56 - 8 * i));
        data[8 + i] = (uint8_t)((uint64_t)generation >> (56 - 8 * i));
    }
    secret_mac(s, "invitation", data, sizeof(data), mac);
    memcpy(to, data + 8 - NUMBER_BYTES, NUMBER_BYTES);
    memcpy(to + NUMBER_BYTES, mac, MAC_BYTES);
}

void invitation_token(const struct secret *s, int64_t id, int64_t generation,
                      char to[static INVITATION_TOKEN_TEXT])
{
    uint8_t bytes[TOKEN_BYTES];

    token_bytes(s, id, generation, bytes);
    (void)encode_base64url(to, bytes, sizeof(bytes));
}

static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct invitation *to)
{
    bool ok = true;
    int64_t name_id = col_i64(q, 18);
    struct invitation i = {
        .id = col_i64(q, 0),
        .seminar_id = col_i64(q, 1),
        .generation = col_i64(q, 2),
        .role = (int)col_i64(q, 3),
        .reply = (int)col_i64(q, 4),
        .replied_at = col_i64(q, 5),
        .note = rows_str(a, q, 6, &ok),
        .opened_at = col_i64(q, 7),
        .is_closed = !col_is_null(q, 8),
        .person =
            {
                .id = col_i64(q, 9),
                .org_id = col_i64(q, 10),
                .name = rows_str(a, q, 11, &ok),
                .function = rows_str(a, q, 12, &ok),
                .email = rows_str(a, q, 13, &ok),
                .lang = rows_str(a, q, 14, &ok),
                .sex = (int)col_i64(q, 15),
                .age = (int)col_i64(q, 16),
                .country = rows_str(a, q, 17, &ok),
                .is_erased = col_i64(q, 19) != 0,
            },
    };
    int r = ok ? text_get(a, db, name_id, lang, &i.org) : ERR_MEM;

    if (r == 0)
        *to = i;
    return r;
}

static int by_id(struct arena *a, struct db *db, int64_t id, str lang, struct invitation *to)
{
    struct stmt *q =
        db_stmt(db, "SELECT i.invitation_id, i.seminar_id, i.generation, i.role, i.reply,"
                    " i.replied_at, i.note, i.opened_at, i.closed_at, p.person_id,"
                    " p.org_id, p.name, p.function, p.email, p.lang, p.sex, p.age,"
                    " p.country, o.name_text_id, p.erased_at IS NOT NULL"
                    " FROM invitations i"
                    " JOIN persons p ON p.person_id = i.person_id"
                    " JOIN orgs o ON o.org_id = p.org_id WHERE i.invitation_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, to);
    stmt_end(q);
    return r;
}

int invitation_by_token(struct arena *a, struct db *db, const struct secret *s, str token, str lang,
                        struct invitation *ret_invitation)
{
    uint8_t given[TOKEN_BYTES], want[TOKEN_BYTES];
    struct invitation i;
    size_t n;
    int64_t id = 0;
    int r;

    if (token.n != INVITATION_TOKEN || decode_base64(given, sizeof(given), token, &n) < 0 ||
        n != TOKEN_BYTES)
        return ERR_NOT_FOUND;
    for (int k = 0; k < NUMBER_BYTES; k++)
        id = id << 8 | given[k];
    r = by_id(a, db, id, lang, &i);
    if (r < 0)
        return r;
    token_bytes(s, id, i.generation, want);
    if (!ct_equal(given, want, sizeof(want))) {
        /* An older generation was ours once: its holder is told so. Anything else never was. */
        for (int64_t g = i.generation - 1; g > 0 && g > i.generation - 8; g--) {
            token_bytes(s, id, g, want);
            if (ct_equal(given, want, sizeof(want)))
                return ERR_GONE;
        }
        return ERR_NOT_FOUND;
    }
    if (i.is_closed)
        return ERR_GONE;
    *ret_invitation = i;
    return 0;
}

int invitation_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id, str lang,
                     struct invitation *ret_invitation)
{
    int r = actor_can(who, RIGHT_MEMBER) && who->invitation_id == id
                ? 0
                : actor_check(who, RIGHT_EVENT);

    return r < 0 ? r : by_id(a, db, id, lang, ret_invitation);
}

int invitation_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                    str lang, struct invitation_list *ret_list)
{
    struct invitation_list l = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db,
                "SELECT i.invitation_id, i.seminar_id, i.generation, i.role, i.reply,"
                " i.replied_at, i.note, i.opened_at, i.closed_at, p.person_id, p.org_id, p.name,"
                " p.function, p.email, p.lang, p.sex, p.age, p.country, o.name_text_id,"
                " p.erased_at IS NOT NULL FROM invitations i"
                " JOIN persons p ON p.person_id = i.person_id"
                " JOIN orgs o ON o.org_id = p.org_id WHERE i.seminar_id = ?1"
                " ORDER BY p.org_id, i.role, i.invitation_id");
    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, db, q, lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

/* What a protected person said before, and certificates, stand under the function too, or under no
 * name. */
static int hide_name(struct db *db, int64_t seminar_id, int64_t person_id)
{
    char name[MAX_SHOWN_BYTES + 1] = "";
    struct stmt *q = db_stmt(db, "SELECT function FROM persons WHERE person_id = ?1");
    int r;

    stmt_i64(q, 1, person_id);
    r = stmt_row(q);
    if (r > 0)
        (void)str_copy(name, sizeof(name), str_take_whole(col_str(q, 0), MAX_SHOWN_BYTES));
    stmt_end(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE room_chats SET name = ?3 WHERE seminar_id = ?1 AND person_id = ?2"
                    " AND name <> ?3");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    stmt_str(q, 3, str_c(name));
    r = stmt_run(q);
    return r < 0 ? r : certificate_hide(db, seminar_id, person_id, str_c(name));
}

int invitation_put(struct db *db, const struct actor *who, int64_t seminar_id, int64_t person_id,
                   int role, int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (role && (role < ROLE_HOST || role > ROLE_PROTECTED))
        return ERR_RANGE;
    q = db_stmt(db, "INSERT INTO invitations (seminar_id, person_id, role, generation, reply)"
                    " VALUES (?1, ?2, iif(?3, ?3, ?4), " INVITATION_GENERATION ", 0)"
                    " ON CONFLICT (seminar_id, person_id)"
                    " DO UPDATE SET role = ?3 WHERE ?3 AND role <> ?3");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    stmt_i64(q, 3, role);
    stmt_i64(q, 4, ROLE_PARTICIPANT);
    r = stmt_run(q);
    if (r == 0 && role == ROLE_PROTECTED)
        r = hide_name(db, seminar_id, person_id);
    if (r < 0)
        return r;
    q = db_stmt(db,
                "SELECT invitation_id FROM invitations WHERE seminar_id = ?1 AND person_id = ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

int invitation_protected(struct arena *a, struct db *db, const struct actor *who,
                         int64_t person_id, int64_t **ret_seminars, size_t *ret_n)
{
    struct stmt *q;
    int64_t *id = NULL;
    size_t n = 0;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT i.seminar_id FROM invitations i JOIN seminars s USING (seminar_id)"
                    " WHERE i.person_id = ?1 AND i.role = ?2 AND i.closed_at IS NULL"
                    " AND s.state < ?3");
    stmt_i64(q, 1, person_id);
    stmt_i64(q, 2, ROLE_PROTECTED);
    stmt_i64(q, 3, SEMINAR_ENDED);
    while ((r = stmt_row(q)) > 0) {
        id = rows_grow(a, id, n, sizeof(*id));
        if (!id)
            return rows_end(q, ERR_MEM, false);
        id[n++] = col_i64(q, 0);
    }
    r = rows_end(q, r, true);
    if (r == 0) {
        *ret_seminars = id;
        *ret_n = n;
    }
    return r;
}

static int end_sessions(struct db *db, int64_t id)
{
    struct stmt *q = db_stmt(db, "DELETE FROM sessions WHERE invitation_id = ?1");

    stmt_i64(q, 1, id);
    return stmt_run(q);
}

int invitation_renew(struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    (void)now;
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE invitations SET generation = generation + 1, closed_at = NULL"
                    " WHERE invitation_id = ?1 AND person_id NOT IN"
                    " (SELECT person_id FROM persons WHERE erased_at IS NOT NULL)");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = ERR_NOT_FOUND;
    return r < 0 ? r : end_sessions(db, id);
}

int invitation_close(struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE invitations SET closed_at = coalesce(closed_at, ?2)"
                    " WHERE invitation_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = ERR_NOT_FOUND;
    return r < 0 ? r : end_sessions(db, id);
}
