#include "domain/guide.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

enum { SOURCE_LONGEST = 500, REVIEWER_LONGEST = 200 };

static bool is_country(str s)
{
    return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static bool is_source(str s)
{
    return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) && s.n <= SOURCE_LONGEST;
}

static bool is_point(const struct guide_point_in *in)
{
    return in->stage >= GUIDE_BEFORE && in->stage <= GUIDE_RETURN && in->topic >= GUIDE_DOCUMENTS &&
           in->topic <= GUIDE_SCAMS && is_source(in->source);
}

static bool is_guide(const struct guide_in *in)
{
    bool is_legal = in->kind == GUIDE_LEGAL;

    if (!seminar_is_slug(in->slug) || !is_country(in->from) || !is_country(in->to))
        return false;
    return is_legal ? in->subject >= LEGAL_WORK && in->subject < LEGAL_SUBJECTS
                    : (in->kind == 0 || in->kind == GUIDE_CORRIDOR) && in->subject == 0;
}

/* Words or sources were changed: nobody has reviewed the page as it is now. */
static int unreview(struct db *db, int64_t guide_id, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE guides SET reviewed_at = NULL, reviewed_by = NULL,"
                                 " changed_at = ?2 WHERE guide_id = ?1");

    stmt_i64(q, 1, guide_id);
    stmt_i64(q, 2, now);
    return stmt_run(q);
}

static int unreview_of_point(struct db *db, int64_t id, usec now)
{
    int64_t guide_id;
    int r = guide_point_owner(db, id, &guide_id);

    return r == 0 ? unreview(db, guide_id, now) : r;
}

int guide_add(struct db *db, const struct actor *who, const struct guide_in *in, usec now,
              int64_t *ret_id)
{
    int64_t title_id = 0, lead_id = 0;
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!is_guide(in))
        return ERR_RANGE;
    r = text_new(db, who, &title_id);
    if (r == 0)
        r = text_new(db, who, &lead_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO guides (slug, from_country, to_country, title_text_id,"
                    " lead_text_id, is_sample, added_at, kind, subject)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    stmt_str(q, 1, in->slug);
    stmt_str(q, 2, in->from);
    stmt_str(q, 3, in->to);
    stmt_i64(q, 4, title_id);
    stmt_i64(q, 5, lead_id);
    stmt_i64(q, 6, in->is_sample);
    stmt_i64(q, 7, now);
    stmt_i64(q, 8, in->kind ? in->kind : GUIDE_CORRIDOR);
    stmt_i64(q, 9, in->subject);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

/* The number in column 0 of a query about `id`. */
static int number(struct stmt *q, int64_t id, int64_t *ret_n)
{
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        *ret_n = col_i64(q, 0);
    return rows_end_one(q, r, true);
}

int guide_text_put(struct db *db, const struct actor *who, int64_t id, enum guide_field field,
                   const struct text_in *in, usec now)
{
    int64_t text_id = 0, revision, before = db_total_changes(db);
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!in->body.n || in->body.n > GUIDE_TEXT_BYTES)
        return ERR_RANGE;
    r = field == GUIDE_TITLE
            ? number(db_stmt(db, "SELECT title_text_id FROM guides WHERE guide_id = ?1"), id,
                     &text_id)
            : number(db_stmt(db, "SELECT lead_text_id FROM guides WHERE guide_id = ?1"), id,
                     &text_id);
    if (r == 0)
        r = text_put(db, who, text_id, in, now, &revision);
    return r == 0 && db_total_changes(db) != before ? unreview(db, id, now) : r;
}

/* Every row of q is a text; they go with what they belonged to. */
static int remove_texts(struct db *db, struct stmt *q)
{
    enum { MOST = 512 };
    int64_t ids[MOST];
    size_t n = 0;
    int r;

    while ((r = stmt_row(q)) > 0)
        if (n < MOST)
            ids[n++] = col_i64(q, 0);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct stmt *d = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");

        stmt_i64(d, 1, ids[i]);
        r = stmt_run(d);
    }
    return r;
}

int guide_remove(struct db *db, const struct actor *who, int64_t id)
{
    struct stmt *q;
    int64_t n = 0, title_id = 0, lead_id = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = number(db_stmt(db, "SELECT count(*) FROM guides WHERE guide_id = ?1"), id, &n);
    if (r < 0 || !n)
        return r < 0 ? r : ERR_NOT_FOUND;
    q = db_stmt(db, "DELETE FROM guide_points WHERE guide_id = ?1 RETURNING text_id");
    stmt_i64(q, 1, id);
    r = remove_texts(db, q);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM guides WHERE guide_id = ?1"
                    " RETURNING title_text_id, lead_text_id");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0) {
        title_id = col_i64(q, 0);
        lead_id = col_i64(q, 1);
        r = stmt_run(q);
    }
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id IN (?1, ?2)");
    stmt_i64(q, 1, title_id);
    stmt_i64(q, 2, lead_id);
    return stmt_run(q);
}

