#include "domain/json_in.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdio.h>

static bool is_shallow(str json)
{
    size_t depth = 0;
    bool is_text = false;

    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];

        if (is_text && c == '\\')
            i++;
        else if (c == '"')
            is_text = !is_text;
        else if (!is_text && (c == '{' || c == '['))
            depth++;
        else if (!is_text && (c == '}' || c == ']') && depth)
            depth--;
        if (depth > MAX_JSON_DEPTH)
            return false;
    }
    return true;
}

int json_in_parse(str bytes, size_t max, json_t **ret_root, char fault[static JSON_IN_FAULT])
{
    json_error_t e;
    json_t *root;

    if (bytes.n > max)
        return ERR_TOO_BIG;
    if (!is_shallow(bytes)) {
        (void)snprintf(fault, JSON_IN_FAULT, "more than %d levels", MAX_JSON_DEPTH);
        return ERR_SYNTAX;
    }
    root = json_loadb(bytes.p ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES, &e);
    if (!root) {
        (void)snprintf(fault, JSON_IN_FAULT, "line %d, column %d", e.line, e.column);
        return ERR_SYNTAX;
    }
    *ret_root = root;
    return 0;
}

str json_in_str(const json_t *v)
{
    return json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : (str){NULL, 0};
}

str json_in_text(const json_t *o, const char *key)
{
    return json_in_str(json_object_get(o, key));
}

int json_in_word(const json_t *o, const char *key, const char *const *names, size_t n)
{
    str s = json_in_text(o, key);

    for (size_t i = 0; s.p && i < n; i++)
        if (names[i] && str_eq(s, str_c(names[i])))
            return (int)i;
    return -1;
}

int json_in_list(str json, const char *key, json_in_fn *fn, void *ctx, unsigned *ret_added)
{
    char fault[JSON_IN_FAULT];
    json_t *root = NULL;
    const json_t *list, *o;
    unsigned added = 0;
    size_t i;
    int r = json_in_parse(json, MAX_HTTP_BODY, &root, fault);

    if (r < 0)
        return r;
    list = json_object_get(root, key);
    if (!json_is_array(list))
        r = ERR_SYNTAX;
    json_array_foreach(list, i, o)
    {
        bool is_added = false;

        if (r == 0)
            r = json_is_object(o) ? fn(o, &is_added, ctx) : ERR_SYNTAX;
        added += is_added;
    }
    json_decref(root);
    if (r == 0)
        *ret_added = added;
    return r;
}
