#include "suite.h"

#include "app/door.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

#include <sys/resource.h>

/* The number behind "LimitNOFILE=" in the unit. */
static uint64_t unit_files(void)
{
    struct arena *a = arena_new();
    uint64_t n = 0;
    ptrdiff_t at;
    str text;

    assert_int_equal(file_read(a, PACKAGING "/kengesh.service", 1 << 16, &text), 0);
    at = str_find(text, S("\nLimitNOFILE="));
    assert_true(at > 0);
    text = str_cut(str_from(text, (size_t)at + 13), '\n').head;
    assert_int_equal(str_u64(text, UINT64_MAX, &n), 0);
    arena_free(a);
    return n;
}

/* Whatever the limits let the server open at once has a descriptor: otherwise a flood of pages
 * takes those of a seminar. */
static void descriptors_add_up(void **state)
{
    (void)state;
    assert_true(door_files(1) > MAX_HTTP_CONNS + MAX_LINKS + MAX_PEERS);
    assert_int_equal(door_files(3) - door_files(2), MAX_LINKS + MAX_PEERS);
    assert_true(unit_files() >= door_files(MAX_HALLS));
}

/* Without AF_NETLINK getifaddrs(3) gives nothing and browsers are told 127.0.0.1. */
static void the_unit_sees_its_addresses(void **state)
{
    struct arena *a = arena_new();
    str text;

    (void)state;
    assert_int_equal(file_read(a, PACKAGING "/kengesh.service", 1 << 16, &text), 0);
    assert_true(str_find(text, S("\nRestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK")) > 0);
    arena_free(a);
}

static void as_many_as_the_system_allows(void **state)
{
    struct rlimit before, low, after;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    low = (struct rlimit){before.rlim_max < 500 ? before.rlim_max : 500, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    door_raise_files(2);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &after), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(after.rlim_cur,
                     before.rlim_max < door_files(2) ? before.rlim_max : door_files(2));
}

int door_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_add_up),
        cmocka_unit_test(the_unit_sees_its_addresses),
        cmocka_unit_test(as_many_as_the_system_allows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
