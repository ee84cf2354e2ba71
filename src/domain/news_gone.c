#include "domain/news_gone.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/news.h"
#include "domain/rows.h"
#include "store/db.h"

int news_gone(struct arena *a, struct db *db, str slug, str lang, struct news_gone *ret_gone)
{
    struct stmt *q = db_stmt(db, "SELECT n.news_id, n.kind, v.withdrawn_at, v.lang, v.farewell"
                                 " FROM news n JOIN news_versions v ON v.news_id = n.news_id"
                                 " WHERE n.slug = ?1 AND v.withdrawn_at IS NOT NULL"
                                 " AND v.published_at IS NULL"
                                 " ORDER BY v.lang = ?2 DESC, v.withdrawn_at DESC LIMIT 1");
    struct news_gone g = {0};
    bool ok = true;
    int r;

    stmt_str(q, 1, slug);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        g = (struct news_gone){.id = col_i64(q, 0), .kind = (int)col_i64(q, 1), .at = col_i64(q, 2),
                               .lang = rows_str(a, q, 3, &ok), .farewell = rows_str(a, q, 4, &ok)};
    r = rows_end_one(q, r, ok);
    if (r == 0)
        *ret_gone = g;
    return r;
}

int news_mark(struct db *db, usec now, int64_t *ret_mark)
{
    /* No part ever falls, but that an end is put off: that is a revision, so those count twice. */
    struct stmt *q = db_stmt(
        db, "SELECT (SELECT coalesce(max(news_step_id), 0) FROM news_steps)"
            " + (SELECT coalesce(max(news_check_id), 0) FROM news_checks)"
            " + (SELECT coalesce(sum(pictures_revision), 0) FROM news)"
            " + (SELECT coalesce(sum(2 * revision), 0) FROM consents)"
            " + (SELECT count(*) FROM consents WHERE until_at <= ?1)");
    int r;

    stmt_i64(q, 1, now);
    r = stmt_row(q);
    if (r > 0)
        *ret_mark = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

/*
 * A story was in feeds from the later of a step out and the beginning of a consent for feeds, to
 * the earlier of their ends. It is lost when no such time has yet to end (?3: a moment that never
 * comes), and was lost at the last of those ends. A report is in feeds whenever it is out.
 * in_step: the step that brought it there first.
 */
#define WITHDRAWN_AFTER                                                                            \
    " FROM news_steps e WHERE e.news_id = s.news_id AND e.lang = s.lang AND e.to_state = 9"        \
    " AND e.news_step_id > s.news_step_id"
#define LOST_STORIES                                                                               \
    " SELECT s.news_id, max(min(coalesce(f.to_at, ?3), coalesce((SELECT e.at" WITHDRAWN_AFTER      \
    " ORDER BY e.news_step_id LIMIT 1), ?3))) AS lost_at,"                                         \
    " min(max(s.news_step_id, f.from_step)) AS in_step"                                            \
    " FROM news_steps s JOIN feed_spells f ON f.news_id = s.news_id"                               \
    " AND s.news_step_id <= coalesce(f.to_step, ?3) WHERE s.lang = ?1 AND s.to_state IN (7, 8)"    \
    " AND NOT EXISTS (SELECT 1" WITHDRAWN_AFTER " AND e.news_step_id <= f.from_step)"              \
    " GROUP BY s.news_id HAVING lost_at < ?3"
#define LOST_REPORTS                                                                               \
    " SELECT v.news_id, v.withdrawn_at, (SELECT min(s.news_step_id) FROM news_steps s"             \
    " WHERE s.news_id = v.news_id AND s.lang = v.lang AND s.to_state IN (7, 8))"                   \
    " FROM news_versions v JOIN news n ON n.news_id = v.news_id WHERE n.kind = 1"                  \
    " AND v.lang = ?1 AND v.withdrawn_at IS NOT NULL AND v.published_at IS NULL"
/* It stands there, or stood there when it was out already. */
#define HAD_TOPIC                                                                                  \
    " EXISTS (SELECT 1 FROM news_topics t WHERE t.topic_id = ?4 AND t.news_id = x.news_id)"        \
    " OR EXISTS (SELECT 1 FROM news_topics_left t WHERE t.topic_id = ?4"                           \
    " AND t.news_id = x.news_id AND t.to_step >= x.in_step)"
#define HAD_COUNTRY                                                                                \
    " EXISTS (SELECT 1 FROM news_countries c WHERE c.country = ?5 AND c.news_id = x.news_id)"      \
    " OR EXISTS (SELECT 1 FROM news_countries_left c WHERE c.country = ?5"                         \
    " AND c.news_id = x.news_id AND c.to_step >= x.in_step)"

int news_lost(struct arena *a, struct db *db, const struct news_filter *f,
              struct news_lost_list *ret_list)
{
    struct news_lost_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT n.slug, n.kind, x.lost_at FROM (" LOST_STORIES " UNION ALL"
                                 LOST_REPORTS ") x JOIN news n ON n.news_id = x.news_id"
                                 " WHERE (?4 = 0 OR" HAD_TOPIC ") AND (?5 IS NULL OR" HAD_COUNTRY
                                 ") ORDER BY x.lost_at DESC LIMIT ?2");
    bool ok = true;
    int r = 0;

    stmt_str(q, 1, f->lang);
    stmt_i64(q, 2, (int64_t)f->limit);
    stmt_i64(q, 3, INT64_MAX);
    stmt_i64(q, 4, f->topic_id);
    stmt_str(q, 5, f->country);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct news_lost){.slug = rows_str(a, q, 0, &ok),
                                              .kind = (int)col_i64(q, 1),
                                              .at = col_i64(q, 2)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}
