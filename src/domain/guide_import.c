/*
 * examples/guides.json: {"guides": [{"slug", "from", "to", "sample": true, "title": {lang: text},
 * "lead": {…}, "points": [{"stage": "before|on the way|there|return", "topic":
 * "documents|costs|rights|risks|precautions|scams", "source", "text": {lang: text}}]}]}
 *
 * A legal page has "subject": "work|stay|recruitment|trafficking|papers|service" besides, and the
 * stages of its statements are "says|means|act|open".
 *
 * Nothing that comes by a file counts as checked: somebody must read the sources here.
 */
#include "domain/guide.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/json_in.h"

#include <jansson.h>

struct job {
    struct arena *a;
    struct db *db;
    const struct actor *who;
    usec now;
};

typedef int put_fn(const struct job *j, int64_t id, const struct text_in *in);

static int put_title(const struct job *j, int64_t id, const struct text_in *in)
{
    return guide_text_put(j->db, j->who, id, GUIDE_TITLE, in, j->now);
}

static int put_lead(const struct job *j, int64_t id, const struct text_in *in)
{
    return guide_text_put(j->db, j->who, id, GUIDE_LEAD, in, j->now);
}

static int put_point(const struct job *j, int64_t id, const struct text_in *in)
{
    return guide_point_text_put(j->db, j->who, id, in, j->now);
}

static int texts(const struct job *j, int64_t id, json_t *o, put_fn *put)
{
    const char *lang;
    json_t *v;
    int r = json_object_size(o) ? 0 : ERR_RANGE;

    json_object_foreach(o, lang, v)
    {
        struct text_in in = {.lang = str_c(lang), .body = json_in_str(v), .revision = -1};

        if (r == 0)
            r = put(j, id, &in);
    }
    return r;
}

static int point(const struct job *j, int64_t guide_id, bool is_legal, const json_t *o)
{
    static const char *const stages[] = {"before", "on the way", "there", "return"};
    static const char *const parts[] = {"says", "means", "act", "open"};
    static const char *const topics[] = {"documents", "costs",       "rights",
                                         "risks",     "precautions", "scams"};
    struct guide_point_in in = {
        .stage = 1 + json_in_word(o, "stage", is_legal ? parts : stages, NELEM(stages)),
        .topic = 1 + json_in_word(o, "topic", topics, NELEM(topics)),
        .source = json_in_text(o, "source"),
    };
    int64_t id;
    int r = guide_point_add(j->db, j->who, guide_id, &in, j->now, &id);

    return r == 0 ? texts(j, id, json_object_get(o, "text"), put_point) : r;
}

static int one(const json_t *o, bool *ret_is_added, void *ctx)
{
    static const char *const subjects[] = {"work",        "stay",   "recruitment",
                                           "trafficking", "papers", "service"};
    const struct job *j = ctx;
    bool is_legal = json_in_text(o, "subject").p != NULL;
    struct guide_in in = {.slug = json_in_text(o, "slug"),
                          .from = json_in_text(o, "from"),
                          .to = json_in_text(o, "to"),
                          .is_sample = json_is_true(json_object_get(o, "sample")),
                          .kind = is_legal ? GUIDE_LEGAL : GUIDE_CORRIDOR,
                          .subject = 1 + json_in_word(o, "subject", subjects, NELEM(subjects))};
    const json_t *p;
    struct guide was;
    int64_t id;
    size_t i;
    int r = guide_by_slug(j->a, j->db, in.slug, S("en"), &was);

    *ret_is_added = r == ERR_NOT_FOUND;
    if (r != ERR_NOT_FOUND)
        return r;
    r = guide_add(j->db, j->who, &in, j->now, &id);
    if (r == 0)
        r = texts(j, id, json_object_get(o, "title"), put_title);
    if (r == 0)
        r = texts(j, id, json_object_get(o, "lead"), put_lead);
    json_array_foreach(json_object_get(o, "points"), i, p)
    {
        if (r == 0)
            r = point(j, id, is_legal, p);
    }
    return r;
}

int guide_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
                 unsigned *ret_added)
{
    struct job j = {a, db, who, now};
    int r = actor_check(who, RIGHT_EDITOR);

    return r < 0 ? r : json_in_list(json, "guides", one, &j, ret_added);
}
