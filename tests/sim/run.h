/*
 * main() of a test program of simulated runs: PROGRAM [scenario [seed]]. The seed is told before
 * each round, so that a run that is cut short can be repeated as well.
 */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "base/types.h"
#include "sim/check.h"

/* Of the round that runs. */
extern uint64_t sim_seed;

/* The rounds are those of the seeds 1 to `seeds`, until one fails; or of the one that is named. */
int sim_run(const struct CMUnitTest *tests, size_t n, unsigned seeds, int argc, char **argv);

#endif
