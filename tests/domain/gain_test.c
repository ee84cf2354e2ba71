#include "suite.h"

#include "domain/gain.h"

#include <math.h>

static bool near(double a, double b)
{
    return fabs(a - b) < 0.001;
}

/* Checked by hand: differences 20, 0, -10, 30, 10; mean 10, s = 15.811, t(4) = 2.776. */
static void five(void **state)
{
    static const struct gain_pair pairs[] = {{40, 60}, {50, 50}, {60, 50}, {30, 60}, {70, 80}};
    struct gain g;

    (void)state;
    gain_of(pairs, NELEM(pairs), &g);
    assert_int_equal(g.n, 5);
    assert_true(near(g.pre, 50) && near(g.post, 60) && near(g.mean, 10));
    assert_true(g.has_interval && near(g.low, 10 - 19.629) && near(g.high, 10 + 19.629));
    assert_true(g.has_norm && near(g.norm, 0.2));
    assert_int_equal(g.nup, 3);
    assert_int_equal(g.nsame, 1);
    assert_int_equal(g.ndown, 1);
}

static void loss(void **state)
{
    static const struct gain_pair pairs[] = {{80, 60}, {90, 70}, {100, 100}};
    struct gain g;

    (void)state;
    gain_of(pairs, NELEM(pairs), &g);
    assert_true(g.mean < 0 && near(g.mean, -13.3333) && g.norm < 0);
    assert_int_equal(g.ndown, 2);
}

static void edges(void **state)
{
    static const struct gain_pair full[] = {{100, 100}, {100, 90}};
    struct gain g;

    (void)state;
    gain_of(NULL, 0, &g);
    assert_true(g.n == 0 && !g.has_interval && !g.has_norm && g.mean == 0);
    gain_of(full, 1, &g);
    assert_true(g.n == 1 && !g.has_interval && !g.has_norm);
    gain_of(full, 2, &g);
    assert_true(g.has_interval && !g.has_norm && near(g.mean, -5));
    /* Tables of Student's t. */
    assert_true(near(gain_t95(1), 12.706) && near(gain_t95(30), 2.042));
    assert_true(near(gain_t95(31), 2.0395) && near(gain_t95(60), 2.0003) &&
                near(gain_t95(1000), 1.9623));
}

static const struct CMUnitTest tests[] = {ROW(five), ROW(loss), ROW(edges)};
SUITE(gain);
