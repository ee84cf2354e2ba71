#include "web/report_fill.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/indicator.h"
#include "domain/org.h"
#include "domain/view.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/page_org.h"
#include "web/texts.h"
#include "web/visit.h"

enum { BAR = 200 /* units of the bar's viewBox */, TOTALS = 9 };

static str number(struct exchange *x, int64_t n)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts(x), SHOW_NUM, n);
    return arena_str(x->arena, sb_str(&b));
}

/* Not "<5": large numbers are hidden too, along with small ones that they would give away. */
#define HIDDEN S("–")

static str shown(struct exchange *x, struct figure f)
{
    return f.is_hidden ? HIDDEN : number(x, f.n);
}

/* ---- splits ---- */

static enum text_id split_text(int split)
{
    static const enum text_id texts[SPLITS] = {
        [SPLIT_KIND] = TEXT_REPORT_BY_KIND,     [SPLIT_SEX] = TEXT_REPORT_BY_SEX,
        [SPLIT_AGE] = TEXT_REPORT_BY_AGE,       [SPLIT_COUNTRY] = TEXT_REPORT_BY_COUNTRY,
        [SPLIT_LANG] = TEXT_REPORT_BY_LANGUAGE,
    };

    return texts[split];
}

/* Words that the house has for a value; TEXT_NONE: name_of has it. */
static enum text_id word_of(int split, str value)
{
    int kind;

    if (!value.n)
        return TEXT_REPORT_NOT_STATED;
    if (split == SPLIT_KIND && org_kind_parse(value, &kind) == 0)
        return org_kind_text(kind);
    if (split == SPLIT_SEX)
        return str_eq(value, S("female")) ? TEXT_REPORT_FEMALE : TEXT_REPORT_MALE;
    return split == SPLIT_AGE && str_eq(value, S("under 18")) ? TEXT_REPORT_UNDER_18 : TEXT_NONE;
}

static str name_of(struct exchange *x, int split, str value)
{
    struct sb b = sb_init(x->arena, 0);

    if (split == SPLIT_COUNTRY)
        texts_show_code(&b, visit_texts(x), SHOW_COUNTRY, value);
    else if (split == SPLIT_LANG)
        texts_show_code(&b, visit_texts(x), SHOW_LANGUAGE, value);
    else
        return value;
    return arena_str(x->arena, sb_str(&b));
}

static int64_t width(struct figure f, int64_t most)
{
    return most ? f.n * BAR / most : 0;
}

static int fill_split(struct exchange *x, const struct indicator_split *s, int split,
                      struct tpl_report_split *to)
{
    struct tpl_report_split_parts *row = arena_array(x->arena, s->n, sizeof(*row));
    int64_t most = 0;

    if (!row)
        return ERR_MEM;
    *to = (struct tpl_report_split){.word = split_text(split), .parts = row, .nparts = s->n};
    for (size_t i = 0; i < s->n; i++)
        most = s->row[i].reach[0].n > most ? s->row[i].reach[0].n : most;
    for (size_t i = 0; i < s->n; i++) {
        const struct figure *f = s->row[i].reach;

        row[i] = (struct tpl_report_split_parts){
            .name_word = word_of(split, s->row[i].value),
            .invited = shown(x, f[REACH_INVITED]),
            .attended = shown(x, f[REACH_ATTENDED]),
            .completed = shown(x, f[REACH_COMPLETED]),
            .width_invited = width(f[REACH_INVITED], most),
            .width_attended = width(f[REACH_ATTENDED], most),
            .width_completed = width(f[REACH_COMPLETED], most),
        };
        if (row[i].name_word == TEXT_NONE)
            row[i].name = name_of(x, split, s->row[i].value);
        for (int k = 0; k < REACHES; k++)
            to->is_small |= f[k].is_hidden;
    }
    return 0;
}

/* ---- gain ---- */

static str percent(struct exchange *x, double v)
{
    return arena_printf(x->arena, "%.1f", v);
}

/* Groups of one list; what has no pairs is left out. */
static void add_groups(struct exchange *x, const struct indicator_gain_list *list, int split,
                       struct tpl_report_gain *to, struct tpl_report_gain_groups *row)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct indicator_gain *g = &list->row[i];
        bool is_hidden = g->is_hidden;

        if (!is_hidden && !g->gain.n)
            continue;
        row[to->ngroups++] = (struct tpl_report_gain_groups){
            .name_word = word_of(split, g->value),
            .name = g->value.n ? name_of(x, split, g->value) : S(""),
            .n = is_hidden ? HIDDEN : number(x, g->gain.n),
            .pre = is_hidden ? HIDDEN : percent(x, g->gain.pre),
            .post = is_hidden ? HIDDEN : percent(x, g->gain.post),
            .mean = is_hidden ? HIDDEN : arena_printf(x->arena, "%+.1f", g->gain.mean),
        };
        to->is_small |= is_hidden;
    }
}

