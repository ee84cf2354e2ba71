#include "domain/gain.h"

#include <math.h>

/* A difference under this is no difference: percents are kept with four digits. */
#define SAME 0.0005

double gain_t95(size_t df)
{
    static const double table[] = {0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                   2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
                                   2.120, 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069,
                                   2.064, 2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    const double z = 1.959964;
    double d = (double)df;

    if (df < NELEM(table))
        return table[df];
    /* Abramowitz and Stegun 26.7.5; from 31 degrees on the error is under 0.0001. */
    return z + (pow(z, 3) + z) / (4 * d) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * d * d);
}

static void interval(const struct gain_pair *pair, size_t n, struct gain *g)
{
    double square = 0, half;

    if (n < 2)
        return;
    for (size_t i = 0; i < n; i++) {
        double off = pair[i].post - pair[i].pre - g->mean;

        square += off * off;
    }
    half = gain_t95(n - 1) * sqrt(square / (double)(n - 1) / (double)n);
    g->low = g->mean - half;
    g->high = g->mean + half;
    g->has_interval = true;
}

void gain_of(const struct gain_pair *pair, size_t n, struct gain *ret_gain)
{
    struct gain g = {.n = (int64_t)n};

    for (size_t i = 0; i < n; i++) {
        double d = pair[i].post - pair[i].pre;

        g.pre += pair[i].pre / (double)n;
        g.post += pair[i].post / (double)n;
        g.nup += d > SAME;
        g.ndown += d < -SAME;
        g.nsame += d <= SAME && d >= -SAME;
    }
    g.mean = g.post - g.pre;
    interval(pair, n, &g);
    g.has_norm = n > 0 && g.pre < 100 - SAME;
    g.norm = g.has_norm ? g.mean / (100 - g.pre) : 0;
    *ret_gain = g;
}
