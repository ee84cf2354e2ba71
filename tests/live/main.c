/* Joins the suites of live. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

static size_t take(struct CMUnitTest *to, const struct CMUnitTest *from, size_t n)
{
    memcpy(to, from, n * sizeof *to);
    return n;
}

int main(int argc, char **argv)
{
    size_t n = ncontrol_tests + nmemory_tests + nroom_tests + nsession_tests + nprotocol_tests +
               nlink_tests + nnetwork_tests + nbooth_tests + nstreet_tests + nhall_tests +
               ndrops_tests + ndoor_tests + nroster_tests,
           at = 0;
    struct CMUnitTest *all = calloc(n, sizeof *all);
    int failed;

    if (!all)
        return 1;
    if (sweep_is_asked(argc, argv)) {
        free(all);
        return sweep_run(live_sweeps, nlive_sweeps);
    }
    at += take(all + at, control_tests, ncontrol_tests);
    at += take(all + at, memory_tests, nmemory_tests);
    at += take(all + at, room_tests, nroom_tests);
    at += take(all + at, door_tests, ndoor_tests);
    at += take(all + at, roster_tests, nroster_tests);
    at += take(all + at, session_tests, nsession_tests);
    at += take(all + at, protocol_tests, nprotocol_tests);
    at += take(all + at, link_tests, nlink_tests);
    at += take(all + at, network_tests, nnetwork_tests);
    at += take(all + at, booth_tests, nbooth_tests);
    at += take(all + at, street_tests, nstreet_tests);
    at += take(all + at, hall_tests, nhall_tests);
    at += take(all + at, drops_tests, ndrops_tests);
    failed = _cmocka_run_group_tests("live", all, at, NULL, NULL);
    free(all);
    return failed;
}
