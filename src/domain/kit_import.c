/*
 * examples/kit.json: {"kits": [{"slug", "sample": true, "title": {lang: text}, "lead": {…},
 * "items": [{"kind": "about|fact|quote|contact|logo|picture", "credit", "source", "text": {lang:
 * text}, "file": {"name": "road.png", "base64": "…"}, "cleared_by"}]}]}
 *
 * Film clips come by the desk alone. Nobody's consent comes by a file: a quotation, a logo, a
 * picture waits for whoever has agreed to it, except in a sample, which quotes nobody and shows
 * what we drew.
 */
#include "domain/kit.h"

#include "base/arena.h"
#include "base/encode.h"
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

static int kind_of(str s)
{
    static const str names[KIT_KINDS] = {
        [KIT_ABOUT] = S("about"),     [KIT_FACT] = S("fact"), [KIT_QUOTE] = S("quote"),
        [KIT_CONTACT] = S("contact"), [KIT_LOGO] = S("logo"), [KIT_PICTURE] = S("picture"),
    };

    for (int i = KIT_ABOUT; i < KIT_KINDS; i++)
        if (names[i].n && str_eq(names[i], s))
            return i;
    return 0;
}

/* No file: nothing. */
static int file(const struct job *j, const json_t *o, struct kit_item_in *to)
{
    str coded = json_in_text(o, "base64");
    char *bytes = arena_alloc(j->a, coded.n + 1);
    size_t n = 0;

    if (!coded.n)
        return 0;
    if (!bytes)
        return ERR_MEM;
    if (decode_base64(bytes, coded.n, coded, &n) < 0)
        return ERR_SYNTAX;
    to->file_name = json_in_text(o, "name");
    to->bytes = (str){bytes, n};
    return 0;
}

/* item: of a kit's item; else the kit's title or lead. */
static int texts(const struct job *j, int64_t id, const json_t *o, int field)
{
    const char *lang;
    json_t *v;
    int r = json_object_size(o) ? 0 : ERR_RANGE;

    json_object_foreach((json_t *)(uintptr_t)o, lang, v)
    {
        struct text_in in = {.lang = str_c(lang), .body = json_in_str(v), .revision = -1};

        if (r == 0)
            r = field < 0 ? kit_item_text_put(j->db, j->who, id, &in, j->now)
                          : kit_text_put(j->db, j->who, id, (enum kit_field)field, &in, j->now);
    }
    return r;
}

static int item(const struct job *j, const struct kit *k, const json_t *o)
{
    struct kit_item_in in = {.kind = kind_of(json_in_text(o, "kind")),
                             .credit = json_in_text(o, "credit"),
                             .source = json_in_text(o, "source")};
    str by = json_in_text(o, "cleared_by");
    int64_t id;
    int r = file(j, json_object_get(o, "file"), &in);

    if (r == 0)
        r = kit_item_add(j->db, j->who, k->id, &in, j->now, &id);
    if (r == 0)
        r = texts(j, id, json_object_get(o, "text"), -1);
    return r == 0 && k->is_sample && by.n ? kit_item_clear(j->db, j->who, id, by, -1, j->now) : r;
}

static int one(const struct job *j, const json_t *o, bool *ret_is_added)
{
    struct kit_ask ask = {.slug = json_in_text(o, "slug"), .lang = S("en"), .now = j->now};
    struct kit was, k = {.is_shown = true,
                         .is_sample = json_is_true(json_object_get(o, "sample")),
                         .revision = 1};
    const json_t *v;
    size_t i;
    int r = kit_by_slug(j->a, j->db, j->who, &ask, &was);

    if (r != ERR_NOT_FOUND)
        return r;
    r = kit_add(j->db, j->who, ask.slug, k.is_sample, j->now, &k.id);
    if (r == 0)
        r = texts(j, k.id, json_object_get(o, "title"), KIT_TITLE);
    if (r == 0)
        r = texts(j, k.id, json_object_get(o, "lead"), KIT_LEAD);
    json_array_foreach(json_object_get(o, "items"), i, v)
    {
        if (r == 0)
            r = item(j, &k, v);
    }
    if (r == 0)
        r = kit_save(j->db, j->who, &k, j->now);
    *ret_is_added = r == 0;
    return r;
}

int kit_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
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
    list = json_object_get(root, "kits");
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
