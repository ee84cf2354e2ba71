#include "domain/json_in.h"

#include "base/err.h"
#include "base/limits.h"

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
