/*
 * Random bytes of the kernel. They cannot fail on a running Linux (getrandom(2) blocks only at
 * boot); if the call is refused the program ends, because every key would be worthless.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/types.h"

void random_bytes(void *to, size_t n);
uint32_t random_u32(void);
uint64_t random_u64(void);
/* n characters of [A-Za-z0-9] plus NUL into to[n + 1]; 5.95 bits each, so 22 give 130 bits. */
void random_token(char *to, size_t n);

#endif
