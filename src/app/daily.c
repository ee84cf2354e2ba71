#include "app/daily.h"

#include <signal.h>

int daily_wait(const struct daily *d)
{
    usec next = d->now(d->ctx);
    int sig = 0;

    while (sig == SIGHUP || sig == 0) {
        usec now = d->now(d->ctx);

        if (now >= next) {
            d->run(d->ctx);
            next = now + USEC_DAY;
        }
        sig = d->wait(next - now, d->ctx);
        if (sig == SIGHUP)
            d->reload(d->ctx);
    }
    return sig;
}
