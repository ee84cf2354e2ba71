#include "domain/picture.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk_i.h"
#include "domain/rows.h"
#include "store/db.h"

enum { CREDIT_BYTES = 300 };

/* How the files are called in addresses. */
static const char *const names[PICTURE_SIZES] = {
    [PICTURE_W320] = "320.webp", [PICTURE_W640] = "640.webp",  [PICTURE_W1280] = "1280.webp",
    [PICTURE_J640] = "640.jpg",  [PICTURE_J1280] = "1280.jpg",
};

int picture_size_parse(str name, int *ret_size)
{
    for (int i = 1; i < PICTURE_SIZES; i++) {
        if (str_eq(name, str_c(names[i]))) {
            *ret_size = i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

const char *picture_size_name(int size)
{
    return size > 0 && size < PICTURE_SIZES ? names[size] : "";
}

bool picture_size_is_jpeg(int size)
{
    return size == PICTURE_J640 || size == PICTURE_J1280;
}

/* ---- changes ---- */

static int file_add(struct db *db, int64_t id, str bytes)
{
    struct stmt *q = db_stmt(db, "INSERT INTO picture_files (picture_id, bytes) VALUES (?1, ?2)");

    stmt_i64(q, 1, id);
    stmt_blob(q, 2, bytes.p, bytes.n);
    return stmt_run(q);
}

static int row_add(struct db *db, const struct actor *who, int64_t news_id,
                   const struct picture_head *h, usec now, int64_t *ret_id)
{
    struct stmt *q;
    int64_t alt_id;
    int r = text_new(db, who, &alt_id);

    if (r < 0)
        return r;
    q = db_stmt(db,
                "INSERT INTO pictures (news_id, state, fault, turn, kind, width, height, credit,"
                " alt_text_id, is_checked, account_id, added_at, picture_id)"
                " SELECT news_id, 1, 0, ?2, ?3, ?4, ?5, '', ?6, 0, nullif(?7, 0), ?8,"
                " max(?10, (SELECT coalesce(max(picture_id), 0) + 1 FROM pictures))"
                " FROM news WHERE news_id = ?1"
                " AND (SELECT count(*) FROM pictures WHERE news_id = ?1) < ?9");
    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, h->turn);
    stmt_i64(q, 3, h->kind);
    stmt_i64(q, 4, h->width);
    stmt_i64(q, 5, h->height);
    stmt_i64(q, 6, alt_id);
    stmt_i64(q, 7, who->account_id);
    stmt_i64(q, 8, now);
    stmt_i64(q, 9, MAX_PICTURES);
    stmt_i64(q, 10, rows_new_id(now)); /* partners show it by its address */
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = ERR_FULL;
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

int picture_add(struct db *db, const struct actor *who, int64_t news_id, str bytes, usec now,
                int64_t *ret_id)
{
    struct picture_head h;
    int64_t id;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = picture_head_parse(bytes, &h);
    if (r == 0)
        r = row_add(db, who, news_id, &h, now, &id);
    if (r == 0)
        r = file_add(db, id, bytes);
    if (r == 0)
        r = desk_pictures_changed(db, who, news_id, now);
    if (r == 0)
        *ret_id = id;
    return r;
}

/* Its description and whether it belongs to the item. */
static int alt_of(struct db *db, int64_t news_id, int64_t id, int64_t *ret_alt)
{
    struct stmt *q = db_stmt(db, "SELECT alt_text_id FROM pictures WHERE picture_id = ?1"
                                 " AND news_id = ?2");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, news_id);
    return rows_number(q, ret_alt);
}

static int credit_put(struct db *db, int64_t id, str credit)
{
    struct stmt *q = db_stmt(db, "UPDATE pictures SET credit = ?2 WHERE picture_id = ?1"
                                 " AND credit <> ?2");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, credit);
    return stmt_run(q);
}

/* Readers see it no more. */
static int uncheck(struct db *db, int64_t news_id, int64_t id, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE pictures SET is_checked = 0 WHERE picture_id = ?1"
                                 " AND is_checked = 1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_run(q);
    return r < 0 || db_changes(db) == 0 ? r : desk_pictures_seen(db, news_id, now);
}

int picture_put(struct db *db, const struct actor *who, int64_t news_id, int64_t id,
                const struct picture_words *in, usec now)
{
    struct text_in alt = {
        .lang = in->lang, .body = str_trim(in->alt), .revision = in->alt_revision};
    str credit = str_trim(in->credit);
    int64_t alt_id = 0, revision, before = db_total_changes(db);
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0 && (alt.body.n > MAX_ALT_BYTES || credit.n > CREDIT_BYTES))
        r = ERR_TOO_BIG;
    if (r == 0 && !str_is_utf8(credit))
        r = ERR_ENCODING;
    if (r == 0)
        r = alt_of(db, news_id, id, &alt_id);
    if (r == 0)
        r = text_put(db, who, alt_id, &alt, now, &revision);
    if (r == 0)
        r = credit_put(db, id, credit);
    if (r < 0 || db_total_changes(db) == before)
        return r;
    r = uncheck(db, news_id, id, now);
    return r < 0 ? r : desk_pictures_changed(db, who, news_id, now);
}

