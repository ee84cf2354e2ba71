#include "domain/guide.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/rows.h"
#include "store/db.h"

#define SELECT_GUIDE                                                                               \
    "SELECT guide_id, slug, from_country, to_country, title_text_id, lead_text_id, is_sample,"     \
    " kind, subject, reviewed_at, reviewed_by, coalesce(changed_at, 0) FROM guides"

static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct guide *to)
{
    bool ok = true;
    struct guide g = {
        .id = col_i64(q, 0),
        .slug = rows_str(a, q, 1, &ok),
        .from = rows_str(a, q, 2, &ok),
        .to = rows_str(a, q, 3, &ok),
        .is_sample = col_i64(q, 6) != 0,
        .kind = (int)col_i64(q, 7),
        .subject = (int)col_i64(q, 8),
        .reviewed_at = col_i64(q, 9),
        .reviewed_by = rows_str(a, q, 10, &ok),
        .changed_at = col_i64(q, 11),
    };
    int64_t title_id = col_i64(q, 4), lead_id = col_i64(q, 5);
    int r = ok ? text_get(a, db, title_id, lang, &g.title) : ERR_MEM;

    if (r == 0)
        r = text_get(a, db, lead_id, lang, &g.lead);
    if (r == 0)
        *to = g;
    return r;
}

static int list(struct arena *a, struct db *db, str lang, enum guide_kind kind,
                struct guide_list *ret_list)
{
    struct stmt *q = db_stmt(db, SELECT_GUIDE " WHERE kind = ?1"
                                 " ORDER BY from_country, to_country, subject, guide_id");
    struct guide_list l = {0};
    int r;

    stmt_i64(q, 1, kind);
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

int guide_list(struct arena *a, struct db *db, str lang, struct guide_list *ret_list)
{
    return list(a, db, lang, GUIDE_CORRIDOR, ret_list);
}

int legal_list(struct arena *a, struct db *db, str lang, struct guide_list *ret_list)
{
    return list(a, db, lang, GUIDE_LEGAL, ret_list);
}

/* The first row of q. */
static int one(struct arena *a, struct db *db, struct stmt *q, str lang, struct guide *ret_guide)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, ret_guide);
    stmt_end(q);
    return r;
}

int guide_by_slug(struct arena *a, struct db *db, str slug, str lang, struct guide *ret_guide)
{
    struct stmt *q = db_stmt(db, SELECT_GUIDE " WHERE slug = ?1");

    stmt_str(q, 1, slug);
    return one(a, db, q, lang, ret_guide);
}

int guide_next(struct arena *a, struct db *db, int64_t id, str lang, struct guide *ret_guide)
{
    struct stmt *q = db_stmt(db, SELECT_GUIDE " WHERE guide_id > ?1 ORDER BY guide_id LIMIT 1");

    stmt_i64(q, 1, id);
    return one(a, db, q, lang, ret_guide);
}

/* Columns: guide_point_id, stage, topic, text_id, source, checked_at, checked_by, revision. */
static int point_read(struct arena *a, struct db *db, struct stmt *q, str lang,
                      struct guide_point *to)
{
    bool ok = true;
    struct guide_point p = {
        .id = col_i64(q, 0),
        .stage = (int)col_i64(q, 1),
        .topic = (int)col_i64(q, 2),
        .source = rows_str(a, q, 4, &ok),
        .checked_at = col_i64(q, 5),
        .checked_by = rows_str(a, q, 6, &ok),
        .revision = col_i64(q, 7),
    };
    int r = ok ? text_get(a, db, col_i64(q, 3), lang, &p.text) : ERR_MEM;

    if (r == 0)
        *to = p;
    return r;
}

int guide_points(struct arena *a, struct db *db, int64_t guide_id, str lang, usec now,
                 struct guide_points *ret_points)
{
    struct stmt *q = db_stmt(db, "SELECT guide_point_id, stage, topic, text_id, source, checked_at,"
                                 " checked_by, revision FROM guide_points WHERE guide_id = ?1"
                                 " ORDER BY stage, place, guide_point_id");
    struct guide_points l = {0};
    int r;

    stmt_i64(q, 1, guide_id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? point_read(a, db, q, lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.row[l.n].is_overdue =
            !l.row[l.n].checked_at || now - l.row[l.n].checked_at > GUIDE_WARN_DAYS * USEC_DAY;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_points = l;
    return r;
}

int guide_point_owner(struct db *db, int64_t id, int64_t *ret_guide_id)
{
    struct stmt *q = db_stmt(db, "SELECT guide_id FROM guide_points WHERE guide_point_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        *ret_guide_id = col_i64(q, 0);
    return rows_end_one(q, r, true);
}

int guide_seen_at(struct db *db, int64_t id, usec *ret_at)
{
    struct stmt *q = db_stmt(
        db, "SELECT max(g.added_at, coalesce(g.changed_at, 0), coalesce(g.reviewed_at, 0),"
            " coalesce((SELECT max(checked_at) FROM guide_points WHERE guide_id = ?1), 0),"
            " coalesce((SELECT max(changed_at) FROM text_versions WHERE text_id IN"
            " (g.title_text_id, g.lead_text_id)), 0),"
            " coalesce((SELECT max(t.changed_at) FROM guide_points p JOIN text_versions t"
            " ON t.text_id = p.text_id WHERE p.guide_id = ?1), 0))"
            " FROM guides g WHERE g.guide_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        *ret_at = col_i64(q, 0);
    return rows_end_one(q, r, true);
}
