/*
 * Every word asks its bucket which patterns may begin with it; the longest match of a rule counts,
 * once. A find that lies inside a graver one is dropped: "alleged victim" says it all.
 */
#include "domain/check.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/check_i.h"

#include <stdlib.h>

void check_add(struct finder *f, enum check_note note, enum check_severity severity, size_t at,
               size_t n)
{
    struct check_result *to = f->to;

    if (to->n == MAX_CHECK_FINDS) {
        to->is_cut = true;
        return;
    }
    to->finds[to->n++] = (struct check_find){.note = note, .severity = severity, .at = at, .n = n};
}

static bool is_meant(const struct words *w, const struct rule *u, size_t at)
{
    size_t from, to;

    if (u->near.n) {
        check_span(w, at, 1, &from, &to);
        if (!check_any(w, &u->near, from, to))
            return false;
    }
    check_span(w, at, 0, &from, &to);
    return !u->unless.n || !check_any(w, &u->unless, from, to);
}

static bool is_inside(const struct check_find *a, const struct check_find *b)
{
    return a->at >= b->at && a->at + a->n <= b->at + b->n;
}

/* Keeps the find unless a graver one, or one of the same rule, covers it. */
static void add_word(struct finder *f, const struct rule *u, size_t at, size_t n)
{
    struct check_result *to = f->to;
    struct check_find new = {.rule = &u->shown, .severity = u->shown.severity, .at = at, .n = n};

    for (size_t i = 0; i < to->n; i++) {
        struct check_find *old = &to->finds[i];

        if (is_inside(&new, old) && (old->rule == new.rule || old->severity >= new.severity))
            return;
        if (is_inside(old, &new) && (old->rule == new.rule || old->severity <= new.severity)) {
            *old = new;
            return;
        }
    }
    check_add(f, CHECK_WORD, new.severity, at, n);
    if (!to->is_cut)
        to->finds[to->n - 1].rule = new.rule;
}

static void find_at(struct finder *f, size_t at)
{
    const struct words *w = &f->body;
    const struct word *first = &w->word[at];

    for (const struct start *s = f->r->starts[check_bucket(first->folded)]; s; s = s->next) {
        size_t end = check_match(w, s->pattern, at);

        if (!end || !is_meant(w, s->rule, at))
            continue;
        if (first->is_quoted)
            f->to->nquoted++;
        else
            add_word(f, s->rule, first->at, w->word[end - 1].at + w->word[end - 1].n - first->at);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct check_find *x = a, *y = b;

    if (!x->n != !y->n)
        return !x->n ? 1 : -1; /* those of the whole text come last */
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->note != y->note ? (int)x->note - (int)y->note : (int)y->severity - (int)x->severity;
}

int check_run(struct arena *a, const struct check_rules *r, const struct check_in *in,
              struct check_result *ret_result)
{
    struct check_result to = {0};
    struct finder f = {.a = a, .r = r, .in = in, .to = &to};
    int e;

    if (in->body.n > MAX_CHECK_BYTES || in->title.n > CHECK_TITLE_BYTES)
        return ERR_TOO_BIG;
    to.finds = arena_array(a, MAX_CHECK_FINDS, sizeof(struct check_find));
    if (!to.finds)
        return ERR_MEM;
    e = check_words(a, r, in->body, &f.body);
    if (e == 0)
        e = check_words(a, r, in->title, &f.title);
    if (e < 0)
        return e;
    for (size_t at = 0; at < f.body.n; at++)
        find_at(&f, at);
    check_notes(&f);
    qsort(to.finds, to.n, sizeof(to.finds[0]), by_place);
    to.steps = *f.body.steps + *f.title.steps;
    *ret_result = to;
    return 0;
}
