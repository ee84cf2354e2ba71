/*
 * What the main thread does while the server runs: it reloads at SIGHUP, and once a day takes out
 * what has been kept for its time. The day is counted from the last run, not from the last signal:
 * a site that reloads every night would never come to it. Clock and signals are the caller's.
 */
#ifndef APP_DAILY_H
#define APP_DAILY_H

#include "base/types.h"

struct daily {
    usec (*now)(void *ctx);
    int (*wait)(usec left, void *ctx); /* a signal; 0: `left` has passed without one */
    void (*run)(void *ctx);            /* at once, and then every day */
    void (*reload)(void *ctx);
    void *ctx;
};

/* Gives the signal that is not SIGHUP. */
int daily_wait(const struct daily *d);

#endif
