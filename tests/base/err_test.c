#include "suite.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void test_table(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        int code = -i - 1;

        assert_string_not_equal(err_name(code), "UNKNOWN");
        assert_true(strlen(err_text(code)) > 3);
        assert_in_range(err_http_status(code), 400, 599);
    }
    assert_string_equal(err_name(ERR_NOT_FOUND), "NOT_FOUND");
    assert_int_equal(err_http_status(ERR_NOT_FOUND), 404);
}

static void test_what_is_not_in_it(void **state)
{
    (void)state;
    assert_string_equal(err_text(0), "ok");
    assert_int_equal(err_http_status(0), 200);
    assert_string_equal(err_name(1), "UNKNOWN");
    assert_string_equal(err_text(-ERR_COUNT - 1), "unknown");
    assert_int_equal(err_http_status(-1000), 500);
    assert_string_equal(err_name(INT32_MIN), "UNKNOWN");
}

static void test_errno(void **state)
{
    (void)state;
    assert_int_equal(err_from_errno(ENOSPC), ERR_DISK_FULL);
    assert_int_equal(err_from_errno(EDQUOT), ERR_DISK_FULL);
    assert_int_equal(err_from_errno(ENOMEM), ERR_MEM);
    assert_int_equal(err_from_errno(EAGAIN), ERR_BUSY);
    assert_int_equal(err_from_errno(EPERM), ERR_IO);
}

/* What log_line writes, caught by a pipe in the place of standard error. */
static str logged(char *to, size_t size, enum log_level least)
{
    int ends[2], kept = dup(STDERR_FILENO);
    ssize_t n;

    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    dup2(ends[1], STDERR_FILENO);
    log_set_level(least);
    log_info("test", "event", "text=\"%s\"", "a\nb\x7f");
    log_set_level(LOG_INFO);
    dup2(kept, STDERR_FILENO);
    n = read(ends[0], to, size);
    close(kept);
    close(ends[0]);
    close(ends[1]);
    return (str){to, n > 0 ? (size_t)n : 0};
}

static void test_log(void **state)
{
    char text[256];
    str line = logged(text, sizeof(text), LOG_INFO);
    enum log_level level = LOG_DEBUG;

    (void)state;
    assert_true(str_ends(line, S("Z info test event text=\"a?b?\"\n")));
    assert_int_equal(logged(text, sizeof(text), LOG_WARN).n, 0);
    assert_int_equal(log_level_parse(S("warn"), &level), 0);
    assert_int_equal(level, LOG_WARN);
    assert_int_equal(log_level_parse(S("loud"), &level), ERR_SYNTAX);
    assert_int_equal(level, LOG_WARN);
}

static void test_clock(void **state)
{
    usec a = clock_mono(), b = clock_mono();

    (void)state;
    assert_true(b >= a);
    assert_true(clock_wall() > (usec)1600000000 * USEC_S);
}

int err_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_what_is_not_in_it),
        cmocka_unit_test(test_errno), cmocka_unit_test(test_log),
        cmocka_unit_test(test_clock),
    };

    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
