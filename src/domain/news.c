#include "domain/news.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/news_draft.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

enum { TITLE_BYTES = 500, LIST_DEFAULT = 50, LIST_MAX = 500 };

/*
 * Columns of every read:
 *   0 news_id  1 seminar_id  2 slug  3 is_sample  4 title_text_id  5 body_text_id  6 lang  7 revision  8 published_at
 *   9 changed_at
 */
static int row_read(struct arena *a, struct db *db, struct stmt *q, str asked, struct news *to)
{
    bool ok = true;
    struct text title, body;
    int64_t title_id = col_i64(q, 4), body_id = col_i64(q, 5);
    struct news n = {
        .id = col_i64(q, 0), .seminar_id = col_i64(q, 1), .slug = rows_str(a, q, 2, &ok),
        .is_sample = col_i64(q, 3) != 0, .lang = rows_str(a, q, 6, &ok),
        .revision = col_i64(q, 7), .is_published = !col_is_null(q, 8),
        .published_at = col_i64(q, 8), .changed_at = col_i64(q, 9),
    };
    int r = ok ? text_exact(a, db, title_id, n.lang, &title) : ERR_MEM;

    if (r == 0)
        r = text_exact(a, db, body_id, n.lang, &body);
    if (r < 0)
        return r == ERR_NOT_FOUND ? ERR_INTERNAL : r;
    n.is_asked = str_eq(n.lang, asked);
    n.is_stale = title.is_stale || body.is_stale;
    n.title = title.body;
    n.body = body.body;
    *to = n;
    return 0;
}

static int one(struct arena *a, struct db *db, struct stmt *q, str asked, struct news *to)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, asked, to);
    stmt_end(q);
    return r;
}

int news_by_slug(struct arena *a, struct db *db, const struct actor *who, str slug, str lang,
                 struct news *ret_news)
{
    struct stmt *q = db_stmt(db, "SELECT n.news_id, n.seminar_id, n.slug, n.is_sample, n.title_text_id,"
                                 " n.body_text_id, v.lang, v.revision, v.published_at, v.changed_at"
                                 " FROM news n JOIN news_versions v ON v.news_id = n.news_id"
                                 " JOIN text_versions t ON t.text_id = n.body_text_id AND t.lang = v.lang"
                                 " WHERE n.slug = ?1 AND (v.published_at IS NOT NULL OR ?3)"
                                 " ORDER BY v.lang = ?2 DESC, v.published_at IS NULL, t.is_source DESC,"
                                 " v.lang LIMIT 1");

    stmt_str(q, 1, slug);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, actor_can(who, RIGHT_EVENT | RIGHT_EDITOR));
    return one(a, db, q, lang, ret_news);
}

int news_by_seminar(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                    str lang, struct news *ret_news)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT n.news_id, n.seminar_id, n.slug, n.is_sample, n.title_text_id,"
                    " n.body_text_id, v.lang, v.revision, v.published_at, v.changed_at FROM news n"
                    " JOIN news_versions v ON v.news_id = n.news_id"
                    " WHERE n.seminar_id = ?1 AND v.lang = ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_str(q, 2, lang);
    return one(a, db, q, lang, ret_news);
}

static struct stmt *list_stmt(struct db *db, const struct news_filter *f)
{
    struct stmt *q = db_stmt(db,
        "SELECT n.news_id, n.seminar_id, n.slug, n.is_sample, n.title_text_id, n.body_text_id,"
        " v.lang, v.revision, v.published_at, v.changed_at"
        " FROM news n JOIN news_versions v ON v.news_id = n.news_id"
        " WHERE (v.published_at IS NOT NULL OR ?5) AND v.lang = coalesce(?1,"
        " (SELECT min(x.lang) FROM news_versions x WHERE x.news_id = n.news_id"
        " AND (x.published_at IS NOT NULL OR ?5)))"
        " AND (?2 = 0 OR CAST(strftime('%Y', v.published_at / 1000000, 'unixepoch') AS INTEGER) = ?2)"
        " AND (?3 = 0 OR CAST(strftime('%m', v.published_at / 1000000, 'unixepoch') AS INTEGER) = ?3)"
        " AND (?4 = 0 OR n.seminar_id = ?4)"
        " ORDER BY coalesce(v.published_at, v.changed_at) DESC, n.news_id DESC LIMIT ?6 OFFSET ?7");
    size_t limit = f->limit ? f->limit : LIST_DEFAULT;

    stmt_str(q, 1, f->lang);
    stmt_i64(q, 2, f->year);
    stmt_i64(q, 3, f->month);
    stmt_i64(q, 4, f->seminar_id);
    stmt_i64(q, 5, f->is_desk);
    stmt_i64(q, 6, (int64_t)(limit < LIST_MAX ? limit : LIST_MAX));
    stmt_i64(q, 7, (int64_t)f->skip);
    return q;
}

