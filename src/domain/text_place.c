#include "domain/text_place.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "store/db.h"

/* A title or a name: two lines of print. */
enum { TITLE_BYTES = 1000 };

/* Columns: text_id, kind, slug, number. */
static int row_read(struct arena *a, struct stmt *q, struct text_place *to)
{
    bool ok = true;
    struct text_place p = {
        .text_id = col_i64(q, 0),
        .kind = (int)col_i64(q, 1),
        .slug = rows_str(a, q, 2, &ok),
        .number = (int)col_i64(q, 3),
    };

    p.max_bytes = p.kind == TEXT_PLACE_CONCLUSION ? MAX_CONCLUSION_BYTES : TITLE_BYTES;
    if (ok)
        *to = p;
    return ok ? 0 : ERR_MEM;
}

int text_place(struct arena *a, struct db *db, const struct actor *who, int64_t text_id,
               struct text_place *ret_place)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT title_text_id, 1, slug, 0 FROM programmes WHERE title_text_id = ?1"
                    " UNION ALL SELECT title_text_id, 2, slug, 0 FROM seminars"
                    " WHERE title_text_id = ?1"
                    " UNION ALL SELECT short_title_text_id, 3, slug, 0 FROM seminars"
                    " WHERE short_title_text_id = ?1"
                    " UNION ALL SELECT i.title_text_id, 4, s.slug, i.place FROM agenda_items i"
                    " JOIN seminars s ON s.seminar_id = i.seminar_id WHERE i.title_text_id = ?1"
                    " UNION ALL SELECT c.text_id, 5, s.slug, c.number FROM conclusions c"
                    " JOIN seminars s ON s.seminar_id = c.seminar_id WHERE c.text_id = ?1"
                    " UNION ALL SELECT name_text_id, 6, slug, 0 FROM orgs WHERE name_text_id = ?1");
    stmt_i64(q, 1, text_id);
    r = stmt_row(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, q, ret_place);
    stmt_end(q);
    return r;
}

int text_places(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                struct text_place_list *ret_list)
{
    struct text_place_list l = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT title_text_id, 2, slug, 0 FROM seminars WHERE seminar_id = ?1"
                    " UNION ALL SELECT short_title_text_id, 3, slug, 0 FROM seminars"
                    " WHERE seminar_id = ?1"
                    " UNION ALL SELECT i.title_text_id, 4, s.slug, i.place FROM agenda_items i"
                    " JOIN seminars s ON s.seminar_id = i.seminar_id WHERE i.seminar_id = ?1"
                    " UNION ALL SELECT c.text_id, 5, s.slug, c.number FROM conclusions c"
                    " JOIN seminars s ON s.seminar_id = c.seminar_id WHERE c.seminar_id = ?1"
                    " ORDER BY 2, 4");
    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, q, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int text_place_put(struct db *db, const struct actor *who, const struct text_place *place,
                   const struct text_in *in, usec now)
{
    int64_t revision;

    if (!in->body.n)
        return in->revision > 0 ? text_remove(db, who, place->text_id, in->lang, in->revision, now)
                                : ERR_RANGE;
    if (in->body.n > place->max_bytes)
        return ERR_TOO_BIG;
    return text_put(db, who, place->text_id, in, now, &revision);
}
