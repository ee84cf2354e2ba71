/*
 * Requests for memory and locks while they are counted, whoever asks, libcrypto included. A program
 * that has counted.c among its own sources defines malloc and the pthread locks itself; one thread.
 */
#ifndef SIM_COUNTED_H
#define SIM_COUNTED_H

#include "base/types.h"

/* A sanitizer has a malloc of its own, so there nothing is counted. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTED_IS_OFF 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTED_IS_OFF 1
#endif
#endif
#ifndef COUNTED_IS_OFF
#define COUNTED_IS_OFF 0
#endif

enum { COUNTED_SMALL = 64 };

extern struct counted {
    bool is_on;
    uint64_t allocs, locks;
    uint64_t large; /* of allocs, those of more than COUNTED_SMALL bytes */
} counted;

#endif
