#include "base/random.h"

#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *to, size_t n)
{
    uint8_t *p = to;

    while (n) {
        ssize_t got = getrandom(p, n, 0);

        if (got <= 0)
            abort();
        p += got;
        n -= (size_t)got;
    }
}

uint32_t random_u32(void)
{
    uint32_t v;

    random_bytes(&v, sizeof(v));
    return v;
}

uint64_t random_u64(void)
{
    uint64_t v;

    random_bytes(&v, sizeof(v));
    return v;
}

void random_token(char *to, size_t n)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t i = 0;

    while (i < n) {
        uint8_t b;

        random_bytes(&b, 1);
        if (b < 62 * 4) /* 248: no character is likelier than another */
            to[i++] = set[b % 62];
    }
    to[n] = 0;
}
