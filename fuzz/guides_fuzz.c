/*
 * A file of guides, imported into a store in memory that is put back after every input. A second
 * time must add nothing, and nothing that came by a file counts as checked.
 */
#include "base/arena.h"
#include "domain/actor.h"
#include "domain/guide.h"
#include "fuzz.h"
#include "store/db.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    const usec now = (usec)2000000000 * USEC_S;
    struct arena *a = arena_new();
    str json = {(const char *)p, n};
    struct guide_list l, legal;
    unsigned added;

    CHECK(a);
    if (!db)
        CHECK(db_open_memory(&db) == 0);
    CHECK(db_begin(db) == 0);
    if (guide_import(a, db, &actor_server, json, now, &added) == 0) {
        unsigned again;

        CHECK(guide_import(a, db, &actor_server, json, now, &again) == 0 && again == 0);
        CHECK(guide_list(a, db, (str){"en", 2}, &l) == 0);
        CHECK(legal_list(a, db, (str){"en", 2}, &legal) == 0 && l.n + legal.n == added);
        for (size_t i = 0; i < l.n; i++) {
            struct guide_points k;

            CHECK(guide_points(a, db, l.row[i].id, (str){"en", 2}, now, &k) == 0);
            for (size_t n_point = 0; n_point < k.n; n_point++)
                CHECK(k.row[n_point].is_overdue);
        }
    }
    db_abort(db);
    arena_free(a);
    return 0;
}
