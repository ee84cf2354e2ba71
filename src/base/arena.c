#include "base/arena.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First block 4 kB: most requests need no second one. Later blocks double up to 256 kB. */
enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 256 * 1024, ALIGN = 16 };

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGN) unsigned char bytes[];
};

struct arena {
    struct block *top;  /* newest, the one that is filled */
    struct block *first;
    size_t total;
    bool is_short;
};

static struct block *block_new(size_t size)
{
    struct block *b = malloc(sizeof(*b) + size);

    if (!b)
        return NULL;
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (!a)
        return NULL;
    a->first = block_new(FIRST_BLOCK);
    if (!a->first) {
        free(a);
        return NULL;
    }
    a->top = a->first;
    return a;
}

static int grow(struct arena *a, size_t need)
{
    size_t size = a->top->size * 2;
    struct block *b;

    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < need)
        size = need;
    if (a->total + size > MAX_ARENA_BYTES)
        return -1;
    b = block_new(size);
    if (!b)
        return -1;
    b->next = a->top;
    a->top = b;
    return 0;
}

static void *refuse(struct arena *a)
{
    a->is_short = true;
    return NULL;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p;

    if (size > MAX_ARENA_BYTES)
        return refuse(a);
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (a->top->size - a->top->used < size && grow(a, size) < 0)
        return refuse(a);
    p = a->top->bytes + a->top->used;
    a->top->used += size;
    a->total += size;
    return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes))
        return refuse(a);
    return arena_alloc(a, bytes);
}

str arena_str(struct arena *a, str s)
{
    return (str){s.p ? arena_cstr(a, s) : NULL, s.n};
}

char *arena_cstr(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);

    if (p && s.n)
        memcpy(p, s.p, s.n);
    return p;
}

str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    char *p = NULL;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n >= 0)
        p = arena_alloc(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p ? (str){p, (size_t)n} : (str){NULL, 0};
}

bool arena_is_short(const struct arena *a)
{
    return a->is_short;
}

void arena_spoil(struct arena *a)
{
    a->is_short = true;
}

size_t arena_used(const struct arena *a)
{
    return a->total;
}

void arena_reset(struct arena *a)
{
    while (a->top != a->first) {
        struct block *b = a->top;
        a->top = b->next;
        free(b);
    }
    a->first->used = 0;
    a->total = 0;
    a->is_short = false;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    free(a->first);
    free(a);
}
