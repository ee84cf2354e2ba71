#include "domain/seen.h"

#include "domain/kit.h"
#include "domain/rows.h"
#include "store/db.h"

static int put(struct stmt *q, int64_t id, usec now)
{
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    return stmt_run(q);
}

int seen_seminar_put(struct db *db, int64_t id, usec now)
{
    return put(db_stmt(db, "UPDATE seminars SET changed_at = ?2 WHERE seminar_id = ?1"), id, now);
}

int seen_programme_put(struct db *db, int64_t id, usec now)
{
    return put(db_stmt(db, "UPDATE programmes SET changed_at = ?2 WHERE programme_id = ?1"), id,
               now);
}

int seen_kit_put(struct db *db, int64_t id, usec now)
{
    return put(db_stmt(db, "UPDATE kits SET changed_at = ?2 WHERE kit_id = ?1"), id, now);
}

int seen_programme(struct db *db, int64_t id, usec *ret_at)
{
    struct stmt *q = db_stmt(
        db, "SELECT max(p.added_at, coalesce(p.changed_at, 0),"
            " coalesce((SELECT max(t.changed_at) FROM text_versions t WHERE t.text_id IN"
            " (SELECT p.title_text_id UNION ALL SELECT o.name_text_id FROM orgs o WHERE o.org_id IN"
            " (SELECT p.convener_id UNION ALL SELECT p.donor_id UNION ALL SELECT org_id"
            " FROM programme_partners WHERE programme_id = ?1)"
            " UNION ALL SELECT title_text_id FROM seminars WHERE programme_id = ?1)), 0),"
            " coalesce((SELECT max(max(s.added_at, coalesce(s.changed_at, 0),"
            " coalesce(s.live_at, 0), coalesce(s.ended_at, 0))) FROM seminars s"
            " WHERE s.programme_id = ?1), 0)) FROM programmes p WHERE p.programme_id = ?1");

    stmt_i64(q, 1, id);
    return rows_number(q, ret_at);
}

int seen_kit(struct db *db, int64_t id, usec *ret_at)
{
    /* as kit_items shows them: quotations and files when they are cleared, clips when they
     * are made as well, words always */
    struct stmt *q = db_stmt(
        db, "SELECT max(k.added_at, coalesce(k.opens_at, 0), coalesce(k.changed_at, 0),"
            " coalesce((SELECT max(t.changed_at) FROM text_versions t WHERE t.text_id IN"
            " (k.title_text_id, k.lead_text_id)), 0),"
            " coalesce((SELECT max(max(t.changed_at, coalesce(i.cleared_at, 0))) FROM kit_items i"
            " JOIN text_versions t ON t.text_id = i.text_id"
            " LEFT JOIN clips c ON c.kit_item_id = i.kit_item_id WHERE i.kit_id = ?1"
            " AND (i.kind IN (?2, ?3, ?4) OR (i.cleared_at IS NOT NULL"
            " AND coalesce(c.state, ?5) = ?5))), 0))"
            " FROM kits k WHERE k.kit_id = ?1");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, KIT_ABOUT);
    stmt_i64(q, 3, KIT_FACT);
    stmt_i64(q, 4, KIT_CONTACT);
    stmt_i64(q, 5, CLIP_READY);
    return rows_number(q, ret_at);
}
