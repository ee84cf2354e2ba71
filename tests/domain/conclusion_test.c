#include "suite.h"

#include "base/limits.h"
#include "domain/conclusion.h"

static void add(void **state)
{
    struct world *w = *state;
    struct conclusion_in in = {.seminar_id = w->demo.live_id, .kind = CONCLUSION_PRACTICE,
                               .lang = S("ru"), .text = S("  Горячая линия работает  ")};
    struct text_in tk = {.lang = S("tk"), .body = S("Gyzgyn liniýa işleýär"), .revision = 0};
    struct conclusion_list l;
    int64_t id = 0;

    assert_int_equal(conclusion_list(w->a, w->db, w->demo.record_id, S("tk"), &l), 0);
    assert_int_equal(l.n, 3);
    assert_int_equal(l.row[1].kind, CONCLUSION_RECOMMENDATION);
    assert_true(l.row[1].text.is_asked);
    assert_int_equal(conclusion_list(w->a, w->db, w->demo.live_id, S("tk"), &l), 0);
    assert_int_equal(l.n, 0);
    assert_int_equal(conclusion_add(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(conclusion_add(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(conclusion_text_put(w->db, &w->event, id, &tk, T0), 0);
    assert_int_equal(conclusion_list(w->a, w->db, w->demo.live_id, S("tk"), &l), 0);
    assert_int_equal(l.n, 2);
    assert_int_equal(l.row[1].number, 2);
    assert_str(l.row[0].text.body, "Горячая линия работает");
    assert_false(l.row[0].text.is_asked);
    assert_str(l.row[1].text.body, "Gyzgyn liniýa işleýär");
    in.text = S("  ");
    assert_int_equal(conclusion_add(w->db, &w->event, &in, T0, &id), ERR_RANGE);
    in.text = (str){arena_alloc(w->a, MAX_CONCLUSION_BYTES + 1), MAX_CONCLUSION_BYTES + 1};
    ((char *)(uintptr_t)in.text.p)[0] = 'x';
    assert_int_equal(conclusion_add(w->db, &w->event, &in, T0, &id), ERR_TOO_BIG);
}

static const struct CMUnitTest tests[] = {ROW(add)};
SUITE(conclusion);
