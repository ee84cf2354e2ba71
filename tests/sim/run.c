#include "sim/run.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t sim_seed = 1;

static int round_of(const char *name, const struct CMUnitTest *tests, size_t n, uint64_t seed)
{
    sim_seed = seed;
    fprintf(stderr, "%s: seed %llu\n", name, (unsigned long long)seed);
    return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

int sim_run(const struct CMUnitTest *tests, size_t n, unsigned seeds, int argc, char **argv)
{
    const char *name = argc > 0 ? argv[0] : "sim";
    uint64_t seed = 0;
    int failed = 0;

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    if (argc > 2 && str_u64(str_c(argv[2]), UINT64_MAX, &seed) < 0) {
        fprintf(stderr, "usage: %s [scenario [seed]]\n", name);
        return 2;
    }
    if (argc > 2)
        return round_of(name, tests, n, seed);
    for (seed = 1; seed <= seeds && !failed; seed++)
        failed = round_of(name, tests, n, seed);
    return failed;
}
