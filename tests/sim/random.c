#include "sim/random.h"

#include "base/random.h"

/* Everything that base/random.c defines: the linker then takes nothing of it. */

static uint64_t state;

void random_seed(uint64_t seed)
{
    state = seed;
}

uint64_t random_next(uint64_t *io_state)
{
    uint64_t z = *io_state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void random_bytes(void *to, size_t n)
{
    uint8_t *p = to;

    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)random_next(&state);
}

uint32_t random_u32(void)
{
    return (uint32_t)random_next(&state);
}

uint64_t random_u64(void)
{
    return random_next(&state);
}

void random_token(char *to, size_t n)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    for (size_t i = 0; i < n; i++)
        to[i] = set[random_next(&state) % 62];
    to[n] = 0;
}
