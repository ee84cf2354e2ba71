#include "domain/certificate.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/certificate_i.h"
#include "domain/rows.h"
#include "store/db.h"

#include <string.h>

/* Crockford's: no i, l, o, u, so that a code can be read out and typed. 20 of them are 100 bits. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

static char letter_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c + 'a' - 'A');
    if (c == 'o')
        return '0';
    if (c == 'i' || c == 'l')
        return '1';
    return c && strchr(letters, c) ? c : 0;
}

int certificate_code_parse(str text, char to[static CERTIFICATE_CODE + 1])
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = letter_of(text.p[i]);

        if (text.p[i] == '-' || text.p[i] == ' ')
            continue;
        if (!c || n == CERTIFICATE_CODE)
            return ERR_NOT_FOUND;
        to[n++] = c;
    }
    to[n] = 0;
    return n == CERTIFICATE_CODE ? 0 : ERR_NOT_FOUND;
}

void certificate_code_show(str code, char to[static CERTIFICATE_CODE_TEXT])
{
    size_t n = 0;

    for (size_t i = 0; i < code.n && i < CERTIFICATE_CODE; i++) {
        if (i && i % 5 == 0)
            to[n++] = '-';
        to[n++] = code.p[i];
    }
    to[n] = 0;
}

static void code_new(char to[static CERTIFICATE_CODE + 1])
{
    uint8_t bytes[CERTIFICATE_CODE];

    random_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < CERTIFICATE_CODE; i++)
        to[i] = letters[bytes[i] % 32]; /* 256 is a multiple of 32: no letter comes oftener */
    to[CERTIFICATE_CODE] = 0;
}

/* ---- the rule ---- */

int certificate_rule(struct db *db, int64_t seminar_id, struct certificate_rule *ret_rule)
{
    struct certificate_rule rule = {.percent = CERTIFICATE_PERCENT};
    struct stmt *q = db_stmt(db, "SELECT percent, needs_post FROM certificate_rules"
                                 " WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0)
        rule = (struct certificate_rule){(int)col_i64(q, 0), col_i64(q, 1) != 0};
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_rule = rule;
    return 0;
}

int certificate_rule_set(struct db *db, const struct actor *who, int64_t seminar_id,
                         const struct certificate_rule *rule, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (rule->percent < 1 || rule->percent > 100)
        return ERR_RANGE;
    q = db_stmt(db, "INSERT INTO certificate_rules (seminar_id, percent, needs_post, changed_at)"
                    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (seminar_id)"
                    " DO UPDATE SET percent = ?2, needs_post = ?3, changed_at = ?4");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, rule->percent);
    stmt_i64(q, 3, rule->needs_post);
    stmt_i64(q, 4, now);
    return stmt_run(q);
}

/* ---- rows ---- */

#define COLUMNS                                                                                    \
    "certificate_id, seminar_id, person_id, code, lang, printed, issued_at, revoked_at, reason,"   \
    " is_replaced"

static int row_read(struct arena *a, struct stmt *q, struct certificate *ret)
{
    bool ok = true;
    struct certificate c = {.id = col_i64(q, 0),
                            .seminar_id = col_i64(q, 1),
                            .person_id = col_i64(q, 2),
                            .code = rows_str(a, q, 3, &ok),
                            .lang = rows_str(a, q, 4, &ok),
                            .issued_at = col_i64(q, 6),
                            .revoked_at = col_i64(q, 7),
                            .reason = rows_str(a, q, 8, &ok),
                            .is_replaced = col_i64(q, 9) != 0};
    int r = ok ? certificate_print_parse(a, col_str(q, 5), &c.print) : ERR_MEM;

    if (r == 0)
        *ret = c;
    return r;
}

static int one(struct arena *a, struct stmt *q, struct certificate *ret)
{
    int r = stmt_row(q);

    r = r > 0 ? row_read(a, q, ret) : r < 0 ? r : ERR_NOT_FOUND;
    stmt_end(q);
    return r;
}

