/*
 * Joins the suites of the store, and makes the folder that each of their tests with a file has.
 */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct suite *const suites[] = {&db_suite, &migrate_suite, &writer_suite,
                                             &crash_suite};

int folder_new(void **state)
{
    struct folder *f = calloc(1, sizeof(*f));

    (void)snprintf(f->dir, sizeof(f->dir), "/tmp/kengesh-store-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof(f->path), "%s/record.db", f->dir);
    *state = f;
    return 0;
}

int folder_free(void **state)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    struct folder *f = *state;
    char name[96];

    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", f->path, tails[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(f->dir), 0);
    free(f);
    return 0;
}

int64_t one_number(struct db *db, const char *sql)
{
    struct stmt *q = db_stmt(db, sql);
    int64_t n;

    assert_int_equal(stmt_row(q), 1);
    n = col_i64(q, 0);
    stmt_end(q);
    return n;
}

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], name))
            return true;
    }
    return argc < 2;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (sweep_is_asked(argc, argv))
        return sweep_run(store_sweeps, nstore_sweeps);
    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
        if (is_wanted(suites[i]->name, argc, argv))
            failed += _cmocka_run_group_tests(suites[i]->name, suites[i]->tests, suites[i]->n, NULL,
                                              NULL);
    }
    return failed != 0;
}
