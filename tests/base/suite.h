/*
 * The suites of this binary: one function per noun, each runs its group and returns how many tests
 * failed.
 */
#ifndef BASE_SUITE_H
#define BASE_SUITE_H

#include "sweep/sweep.h"

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int addr_test(void);
int arena_test(void);
int bytes_test(void);
int child_test(void);
int encode_test(void);
int err_test(void);
int pkt_test(void);
int queue_test(void);
int sandbox_test(void);
int sb_test(void);
int str_test(void);
int table_test(void);

extern const struct sweep_row base_sweeps[];
extern const size_t nbase_sweeps;

#endif
