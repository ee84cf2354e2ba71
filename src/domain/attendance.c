#include "domain/attendance.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <stdlib.h>

static int by_from(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

usec attendance_sum(struct interval *at, size_t n, usec gap_us, size_t *ret_nparts)
{
    usec sum = 0, from = 0, to = 0;
    size_t nparts = 0;

    if (n)
        qsort(at, n, sizeof(*at), by_from);
    for (size_t i = 0; i < n; i++) {
        if (at[i].to <= at[i].from)
            continue;
        if (nparts && at[i].from <= to + gap_us) {
            to = at[i].to > to ? at[i].to : to;
            continue;
        }
        sum += to - from;
        from = at[i].from;
        to = at[i].to;
        nparts++;
    }
    *ret_nparts = nparts;
    return sum + (to - from);
}

/* ---- the room's record ---- */

int attendance_join(struct db *db, const struct actor *who, int64_t seminar_id, int64_t person_id,
                    int64_t connection, usec now)
{
    struct stmt *q;

    if (who != &actor_server)
        return ERR_DENIED;
    q = db_stmt(db,
                "INSERT INTO attendances (seminar_id, person_id, connection, joined_at, seen_at)"
                " VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (connection) DO NOTHING");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    stmt_i64(q, 3, connection);
    stmt_i64(q, 4, now);
    return stmt_run(q);
}

int attendance_seen(struct db *db, const struct actor *who, const int64_t *connections, size_t n,
                    usec now)
{
    int r = 0;

    if (who != &actor_server)
        return ERR_DENIED;
    for (size_t i = 0; i < n && r == 0; i++) {
        struct stmt *q = db_stmt(db, "UPDATE attendances SET seen_at = max(seen_at, ?2)"
                                     " WHERE connection = ?1 AND left_at IS NULL");

        stmt_i64(q, 1, connections[i]);
        stmt_i64(q, 2, now);
        r = stmt_run(q);
    }
    return r;
}

int attendance_left(struct db *db, const struct actor *who, int64_t connection, usec now)
{
    struct stmt *q;

    if (who != &actor_server)
        return ERR_DENIED;
    q = db_stmt(db, "UPDATE attendances SET left_at = max(seen_at, ?2), seen_at = max(seen_at, ?2)"
                    " WHERE connection = ?1 AND left_at IS NULL");
    stmt_i64(q, 1, connection);
    stmt_i64(q, 2, now);
    return stmt_run(q);
}

int attendance_close(struct db *db, const struct actor *who, int64_t seminar_id, usec now)
{
    struct stmt *q;

    if (who != &actor_server)
        return ERR_DENIED;
    q = db_stmt(db, "UPDATE attendances SET left_at = max(seen_at, ?2), seen_at = max(seen_at, ?2)"
                    " WHERE seminar_id = ?1 AND left_at IS NULL");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, now);
    return stmt_run(q);
}

int attendance_recover(struct db *db, const struct actor *who)
{
    if (who != &actor_server)
        return ERR_DENIED;
    return stmt_run(db_stmt(db, "UPDATE attendances SET left_at = seen_at WHERE left_at IS NULL"));
}

int attendance_is_empty(struct db *db, int64_t seminar_id, usec now, bool *ret_is_empty)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM attendances WHERE seminar_id = ?1"
                                 " AND left_at IS NULL AND seen_at >= ?2 LIMIT 1");
    int r;

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, now - ATTENDANCE_GAP_US);
    r = stmt_row(q);
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_is_empty = r == 0;
    return 0;
}

/*
 * Backwards from now. With the latest end first, all that is read later ends before `from`, so a
 * gap in front of it is one in which nobody was there.
 */
int attendance_ended(struct db *db, int64_t seminar_id, usec live_at, usec now, usec *ret_at)
{
    struct stmt *q =
        db_stmt(db, "SELECT max(joined_at, ?2),"
                    " iif(left_at IS NULL AND seen_at >= ?3 - ?4, ?3, min(seen_at, ?3)) AS until"
                    " FROM attendances WHERE seminar_id = ?1 AND until > ?2 ORDER BY until DESC");
    usec at = now, from = now, behind = 0, gap = ATTENDANCE_EMPTY_US;
    int r = 0;

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, live_at);
    stmt_i64(q, 3, now);
    stmt_i64(q, 4, ATTENDANCE_GAP_US);
    while (behind < ATTENDANCE_EMPTY_US && (r = stmt_row(q)) > 0) {
        struct interval i = {col_i64(q, 0), col_i64(q, 1)};

        if (from - i.to >= gap)
            at = i.to;
        gap = ATTENDANCE_BREAK_US;
        if (i.from >= from)
            continue;
        behind += (i.to < from ? i.to : from) - i.from;
        from = i.from;
    }
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_at = at;
    return 0;
}

