#include "domain/text.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "store/db.h"

#include <stdlib.h>

enum { LANG_BYTES = 11 };

str text_lang_at(size_t i)
{
    static const char *const langs[] = {"tk", "ru", "en", "uz",  "uz-Cyrl",
                                        "ky", "tg", "kk", "kaa", "fa"};

    return i < NELEM(langs) ? str_c(langs[i]) : (str){NULL, 0};
}

bool text_is_lang(str lang)
{
    size_t part = 0, nparts = 0;

    if (!lang.p || lang.n < 2 || lang.n > LANG_BYTES)
        return false;
    for (size_t i = 0; i <= lang.n; i++) {
        char c = i < lang.n ? lang.p[i] : '-';
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (c == '-') {
            if (part < 2 || part > (nparts ? 8u : 3u))
                return false;
            nparts++;
            part = 0;
        } else if (is_letter || (nparts && c >= '0' && c <= '9')) {
            part++;
        } else {
            return false;
        }
    }
    return true;
}

int text_new(struct db *db, const struct actor *who, int64_t *ret_id)
{
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r == 0)
        r = stmt_run(db_stmt(db, "INSERT INTO texts DEFAULT VALUES"));
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

/* What stands there before a change. */
struct before {
    bool is_there, is_source, is_same;
    int64_t revision;
    int64_t last; /* revision ever given; a version that was taken away goes on counting */
    int64_t source_revision; /* of the text's source now; 0: there is no version yet */
};

static int last_read(struct db *db, int64_t id, str lang, struct before *to)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(revision), 0) FROM text_history"
                                 " WHERE text_id = ?1 AND lang = ?2");
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        to->last = col_i64(q, 0) > to->revision ? col_i64(q, 0) : to->revision;
    stmt_end(q);
    return r < 0 ? r : 0;
}

static int before_read(struct db *db, int64_t id, const struct text_in *in, struct before *to)
{
    struct stmt *q = db_stmt(db, "SELECT lang = ?2, is_source, revision, body = ?3"
                                 " FROM text_versions WHERE text_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, in->lang);
    stmt_str(q, 3, in->body);
    while ((r = stmt_row(q)) > 0) {
        if (col_i64(q, 1))
            to->source_revision = col_i64(q, 2);
        if (!col_i64(q, 0))
            continue;
        to->is_there = true;
        to->is_source = col_i64(q, 1) != 0;
        to->revision = col_i64(q, 2);
        to->is_same = col_i64(q, 3) != 0;
    }
    return r < 0 ? r : last_read(db, id, in->lang, to);
}

static int history_add(struct db *db, int64_t id, str lang)
{
    struct stmt *q = db_stmt(db, "INSERT INTO text_history (text_id, lang, revision, body,"
                                 " author_id, changed_at)"
                                 " SELECT text_id, lang, revision, body, author_id,"
                                 " changed_at FROM text_versions WHERE text_id = ?1 AND lang = ?2");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    return stmt_run(q);
}

static int version_write(struct db *db, const struct actor *who, int64_t id,
                         const struct text_in *in, const struct before *b, usec now)
{
    struct stmt *q;
    int64_t revision = b->last + 1;
    bool is_source = b->is_there ? b->is_source : b->source_revision == 0;

    q = db_stmt(db, "INSERT INTO text_versions (text_id, lang, body, is_source, source_revision,"
                    " revision, state, author_id, changed_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, nullif(?7, 0), ?8)"
                    " ON CONFLICT (text_id, lang) DO UPDATE SET body = ?3, source_revision = ?5,"
                    " revision = ?6, state = 1, author_id = nullif(?7, 0), changed_at = ?8,"
                    " reviewer_id = NULL, reviewed_at = NULL");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, in->lang);
    stmt_str(q, 3, in->body);
    stmt_i64(q, 4, is_source);
    stmt_i64(q, 5, is_source ? revision : b->source_revision);
    stmt_i64(q, 6, revision);
    stmt_i64(q, 7, who->account_id);
    stmt_i64(q, 8, now);
    return stmt_run(q);
}

/* How many bytes at the head of s no XML may hold (XML 1.0, 2.2): pages of books and feeds would
 * not open. */
