#include "net/form.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/url.h"

#include <string.h>

enum { MAX_BOUNDARY = 70 }; /* RFC 2046 5.1.1 */

static int add_field(struct form *f, struct form_field field)
{
    if (f->n == MAX_FORM_FIELDS)
        return ERR_FULL;
    f->fields[f->n++] = field;
    return 0;
}

static int parse_urlencoded(struct arena *a, str body, struct form *f)
{
    str name, value;

    while (url_next_pair(&body, &name, &value)) {
        struct form_field field = {0};
        int r = url_decode(a, name, true, &field.name);

        if (r == 0)
            r = url_decode(a, value, true, &field.value);
        if (r == 0)
            r = add_field(f, field);
        if (r < 0)
            return r;
    }
    return 0;
}

/*
 * The value of `; name=value` or `; name="value"`; unset when absent. Inside the quotes browsers
 * write a quote as %22 and escape nothing with a backslash (RFC 7578 4.2, WHATWG HTML 4.10.21.8).
 */
static str parameter(str s, str name)
{
    while (s.n) {
        ptrdiff_t at = str_chr(s, ';');
        str key;
        struct str_pair pair;

        if (at < 0)
            return (str){0};
        s = str_trim(str_from(s, (size_t)at + 1));
        pair = str_cut(s, '=');
        key = str_trim(pair.head);
        if (pair.tail.n && pair.tail.p[0] == '"') {
            struct str_pair quoted = str_cut(str_from(pair.tail, 1), '"');

            if (!quoted.ok)
                return (str){0};
            if (str_ieq(key, name))
                return quoted.head;
            s = quoted.tail;
            continue;
        }
        if (pair.ok && str_ieq(key, name))
            return str_trim(str_cut(pair.tail, ';').head);
    }
    return (str){0};
}

/* %22, %0D and %0A are the three that browsers write into names. */
static int unescape_name(struct arena *a, str s, str *ret_name)
{
    static const struct {
        str from;
        char to;
    } marks[] = {{S("%22"), '"'}, {S("%0D"), '\r'}, {S("%0A"), '\n'}};
    char *to;
    size_t n = 0;

    if (!str_is_utf8(s))
        return ERR_ENCODING;
    to = arena_alloc(a, s.n);
    if (!to)
        return ERR_MEM;
    while (s.n) {
        size_t used = 1;

        to[n] = s.p[0];
        for (size_t i = 0; i < NELEM(marks); i++) {
            if (str_istarts(s, marks[i].from)) {
                to[n] = marks[i].to;
                used = 3;
            }
        }
        n++;
        s = str_from(s, used);
    }
    *ret_name = (str){to, n};
    return 0;
}

/* The headers of a part up to its empty line, which is taken too. */
static int parse_part_head(struct arena *a, str *rest, struct form_field *field)
{
    str line, disposition = {0}, name, filename;
    int r;

    for (;;) {
        struct str_pair pair;

        if (!str_line(rest, &line))
            return ERR_SYNTAX;
        if (!line.n)
            break;
        pair = str_cut(line, ':');
        if (str_ieq(pair.head, S("content-disposition")))
            disposition = str_trim(pair.tail);
    }
    name = parameter(disposition, S("name"));
    filename = parameter(disposition, S("filename"));
    if (!str_istarts(disposition, S("form-data")) || !name.p)
        return ERR_SYNTAX;
    r = unescape_name(a, name, &field->name);
    if (r == 0 && filename.p)
        r = unescape_name(a, filename, &field->filename);
    return r;
}

/*
 *   --B CRLF head CRLF CRLF content CRLF --B CRLF … CRLF --B-- CRLF
 * mark is CRLF --B; the first one stands at the very start without its CRLF.
 */
static int parse_multipart(struct arena *a, str type, str body, struct form *f)
{
    char mark_text[MAX_BOUNDARY + 5] = "\r\n--";
    str boundary = parameter(type, S("boundary"));
    str mark = {mark_text, boundary.n + 4};

    if (!boundary.n || boundary.n > MAX_BOUNDARY)
        return ERR_SYNTAX;
    memcpy(mark_text + 4, boundary.p, boundary.n);
    if (!str_starts(body, str_from(mark, 2)))
        return ERR_SYNTAX;
    body = str_from(body, mark.n - 2);
    while (!str_starts(body, S("--"))) {
        struct form_field field = {0};
        ptrdiff_t end;
        int r;

        if (!str_starts(body, S("\r\n")))
            return ERR_SYNTAX;
        body = str_from(body, 2);
        r = parse_part_head(a, &body, &field);
        if (r < 0)
            return r;
        end = str_find(body, mark);
        if (end < 0)
            return ERR_TRUNCATED;
        field.value = str_take(body, (size_t)end);
        if (!field.filename.p && !str_is_utf8(field.value))
            return ERR_ENCODING;
        r = add_field(f, field);
        if (r < 0)
            return r;
        body = str_from(body, (size_t)end + mark.n);
    }
    return 0;
}

int form_parse(struct arena *a, str type, str body, struct form **ret_form)
{
    str kind = str_trim(str_cut(type, ';').head);
    struct form *f = arena_make(a, struct form);
    int r;

    if (!f)
        return ERR_MEM;
    f->fields = arena_array(a, MAX_FORM_FIELDS, sizeof(f->fields[0]));
    if (!f->fields)
        return ERR_MEM;
    if (str_ieq(kind, S("application/x-www-form-urlencoded")))
        r = parse_urlencoded(a, body, f);
    else if (str_ieq(kind, S("multipart/form-data")))
        r = parse_multipart(a, type, body, f);
    else
        r = ERR_UNSUPPORTED;
    if (r < 0)
        return r;
    *ret_form = f;
    return 0;
}

const struct form_field *form_at(const struct form *f, str name, size_t i)
{
    for (size_t k = 0; k < f->n; k++) {
        if (str_eq(f->fields[k].name, name) && i-- == 0)
            return &f->fields[k];
    }
    return NULL;
}
