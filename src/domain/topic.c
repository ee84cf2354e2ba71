#include "domain/topic.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

/* Columns: topic_id, slug, name_text_id, items, chosen. */
static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct topic *to)
{
    bool ok = true;
    int r = text_get(a, db, col_i64(q, 2), lang, &to->name);

    to->id = col_i64(q, 0);
    to->slug = rows_str(a, q, 1, &ok);
    to->nitems = col_i64(q, 3);
    to->is_chosen = col_i64(q, 4) != 0;
    return r < 0 ? r : ok ? 0 : ERR_MEM;
}

int topic_list(struct arena *a, struct db *db, str lang, int64_t news_id,
               struct topic_list *ret_list)
{
    struct topic_list l = {0};
    struct stmt *q = db_stmt(db,
        "SELECT t.topic_id, t.slug, t.name_text_id, (SELECT count(*) FROM news_topics n"
        " JOIN news_versions v ON v.news_id = n.news_id AND v.lang = ?1 AND v.day IS NOT NULL"
        " WHERE n.topic_id = t.topic_id), EXISTS (SELECT 1 FROM news_topics n"
        " WHERE n.topic_id = t.topic_id AND n.news_id = ?2) FROM topics t"
        " ORDER BY (SELECT x.body FROM text_versions x WHERE x.text_id = t.name_text_id"
        " AND x.lang = ?1), t.slug");
    int r;

    stmt_str(q, 1, lang);
    stmt_i64(q, 2, news_id);
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

int topic_by_slug(struct arena *a, struct db *db, str slug, str lang, struct topic *ret_topic)
{
    struct stmt *q = db_stmt(db, "SELECT topic_id, slug, name_text_id, 0, 0 FROM topics"
                                 " WHERE slug = ?1");
    int r;

    stmt_str(q, 1, slug);
    r = stmt_row(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, ret_topic);
    stmt_end(q);
    return r;
}

static int id_of(struct db *db, str slug, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT topic_id FROM topics WHERE slug = ?1");
    int r;

    *ret_id = 0;
    stmt_str(q, 1, slug);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

static int add(struct db *db, const struct actor *who, str slug, usec now, int64_t *ret_id)
{
    struct stmt *q;
    int64_t text_id;
    int r = text_new(db, who, &text_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO topics (slug, name_text_id, added_at) SELECT ?1, ?2, ?3"
                    " WHERE (SELECT count(*) FROM topics) < ?4");
    stmt_str(q, 1, slug);
    stmt_i64(q, 2, text_id);
    stmt_i64(q, 3, now);
    stmt_i64(q, 4, MAX_TOPICS);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = ERR_FULL;
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

int topic_put(struct db *db, const struct actor *who, str slug, usec now, int64_t *ret_id)
{
    int64_t id;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!seminar_is_slug(slug))
        return ERR_RANGE;
    r = id_of(db, slug, &id);
    if (r == 0 && !id)
        r = add(db, who, slug, now, &id);
    if (r == 0)
        *ret_id = id;
    return r;
}

int topic_name_put(struct db *db, const struct actor *who, int64_t id, str lang, str name,
                   usec now)
{
    struct text_in in = {.lang = lang, .body = str_trim(name), .revision = -1};
    struct stmt *q;
    int64_t text_id = 0, revision;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!in.body.n || in.body.n > MAX_SHOWN_BYTES)
        return ERR_RANGE;
    q = db_stmt(db, "SELECT name_text_id FROM topics WHERE topic_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        text_id = col_i64(q, 0);
    stmt_end(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : text_put(db, who, text_id, &in, now, &revision);
}

int topic_remove(struct db *db, const struct actor *who, int64_t id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM topics WHERE topic_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

int topic_choose(struct db *db, const struct actor *who, int64_t news_id, const int64_t *ids,
                 size_t n)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM news_topics WHERE news_id = ?1");
    stmt_i64(q, 1, news_id);
    r = stmt_run(q);
    for (size_t i = 0; i < n && r == 0; i++) {
        q = db_stmt(db, "INSERT INTO news_topics (topic_id, news_id) VALUES (?2, ?1)"
                        " ON CONFLICT DO NOTHING");
        stmt_i64(q, 1, news_id);
        stmt_i64(q, 2, ids[i]);
        r = stmt_run(q);
    }
    return r;
}
