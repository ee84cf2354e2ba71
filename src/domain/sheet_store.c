/*
 * Frozen sheets. The bytes that were signed are the bytes that are stored and handed over.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "domain/sheet.h"
#include "domain/sign.h"
#include "store/db.h"

static int next_number(struct db *db, int64_t seminar_id, int *ret_number)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(number), 0) + 1 FROM sheets"
                                 " WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_number = (int)col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

/* From the records as text, never from anything else: so a later computation gives the same. */
static int json_of(struct arena *a, str records, const struct sheet_head *head, str *ret_json)
{
    struct indicator indicator;
    struct sheet_rows rows;
    struct tally tally;
    int r = tally_parse(a, records, &tally);

    if (r == 0)
        r = indicator_of(a, &tally, &indicator);
    if (r == 0)
        r = sheet_rows(a, &tally, &indicator, &rows);
    return r < 0 ? r : sheet_json(a, &tally, &rows, head, ret_json);
}

static int insert(struct db *db, const struct actor *who, const struct sheet *s, int64_t *ret_id)
{
    struct stmt *q =
        db_stmt(db, "INSERT INTO sheets (seminar_id, number, sheet, records, hash, key,"
                    " signature, handed_to, frozen_at, account_id)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0))");
    int r;

    stmt_i64(q, 1, s->seminar_id);
    stmt_i64(q, 2, s->number);
    stmt_str(q, 3, s->json);
    stmt_str(q, 4, s->records);
    stmt_str(q, 5, s->hash);
    stmt_str(q, 6, s->key);
    stmt_str(q, 7, s->signature);
    stmt_str(q, 8, s->handed_to);
    stmt_i64(q, 9, s->frozen_at);
    stmt_i64(q, 10, who->account_id);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

int sheet_freeze(struct arena *a, struct db *db, const struct actor *who,
                 const struct sheet_order *order, usec now, int64_t *ret_id)
{
    const struct seminar *s = order->s;
    const struct signer *signer = order->signer;
    struct sheet_head head = {.handed_to = str_trim(order->handed_to), .frozen_at = now};
    char hash[SIGN_HASH_TEXT], records_hash[SIGN_HASH_TEXT], signature[SIGN_TEXT];
    struct sheet sheet = {.seminar_id = s->id, .handed_to = head.handed_to, .frozen_at = now};
    struct tally tally;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0 && (!head.handed_to.n || !str_is_utf8(head.handed_to)))
        r = ERR_RANGE;
    if (r == 0 && head.handed_to.n > MAX_REASON_BYTES)
        r = ERR_TOO_BIG;
    if (r == 0)
        r = next_number(db, s->id, &head.number);
    if (r == 0)
        r = tally_read(a, db, who, s, now, &tally);
    if (r == 0)
        r = tally_write(a, &tally, &sheet.records);
    if (r < 0)
        return r;
    sign_hash(sheet.records, records_hash);
    head.records_hash = str_c(records_hash);
    r = json_of(a, sheet.records, &head, &sheet.json);
    if (r == 0)
        r = sign_text(signer, sheet.json, signature);
    if (r < 0)
        return r;
    sign_hash(sheet.json, hash);
    sheet.number = head.number;
    sheet.hash = str_c(hash);
    sheet.key = str_c(signer->key_text);
    sheet.signature = str_c(signature);
    return insert(db, who, &sheet, ret_id);
}

#define COLUMNS "sheet_id, seminar_id, number, hash, key, signature, handed_to, frozen_at"

static int row_read(struct arena *a, struct stmt *q, struct sheet *ret_sheet)
{
    bool ok = true;
    struct sheet s = {.id = col_i64(q, 0),
                      .seminar_id = col_i64(q, 1),
                      .number = (int)col_i64(q, 2),
                      .hash = rows_str(a, q, 3, &ok),
                      .key = rows_str(a, q, 4, &ok),
                      .signature = rows_str(a, q, 5, &ok),
                      .handed_to = rows_str(a, q, 6, &ok),
                      .frozen_at = col_i64(q, 7)};

    if (!ok)
        return ERR_MEM;
    *ret_sheet = s;
    return 0;
}

int sheet_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
               struct sheet_list *ret_list)
{
    struct sheet_list l = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " COLUMNS " FROM sheets WHERE seminar_id = ?1 ORDER BY number DESC");
    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, q, &l.row[l.n++]) : ERR_MEM;
        if (r < 0)
            break;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int sheet_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                struct sheet *ret_sheet)
{
    struct sheet s;
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " COLUMNS ", sheet, records FROM sheets WHERE sheet_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0) {
        r = row_read(a, q, &s);
        s.json = rows_str(a, q, 8, &ok);
        s.records = rows_str(a, q, 9, &ok);
    } else if (r == 0) {
        r = ERR_NOT_FOUND;
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_sheet = s;
    return r;
}

int sheet_by_hash(struct arena *a, struct db *db, str hash, struct sheet *ret_sheet)
{
    struct stmt *q = db_stmt(db, "SELECT " COLUMNS " FROM sheets WHERE hash = lower(?1)");
    int r;

    stmt_str(q, 1, hash);
    r = stmt_row(q);
    r = r > 0 ? row_read(a, q, ret_sheet) : r < 0 ? r : ERR_NOT_FOUND;
    stmt_end(q);
    return r;
}

int sheet_verify(const struct sheet *sheet, str bytes)
{
    char hash[SIGN_HASH_TEXT];

    sign_hash(bytes, hash);
    if (!str_eq(str_c(hash), sheet->hash))
        return ERR_CRYPTO;
    return sign_verify(sheet->key, sheet->signature, bytes);
}

#define FIRST_FORM "{\"format\":\"kengesh-sheet-1\","

int sheet_recompute(struct arena *a, const struct sheet *sheet)
{
    char records_hash[SIGN_HASH_TEXT];
    struct sheet_head head = {.number = sheet->number,
                              .handed_to = sheet->handed_to,
                              .frozen_at = sheet->frozen_at,
                              .is_first_form = str_starts(sheet->json, S(FIRST_FORM)),
                              .records_hash = {records_hash, 64}};
    str json;
    int r;

    sign_hash(sheet->records, records_hash);
    r = json_of(a, sheet->records, &head, &json);
    if (r < 0)
        return r;
    return str_eq(json, sheet->json) ? 0 : ERR_CRYPTO;
}
