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
#include "base/limits.h"
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

/* From 1; 0: no such word. */
static int word(str s, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (str_eq(s, str_c(names[i])))
            return i + 1;
    return 0;
}

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
        .stage = word(json_in_text(o, "stage"), is_legal ? parts : stages, (int)NELEM(stages)),
        .topic = word(json_in_text(o, "topic"), topics, (int)NELEM(topics)),
        .source = json_in_text(o, "source"),
    };
    int64_t id;
    int r = guide_point_add(j->db, j->who, guide_id, &in, &id);

    return r == 0 ? texts(j, id, json_object_get(o, "text"), put_point) : r;
}

static int one(const struct job *j, const json_t *o, bool *ret_is_added)
{
    static const char *const subjects[] = {"work",        "stay",   "recruitment",
                                           "trafficking", "papers", "service"};
    str subject = json_in_text(o, "subject");
    struct guide_in in = {.slug = json_in_text(o, "slug"),
                          .from = json_in_text(o, "from"),
                          .to = json_in_text(o, "to"),
                          .is_sample = json_is_true(json_object_get(o, "sample")),
                          .kind = subject.p ? GUIDE_LEGAL : GUIDE_CORRIDOR,
                          .subject = subject.p ? word(subject, subjects, (int)NELEM(subjects)) : 0};
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
            r = point(j, id, in.kind == GUIDE_LEGAL, p);
    }
    return r;
}

int guide_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
                 unsigned *ret_added)
{
    struct job j = {a, db, who, now};
    char fault[JSON_IN_FAULT];
    json_t *root = NULL;
    const json_t *list, *o;
    unsigned added = 0;
    size_t i;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = json_in_parse(json, MAX_HTTP_BODY, &root, fault);
    if (r < 0)
        return r;
    list = json_object_get(root, "guides");
    if (!json_is_array(list))
        r = ERR_SYNTAX;
    json_array_foreach(list, i, o)
    {
        bool is_added = false;

        if (r == 0)
            r = one(&j, o, &is_added);
        added += is_added;
    }
    json_decref(root);
    if (r == 0)
        *ret_added = added;
    return r;
}
