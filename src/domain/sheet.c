/*
 * Figures → rows → files. One list of rows feeds the JSON, the CSV and the figures of the page, so
 * that they cannot say different things.
 */
#include "domain/sheet.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/csv.h"
#include "domain/day.h"
#include "domain/suppress.h"
#include "domain/view.h"

struct making {
    struct arena *a;
    struct sheet_rows to;
    bool ok;
};

static struct sheet_row *put(struct making *k, struct sheet_row row)
{
    struct sheet_row *bigger;

    if (k->to.n % 64 == 0) {
        bigger = arena_array(k->a, k->to.n + 64, sizeof(*bigger));
        if (!bigger) {
            k->ok = false;
            return NULL;
        }
        for (size_t i = 0; i < k->to.n; i++)
            bigger[i] = k->to.row[i];
        k->to.row = bigger;
    }
    if (row.is_hidden) {
        row.value = 0;
        row.n = -1;
        row.has_value = false;
    }
    k->to.row[k->to.n] = row;
    return &k->to.row[k->to.n++];
}

#define COUNTED                                                                                    \
    "participants and protected people by their invitations; staff, speakers, interpreters "       \
    "and observers are not counted"

static const char *const reach_methods[REACHES] = {
    "invited: " COUNTED,
    "attended: in the room while it was on air, by the server's intervals",
    "completed: present for the seminar's share of the time on air or more",
};

static const char *const reach_ids[REACHES] = {"persons.invited", "persons.attended",
                                               "persons.completed"};

static void put_count_over(struct making *k, int period, str id, struct figure f, const char *unit,
                           const char *method)
{
    (void)put(k, (struct sheet_row){.id = id,
                                    .split = S(""),
                                    .part = S(""),
                                    .is_hidden = f.is_hidden,
                                    .has_value = true,
                                    .value = (double)f.n,
                                    .n = f.n,
                                    .period = period,
                                    .unit = unit,
                                    .method = method});
}

static void put_count(struct making *k, str id, struct figure f, const char *unit,
                      const char *method)
{
    put_count_over(k, PERIOD_SEMINAR, id, f, unit, method);
}

static void put_split(struct making *k, int split, const struct indicator_split *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (int reach = 0; reach < REACHES; reach++)
            (void)put(k, (struct sheet_row){.id = str_c(reach_ids[reach]),
                                            .split = str_c(split_name(split)),
                                            .part = s->row[i].value,
                                            .is_hidden = s->row[i].reach[reach].is_hidden,
                                            .has_value = true,
                                            .value = (double)s->row[i].reach[reach].n,
                                            .n = s->row[i].reach[reach].n,
                                            .unit = "persons",
                                            .method = reach_methods[reach]});
}

/* Of those who completed and whose sex is stated. */
static void put_women(struct making *k, const struct indicator *i)
{
    const struct indicator_split *s = &i->split[SPLIT_SEX];
    struct sheet_row row = {.id = S("share.women.completed"),
                            .split = S(""),
                            .part = S(""),
                            .unit = "percent",
                            .method = "women among those who completed and whose sex is stated"};
    int64_t women = 0;

    for (size_t p = 0; p < s->n; p++) {
        const struct figure *f = &s->row[p].reach[REACH_COMPLETED];

        if (!s->row[p].value.n)
            continue;
        row.is_hidden |= f->is_hidden;
        row.n += f->n;
        women += str_eq(s->row[p].value, S("female")) ? f->n : 0;
    }
    row.has_value = row.n > 0;
    row.value = row.n ? 100.0 * (double)women / (double)row.n : 0;
    (void)put(k, row);
}

static const char method_gain[] =
    "pairs only: the same person before and after; parallel forms, not equated; open knowledge "
    "questions count 0";

