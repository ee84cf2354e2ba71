/*
 * Small numbers about participants are not shown (under SUPPRESS_UNDER), and what is not shown
 * cannot be got back by subtracting the rest from the total. Pure.
 */
#ifndef DOMAIN_SUPPRESS_H
#define DOMAIN_SUPPRESS_H

#include "base/types.h"

enum { SUPPRESS_UNDER = 5 };

/* 1 to 4. Nobody (0) may be said. */
bool suppress_is_small(int64_t n);
/*
 * The parts of a total that is shown beside them. Parts that are hidden already stay so; small ones
 * are hidden; then the smallest of the others are hidden along until at least two parts are, and
 * together they are SUPPRESS_UNDER or more. False when there was nothing left to hide: then the
 * total must not be shown either.
 */
bool suppress_parts(const int64_t *part, size_t n, bool *io_hidden);

#endif