static size_t no_xml(str s)
{
    unsigned char c = (unsigned char)s.p[0];

    if (c < 0x20)
        return c != '\t' && c != '\n' && c != '\r';
    return str_starts(s, S("\xef\xbf\xbe")) || str_starts(s, S("\xef\xbf\xbf")) ? 3 : 0;
}

/* What was pasted without what cannot be seen. to has room for s. */
static str clean(str s, char *to)
{
    size_t n = 0;

    while (s.n) {
        size_t skip = no_xml(s);

        if (!skip)
            to[n++] = s.p[0];
        s = str_from(s, skip ? skip : 1);
    }
    return (str){to, n};
}

static int put(struct db *db, const struct actor *who, int64_t id, const struct text_in *in,
               usec now, int64_t *ret_revision)
{
    struct before b = {0};
    int r = before_read(db, id, in, &b);

    if (r < 0)
        return r;
    if (in->revision >= 0 && in->revision != b.revision)
        return ERR_CONFLICT;
    if (b.is_there && b.is_same) {
        *ret_revision = b.revision;
        return 0;
    }
    if (b.is_there)
        r = history_add(db, id, in->lang);
    if (r == 0)
        r = version_write(db, who, id, in, &b, now);
    if (r == 0)
        *ret_revision = b.last + 1;
    return r;
}

int text_put(struct db *db, const struct actor *who, int64_t id, const struct text_in *in,
             usec now, int64_t *ret_revision)
{
    struct text_in cleaned = *in;
    char *room;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!text_is_lang(in->lang) || !in->body.p)
        return ERR_RANGE;
    if (in->body.n > MAX_TEXT_BYTES)
        return ERR_TOO_BIG;
    if (!str_is_utf8(in->body))
        return ERR_ENCODING;
    room = malloc(in->body.n + 1);
    if (!room)
        return ERR_MEM;
    cleaned.body = clean(in->body, room);
    r = put(db, who, id, &cleaned, now, ret_revision);
    free(room);
    return r;
}

int text_remove(struct db *db, const struct actor *who, int64_t id, str lang, int64_t revision,
                usec now)
{
    struct text_in in = {.lang = lang, .body = S("")};
    struct before b = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    (void)now;
    if (r == 0)
        r = before_read(db, id, &in, &b);
    if (r < 0)
        return r;
    if (!b.is_there)
        return ERR_NOT_FOUND;
    if (revision >= 0 && revision != b.revision)
        return ERR_CONFLICT;
    if (b.is_source)
        return ERR_STATE;
    r = history_add(db, id, lang);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM text_versions WHERE text_id = ?1 AND lang = ?2");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    return stmt_run(q);
}

int text_copy(struct db *db, const struct actor *who, int64_t from_id, int64_t to_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO text_versions (text_id, lang, body, is_source, source_revision,"
                    " revision, state, author_id, changed_at, reviewer_id, reviewed_at)"
                    " SELECT ?2, lang, body, is_source, source_revision, revision, state,"
                    " author_id, changed_at, reviewer_id, reviewed_at"
                    " FROM text_versions WHERE text_id = ?1");
    stmt_i64(q, 1, from_id);
    stmt_i64(q, 2, to_id);
    return stmt_run(q);
}

int text_review(struct db *db, const struct actor *who, int64_t id, str lang, int64_t revision,
                usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE text_versions SET state = 2, reviewer_id = nullif(?4, 0),"
                    " reviewed_at = ?5 WHERE text_id = ?1 AND lang = ?2 AND revision = ?3");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, revision);
    stmt_i64(q, 4, who->account_id);
    stmt_i64(q, 5, now);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_CONFLICT : r;
}

static int get(struct arena *a, struct stmt *q, int64_t id, str lang, struct text *ret_text)
{
    bool ok = true;
    int r = stmt_row(q);

    if (r > 0) {
        struct text t = {
            .id = id,
            .lang = rows_str(a, q, 0, &ok),
            .body = rows_str(a, q, 1, &ok),
            .state = (int)col_i64(q, 2),
            .revision = col_i64(q, 3),
            .is_stale = !col_is_null(q, 4),
            .stale_at = col_i64(q, 4),
        };

        t.is_asked = ok && str_eq(t.lang, lang);
        r = ok ? 1 : ERR_MEM;
        if (ok)
            *ret_text = t;
    }
    stmt_end(q);
    return r;
}

