#include "suite.h"

#include "app/conf.c"

#include <stdio.h>
#include <string.h>

/* What the reader makes of one text: "name=value;" per setting, "!line;" per fault. */
static void read_all(const char *text, char to[static 200])
{
    struct conf c = conf_init(str_c(text));
    str name, value;
    int r;

    to[0] = 0;
    while ((r = conf_next(&c, &name, &value)) != 0) {
        size_t n = strlen(to);

        if (r < 0)
            snprintf(to + n, 200 - n, "!%u;", c.line);
        else
            snprintf(to + n, 200 - n, "%.*s=%.*s;", STR(name), STR(value));
    }
}

static void lines_are_read(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"# a remark\n\n   \n\t# one more\n", ""},
        {"data = /srv/k\r\nlog=debug", "data=/srv/k;log=debug;"},
        {"  tls-cert\t=  a = b # c \n", "tls-cert=a = b # c;"},
        {"\xef\xbb\xbfsite = http://x\n", "site=http://x;"},
        {"data\nlog = info\n", "!1;log=info;"},
        {"\nData = x\n", "!2;"},
        {"= x\n", "!1;"},
        {"data =\n", "!1;"},
        {"data = \x01\n", "!1;"},
        {"data = \xff\n", "!1;"},
        {"da\xd1\x8e = x\n", "!1;"},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        char got[200];

        read_all(rows[i].text, got);
        assert_string_equal(got, rows[i].want);
    }
}

static void switches_are_read(void **state)
{
    bool on = false;

    (void)state;
    assert_int_equal(conf_bool(S("yes"), &on), 0);
    assert_true(on);
    assert_int_equal(conf_bool(S("0"), &on), 0);
    assert_false(on);
    assert_int_equal(conf_bool(S("Yes"), &on), ERR_SYNTAX);
    assert_int_equal(conf_bool(S(""), &on), ERR_SYNTAX);
}

int conf_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(switches_are_read),
    };

    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
