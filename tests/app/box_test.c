/*
 * The box is tried by a shell inside it, which does what a hijacked PDF reader would: read a
 * secret, write elsewhere, open a socket, start a process, compute for ever, fill the disk.
 */
#include "suite.h"

#include "app/box.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/kengesh-box-XXXXXX";
static char secret[80];

static int begin(void **state)
{
    FILE *f;

    (void)state;
    strcpy(folder + sizeof(folder) - 7, "XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(secret, sizeof(secret), "%s.secret", folder);
    f = fopen(secret, "w");
    if (!f)
        return -1;
    fputs("key\n", f);
    return fclose(f);
}

static int end(void **state)
{
    char path[80];

    (void)state;
    unlink(secret);
    snprintf(path, sizeof(path), "%s/out", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/inside", folder);
    unlink(path);
    return rmdir(folder);
}

/* The code of box_run, or the exit code of the script. */
static int shell(const char *script, const char *out, unsigned patience_s)
{
    const struct box b = {.folder = folder, .program = "/bin/sh", .arg = {"-c", script},
                          .out = out, .patience_s = patience_s};
    int code = -1, r = box_run(&b, &code);

    return r < 0 ? r : code;
}

static void inside_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(shell("exit 0", NULL, 60), 0);
    assert_int_equal(shell("exit 7", NULL, 60), 7);
    assert_int_equal(shell("echo a > inside && read x < inside && [ \"$x\" = a ]", NULL, 60), 0);
    assert_int_equal(shell("[ -r /usr/bin/env ]", NULL, 60), 0);
}

static void outside_is_shut(void **state)
{
    char script[200];

    (void)state;
    snprintf(script, sizeof(script), "read x < %s && exit 3; exit 0", secret);
    assert_int_equal(shell(script, NULL, 60), 0);
    snprintf(script, sizeof(script), "echo b > %s && exit 3; exit 0", secret);
    assert_int_not_equal(shell(script, NULL, 60), 3);
    assert_int_not_equal(shell("read x < /etc/passwd && exit 3; exit 0", NULL, 60), 3);
    assert_int_not_equal(shell("read x < /proc/self/maps && exit 3; exit 0", NULL, 60), 3);
    assert_int_not_equal(shell("echo c > /dev/shm/kengesh-box && exit 3; exit 0", NULL, 60), 3);
    assert_int_not_equal(shell("(exit 0) && exit 3; exit 0", NULL, 60), 3); /* no new process */
    assert_int_not_equal(shell("kill -0 $PPID && exit 3; exit 0", NULL, 60), 3);
}

/* Perl is in every Debian; it asks the kernel by itself. */
static void no_network(void **state)
{
    const struct box b = {
        .folder = folder, .program = "/usr/bin/perl", .patience_s = 60,
        .arg = {"-e", "exit 9 if -e '/usr/bin'; exit 1", NULL}};
    struct box net = b;
    int code = -1;

    (void)state;
    assert_int_equal(box_run(&b, &code), 0);
    assert_int_equal(code, 9);
    net.arg[1] = "use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0) and exit 3; exit 0";
    assert_int_equal(box_run(&net, &code), 0);
    assert_int_equal(code, 0);
    net.arg[1] = "use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0) and exit 3; exit 0";
    assert_int_equal(box_run(&net, &code), 0);
    assert_int_equal(code, 0);
}

static void limits_hold(void **state)
{
    char out[80];
    struct stat st;

    (void)state;
    snprintf(out, sizeof(out), "%s/out", folder);
    assert_int_equal(shell("while :; do :; done", NULL, 1), ERR_TIMEOUT);
    assert_int_equal(shell("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", NULL, 60) != 0, 1);
    assert_int_equal(shell("x=aaaaaaaaaaaaaaaa; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16;"
                           " do x=$x$x; done; while :; do echo $x; done", out, 60), ERR_TOO_BIG);
    assert_int_equal(stat(out, &st), 0);
    assert_true(st.st_size <= MAX_BOX_BYTES);
}

static void what_is_not_there(void **state)
{
    const struct box b = {.folder = folder, .program = "/usr/bin/no-such-program",
                          .patience_s = 60};
    int code = -1;

    (void)state;
    assert_int_equal(box_check(), 0);
    assert_int_equal(box_run(&b, &code), ERR_NOT_FOUND);
    assert_int_equal(code, -1);
}

int box_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(inside_is_allowed, begin, end),
        cmocka_unit_test_setup_teardown(outside_is_shut, begin, end),
        cmocka_unit_test_setup_teardown(no_network, begin, end),
        cmocka_unit_test_setup_teardown(limits_hold, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_there, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
