/*
 * Token buckets: how often somebody may do something. Keys are hashes of tokens or of network
 * prefixes, made by the caller; no address is kept. A table of fixed size: the bucket longest
 * untouched gives way. Any thread.
 */
#ifndef WEB_RATE_H
#define WEB_RATE_H

#include "base/types.h"

struct rate;

int rate_new(struct rate **ret_rate);
/* Takes one from the bucket of key, which holds `burst` and refills by per_minute. False: it is
 * empty. now: any steady clock. */
bool rate_take(struct rate *r, uint64_t key, unsigned per_minute, unsigned burst, usec now);
/* NULL-safe. */
void rate_free(struct rate *r);

#endif
