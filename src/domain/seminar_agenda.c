#include "domain/seminar_agenda.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/seen.h"
#include "store/db.h"

static const char *const kinds[] = {"opening", "test",    "talk",  "practice",
                                    "exchange", "closing", "break"};

str agenda_kind_at(size_t i)
{
    return i < NELEM(kinds) ? str_c(kinds[i]) : (str){NULL, 0};
}

/* Place and text of a line of this seminar. ERR_NOT_FOUND. */
static int item_find(struct db *db, int64_t id, int64_t item_id, int *ret_place,
                     int64_t *ret_text_id)
{
    struct stmt *q = db_stmt(db, "SELECT place, title_text_id FROM agenda_items"
                                 " WHERE seminar_id = ?1 AND agenda_item_id = ?2");
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, item_id);
    r = stmt_row(q);
    if (r > 0) {
        *ret_place = (int)col_i64(q, 0);
        *ret_text_id = col_i64(q, 1);
    }
    stmt_end(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : 0;
}

int seminar_agenda_length(struct db *db, int64_t id, int *ret_nitems)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(place), 0) FROM agenda_items"
                                 " WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        *ret_nitems = (int)col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

static int place_set(struct db *db, int64_t id, int from, int to)
{
    struct stmt *q = db_stmt(db, "UPDATE agenda_items SET place = ?3"
                                 " WHERE seminar_id = ?1 AND place = ?2");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, from);
    stmt_i64(q, 3, to);
    return stmt_run(q);
}

int seminar_agenda_move(struct db *db, const struct actor *who, int64_t id, int64_t item_id,
                        int to_place, usec now)
{
    int64_t text_id;
    int place = 0, nitems = 0;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = item_find(db, id, item_id, &place, &text_id);
    if (r == 0)
        r = seminar_agenda_length(db, id, &nitems);
    if (r < 0)
        return r;
    if (to_place < 1 || to_place > nitems)
        return ERR_RANGE;
    if (to_place == place)
        return 0;
    /* Out of the way first: no two lines may ever have one place. */
    r = place_set(db, id, place, 0);
    for (int p = place; r == 0 && p < to_place; p++)
        r = place_set(db, id, p + 1, p);
    for (int p = place; r == 0 && p > to_place; p--)
        r = place_set(db, id, p - 1, p);
    if (r == 0)
        r = place_set(db, id, 0, to_place);
    return r == 0 ? seen_seminar_put(db, id, now) : r;
}

int seminar_agenda_remove(struct db *db, const struct actor *who, int64_t id, int64_t item_id,
                          usec now)
{
    struct stmt *q;
    int64_t text_id = 0;
    int place = 0, nitems = 0;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = item_find(db, id, item_id, &place, &text_id);
    if (r == 0)
        r = seminar_agenda_length(db, id, &nitems);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM agenda_items WHERE agenda_item_id = ?1");
    stmt_i64(q, 1, item_id);
    r = stmt_run(q);
    for (int p = place; r == 0 && p < nitems; p++)
        r = place_set(db, id, p + 1, p);
    if (r == 0)
        r = seen_seminar_put(db, id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");
    stmt_i64(q, 1, text_id);
    return stmt_run(q);
}
