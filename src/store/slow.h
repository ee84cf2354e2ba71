/*
 * The statements that took long, of all connections of this process: how often, and how long at
 * worst. Their text is ours, literals without values, so nothing of a person stands here. Any
 * thread.
 */
#ifndef STORE_SLOW_H
#define STORE_SLOW_H

#include "base/types.h"

struct sb;

/* From here on a statement is slow; a commit on a spinning disk takes about as long. */
enum { SLOW_US = 50 * 1000 };

/* sql is copied, cut at the row's width. Does nothing for a quick one. */
void slow_note(const char *sql, usec took);
/* The slowest first. */
void slow_print(struct sb *to);

#endif
