#include "domain/search.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/markdown.h"
#include "domain/rows.h"
#include "domain/search_i.h"
#include "domain/word.h"
#include "store/db.h"

/*
 * An item that is stale is written anew as a whole: the pages it should have are read from the
 * record, those that differ from search_pages are replaced, the others of the item are dropped. A
 * page leaves the index by the very words that it came with: they are folded once more from
 * search_pages, and an index of another folding is made anew.
 */
enum { BATCH = 1000 }; /* items; each common word's rows are written once in a batch */

struct job {
    struct arena *a;
    struct db *db;
    struct search_changes changes;
};

struct page {
    int kind;
    int64_t item_id;
    str lang, title, body, path, zone;
    usec at;
};

/* ---- one page ---- */

/* A conclusion is shown under its seminar's name, but found by its own words alone. */
static str indexed_title(const struct page *p)
{
    return p->kind == SEARCH_CONCLUSION ? S("") : p->title;
}

static int index_put(struct job *j, int64_t id, const struct page *p, bool is_there)
{
    struct search_text t = {.page_id = id, .is_there = is_there};
    int r = word_fold(j->a, indexed_title(p), &t.title);

    if (r == 0)
        r = word_fold(j->a, p->body, &t.body);
    return r < 0 ? r : search_changes_add(&j->changes, &t);
}

/* The number of the page and what it was; 0: it is new. */
static int page_read(struct arena *a, struct db *db, const struct page *p, int64_t *ret_id,
                     struct page *ret_was)
{
    struct stmt *q = db_stmt(db, "SELECT page_id, title, body, path, at, zone FROM search_pages"
                                 " WHERE kind = ?1 AND item_id = ?2 AND lang = ?3");
    bool ok = true;
    int r;

    *ret_id = 0;
    stmt_i64(q, 1, p->kind);
    stmt_i64(q, 2, p->item_id);
    stmt_str(q, 3, p->lang);
    r = stmt_row(q);
    if (r > 0) {
        *ret_id = col_i64(q, 0);
        *ret_was = (struct page){.kind = p->kind,
                                 .item_id = p->item_id,
                                 .lang = p->lang,
                                 .title = rows_str(a, q, 1, &ok),
                                 .body = rows_str(a, q, 2, &ok),
                                 .path = rows_str(a, q, 3, &ok),
                                 .at = col_i64(q, 4),
                                 .zone = rows_str(a, q, 5, &ok)};
    }
    stmt_end(q);
    return r < 0 ? r : ok ? 0 : ERR_MEM;
}

static int next_id(struct db *db, str lang, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "INSERT INTO search_langs (lang, last_page) VALUES (?1, 1)"
                                 " ON CONFLICT (lang) DO UPDATE SET last_page = last_page + 1"
                                 " RETURNING (lang_number << ?2) + last_page");
    int r;

    stmt_str(q, 1, lang);
    stmt_i64(q, 2, SEARCH_LANG_SHIFT);
    r = stmt_row(q);
    if (r > 0) {
        *ret_id = col_i64(q, 0);
        r = stmt_run(q);
    }
    return r;
}

static int page_row(struct db *db, int64_t id, const struct page *p)
{
    struct stmt *q = db_stmt(db, "INSERT INTO search_pages (page_id, kind, item_id, lang, title,"
                                 " body, path, at, zone)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                                 " ON CONFLICT (page_id) DO UPDATE SET title = ?5, body = ?6,"
                                 " path = ?7, at = ?8, zone = ?9");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, p->kind);
    stmt_i64(q, 3, p->item_id);
    stmt_str(q, 4, p->lang);
    stmt_str(q, 5, p->title);
    stmt_str(q, 6, p->body);
    stmt_str(q, 7, p->path);
    stmt_i64(q, 8, p->at);
    stmt_str(q, 9, p->zone);
    return stmt_run(q);
}

static int page_put(struct job *j, const struct page *p)
{
    struct page was;
    int64_t id;
    bool is_same;
    int r = page_read(j->a, j->db, p, &id, &was);

    if (r < 0)
        return r;
    is_same = id && str_eq(was.title, p->title) && str_eq(was.body, p->body);
    if (is_same && str_eq(was.path, p->path) && was.at == p->at && str_eq(was.zone, p->zone))
        return 0;
    if (id && !is_same)
        r = index_put(j, id, &was, false);
    else if (!id)
        r = next_id(j->db, p->lang, &id);
    if (r == 0 && !is_same)
        r = index_put(j, id, p, true);
    return r < 0 ? r : page_row(j->db, id, p);
}

