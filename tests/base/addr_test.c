#include "suite.h"

#include "base/addr.h"
#include "base/err.h"
#include "base/str.h"

static void prints_as(const char *ip, uint16_t port, const char *want_ip, const char *want)
{
    struct addr a;
    char text[ADDR_TEXT];

    assert_int_equal(addr_parse(str_c(ip), port, &a), 0);
    addr_print_ip(&a, text);
    assert_string_equal(text, want_ip);
    addr_print(&a, text);
    assert_string_equal(text, want);
}

static void test_parse_and_print(void **state)
{
    (void)state;
    prints_as("127.0.0.1", 80, "127.0.0.1", "127.0.0.1:80");
    prints_as("::1", 65535, "::1", "[::1]:65535");
    prints_as("2001:db8::8:800:200c:417a", 0, "2001:db8::8:800:200c:417a",
              "[2001:db8::8:800:200c:417a]:0");
    prints_as("::ffff:192.0.2.1", 1, "192.0.2.1", "192.0.2.1:1");
    prints_as("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535,
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static void test_bad_addresses(void **state)
{
    static const char *const bad[] = {
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", ":::", "1.2.3.4:80", "[::1]", "name", " 1.2.3.4"};
    struct addr a = {.port = 7};

    (void)state;
    for (size_t i = 0; i < NELEM(bad); i++)
        assert_int_equal(addr_parse(str_c(bad[i]), 1, &a), ERR_SYNTAX);
    assert_int_equal(a.port, 7);
}

static void test_self(void **state)
{
    static const struct {
        const char *ip;
        bool is_self;
    } rows[] = {{"127.0.0.1", true},  {"127.9.9.9", true},  {"::ffff:127.0.0.1", true},
                {"::1", true},        {"128.0.0.1", false}, {"10.127.0.1", false},
                {"::2", false},       {"1::1", false},      {"::", false}};
    struct addr a;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(addr_parse(str_c(rows[i].ip), 1, &a), 0);
        assert_int_equal(addr_is_self(&a), rows[i].is_self);
    }
}

static void test_equality(void **state)
{
    struct addr a, b;

    (void)state;
    assert_int_equal(addr_parse(S("192.0.2.1"), 5, &a), 0);
    assert_int_equal(addr_parse(S("::ffff:192.0.2.1"), 5, &b), 0);
    assert_true(addr_eq(&a, &b));
    assert_true(addr_key(&a) == addr_key(&b));
    assert_true(addr_is_v4(&b));
    b.via = 1;
    assert_false(addr_eq(&a, &b));
    assert_true(addr_key(&a) != addr_key(&b));
    b = a;
    b.port = 6;
    assert_false(addr_eq(&a, &b));
    assert_int_equal(addr_parse(S("::1"), 5, &b), 0);
    assert_false(addr_is_v4(&b));
}

int addr_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_and_print),
        cmocka_unit_test(test_bad_addresses),
        cmocka_unit_test(test_self), cmocka_unit_test(test_equality),
    };

    return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
