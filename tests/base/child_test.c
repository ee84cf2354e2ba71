/*
 * Programs that talk to their end, that fail, and that never end: scripts in a folder of the test.
 */
#include "suite.h"

#include "base/arena.h"
#include "base/child.h"
#include "base/err.h"
#include "base/str.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a script of these words makes of "in", within so many milliseconds. */
static int runs(const char *words, int within_ms, str *ret_out)
{
    const struct child_limits limits = {.max_out = 1000, .within = within_ms * USEC_MS};
    static char said[1001];
    char folder[] = "/tmp/kengesh-child-XXXXXX", path[80];
    struct arena *a = arena_new();
    str out = {0};
    FILE *f;
    int r;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/program", folder);
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", words);
    fclose(f);
    assert_int_equal(chmod(path, 0700), 0);
    r = child_run(a, path, S("in"), &limits, &out);
    assert_int_equal(str_copy(said, sizeof(said), out), 0);
    *ret_out = (str){said, out.n};
    unlink(path);
    rmdir(folder);
    arena_free(a);
    return r;
}

static void talks_and_ends(void **state)
{
    str out;

    (void)state;
    assert_int_equal(runs("cat; echo ' and out'", 60000, &out), 0);
    assert_true(str_eq(out, S("in and out\n")));
    assert_int_equal(runs("exit 2", 60000, &out), ERR_SYNTAX);
    assert_int_equal(runs("exit 3", 60000, &out), ERR_INTERNAL);
}

static void never_ends(void **state)
{
    str out;

    (void)state;
    assert_int_equal(runs("exec sleep 60", 100, &out), ERR_TIMEOUT);
    /* it has shut its output, and goes on */
    assert_int_equal(runs("echo all; exec sleep 60 >&-", 100, &out), ERR_TIMEOUT);
}

int child_test(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(talks_and_ends),
                                       cmocka_unit_test(never_ends)};

    signal(SIGPIPE, SIG_IGN); /* as the server has it */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