static int page_drop(struct job *j, const struct page *p)
{
    struct page was;
    struct stmt *q;
    int64_t id;
    int r = page_read(j->a, j->db, p, &id, &was);

    if (r < 0 || !id)
        return r;
    r = index_put(j, id, &was, false);
    if (r < 0)
        return r;
    q = db_stmt(j->db, "DELETE FROM search_pages WHERE page_id = ?1");
    stmt_i64(q, 1, id);
    return stmt_run(q);
}

/* ---- the pages that an item should have ---- */

struct page_list {
    struct page *row;
    size_t n;
};

/* Columns: lang, title, body (plain), path, at, zone. */
static int pages_read(struct arena *a, struct stmt *q, int kind, int64_t item_id,
                      struct page_list *l)
{
    bool ok = true;
    int r;

    stmt_i64(q, 1, item_id);
    while ((r = stmt_row(q)) > 0) {
        struct page *p;

        l->row = rows_grow(a, l->row, l->n, sizeof(*l->row));
        if (!l->row) {
            ok = false;
            break;
        }
        p = &l->row[l->n++];
        *p = (struct page){.kind = kind,
                           .item_id = item_id,
                           .lang = rows_str(a, q, 0, &ok),
                           .title = rows_str(a, q, 1, &ok),
                           .body = rows_str(a, q, 2, &ok),
                           .path = rows_str(a, q, 3, &ok),
                           .at = col_i64(q, 4),
                           .zone = rows_str(a, q, 5, &ok)};
    }
    return rows_end(q, r, ok);
}

static int news_pages(struct arena *a, struct db *db, int64_t id, struct page_list *l)
{
    struct stmt *q = db_stmt(db,
        "SELECT v.lang, t.body, b.body,"
        " CASE n.kind WHEN 2 THEN '/stories/' ELSE '/news/' END || n.slug, v.published_at,"
        " coalesce(s.zone, 'UTC')"
        " FROM news_versions v JOIN news n ON n.news_id = v.news_id"
        " JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = v.lang"
        " JOIN text_versions b ON b.text_id = n.body_text_id AND b.lang = v.lang"
        " LEFT JOIN seminars s ON s.seminar_id = n.seminar_id"
        " WHERE v.news_id = ?1 AND v.published_at IS NOT NULL");
    int r = pages_read(a, q, SEARCH_NEWS, id, l);

    for (size_t i = 0; i < l->n && r == 0; i++)
        r = markdown_text(a, l->row[i].body, &l->row[i].body);
    return r;
}

/* In every language of its title: with short title, agenda and organisations as the page shows. */
static int seminar_pages(struct arena *a, struct db *db, int64_t id, struct page_list *l)
{
    struct stmt *q = db_stmt(
        db, "SELECT v.lang, v.body, (SELECT group_concat(w.body, '; ') FROM text_versions w"
            " WHERE w.lang = v.lang AND w.text_id IN (SELECT s.short_title_text_id UNION ALL"
            " SELECT title_text_id FROM agenda_items WHERE seminar_id = ?1 UNION ALL"
            " SELECT o.name_text_id FROM quotas c JOIN orgs o ON o.org_id = c.org_id"
            " WHERE c.seminar_id = ?1)), '/s/' || s.slug, s.starts_at, s.zone"
            " FROM seminars s JOIN text_versions v ON v.text_id = s.title_text_id"
            " WHERE s.seminar_id = ?1");

    return pages_read(a, q, SEARCH_SEMINAR, id, l);
}

static int conclusion_pages(struct arena *a, struct db *db, int64_t id, struct page_list *l)
{
    struct stmt *q =
        db_stmt(db, "SELECT v.lang, coalesce((SELECT w.body FROM text_versions w"
                    " WHERE w.text_id = s.short_title_text_id AND w.lang = v.lang),"
                    " (SELECT w.body FROM text_versions w"
                    " WHERE w.text_id = s.short_title_text_id AND w.is_source = 1), s.slug),"
                    " v.body, '/s/' || s.slug || '#c' || c.number, s.starts_at, s.zone"
                    " FROM conclusions c JOIN seminars s ON s.seminar_id = c.seminar_id"
                    " JOIN text_versions v ON v.text_id = c.text_id WHERE c.conclusion_id = ?1");

    return pages_read(a, q, SEARCH_CONCLUSION, id, l);
}

