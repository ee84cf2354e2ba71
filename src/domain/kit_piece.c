#include "domain/kit_piece.h"

#include "base/str.h"
#include "domain/kit.h"
#include "domain/rows.h"
#include "store/db.h"

#include <string.h>
#include <zlib.h>

/* The number of an item is given anew when it was the last one and goes; its consent's moment and
 * its length are not, so no byte of a picture that nobody has cleared stands in for it. */
#define SAME " WHERE kit_item_id = ?1 AND coalesce(cleared_at, 0) = ?2 AND length(file) = ?3"

static void bind(struct stmt *q, const struct kit_item *item)
{
    stmt_i64(q, 1, item->id);
    stmt_i64(q, 2, item->cleared_at);
    stmt_i64(q, 3, item->file_bytes);
}

int kit_piece_sum(struct db *db, const struct kit_item *item, uint32_t *ret_sum)
{
    struct stmt *q = db_stmt(db, "SELECT file FROM kit_items" SAME);
    int r;

    bind(q, item);
    r = stmt_row(q);
    if (r > 0) {
        str bytes = col_str(q, 0);

        *ret_sum = (uint32_t)crc32(0, (const Bytef *)bytes.p, (uInt)bytes.n);
    }
    return rows_end_one(q, r, true);
}

int kit_piece_read(struct db *db, const struct kit_item *item, uint64_t at, void *to, size_t room,
                   size_t *ret_n)
{
    struct stmt *q = db_stmt(db, "SELECT substr(file, ?4, ?5) FROM kit_items" SAME);
    int r;

    bind(q, item);
    stmt_i64(q, 4, (int64_t)at + 1); /* SQL counts from one */
    stmt_i64(q, 5, (int64_t)room);
    r = stmt_row(q);
    if (r > 0) {
        str some = str_take(col_str(q, 0), room);

        if (some.n)
            memcpy(to, some.p, some.n);
        *ret_n = some.n;
    }
    return rows_end_one(q, r, true);
}