static void put_gain_row(struct making *k, const char *measure, const char *what, double value,
                         struct sheet_row as)
{
    as.id = arena_printf(k->a, "gain.%s.%s", measure, what);
    as.value = value;
    as.method = method_gain;
    k->ok &= as.id.p != NULL;
    (void)put(k, as);
}

/* The first test is answered from the rehearsal on, the second until the seminar is archived. */
static void put_gain(struct making *k, int m, str split, const struct indicator_gain *g)
{
    const char *name = measure_name(m + 1);
    struct sheet_row as = {.split = split,
                           .part = g->value,
                           .is_hidden = g->is_hidden,
                           .has_value = g->gain.n > 0,
                           .n = g->gain.n,
                           .period = PERIOD_UNTIL_COUNT,
                           .unit = "percent"};

    put_gain_row(k, name, "pre", g->gain.pre, as);
    put_gain_row(k, name, "post", g->gain.post, as);
    as.unit = "points";
    put_gain_row(k, name, "mean", g->gain.mean, as);
    as.has_value = g->gain.has_interval;
    put_gain_row(k, name, "low95", g->gain.low, as);
    put_gain_row(k, name, "high95", g->gain.high, as);
    as.has_value = g->gain.has_norm;
    as.unit = "ratio";
    put_gain_row(k, name, "normalised", g->gain.norm, as);
}

static void put_gains(struct making *k, int m, const struct indicator_gains *g)
{
    const char *name = measure_name(m + 1);
    const struct figure *way[3] = {&g->all.up, &g->all.same, &g->all.down};
    static const char *const ways[3] = {"improved", "same", "declined"};

    put_count_over(k, PERIOD_UNTIL_COUNT, arena_printf(k->a, "tests.pre.%s", name), g->npre,
                   "persons", "answered before");
    put_count_over(k, PERIOD_UNTIL_COUNT, arena_printf(k->a, "tests.post.%s", name), g->npost,
                   "persons", "answered after");
    put_gain(k, m, S(""), &g->all);
    for (int i = 0; i < 3; i++)
        put_count_over(k, PERIOD_UNTIL_COUNT, arena_printf(k->a, "gain.%s.%s", name, ways[i]),
                       *way[i], "persons", method_gain);
    for (size_t i = 0; i < g->lang.n; i++)
        put_gain(k, m, S("language"), &g->lang.row[i]);
    for (size_t i = 0; i < g->country.n; i++)
        put_gain(k, m, S("country"), &g->country.row[i]);
}

/* Views are of pages, not of people; a small number is hidden all the same. */
static void put_views(struct making *k, const struct tally *t)
{
    for (size_t i = 0; i < t->nviews; i++) {
        const struct tally_views *v = &t->views[i];
        bool is_few = v->n < VIEW_COUNTRY_MIN;

        (void)put(k, (struct sheet_row){
                         .id = arena_printf(k->a, "views.%.*s", STR(v->page)),
                         .split = S("language"),
                         .part = v->lang,
                         .is_hidden = is_few,
                         .has_value = true,
                         .value = (double)v->n,
                         .n = -1,
                         .period = PERIOD_UNTIL_COUNT,
                         .unit = "views",
                         .method = "views counted by the server, known robots apart; views are "
                                   "not people; under 10 not shown"});
    }
}

/* Certificates are issued and revoked, and texts agreed on, also after the end. */
static void put_outcome(struct making *k, const struct tally *t, const struct indicator *i)
{
    static const char *const agreed[] = {"conclusions", "recommendations", "practices",
                                         "commitments"};
    bool is_small = suppress_is_small(t->nrevoked);

    put_count_over(k, PERIOD_TO_COUNT, S("certificates.valid"), i->certificates, "certificates",
                   "issued by the rule and not revoked");
    put_count_over(k, PERIOD_TO_COUNT, S("certificates.revoked"),
                   (struct figure){is_small ? 0 : t->nrevoked, is_small}, "certificates",
                   "revoked or replaced");
    for (size_t c = 0; c < NELEM(agreed); c++)
        put_count_over(k, PERIOD_TO_COUNT, arena_printf(k->a, "agreed.%s", agreed[c]),
                       (struct figure){t->conclusions[c], false}, "texts",
                       "numbered in the record");
    put_views(k, t);
}

