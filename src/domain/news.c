#include "domain/news.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/day.h"
#include "domain/desk.h"
#include "domain/desk_i.h"
#include "domain/news_gone.h"
#include "domain/news_i.h"
#include "domain/rows.h"
#include "domain/safety.h"
#include "store/db.h"

#include <stdio.h>

enum { TITLE_BYTES = 500, LIST_DEFAULT = 50, LIST_MAX = 500 };

/* Columns of every read, in the order of row_read. */
#define NEWS_COLUMNS                                                                               \
    "n.news_id, n.seminar_id, n.slug, n.is_sample, n.title_text_id, n.body_text_id, v.lang,"       \
    " v.revision, v.published_at, v.changed_at, v.corrected_at, v.correction,"                     \
    " n.kind, coalesce((SELECT s.zone FROM seminars s WHERE s.seminar_id = n.seminar_id), 'UTC')," \
    " max(coalesce(n.pictures_at, 0), coalesce((SELECT k.changed_at FROM consents k"               \
    " WHERE k.news_id = n.news_id), 0))"

static int row_read(struct arena *a, struct db *db, struct stmt *q, str asked, struct news *to)
{
    bool ok = true;
    struct text title = {0}, body = {0};
    int64_t title_id = col_i64(q, 4), body_id = col_i64(q, 5);
    struct news n = {
        .id = col_i64(q, 0), .seminar_id = col_i64(q, 1), .slug = rows_str(a, q, 2, &ok),
        .is_sample = col_i64(q, 3) != 0, .lang = rows_str(a, q, 6, &ok),
        .revision = col_i64(q, 7), .is_published = !col_is_null(q, 8),
        .published_at = col_i64(q, 8), .changed_at = col_i64(q, 9),
        .corrected_at = col_i64(q, 10), .correction = rows_str(a, q, 11, &ok),
        .kind = (int)col_i64(q, 12), .zone = rows_str(a, q, 13, &ok),
        .beside_at = col_i64(q, 14),
    };
    int r = ok ? text_exact(a, db, title_id, n.lang, &title) : ERR_MEM;

    if (r == 0)
        r = text_exact(a, db, body_id, n.lang, &body);
    if (r < 0)
        return r == ERR_NOT_FOUND ? ERR_INTERNAL : r;
    n.is_asked = str_eq(n.lang, asked);
    n.is_stale = title.is_stale || body.is_stale;
    n.stale_at = !title.is_stale || (body.is_stale && body.stale_at < title.stale_at)
                     ? body.stale_at : title.stale_at;
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

usec news_seen_at(const struct news *n)
{
    const usec at[] = {n->published_at, n->changed_at, n->beside_at, n->stale_at};
    usec newest = 0;

    for (size_t i = 0; i < NELEM(at); i++)
        newest = at[i] > newest ? at[i] : newest;
    return newest;
}

/* A reader asks for what is not there in that language: was it withdrawn? */
static int gone_or(struct arena *a, struct db *db, str slug, str lang, int r)
{
    struct news_gone g;
    int e = news_gone(a, db, slug, lang, &g);

    if (e == 0 && (r == ERR_NOT_FOUND || str_eq(g.lang, lang)))
        return ERR_GONE;
    return e < 0 && e != ERR_NOT_FOUND ? e : r;
}

int news_by_slug(struct arena *a, struct db *db, const struct actor *who, str slug, str lang,
                 struct news *ret_news)
{
    bool is_desk = actor_can(who, RIGHT_EVENT | RIGHT_EDITOR);
    struct stmt *q = db_stmt(db, "SELECT " NEWS_COLUMNS
                                 " FROM news n JOIN news_versions v ON v.news_id = n.news_id"
                                 " JOIN text_versions t ON t.text_id = n.body_text_id AND t.lang"
                                 " = v.lang"
                                 " WHERE n.slug = ?1 AND (v.published_at IS NOT NULL"
                                 " OR (?3 AND (n.kind = 1 OR ?4)))"
                                 " ORDER BY v.lang = ?2 DESC, v.published_at IS NULL,"
                                 " t.is_source DESC,"
                                 " v.lang LIMIT 1");
    struct news n;
    int r;

    stmt_str(q, 1, slug);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, is_desk);
    stmt_i64(q, 4, actor_can(who, RIGHT_EDITOR));
    r = one(a, db, q, lang, &n);
    if (!is_desk && (r == ERR_NOT_FOUND || (r == 0 && !n.is_asked)))
        r = gone_or(a, db, slug, lang, r);
    if (r == 0)
        *ret_news = n;
    return r;
}

