#include "suite.h"

#include "domain/view.h"

#define CC(a, b) (uint16_t)((a) << 8 | (b))

static void add(struct world *w, uint16_t country, uint32_t n)
{
    struct view v = {.page = S("news:x"), .lang = S("ru"), .country = country, .n = n};

    assert_int_equal(view_add(w->db, &v, 1, T0), 0);
}

static struct view_country_list countries(struct world *w)
{
    struct view_country_list l;

    assert_int_equal(view_countries(w->a, w->db, S("news:x"), &l), 0);
    return l;
}

static void count(void **state)
{
    struct world *w = *state;
    struct view batch[] = {
        {.page = S("news:x"), .lang = S("ru"), .country = CC('T', 'M'), .n = 3},
        {.page = S("news:x"), .lang = S("tk"), .country = CC('T', 'M'), .n = 4},
        {.page = S("news:x"), .lang = S("ru"), .country = CC('T', 'M'), .is_bot = true, .n = 50},
        {.page = S("home"), .lang = S("ru"), .n = 1},
        {.page = S("news:x"), .lang = S("ru"), .country = CC(1, 200), .n = 2}, /* no country */
    };
    struct view_day_list days;
    int64_t n = -1;

    assert_int_equal(view_add(w->db, batch, NELEM(batch), T0), 0);
    assert_int_equal(view_add(w->db, batch, 1, T0 + USEC_DAY), 0);
    assert_int_equal(view_count(w->db, S("news:x"), &n), 0);
    assert_int_equal(n, 12);
    assert_int_equal(view_count(w->db, S("news:y"), &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(view_days(w->a, w->db, S("news:x"), T0 / USEC_DAY, T0 / USEC_DAY + 9, &days),
                     0);
    assert_int_equal(days.n, 2);
    assert_int_equal(days.row[0].n, 9);
    assert_int_equal(days.row[1].n, 3);
}

static void suppression(void **state)
{
    struct world *w = *state;
    struct view_country_list l = countries(w);

    assert_int_equal(l.n, 0);
    add(w, CC('T', 'M'), 9);
    l = countries(w);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.row[0].code, "");
    assert_true(l.row[0].is_few);
    add(w, CC('T', 'M'), 1); /* ten: shown */
    l = countries(w);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.row[0].code, "TM");
    assert_int_equal(l.row[0].n, 10);
    add(w, CC('U', 'Z'), 30);
    add(w, CC('K', 'G'), 4);
    /*
     * Kyrgyzstan's four could be had by subtraction from the total: the smallest shown country goes
     * along.
     */
    l = countries(w);
    assert_int_equal(l.n, 2);
    assert_string_equal(l.row[0].code, "UZ");
    assert_string_equal(l.row[1].code, "");
    assert_int_equal(l.row[1].n, 14);
    assert_int_equal(l.nfew, 2);
    assert_false(l.row[1].is_few);
    add(w, CC('K', 'Z'), 5); /* two small ones hide each other */
    l = countries(w);
    assert_int_equal(l.n, 2); /* but nine stay few: ten go along */
    assert_string_equal(l.row[0].code, "UZ");
    assert_int_equal(l.row[1].n, 19);
    assert_int_equal(l.nfew, 3);
    assert_false(l.row[1].is_few);
    add(w, CC('K', 'Z'), 2);
    l = countries(w);
    assert_int_equal(l.n, 3);
    assert_string_equal(l.row[1].code, "TM");
    assert_int_equal(l.row[2].n, 11);
}

/* Views from nowhere known could be had by subtraction as well. */
static void suppression_of_unknown(void **state)
{
    struct world *w = *state;
    struct view_country_list l;

    add(w, CC('T', 'M'), 12);
    add(w, 0, 3);
    l = countries(w);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.row[0].code, "");
    assert_int_equal(l.row[0].n, 15);
    assert_false(l.row[0].is_few);
}

static const struct CMUnitTest tests[] = {ROW(count), ROW(suppression),
                                          ROW(suppression_of_unknown)};
SUITE(view);