int sheet_rows(struct arena *a, const struct tally *t, const struct indicator *i,
               struct sheet_rows *ret_rows)
{
    struct making k = {.a = a, .ok = true};

    for (int reach = 0; reach < REACHES; reach++)
        put_count(&k, str_c(reach_ids[reach]), i->reach[reach], "persons", reach_methods[reach]);
    put_count(&k, S("persons.accepted"), i->accepted, "persons", "last reply to the invitation");
    put_count(&k, S("organisations.invited"), i->orgs_invited, "organisations",
              "organisations of the persons invited");
    put_count(&k, S("organisations.attended"), i->orgs_attended, "organisations",
              "organisations of the persons who attended");
    (void)put(&k, (struct sheet_row){.id = S("minutes.median"),
                                     .split = S(""),
                                     .part = S(""),
                                     .has_value = i->has_median,
                                     .value = (double)i->median_minutes,
                                     .n = i->reach[REACH_ATTENDED].n,
                                     .is_hidden = i->reach[REACH_ATTENDED].is_hidden,
                                     .unit = "minutes",
                                     .method = "of those who attended"});
    put_women(&k, i);
    for (int s = 0; s < SPLITS; s++)
        put_split(&k, s, &i->split[s]);
    for (int m = 0; m < MEASURES; m++)
        put_gains(&k, m, &i->gain[m]);
    put_outcome(&k, t, i);
    if (!k.ok)
        return ERR_MEM;
    *ret_rows = k.to;
    return 0;
}

/* ---- files ---- */

