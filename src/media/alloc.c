#include "media/alloc.h"

enum { KEEP_PERCENT = 95, RISE_PERCENT = 115 };

static unsigned best(const struct alloc_ask *a, int64_t left, bool may_rise)
{
    unsigned step = a->n;

    for (; step > 0; step--) {
        bool is_more = step > a->had;
        int64_t cost = a->cost[step - 1] * (is_more ? RISE_PERCENT : KEEP_PERCENT) / 100;

        if (cost <= left && (may_rise || !is_more))
            break;
    }
    return step;
}

int64_t alloc_divide(struct alloc_ask *asks, unsigned n, int64_t rate_bps, bool may_rise)
{
    int64_t left = rate_bps, all = 0;

    for (unsigned i = 0; i < n; i++) {
        struct alloc_ask *a = &asks[i];

        a->gets = best(a, left, may_rise);
        if (a->gets)
            left -= a->cost[a->gets - 1];
        if (a->n)
            all += a->cost[a->n - 1];
    }
    return all;
}
