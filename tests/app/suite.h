/*
 * The suites of this binary: one function per noun, each runs its group and returns how many tests
 * failed.
 */
#ifndef APP_SUITE_H
#define APP_SUITE_H

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int announce_test(void);
int box_test(void);
int conf_test(void);
int config_test(void);
int convert_test(void);
int daily_test(void);
int door_test(void);
int due_test(void);
int manual_test(void);
int staff_test(void);

#endif
