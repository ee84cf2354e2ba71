/*
 * Tests of app: every suite, or those named on the command line.
 */
#include "suite.h"

#include "base/types.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(void);
} suites[] = {
    {"announce", announce_test},
    {"box", box_test},
    {"conf", conf_test},
    {"config", config_test},
    {"convert", convert_test},
    {"daily", daily_test},
    {"door", door_test},
    {"due", due_test},
    {"manual", manual_test},
    {"staff", staff_test},
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

    for (size_t i = 0; i < NELEM(suites); i++)
        if (is_wanted(suites[i].name, argc, argv))
            failed += suites[i].run();
    return failed != 0;
}
