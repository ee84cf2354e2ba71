#include "domain/programme.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/seen.h"
#include "domain/seminar.h"
#include "store/db.h"

/*
 * Columns: programme_id, slug, title_text_id, kind, region, convener_id, donor_id, from_day,
 * to_day, is_period_sample.
 */
static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct programme *to)
{
    bool ok = true;
    struct programme p = {
        .id = col_i64(q, 0), .slug = rows_str(a, q, 1, &ok), .kind = rows_str(a, q, 3, &ok),
        .region = rows_str(a, q, 4, &ok), .from = rows_str(a, q, 7, &ok),
        .to = rows_str(a, q, 8, &ok), .is_period_sample = col_i64(q, 9) != 0,
    };
    int64_t title_id = col_i64(q, 2), convener_id = col_i64(q, 5), donor_id = col_i64(q, 6);
    int r = ok ? text_get(a, db, title_id, lang, &p.title) : ERR_MEM;

    if (r == 0 && convener_id)
        r = org_by_id(a, db, convener_id, lang, &p.convener);
    if (r == 0 && donor_id)
        r = org_by_id(a, db, donor_id, lang, &p.donor);
    if (r == 0)
        *to = p;
    return r;
}

static int one(struct arena *a, struct db *db, struct stmt *q, str lang, struct programme *to)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, to);
    stmt_end(q);
    return r;
}

int programme_by_id(struct arena *a, struct db *db, int64_t id, str lang,
                    struct programme *ret_programme)
{
    struct stmt *q = db_stmt(db, "SELECT programme_id, slug, title_text_id, kind, region,"
                                 " convener_id,"
                                 " donor_id, from_day, to_day, is_period_sample FROM programmes"
                                 " WHERE programme_id = ?1");

    stmt_i64(q, 1, id);
    return one(a, db, q, lang, ret_programme);
}

int programme_by_slug(struct arena *a, struct db *db, str slug, str lang,
                      struct programme *ret_programme)
{
    struct stmt *q = db_stmt(db, "SELECT programme_id, slug, title_text_id, kind, region,"
                                 " convener_id,"
                                 " donor_id, from_day, to_day, is_period_sample FROM programmes"
                                 " WHERE slug = ?1");

    stmt_str(q, 1, slug);
    return one(a, db, q, lang, ret_programme);
}

int programme_list(struct arena *a, struct db *db, str lang, struct programme_list *ret_list)
{
    struct programme_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT programme_id, slug, title_text_id, kind, region,"
                                 " convener_id,"
                                 " donor_id, from_day, to_day, is_period_sample FROM programmes"
                                 " ORDER BY from_day DESC, programme_id DESC");
    int r;

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

static void bind(struct stmt *q, const struct programme_in *in)
{
    stmt_str(q, 1, in->slug);
    stmt_str(q, 2, in->kind);
    stmt_str(q, 3, in->region);
    stmt_i64(q, 4, in->convener_id);
    stmt_i64(q, 5, in->donor_id);
    stmt_str(q, 6, in->from);
    stmt_str(q, 7, in->to);
    stmt_i64(q, 8, in->is_period_sample);
}

static int add(struct db *db, const struct actor *who, const struct programme_in *in, usec now,
               int64_t *ret_id)
{
    struct stmt *q;
    int64_t title_id;
    int r = text_new(db, who, &title_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO programmes (slug, kind, region, convener_id, donor_id,"
                    " from_day, to_day,"
                    " is_period_sample, title_text_id, added_at)"
                    " VALUES (?1, ?2, ?3, nullif(?4, 0), nullif(?5, 0), ?6, ?7, ?8, ?9, ?10)");
    bind(q, in);
    stmt_i64(q, 9, title_id);
    stmt_i64(q, 10, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

int programme_put(struct db *db, const struct actor *who, const struct programme_in *in, usec now,
                  int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!seminar_is_slug(in->slug))
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE programmes SET changed_at = iif((kind, region, convener_id, donor_id,"
                    " from_day, to_day, is_period_sample) IS (?2, ?3, nullif(?4, 0),"
                    " nullif(?5, 0), ?6, ?7, ?8), changed_at, ?9),"
                    " kind = ?2, region = ?3, convener_id = nullif(?4, 0),"
                    " donor_id = nullif(?5, 0), from_day = ?6, to_day = ?7, is_period_sample = ?8"
                    " WHERE slug = ?1 RETURNING programme_id");
    bind(q, in);
    stmt_i64(q, 9, now);
    r = stmt_row(q);
    if (r == 0)
        return add(db, who, in, now, ret_id);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    return r < 0 ? r : stmt_run(q);
}

int programme_title_put(struct db *db, const struct actor *who, int64_t id, str lang, str title,
                        usec now)
{
    struct text_in in = {.lang = lang, .body = str_trim(title), .revision = -1};
    struct stmt *q;
    int64_t text_id = 0, revision;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT title_text_id FROM programmes WHERE programme_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        text_id = col_i64(q, 0);
    stmt_end(q);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    return text_put(db, who, text_id, &in, now, &revision);
}

int programme_partners(struct arena *a, struct db *db, int64_t id, str lang,
                       struct org_list *ret_list)
{
    struct org_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT org_id FROM programme_partners WHERE programme_id = ?1"
                                 " ORDER BY org_id");
    int r;

    stmt_i64(q, 1, id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? org_by_id(a, db, col_i64(q, 0), lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

static bool is_among(const int64_t *org_ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (org_ids[i] == id)
            return true;
    return false;
}

/* The partner after *io_org_id; 0: there is none. */
static int partner_next(struct db *db, int64_t id, int64_t *io_org_id)
{
    struct stmt *q = db_stmt(db, "SELECT min(org_id) FROM programme_partners"
                                 " WHERE programme_id = ?1 AND org_id > ?2");
    int64_t next = 0;
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, *io_org_id);
    r = stmt_row(q);
    if (r > 0)
        next = col_i64(q, 0);
    stmt_end(q);
    *io_org_id = next;
    return r < 0 ? r : 0;
}

/* Of both: whether that changed anything is added to *io_nchanges. */
static int partner_run(struct db *db, const char *sql, int64_t id, int64_t org_id, int *io_nchanges)
{
    struct stmt *q = db_stmt(db, sql);
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, org_id);
    r = stmt_run(q);
    if (r == 0)
        *io_nchanges += db_changes(db) > 0;
    return r;
}

int programme_partners_put(struct db *db, const struct actor *who, int64_t id,
                           const int64_t *org_ids, size_t n, usec now)
{
    int64_t at = 0;
    int nchanges = 0;
    int r = actor_check(who, RIGHT_EVENT);

    for (size_t i = 0; r == 0 && i < n; i++)
        r = partner_run(db, "INSERT OR IGNORE INTO programme_partners (programme_id, org_id)"
                            " VALUES (?1, ?2)", id, org_ids[i], &nchanges);
    while (r == 0 && (r = partner_next(db, id, &at)) == 0 && at)
        if (!is_among(org_ids, n, at))
            r = partner_run(db, "DELETE FROM programme_partners WHERE programme_id = ?1"
                                " AND org_id = ?2", id, at, &nchanges);
    return r == 0 && nchanges ? seen_programme_put(db, id, now) : r;
}

int programme_remove(struct db *db, const struct actor *who, int64_t id)
{
    struct stmt *q;
    int64_t text_id = 0;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM programmes WHERE programme_id = ?1 RETURNING title_text_id");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        text_id = col_i64(q, 0);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");
    stmt_i64(q, 1, text_id);
    return stmt_run(q);
}
