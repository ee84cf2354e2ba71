/*
 * HTTP scenarios against the whole web layer, in process: web_test [suite].
 */
#include "suite.h"

#include "base/log.h"

#include <string.h>

int suite_setup(void **state)
{
    *state = world_new();
    return 0;
}

int suite_teardown(void **state)
{
    world_forget(*state);
    world_free(*state);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } suites[] = {{"scenario", scenario_suite}, {"reader", reader_suite}, {"rate", rate_suite},
                 {"kept", kept_suite}};
    int failed = 0;

    log_set_level(LOG_ERROR);
    for (size_t i = 0; i < NELEM(suites); i++)
        if (argc < 2 || strcmp(argv[1], suites[i].name) == 0)
            failed += suites[i].run();
    return failed != 0;
}