/* ---- the summary ---- */

/* As the room shows them: protected people by their function alone, whatever the record knows.
 * ?2 is ROLE_PROTECTED. */
#define SHOWN "coalesce(iif(coalesce(i.role, 0) = ?2, NULL, p.name), p.function, '')"
#define ROLES                                                                                      \
    " LEFT JOIN invitations i ON i.seminar_id = t.seminar_id AND i.person_id = t.person_id"

struct sums {
    struct arena *a;
    struct attendance_list list;
    struct interval *at; /* of the person that is being read */
    size_t nat;
    usec window_us; /* what shares are of */
    bool ok;
};

static struct interval clipped(struct interval i, usec from, usec to)
{
    if (i.from < from)
        i.from = from;
    if (i.to > to)
        i.to = to;
    return i;
}

static void share_set(const struct sums *s, struct attendance *p)
{
    usec share;

    p->present_us = p->measured_us + p->correction * 60 * USEC_S;
    if (p->present_us < 0)
        p->present_us = 0;
    if (p->correction && s->window_us > 0 && p->present_us > s->window_us)
        p->present_us = s->window_us;
    share = s->window_us > 0 ? p->present_us * 100 / s->window_us : 0;
    p->share_percent = share > 100 ? 100 : (int)share;
}

/* The person's last row was read. */
static void person_done(struct sums *s)
{
    struct attendance *p;
    size_t nparts;

    if (!s->list.n || !s->nat)
        return;
    p = &s->list.row[s->list.n - 1];
    p->measured_us = attendance_sum(s->at, s->nat, ATTENDANCE_GAP_US, &nparts);
    p->nparts = (int)nparts;
    share_set(s, p);
    s->nat = 0;
}

static int person_begin(struct sums *s, struct db *db, struct stmt *q, str lang)
{
    struct attendance *p;

    s->list.row = rows_grow(s->a, s->list.row, s->list.n, sizeof(*s->list.row));
    if (!s->list.row)
        return ERR_MEM;
    p = &s->list.row[s->list.n++];
    p->person_id = col_i64(q, 0);
    p->org_id = col_i64(q, 1);
    p->shown = rows_str(s->a, q, 2, &s->ok);
    p->role = (int)col_i64(q, 4);
    p->first_at = col_i64(q, 5);
    p->kind = (int)col_i64(q, 8);
    p->sex = (int)col_i64(q, 9);
    p->age = (int)col_i64(q, 10);
    p->country = rows_str(s->a, q, 11, &s->ok);
    p->lang = rows_str(s->a, q, 12, &s->ok);
    if (p->role == ROLE_PROTECTED) /* of no organisation that is shown */
        return s->ok ? 0 : ERR_MEM;
    return s->ok ? text_get(s->a, db, col_i64(q, 3), lang, &p->org) : ERR_MEM;
}

/* Columns: person_id, org_id, shown, name_text_id, role, joined_at, seen_at, left_at, and what is
 * counted by. */
static int row_add(struct sums *s, struct db *db, struct stmt *q, str lang, usec now)
{
    struct interval i = {col_i64(q, 5), col_i64(q, 6)};
    struct attendance *p = s->list.n ? &s->list.row[s->list.n - 1] : NULL;
    bool is_open = col_is_null(q, 7);

    if (!p || p->person_id != col_i64(q, 0)) {
        int r;

        person_done(s);
        r = person_begin(s, db, q, lang);
        if (r < 0)
            return r;
        p = &s->list.row[s->list.n - 1];
    }
    /*
     * Seen a moment ago counts as being here; longer ago the connection is dead and nobody has said
     * so yet.
     */
    if (is_open && now - i.to <= ATTENDANCE_GAP_US) {
        i.to = now > i.to ? now : i.to;
        p->is_present = true;
    }
    if (i.to > p->last_at)
        p->last_at = i.to;
    s->at = rows_grow(s->a, s->at, s->nat, sizeof(*s->at));
    if (!s->at)
        return ERR_MEM;
    s->at[s->nat++] = clipped(i, s->list.from_at, s->list.to_at);
    return 0;
}

