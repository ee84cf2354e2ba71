/*
 * What answers name when the operator names nothing.
 */
#include "suite.h"

#include "app/announce.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <string.h>

static const char *const own_text[] = {
    "127.0.0.1", "192.0.2.7",   "169.254.3.4", "::1",
    "fe80::7",   "2001:db8::7", "192.0.2.7",   "fd00::7",
};

/* What a socket at `udp` is said to be at, with commas. */
static const char *chosen(struct arena *a, const char *udp)
{
    struct addr own[NELEM(own_text)], at, to[ANNOUNCED];
    const char *text = "";
    size_t n;

    for (size_t i = 0; i < NELEM(own_text); i++)
        assert_int_equal(addr_parse(str_c(own_text[i]), 0, &own[i]), 0);
    assert_int_equal(announce_host_port(udp, &at), 0);
    n = announce_choose(&at, own, NELEM(own), to);
    for (size_t i = 0; i < n; i++) {
        char ip[ADDR_TEXT];

        addr_print_ip(&to[i], ip);
        assert_int_equal(to[i].port, 0);
        text = arena_printf(a, "%s%s%s", text, i ? "," : "", ip).p;
    }
    return text;
}

static void a_socket_of_all_addresses_is_at_both_families(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(chosen(a, "[::]:443"), "192.0.2.7,2001:db8::7,fd00::7");
    assert_string_equal(chosen(a, "0.0.0.0:443"), "192.0.2.7");
    assert_string_equal(chosen(a, "198.51.100.1:443"), "198.51.100.1");
    assert_string_equal(chosen(a, "[2001:db8::9]:443"), "2001:db8::9");
    assert_string_equal(chosen(a, "127.0.0.1:0"), "127.0.0.1");
    arena_free(a);
}

static void alone_in_the_world_it_is_at_loopback(void **state)
{
    struct addr at, own, to[ANNOUNCED];

    (void)state;
    assert_int_equal(announce_host_port("[::]:1", &at), 0);
    assert_int_equal(addr_parse(S("::1"), 0, &own), 0);
    assert_int_equal(announce_choose(&at, &own, 1, to), 1);
    assert_true(addr_is_self(&to[0]));
    assert_int_equal(announce_choose(&at, &own, 0, to), 1);
}

static void no_more_than_an_answer_carries(void **state)
{
    struct addr at, own[ANNOUNCED + 4], to[ANNOUNCED];

    (void)state;
    assert_int_equal(announce_host_port("[::]:1", &at), 0);
    for (unsigned i = 0; i < NELEM(own); i++) {
        assert_int_equal(addr_parse(S("2001:db8::"), 0, &own[i]), 0);
        own[i].ip[15] = (uint8_t)(1 + i);
    }
    assert_int_equal(announce_choose(&at, own, NELEM(own), to), ANNOUNCED);
}

static void what_is_named_stands(void **state)
{
    struct arena *a = arena_new();
    struct addr to[ANNOUNCED];
    size_t n = 0;

    (void)state;
    assert_string_equal(announce_text(a, "192.0.2.1, 2001:db8::1", "[::]:443"),
                        "192.0.2.1,2001:db8::1");
    assert_string_equal(announce_text(a, "auto", "127.0.0.1:0"), "127.0.0.1");
    assert_null(announce_text(a, "auto", "nowhere"));
    assert_int_equal(announce_list("192.0.2.1,x", "[::]:443", to, &n), ERR_SYNTAX);
    assert_int_equal(announce_list("::1,::2,::3,::4,::5,::6,::7,::8,::9", "[::]:443", to, &n),
                     ERR_FULL);
    arena_free(a);
}

/* Of this machine: there is always something, and nothing of it is of one wire. */
static void this_machine_is_somewhere(void **state)
{
    struct addr to[ANNOUNCED];
    size_t n = 0;

    (void)state;
    assert_int_equal(announce_list("auto", "[::]:0", to, &n), 0);
    assert_true(n >= 1);
    for (size_t i = 0; i < n; i++)
        assert_false(to[i].ip[0] == 0xfe && (to[i].ip[1] & 0xc0) == 0x80);
}

int announce_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_of_all_addresses_is_at_both_families),
        cmocka_unit_test(alone_in_the_world_it_is_at_loopback),
        cmocka_unit_test(no_more_than_an_answer_carries),
        cmocka_unit_test(what_is_named_stands),
        cmocka_unit_test(this_machine_is_somewhere),
    };

    return cmocka_run_group_tests_name("announce", tests, NULL, NULL);
}
