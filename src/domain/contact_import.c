/*
 * examples/contacts.json: {"contacts": [{"slug", "answers": "state|ngo|international", "country",
 * "serves": […], "phone", "url", "email", "cost": "free|paid", "abroad": true|false, "languages":
 * […], "hours", "zone", "source", "sample": true, "checked_days_ago", "checked_by", "name": {lang:
 * text}, "service": {lang: text}, "eligibility": {lang: text}, "accessibility": {lang: text}}]};
 * the last two may lack.
 */
#include "domain/contact.h"

#include "base/arena.h"
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

static int texts_put(const struct job *j, int64_t id, enum contact_field field, json_t *texts)
{
    const char *lang;
    json_t *v;
    int r = json_object_size(texts) ? 0 : ERR_RANGE;

    json_object_foreach(texts, lang, v)
    {
        struct text_in in = {.lang = str_c(lang), .body = json_in_str(v), .revision = -1};

        if (r == 0)
            r = json_is_string(v) ? contact_text_put(j->db, j->who, id, field, &in, j->now)
                                  : ERR_RANGE;
    }
    return r;
}

static int check_put(const struct job *j, int64_t id, const json_t *o)
{
    const json_t *days = json_object_get(o, "checked_days_ago");
    struct contact_check c = {.result = CONTACT_ANSWERED, .by = json_in_text(o, "checked_by")};

    if (!json_is_integer(days))
        return 0;
    if (json_integer_value(days) < 0 || json_integer_value(days) > 36500)
        return ERR_RANGE;
    c.at = j->now - json_integer_value(days) * USEC_DAY;
    return contact_try(j->db, j->who, id, &c, j->now);
}

static int one(const json_t *o, bool *ret_is_added, void *ctx)
{
    const struct job *j = ctx;
    static const char *const answers[] = {"state", "ngo", "international"};
    static const char *const costs[] = {"free", "paid"};
    const json_t *abroad = json_object_get(o, "abroad");
    struct contact_in in = {
        .slug = json_in_text(o, "slug"),
        .answers = 1 + json_in_word(o, "answers", answers, NELEM(answers)),
        .cost = 1 + json_in_word(o, "cost", costs, NELEM(costs)),
        .abroad = json_is_true(abroad)    ? CONTACT_ABROAD_YES
                  : json_is_false(abroad) ? CONTACT_ABROAD_NO
                                          : CONTACT_ABROAD_NOT_STATED,
        .country = json_in_text(o, "country"),
        .serves = codes(j->a, json_object_get(o, "serves")),
        .phone = json_in_text(o, "phone"),
        .url = json_in_text(o, "url"),
        .email = json_in_text(o, "email"),
        .langs = codes(j->a, json_object_get(o, "languages")),
        .hours = json_in_text(o, "hours"),
        .zone = json_in_text(o, "zone"),
        .source = json_in_text(o, "source"),
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
    if (r == 0 && json_object_get(o, "eligibility"))
        r = texts_put(j, id, CONTACT_ELIGIBLE, json_object_get(o, "eligibility"));
    if (r == 0 && json_object_get(o, "accessibility"))
        r = texts_put(j, id, CONTACT_ACCESS, json_object_get(o, "accessibility"));
    return r == 0 ? check_put(j, id, o) : r;
}

int contact_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
                   unsigned *ret_added)
{
    struct job j = {a, db, who, now};
    int r = actor_check(who, RIGHT_EDITOR);

    return r < 0 ? r : json_in_list(json, "contacts", one, &j, ret_added);
}
