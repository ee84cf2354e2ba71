/*
 * The register's file, imported into a store in memory that is put back after every input. A second
 * time must add nothing, and whatever came in can be listed.
 */
#include "base/arena.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/hours.h"
#include "fuzz.h"
#include "store/db.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    const usec now = (usec)2000000000 * USEC_S;
    struct contact_filter f = {.lang = {"en", 2}, .is_worklist = true};
    struct arena *a = arena_new();
    str json = {(const char *)p, n};
    struct contact_list l;
    struct hours h;
    unsigned added;

    CHECK(a);
    if (!db)
        CHECK(db_open_memory(&db) == 0);
    CHECK(db_begin(db) == 0);
    if (contact_import(a, db, &actor_server, json, now, &added) == 0) {
        unsigned again;

        CHECK(contact_import(a, db, &actor_server, json, now, &again) == 0 && again == 0);
        CHECK(contact_list(a, db, &actor_server, &f, now, &l) == 0 && l.n == added);
    }
    db_abort(db);
    if (hours_parse(json, &h) == 0)
        (void)hours_is_open(&h, (str){"Asia/Ashgabat", 13}, now);
    arena_free(a);
    return 0;
}
