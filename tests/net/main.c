/*
 * Runs the tests of net: all, or the groups named on the command line.
 */
#include "suite.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>

static const struct suite *const suites[] = {
    &loop_suite,   &route_suite,  &h1_suite,     &form_suite, &reply_suite,
    &dialog_suite, &stream_suite, &server_suite, &ws_suite,   &udp_suite,
    &peek_suite,   &tls_suite,    &h2_suite,     &crowd_suite,
};

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], name))
            return true;
    }
    return argc < 2;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (sweep_is_asked(argc, argv)) {
        tls_sweep_begin();
        return sweep_run(net_sweeps, nnet_sweeps);
    }
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
        const struct suite *s = suites[i];

        if (is_wanted(s->name, argc, argv))
            failed += _cmocka_run_group_tests(s->name, s->tests, s->n, NULL, NULL);
    }
    return failed != 0;
}