static void window_set(struct sums *to, const struct seminar *s, usec now)
{
    /* Never went live: then all that was recorded counts, against the planned duration. */
    to->list.from_at = s->live_at;
    to->list.to_at = s->ended_at ? s->ended_at : now;
    to->window_us = s->live_at ? to->list.to_at - s->live_at : s->minutes * 60 * USEC_S;
}

static int add_corrections(struct sums *s, struct db *db, int64_t seminar_id)
{
    struct stmt *q = db_stmt(db, "SELECT person_id, sum(minutes) FROM attendance_corrections"
                                 " WHERE seminar_id = ?1 GROUP BY person_id");
    int r;

    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        for (size_t i = 0; i < s->list.n; i++) {
            if (s->list.row[i].person_id != col_i64(q, 0))
                continue;
            s->list.row[i].correction = (int)col_i64(q, 1);
            share_set(s, &s->list.row[i]);
        }
    }
    return r;
}

int attendance_list(struct arena *a, struct db *db, const struct actor *who,
                    const struct seminar *s, usec now, struct attendance_list *ret_list)
{
    struct sums sums = {.a = a, .ok = true};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    window_set(&sums, s, now);
    q = db_stmt(db,
                "SELECT t.person_id, p.org_id, " SHOWN ", o.name_text_id,"
                " coalesce(i.role, 0) AS as_role, t.joined_at, t.seen_at, t.left_at, o.kind, p.sex,"
                " p.age, p.country, p.lang"
                " FROM attendances t JOIN persons p ON p.person_id = t.person_id"
                " JOIN orgs o ON o.org_id = p.org_id" ROLES " WHERE t.seminar_id = ?1"
                " ORDER BY as_role = ?2, iif(as_role = ?2, 0, p.org_id), as_role, t.person_id,"
                " t.joined_at");
    stmt_i64(q, 1, s->id);
    stmt_i64(q, 2, ROLE_PROTECTED);
    while ((r = stmt_row(q)) > 0) {
        r = row_add(&sums, db, q, s->title.lang, now);
        if (r < 0)
            break;
    }
    r = rows_end(q, r, sums.ok);
    if (r < 0)
        return r;
    person_done(&sums);
    r = add_corrections(&sums, db, s->id);
    if (r == 0)
        *ret_list = sums.list;
    return r;
}

/* ---- corrections ---- */

static int has_come(struct db *db, int64_t seminar_id, int64_t person_id)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM attendances WHERE seminar_id = ?1"
                                 " AND person_id = ?2 LIMIT 1");
    int r;

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    r = stmt_row(q);
    return rows_end_one(q, r, true);
}

int attendance_correct(struct db *db, const struct actor *who, int64_t seminar_id,
                       const struct attendance_fix *fix, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (fix->minutes == 0 || fix->minutes > 24 * 60 || fix->minutes < -24 * 60 ||
        fix->reason.n == 0 || fix->reason.n > MAX_REASON_BYTES || !str_is_utf8(fix->reason))
        return ERR_RANGE;
    r = has_come(db, seminar_id, fix->person_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO attendance_corrections (seminar_id, person_id, minutes, reason,"
                    " account_id, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, fix->person_id);
    stmt_i64(q, 3, fix->minutes);
    stmt_str(q, 4, fix->reason);
    if (who->account_id)
        stmt_i64(q, 5, who->account_id);
    else
        stmt_null(q, 5);
    stmt_i64(q, 6, now);
    return stmt_run(q);
}

int attendance_fixes(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                     struct attendance_fix_list *ret_list)
{
    struct attendance_fix_list l = {0};
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT t.person_id, t.minutes, t.reason, " SHOWN ","
                    " u.name, t.added_at FROM attendance_corrections t"
                    " JOIN persons p ON p.person_id = t.person_id" ROLES
                    " LEFT JOIN accounts u ON u.account_id = t.account_id"
                    " WHERE t.seminar_id = ?1 ORDER BY t.correction_id");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, ROLE_PROTECTED);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row)
            return rows_end(q, ERR_MEM, false);
        l.row[l.n++] = (struct attendance_fix){.person_id = col_i64(q, 0),
                                               .minutes = (int)col_i64(q, 1),
                                               .reason = rows_str(a, q, 2, &ok),
                                               .shown = rows_str(a, q, 3, &ok),
                                               .by = rows_str(a, q, 4, &ok),
                                               .at = col_i64(q, 5)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int attendance_any(struct db *db, int64_t seminar_id, bool *ret_any)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM attendances WHERE seminar_id = ?1 LIMIT 1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_any = r > 0;
    return 0;
}
