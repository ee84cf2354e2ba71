#include "domain/indicator.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/org.h"
#include "domain/suppress.h"

#include <stdlib.h>

const char *reach_name(int reach)
{
    static const char *const names[REACHES] = {"invited", "attended", "completed"};

    return reach >= 0 && reach < REACHES ? names[reach] : "?";
}

const char *split_name(int split)
{
    static const char *const names[SPLITS] = {"organisation kind", "sex", "age", "country",
                                              "language"};

    return split >= 0 && split < SPLITS ? names[split] : "?";
}

static struct figure figure(int64_t n)
{
    bool is_hidden = suppress_is_small(n);

    return (struct figure){is_hidden ? 0 : n, is_hidden};
}

/* Of those for whom "not stated" is a value: "". */
static str value_of(const struct tally_person *p, int split)
{
    static const char *const sexes[] = {"", "female", "male"};
    static const char *const ages[] = {"", "under 18", "18-29", "30-49", "50+"};

    switch (split) {
    case SPLIT_KIND:
        return str_c(org_kind_name(p->kind));
    case SPLIT_SEX:
        return str_c(sexes[p->sex]);
    case SPLIT_AGE:
        return str_c(ages[p->age]);
    case SPLIT_COUNTRY:
        return p->country;
    default:
        return p->lang;
    }
}

static bool has_reached(const struct tally *t, const struct tally_person *p, int reach)
{
    if (reach == REACH_INVITED)
        return true;
    return p->seconds > 0 && (reach == REACH_ATTENDED || p->share >= t->percent);
}

/* ---- parts of a split ---- */

/* Sorted by value, "not stated" last. */
static int by_value(const void *a, const void *b)
{
    const str *x = a, *y = b;

    if (!x->n || !y->n)
        return (x->n == 0) - (y->n == 0);
    return str_cmp(*x, *y);
}

static size_t place_of(const str *value, size_t n, str wanted)
{
    size_t i = 0;

    while (i < n && !str_eq(value[i], wanted))
        i++;
    return i;
}

static int values_of(struct arena *a, const struct tally *t, int split, str **ret_value,
                     size_t *ret_n)
{
    str *value = arena_array(a, t->people.n, sizeof(*value));
    size_t n = 0;

    if (!value)
        return ERR_MEM;
    for (size_t i = 0; i < t->people.n; i++) {
        str v = value_of(&t->people.row[i], split);

        if (place_of(value, n, v) == n)
            value[n++] = v;
    }
    if (n)
        qsort(value, n, sizeof(*value), by_value);
    *ret_value = value;
    *ret_n = n;
    return 0;
}

struct work {
    str *value;
    size_t n;
    int64_t *count; /* of each value */
    bool *hidden;
};

static int work_new(struct arena *a, const struct tally *t, int split, struct work *w)
{
    int r = values_of(a, t, split, &w->value, &w->n);

    if (r < 0)
        return r;
    w->count = arena_array(a, w->n, sizeof(*w->count));
    w->hidden = arena_array(a, w->n, sizeof(*w->hidden));
    return w->count && w->hidden ? 0 : ERR_MEM;
}

/*
 * A group that is hidden among the invited stays hidden in the columns behind: that nobody of three
 * people came would say something about each of them.
 */
static int split_of(struct arena *a, const struct tally *t, int split,
                    struct indicator_split *ret_split)
{
    struct indicator_part *row;
    struct work w;
    int r = work_new(a, t, split, &w);

    if (r < 0)
        return r;
    row = arena_array(a, w.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (int reach = 0; reach < REACHES; reach++) {
        for (size_t k = 0; k < w.n; k++)
            w.count[k] = 0;
        for (size_t i = 0; i < t->people.n; i++)
            if (has_reached(t, &t->people.row[i], reach))
                w.count[place_of(w.value, w.n, value_of(&t->people.row[i], split))]++;
        /* False: the total is small itself, and is hidden as such. */
        (void)suppress_parts(w.count, w.n, w.hidden);
        for (size_t k = 0; k < w.n; k++) {
            row[k].value = w.value[k];
            row[k].reach[reach] = (struct figure){w.hidden[k] ? 0 : w.count[k], w.hidden[k]};
        }
    }
    *ret_split = (struct indicator_split){row, w.n};
    return 0;
}

/* ---- gain ---- */

static void hide(struct indicator_gain *g)
{
    g->is_hidden = true;
    g->gain = (struct gain){0};
    g->up = g->same = g->down = (struct figure){0, true};
}

/* Who changed which way: three parts of one total. */
static void fill_ways(struct indicator_gain *g)
{
    const int64_t n[3] = {g->gain.nup, g->gain.nsame, g->gain.ndown};
    bool hidden[3] = {false};
    struct figure *to[3] = {&g->up, &g->same, &g->down};

    (void)suppress_parts(n, 3, hidden);
    for (int i = 0; i < 3; i++)
        *to[i] = (struct figure){hidden[i] ? 0 : n[i], hidden[i]};
    g->gain.nup = g->up.n;
    g->gain.nsame = g->same.n;
    g->gain.ndown = g->down.n;
}

static bool has_pair(const struct tally_person *p, int m)
{
    return p->pre[m] >= 0 && p->post[m] >= 0;
}

/* Of the people with this value; split SPLITS: of all. */
static int gain_among(struct arena *a, const struct tally *t, int m, int split, str value,
                      struct indicator_gain *g)
{
    struct gain_pair *pair = arena_array(a, t->people.n, sizeof(*pair));
    size_t n = 0;

