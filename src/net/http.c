#include "net/http.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "net/form.h"
#include "net/url.h"

#include <assert.h>
#include <string.h>

/* Headers of an answer are few; the room for them doubles from here. */
enum { FIRST_OUT = 8 };

struct exchange *exchange_new(struct arena *a, struct loop *l)
{
    struct exchange *x = arena_make(a, struct exchange);

    if (!x)
        return NULL;
    x->arena = a;
    x->loop = l;
    x->status = 200;
    x->reply = sb_init(a, 0);
    return x;
}

str http_header(const struct exchange *x, str name)
{
    for (size_t i = 0; i < x->nheaders; i++) {
        if (str_ieq(x->headers[i].name, name))
            return x->headers[i].value;
    }
    return (str){0};
}

str http_param(const struct exchange *x, str name)
{
    for (size_t i = 0; i < ROUTE_PARAMS && x->params[i].name.p; i++) {
        if (str_eq(x->params[i].name, name))
            return x->params[i].value;
    }
    return (str){0};
}

str http_query(struct exchange *x, str name)
{
    str rest = x->query, key, value, text;

    while (url_next_pair(&rest, &key, &value)) {
        if (url_decode(x->arena, key, true, &text) < 0 || !str_eq(text, name))
            continue;
        return url_decode(x->arena, value, true, &text) < 0 ? (str){0} : text;
    }
    return (str){0};
}

static str cookie_in(str rest, str name)
{
    while (rest.n) {
        struct str_pair item = str_cut(rest, ';');
        struct str_pair pair = str_cut(str_trim(item.head), '=');

        if (pair.ok && str_eq(pair.head, name))
            return pair.tail;
        rest = item.tail;
    }
    return (str){0};
}

str http_cookie(const struct exchange *x, str name)
{
    for (size_t i = 0; i < x->nheaders; i++) {
        str value = {0};

        if (str_ieq(x->headers[i].name, S("cookie")))
            value = cookie_in(x->headers[i].value, name);
        if (value.p)
            return value;
    }
    return (str){0};
}

int http_form(struct exchange *x)
{
    if (!x->form && x->form_result == 0)
        x->form_result = form_parse(x->arena, http_header(x, S("content-type")), x->body, &x->form);
    return x->form_result;
}

static const struct form_field *field_at(struct exchange *x, str name, size_t i)
{
    return http_form(x) < 0 ? NULL : form_at(x->form, name, i);
}

str http_field_at(struct exchange *x, str name, size_t i)
{
    const struct form_field *f = field_at(x, name, i);

    return f && !f->filename.p ? f->value : (str){0};
}

str http_field(struct exchange *x, str name)
{
    return http_field_at(x, name, 0);
}

str http_file(struct exchange *x, str name, str *ret_filename)
{
    const struct form_field *f = field_at(x, name, 0);

    if (!f || !f->filename.p)
        return (str){0};
    if (ret_filename)
        *ret_filename = f->filename;
    return f->value;
}

/* RFC 9110 12.4.2: a weight of nought, however written, means "not acceptable". */
static bool is_refused(str parameters)
{
    str q = str_trim(parameters);

    if (!str_istarts(q, S("q=")))
        return false;
    q = str_from(q, 2);
    for (size_t i = 0; i < q.n; i++) {
        if (q.p[i] != '0' && q.p[i] != '.')
            return false;
    }
    return q.n > 0;
}

bool http_accepts_encoding(const struct exchange *x, str encoding)
{
    str rest = http_header(x, S("accept-encoding"));
    bool by_star = false;

    while (rest.n) {
        struct str_pair item = str_cut(rest, ',');
        struct str_pair coding = str_cut(str_trim(item.head), ';');

        if (str_ieq(str_trim(coding.head), encoding))
            return !is_refused(coding.tail);
        if (str_eq(str_trim(coding.head), S("*")))
            by_star = !is_refused(coding.tail);
        rest = item.tail;
    }
    return by_star;
}

static str without_weakness(str etag)
{
    return str_starts(etag, S("W/")) ? str_from(etag, 2) : etag;
}

bool http_etag_matches(const struct exchange *x, str etag)
{
    str rest = http_header(x, S("if-none-match"));

    if (str_eq(str_trim(rest), S("*")))
        return true;
    while (rest.n) {
        struct str_pair item = str_cut(rest, ',');

        if (str_eq(without_weakness(str_trim(item.head)), without_weakness(etag)))
            return true;
        rest = item.tail;
    }
    return false;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 127)
            return true;
    }
    return false;
}

/* RFC 9110 5.5 allows a tab in a value. A browser drops it from an address, so that "/<tab>/host"
 * is another site to it (WHATWG URL 4.4). */
static bool is_clean(str name, str value)
{
    return !has_control(name) && !has_control(value) && str_chr(name, '\t') < 0 &&
           (str_chr(value, '\t') < 0 || !str_ieq(name, S("location")));
}

/* A place for one more header; NULL when out of memory. */
static struct http_header *new_header(struct exchange *x)
{
    bool is_full = x->nout == 0 || (x->nout >= FIRST_OUT && !(x->nout & (x->nout - 1)));

    if (is_full) {
        size_t room = x->nout ? 2 * x->nout : FIRST_OUT;
        struct http_header *more = arena_array(x->arena, room, sizeof(*more));

        if (!more)
            return NULL;
        if (x->nout)
            memcpy(more, x->out, x->nout * sizeof(*more));
        x->out = more;
    }
    return &x->out[x->nout++];
}

static struct http_header *header_to_set(struct exchange *x, str name)
{
    bool is_list = str_ieq(name, S("set-cookie")) || str_ieq(name, S("link"));

    for (size_t i = 0; i < x->nout && !is_list; i++) {
        if (str_ieq(x->out[i].name, name))
            return &x->out[i];
    }
    return new_header(x);
}

void http_set(struct exchange *x, str name, str value)
{
    struct http_header copy = {arena_str(x->arena, name), arena_str(x->arena, value)};
    struct http_header *h = NULL;

    if (copy.name.p && copy.value.p && is_clean(name, value))
        h = header_to_set(x, name);
    if (h)
        *h = copy;
    else
        x->is_broken = true;
}

void http_set_all(struct exchange *x, const struct http_header *list, size_t n)
{
    size_t room = FIRST_OUT;
    struct http_header *out;

    while (room < n)
        room *= 2;
    out = arena_array(x->arena, room, sizeof(*out));
    if (!out) {
        x->is_broken = true;
        return;
    }
    if (n)
        memcpy(out, list, n * sizeof(*out));
    x->out = out;
    x->nout = n;
}

void http_redirect(struct exchange *x, int status, str location)
{
    x->status = status;
    http_set(x, S("Location"), location);
}

void http_text(struct exchange *x, int status, str type, str text)
{
    x->status = status;
    x->type = type;
    sb_add(&x->reply, text);
}

void http_defer(struct exchange *x)
{
    assert(!x->is_deferred);
    x->is_deferred = true;
}

bool http_is_deferred(const struct exchange *x)
{
    return x->is_deferred;
}

void http_finish(struct exchange *x)
{
    assert(x->is_deferred);
    x->is_deferred = false;
    if (x->finished)
        x->finished(x);
}
