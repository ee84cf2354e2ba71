/*
 * Request memory: grows in blocks, dies at once. One owner, one thread.
 * Text and lists that a page shows live here; nothing in it is freed singly.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/types.h"

struct arena;

/* NULL when out of memory. */
struct arena *arena_new(void);
/* Zeroed, aligned for any type. NULL when out of memory or past MAX_ARENA_BYTES. size 0 gives a
 * valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* n * size with overflow check. */
void *arena_array(struct arena *a, size_t n, size_t size);
/* A copy with a NUL behind it (not counted in n). p is NULL when out of memory. An unset str stays
 * unset. */
str arena_str(struct arena *a, str s);
/* A NUL-terminated copy; NULL when out of memory. */
char *arena_cstr(struct arena *a, str s);
/* printf into the arena; p is NULL when out of memory. */
str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Has a request been refused since the last reset? Then what was made here may lack a part, and
 * nobody need ask each time. */
bool arena_is_short(const struct arena *a);
/* As if one had been refused. */
void arena_spoil(struct arena *a);
size_t arena_used(const struct arena *a);
/* Forgets everything and keeps the first block, so a connection can use one arena for request after
 * request. */
void arena_reset(struct arena *a);
/* NULL-safe. */
void arena_free(struct arena *a);

#define arena_make(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