int certificate_by_code(struct arena *a, struct db *db, str code, struct certificate *ret)
{
    char clean[CERTIFICATE_CODE + 1];
    struct stmt *q;
    int r = certificate_code_parse(code, clean);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " COLUMNS " FROM certificates WHERE code = ?1");
    stmt_str(q, 1, str_c(clean));
    return one(a, q, ret);
}

int certificate_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                      struct certificate *ret)
{
    struct stmt *q = db_stmt(db, "SELECT " COLUMNS " FROM certificates WHERE certificate_id = ?1");
    struct certificate c;
    int r;

    stmt_i64(q, 1, id);
    r = one(a, q, &c);
    if (r == ERR_NOT_FOUND && !actor_can(who, RIGHT_EVENT))
        return actor_check(who, RIGHT_EVENT);
    if (r == 0 && !(actor_is_member(who, c.seminar_id) && who->person_id == c.person_id))
        r = actor_check(who, RIGHT_EVENT);
    if (r == 0)
        *ret = c;
    return r;
}

int certificate_current(struct arena *a, struct db *db, int64_t seminar_id, int64_t person_id,
                        struct certificate *ret)
{
    struct stmt *q = db_stmt(db, "SELECT " COLUMNS " FROM certificates WHERE seminar_id = ?1"
                                 " AND person_id = ?2 AND revoked_at IS NULL");

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    return one(a, q, ret);
}

static int all(struct arena *a, struct stmt *q, struct certificate_list *ret_list)
{
    struct certificate_list l = {0};
    int r;

    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, q, &l.row[l.n++]) : ERR_MEM;
        if (r < 0)
            break;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int certificate_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                     struct certificate_list *ret_list)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " COLUMNS " FROM certificates WHERE seminar_id = ?1"
                    " ORDER BY revoked_at IS NOT NULL, printed ->> 'name', certificate_id");
    stmt_i64(q, 1, seminar_id);
    return all(a, q, ret_list);
}

int certificate_add(struct arena *a, struct db *db, const struct actor *who,
                    const struct certificate *c, usec now, int64_t *ret_id)
{
    char code[CERTIFICATE_CODE + 1];
    struct stmt *q;
    str printed = {0};
    int r = certificate_print_write(a, &c->print, &printed);

    if (r < 0)
        return r;
    code_new(code);
    q = db_stmt(db, "INSERT INTO certificates (seminar_id, person_id, code, lang, printed,"
                    " issued_at, account_id, is_replaced)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), 0)");
    stmt_i64(q, 1, c->seminar_id);
    stmt_i64(q, 2, c->person_id);
    stmt_str(q, 3, str_c(code));
    stmt_str(q, 4, c->lang);
    stmt_str(q, 5, printed);
    stmt_i64(q, 6, now);
    stmt_i64(q, 7, who->account_id);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

static int revoke(struct db *db, int64_t id, str reason, bool is_replaced, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE certificates SET revoked_at = ?2, reason = ?3,"
                                 " is_replaced = ?4 WHERE certificate_id = ?1"
                                 " AND revoked_at IS NULL");
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    stmt_str(q, 3, reason);
    stmt_i64(q, 4, is_replaced);
    r = stmt_run(q);
    return r < 0 ? r : db_changes(db) ? 0 : ERR_STATE;
}

int certificate_revoke(struct db *db, const struct actor *who, int64_t id, str reason, usec now)
{
    int r = actor_check(who, RIGHT_EVENT);

    reason = str_trim(reason);
    if (r == 0 && !reason.n)
        r = ERR_RANGE;
    if (r == 0 && reason.n > MAX_REASON_BYTES)
        r = ERR_TOO_BIG;
    if (r == 0 && !str_is_utf8(reason))
        r = ERR_ENCODING;
    return r < 0 ? r : revoke(db, id, reason, false, now);
}

