/*
 * The suites of this layer; main.c runs them over one world.
 */
#ifndef TESTS_WEB_SUITE_H
#define TESTS_WEB_SUITE_H

#include "run.h"

/* cmocka setup and teardown; *state is a struct world. */
int suite_setup(void **state);
int suite_teardown(void **state);

int scenario_suite(void);
int reader_suite(void);
int rate_suite(void);

#endif
