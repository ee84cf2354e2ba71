/*
 * The table of suites, and a folder of its own for every test that needs a file.
 */
#ifndef TESTS_STORE_SUITE_H
#define TESTS_STORE_SUITE_H

#include "base/err.h"
#include "base/str.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/writer.h"
#include "sweep/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct suite {
    const char *name;
    const struct CMUnitTest *tests;
    size_t n;
};

struct folder {
    char dir[40], path[64];
};

/* cmocka setup and teardown; *state is a struct folder. */
int folder_new(void **state);
int folder_free(void **state);
int64_t one_number(struct db *db, const char *sql);

#define SUITE(word)                                                                                \
    const struct suite word##_suite = {#word, tests, sizeof(tests) / sizeof(tests[0])}
#define ROW(fn) cmocka_unit_test_setup_teardown(fn, folder_new, folder_free)

extern const struct suite db_suite, migrate_suite, writer_suite, crash_suite;

extern const struct sweep_row store_sweeps[];
extern const size_t nstore_sweeps;

#endif
