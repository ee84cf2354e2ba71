#include "domain/clip.h"

#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/kit.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "domain/seen.h"
#include "store/db.h"

#include <string.h>
#include <zlib.h>

/*
 * MP4 and QuickTime (ISO/IEC 14496-12, 4.3): size, 'ftyp'. WebM (RFC 8794, 8): an EBML header, and
 * in it the document type. Only the way is chosen by it; ffmpeg reads the file in its box.
 */
enum { HEAD_BYTES = 64 };

int clip_format_of(str bytes)
{
    str head = str_take(bytes, HEAD_BYTES);

    if (str_starts(str_from(head, 4), S("ftyp")))
        return CLIP_MP4;
    return str_starts(head, S("\x1a\x45\xdf\xa3")) && str_find(head, S("webm")) > 0 ? CLIP_WEBM : 0;
}

str clip_file_name(int format)
{
    return format == CLIP_WEBM ? S("clip.webm") : S("clip.mp4");
}

const char *clip_type(int format)
{
    return format == CLIP_WEBM ? "video/webm" : "video/mp4";
}

/* ---- a new one ---- */

static int count(struct db *db, int64_t kit_id, int64_t *ret_n)
{
    struct stmt *q = db_stmt(db, "SELECT count(*) FROM kit_items WHERE kit_id = ?1 AND kind = ?2");

    stmt_i64(q, 1, kit_id);
    stmt_i64(q, 2, KIT_CLIP);
    return rows_number(q, ret_n);
}

int clip_check(struct db *db, int64_t kit_id, str bytes)
{
    int64_t n = 0;
    int r = count(db, kit_id, &n);

    if (r < 0)
        return r;
    if (!clip_format_of(bytes))
        return ERR_UNSUPPORTED;
    if (bytes.n > MAX_CLIP_BYTES)
        return ERR_TOO_BIG;
    return n >= MAX_CLIPS ? ERR_FULL : 0;
}

/* The number of an item is given anew when it was the last one and goes: what is being made, or
 * goes out to a reader, must not become another clip then. */
static int64_t new_id(void)
{
    return (int64_t)1 << 61 | (int64_t)(random_u64() >> 3);
}

int clip_add(struct db *db, int64_t item_id, str bytes)
{
    int64_t id = new_id();
    struct stmt *q = db_stmt(db, "INSERT INTO clips (clip_id, kit_item_id, state, fault, format,"
                                 " width, height, length_ms, nbytes, sum, digest)"
                                 " VALUES (?1, ?2, ?3, 0, ?4, 0, 0, 0, 0, 0, '')");
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, item_id);
    stmt_i64(q, 3, CLIP_WAITING);
    stmt_i64(q, 4, clip_format_of(bytes));
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO clip_files (clip_id, bytes) VALUES (?1, ?2)");
    stmt_i64(q, 1, id);
    stmt_blob(q, 2, bytes.p, bytes.n);
    return stmt_run(q);
}

/* ---- reading ---- */

void clip_read_row(struct arena *a, struct stmt *q, int i, struct clip *to, bool *io_ok)
{
    *to = (struct clip){
        .id = col_i64(q, i),
        .state = (int)col_i64(q, i + 1),
        .fault = (int)col_i64(q, i + 2),
        .format = (int)col_i64(q, i + 3),
        .width = (int)col_i64(q, i + 4),
        .height = (int)col_i64(q, i + 5),
        .length_ms = col_i64(q, i + 6),
        .nbytes = col_i64(q, i + 7),
        .sum = (uint32_t)col_i64(q, i + 8),
        .digest = rows_str(a, q, i + 9, io_ok),
        .has_still = col_i64(q, i + 10) != 0,
    };
}

int clip_still(struct arena *a, struct db *db, const struct clip *c, str *ret_bytes)
{
    struct stmt *q = db_stmt(db, "SELECT still FROM clips WHERE clip_id = ?1"
                                 " AND still IS NOT NULL");
    bool ok = true;
    int r;

    stmt_i64(q, 1, c->id);
    r = stmt_row(q);
    if (r > 0)
        *ret_bytes = rows_str(a, q, 0, &ok);
    return rows_end_one(q, r, ok);
}

int clip_read(struct db *db, const struct clip *c, uint64_t at, void *to, size_t room,
              size_t *ret_n)
{
    struct stmt *q = db_stmt(db, "SELECT bytes FROM clip_parts WHERE clip_id = ?1"
                                 " AND number = ?2");
    int r;

    stmt_i64(q, 1, c->id);
    stmt_i64(q, 2, (int64_t)(at / CLIP_PART));
    r = stmt_row(q);
    if (r > 0) {
        str some = str_take(str_from(col_str(q, 0), at % CLIP_PART), room);

        if (some.n)
            memcpy(to, some.p, some.n);
        *ret_n = some.n;
    }
    return rows_end_one(q, r, true);
}

