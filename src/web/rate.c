#include "web/rate.h"

#include "base/err.h"
#include "base/limits.h"

#include <pthread.h>
#include <stdlib.h>

enum { WAYS = 4 }; /* places where a key may stand */

struct bucket {
    uint64_t key;  /* 0: free */
    int64_t milli; /* thousandths of an event */
    usec at;
};

struct rate {
    pthread_mutex_t lock;
    struct bucket at[MAX_RATE_KEYS];
};

int rate_new(struct rate **ret_rate)
{
    struct rate *r = calloc(1, sizeof(*r));

    if (!r)
        return ERR_MEM;
    if (pthread_mutex_init(&r->lock, NULL) != 0) {
        free(r);
        return ERR_MEM;
    }
    *ret_rate = r;
    return 0;
}

static struct bucket *bucket_by_key(struct rate *r, uint64_t key, unsigned burst, usec now)
{
    struct bucket *b = &r->at[key % (MAX_RATE_KEYS / WAYS) * WAYS];
    struct bucket *oldest = b;

    for (unsigned i = 0; i < WAYS; i++) {
        if (b[i].key == key)
            return &b[i];
        if (b[i].at < oldest->at)
            oldest = &b[i];
    }
    *oldest = (struct bucket){.key = key, .milli = (int64_t)burst * 1000, .at = now};
    return oldest;
}

bool rate_take(struct rate *r, uint64_t key, unsigned per_minute, unsigned burst, usec now)
{
    struct bucket *b;
    bool is_ok;

    pthread_mutex_lock(&r->lock);
    b = bucket_by_key(r, key ? key : 1, burst, now);
    if (now > b->at) {
        usec gap = now - b->at < 3600 * USEC_S ? now - b->at : 3600 * USEC_S;

        b->milli += gap / USEC_MS * per_minute / 60;
        if (b->milli > (int64_t)burst * 1000)
            b->milli = (int64_t)burst * 1000;
    }
    b->at = now;
    is_ok = b->milli >= 1000;
    if (is_ok)
        b->milli -= 1000;
    pthread_mutex_unlock(&r->lock);
    return is_ok;
}

void rate_free(struct rate *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}
