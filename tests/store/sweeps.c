/* What the store allocates, with each allocation failing in turn: see tests/sweep/sweep.h. */
#include "suite.h"

#include <stdlib.h>

static int db_sweep(void)
{
    struct db *db = NULL;
    int r = db_open_memory(&db);

    if (r == 0)
        r = stmt_run(db_stmt(db, "INSERT INTO texts (text_id) VALUES (1)"));
    if (r == 0) {
        struct stmt *q = db_stmt(db, "SELECT text_id FROM texts");
        struct stmt *nested;

        r = stmt_row(q);
        nested = db_stmt(db, "SELECT count(*) FROM texts");
        if (r > 0)
            r = stmt_row(nested);
        stmt_end(nested);
        stmt_end(q);
        r = r > 0 ? 0 : r;
    }
    db_close(db);
    return r;
}

static int copy_sweep(void)
{
    struct db *db = NULL, *copy = NULL;
    int r = db_open_memory(&db);

    if (r == 0)
        r = db_copy_memory(db, &copy);
    db_close(copy);
    db_close(db);
    return r;
}

static int act(struct work *w, struct db *db)
{
    (void)w;
    return stmt_run(db_stmt(db, "INSERT INTO texts DEFAULT VALUES"));
}

static void done(struct work *w, int result)
{
    (void)w;
    (void)result;
}

static int writer_sweep(void)
{
    struct work work = {.act = act, .done = done};
    struct writer *w = NULL;
    int r = writer_new(":memory:", &w);

    if (r == 0)
        r = writer_put(w, &work);
    writer_free(w);
    return r;
}

const struct sweep_row store_sweeps[] = {
    {"db", db_sweep}, {"copy", copy_sweep}, {"writer", writer_sweep}};
const size_t nstore_sweeps = sizeof(store_sweeps) / sizeof(store_sweeps[0]);
