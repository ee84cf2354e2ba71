/*
 * The rows as JSON and back. Words of closed lists stand as in files, so that an auditor reads them
 * without our enums.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/json_in.h"
#include "domain/org.h"
#include "domain/person.h"
#include "domain/tally.h"

#include <math.h>

enum { FORMAT = 1, MAX_PEOPLE = 5000 };

static const char *const sexes[] = {"not stated", "female", "male"};
static const char *const ages[] = {"not stated", "under 18", "18-29", "30-49", "50+"};
static const char *const conclusion_words[] = {"conclusions", "recommendations", "practices",
                                               "commitments"};

static const char *word(const char *const *words, size_t n, int i)
{
    return words[i >= 0 && i < (int)n ? i : 0];
}

static void add_text(struct sb *b, const char *key, str value)
{
    sb_printf(b, "\"%s\":", key);
    if (value.p)
        sb_json(b, value);
    else
        sb_c(b, "null");
    sb_c(b, ",");
}

static void add_scores(struct sb *b, const char *key, const double *percent)
{
    sb_printf(b, "\"%s\":{", key);
    for (int m = 0; m < MEASURES; m++) {
        sb_printf(b, "%s\"%s\":", m ? "," : "", measure_name(m + 1));
        if (percent[m] < 0)
            sb_c(b, "null");
        else
            sb_printf(b, "%.4f", percent[m]);
    }
    sb_c(b, "}");
}

static void add_person(struct sb *b, const struct tally_person *p)
{
    sb_printf(b, "{\"organisation\":%d,", p->org);
    add_text(b, "kind", str_c(org_kind_name(p->kind)));
    add_text(b, "country", p->country);
    add_text(b, "language", p->lang);
    add_text(b, "sex", str_c(word(sexes, NELEM(sexes), p->sex)));
    add_text(b, "age", str_c(word(ages, NELEM(ages), p->age)));
    add_text(b, "reply",
             p->has_accepted   ? S("accepted")
             : p->has_declined ? S("declined")
                               : S("other"));
    sb_printf(b, "\"seconds\":%lld,\"share\":%d,\"certificate\":%s,", (long long)p->seconds,
              p->share, p->has_certificate ? "true" : "false");
    add_scores(b, "pre", p->pre);
    sb_c(b, ",");
    add_scores(b, "post", p->post);
    sb_c(b, "}");
}

int tally_write(struct arena *a, const struct tally *t, str *ret_json)
{
    struct sb b = sb_init(a, MAX_SHEET_BYTES * 4);
    str json;

    sb_printf(&b, "{\"format\":\"kengesh-records-%d\",", FORMAT);
    add_text(&b, "seminar", t->slug);
    add_text(&b, "title", t->title);
    add_text(&b, "title_language", t->title_lang);
    add_text(&b, "programme", t->programme);
    add_text(&b, "programme_language", t->programme_lang);
    add_text(&b, "convener", t->convener);
    add_text(&b, "convener_language", t->convener_lang);
    add_text(&b, "donor", t->donor);
    add_text(&b, "donor_language", t->donor_lang);
    sb_printf(&b,
              "\"starts_at\":%lld,\"live_at\":%lld,\"ended_at\":%lld,\"counted_at\":%lld,"
              "\"percent\":%d,\n\"people\":[",
              (long long)t->starts_at, (long long)t->live_at, (long long)t->ended_at,
              (long long)t->counted_at, t->percent);
    for (size_t i = 0; i < t->people.n; i++) {
        sb_c(&b, i ? ",\n" : "\n");
        add_person(&b, &t->people.row[i]);
    }
    sb_c(&b, "],\n\"views\":[");
    for (size_t i = 0; i < t->nviews; i++) {
        sb_c(&b, i ? ",{" : "{");
        add_text(&b, "page", t->views[i].page);
        add_text(&b, "language", t->views[i].lang);
        sb_printf(&b, "\"n\":%lld}", (long long)t->views[i].n);
    }
    sb_c(&b, "],\n");
    for (size_t i = 0; i < NELEM(conclusion_words); i++)
        sb_printf(&b, "\"%s\":%lld,", conclusion_words[i], (long long)t->conclusions[i]);
    sb_printf(&b, "\"certificates_revoked\":%lld}\n", (long long)t->nrevoked);
    json = sb_str(&b);
    if (!json.p)
        return ERR_MEM;
    *ret_json = json;
    return 0;
}

/* ---- and back ---- */

static int take_word(const json_t *o, const char *key, const char *const *words, size_t n,
                     int *ret_i)
{
    str name = json_in_text(o, key);

    for (size_t i = 0; i < n; i++) {
        if (str_eq(name, str_c(words[i]))) {
            *ret_i = (int)i;
            return 0;
        }
    }
    return ERR_RANGE;
}

static int take_number(const json_t *o, const char *key, int64_t max, int64_t *ret_n)
{
    const json_t *v = json_object_get(o, key);

    if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > max)
        return ERR_RANGE;
    *ret_n = json_integer_value(v);
    return 0;
}

