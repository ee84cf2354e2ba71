#include "domain/breakdown.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/attendance.h"
#include "domain/invitation.h"
#include "domain/rows.h"
#include "domain/suppress.h"

#include <stdlib.h>

const char *breakdown_name(int by)
{
    static const char *const names[BREAKDOWNS] = {"kind", "sex", "age", "country", "language"};

    return by >= 0 && by < BREAKDOWNS ? names[by] : "?";
}

static struct breakdown_part key_of(const struct attendance *p, int by)
{
    struct breakdown_part k = {.by = by, .value = S("")};

    if (by == BY_KIND)
        k.code = p->kind;
    else if (by == BY_SEX)
        k.code = p->sex;
    else if (by == BY_AGE)
        k.code = p->age;
    else if (by == BY_COUNTRY)
        k.value = p->country.p ? p->country : S("");
    else
        k.value = p->lang.p ? p->lang : S("");
    return k;
}

static int count(struct arena *a, const struct attendance *p, int by, struct breakdown *to)
{
    const struct breakdown_part key = key_of(p, by);
    size_t i = 0;

    while (i < to->n && (to->part[i].by != by || to->part[i].code != key.code ||
                         !str_eq(to->part[i].value, key.value)))
        i++;
    if (i == to->n) {
        to->part = rows_grow(a, to->part, to->n, sizeof(*to->part));
        if (!to->part)
            return ERR_MEM;
        to->part[to->n++] = key;
    }
    to->part[i].n++;
    to->part[i].complete += p->share_percent >= to->percent;
    return 0;
}

static int by_size(const void *a, const void *b)
{
    const struct breakdown_part *x = a, *y = b;

    if (x->by != y->by)
        return x->by - y->by;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return x->code != y->code ? x->code - y->code : str_cmp(x->value, y->value);
}

/* Who completed is told where it betrays neither those who did nor those who did not. */
static int hide(struct arena *a, struct breakdown_part *part, size_t n, bool is_sum_hidden)
{
    int64_t *number = arena_array(a, n, sizeof(*number));
    bool *hidden = arena_array(a, n, sizeof(*hidden));
    bool can_sum;

    if (!number || !hidden)
        return ERR_MEM;
    for (size_t i = 0; i < n; i++)
        number[i] = part[i].n;
    can_sum = suppress_parts(number, n, hidden);
    for (size_t i = 0; i < n; i++) {
        part[i].is_hidden = hidden[i] || !can_sum || is_sum_hidden;
        hidden[i] = part[i].is_hidden || suppress_is_small(part[i].n - part[i].complete);
        number[i] = part[i].complete;
    }
    can_sum = suppress_parts(number, n, hidden);
    for (size_t i = 0; i < n; i++)
        part[i].is_complete_hidden = hidden[i] || !can_sum;
    return 0;
}

int breakdown_make(struct arena *a, const struct attendance_list *l, int percent,
                   struct breakdown *ret_breakdown)
{
    struct breakdown b = {.percent = percent, .came = (int64_t)l->n};
    int r = 0;

    for (size_t i = 0; i < l->n; i++) {
        b.complete += l->row[i].share_percent >= percent;
        if (l->row[i].role == ROLE_PROTECTED)
            continue;
        for (int by = 0; by < BREAKDOWNS && r == 0; by++)
            r = count(a, &l->row[i], by, &b);
    }
    if (r < 0)
        return r;
    b.is_hidden = suppress_is_small(b.came);
    b.is_complete_hidden = b.is_hidden || suppress_is_small(b.complete) ||
                           suppress_is_small(b.came - b.complete);
    if (b.n)
        qsort(b.part, b.n, sizeof(*b.part), by_size);
    for (size_t from = 0, to; r == 0 && from < b.n; from = to) {
        for (to = from; to < b.n && b.part[to].by == b.part[from].by; to++)
            ;
        r = hide(a, b.part + from, to - from, b.is_hidden);
    }
    if (r == 0)
        *ret_breakdown = b;
    return r;
}
