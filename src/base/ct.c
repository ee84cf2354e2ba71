#include "base/ct.h"

#include <string.h>

bool ct_equal(const void *a, const void *b, size_t n)
{
    const volatile uint8_t *x = a, *y = b;
    uint8_t diff = 0;

    for (size_t i = 0; i < n; i++)
        diff |= (uint8_t)(x[i] ^ y[i]);
    return diff == 0;
}

bool ct_str_equal(str a, str b)
{
    return a.n == b.n && ct_equal(a.p, b.p, a.n);
}

void ct_wipe(void *p, size_t n)
{
    explicit_bzero(p, n);
}
