#include "domain/suppress.h"

bool suppress_is_small(int64_t n)
{
    return n > 0 && n < SUPPRESS_UNDER;
}

/* The smallest part that is shown and not empty; n when there is none. */
static size_t smallest(const int64_t *part, size_t n, const bool *hidden)
{
    size_t best = n;

    for (size_t i = 0; i < n; i++)
        if (!hidden[i] && part[i] > 0 && (best == n || part[i] < part[best]))
            best = i;
    return best;
}

bool suppress_parts(const int64_t *part, size_t n, bool *io_hidden)
{
    int64_t sum = 0;
    size_t nhidden = 0;

    for (size_t i = 0; i < n; i++) {
        io_hidden[i] |= suppress_is_small(part[i]);
        nhidden += io_hidden[i];
        sum += io_hidden[i] ? part[i] : 0;
    }
    while (nhidden > 0 && (nhidden < 2 || sum < SUPPRESS_UNDER)) {
        size_t i = smallest(part, n, io_hidden);

        if (i == n)
            return false;
        io_hidden[i] = true;
        sum += part[i];
        nhidden++;
    }
    return true;
}