int text_get(struct arena *a, struct db *db, int64_t id, str lang, struct text *ret_text)
{
    struct stmt *q;
    struct text t = {.id = id};
    int r;

    if (!id) {
        *ret_text = t;
        return 0;
    }
    /* stale since the first body of the source that came after the one it was made from */
    q = db_stmt(db, "SELECT v.lang, v.body, v.state, v.revision, iif(v.is_source, NULL,"
                    " (SELECT coalesce((SELECT h.changed_at FROM text_history h"
                    " WHERE h.text_id = ?1 AND h.lang = s.lang AND h.revision > v.source_revision"
                    " ORDER BY h.revision LIMIT 1), s.changed_at) FROM text_versions s"
                    " WHERE s.text_id = ?1 AND s.is_source = 1 AND s.revision > v.source_revision))"
                    " FROM text_versions v WHERE v.text_id = ?1"
                    " ORDER BY v.lang = ?2 DESC, v.lang = ?3 DESC, v.is_source DESC, v.lang"
                    " LIMIT 1");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang.p ? lang : S(""));
    stmt_str(q, 3, lang.p ? str_cut(lang, '-').head : S(""));
    r = get(a, q, id, lang, &t);
    if (r < 0)
        return r;
    *ret_text = t;
    return 0;
}

int text_exact(struct arena *a, struct db *db, int64_t id, str lang, struct text *ret_text)
{
    struct text t;
    int r = text_get(a, db, id, lang, &t);

    if (r < 0)
        return r;
    if (!t.body.p || !t.is_asked)
        return ERR_NOT_FOUND;
    *ret_text = t;
    return 0;
}

int text_at(struct arena *a, struct db *db, const struct text_of *of, str *ret_body)
{
    struct stmt *q = db_stmt(db, "SELECT body FROM text_versions WHERE text_id = ?1 AND lang = ?2"
                                 " AND revision = ?3 UNION ALL SELECT body FROM text_history"
                                 " WHERE text_id = ?1 AND lang = ?2 AND revision = ?3 LIMIT 1");
    str body = {0};
    bool ok = true;
    int r;

    stmt_i64(q, 1, of->id);
    stmt_str(q, 2, of->lang);
    stmt_i64(q, 3, of->revision);
    r = stmt_row(q);
    if (r > 0)
        body = rows_str(a, q, 0, &ok);
    r = rows_end_one(q, r, ok);
    if (r == 0)
        *ret_body = body;
    return r;
}

static struct text_version version_read(struct arena *a, struct stmt *q, bool *io_ok)
{
    return (struct text_version){
        .lang = rows_str(a, q, 0, io_ok),
        .body = rows_str(a, q, 1, io_ok),
        .is_source = col_i64(q, 2) != 0,
        .source_revision = col_i64(q, 3),
        .revision = col_i64(q, 4),
        .state = (int)col_i64(q, 5),
        .author_id = col_i64(q, 6),
        .changed_at = col_i64(q, 7),
        .reviewer_id = col_i64(q, 8),
        .reviewed_at = col_i64(q, 9),
    };
}

int text_versions(struct arena *a, struct db *db, int64_t id, bool is_short,
                  struct text_version_list *ret_list)
{
    struct text_version_list l = {0};
    struct stmt *q;
    bool ok = true;
    int r = 0;

    q = db_stmt(db, "SELECT lang, iif(?2, NULL, body), is_source, source_revision, revision, state,"
                    " author_id, changed_at, reviewer_id, reviewed_at FROM text_versions"
                    " WHERE text_id = ?1 ORDER BY is_source DESC, lang");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, is_short);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = version_read(a, q, &ok);
    }
    r = rows_end(q, r, ok);
    if (r < 0)
        return r;
    for (size_t i = 1; l.row && i < l.n; i++) /* row 0 is the source */
        l.row[i].is_stale = l.row[i].source_revision < l.row[0].revision;
    *ret_list = l;
    return 0;
}
