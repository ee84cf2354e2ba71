#include "media/spans.h"

/* Newest first: what is asked for is nearly always recent. */
static const struct span *nth_newest(const struct spans *s, unsigned i)
{
    return &s->at[(s->n - 1 - i) % SPANS_MAX];
}

static unsigned held(const struct spans *s)
{
    return s->n < SPANS_MAX ? s->n : SPANS_MAX;
}

void spans_open(struct spans *s, const struct span *first)
{
    struct span *to = &s->at[s->n++ % SPANS_MAX];

    *to = *first;
    to->src_end = to->src_first;
}

struct span *spans_last(struct spans *s)
{
    return s->n ? &s->at[(s->n - 1) % SPANS_MAX] : NULL;
}

const struct span *spans_by_src(const struct spans *s, uint32_t track, uint32_t src)
{
    for (unsigned i = 0; i < held(s); i++) {
        const struct span *p = nth_newest(s, i);

        if (p->track == track && src - p->src_first < p->src_end - p->src_first)
            return p;
    }
    return NULL;
}

const struct span *spans_by_out(const struct spans *s, uint16_t out, uint32_t *ret_src)
{
    for (unsigned i = 0; i < held(s); i++) {
        const struct span *p = nth_newest(s, i);
        uint32_t n = p->src_end - p->src_first;
        uint32_t back =
            (uint16_t)(p->out_first + n - 1 - out); /* how far before the span's newest packet */

        if (n && back < n) {
            *ret_src = p->src_end - 1 - back;
            return p;
        }
    }
    return NULL;
}
