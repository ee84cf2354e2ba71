#include "world.h"

#include <stdio.h>
#include <string.h>

static void refused(void **state)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        {"", ERR_SYNTAX},
        {"[]", ERR_SYNTAX},
        {"{}", ERR_SYNTAX},
        {"{\"type\":7}", ERR_SYNTAX},
        {"{\"type\":\"no\"}", ERR_SYNTAX},
        {"{\"type\":\"hand\"}", ERR_SYNTAX},
        {"{\"type\":\"hand\",\"up\":1}", ERR_SYNTAX},
        {"{\"type\":\"hand\",\"up\":true", ERR_SYNTAX},
        {"{\"type\":\"hand\",\"up\":true,\"up\":false}", ERR_SYNTAX},
        {"{\"type\":\"stage\",\"person\":-1}", ERR_RANGE},
        {"{\"type\":\"stage\",\"person\":1.5}", ERR_SYNTAX},
        {"{\"type\":\"stats\",\"loss\":101,\"rtt\":1,\"kbps\":1}", ERR_RANGE},
        {"{\"type\":\"chat\",\"text\":\"  \"}", ERR_RANGE},
        {"{\"type\":\"chat\",\"text\":\"\\u0000\"}", ERR_SYNTAX},
        {"{\"type\":\"chat\",\"text\":\"\xff\"}", ERR_SYNTAX},
        {"{\"type\":\"want\",\"video\":[]}", ERR_SYNTAX},
        {"{\"type\":\"want\",\"video\":{\"V0\":99999}}", ERR_RANGE},
        {"{\"type\":\"hello\",\"version\":1,\"resume\":5}", ERR_SYNTAX},
        {"{\"type\":\"channel\"}", ERR_SYNTAX},
        {"{\"type\":\"channel\",\"lang\":\"abcdefghijklmnopq\"}", ERR_TOO_BIG},
        {"{\"type\":\"signal\",\"what\":\"loud\"}", ERR_SYNTAX},
        {"{\"type\":\"handover\"}", ERR_SYNTAX},
    };
    struct arena *a = arena_new();
    struct control c;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        int r = control_parse(a, str_c(rows[i].text), NULL, &c);

        if (r != rows[i].code)
            fail_msg("%s gives %s", rows[i].text, err_name(r));
    }
    arena_free(a);
}

static void long_texts(void **state)
{
    struct arena *a = arena_new();
    char text[MAX_CHAT_BYTES + 100];
    struct control c;
    int type = -1;

    (void)state;
    (void)snprintf(text, sizeof text, "{\"type\":\"chat\",\"text\":\"%0*d\"}", MAX_CHAT_BYTES + 1,
                   7);
    assert_int_equal(control_parse(a, str_c(text), &type, &c), ERR_TOO_BIG);
    assert_int_equal(type, CONTROL_CHAT);
    (void)snprintf(text, sizeof text, "{\"type\":\"chat\",\"text\":\"%0*d\"}", MAX_CHAT_BYTES, 7);
    assert_int_equal(control_parse(a, str_c(text), &type, &c), 0);
    assert_int_equal(c.text.n, MAX_CHAT_BYTES);
    arena_free(a);
}

static void wants_stay_apart(void **state)
{
    struct arena *a = arena_new();
    struct control c;

    (void)state;
    assert_int_equal(
        control_parse(a, S("{\"type\":\"want\",\"video\":{\"V0\":0,\"V3\":180}}"), NULL, &c), 0);
    assert_int_equal(c.want[0], 0);
    assert_int_equal(c.want[1], -1);
    assert_int_equal(c.want[3], 180);
    arena_free(a);
}

const struct CMUnitTest control_tests[] = {cmocka_unit_test(refused), cmocka_unit_test(long_texts),
                                           cmocka_unit_test(wants_stay_apart)};
const size_t ncontrol_tests = NELEM(control_tests);