int news_by_seminar(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                    str lang, struct news *ret_news)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " NEWS_COLUMNS " FROM news n"
                    " JOIN news_versions v ON v.news_id = n.news_id"
                    " WHERE n.seminar_id = ?1 AND v.lang = ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_str(q, 2, lang);
    return one(a, db, q, lang, ret_news);
}

/* What a story's consent allows: see news_filter.use. ?11: use, ?12: now. */
#define MAY_BE_USED                                                                                \
    " AND (?11 = 0 OR n.kind = 1 OR EXISTS (SELECT 1 FROM consents k WHERE k.news_id = n.news_id"  \
    " AND k.scope & ?11 = ?11 AND k.withdrawn_at IS NULL"                                          \
    " AND (k.until_at IS NULL OR k.until_at > ?12)))"

/* Items of the desk, of a seminar, or in whatever language they have. */
static struct stmt *any_stmt(struct db *db, const struct news_filter *f)
{
    struct stmt *q = db_stmt(db,
        "SELECT " NEWS_COLUMNS " FROM news n JOIN news_versions v ON v.news_id = n.news_id"
        " WHERE (v.published_at IS NOT NULL OR ?5) AND v.lang = coalesce(?1,"
        " (SELECT min(x.lang) FROM news_versions x WHERE x.news_id = n.news_id"
        " AND (x.published_at IS NOT NULL OR ?5)))"
        " AND (?2 = '' OR v.day BETWEEN ?2 AND ?3)"
        " AND (?4 = 0 OR n.seminar_id = ?4) AND (?8 = 0 OR EXISTS (SELECT 1 FROM news_topics t"
        " WHERE t.topic_id = ?8 AND t.news_id = n.news_id)) AND (?9 = 0 OR n.kind = ?9)"
        " AND (?10 IS NULL OR EXISTS (SELECT 1 FROM news_countries c"
        " WHERE c.country = ?10 AND c.news_id = n.news_id))" MAY_BE_USED
        " ORDER BY coalesce(v.published_at, v.changed_at) DESC, n.news_id DESC LIMIT ?6 OFFSET ?7");

    stmt_str(q, 1, f->lang);
    stmt_i64(q, 4, f->seminar_id);
    stmt_i64(q, 5, f->is_desk);
    return q;
}

/* What readers page through: along the index of days, however many there are. */
static struct stmt *reader_stmt(struct db *db, const struct news_filter *f)
{
    struct stmt *q = db_stmt(db,
        "SELECT " NEWS_COLUMNS " FROM news_versions v JOIN news n ON n.news_id = v.news_id"
        " WHERE v.lang = ?1 AND v.day IS NOT NULL AND v.day >= ?2 AND v.day <= ?3"
        " AND (?8 = 0 OR EXISTS (SELECT 1 FROM news_topics t"
        " WHERE t.topic_id = ?8 AND t.news_id = v.news_id)) AND (?9 = 0 OR n.kind = ?9)"
        " AND (?10 IS NULL OR EXISTS (SELECT 1 FROM news_countries c"
        " WHERE c.country = ?10 AND c.news_id = v.news_id))" MAY_BE_USED
        " ORDER BY v.day DESC, v.news_id DESC LIMIT ?6 OFFSET ?7");

    stmt_str(q, 1, f->lang);
    return q;
}

static struct stmt *list_stmt(struct arena *a, struct db *db, const struct news_filter *f)
{
    bool is_reader = f->lang.p && !f->is_desk && !f->seminar_id;
    struct stmt *q = is_reader ? reader_stmt(db, f) : any_stmt(db, f);
    size_t limit = f->limit ? f->limit : LIST_DEFAULT;
    str from = S(""), to = S("9999-12-31");

    if (f->year) {
        from = arena_printf(a, "%04d-%02d-01", f->year, f->month ? f->month : 1);
        to = arena_printf(a, "%04d-%02d-31", f->year, f->month ? f->month : 12);
    }
    stmt_str(q, 2, from);
    stmt_str(q, 3, to);
    stmt_i64(q, 6, (int64_t)(limit < LIST_MAX ? limit : LIST_MAX));
    stmt_i64(q, 7, (int64_t)f->skip);
    stmt_i64(q, 8, f->topic_id);
    stmt_i64(q, 9, f->kind);
    stmt_str(q, 10, f->country);
    stmt_i64(q, 11, f->use);
    stmt_i64(q, 12, f->now);
    return q;
}

