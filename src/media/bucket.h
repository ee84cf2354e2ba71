/*
 * A bound on how much of something comes in a second: so much at once, and then at its rate. A
 * value, zeroed is full; one thread. Units are the caller's: bytes, packets, requests.
 */
#ifndef MEDIA_BUCKET_H
#define MEDIA_BUCKET_H

#include "base/types.h"

struct bucket {
    int64_t left;
    usec at;
};

/* Fills it up to now; what makes no whole unit yet is kept for the next time. */
static inline void bucket_fill(struct bucket *b, int64_t per_s, int64_t most, usec now)
{
    int64_t gain;

    if (now - b->at > most * USEC_S / per_s) {
        b->left = most;
        b->at = now;
        return;
    }
    gain = (now - b->at) * per_s / USEC_S;
    b->at += gain * USEC_S / per_s;
    b->left = b->left + gain < most ? b->left + gain : most;
}

/* Takes n out; false, and nothing taken: there are not so many. */
static inline bool bucket_take(struct bucket *b, int64_t n, int64_t per_s, int64_t most, usec now)
{
    bucket_fill(b, per_s, most, now);
    if (b->left < n)
        return false;
    b->left -= n;
    return true;
}

#endif
