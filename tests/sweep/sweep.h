/*
 * Two modes of every test binary of C. The linker gives the binary our malloc and arena calls
 * instead of the plain ones (tests/sweep/meson.build), for our own code; libraries keep theirs.
 *
 *   always   what a test allocates is free again behind its teardown; where a group shares a
 *            world, behind the group's. The place of what is left is printed; the test fails.
 *   -o       each row of the binary's sweep table runs again and again: first its first allocation
 *            fails, then its second, … until none is left; once with that one alone failing, once
 *            with all from there on. It gives 0 or ERR_MEM, leaves nothing behind, does not crash.
 *
 *     static const struct sweep_row rows[] = {{"csv", csv_sweep}, …};
 *     if (sweep_is_asked(argc, argv))
 *         return sweep_run(rows, NELEM(rows));
 */
#ifndef TESTS_SWEEP_SWEEP_H
#define TESTS_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

/* Begins with nothing, ends with nothing; 0 or an error. Allocations of its own thread fail. */
typedef int sweep_fn(void);

struct sweep_row {
    const char *name;
    sweep_fn *run;
};

/* Is "-o" the first word of the command line? Or "-O", which leaves out no allocation. */
bool sweep_is_asked(int argc, char **argv);
/* 0 when all rows hold; prints what does not. */
int sweep_run(const struct sweep_row *rows, size_t n);
/* With so many allocations of each row at most, spread over it; with "-O" all of them. */
int sweep_run_some(const struct sweep_row *rows, size_t n, size_t most);

/* For a row: what its thread allocates between these two does not fail, nor count (a fixture). */
void sweep_pause(void);
void sweep_resume(void);

#endif
