#include "domain/need.h"

#include "base/err.h"
#include "domain/actor.h"
#include "store/db.h"

/* The first row of q, one column for each of `kinds`. */
static int counted(struct stmt *q, const enum need *kinds, size_t n, struct needs *ret_needs)
{
    struct needs needs = {0};
    int r = stmt_row(q);

    for (size_t i = 0; r > 0 && i < n; i++) {
        needs.n[kinds[i]] = col_i64(q, (int)i);
        needs.is_any |= needs.n[kinds[i]] != 0;
    }
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_needs = needs;
    return 0;
}

int need_of_programme(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs)
{
    static const enum need kinds[] = {NEED_SEMINARS};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT count(*) FROM seminars WHERE programme_id = ?1");
    stmt_i64(q, 1, id);
    return counted(q, kinds, NELEM(kinds), ret_needs);
}

int need_of_seminar(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs)
{
    static const enum need kinds[] = {NEED_HELD,        NEED_ATTENDANCES, NEED_REPLIES,
                                      NEED_OPENED,      NEED_CONCLUSIONS, NEED_NEWS};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT (SELECT count(*) FROM seminars WHERE seminar_id = ?1 AND state > 2),"
                    " (SELECT count(DISTINCT person_id) FROM attendances WHERE seminar_id = ?1),"
                    " (SELECT count(*) FROM invitations WHERE seminar_id = ?1 AND reply > 0),"
                    " (SELECT count(*) FROM invitations WHERE seminar_id = ?1"
                    " AND opened_at IS NOT NULL),"
                    " (SELECT count(*) FROM conclusions WHERE seminar_id = ?1),"
                    " (SELECT count(*) FROM news WHERE seminar_id = ?1)");
    stmt_i64(q, 1, id);
    return counted(q, kinds, NELEM(kinds), ret_needs);
}

int need_of_org(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs)
{
    static const enum need kinds[] = {NEED_PEOPLE, NEED_PROGRAMMES, NEED_SEMINARS};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT (SELECT count(*) FROM persons WHERE org_id = ?1),"
                    " (SELECT count(*) FROM programmes p WHERE convener_id = ?1 OR donor_id = ?1"
                    " OR EXISTS (SELECT 1 FROM programme_partners t"
                    " WHERE t.programme_id = p.programme_id AND t.org_id = ?1)),"
                    " (SELECT count(*) FROM quotas WHERE org_id = ?1)");
    stmt_i64(q, 1, id);
    return counted(q, kinds, NELEM(kinds), ret_needs);
}

int need_of_person(struct db *db, const struct actor *who, int64_t id, struct needs *ret_needs)
{
    static const enum need kinds[] = {NEED_ATTENDANCES, NEED_REPLIES, NEED_OPENED};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT (SELECT count(DISTINCT seminar_id) FROM attendances"
                    " WHERE person_id = ?1),"
                    " (SELECT count(*) FROM invitations WHERE person_id = ?1 AND reply > 0),"
                    " (SELECT count(*) FROM invitations WHERE person_id = ?1"
                    " AND opened_at IS NOT NULL)");
    stmt_i64(q, 1, id);
    return counted(q, kinds, NELEM(kinds), ret_needs);
}
