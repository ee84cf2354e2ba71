/*
 * HTTP scenarios against the whole web layer, in process: web_test [suite].
 */
#include "suite.h"

#include "base/log.h"
#include "web/texts.h"

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

/* What a thread keeps for dates and numbers lives as long as the thread: no leak of a test. */
static void warm_up(void)
{
    struct arena *a = arena_new();
    struct sb b = sb_init(a, 0);
    struct texts t;

    texts_init(&t, S("en"), S("UTC"));
    texts_show(&b, &t, SHOW_DATE, USEC_S);
    arena_free(a);
}

enum { FORM_ROUNDS = 60 /* of each of a hundred forms */ };

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } suites[] = {{"scenario", scenario_suite},
                  {"reader", reader_suite},
                  {"heard", heard_suite},
                  {"rate", rate_suite},
                  {"kept", kept_suite},
                  {"convene", convene_suite},
                  {"teach", teach_suite},
                  {"kit_pack", kit_pack_suite},
                  {"old_page", old_page_suite},
                  {"room", room_suite}};
    int failed = 0;

    if (sweep_is_asked(argc, argv) && argc > 2 && strcmp(argv[2], "forms") == 0)
        return route_sweeps(FORM_ROUNDS);
    if (sweep_is_asked(argc, argv))
        return sweep_run(web_sweeps, nweb_sweeps) | sweep_run(act_sweeps, nact_sweeps);
    if (argc == 2 && strcmp(argv[1], "--endpoints") == 0)
        return endpoints_print() != 0;
    log_set_level(LOG_ERROR);
    warm_up();
    for (size_t i = 0; i < NELEM(suites); i++)
        if (argc < 2 || strcmp(argv[1], suites[i].name) == 0)
            failed += suites[i].run();
    return failed != 0;
}
