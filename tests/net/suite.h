/*
 * The groups of this binary. Each *_test.c exports one; main.c runs all, or those named on the
 * command line.
 */
#ifndef TESTS_NET_SUITE_H
#define TESTS_NET_SUITE_H

#include "sweep/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct suite {
    const char *name;
    const struct CMUnitTest *tests;
    size_t n;
};

#define SUITE(noun, list)                                                                          \
    const struct suite noun##_suite = {#noun, list, sizeof(list) / sizeof((list)[0])}

extern const struct suite form_suite, h1_suite, h2_suite, loop_suite, reply_suite, route_suite,
    crowd_suite, dialog_suite, peek_suite, server_suite, stream_suite, tls_suite, udp_suite,
    ws_suite;

/* In h2_test.c. */
int h2_sweep(void);
int tls_shake_sweep(void);
int tls_talk_sweep(void);
/* Before anything else: OpenSSL asks the sweep for memory. */
void tls_sweep_begin(void);

extern const struct sweep_row net_sweeps[];
extern const size_t nnet_sweeps;

#endif
