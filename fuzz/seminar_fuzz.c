/*
 * seminar.json, imported into a store in memory that is put back after every input. Imported twice:
 * the second time must give the same seminar and add no text.
 */
#include "domain/import_seminar.c"
#include "store/db.h"

#include "fuzz.h"

static int64_t count_texts(struct db *db)
{
    struct stmt *q = db_stmt(db, "SELECT count(*) FROM texts");
    int64_t n;

    CHECK(stmt_row(q) == 1);
    n = col_i64(q, 0);
    stmt_end(q);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    struct import_job job = {.now = 1, .state = SEMINAR_ARCHIVED};
    struct import_seminar one = {0}, two = {0};
    struct arena *a = arena_new();
    str json = {(const char *)p, n};

    CHECK(a);
    if (!db)
        CHECK(db_open_memory(&db) == 0);
    CHECK(db_begin(db) == 0);
    if (import_seminar(a, db, &actor_server, &job, json, &one) == 0) {
        int64_t texts = count_texts(db);

        CHECK(one.is_new);
        CHECK(import_seminar(a, db, &actor_server, &job, json, &two) == 0);
        CHECK(!two.is_new && two.seminar_id == one.seminar_id && count_texts(db) == texts);
    } else {
        CHECK(one.fault.p);
    }
    db_abort(db);
    arena_free(a);
    return 0;
}
