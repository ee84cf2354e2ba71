#include "media/ring.h"

#include "base/err.h"
#include "base/pkt.h"

#include <stdlib.h>

static struct ring_entry *place(const struct ring *r, uint32_t seq)
{
    return &r->at[seq & (r->size - 1)];
}

int ring_init(struct ring *r, unsigned size)
{
    struct ring_entry *at = calloc(size, sizeof(*at));

    if (!at)
        return ERR_MEM;
    r->at = at;
    r->size = size;
    return 0;
}

int ring_add(struct ring *r, const struct ring_entry *e, struct ring_entry **ret_entry)
{
    struct ring_entry *to = place(r, e->seq);

    if (to->pkt && to->seq == e->seq)
        return ERR_REPLAY;
    if (to->pkt && (int32_t)(e->seq - to->seq) < 0)
        return ERR_RANGE;
    pkt_unref(to->pkt);
    *to = *e;
    *ret_entry = to;
    return 0;
}

struct ring_entry *ring_by_seq(const struct ring *r, uint32_t seq)
{
    struct ring_entry *e = place(r, seq);

    return e->pkt && e->seq == seq ? e : NULL;
}

void ring_trim(struct ring *r, uint32_t top, unsigned keep)
{
    for (unsigned i = 0; i < r->size; i++) {
        if (!r->at[i].pkt || (int32_t)(top - r->at[i].seq) <= (int32_t)keep)
            continue;
        pkt_unref(r->at[i].pkt);
        r->at[i].pkt = NULL;
    }
}

void ring_done(struct ring *r)
{
    for (unsigned i = 0; i < r->size; i++)
        pkt_unref(r->at[i].pkt);
    free(r->at);
    *r = (struct ring){0};
}
