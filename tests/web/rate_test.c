#include "suite.h"

#include "web/rate.h"

static void burst_then_refill(void **state)
{
    struct rate *r;
    usec now = 1000 * USEC_S;

    (void)state;
    assert_int_equal(rate_new(&r), 0);
    for (int i = 0; i < 5; i++)
        assert_true(rate_take(r, 42, 60, 5, now));
    assert_false(rate_take(r, 42, 60, 5, now));
    assert_true(rate_take(r, 43, 60, 5, now));
    now += USEC_S;
    assert_true(rate_take(r, 42, 60, 5, now));
    assert_false(rate_take(r, 42, 60, 5, now));
    now += 3600 * USEC_S;
    for (int i = 0; i < 5; i++)
        assert_true(rate_take(r, 42, 60, 5, now));
    assert_false(rate_take(r, 42, 60, 5, now));
    rate_free(r);
}

static void slow_drops_count_up(void **state)
{
    struct rate *r;
    usec now = USEC_S;
    int taken = 0;

    (void)state;
    assert_int_equal(rate_new(&r), 0);
    for (int i = 0; i < 600; i++, now += 100 * USEC_MS)
        taken += rate_take(r, 7, 60, 1, now);
    assert_in_range(taken, 59, 61);
    rate_free(r);
}

/* How many of `max` requests are answered before the first 429; the page says what to do. */
static int answered(struct world *w, const struct ask *ask, int max)
{
    for (int i = 0; i < max; i++) {
        struct reply r = run(w, ask);

        if (r.status == 429) {
            assert_true(str_find(r.body, S("Wait")) > 0 || str_find(r.body, S("wait")) > 0);
            assert_true(str_eq(reply_header(&r, "Cache-Control"), S("no-store")));
            return i;
        }
        if (i % 500 == 0)
            world_forget(w);
    }
    return max;
}

/* A carrier's address stands for thousands of readers: 100 in one second are nothing, and what one
 * machine does to it does not shut out those who are known by their session. */
static void token_before_address(void **state)
{
    enum { CARRIER = 77, NEIGHBOUR = 78 };
    struct world *w = *state;
    const struct ask reader = {.method = "GET", .url = "/en/news", .prefix = CARRIER};
    const struct ask fresh = {.method = "GET", .url = "/en/news?skip=0", .prefix = CARRIER};
    const struct ask staff = {.method = "GET", .url = "/desk", .user = EDITOR, .prefix = CARRIER};
    const struct ask elsewhere = {.method = "GET", .url = "/en/news", .prefix = NEIGHBOUR};
    int status = 200;

    assert_in_range(answered(w, &reader, 20000), 6000, 12000);
    for (int i = 0; i < 50 && status != 429; i++) { /* the same bucket, kept page or not */
        answered(w, &reader, 20000);
        status = run(w, &fresh).status;
    }
    assert_int_equal(status, 429);
    assert_int_equal(run(w, &elsewhere).status, 200);
    assert_int_equal(run(w, &staff).status, 200);
    assert_in_range(answered(w, &staff, 1000), 100, 400);
    world_forget(w);
}

/* A proxy on this machine speaks for everybody. */
static void this_machine_is_not_limited(void **state)
{
    struct world *w = *state;

    assert_int_equal(answered(w, &(struct ask){.method = "GET", .url = "/en/news"}, 8000), 8000);
    world_forget(w);
}

/* Forms have a bucket of their own, so that reading does not use up the right to answer. */
static void forms_apart(void **state)
{
    struct world *w = *state;
    const struct ask form = {.method = "POST", .url = "/sign-out", .prefix = 79};

    assert_in_range(answered(w, &form, 3000), 600, 1500);
    assert_int_equal(run(w, &(struct ask){.method = "GET", .url = "/en", .prefix = 79}).status,
                     200);
    world_forget(w);
}

int rate_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_then_refill),
        cmocka_unit_test(slow_drops_count_up),
        cmocka_unit_test(token_before_address),
        cmocka_unit_test(this_machine_is_not_limited),
        cmocka_unit_test(forms_apart),
    };

    return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
