#include "domain/kit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "store/db.h"

#define KIT_COLUMNS                                                                                \
    "kit_id, slug, title_text_id, lead_text_id, opens_at, is_shown, is_sample, revision"

static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct kit *to)
{
    bool ok = true;
    struct kit k = {
        .id = col_i64(q, 0),
        .slug = rows_str(a, q, 1, &ok),
        .opens_at = col_i64(q, 4),
        .is_shown = col_i64(q, 5) != 0,
        .is_sample = col_i64(q, 6) != 0,
        .revision = col_i64(q, 7),
    };
    int64_t title_id = col_i64(q, 2), lead_id = col_i64(q, 3);
    int r = ok ? text_get(a, db, title_id, lang, &k.title) : ERR_MEM;

    if (r == 0)
        r = text_get(a, db, lead_id, lang, &k.lead);
    if (r == 0)
        *to = k;
    return r;
}

int kit_list(struct arena *a, struct db *db, const struct actor *who, const struct kit_ask *ask,
             struct kit_list *ret_list)
{
    struct stmt *q = db_stmt(db, "SELECT " KIT_COLUMNS " FROM kits WHERE ?1 = 1 OR (is_shown = 1"
                                 " AND coalesce(opens_at, 0) <= ?2) ORDER BY kit_id DESC");
    struct kit_list l = {0};
    int r;

    stmt_i64(q, 1, actor_can(who, RIGHT_EDITOR));
    stmt_i64(q, 2, ask->now);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, db, q, ask->lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

static int one(struct arena *a, struct db *db, struct stmt *q, str lang, struct kit *to)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, to);
    stmt_end(q);
    return r;
}

int kit_by_slug(struct arena *a, struct db *db, const struct actor *who, const struct kit_ask *ask,
                struct kit *ret_kit)
{
    struct stmt *q = db_stmt(db, "SELECT " KIT_COLUMNS " FROM kits WHERE slug = ?1 AND (?2 = 1 OR"
                                 " (is_shown = 1 AND coalesce(opens_at, 0) <= ?3))");

    stmt_str(q, 1, ask->slug);
    stmt_i64(q, 2, actor_can(who, RIGHT_EDITOR));
    stmt_i64(q, 3, ask->now);
    return one(a, db, q, ask->lang, ret_kit);
}

int kit_by_link(struct arena *a, struct db *db, str token, str lang, struct kit *ret_kit)
{
    uint8_t hash[32];
    struct stmt *q;
    int64_t kit_id = 0;
    bool is_closed = false;
    int r;

    secret_hash(token, hash);
    q = db_stmt(db, "SELECT kit_id, closed_at IS NOT NULL FROM kit_links WHERE token_hash = ?1");
    stmt_blob(q, 1, hash, sizeof(hash));
    r = stmt_row(q);
    if (r > 0) {
        kit_id = col_i64(q, 0);
        is_closed = col_i64(q, 1) != 0;
    }
    stmt_end(q);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    if (is_closed)
        return ERR_GONE;
    q = db_stmt(db, "SELECT " KIT_COLUMNS " FROM kits WHERE kit_id = ?1 AND is_shown = 1");
    stmt_i64(q, 1, kit_id);
    return one(a, db, q, lang, ret_kit);
}

/* Columns: kit_item_id, kind, text_id, credit, source, cleared_by, cleared_at, entered_by,
 * file_name, length of file, revision, CLIP_COLUMNS. */
static int item_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct kit_item *to)
{
    bool ok = true;
    struct kit_item i = {
        .id = col_i64(q, 0),
        .kind = (int)col_i64(q, 1),
        .credit = rows_str(a, q, 3, &ok),
        .source = rows_str(a, q, 4, &ok),
        .cleared_by = rows_str(a, q, 5, &ok),
        .cleared_at = col_i64(q, 6),
        .entered_by = rows_str(a, q, 7, &ok),
        .file = rows_str(a, q, 8, &ok),
        .file_bytes = col_i64(q, 9),
        .revision = col_i64(q, 10),
    };
    int64_t text_id = col_i64(q, 2);
    int r;

    clip_read_row(a, q, 11, &i.clip, &ok);
    r = ok ? text_get(a, db, text_id, lang, &i.text) : ERR_MEM;
    if (r == 0)
        *to = i;
    return r;
}

/* Words of our own, facts and contacts need nobody's consent. */
int kit_items(struct arena *a, struct db *db, const struct actor *who, const struct kit *k,
              str lang, struct kit_items *ret_items)
{
    struct stmt *q =
        db_stmt(db, "SELECT i.kit_item_id, i.kind, i.text_id, i.credit, i.source, i.cleared_by,"
                    " i.cleared_at, i.entered_by, i.file_name, length(i.file), i.revision,"
                    " " CLIP_COLUMNS " FROM kit_items i LEFT JOIN clips c USING (kit_item_id)"
                    " WHERE i.kit_id = ?1 AND (?2 = 1 OR i.kind IN (1, 2, 4)"
                    " OR (i.cleared_at IS NOT NULL AND coalesce(c.state, 2) = 2))"
                    " ORDER BY i.kind, i.place, i.kit_item_id");
    struct kit_items l = {0};
    int r;

    stmt_i64(q, 1, k->id);
    stmt_i64(q, 2, actor_can(who, RIGHT_EDITOR));
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? item_read(a, db, q, lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_items = l;
    return r;
}

int kit_file(struct arena *a, struct db *db, const struct kit *k, const struct kit_item *item,
             str *ret_bytes)
{
    struct stmt *q = db_stmt(db, "SELECT file FROM kit_items WHERE kit_item_id = ?1 AND kit_id = ?2"
                                 " AND file IS NOT NULL");
    bool ok = true;
    int r;

    stmt_i64(q, 1, item->id);
    stmt_i64(q, 2, k->id);
    r = stmt_row(q);
    if (r > 0)
        *ret_bytes = rows_str(a, q, 0, &ok);
    return rows_end_one(q, r, ok);
}

int kit_is_waiting(struct db *db, usec now, bool *ret_is_waiting)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM kits WHERE is_shown = 1 AND opens_at > ?1 LIMIT 1");
    int r;

    stmt_i64(q, 1, now);
    r = stmt_row(q);
    stmt_end(q);
    if (r >= 0)
        *ret_is_waiting = r > 0;
    return r < 0 ? r : 0;
}

int kit_item_owner(struct db *db, int64_t id, int64_t *ret_kit_id)
{
    struct stmt *q = db_stmt(db, "SELECT kit_id FROM kit_items WHERE kit_item_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        *ret_kit_id = col_i64(q, 0);
    return rows_end_one(q, r, true);
}

int kit_links(struct arena *a, struct db *db, const struct actor *who, int64_t kit_id,
              struct kit_links *ret_links)
{
    struct stmt *q;
    struct kit_links l = {0};
    bool ok = true;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT kit_link_id, person, made_by, made_at, closed_at FROM kit_links"
                    " WHERE kit_id = ?1 ORDER BY made_at, kit_link_id");
    stmt_i64(q, 1, kit_id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row) {
            ok = false;
            break;
        }
        l.row[l.n++] = (struct kit_link){.id = col_i64(q, 0),
                                         .person = rows_str(a, q, 1, &ok),
                                         .made_by = rows_str(a, q, 2, &ok),
                                         .made_at = col_i64(q, 3),
                                         .closed_at = col_i64(q, 4)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_links = l;
    return r;
}
