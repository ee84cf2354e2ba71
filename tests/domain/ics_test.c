#include "suite.h"

#include "domain/ics.h"

static void seminar(void **state)
{
    struct world *w = *state;
    struct seminar s;
    str ics = {NULL, 0}, line, rest;

    assert_int_equal(seminar_by_slug(w->a, w->db, S(DEMO_RECORD_SLUG), S("ru"), &s), 0);
    assert_int_equal(ics_seminar(w->a, &s, S("https://k.example/ru/s/x"), S("k.example"), T0, &ics),
                     0);
    assert_true(str_find(ics, S("\r\nDTSTART:20201124T050000Z\r\nDTEND:20201124T073000Z\r\n")) > 0);
    assert_true(str_find(ics, S("\r\nDTSTAMP:20270315T050000Z\r\n")) > 0);
    assert_true(str_find(ics, S("\r\nUID:media-and-ngos-2020@k.example\r\n")) > 0);
    rest = ics;
    while (str_line(&rest, &line)) {
        assert_true(line.n <= 75);
        assert_true(str_is_utf8(line)); /* no character is torn apart */
    }
}

static void escapes(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    str ics = {NULL, 0};

    s.short_title.body = S("a,b;c\\d\r\nEND:VEVENT");
    assert_int_equal(ics_seminar(w->a, &s, S("u"), S("h"), T0, &ics), 0);
    assert_true(str_find(ics, S("\r\nSUMMARY:a\\,b\\;c\\\\d\\nEND:VEVENT\r\n")) > 0);
}

static const struct CMUnitTest tests[] = {ROW(seminar), ROW(escapes)};
SUITE(ics);
