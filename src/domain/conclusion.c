#include "domain/conclusion.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/rows.h"
#include "store/db.h"

static const char *const names[] = {"?", "conclusion", "recommendation", "practice", "commitment"};

const char *conclusion_kind_name(int kind)
{
    return names[kind > 0 && kind < (int)NELEM(names) ? kind : 0];
}

int conclusion_kind_parse(str name, int *ret_kind)
{
    for (int i = 1; i < (int)NELEM(names); i++) {
        if (str_eq(name, str_c(names[i]))) {
            *ret_kind = i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

int conclusion_list(struct arena *a, struct db *db, int64_t seminar_id, str lang,
                    struct conclusion_list *ret_list)
{
    struct conclusion_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT conclusion_id, number, kind, text_id FROM conclusions"
                                 " WHERE seminar_id = ?1 ORDER BY number");
    int r;

    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        struct conclusion *c;

        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        c = l.row ? &l.row[l.n] : NULL;
        r = c ? text_get(a, db, col_i64(q, 3), lang, &c->text) : ERR_MEM;
        if (r < 0)
            break;
        c->id = col_i64(q, 0);
        c->number = (int)col_i64(q, 1);
        c->kind = (int)col_i64(q, 2);
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

/*
 * The organiser, and the host of that seminar, who writes as the text mechanism's event right (a
 * host has no account, the author stays empty).
 */
static int writer_of(const struct actor *who, int64_t seminar_id, struct actor *ret_writer)
{
    int r = 0;

    if (!actor_is_member(who, seminar_id) || (who->role != ROLE_HOST && who->role != ROLE_COHOST))
        r = actor_check(who, RIGHT_EVENT);
    if (r < 0)
        return r;
    *ret_writer = *who;
    ret_writer->rights |= RIGHT_EVENT;
    return 0;
}

static int check_text(str text)
{
    if (!str_trim(text).n)
        return ERR_RANGE;
    return text.n > MAX_CONCLUSION_BYTES ? ERR_TOO_BIG : 0;
}

/* Finds the one with in->number or makes a new one; gives its text. */
static int row_put(struct db *db, const struct actor *who, const struct conclusion_in *in, usec now,
                   int64_t *ret_text_id)
{
    struct stmt *q;
    int64_t text_id;
    int r;

    q = db_stmt(db, "UPDATE conclusions SET kind = ?3 WHERE seminar_id = ?1 AND number = ?2"
                    " RETURNING text_id");
    stmt_i64(q, 1, in->seminar_id);
    stmt_i64(q, 2, in->number);
    stmt_i64(q, 3, in->kind);
    r = stmt_row(q);
    if (r > 0) {
        *ret_text_id = col_i64(q, 0);
        return stmt_run(q);
    }
    if (r == 0)
        r = text_new(db, who, &text_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO conclusions (seminar_id, number, kind, text_id, added_at)"
                    " VALUES (?1, coalesce(nullif(?2, 0), (SELECT coalesce(max(number), 0) + 1"
                    " FROM conclusions WHERE seminar_id = ?1)), ?3, ?4, ?5)");
    stmt_i64(q, 1, in->seminar_id);
    stmt_i64(q, 2, in->number);
    stmt_i64(q, 3, in->kind);
    stmt_i64(q, 4, text_id);
    stmt_i64(q, 5, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_text_id = text_id;
    return r;
}

static int id_of(struct db *db, int64_t text_id, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT conclusion_id FROM conclusions WHERE text_id = ?1");
    int r;

    stmt_i64(q, 1, text_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    stmt_end(q);
    return r > 0 ? 0 : r < 0 ? r : ERR_INTERNAL;
}

int conclusion_add(struct db *db, const struct actor *who, const struct conclusion_in *in,
                   usec now, int64_t *ret_id)
{
    struct text_in text = {.lang = in->lang, .body = str_trim(in->text), .revision = -1};
    struct actor as;
    int64_t text_id = 0, revision;
    int r = writer_of(who, in->seminar_id, &as);

    if (r == 0)
        r = check_text(in->text);
    if (r < 0)
        return r;
    if (in->kind < CONCLUSION_CONCLUSION || in->kind > CONCLUSION_COMMITMENT || in->number < 0)
        return ERR_RANGE;
    r = row_put(db, &as, in, now, &text_id);
    if (r == 0)
        r = text_put(db, &as, text_id, &text, now, &revision);
    if (r < 0)
        return r;
    return id_of(db, text_id, ret_id);
}

int conclusion_text_put(struct db *db, const struct actor *who, int64_t id,
                        const struct text_in *in, usec now)
{
    struct stmt *q;
    struct actor as;
    int64_t seminar_id = 0, text_id = 0, revision;
    int r = check_text(in->body);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT seminar_id, text_id FROM conclusions WHERE conclusion_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0) {
        seminar_id = col_i64(q, 0);
        text_id = col_i64(q, 1);
    }
    stmt_end(q);
    if (r == 0)
        r = actor_can(who, RIGHT_EVENT) ? ERR_NOT_FOUND : actor_check(who, RIGHT_EVENT);
    if (r < 0)
        return r;
    r = writer_of(who, seminar_id, &as);
    return r < 0 ? r : text_put(db, &as, text_id, in, now, &revision);
}
