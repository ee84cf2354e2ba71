#include "media/pacer.h"

/* So much goes at once: timers are no finer, and a short queue on the line keeps it busy. */
static const usec ahead = 10 * USEC_MS;

/* Voices do not wait, whatever the rate: what they take more than it is forgiven. */
static const usec debt_most = 100 * USEC_MS;

void pacer_init(struct pacer *p)
{
    p->free_at = 0;
    p->n = 0;
    for (int i = 0; i < PACE_CLASSES; i++)
        p->lines[i].first = p->lines[i].n = 0;
}

static unsigned place(const struct pace_line *l, unsigned i)
{
    return (l->first + i) % PACE_ITEMS;
}

bool pacer_add(struct pacer *p, enum pace_class class, const struct pace_item *item)
{
    struct pace_line *l = &p->lines[class];

    if (l->n == PACE_ITEMS)
        return false;
    p->at[class][place(l, l->n++)] = *item;
    p->n++;
    return true;
}

const struct pace_item *pacer_first(const struct pacer *p, enum pace_class class)
{
    const struct pace_line *l = &p->lines[class];

    return l->n ? &p->at[class][l->first] : NULL;
}

const struct pace_item *pacer_at(const struct pacer *p, enum pace_class class, unsigned i)
{
    const struct pace_line *l = &p->lines[class];

    return i < l->n ? &p->at[class][place(l, i)] : NULL;
}

void pacer_take(struct pacer *p, enum pace_class class)
{
    struct pace_line *l = &p->lines[class];

    l->n--;
    l->first = l->n ? place(l, 1) : 0; /* a short line stays within few pages */
    p->n--;
}

/* Of the first n keeps what is neither of the slot nor of the track, and all behind them; -1 and
 * NULL are of none. */
static unsigned sift(struct pacer *p, enum pace_class class, int slot, const struct track *t,
                     unsigned n)
{
    struct pace_line *l = &p->lines[class];
    unsigned kept = 0, gone;

    for (unsigned i = 0; i < l->n; i++) {
        struct pace_item item = p->at[class][place(l, i)];

        if (i >= n || (item.slot != slot && (!t || item.track != t)))
            p->at[class][place(l, kept++)] = item;
    }
    gone = l->n - kept;
    l->n = kept;
    p->n -= gone;
    return gone;
}

unsigned pacer_cut(struct pacer *p, enum pace_class class, unsigned slot)
{
    return sift(p, class, (int)slot, NULL, PACE_ITEMS);
}

unsigned pacer_cut_some(struct pacer *p, enum pace_class class, unsigned slot, unsigned n)
{
    return sift(p, class, (int)slot, NULL, n);
}

unsigned pacer_forget(struct pacer *p, const struct track *t)
{
    unsigned gone = 0;

    for (enum pace_class class = PACE_STAGE; p->n && class < PACE_CLASSES; class ++)
        gone += t ? sift(p, class, -1, t, PACE_ITEMS) : p->lines[class].n;
    return gone;
}

void pacer_charge(struct pacer *p, size_t n, int64_t rate_bps, usec now)
{
    usec from = p->free_at > now ? p->free_at : now;

    p->free_at = from + (usec)n * 8 * USEC_S / rate_bps;
    if (p->free_at > now + debt_most)
        p->free_at = now + debt_most;
}

bool pacer_may(const struct pacer *p, usec now)
{
    return p->free_at - now <= ahead;
}

bool pacer_is_free(const struct pacer *p, enum pace_class class, usec now)
{
    for (int i = PACE_STAGE; i <= (int)class; i++)
        if (p->lines[i].n)
            return false;
    return pacer_may(p, now);
}

usec pacer_next(const struct pacer *p)
{
    usec at = INT64_MAX, due;

    for (int i = 0; p->n && i < PACE_CLASSES; i++) {
        if (!p->lines[i].n)
            continue;
        due = p->at[i][p->lines[i].first].at;
        if (i != PACE_PROBE && due < p->free_at - ahead)
            due = p->free_at - ahead;
        at = due < at ? due : at;
    }
    return at;
}
