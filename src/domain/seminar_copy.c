#include "domain/seminar_copy.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/need.h"
#include "domain/seen.h"
#include "store/db.h"

static int item_copy(struct db *db, const struct actor *who, int64_t to_id,
                     const struct agenda_item *item, usec now)
{
    int64_t text_id;
    int r = seminar_agenda_put(db, who, to_id, item, now, &text_id);

    return r == 0 ? text_copy(db, who, item->title.id, text_id) : r;
}

static int quotas_copy(struct db *db, int64_t from_id, int64_t to_id)
{
    struct stmt *q = db_stmt(db, "INSERT INTO quotas (seminar_id, org_id, quota)"
                                 " SELECT ?2, org_id, quota FROM quotas WHERE seminar_id = ?1"
                                 " ORDER BY rowid");

    stmt_i64(q, 1, from_id);
    stmt_i64(q, 2, to_id);
    return stmt_run(q);
}

/* New links for the same people; who was erased or withdrawn is not asked again. */
static int people_copy(struct db *db, int64_t from_id, int64_t to_id)
{
    struct stmt *q = db_stmt(db, "INSERT INTO invitations (seminar_id, person_id, role, generation,"
                                 " reply) SELECT ?2, i.person_id, i.role, " INVITATION_GENERATION
                                 ", 0 FROM invitations i"
                                 " JOIN persons p ON p.person_id = i.person_id"
                                 " WHERE i.seminar_id = ?1 AND i.closed_at IS NULL"
                                 " AND p.erased_at IS NULL ORDER BY i.invitation_id");

    stmt_i64(q, 1, from_id);
    stmt_i64(q, 2, to_id);
    return stmt_run(q);
}

int seminar_copy(struct arena *a, struct db *db, const struct actor *who,
                 const struct seminar_copy *in, usec now)
{
    struct seminar from = {0};
    struct agenda agenda = {0};
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = seminar_by_id(a, db, in->from_id, S(""), &from);
    if (r == 0)
        r = seminar_agenda(a, db, &from, S(""), &agenda);
    for (size_t i = 0; r == 0 && i < agenda.n; i++)
        r = item_copy(db, who, in->to_id, &agenda.row[i], now);
    if (r == 0)
        r = quotas_copy(db, in->from_id, in->to_id);
    if (r == 0 && in->has_people)
        r = people_copy(db, in->from_id, in->to_id);
    return r;
}

static int run(struct db *db, const char *sql, int64_t id)
{
    struct stmt *q = db_stmt(db, sql);

    stmt_i64(q, 1, id);
    return stmt_run(q);
}

int seminar_remove(struct arena *a, struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct seminar s;
    struct agenda agenda;
    struct needs needs;
    int r = need_of_seminar(db, who, id, &needs);

    if (r == 0 && needs.is_any)
        r = ERR_CONFLICT;
    if (r == 0)
        r = seminar_by_id(a, db, id, S(""), &s);
    if (r == 0)
        r = seminar_agenda(a, db, &s, S(""), &agenda);
    if (r == 0)
        r = run(db, "DELETE FROM sessions WHERE invitation_id IN"
                    " (SELECT invitation_id FROM invitations WHERE seminar_id = ?1)", id);
    if (r == 0)
        r = run(db, "DELETE FROM invitations WHERE seminar_id = ?1", id);
    if (r == 0)
        r = seen_programme_put(db, s.programme_id, now);
    if (r == 0)
        r = run(db, "DELETE FROM seminars WHERE seminar_id = ?1", id);
    for (size_t i = 0; r == 0 && i < agenda.n; i++)
        r = run(db, "DELETE FROM texts WHERE text_id = ?1", agenda.row[i].title.id);
    if (r == 0)
        r = run(db, "DELETE FROM texts WHERE text_id = ?1", s.title.id);
    if (r == 0 && s.short_title.id != s.title.id)
        r = run(db, "DELETE FROM texts WHERE text_id = ?1", s.short_title.id);
    return r;
}