/* A guide or a legal page in every language of its title, with its statements in that language. */
static int guide_pages(struct arena *a, struct db *db, int64_t id, struct page_list *l)
{
    struct stmt *q = db_stmt(db,
        "SELECT v.lang, v.body, (SELECT group_concat(w.body, ' ') FROM text_versions w"
        " WHERE w.lang = v.lang AND w.text_id IN (SELECT g.lead_text_id UNION ALL"
        " SELECT text_id FROM guide_points WHERE guide_id = ?1)),"
        " CASE g.kind WHEN 2 THEN '/legal/' ELSE '/guides/' END || g.slug, g.added_at, 'UTC'"
        " FROM guides g JOIN text_versions v ON v.text_id = g.title_text_id"
        " WHERE g.guide_id = ?1");

    return pages_read(a, q, SEARCH_GUIDE, id, l);
}

/* By enum search_kind. */
static int (*const sources[])(struct arena *a, struct db *db, int64_t id, struct page_list *l) = {
    NULL, news_pages, seminar_pages, conclusion_pages, guide_pages,
};

static int compose(struct arena *a, struct page *p)
{
    int r = word_compose(a, p->title, &p->title);

    return r < 0 ? r : word_compose(a, p->body.p ? p->body : S(""), &p->body);
}

static bool has_lang(const struct page_list *l, str lang)
{
    for (size_t i = 0; i < l->n; i++) {
        if (str_eq(l->row[i].lang, lang))
            return true;
    }
    return false;
}

/* Pages of the item in languages that it no longer has. */
static int drop_others(struct job *j, int kind, int64_t item_id, const struct page_list *l)
{
    struct arena *a = j->a;
    struct stmt *q =
        db_stmt(j->db, "SELECT lang FROM search_pages WHERE kind = ?1 AND item_id = ?2");
    struct page_list gone = {0};
    bool ok = true;
    int r;

    stmt_i64(q, 1, kind);
    stmt_i64(q, 2, item_id);
    while ((r = stmt_row(q)) > 0) {
        if (has_lang(l, col_str(q, 0)))
            continue;
        gone.row = rows_grow(a, gone.row, gone.n, sizeof(*gone.row));
        if (!gone.row) {
            ok = false;
            break;
        }
        gone.row[gone.n++] =
            (struct page){.kind = kind, .item_id = item_id, .lang = rows_str(a, q, 0, &ok)};
    }
    r = rows_end(q, r, ok);
    for (size_t i = 0; i < gone.n && r == 0; i++)
        r = page_drop(j, &gone.row[i]);
    return r;
}

/* ---- what is stale ---- */

/* Whoever shows the text is stale. */
static int text_owners(struct db *db, int64_t text_id)
{
    struct stmt *q = db_stmt(db,
        "INSERT INTO search_stale (kind, item_id)"
        " SELECT 1, news_id FROM news WHERE title_text_id = ?1"
        " UNION SELECT 1, news_id FROM news WHERE body_text_id = ?1"
        " UNION SELECT 2, seminar_id FROM seminars WHERE title_text_id = ?1"
        " UNION SELECT 2, seminar_id FROM seminars WHERE short_title_text_id = ?1"
        " UNION SELECT 2, seminar_id FROM agenda_items WHERE title_text_id = ?1"
        " UNION SELECT 2, c.seminar_id FROM orgs o JOIN quotas c ON c.org_id = o.org_id"
        " WHERE o.name_text_id = ?1"
        " UNION SELECT 3, k.conclusion_id FROM seminars s JOIN conclusions k"
        " ON k.seminar_id = s.seminar_id WHERE s.short_title_text_id = ?1"
        " UNION SELECT 3, conclusion_id FROM conclusions WHERE text_id = ?1"
        " UNION SELECT 4, guide_id FROM guides WHERE title_text_id = ?1"
        " UNION SELECT 4, guide_id FROM guides WHERE lead_text_id = ?1"
        " UNION SELECT 4, guide_id FROM guide_points WHERE text_id = ?1"
        " ON CONFLICT DO NOTHING");

    stmt_i64(q, 1, text_id);
    return stmt_run(q);
}