int picture_remove(struct db *db, const struct actor *who, int64_t news_id, int64_t id, usec now)
{
    struct stmt *q;
    int64_t alt_id = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = alt_of(db, news_id, id, &alt_id);
    if (r == 0)
        r = uncheck(db, news_id, id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM pictures WHERE picture_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");
    stmt_i64(q, 1, alt_id);
    r = stmt_run(q);
    return r < 0 ? r : desk_pictures_changed(db, who, news_id, now);
}

/* ---- reading ---- */

#define PICTURE_COLUMNS                                                                            \
    "p.picture_id, p.news_id, p.state, p.fault, p.kind, p.turn, p.width, p.height, p.credit,"      \
    " p.alt_text_id, t.body, coalesce(t.revision, 0), p.is_checked, p.added_at FROM pictures p"    \
    " LEFT JOIN text_versions t ON t.text_id = p.alt_text_id AND t.lang = ?2"

static void row_read(struct arena *a, struct stmt *q, struct picture *to, bool *io_ok)
{
    *to = (struct picture){
        .id = col_i64(q, 0),
        .news_id = col_i64(q, 1),
        .state = (int)col_i64(q, 2),
        .fault = (int)col_i64(q, 3),
        .kind = (int)col_i64(q, 4),
        .turn = (int)col_i64(q, 5),
        .width = (int)col_i64(q, 6),
        .height = (int)col_i64(q, 7),
        .credit = rows_str(a, q, 8, io_ok),
        .alt_text_id = col_i64(q, 9),
        .alt = rows_str(a, q, 10, io_ok),
        .alt_revision = col_i64(q, 11),
        .is_checked = col_i64(q, 12) != 0,
        .added_at = col_i64(q, 13),
    };
}

static int list_read(struct arena *a, struct stmt *q, struct picture_list *ret_list)
{
    struct picture_list l = {0};
    bool ok = true;
    int r = 0;

    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            row_read(a, q, &l.row[l.n++], &ok);
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int picture_list(struct arena *a, struct db *db, const struct actor *who, int64_t news_id, str lang,
                 struct picture_list *ret_list)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " PICTURE_COLUMNS " WHERE p.news_id = ?1 ORDER BY p.picture_id");
    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    return list_read(a, q, ret_list);
}

/* Of a story only while a consent for pictures (CONSENT_PICTURE) holds; ?9: now. */
#define MAY_BE_SHOWN                                                                               \
    " (SELECT n.kind = 1 OR EXISTS (SELECT 1 FROM consents c WHERE c.news_id = n.news_id"          \
    " AND c.scope & 8 AND c.withdrawn_at IS NULL"                                                  \
    " AND (c.until_at IS NULL OR c.until_at > ?9))"                                                \
    " FROM news n WHERE n.news_id = p.news_id)"

int picture_shown(struct arena *a, struct db *db, int64_t news_id, str lang, usec now,
                  struct picture_list *ret_list)
{
    struct stmt *q = db_stmt(db, "SELECT " PICTURE_COLUMNS " WHERE p.news_id = ?1 AND p.state = 2"
                                 " AND p.is_checked AND p.credit <> '' AND t.body <> ''"
                                 " AND" MAY_BE_SHOWN " ORDER BY p.picture_id");

    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 9, now);
    return list_read(a, q, ret_list);
}

int picture_images(struct db *db, int64_t id, struct picture_image_list *ret_list)
{
    struct picture_image_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT size, width, height, length(bytes) FROM picture_images"
                                 " WHERE picture_id = ?1 ORDER BY size");
    int r;

    stmt_i64(q, 1, id);
    while ((r = stmt_row(q)) > 0 && l.n < PICTURE_SIZES)
        l.row[l.n++] = (struct picture_image){
            .size = (int)col_i64(q, 0),
            .width = (int)col_i64(q, 1),
            .height = (int)col_i64(q, 2),
            .length = col_i64(q, 3)};
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_list = l;
    return 0;
}