int news_list(struct arena *a, struct db *db, const struct actor *who,
              const struct news_filter *f, struct news_list *ret_list)
{
    struct news_list l = {0};
    struct stmt *q;
    int r = f->is_desk ? actor_check(who, RIGHT_EVENT | RIGHT_EDITOR) : 0;

    if (r < 0)
        return r;
    q = list_stmt(db, f);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, db, q, f->lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int news_langs(struct arena *a, struct db *db, int64_t id, struct news_lang_list *ret_list)
{
    struct news_lang_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT lang FROM news_versions WHERE news_id = ?1"
                                 " AND published_at IS NOT NULL ORDER BY lang");
    bool ok = true;
    int r = 0;

    stmt_i64(q, 1, id);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = rows_str(a, q, 0, &ok);
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int news_months(struct arena *a, struct db *db, str lang, struct news_month_list *ret_list)
{
    struct news_month_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT CAST(strftime('%Y%m', published_at / 1000000, 'unixepoch')"
                                 " AS INTEGER), count(*) FROM news_versions"
                                 " WHERE lang = ?1 AND published_at IS NOT NULL"
                                 " GROUP BY 1 ORDER BY 1 DESC");
    int r;

    stmt_str(q, 1, lang);
    while ((r = stmt_row(q)) > 0) {
        int month = (int)col_i64(q, 0);

        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row) {
            r = ERR_MEM;
            break;
        }
        l.row[l.n++] = (struct news_month){month / 100, month % 100, (int)col_i64(q, 1)};
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

/* ---- changes ---- */

/* The item's texts and the revision of its version in `lang` (0: there is none). */
struct item {
    int64_t title_id, body_id, revision;
};

static int item_read(struct db *db, int64_t id, str lang, struct item *ret_item)
{
    struct stmt *q = db_stmt(db, "SELECT n.title_text_id, n.body_text_id, v.revision FROM news n"
                                 " LEFT JOIN news_versions v ON v.news_id = n.news_id AND v.lang = ?2"
                                 " WHERE n.news_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        *ret_item = (struct item){col_i64(q, 0), col_i64(q, 1), col_i64(q, 2)};
    stmt_end(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : 0;
}

static int version_count(struct db *db, int64_t id, str lang, usec now)
{
    struct stmt *q = db_stmt(db, "INSERT INTO news_versions (news_id, lang, revision, changed_at)"
                                 " VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE"
                                 " SET revision = revision + 1, changed_at = ?3");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, now);
    return stmt_run(q);
}

static int write_texts(struct db *db, const struct actor *who, const struct item *item,
                       const struct news_in *in, usec now)
{
    struct text_in title = {.lang = in->lang, .body = str_trim(in->title), .revision = -1};
    struct text_in body = {.lang = in->lang, .body = in->body, .revision = -1};
    int64_t revision;
    int r = text_put(db, who, item->title_id, &title, now, &revision);

    if (r == 0)
        r = text_put(db, who, item->body_id, &body, now, &revision);
    return r;
}

int news_edit(struct db *db, const struct actor *who, int64_t id, const struct news_in *in,
              usec now)
{
    struct item item;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!text_is_lang(in->lang) || !str_trim(in->title).n || !in->body.p)
        return ERR_RANGE;
    if (in->title.n > TITLE_BYTES || in->body.n > MAX_TEXT_BYTES)
        return ERR_TOO_BIG;
    r = item_read(db, id, in->lang, &item);
    if (r == 0 && item.revision != in->revision)
        r = ERR_CONFLICT;
    if (r == 0)
        r = write_texts(db, who, &item, in, now);
    return r < 0 ? r : version_count(db, id, in->lang, now);
}

int news_publish(struct db *db, const struct actor *who, int64_t id, const struct news_in *what,
                 usec published_at, usec now)
{
    struct stmt *q;
    struct item item;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = item_read(db, id, what->lang, &item);
    if (r < 0)
        return r;
    if (!item.revision)
        return ERR_NOT_FOUND;
    if (item.revision != what->revision)
        return ERR_CONFLICT;
    q = db_stmt(db, "UPDATE news_versions SET revision = revision + 1, changed_at = ?4,"
                    " published_at = coalesce(published_at, nullif(?3, 0), ?4)"
                    " WHERE news_id = ?1 AND lang = ?2");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, what->lang);
    stmt_i64(q, 3, published_at);
    stmt_i64(q, 4, now);
    return stmt_run(q);
}

int news_withdraw(struct db *db, const struct actor *who, int64_t id, str lang, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE news_versions SET revision = revision + 1, changed_at = ?3,"
                    " published_at = NULL WHERE news_id = ?1 AND lang = ?2");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, now);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

/* ---- the draft: its place here, its words in news_draft.c ---- */

static int add(struct db *db, const struct actor *who, const struct seminar *s, usec now,
               int64_t *ret_id)
{
    struct stmt *q;
    int64_t title_id, body_id;
    int r = text_new(db, who, &title_id);

    if (r == 0)
        r = text_new(db, who, &body_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO news (slug, seminar_id, title_text_id, body_text_id, is_sample,"
                    " added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_str(q, 1, s->slug);
    stmt_i64(q, 2, s->id);
    stmt_i64(q, 3, title_id);
    stmt_i64(q, 4, body_id);
    stmt_i64(q, 5, s->sample != 0 || s->is_demo);
    stmt_i64(q, 6, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

static int id_by_seminar(struct db *db, int64_t seminar_id, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT news_id FROM news WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

int news_draft(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
               str lang, usec now)
{
    struct seminar s;
    struct news_in draft;
    struct item item;
    int64_t id = 0;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r == 0)
        r = seminar_by_id(a, db, seminar_id, lang, &s);
    if (r == 0)
        r = news_draft_write(a, db, who, &s, lang, &draft);
    if (r == 0)
        r = id_by_seminar(db, seminar_id, &id);
    if (r == 0 && !id)
        r = add(db, who, &s, now, &id);
    if (r == 0)
        r = item_read(db, id, lang, &item);
    if (r < 0)
        return r;
    if (item.revision)
        return ERR_CONFLICT;
    r = write_texts(db, who, &item, &draft, now);
    return r < 0 ? r : version_count(db, id, lang, now);
}
