#include "hist.h"

/* Below 64 a value is its own place; above, the six bits behind the leading one count. */
static size_t place(uint64_t v)
{
    unsigned top = v < HIST_STEPS ? 0 : 58 - (unsigned)__builtin_clzll(v);
    size_t at = top ? top * HIST_STEPS + (size_t)(v >> (top - 1)) - HIST_STEPS : v;

    return at < HIST_DOUBLINGS * HIST_STEPS ? at : HIST_DOUBLINGS * HIST_STEPS - 1;
}

static int64_t value(size_t at)
{
    size_t top = at / HIST_STEPS, rest = at % HIST_STEPS;

    return top ? (int64_t)((HIST_STEPS + rest) << (top - 1)) : (int64_t)rest;
}

void hist_add(struct hist *h, int64_t ns)
{
    if (ns < 0)
        ns = 0;
    h->n++;
    h->counts[place((uint64_t)ns)]++;
    if (ns > h->max)
        h->max = ns;
}

int64_t hist_at(const struct hist *h, double share)
{
    uint64_t want = (uint64_t)((double)h->n * share), seen = 0;

    for (size_t i = 0; i < HIST_DOUBLINGS * HIST_STEPS; i++) {
        seen += h->counts[i];
        if (h->counts[i] && seen >= want)
            return value(i);
    }
    return h->max;
}