static int fill_gain(struct exchange *x, const struct indicator_gains *g, enum text_id word,
                     struct tpl_report_gain *to)
{
    const struct gain *all = &g->all.gain;
    struct tpl_report_gain_groups *row =
        arena_array(x->arena, g->lang.n + g->country.n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    *to = (struct tpl_report_gain){
        .word = word,
        .is_few = g->all.is_hidden,
        .is_small = g->all.up.is_hidden || g->all.same.is_hidden || g->all.down.is_hidden,
        .has_gain = all->n > 0,
        .pairs = all->n,
        .pre = percent(x, all->pre),
        .post = percent(x, all->post),
        .mean = arena_printf(x->arena, "%+.1f", all->mean),
        .is_loss = all->mean < 0,
        .up = shown(x, g->all.up),
        .same = shown(x, g->all.same),
        .down = shown(x, g->all.down),
        .width_pre = (int64_t)(all->pre * BAR / 100),
        .width_post = (int64_t)(all->post * BAR / 100),
        .groups = row,
    };
    if (all->has_interval)
        to->interval = arena_printf(x->arena, "%+.1f … %+.1f", all->low, all->high);
    if (all->has_norm)
        to->norm = arena_printf(x->arena, "%+.2f", all->norm);
    add_groups(x, &g->lang, SPLIT_LANG, to, row);
    add_groups(x, &g->country, SPLIT_COUNTRY, to, row);
    return 0;
}

/* ---- the rest ---- */

static str women(struct exchange *x, const struct indicator *i)
{
    const struct indicator_split *s = &i->split[SPLIT_SEX];
    int64_t all = 0, n = 0;

    for (size_t k = 0; k < s->n; k++) {
        const struct figure *f = &s->row[k].reach[REACH_COMPLETED];

        if (!s->row[k].value.n)
            continue;
        if (f->is_hidden)
            return HIDDEN;
        all += f->n;
        n += str_eq(s->row[k].value, S("female")) ? f->n : 0;
    }
    return all ? arena_printf(x->arena, "%.0f (%lld)", 100.0 * (double)n / (double)all,
                              (long long)all)
               : S("–");
}

static int fill_totals(struct exchange *x, const struct indicator *i, struct tpl_desk_report *v)
{
    struct tpl_desk_report_totals *row = arena_array(x->arena, TOTALS, sizeof(*row));
    const struct tpl_desk_report_totals totals[TOTALS] = {
        {TEXT_REPORT_INVITED, shown(x, i->reach[REACH_INVITED]), TEXT_REPORT_M_INVITED},
        {TEXT_REPORT_ACCEPTED, shown(x, i->accepted), TEXT_REPORT_M_ACCEPTED},
        {TEXT_REPORT_ATTENDED, shown(x, i->reach[REACH_ATTENDED]), TEXT_REPORT_M_ATTENDED},
        {TEXT_REPORT_COMPLETED, shown(x, i->reach[REACH_COMPLETED]), TEXT_REPORT_M_COMPLETED},
        {TEXT_REPORT_WOMEN, women(x, i), TEXT_REPORT_M_WOMEN},
        {TEXT_REPORT_MEDIAN, i->has_median ? number(x, i->median_minutes) : S("–"),
         TEXT_REPORT_M_MEDIAN},
        {TEXT_REPORT_ORGS_INVITED, shown(x, i->orgs_invited), TEXT_REPORT_M_ORGS},
        {TEXT_REPORT_ORGS_ATTENDED, shown(x, i->orgs_attended), TEXT_REPORT_M_ORGS},
        {TEXT_REPORT_CERTIFICATES, shown(x, i->certificates), TEXT_REPORT_M_CERTIFICATES},
    };

    if (!row)
        return ERR_MEM;
    for (size_t k = 0; k < TOTALS; k++)
        row[k] = totals[k];
    v->totals = row;
    v->ntotals = TOTALS;
    return 0;
}

static int fill_outcome(struct exchange *x, const struct tally *t, struct tpl_desk_report *v)
{
    static const enum text_id words[] = {TEXT_REPORT_CONCLUSIONS, TEXT_REPORT_RECOMMENDATIONS,
                                         TEXT_REPORT_PRACTICES, TEXT_REPORT_COMMITMENTS};
    struct tpl_desk_report_agreed *agreed = arena_array(x->arena, NELEM(words), sizeof(*agreed));
    struct tpl_desk_report_views *views = arena_array(x->arena, t->nviews, sizeof(*views));

    if (!agreed || !views)
        return ERR_MEM;
    for (size_t i = 0; i < NELEM(words); i++)
        agreed[i] = (struct tpl_desk_report_agreed){words[i], t->conclusions[i]};
    for (size_t i = 0; i < t->nviews; i++)
        views[i] = (struct tpl_desk_report_views){
            .page = str_eq(t->views[i].page, S("news")) ? TEXT_REPORT_PAGE_NEWS
                                                        : TEXT_REPORT_PAGE_SEMINAR,
            .code = t->views[i].lang,
            .n = t->views[i].n < VIEW_COUNTRY_MIN ? S("<10") : number(x, t->views[i].n),
        };
    v->agreed = agreed;
    v->nagreed = NELEM(words);
    v->views = views;
    v->nviews = t->nviews;
    return 0;
}

int report_fill(struct exchange *x, const struct tally *t, const struct indicator *i,
                struct tpl_desk_report *v)
{
    static const enum text_id measures[MEASURES] = {TEXT_MEASURE_KNOWLEDGE, TEXT_MEASURE_ATTITUDE,
                                                    TEXT_MEASURE_PRACTICE};
    struct tpl_report_split *split = arena_array(x->arena, SPLITS, sizeof(*split));
    struct tpl_report_gain *gain = arena_array(x->arena, MEASURES, sizeof(*gain));
    int r = split && gain ? fill_totals(x, i, v) : ERR_MEM;

    for (int s = 0; r == 0 && s < SPLITS; s++)
        r = fill_split(x, &i->split[s], s, &split[s]);
    for (int m = 0; r == 0 && m < MEASURES; m++)
        r = fill_gain(x, &i->gain[m], measures[m], &gain[m]);
    v->splits = split;
    v->nsplits = SPLITS;
    v->gains = gain;
    v->ngains = MEASURES;
    return r == 0 ? fill_outcome(x, t, v) : r;
}
