#include "domain/import.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/conclusion.h"
#include "domain/day.h"
#include "domain/json_in.h"
#include "domain/news.h"
#include "domain/org.h"
#include "domain/programme.h"
#include "domain/seminar.h"
#include "domain/seminar_agenda.h"
#include "store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * The file is walked once, in the order in which its parts need each other: organisations,
 * programme, seminar, agenda, quotas, conclusions. Where a value does not fit, `where` names it and
 * the walk ends.
 */
struct job {
    struct arena *a;
    struct db *db;
    const struct actor *who;
    const struct import_job *in;
    json_t *root;
    char where[160];
    struct import_seminar seminar;
};

static int fault(struct job *j, const char *fmt, ...) PRINTF_LIKE(2, 3);

static int fault(struct job *j, const char *fmt, ...)
{
    va_list args;

    if (j->where[0])
        return ERR_RANGE; /* the innermost place was named already */
    va_start(args, fmt);
    (void)vsnprintf(j->where, sizeof(j->where), fmt, args);
    va_end(args);
    return ERR_RANGE;
}

static bool flag_of(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

/* A number, or {"value": number, "sample": true}. */
static int number_of(const json_t *o, const char *key, int max, int *ret_n)
{
    const json_t *v = json_object_get(o, key);
    json_int_t n;

    if (json_is_object(v))
        v = json_object_get(v, "value");
    if (!json_is_integer(v))
        return ERR_RANGE;
    n = json_integer_value(v);
    if (n < 0 || n > max)
        return ERR_RANGE;
    *ret_n = (int)n;
    return 0;
}

/* ---- organisations and programme ---- */

static int org_take(struct job *j, const json_t *o, size_t i)
{
    struct org_in in = {.slug = json_in_text(o, "id"), .country = json_in_text(o, "country"),
                        .is_sample = flag_of(o, "sample")};
    const char *lang;
    json_t *name;
    int64_t id;
    int r = org_kind_parse(json_in_text(o, "kind"), &in.kind);

    if (r < 0)
        return fault(j, "organisations[%zu].kind", i);
    r = org_put(j->db, j->who, &in, j->in->now, &id);
    if (r < 0)
        return r == ERR_RANGE ? fault(j, "organisations[%zu]", i) : r;
    json_object_foreach(json_object_get(o, "name"), lang, name) {
        r = org_name_put(j->db, j->who, id, str_c(lang), json_in_str(name), j->in->now);
        if (r < 0)
            return r == ERR_RANGE ? fault(j, "organisations[%zu].name.%s", i, lang) : r;
    }
    return 0;
}

static int orgs_take(struct job *j)
{
    const json_t *list = json_object_get(j->root, "organisations");
    const json_t *o;
    size_t i;
    int r;

    if (!json_is_array(list))
        return fault(j, "organisations");
    json_array_foreach(list, i, o) {
        r = org_take(j, o, i);
        if (r < 0)
            return r;
    }
    return 0;
}

/* The organisation of an id in the file; 0 for an id that is not given. */
static int org_id_of(struct job *j, str slug, const char *where, int64_t *ret_id)
{
    struct org org;
    int r;

    *ret_id = 0;
    if (!slug.p)
        return 0;
    r = org_by_slug(j->a, j->db, slug, S(""), &org);
    if (r < 0)
        return r == ERR_NOT_FOUND ? fault(j, "%s", where) : r;
    *ret_id = org.id;
    return 0;
}

static int region_join(struct job *j, const json_t *list, str *ret_region)
{
    const json_t *v;
    size_t i;
    str all = {NULL, 0};

    json_array_foreach(list, i, v) {
        all = arena_printf(j->a, "%.*s%s%.*s", STR(all), i ? "," : "", STR(json_in_str(v)));
        if (!all.p)
            return ERR_MEM;
    }
    if (all.n > 200)
        return fault(j, "programme.region");
    *ret_region = all;
    return 0;
}

static int programme_fields(struct job *j, const json_t *o, struct programme_in *in)
{
    const json_t *period = json_object_get(o, "period");
    struct day day;
    int r;

    *in = (struct programme_in){.slug = json_in_text(o, "slug"),
                                .kind = json_in_text(o, "kind"),
                                .from = json_in_text(period, "from"),
                                .to = json_in_text(period, "to"),
                                .is_period_sample = flag_of(period, "sample")};
    if ((in->from.p && day_parse(in->from, &day)) || (in->to.p && day_parse(in->to, &day)))
        return fault(j, "programme.period");
    r = region_join(j, json_object_get(o, "region"), &in->region);
    if (r == 0)
        r = org_id_of(j, json_in_text(o, "convener"), "programme.convener", &in->convener_id);
    if (r == 0)
        r = org_id_of(j, json_in_text(o, "donor"), "programme.donor", &in->donor_id);
    return r;
}

/* A file that does not name partners leaves those that are there. */
static int partners_take(struct job *j, const json_t *programme, int64_t id)
{
    const json_t *list = json_object_get(programme, "partners");
    size_t n = json_array_size(list);
    int64_t *ids = list ? arena_array(j->a, n, sizeof(*ids)) : NULL;

    if (!list)
        return 0;
    if (!json_is_array(list) || n > MAX_PARTNERS)
        return fault(j, "programme.partners");
    if (!ids)
        return ERR_MEM;
    for (size_t i = 0; i < n; i++) {
        char where[40];
        int r;

        (void)snprintf(where, sizeof(where), "programme.partners[%zu]", i);
        r = org_id_of(j, json_in_str(json_array_get(list, i)), where, &ids[i]);
        if (r == 0 && !ids[i])
            r = fault(j, "%s", where);
        if (r < 0)
            return r;
    }
    return programme_partners_put(j->db, j->who, id, ids, n, j->in->now);
}

static int programme_take(struct job *j, int64_t *ret_id)
{
    const json_t *o = json_object_get(j->root, "programme");
    struct programme_in in;
    const char *lang;
    json_t *title;
    int64_t id;
    int r = json_is_object(o) ? programme_fields(j, o, &in) : fault(j, "programme");

    if (r < 0)
        return r;
    r = programme_put(j->db, j->who, &in, j->in->now, &id);
    if (r < 0)
        return r == ERR_RANGE ? fault(j, "programme.slug") : r;
    json_object_foreach(json_object_get(o, "title"), lang, title) {
        r = programme_title_put(j->db, j->who, id, str_c(lang), json_in_str(title), j->in->now);
        if (r < 0)
            return r == ERR_RANGE ? fault(j, "programme.title.%s", lang) : r;
    }
    r = partners_take(j, o, id);
    if (r == 0)
        *ret_id = id;
    return r;
}

/* ---- the seminar ---- */

static unsigned sample_of(const json_t *o)
{
    const json_t *duration = json_object_get(o, "duration_minutes");
    unsigned sample = 0;

    if (flag_of(json_object_get(o, "starts_at"), "time_is_sample"))
        sample |= SAMPLE_TIME;
    if (json_is_object(duration) && flag_of(duration, "sample"))
        sample |= SAMPLE_DURATION;
    if (flag_of(o, "agenda_is_sample"))
        sample |= SAMPLE_AGENDA;
    if (flag_of(o, "quotas_are_sample"))
        sample |= SAMPLE_QUOTAS;
    return sample;
}

static int starts_of(struct job *j, const json_t *o, usec *ret_time)
{
    const json_t *v = json_object_get(o, "starts_at");

    if (j->in->starts_at) {
        *ret_time = j->in->starts_at;
        return 0;
    }
    if (json_is_object(v))
        v = json_object_get(v, "value");
    return day_parse_time(json_in_str(v), ret_time) ? fault(j, "seminar.starts_at") : 0;
}

static int langs_of(struct job *j, const json_t *o, struct seminar_in *in)
{
    const json_t *list = json_object_get(o, "languages");
    const json_t *v;
    size_t i;

    if (!json_array_size(list) || json_array_size(list) > SEMINAR_LANGS)
        return fault(j, "seminar.languages");
    json_array_foreach(list, i, v) {
        in->lang[i] = json_in_str(v);
        if (!text_is_lang(in->lang[i]))
            return fault(j, "seminar.languages[%zu]", i);
    }
    in->nlangs = json_array_size(list);
    return 0;
}

static int seminar_fields(struct job *j, const json_t *o, struct seminar_in *in)
{
    int r;

    in->slug = j->in->slug.p ? j->in->slug : json_in_text(o, "slug");
    in->format = json_in_text(o, "format");
    in->zone = json_in_text(o, "timezone");
    in->floor_lang = json_in_text(o, "floor_language");
    in->sample = sample_of(o) & ~(j->in->starts_at ? (unsigned)SAMPLE_TIME : 0u);
    in->is_demo = j->in->is_demo;
    in->policy = j->in->policy;
    if (!in->policy && network_policy_parse(json_in_text(o, "network_policy"), &in->policy) < 0)
        return fault(j, "seminar.network_policy");
    if (number_of(o, "duration_minutes", 7 * 24 * 60, &in->minutes) < 0 || !in->minutes)
        return fault(j, "seminar.duration_minutes");
    r = starts_of(j, o, &in->starts_at);
    return r < 0 ? r : langs_of(j, o, in);
}

static int texts_take(struct job *j, const json_t *o, const char *field)
{
    const char *lang;
    json_t *v;

    json_object_foreach(json_object_get(o, field), lang, v) {
        struct text_in in = {.lang = str_c(lang), .body = json_in_str(v), .revision = -1};
        int r = seminar_text_put(j->db, j->who, j->seminar.seminar_id, str_c(field), &in,
                                 j->in->now);

        if (r < 0)
            return r == ERR_RANGE ? fault(j, "seminar.%s.%s", field, lang) : r;
    }
    return 0;
}

static int item_take(struct job *j, const json_t *o, size_t i)
{
    struct agenda_item item = {.place = (int)i + 1, .kind = json_in_text(o, "kind"),
                               .slides = json_in_text(o, "slides")};
    const char *lang;
    json_t *v;
    int64_t text_id, revision;
    int r;

    if (number_of(o, "minutes", 24 * 60, &item.minutes) < 0)
        return fault(j, "seminar.agenda[%zu].minutes", i);
    r = seminar_agenda_put(j->db, j->who, j->seminar.seminar_id, &item, j->in->now, &text_id);
    if (r < 0)
        return r == ERR_RANGE ? fault(j, "seminar.agenda[%zu]", i) : r;
    json_object_foreach(json_object_get(o, "title"), lang, v) {
        struct text_in in = {.lang = str_c(lang), .body = json_in_str(v), .revision = -1};

        r = text_put(j->db, j->who, text_id, &in, j->in->now, &revision);
        if (r < 0)
            return r == ERR_RANGE ? fault(j, "seminar.agenda[%zu].title.%s", i, lang) : r;
    }
    return 0;
}

static int quota_take(struct job *j, const json_t *o, size_t i)
{
    char where[64];
    int64_t org_id;
    int quota = 0;
    int r;

    (void)snprintf(where, sizeof(where), "seminar.invited[%zu].organisation", i);
    r = org_id_of(j, json_in_text(o, "organisation"), where, &org_id);
    if (r == 0 && !org_id)
        r = fault(j, "%s", where);
    if (r == 0 && json_object_get(o, "quota") && number_of(o, "quota", 10000, &quota) < 0)
        r = fault(j, "seminar.invited[%zu].quota", i);
    if (r < 0)
        return r;
    return seminar_invited_put(j->db, j->who, j->seminar.seminar_id, org_id, quota, j->in->now);
}

static int conclusion_take(struct job *j, const json_t *o, size_t i)
{
    struct conclusion_in in = {.seminar_id = j->seminar.seminar_id, .number = (int)i + 1};
    const char *lang;
    json_t *v;
    int64_t id;

    if (conclusion_kind_parse(json_in_text(o, "kind"), &in.kind) < 0)
        return fault(j, "seminar.conclusions[%zu].kind", i);
    json_object_foreach(json_object_get(o, "text"), lang, v) {
        int r;

        in.lang = str_c(lang);
        in.text = json_in_str(v);
        r = conclusion_add(j->db, j->who, &in, j->in->now, &id);
        if (r < 0)
            return r == ERR_RANGE ? fault(j, "seminar.conclusions[%zu].text.%s", i, lang) : r;
    }
    return 0;
}

/* What the source published of it, and what its own counter showed. */
static int source_take(struct job *j, const json_t *o)
{
    const json_t *item = json_object_get(o, "news_item");
    struct news_source in = {.day = json_in_text(item, "published_on")};
    int views = 0, r;

    if (!item)
        return 0;
    if (!json_object_get(item, "views_shown"))
        return 0;
    if (number_of(item, "views_shown", 1000000000, &views) < 0)
        return fault(j, "seminar.news_item.views_shown");
    in.views = views;
    r = news_source_put(j->db, j->who, j->seminar.seminar_id, &in);
    return r == ERR_RANGE ? fault(j, "seminar.news_item.published_on") : r;
}

typedef int take_fn(struct job *j, const json_t *o, size_t i);

static int list_take(struct job *j, const json_t *o, const char *key, take_fn *take)
{
    const json_t *list = json_object_get(o, key);
    const json_t *v;
    size_t i;
    int r;

    if (list && (!json_is_array(list) || json_array_size(list) > 200))
        return fault(j, "seminar.%s", key);
    json_array_foreach(list, i, v) {
        r = take(j, v, i);
        if (r < 0)
            return r;
    }
    return 0;
}

static int seminar_row(struct job *j, const json_t *o, int64_t programme_id)
{
    struct seminar_in in = {.programme_id = programme_id};
    struct seminar was;
    int r = seminar_fields(j, o, &in);

    if (r < 0)
        return r;
    if (!seminar_is_slug(in.slug))
        return fault(j, "seminar.slug");
    r = seminar_by_slug(j->a, j->db, in.slug, S(""), &was);
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    j->seminar.is_new = r == ERR_NOT_FOUND;
    r = seminar_put(j->db, j->who, &in, j->in->now, &j->seminar.seminar_id);
    if (r < 0)
        return r == ERR_RANGE ? fault(j, "seminar") : r;
    if (j->seminar.is_new && j->in->state)
        r = seminar_state_set(j->db, j->who, j->seminar.seminar_id, j->in->state, j->in->now);
    return r;
}

static int seminar_take(struct job *j, int64_t programme_id)
{
    const json_t *o = json_object_get(j->root, "seminar");
    int r = json_is_object(o) ? seminar_row(j, o, programme_id) : fault(j, "seminar");

    if (r == 0)
        r = texts_take(j, o, "title");
    if (r == 0)
        r = texts_take(j, o, "short_title");
    if (r == 0)
        r = list_take(j, o, "agenda", item_take);
    if (r == 0)
        r = list_take(j, o, "invited", quota_take);
    if (r == 0 && !j->in->is_bare)
        r = list_take(j, o, "conclusions", conclusion_take);
    if (r == 0 && !j->in->is_bare)
        r = source_take(j, o);
    return r;
}

static int parse(struct job *j, str json)
{
    char at[JSON_IN_FAULT] = "";
    int r = json_in_parse(json, MAX_HTTP_BODY, &j->root, at);

    if (r == ERR_SYNTAX)
        (void)fault(j, "%s", at);
    return r;
}

/* What was read, for the page that asks before it is taken. */
static int summary(struct job *j)
{
    struct import_seminar *to = &j->seminar;
    struct programme p = {0};
    struct invited_list invited = {0};
    struct seminar s;
    int r = seminar_by_id(j->a, j->db, to->seminar_id, S(""), &s);

    if (r == 0)
        r = programme_by_id(j->a, j->db, s.programme_id, S(""), &p);
    if (r == 0)
        r = seminar_agenda_length(j->db, s.id, &to->nitems);
    if (r == 0)
        r = seminar_invited(j->a, j->db, j->who, &s, S(""), &invited);
    to->slug = s.slug;
    to->title = s.title.body;
    to->programme = p.title.body;
    to->zone = s.zone;
    to->starts_at = s.starts_at;
    to->norgs = (int)invited.n;
    return r;
}

int import_seminar(struct arena *a, struct db *db, const struct actor *who,
                   const struct import_job *job, str json, struct import_seminar *ret_seminar)
{
    struct job j = {.a = a, .db = db, .who = who, .in = job};
    int64_t programme_id = 0;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = parse(&j, json);
    if (r == 0 && job->is_trial)
        r = db_mark(db);
    if (r == 0)
        r = orgs_take(&j);
    if (r == 0)
        r = programme_take(&j, &programme_id);
    if (r == 0)
        r = seminar_take(&j, programme_id);
    if (r == 0)
        r = summary(&j);
    if (j.root && job->is_trial)
        db_rollback(db);
    json_decref(j.root);
    if (r == 0)
        *ret_seminar = j.seminar;
    else
        ret_seminar->fault = arena_str(a, str_c(j.where));
    return r;
}