/* ---- the converter ---- */

static int check_server(const struct actor *who)
{
    return who == &actor_server ? 0 : ERR_DENIED;
}

int clip_next(struct db *db, const struct actor *who, int64_t behind, clip_file_fn *take, void *ctx,
              struct clip *ret_clip)
{
    struct clip c = {0};
    struct stmt *q;
    int r = check_server(who), taken = 0;

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT c.clip_id, c.format, f.bytes FROM clips c"
                    " JOIN clip_files f ON f.clip_id = c.clip_id"
                    " WHERE c.state = 1 AND c.kit_item_id > coalesce((SELECT kit_item_id"
                    " FROM clips WHERE clip_id = ?1), 0) ORDER BY c.kit_item_id LIMIT 1");
    stmt_i64(q, 1, behind);
    r = stmt_row(q);
    if (r > 0) {
        c = (struct clip){
            .id = col_i64(q, 0), .state = CLIP_WAITING, .format = (int)col_i64(q, 1)};
        taken = take(ctx, col_str(q, 2));
    }
    stmt_end(q);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    if (taken < 0)
        return taken;
    *ret_clip = c;
    return 0;
}

void clip_sum(struct clip_made *m)
{
    char digits[65];
    uint8_t hash[32];

    secret_hash(m->bytes, hash);
    encode_hex(digits, hash, sizeof(hash));
    memcpy(m->digest, digits, CLIP_DIGITS);
    m->digest[CLIP_DIGITS] = '\0';
    m->sum = (uint32_t)crc32(0, (const Bytef *)m->bytes.p, (uInt)m->bytes.n);
}

static int part_add(struct db *db, int64_t id, int64_t number, str bytes)
{
    struct stmt *q = db_stmt(db, "INSERT INTO clip_parts (clip_id, number, bytes)"
                                 " VALUES (?1, ?2, ?3)");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, number);
    stmt_blob(q, 3, bytes.p, bytes.n);
    return stmt_run(q);
}

static int parts_add(struct db *db, int64_t id, str bytes)
{
    int r = 0;

    for (int64_t number = 0; r == 0 && bytes.n; number++) {
        r = part_add(db, id, number, str_take(bytes, CLIP_PART));
        bytes = str_from(bytes, CLIP_PART);
    }
    return r;
}

static int state_put(struct db *db, int64_t id, int fault, const struct clip_made *m)
{
    struct stmt *q =
        db_stmt(db, "UPDATE clips SET state = ?2, fault = ?3, width = ?4, height = ?5,"
                    " length_ms = ?6, nbytes = ?7, sum = ?8, digest = ?9, still = ?10"
                    " WHERE clip_id = ?1 AND state = 1");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, fault == CLIP_FINE ? CLIP_READY : CLIP_FAILED);
    stmt_i64(q, 3, fault);
    stmt_i64(q, 4, m->width);
    stmt_i64(q, 5, m->height);
    stmt_i64(q, 6, m->length_ms);
    stmt_i64(q, 7, (int64_t)m->bytes.n);
    stmt_i64(q, 8, m->sum);
    stmt_str(q, 9, str_c(m->digest));
    if (m->still.p)
        stmt_blob(q, 10, m->still.p, m->still.n);
    return stmt_run(q);
}

/* One that somebody has agreed to is there for readers from this moment on. */
static int tell(struct db *db, int64_t id, usec now)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(i.kit_id), 0) FROM kit_items i JOIN clips c"
                                 " USING (kit_item_id) WHERE c.clip_id = ?1"
                                 " AND i.cleared_at IS NOT NULL");
    int64_t kit_id = 0;
    int r;

    stmt_i64(q, 1, id);
    r = rows_number(q, &kit_id);
    return r == 0 && kit_id ? seen_kit_put(db, kit_id, now) : r;
}

int clip_end(struct db *db, const struct actor *who, int64_t id, int fault,
             const struct clip_made *made, usec now)
{
    static const struct clip_made none = {0};
    struct stmt *q;
    bool is_there;
    int r = check_server(who);

    if (r == 0)
        r = state_put(db, id, fault, fault == CLIP_FINE ? made : &none);
    is_there = r == 0 && db_changes(db) > 0; /* or it was taken out of the kit meanwhile */
    if (is_there && fault == CLIP_FINE)
        r = parts_add(db, id, made->bytes);
    if (r == 0 && is_there && fault == CLIP_FINE)
        r = tell(db, id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM clip_files WHERE clip_id = ?1");
    stmt_i64(q, 1, id);
    return stmt_run(q);
}