    if (!pair)
        return ERR_MEM;
    for (size_t i = 0; i < t->people.n; i++) {
        const struct tally_person *p = &t->people.row[i];

        if (has_pair(p, m) && (split == SPLITS || str_eq(value_of(p, split), value)))
            pair[n++] = (struct gain_pair){p->pre[m], p->post[m]};
    }
    *g = (struct indicator_gain){.value = value};
    gain_of(pair, n, &g->gain);
    if (split == SPLITS) {
        fill_ways(g);
    } else {
        /* Not told per group: with the ways of all they would give away a hidden group's. */
        g->gain.nup = g->gain.nsame = g->gain.ndown = 0;
        g->up = g->same = g->down = (struct figure){0, true};
    }
    return 0;
}

/* Groups of which the split hides the invited stay hidden here too. */
static int gains_by(struct arena *a, const struct tally *t, int m, int split,
                    const struct indicator_split *shown, struct indicator_gain_list *ret_list)
{
    struct indicator_gain *row;
    struct work w;
    int r = work_new(a, t, split, &w);

    if (r < 0)
        return r;
    row = arena_array(a, w.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t k = 0; k < w.n; k++) {
        r = gain_among(a, t, m, split, w.value[k], &row[k]);
        if (r < 0)
            return r;
        w.count[k] = row[k].gain.n;
        w.hidden[k] = k < shown->n && shown->row[k].reach[REACH_INVITED].is_hidden;
    }
    (void)suppress_parts(w.count, w.n, w.hidden);
    for (size_t k = 0; k < w.n; k++)
        if (w.hidden[k])
            hide(&row[k]);
    *ret_list = (struct indicator_gain_list){row, w.n};
    return 0;
}

static void fill_answered(const struct tally *t, int m, struct indicator_gains *g)
{
    int64_t npre = 0, npost = 0;

    for (size_t i = 0; i < t->people.n; i++) {
        npre += t->people.row[i].pre[m] >= 0;
        npost += t->people.row[i].post[m] >= 0;
    }
    g->npre = figure(npre);
    g->npost = figure(npost);
}

static int gains_of(struct arena *a, const struct tally *t, int m, struct indicator *to)
{
    struct indicator_gains *g = &to->gain[m];
    int r = gain_among(a, t, m, SPLITS, S(""), &g->all);

    fill_answered(t, m, g);
    if (r == 0)
        r = gains_by(a, t, m, SPLIT_LANG, &to->split[SPLIT_LANG], &g->lang);
    if (r == 0)
        r = gains_by(a, t, m, SPLIT_COUNTRY, &to->split[SPLIT_COUNTRY], &g->country);
    if (r == 0 && suppress_is_small(g->all.gain.n)) {
        hide(&g->all);
        for (size_t i = 0; i < g->lang.n; i++)
            hide(&g->lang.row[i]);
        for (size_t i = 0; i < g->country.n; i++)
            hide(&g->country.row[i]);
    }
    return r;
}

/* ---- totals ---- */

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int fill_median(struct arena *a, const struct tally *t, struct indicator *to)
{
    int64_t *seconds = arena_array(a, t->people.n, sizeof(*seconds));
    size_t n = 0;

    if (!seconds)
        return ERR_MEM;
    for (size_t i = 0; i < t->people.n; i++)
        if (t->people.row[i].seconds > 0)
            seconds[n++] = t->people.row[i].seconds;
    to->has_median = n >= SUPPRESS_UNDER;
    if (!to->has_median)
        return 0;
    qsort(seconds, n, sizeof(*seconds), by_number);
    to->median_minutes = ((seconds[(n - 1) / 2] + seconds[n / 2]) / 2 + 30) / 60;
    return 0;
}

/* Organisations are not people: their number is not suppressed. */
static int64_t count_orgs(const struct tally *t, int reach)
{
    int64_t n = 0;

    for (size_t i = 0; i < t->people.n; i++) {
        bool is_first = has_reached(t, &t->people.row[i], reach);

        for (size_t k = 0; k < i && is_first; k++)
            is_first = t->people.row[k].org != t->people.row[i].org ||
                       !has_reached(t, &t->people.row[k], reach);
        n += is_first;
    }
    return n;
}

static void fill_totals(const struct tally *t, struct indicator *to)
{
    int64_t reach[REACHES] = {0}, accepted = 0, certificates = 0;

    for (size_t i = 0; i < t->people.n; i++) {
        const struct tally_person *p = &t->people.row[i];

        for (int k = 0; k < REACHES; k++)
            reach[k] += has_reached(t, p, k);
        accepted += p->has_accepted;
        certificates += p->has_certificate;
    }
    for (int k = 0; k < REACHES; k++)
        to->reach[k] = figure(reach[k]);
    to->accepted = figure(accepted);
    to->certificates = figure(certificates);
    to->orgs_invited = (struct figure){count_orgs(t, REACH_INVITED), false};
    to->orgs_attended = (struct figure){count_orgs(t, REACH_ATTENDED), false};
}

int indicator_of(struct arena *a, const struct tally *t, struct indicator *ret_indicator)
{
    struct indicator to = {0};
    int r = fill_median(a, t, &to);

    fill_totals(t, &to);
    for (int i = 0; r == 0 && i < SPLITS; i++)
        r = split_of(a, t, i, &to.split[i]);
    for (int m = 0; r == 0 && m < MEASURES; m++)
        r = gains_of(a, t, m, &to);
    if (r == 0)
        *ret_indicator = to;
    return r;
}