/* May a reader have it? 0, ERR_GONE, ERR_NOT_FOUND. */
static int check_public(struct db *db, int64_t id, usec now)
{
    struct stmt *q =
        db_stmt(db, "SELECT p.is_checked AND p.credit <> '' AND" MAY_BE_SHOWN
                    " AND EXISTS (SELECT 1 FROM news_versions v JOIN text_versions t"
                    " ON t.text_id = p.alt_text_id"
                    " AND t.lang = v.lang AND t.body <> '' WHERE v.news_id = p.news_id"
                    " AND v.published_at IS NOT NULL), EXISTS (SELECT 1"
                    " FROM news_versions v WHERE v.news_id = p.news_id"
                    " AND v.withdrawn_at IS NOT NULL)"
                    " FROM pictures p WHERE p.picture_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 9, now);
    r = stmt_row(q);
    if (r > 0)
        r = col_i64(q, 0) ? 0 : col_i64(q, 1) ? ERR_GONE : ERR_NOT_FOUND;
    else if (r == 0)
        r = ERR_NOT_FOUND;
    stmt_end(q);
    return r;
}

int picture_image(struct arena *a, struct db *db, const struct actor *who,
                  const struct picture_ask *ask, str *ret_bytes)
{
    struct stmt *q;
    bool ok = true;
    str bytes = {0};
    int r = actor_can(who, RIGHT_EDITOR) ? 0 : check_public(db, ask->id, ask->now);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT bytes FROM picture_images WHERE picture_id = ?1 AND size = ?2");
    stmt_i64(q, 1, ask->id);
    stmt_i64(q, 2, ask->size);
    r = stmt_row(q);
    if (r > 0)
        bytes = rows_str(a, q, 0, &ok);
    r = rows_end_one(q, r, ok);
    if (r == 0)
        *ret_bytes = bytes;
    return r;
}

/* ---- the converter ---- */

/* Who has answered while it was being made has not seen it. */
static int appear(struct db *db, int64_t id)
{
    struct stmt *q = db_stmt(db, "UPDATE news SET pictures_revision = pictures_revision + 1"
                                 " WHERE news_id = (SELECT news_id FROM pictures"
                                 " WHERE picture_id = ?1)");

    stmt_i64(q, 1, id);
    return stmt_run(q);
}

int picture_next(struct arena *a, struct db *db, const struct actor *who,
                 struct picture *ret_picture, str *ret_bytes)
{
    struct picture p = {0};
    struct stmt *q;
    bool ok = true;
    str bytes = {0};
    int r = who == &actor_server ? 0 : ERR_DENIED;

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT p.picture_id, p.news_id, p.kind, p.turn, p.width, p.height, f.bytes"
                    " FROM pictures p JOIN picture_files f ON f.picture_id = p.picture_id"
                    " WHERE p.state = 1 ORDER BY p.picture_id LIMIT 1");
    r = stmt_row(q);
    if (r > 0) {
        p = (struct picture){.id = col_i64(q, 0),
                             .news_id = col_i64(q, 1),
                             .kind = (int)col_i64(q, 2),
                             .turn = (int)col_i64(q, 3),
                             .width = (int)col_i64(q, 4),
                             .height = (int)col_i64(q, 5)};
        bytes = rows_str(a, q, 6, &ok);
    }
    r = rows_end_one(q, r, ok);
    if (r < 0)
        return r;
    *ret_picture = p;
    *ret_bytes = bytes;
    return 0;
}

static int image_add(struct db *db, int64_t id, const struct picture_image *i)
{
    struct stmt *q =
        db_stmt(db, "INSERT INTO picture_images (picture_id, size, width, height, bytes)"
                    " SELECT picture_id, ?2, ?3, ?4, ?5 FROM pictures"
                    " WHERE picture_id = ?1");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, i->size);
    stmt_i64(q, 3, i->width);
    stmt_i64(q, 4, i->height);
    stmt_blob(q, 5, i->bytes.p, i->bytes.n);
    return stmt_run(q);
}

static int state_put(struct db *db, int64_t id, int fault, int width, int height)
{
    struct stmt *q = db_stmt(db, "UPDATE pictures SET state = CASE ?2 WHEN 0 THEN 2 ELSE 3 END,"
                                 " fault = ?2, width = coalesce(nullif(?3, 0), width),"
                                 " height = coalesce(nullif(?4, 0), height), turn = 1"
                                 " WHERE picture_id = ?1 AND state = 1");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, fault);
    stmt_i64(q, 3, width);
    stmt_i64(q, 4, height);
    return stmt_run(q);
}

int picture_end(struct db *db, const struct actor *who, int64_t id, int fault,
                const struct picture_image_list *images)
{
    struct stmt *q;
    int width = 0, height = 0;
    int r = who == &actor_server ? 0 : ERR_DENIED;

    for (size_t i = 0; r == 0 && fault == PICTURE_FINE && i < images->n; i++) {
        r = image_add(db, id, &images->row[i]);
        if (images->row[i].width > width) {
            width = images->row[i].width;
            height = images->row[i].height;
        }
    }
    if (r == 0)
        r = state_put(db, id, fault, width, height);
    if (r == 0 && fault == PICTURE_FINE)
        r = appear(db, id);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM picture_files WHERE picture_id = ?1");
    stmt_i64(q, 1, id);
    return stmt_run(q);
}
