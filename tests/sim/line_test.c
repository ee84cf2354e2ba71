#include "sim/line.h"

#include "base/str.h"
#include "sim/check.h"

#include <stdio.h>
#include <stdlib.h>

/* Thresholds for the lines of sim/line.c. A run is repeated by its seed: line_test [test [seed]].
 */

static uint64_t seed = 1;

static void run(const char *name, struct line_result *ret_result)
{
    for (const struct line *l = lines; l->name; l++) {
        if (!str_eq(str_c(l->name), str_c(name)))
            continue;
        line_run(l, seed, ret_result);
        printf("%s: frames %u of %u voices %u of %u freeze %lld ms queue %lld ms back %lld ms\n",
               name, ret_result->frames, ret_result->frames_sent, ret_result->voices,
               ret_result->voices_sent, (long long)ret_result->freeze / USEC_MS,
               (long long)ret_result->waited / USEC_MS, (long long)ret_result->recovered / USEC_MS);
        return;
    }
    fail_msg("no line is called %s", name);
}

static void assert_line(const char *name, unsigned frames_permille, unsigned voices_permille,
                        usec freeze)
{
    struct line_result r;

    run(name, &r);
    assert_true(r.frames * 1000ull >= r.frames_sent * (uint64_t)frames_permille);
    assert_true(r.voices * 1000ull >= r.voices_sent * (uint64_t)voices_permille);
    assert_true(r.freeze <= freeze);
}

static void test_clean(void **state)
{
    (void)state;
    assert_line("clean, 40 ms", 998, 998, 60 * USEC_MS);
}

static void test_random_loss(void **state)
{
    (void)state;
    assert_line("1 % random loss, 50 ms", 995, 985, 300 * USEC_MS);
    assert_line("5 % random loss, 150 ms", 995, 940, 600 * USEC_MS);
    assert_line("10 % random loss, 150 ms", 960, 885, 1500 * USEC_MS);
}

static void test_burst_loss(void **state)
{
    (void)state;
    assert_line("5 % loss in bursts of 4, 150 ms", 985, 930, 1000 * USEC_MS);
}

static void test_far_away(void **state)
{
    (void)state;
    assert_line("2 % random loss, 600 ms", 980, 970, 2500 * USEC_MS);
}

static void test_jitter(void **state)
{
    (void)state;
    assert_line("jitter of 80 ms, 100 ms", 995, 990, 250 * USEC_MS);
}

static void test_rival(void **state)
{
    (void)state;
    assert_line("1 Mbit/s, a rival takes 300 kbit/s", 995, 995, 100 * USEC_MS);
}

/* A line that carries too little for the picture for 40 s: the picture is back soon after. */
static void test_changing_rate(void **state)
{
    struct line_result r;

    (void)state;
    run("2 M, 300 k, 64 k, 1 Mbit/s", &r);
    assert_true(r.recovered >= 0);
    assert_true(r.recovered <= 3 * USEC_S);
    assert_true(r.waited <= 520 * USEC_MS);
    assert_true(r.voices * 100ull >= r.voices_sent * 65ull);
    assert_true(r.frames * 100ull >= r.frames_sent * 42ull);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),         cmocka_unit_test(test_random_loss),
        cmocka_unit_test(test_burst_loss),    cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_jitter),        cmocka_unit_test(test_rival),
        cmocka_unit_test(test_changing_rate),
    };
    int failed;

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (failed)
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
    return failed;
}
