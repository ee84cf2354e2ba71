/*
 * examples/contacts.json: {"contacts": [{"slug", "answers": "state|ngo|international", "country",
 * "serves": […], "phone", "url", "email", "cost": "free|paid", "abroad": true|false, "languages":
 * […], "hours", "zone", "source", "sample": true, "checked_days_ago", "checked_by", "name": {lang:
 * text}, "service": {lang: text}}]}
 */
#include "domain/contact.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"

#include <jansson.h>

struct job {
    struct arena *a;
    struct db *db;
    const struct actor *who;
    usec now;
};

static str member(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : (str){NULL, 0};
}

/* A list of codes with commas. */
static str codes(struct arena *a, const json_t *list)
{
    const json_t *v;
    size_t i;
    str all = S("");

    json_array_foreach(list, i, v) all = arena_printf(
        a, "%.*s%s%s", STR(all), i ? "," : "", json_is_string(v) ? json_string_value(v) : "?");
    return all;
}

static int word(str s, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (names[i] && str_eq(s, str_c(names[i])))
            return i;
    return 0;
}

static int texts_put(const struct job *j, int64_t id, enum contact_field field, json_t *texts)
{
    const char *lang;
    json_t *v;
    int r = json_object_size(texts) ? 0 : ERR_RANGE;

    json_object_foreach(texts, lang, v)
    {
        struct text_in in = {.lang = str_c(lang),
                             .body = {json_string_value(v), json_string_length(v)},
                             .revision = -1};

        if (r == 0)
            r = json_is_string(v) ? contact_text_put(j->db, j->who, id, field, &in, j->now)
                                  : ERR_RANGE;
    }
    return r;
}

static int check_put(const struct job *j, int64_t id, const json_t *o)
{
    const json_t *days = json_object_get(o, "checked_days_ago");
    struct contact_check c = {.result = CONTACT_ANSWERED, .by = member(o, "checked_by")};

    if (!json_is_integer(days))
        return 0;
    if (json_integer_value(days) < 0 || json_integer_value(days) > 36500)
        return ERR_RANGE;
    c.at = j->now - json_integer_value(days) * USEC_DAY;
    return contact_try(j->db, j->who, id, &c, j->now);
}

static int one(const struct job *j, const json_t *o, bool *ret_is_added)
{
    static const char *const answers[] = {NULL, "state", "ngo", "international"};
    static const char *const costs[] = {NULL, "free", "paid"};
    const json_t *abroad = json_object_get(o, "abroad");
    struct contact_in in = {
        .slug = member(o, "slug"),
        .answers = word(member(o, "answers"), answers, (int)NELEM(answers)),
        .cost = word(member(o, "cost"), costs, (int)NELEM(costs)),
        .abroad = json_is_true(abroad)    ? CONTACT_ABROAD_YES
                  : json_is_false(abroad) ? CONTACT_ABROAD_NO
                                          : CONTACT_ABROAD_NOT_STATED,
        .country = member(o, "country"),
        .serves = codes(j->a, json_object_get(o, "serves")),
        .phone = member(o, "phone"),
        .url = member(o, "url"),
        .email = member(o, "email"),
        .langs = codes(j->a, json_object_get(o, "languages")),
        .hours = member(o, "hours"),
        .zone = member(o, "zone"),
        .source = member(o, "source"),
        .is_sample = json_is_true(json_object_get(o, "sample")),
    };
    struct contact_ask ask = {.slug = in.slug, .lang = S("en"), .now = j->now};
    struct contact was;
    int64_t id;
    int r = contact_by_slug(j->a, j->db, j->who, &ask, &was);

    *ret_is_added = r == ERR_NOT_FOUND;
    if (r != ERR_NOT_FOUND)
        return r;
    r = contact_put(j->db, j->who, &in, j->now, &id);
    if (r == 0)
        r = texts_put(j, id, CONTACT_NAME, json_object_get(o, "name"));
    if (r == 0)
        r = texts_put(j, id, CONTACT_SERVICE, json_object_get(o, "service"));
    return r == 0 ? check_put(j, id, o) : r;
}

int contact_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
                   unsigned *ret_added)
{
    struct job j = {a, db, who, now};
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(root, "contacts"), *o;
    unsigned added = 0;
    size_t i;
    int r = json_is_array(list) ? actor_check(who, RIGHT_EDITOR) : ERR_SYNTAX;

    json_array_foreach(list, i, o)
    {
        bool is_added = false;

        if (r == 0)
            r = json_is_object(o) ? one(&j, o, &is_added) : ERR_SYNTAX;
        added += is_added;
    }
    json_decref(root);
    if (r == 0)
        *ret_added = added;
    return r;
}