int guide_point_add(struct db *db, const struct actor *who, int64_t guide_id,
                    const struct guide_point_in *in, usec now, int64_t *ret_id)
{
    struct stmt *q;
    int64_t text_id = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!is_point(in))
        return ERR_RANGE;
    r = text_new(db, who, &text_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO guide_points (guide_id, stage, topic, place, text_id, source,"
                    " revision, guide_point_id) SELECT ?1, ?2, ?3, coalesce(max(place), 0) + 1,"
                    " ?4, ?5, 1,"
                    " max(?6, (SELECT coalesce(max(guide_point_id), 0) + 1 FROM guide_points))"
                    " FROM guide_points WHERE guide_id = ?1 AND stage = ?2");
    stmt_i64(q, 1, guide_id);
    stmt_i64(q, 2, in->stage);
    stmt_i64(q, 3, in->topic);
    stmt_i64(q, 4, text_id);
    stmt_str(q, 5, in->source);
    stmt_i64(q, 6, rows_new_id(now)); /* a page that is kept open names what it shows by it */
    r = stmt_run(q);
    if (r < 0)
        return r;
    *ret_id = db_last_id(db);
    return unreview(db, guide_id, now);
}

int guide_point_save(struct db *db, const struct actor *who, int64_t id,
                     const struct guide_point_in *in, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!is_point(in))
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE guide_points SET stage = ?2, topic = ?3, checked_at = CASE WHEN source"
                    " = ?4 THEN checked_at END, source = ?4, revision = revision + 1"
                    " WHERE guide_point_id = ?1 AND revision = ?5");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, in->stage);
    stmt_i64(q, 3, in->topic);
    stmt_str(q, 4, in->source);
    stmt_i64(q, 5, in->revision);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = ERR_CONFLICT;
    return r == 0 ? unreview_of_point(db, id, now) : r;
}

/* 0: there is no source yet. */
static int source_revision(struct db *db, int64_t text_id, int64_t *ret_revision)
{
    return number(db_stmt(db, "SELECT coalesce(max(revision), 0) FROM text_versions"
                              " WHERE text_id = ?1 AND is_source = 1"),
                  text_id, ret_revision);
}

int guide_point_text_put(struct db *db, const struct actor *who, int64_t id,
                         const struct text_in *in, usec now)
{
    struct stmt *q;
    int64_t text_id = 0, revision, was = 0, is = 0, before = db_total_changes(db);
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!in->body.n || in->body.n > GUIDE_TEXT_BYTES)
        return ERR_RANGE;
    r = number(db_stmt(db, "SELECT text_id FROM guide_points WHERE guide_point_id = ?1"), id,
               &text_id);
    if (r == 0)
        r = source_revision(db, text_id, &was);
    if (r == 0)
        r = text_put(db, who, text_id, in, now, &revision);
    if (r == 0)
        r = source_revision(db, text_id, &is);
    if (r < 0 || db_total_changes(db) == before)
        return r;
    q = db_stmt(db, "UPDATE guide_points SET checked_at = iif(?2, NULL, checked_at),"
                    " revision = revision + 1 WHERE guide_point_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, was != is);
    r = stmt_run(q);
    return r == 0 ? unreview_of_point(db, id, now) : r;
}

int guide_review(struct db *db, const struct actor *who, int64_t id, str by, usec seen_at,
                 usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!by.n || by.n > REVIEWER_LONGEST)
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE guides SET reviewed_at = ?2, reviewed_by = ?3 WHERE guide_id = ?1"
                    " AND (?4 < 0 OR coalesce(changed_at, 0) = ?4)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    stmt_str(q, 3, by);
    stmt_i64(q, 4, seen_at);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? seen_at < 0 ? ERR_NOT_FOUND : ERR_CONFLICT : r;
}

int guide_point_check(struct db *db, const struct actor *who, int64_t id, str by, int64_t revision,
                      usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE guide_points SET checked_at = ?2, checked_by = ?3"
                    " WHERE guide_point_id = ?1 AND (?4 < 0 OR revision = ?4)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, now);
    stmt_str(q, 3, by.n ? by : who->name);
    stmt_i64(q, 4, revision);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? revision < 0 ? ERR_NOT_FOUND : ERR_CONFLICT : r;
}

int guide_point_remove(struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    r = unreview_of_point(db, id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM guide_points WHERE guide_point_id = ?1 RETURNING text_id");
    stmt_i64(q, 1, id);
    return remove_texts(db, q);
}