static int take_scores(const json_t *o, double *to)
{
    for (int m = 0; m < MEASURES; m++) {
        const json_t *v = json_object_get(o, measure_name(m + 1));
        double percent = json_is_null(v) ? -1 : json_number_value(v);

        if (!v || (!json_is_null(v) && !json_is_number(v)) || !(percent >= -1 && percent <= 100))
            return ERR_RANGE;
        to[m] = percent;
    }
    return 0;
}

static str keep(struct arena *a, const json_t *o, const char *key)
{
    return arena_str(a, json_in_text(o, key));
}

static int take_person(struct arena *a, const json_t *o, struct tally_person *p)
{
    int64_t org = 0, seconds = 0, share = 0;
    str reply = json_in_text(o, "reply");
    int r = org_kind_parse(json_in_text(o, "kind"), &p->kind);

    if (r == 0)
        r = take_word(o, "sex", sexes, NELEM(sexes), &p->sex);
    if (r == 0)
        r = take_word(o, "age", ages, NELEM(ages), &p->age);
    if (r == 0)
        r = take_number(o, "organisation", MAX_PEOPLE, &org);
    if (r == 0)
        r = take_number(o, "seconds", USEC_DAY, &seconds);
    if (r == 0)
        r = take_number(o, "share", 100, &share);
    if (r == 0)
        r = take_scores(json_object_get(o, "pre"), p->pre);
    if (r == 0)
        r = take_scores(json_object_get(o, "post"), p->post);
    p->org = (int)org;
    p->seconds = seconds;
    p->share = (int)share;
    p->country = keep(a, o, "country");
    p->lang = keep(a, o, "language");
    p->has_accepted = str_eq(reply, S("accepted"));
    p->has_declined = str_eq(reply, S("declined"));
    p->has_certificate = json_is_true(json_object_get(o, "certificate"));
    return r < 0 || !p->country.p || !p->lang.p ? ERR_RANGE : 0;
}

static int take_people(struct arena *a, const json_t *list, struct tally_list *to)
{
    const json_t *o;
    size_t i;
    int r = 0;

    if (!json_is_array(list) || json_array_size(list) > MAX_PEOPLE)
        return ERR_RANGE;
    to->row = arena_array(a, json_array_size(list), sizeof(*to->row));
    if (!to->row)
        return ERR_MEM;
    json_array_foreach(list, i, o)
    {
        r = take_person(a, o, &to->row[to->n++]);
        if (r < 0)
            return r;
    }
    return r;
}

static int take_views(struct arena *a, const json_t *list, struct tally *t)
{
    const json_t *o;
    size_t i;
    int r = 0;

    if (!json_is_array(list) || json_array_size(list) > MAX_PEOPLE)
        return ERR_RANGE;
    t->views = arena_array(a, json_array_size(list), sizeof(*t->views));
    if (!t->views)
        return ERR_MEM;
    json_array_foreach(list, i, o)
    {
        struct tally_views *v = &t->views[t->nviews++];

        v->page = keep(a, o, "page");
        v->lang = keep(a, o, "language");
        if (r == 0)
            r = v->page.p && v->lang.p ? take_number(o, "n", INT64_MAX, &v->n) : ERR_RANGE;
    }
    return r;
}

static int take_head(struct arena *a, const json_t *root, struct tally *t)
{
    int64_t percent = 0;
    int r = str_eq(json_in_text(root, "format"), S("kengesh-records-1")) ? 0 : ERR_SYNTAX;

    *t = (struct tally){.slug = keep(a, root, "seminar"),
                        .title = keep(a, root, "title"),
                        .title_lang = keep(a, root, "title_language"),
                        .programme = keep(a, root, "programme"),
                        .programme_lang = keep(a, root, "programme_language"),
                        .convener = keep(a, root, "convener"),
                        .convener_lang = keep(a, root, "convener_language"),
                        .donor = keep(a, root, "donor"),
                        .donor_lang = keep(a, root, "donor_language")};
    if (r == 0)
        r = take_number(root, "starts_at", INT64_MAX, &t->starts_at);
    if (r == 0)
        r = take_number(root, "live_at", INT64_MAX, &t->live_at);
    if (r == 0)
        r = take_number(root, "ended_at", INT64_MAX, &t->ended_at);
    if (r == 0)
        r = take_number(root, "counted_at", INT64_MAX, &t->counted_at);
    if (r == 0)
        r = take_number(root, "percent", 100, &percent);
    t->percent = (int)percent;
    return r == 0 && !t->slug.p ? ERR_RANGE : r;
}

int tally_parse(struct arena *a, str json, struct tally *ret_tally)
{
    char fault[JSON_IN_FAULT];
    json_t *root = NULL;
    struct tally t;
    int r = json_in_parse(json, MAX_SHEET_BYTES * 4, &root, fault);

    if (r == 0)
        r = take_head(a, root, &t);
    if (r == 0)
        r = take_people(a, json_object_get(root, "people"), &t.people);
    if (r == 0)
        r = take_views(a, json_object_get(root, "views"), &t);
    for (size_t i = 0; r == 0 && i < NELEM(conclusion_words); i++)
        r = take_number(root, conclusion_words[i], INT64_MAX, &t.conclusions[i]);
    if (r == 0)
        r = take_number(root, "certificates_revoked", INT64_MAX, &t.nrevoked);
    json_decref(root);
    if (r == 0)
        *ret_tally = t;
    return r;
}
