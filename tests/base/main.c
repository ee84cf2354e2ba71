/*
 * Tests of base: every suite, or those named on the command line.
 */
#include "suite.h"

#include "base/types.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(void);
} suites[] = {
    {"addr", addr_test},     {"arena", arena_test}, {"bytes", bytes_test}, {"child", child_test},
    {"encode", encode_test}, {"err", err_test},     {"pkt", pkt_test},     {"queue", queue_test},
    {"sandbox", sandbox_test}, {"sb", sb_test},     {"str", str_test},     {"table", table_test},
};

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (sweep_is_asked(argc, argv))
        return sweep_run(base_sweeps, nbase_sweeps);
    for (size_t i = 0; i < NELEM(suites); i++)
        if (is_wanted(suites[i].name, argc, argv))
            failed += suites[i].run();
    return failed != 0;
}
