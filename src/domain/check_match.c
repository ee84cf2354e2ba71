#include "domain/check_i.h"

#include "base/str.h"

unsigned check_bucket(str folded)
{
    /* the first letter of Cyrillic, the first two of Latin */
    unsigned a = folded.n ? (unsigned char)folded.p[0] : 0;
    unsigned b = folded.n > 1 ? (unsigned char)folded.p[1] : 0;

    return (a * 31 + b) % CHECK_BUCKETS;
}

static bool has_endings(const struct ending_class *c, str rest, unsigned left)
{
    for (size_t i = 0; i < c->n; i++) {
        str e = c->endings[i];

        if (str_eq(rest, e))
            return true;
        if (e.n && left > 1 && str_starts(rest, e) && has_endings(c, str_from(rest, e.n), left - 1))
            return true;
    }
    return c->most > 1 && !rest.n; /* a chain may be empty */
}

static bool is_atom(const struct atom *t, str word)
{
    if (!str_starts(word, t->stem))
        return false;
    switch (t->kind) {
    case ATOM_PREFIX:
        return true;
    case ATOM_ENDING:
        return has_endings(t->endings, str_from(word, t->stem.n), t->endings->most);
    default:
        return word.n == t->stem.n;
    }
}

static bool is_step(const struct step *s, str word)
{
    for (size_t i = 0; i < s->natoms; i++)
        if (is_atom(&s->atoms[i], word))
            return true;
    return false;
}

static size_t match(const struct words *w, const struct pattern *p, size_t step, size_t at,
                    size_t first);

static size_t match_set(const struct words *w, const struct pattern *p, size_t step, size_t at,
                        size_t first)
{
    const struct pattern_list *set = p->steps[step].set;
    size_t best = 0;

    for (size_t i = 0; i < set->n; i++) {
        size_t end = match(w, &set->patterns[i], 0, at, first);

        if (end)
            end = match(w, p, step + 1, end, first);
        if (end > best)
            best = end;
    }
    return best;
}

static size_t match_gap(const struct words *w, const struct pattern *p, size_t step, size_t at,
                        size_t first)
{
    for (size_t skip = 0; skip <= CHECK_GAP && at + skip < w->n; skip++) {
        size_t end;

        if (w->word[at + skip].sentence != w->word[first].sentence)
            return 0;
        end = match(w, p, step + 1, at + skip, first);
        if (end)
            return end;
    }
    return 0;
}

/* The index behind the last word; 0: no match. A phrase does not reach over a sign. */
static size_t match(const struct words *w, const struct pattern *p, size_t step, size_t at,
                    size_t first)
{
    const struct step *s;

    if (step == p->n)
        return at;
    s = &p->steps[step];
    if (s->kind == STEP_GAP)
        return match_gap(w, p, step, at, first);
    if (at >= w->n || (at > first && w->word[at].is_apart))
        return 0;
    if (s->kind == STEP_SET)
        return match_set(w, p, step, at, first);
    return is_step(s, w->word[at].folded) ? match(w, p, step + 1, at + 1, first) : 0;
}

size_t check_match(const struct words *w, const struct pattern *p, size_t at)
{
    ++*w->steps;
    return match(w, p, 0, at, at);
}

bool check_any(const struct words *w, const struct pattern_list *l, size_t from, size_t to)
{
    for (size_t at = from; at < to && at < w->n; at++)
        for (size_t i = 0; i < l->n; i++)
            if (check_match(w, &l->patterns[i], at))
                return true;
    return false;
}

void check_span(const struct words *w, size_t at, uint32_t around, size_t *ret_from, size_t *ret_to)
{
    uint32_t s = w->word[at].sentence;
    size_t from = at, to = at;

    while (from && at - from < CHECK_SPAN && w->word[from - 1].sentence + around >= s)
        from--;
    while (to < w->n && to - at <= CHECK_SPAN && w->word[to].sentence <= s + around)
        to++;
    *w->steps += to - from;
    *ret_from = from;
    *ret_to = to;
}
