#include "suite.h"

#include "domain/help.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void again(void **state)
{
    struct world *w = *state;
    struct demo_in in = {.seminar_json = world_file(w, "seminar.json"),
                         .invitations_csv = world_file(w, "invitations.csv"),
                         .contacts_json = world_file(w, "contacts.json"),
                         .guides_json = world_file(w, "guides.json"),
                         .kit_json = world_file(w, "kit.json"),
                         .password_hash = S("other")};
    int64_t before = db_total_changes(w->db);
    struct demo d;

    assert_true(w->demo.is_new);
    assert_true(w->demo.is_account_new);
    assert_int_equal(demo_import(w->a, w->db, &in, T0 + USEC_DAY, &d), 0);
    assert_false(d.is_new);
    assert_false(d.is_account_new);
    assert_int_equal(d.live_id, w->demo.live_id);
    assert_int_equal(d.record_id, w->demo.record_id);
    assert_true(db_total_changes(w->db) == before);
    assert_int_equal(world_live(w).starts_at, T0);
}

/*
 * The file of requests for help is its own, readable by its owner alone, and holds no table of the
 * record.
 */
static void help_apart(void **state)
{
    char dir[] = "/tmp/kengesh-help-XXXXXX", path[64], other[80];
    struct db *db = NULL;
    struct stat st;

    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/help.db", dir);
    assert_int_equal(help_open(path, &db), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stmt_run(db_stmt(db, "SELECT count(*) FROM requests")), 0);
    assert_int_equal(stmt_run(db_stmt(db, "SELECT count(*) FROM seminars")), ERR_STORE);
    db_close(db);
    assert_int_equal(help_open(path, &db), 0);
    db_close(db);
    unlink(path);
    (void)snprintf(other, sizeof(other), "%s-wal", path);
    unlink(other);
    (void)snprintf(other, sizeof(other), "%s-shm", path);
    unlink(other);
    assert_int_equal(rmdir(dir), 0);
}

/* The record's own file knows nothing of requests for help: no right can ask for them there. */
static void record_without_help(void **state)
{
    struct world *w = *state;

    assert_int_equal(stmt_run(db_stmt(w->db, "SELECT count(*) FROM requests")), ERR_STORE);
}

static const struct CMUnitTest tests[] = {ROW(again), cmocka_unit_test(help_apart),
                                          ROW(record_without_help)};
SUITE(demo);