static int refresh_item(struct job *j, int kind, int64_t id)
{
    struct page_list l = {0};
    int r;

    if (kind == 0)
        return text_owners(j->db, id);
    if (kind >= (int)NELEM(sources))
        return ERR_INTERNAL;
    r = sources[kind](j->a, j->db, id, &l);
    for (size_t i = 0; i < l.n && r == 0; i++) {
        r = compose(j->a, &l.row[i]);
        if (r == 0)
            r = page_put(j, &l.row[i]);
    }
    return r < 0 ? r : drop_others(j, kind, id, &l);
}

/* Takes one; 0: there is none. Texts come first, because their owners follow from them. */
static int stale_take(struct db *db, int *ret_kind, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT kind, item_id FROM search_stale"
                                 " ORDER BY kind, item_id LIMIT 1");
    int r = stmt_row(q);

    if (r > 0) {
        *ret_kind = (int)col_i64(q, 0);
        *ret_id = col_i64(q, 1);
    }
    stmt_end(q);
    if (r <= 0)
        return r;
    q = db_stmt(db, "DELETE FROM search_stale WHERE kind = ?1 AND item_id = ?2");
    stmt_i64(q, 1, *ret_kind);
    stmt_i64(q, 2, *ret_id);
    r = stmt_run(q);
    return r < 0 ? r : 1;
}

static int all_stale(struct db *db)
{
    int r = stmt_run(db_stmt(db, "INSERT INTO search_stale SELECT 1, news_id FROM news WHERE true"
                                 " ON CONFLICT DO NOTHING"));

    if (r == 0)
        r = stmt_run(db_stmt(db, "INSERT INTO search_stale SELECT 2, seminar_id FROM seminars"
                                 " WHERE true ON CONFLICT DO NOTHING"));
    if (r == 0)
        r = stmt_run(db_stmt(db, "INSERT INTO search_stale SELECT 3, conclusion_id FROM conclusions"
                                 " WHERE true ON CONFLICT DO NOTHING"));
    if (r == 0)
        r = stmt_run(db_stmt(db, "INSERT INTO search_stale SELECT 4, guide_id FROM guides"
                                 " WHERE true ON CONFLICT DO NOTHING"));
    return r;
}

static int reset(struct db *db)
{
    struct stmt *q;
    int r = stmt_run(db_stmt(db, "DELETE FROM search_words"));

    if (r == 0)
        r = stmt_run(db_stmt(db, "DELETE FROM search_pages"));
    if (r == 0)
        r = stmt_run(db_stmt(db, "UPDATE search_langs SET last_page = 0"));
    if (r == 0)
        r = all_stale(db);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO search_state VALUES (1, ?1)"
                    " ON CONFLICT DO UPDATE SET folding = ?1");
    stmt_i64(q, 1, WORD_FOLDING);
    return stmt_run(q);
}

/* An index of an older folding is made anew. */
static int check_folding(struct db *db)
{
    struct stmt *q = db_stmt(db, "SELECT folding FROM search_state");
    int r = stmt_row(q);
    bool is_ours = r > 0 && col_i64(q, 0) == WORD_FOLDING;

    stmt_end(q);
    return r < 0 ? r : is_ours ? 0 : reset(db);
}

int search_reset(struct db *db, const struct actor *who)
{
    int r = actor_check(who, RIGHT_SYSTEM);

    return r < 0 ? r : reset(db);
}

int search_refresh(struct db *db, bool *ret_left)
{
    struct job j = {.db = db};
    int64_t id = 0;
    int n = 0, kind = 0;
    int r = check_folding(db);

    while (r == 0 && n < BATCH && !search_changes_are_many(&j.changes) &&
           (r = stale_take(db, &kind, &id)) > 0) {
        if (!j.a)
            j.a = arena_new();
        r = j.a ? refresh_item(&j, kind, id) : ERR_MEM;
        if (j.a)
            arena_reset(j.a);
        n += kind != 0; /* a text costs nothing by itself */
    }
    if (r >= 0)
        *ret_left = n >= BATCH || search_changes_are_many(&j.changes);
    if (r == 0)
        r = search_changes_write(&j.changes, db);
    search_changes_done(&j.changes);
    arena_free(j.a);
    return r;
}

int search_catch_up(struct db *db)
{
    bool is_left = true;
    int r = 0;

    while (r == 0 && is_left) {
        r = db_begin(db);
        if (r < 0)
            return r;
        r = search_refresh(db, &is_left);
        if (r == 0)
            r = db_commit(db);
        if (r < 0)
            db_abort(db);
    }
    return r;
}
