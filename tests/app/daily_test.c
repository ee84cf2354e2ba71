/*
 * The main thread's day, over a clock that its waits move.
 */
#include "suite.h"

#include "app/daily.h"

#include <signal.h>

#define AN_HOUR (3600 * USEC_S)

struct site {
    usec now, every, end; /* a reload comes every so long */
    unsigned nrun, nreload;
    usec ran_at[16];
};

static usec site_now(void *ctx)
{
    return ((struct site *)ctx)->now;
}

static int site_wait(usec left, void *ctx)
{
    struct site *s = ctx;
    usec to_reload = s->every - s->now % s->every;

    assert_true(left >= 0);
    s->now += left < to_reload ? left : to_reload;
    if (s->now >= s->end)
        return SIGTERM;
    return left < to_reload ? 0 : SIGHUP;
}

static void site_run(void *ctx)
{
    struct site *s = ctx;

    assert_true(s->nrun < NELEM(s->ran_at));
    s->ran_at[s->nrun++] = s->now;
}

static void site_reload(void *ctx)
{
    ((struct site *)ctx)->nreload++;
}

/* Ten days and a half: at the start, then ten times, however often it reloads. */
static void runs_every_day(void **state)
{
    static const usec every[] = {AN_HOUR / 60, AN_HOUR, 23 * AN_HOUR, 24 * AN_HOUR, 1000 * AN_HOUR};

    (void)state;
    for (size_t i = 0; i < NELEM(every); i++) {
        struct site s = {.now = AN_HOUR, .every = every[i], .end = AN_HOUR + 252 * AN_HOUR};
        const struct daily d = {site_now, site_wait, site_run, site_reload, &s};

        assert_int_equal(daily_wait(&d), SIGTERM);
        assert_int_equal(s.nrun, 11);
        for (unsigned k = 0; k < s.nrun; k++)
            assert_int_equal(s.ran_at[k], AN_HOUR + k * USEC_DAY);
        assert_int_equal(s.nreload, (s.end - 1) / every[i] - (AN_HOUR) / every[i]);
    }
}

int daily_test(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(runs_every_day)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