int news_list(struct arena *a, struct db *db, const struct actor *who,
              const struct news_filter *f, struct news_list *ret_list)
{
    struct news_filter own = *f;
    struct news_list l = {0};
    struct stmt *q;
    int r = f->is_desk ? actor_check(who, RIGHT_EVENT | RIGHT_EDITOR) : 0;

    if (r < 0)
        return r;
    if (f->is_desk && !actor_can(who, RIGHT_EDITOR))
        own.kind = NEWS_REPORT; /* a story that is not out is the editors' alone */
    q = list_stmt(a, db, &own);
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
    struct stmt *q = db_stmt(db, "SELECT CAST(substr(day, 1, 4) || substr(day, 6, 2) AS INTEGER),"
                                 " count(*) FROM news_versions WHERE lang = ?1 AND day IS NOT NULL"
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

int news_item_read(struct db *db, int64_t id, str lang, struct news_item *ret_item)
{
    struct stmt *q = db_stmt(db, "SELECT n.title_text_id, n.body_text_id, v.revision,"
                                 " v.published_at IS NOT NULL, v.state FROM news n"
                                 " LEFT JOIN news_versions v ON v.news_id = n.news_id AND v.lang"
                                 " = ?2"
                                 " WHERE n.news_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        *ret_item = (struct news_item){.title_id = col_i64(q, 0), .body_id = col_i64(q, 1),
                                       .revision = col_i64(q, 2),
                                       .is_published = col_i64(q, 3) != 0,
                                       .state = (int)col_i64(q, 4)};
    stmt_end(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : 0;
}

int news_version_count(struct db *db, int64_t id, str lang, usec now)
{
    struct stmt *q = db_stmt(db, "INSERT INTO news_versions (news_id, lang, revision, changed_at)"
                                 " VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE"
                                 " SET revision = revision + 1, changed_at = ?3");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, now);
    return stmt_run(q);
}

int news_texts_write(struct db *db, const struct actor *who, const struct news_item *item,
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

/* A change that readers would otherwise not notice. */
static int mark_corrected(struct db *db, int64_t id, const struct news_in *in, usec now)
{
    str note = str_trim(in->correction);
    struct stmt *q = db_stmt(db, "UPDATE news_versions SET corrected_at = ?3, correction = ?4"
                                 " WHERE news_id = ?1 AND lang = ?2");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, in->lang);
    stmt_i64(q, 3, now);
    stmt_str(q, 4, note.n ? note : (str){0});
    return stmt_run(q);
}

int news_check_in(const struct news_in *in)
{
    if (!text_is_lang(in->lang) || !str_trim(in->title).n || !in->body.p)
        return ERR_RANGE;
    if (in->title.n > TITLE_BYTES || in->body.n > MAX_TEXT_BYTES || in->correction.n > TITLE_BYTES)
        return ERR_TOO_BIG;
    return str_is_utf8(in->correction) ? 0 : ERR_ENCODING;
}

/* Steps of the desk count revisions too: it is a conflict only when the words are others by now. */
static int check_same_words(struct db *db, int64_t id, const struct news_in *in)
{
    struct stmt *q = db_stmt(db,
        "SELECT 1 FROM news_steps s JOIN news n ON n.news_id = s.news_id"
        " JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = s.lang"
        " JOIN text_versions b ON b.text_id = n.body_text_id AND b.lang = s.lang"
        " WHERE s.news_id = ?1 AND s.lang = ?2 AND s.revision = ?3"
        " AND s.title_revision = t.revision AND s.body_revision = b.revision LIMIT 1");
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, in->lang);
    stmt_i64(q, 3, in->revision);
    r = stmt_row(q);
    stmt_end(q);
    return r < 0 ? r : r > 0 ? 0 : ERR_CONFLICT;
}

/*
 * Readers see the new words with the end of this transaction: the answers are for them, not for
 * pictures, which who edits words does not see.
 */
static int recheck(struct db *db, const struct actor *who, int64_t id, const struct news_in *in,
                   usec now)
{
    const struct safety_of of = {.news_id = id, .lang = in->lang, .revision = -1,
                                 .pictures_revision = -1, .is_words = true};

    return safety_put(db, who, &of, in->answers, now);
}

int news_edit(struct db *db, const struct actor *who, int64_t id, const struct news_in *in,
              usec now)
{
    struct news_item item;
    int64_t before = db_total_changes(db);
    bool is_changed, has_note = str_trim(in->correction).n;
    struct desk_deed deed = {.news_id = id, .lang = in->lang};
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = news_check_in(in);
    if (r == 0)
        r = news_item_read(db, id, in->lang, &item);
    if (r == 0 && item.revision != in->revision)
        r = check_same_words(db, id, in);
    if (r == 0)
        r = news_texts_write(db, who, &item, in, now);
    is_changed = db_total_changes(db) != before;
    if (r == 0 && is_changed && item.is_published && !(in->answers && safety_passes(in->answers)))
        r = ERR_PRECOND;
    if (r == 0 && !is_changed && !has_note && item.revision)
        return 0;
    if (r == 0)
        r = news_version_count(db, id, in->lang, now);
    if (r == 0 && item.is_published && (is_changed || has_note))
        r = mark_corrected(db, id, in, now);
    deed.from = r == 0 ? item.state : 0;
    if (r == 0)
        r = is_changed && item.revision ? desk_changed(db, who, id, in->lang, now)
                                        : desk_record(db, who, &deed, now);
    return r == 0 && is_changed && item.is_published ? recheck(db, who, id, in, now) : r;
}

/* ---- publishing ---- */

int news_day_parse(str day, str zone, usec *ret_at)
{
    struct day d;
    usec at;

    if (!day.n) {
        *ret_at = 0;
        return 0;
    }
    if (day_parse(day, &d) < 0 || d.year < 1970 || d.year > 2200)
        return ERR_RANGE;
    /* Noon is the same date nearly everywhere; beyond twelve hours from UTC it is moved. */
    at = day_number(d) * USEC_DAY + USEC_DAY / 2;
    at += (day_number(d) - day_number(day_in_zone(at, zone))) * (USEC_DAY / 4);
    *ret_at = at;
    return 0;
}

str news_day(struct arena *a, usec at, str zone)
{
    struct day d = day_in_zone(at, zone);

    return arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

int news_day_set(struct db *db, int64_t id, str lang)
{
    struct stmt *q = db_stmt(db, "SELECT v.published_at, coalesce((SELECT s.zone FROM seminars s"
                                 " WHERE s.seminar_id = n.seminar_id), 'UTC') FROM news_versions v"
                                 " JOIN news n ON n.news_id = v.news_id"
                                 " WHERE v.news_id = ?1 AND v.lang = ?2");
    char text[16] = "";
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0) {
        struct day d = day_in_zone(col_i64(q, 0), col_str(q, 1));

        (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", d.year % 10000, d.month % 100,
                       d.day % 100);
    }
    stmt_end(q);
    if (r <= 0)
        return r;
    q = db_stmt(db, "UPDATE news_versions SET day = ?3 WHERE news_id = ?1 AND lang = ?2");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_str(q, 3, str_c(text));
    return stmt_run(q);
}

int news_publish(struct db *db, const struct actor *who, int64_t id, const struct news_in *what,
                 usec published_at, usec now)
{
    const struct desk_step s = {.news_id = id, .lang = what->lang, .to = DESK_PUBLISHED,
                                .revision = what->revision, .at = published_at};
    int r = actor_check(who, RIGHT_EDITOR);

    return r < 0 ? r : desk_move(db, who, &s, now);
}

int news_withdraw(struct db *db, const struct actor *who, int64_t id, str lang, usec now)
{
    const struct desk_step s = {.news_id = id, .lang = lang, .to = DESK_WITHDRAWN, .revision = -1};
    int r = actor_check(who, RIGHT_EDITOR);

    return r < 0 ? r : desk_move(db, who, &s, now);
}

/* ---- what the source counted ---- */

int news_source(struct arena *a, struct db *db, int64_t seminar_id, struct news_source *ret_source)
{
    struct stmt *q = db_stmt(db, "SELECT views, day FROM source_items WHERE seminar_id = ?1");
    bool ok = true;
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_source = (struct news_source){.views = col_i64(q, 0), .day = rows_str(a, q, 1, &ok)};
    stmt_end(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : ok ? 0 : ERR_MEM;
}

int news_source_put(struct db *db, const struct actor *who, int64_t seminar_id,
                    const struct news_source *in)
{
    struct stmt *q;
    struct day day;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (day_parse(in->day, &day) < 0 || in->views < 0)
        return ERR_RANGE;
    q = db_stmt(db, "INSERT INTO source_items (seminar_id, day, views) VALUES (?1, ?2, ?3)"
                    " ON CONFLICT (seminar_id) DO UPDATE SET day = ?2, views = ?3"
                    " WHERE day <> ?2 OR views <> ?3");
    stmt_i64(q, 1, seminar_id);
    stmt_str(q, 2, in->day);
    stmt_i64(q, 3, in->views);
    return stmt_run(q);
}
