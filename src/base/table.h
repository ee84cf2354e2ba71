/*
 * A hash table of fixed capacity, 64-bit key to pointer: nothing is allocated after table_new, so
 * it may stand on the packet path. Open addressing, linear probing, backward-shift deletion, at
 * most 3/4 full. Keys are mixed with a random seed, so a hostile peer cannot make them collide. One
 * thread.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/types.h"

struct table;

/* Holds up to max entries. */
int table_new(unsigned max, struct table **ret_table);
/* value must not be NULL. ERR_FULL at max; ERR_CONFLICT when the key is there already. */
int table_add(struct table *t, uint64_t key, void *value);
/* NULL when absent. */
void *table_by_key(const struct table *t, uint64_t key);
/* Returns the value that was removed, or NULL. */
void *table_remove(struct table *t, uint64_t key);
unsigned table_len(const struct table *t);
/* Walks: start with *at = 0; NULL at the end. The table must not change meanwhile. */
void *table_next(const struct table *t, unsigned *at);
/* NULL-safe. Does not free values. */
void table_free(struct table *t);

/* A 64-bit key of a text or of raw bytes, under a process-wide random seed (SipHash-2-4). */
uint64_t table_key(const void *p, size_t n);

#endif
