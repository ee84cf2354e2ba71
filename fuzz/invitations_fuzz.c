/*
 * Invitation lists as bytes of any encoding, imported into a seminar of a store in memory that is
 * put back after every input. Every row is taken or reported; a second import adds nobody.
 */
#include "domain/import.c"
#include "store/db.h"

#include "fuzz.h"

static const char seminar_json[] =
    "{\"organisations\":[{\"id\":\"tdh\",\"kind\":\"ngo\","
    "\"name\":{\"ru\":\"Союз молодёжи\",\"en\":\"Union\"}},"
    "{\"id\":\"two\",\"kind\":\"ngo\",\"name\":{\"ru\":\"Союз женщин\"}}],"
    "\"programme\":{\"slug\":\"pp\"},\"seminar\":{\"slug\":\"ss\",\"timezone\":\"UTC\","
    "\"starts_at\":\"2020-11-24T10:00:00Z\",\"duration_minutes\":60,"
    "\"floor_language\":\"ru\",\"languages\":[\"ru\",\"tk\"],\"network_policy\":\"open\"}}";

static struct db *open_once(int64_t *ret_seminar_id)
{
    struct import_job job = {.now = 1};
    struct import_seminar made = {0};
    struct arena *a = arena_new();
    struct db *db = NULL;

    CHECK(a && db_open_memory(&db) == 0);
    CHECK(import_seminar(a, db, &actor_server, &job, str_c(seminar_json), &made) == 0);
    *ret_seminar_id = made.seminar_id;
    arena_free(a);
    return db;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    static int64_t seminar_id;
    struct import_job job = {.now = 1};
    struct import_report one, two;
    struct arena *a = arena_new();
    str bytes = {(const char *)p, n};

    CHECK(a);
    if (!db)
        db = open_once(&seminar_id);
    job.seminar_id = seminar_id;
    CHECK(db_begin(db) == 0);
    if (import_invitations(a, db, &actor_server, &job, bytes, &one) == 0) {
        /* An open quotation mark is a fault without a row. */
        CHECK(one.nadded + one.nchanged + one.nsame + one.nfaults - one.nrows <= 1);
        CHECK(import_invitations(a, db, &actor_server, &job, bytes, &two) == 0);
        CHECK(two.nadded == 0 && two.nfaults == one.nfaults);
    }
    db_abort(db);
    arena_free(a);
    return 0;
}
