/*
 * What stands for base/random.c in simulated runs: a generator that begins at a run's seed, so that
 * first numbers, SSRCs and clocks of the sfu follow from it too. What OpenSSL draws for itself (the
 * certificate, of which plain mode uses nothing) does not.
 */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include "base/types.h"

void random_seed(uint64_t seed);
/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t random_next(uint64_t *state);

#endif