/* What was taken back keeps its reason; another may follow it once. */
static int may_follow(struct arena *a, struct db *db, const struct certificate *c)
{
    struct certificate now;
    int r = certificate_current(a, db, c->seminar_id, c->person_id, &now);

    return c->is_replaced || r == 0 ? ERR_STATE : r == ERR_NOT_FOUND ? 0 : r;
}

int certificate_reissue(struct arena *a, struct db *db, const struct actor *who,
                        const struct certificate_change *to, usec now, int64_t *ret_id)
{
    struct certificate c = {0};
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = certificate_name_check(to->name);
    if (r == 0)
        r = certificate_by_id(a, db, who, to->id, &c);
    if (r == 0 && c.print.name_by == NAME_ERASED)
        r = ERR_STATE;
    if (r == 0)
        r = c.revoked_at ? may_follow(a, db, &c) : revoke(db, to->id, S(""), true, now);
    if (r < 0)
        return r;
    c.print.name = str_trim(to->name);
    c.print.name_by = c.print.name_by == NAME_PSEUDONYM ? NAME_PSEUDONYM : NAME_OF_ORGANISER;
    return certificate_add(a, db, who, &c, now, ret_id);
}

/* ---- erasing ---- */

/* Under another code: who has the paper finds it no more. */
static int print_anew(struct arena *a, struct db *db, struct certificate *c, str name, int name_by)
{
    char code[CERTIFICATE_CODE + 1];
    struct stmt *q;
    str printed = {0};
    int r;

    c->print.name = name;
    c->print.name_by = name_by;
    c->print.org = S("");
    r = certificate_print_write(a, &c->print, &printed);
    if (r < 0)
        return r;
    code_new(code);
    q = db_stmt(db, "UPDATE certificates SET printed = ?2, code = ?3, reason = NULL"
                    " WHERE certificate_id = ?1");
    stmt_i64(q, 1, c->id);
    stmt_str(q, 2, printed);
    stmt_str(q, 3, str_c(code));
    return stmt_run(q);
}

static int hide_all(struct arena *a, struct db *db, int64_t seminar_id, int64_t person_id,
                    str name)
{
    struct certificate_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT " COLUMNS " FROM certificates"
                                 " WHERE seminar_id = ?1 AND person_id = ?2"
                                 " AND printed ->> 'name_by' NOT IN ('pseudonym', 'erased')");
    int r;

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    r = all(a, q, &l);
    for (size_t i = 0; r == 0 && i < l.n; i++)
        r = print_anew(a, db, &l.row[i], name, NAME_PSEUDONYM);
    return r;
}

int certificate_hide(struct db *db, int64_t seminar_id, int64_t person_id, str name)
{
    struct arena *a = arena_new();
    int r = a ? hide_all(a, db, seminar_id, person_id, name) : ERR_MEM;

    arena_free(a);
    return r;
}

static int erase_all(struct arena *a, struct db *db, int64_t person_id, usec before,
                     int64_t *ret_n)
{
    struct certificate_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT " COLUMNS " FROM certificates"
                                 " WHERE (person_id = ?1 OR ?1 = 0 AND issued_at < ?2)"
                                 " AND printed ->> 'name_by' <> 'erased'");
    int r;

    stmt_i64(q, 1, person_id);
    stmt_i64(q, 2, before);
    r = all(a, q, &l);
    for (size_t i = 0; r == 0 && i < l.n; i++)
        r = print_anew(a, db, &l.row[i], S(""), NAME_ERASED);
    if (r == 0)
        *ret_n = (int64_t)l.n;
    return r;
}

int certificate_erase(struct db *db, const struct actor *who, int64_t person_id, usec before,
                      int64_t *ret_n)
{
    struct arena *a;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    a = arena_new();
    r = a ? erase_all(a, db, person_id, before, ret_n) : ERR_MEM;
    arena_free(a);
    return r;
}