/* RFC 3339 in UTC; a time that is not there is null. */
static void add_time(struct sb *b, const char *key, usec at)
{
    struct day d = day_of_number(at / USEC_DAY);
    int64_t s = at % USEC_DAY / USEC_S;

    if (at)
        sb_printf(b, "\"%s\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", key, d.year, d.month, d.day,
                  (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    else
        sb_printf(b, "\"%s\":null", key);
}

static void add_text(struct sb *b, const char *key, str value)
{
    sb_printf(b, "\"%s\":", key);
    sb_json(b, value.p ? value : S(""));
    sb_c(b, ",");
}

static void add_value(struct sb *b, const struct sheet_row *row)
{
    bool is_whole =
        row->value > -1e15 && row->value < 1e15 && row->value == (double)(int64_t)row->value;

    sb_printf(b, is_whole ? "%.0f" : "%.2f", row->value);
}

struct period {
    usec from, to; /* 0: none */
};

static struct period period_of(const struct tally *t, const struct sheet_row *row)
{
    struct period p = {.from = t->live_at ? t->live_at : t->starts_at, .to = t->counted_at};

    if (row->period == PERIOD_SEMINAR && t->ended_at)
        p.to = t->ended_at;
    if (row->period == PERIOD_UNTIL_COUNT)
        p.from = 0;
    return p;
}

static void add_row(struct sb *b, const struct tally *t, const struct sheet_row *row,
                    bool is_first_form)
{
    const struct period p = period_of(t, row);

    sb_c(b, "{");
    add_text(b, "id", row->id);
    if (row->split.n) {
        add_text(b, "split", row->split);
        add_text(b, "part", row->part.n ? row->part : S("not stated"));
    }
    sb_c(b, "\"value\":");
    if (row->has_value)
        add_value(b, row);
    else
        sb_c(b, "null");
    if (row->n >= 0)
        sb_printf(b, ",\"n\":%lld", (long long)row->n);
    if (row->is_hidden)
        sb_c(b, ",\"suppressed\":true");
    sb_c(b, ",");
    if (row->period != PERIOD_SEMINAR && !is_first_form) {
        add_time(b, "from", p.from);
        sb_c(b, ",");
        add_time(b, "to", p.to);
        sb_c(b, ",");
    }
    add_text(b, "unit", str_c(row->unit));
    sb_c(b, "\"method\":");
    sb_json(b, str_c(row->method));
    sb_c(b, "}");
}

static void add_period(struct sb *b, const struct tally *t)
{
    sb_c(b, "\"period\":{");
    add_time(b, "from", t->live_at ? t->live_at : t->starts_at);
    sb_c(b, ",");
    add_time(b, "to", t->ended_at);
    sb_c(b, ",");
    add_time(b, "views_until", t->counted_at);
    sb_c(b, "},");
}

int sheet_json(struct arena *a, const struct tally *t, const struct sheet_rows *rows,
               const struct sheet_head *head, str *ret_json)
{
    struct sb b = sb_init(a, MAX_SHEET_BYTES);
    str json;

    sb_printf(&b, "{\"format\":\"kengesh-sheet-%d\",", head->is_first_form ? 1 : 2);
    if (head->number) {
        sb_printf(&b, "\"number\":%d,", head->number);
        add_text(&b, "handed_to", head->handed_to);
        add_time(&b, "frozen_at", head->frozen_at);
        sb_c(&b, ",");
        add_text(&b, "records_sha256", head->records_hash);
    }
    add_text(&b, "seminar", t->slug);
    add_text(&b, "title", t->title);
    add_text(&b, "programme", t->programme);
    add_text(&b, "convener", t->convener);
    add_text(&b, "donor", t->donor);
    add_period(&b, t);
    sb_printf(&b, "\"completed_from_percent\":%d,\"suppressed_under\":%d,\n\"figures\":[",
              t->percent, SUPPRESS_UNDER);
    for (size_t i = 0; i < rows->n; i++) {
        sb_c(&b, i ? ",\n" : "\n");
        add_row(&b, t, &rows->row[i], head->is_first_form);
    }
    sb_c(&b, "\n]}\n");
    json = sb_str(&b);
    if (!json.p)
        return ERR_TOO_BIG;
    *ret_json = json;
    return 0;
}

static void add_day(struct sb *b, usec at, const char *end)
{
    struct day d = day_of_number(at / USEC_DAY);

    if (at)
        sb_printf(b, "%04d-%02d-%02d", d.year, d.month, d.day);
    sb_c(b, end);
}

int sheet_csv(struct arena *a, const struct tally *t, const struct sheet_rows *rows, str *ret_csv)
{
    struct sb b = sb_init(a, MAX_SHEET_BYTES);
    str csv;

    sb_c(&b, "figure,split,part,value,n,unit,suppressed,from,to,method\r\n"
             "#indicator+code,#group+type,#group+name,#indicator+value+num,#meta+count,"
             "#indicator+unit,#meta+suppressed,#date+start,#date+end,#meta+method\r\n");
    for (size_t i = 0; i < rows->n; i++) {
        const struct sheet_row *row = &rows->row[i];
        const struct period p = period_of(t, row);

        csv_cell(&b, row->id, ",");
        csv_cell(&b, row->split, ",");
        csv_cell(&b, row->split.n && !row->part.n ? S("not stated") : row->part, ",");
        if (row->has_value)
            add_value(&b, row);
        sb_c(&b, ",");
        if (row->n >= 0)
            sb_printf(&b, "%lld", (long long)row->n);
        sb_c(&b, ",");
        csv_cell(&b, str_c(row->unit), ",");
        sb_c(&b, row->is_hidden ? "yes," : "no,");
        add_day(&b, p.from, ",");
        add_day(&b, p.to, ",");
        csv_cell(&b, str_c(row->method), "\r\n");
    }
    csv = sb_str(&b);
    if (!csv.p)
        return ERR_TOO_BIG;
    *ret_csv = csv;
    return 0;
}
