#include "base/pkt.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>

struct pkt_pool {
    struct pkt *free;
    unsigned max, used, touched; /* touched: packets handed out at least once */
    struct pkt all[];
};

int pkt_pool_new(unsigned max, struct pkt_pool **ret_pool)
{
    struct pkt_pool *pool;
    size_t bytes;

    if (__builtin_mul_overflow((size_t)max, sizeof(struct pkt), &bytes))
        return ERR_RANGE;
    pool = calloc(1, sizeof(*pool) + bytes); /* untouched pages cost nothing */
    if (!pool)
        return ERR_MEM;
    pool->max = max;
    *ret_pool = pool;
    return 0;
}

/* Packets never used yet are handed out in order, so that a quiet server touches few pages. */
struct pkt *pkt_get(struct pkt_pool *pool)
{
    struct pkt *p = pool->free;

    if (p)
        pool->free = p->next;
    else if (pool->touched < pool->max)
        p = &pool->all[pool->touched++];
    else
        return NULL;
    pool->used++;
    p->next = NULL;
    p->pool = pool;
    p->data = p->bytes + PKT_HEADROOM;
    p->n = 0;
    p->refs = 1;
    p->addr = (struct addr){0};
    p->at = 0;
    p->is_video = false;
    return p;
}

struct pkt *pkt_ref(struct pkt *p)
{
    p->refs++;
    return p;
}

void pkt_unref(struct pkt *p)
{
    if (!p || --p->refs)
        return;
    p->next = p->pool->free;
    p->pool->free = p;
    p->pool->used--;
}

unsigned pkt_pool_used(const struct pkt_pool *pool)
{
    return pool->used;
}

unsigned pkt_pool_max(const struct pkt_pool *pool)
{
    return pool->max;
}

void pkt_pool_free(struct pkt_pool *pool)
{
    if (!pool)
        return;
    assert(pool->used == 0);
    free(pool);
}
