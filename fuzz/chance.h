/*
 * Chance that is the same in every run, in place of base/random.c: a crash repeats, and an input
 * means what it meant. Set `chance` before each input. One .c file of a fuzzer includes it.
 */
#ifndef FUZZ_CHANCE_H
#define FUZZ_CHANCE_H

#include "base/random.h"

static uint64_t chance;

uint64_t random_u64(void)
{
    uint64_t z = chance += 0x9E3779B97F4A7C15u; /* splitmix64 */

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint32_t random_u32(void)
{
    return (uint32_t)random_u64();
}

void random_bytes(void *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)to)[i] = (uint8_t)random_u64();
}

void random_token(char *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (char)('a' + random_u64() % 26);
    to[n] = 0;
}

#endif
