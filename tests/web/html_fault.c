/*
 * A strict reader of our own pages: every element is closed in order, attributes are quoted, ids
 * are unique, and what refers to an id finds it. It knows less than a browser forgives, on purpose.
 */
#include "run.h"

#include <string.h>

enum { DEPTH = 64, IDS = 2048, ATTRS = 32 };

struct reader {
    struct arena *a;
    str rest;
    str open[DEPTH];
    size_t depth;
    str id[IDS], ref[IDS];
    size_t nids, nrefs, nh1;
    bool has_lang, has_title;
    const char *fault;
};

static const char *const voids[] = {"area",  "br",   "col",  "hr",     "img",
                                    "input", "link", "meta", "source", "wbr"};

static bool is_void(str name)
{
    for (size_t i = 0; i < NELEM(voids); i++)
        if (str_eq(name, str_c(voids[i])))
            return true;
    return false;
}

static void found(struct reader *r, const char *what, str where)
{
    if (!r->fault)
        r->fault = arena_printf(r->a, "%s: %.*s", what, STR(str_take(where, 80))).p;
}

static void note_id(struct reader *r, str id)
{
    for (size_t i = 0; i < r->nids; i++)
        if (str_eq(r->id[i], id))
            found(r, "an id stands twice", id);
    assert_true(r->nids < IDS);
    r->id[r->nids++] = id;
}

static void note_refs(struct reader *r, str list)
{
    while (list.n) {
        struct str_pair cut = str_cut(list, ' ');

        assert_true(r->nrefs < IDS);
        if (cut.head.n)
            r->ref[r->nrefs++] = cut.head;
        list = cut.tail;
    }
}

static void attribute(struct reader *r, str tag, str name, str value)
{
    if (str_eq(name, S("id")))
        note_id(r, value);
    else if (str_eq(name, S("for")) || str_eq(name, S("aria-labelledby")) ||
             str_eq(name, S("aria-describedby")))
        note_refs(r, value);
    else if (str_eq(name, S("lang")) && str_eq(tag, S("html")))
        r->has_lang = value.n > 0;
    else if (str_eq(name, S("href")) && str_starts(value, S("#")) && value.n > 1)
        note_refs(r, str_from(value, 1));
    else if (str_starts(name, S("on")) || str_eq(name, S("style")))
        found(r, "script or style in an attribute", value);
}

static str word(str *rest, const char *ends)
{
    size_t n = 0;

    while (n < rest->n && !strchr(ends, rest->p[n]))
        n++;
    str w = str_take(*rest, n);

    *rest = str_from(*rest, n);
    return w;
}

static void attributes(struct reader *r, str tag, str inside)
{
    str seen[ATTRS];
    size_t nseen = 0;

    while ((inside = str_trim(inside)).n && inside.p[0] != '/') {
        str name = word(&inside, "= \n\t/");
        str value = S("");

        if (!name.n) {
            found(r, "an attribute without a name", inside);
            return;
        }
        if (str_starts(inside, S("=\""))) {
            inside = str_from(inside, 2);
            value = word(&inside, "\"");
            inside = str_from(inside, 1);
        } else if (str_starts(inside, S("="))) {
            found(r, "an attribute without quotes", name);
            return;
        }
        for (size_t i = 0; i < nseen; i++)
            if (str_eq(seen[i], name))
                found(r, "an attribute twice", name);
        if (nseen < ATTRS)
            seen[nseen++] = name;
        attribute(r, tag, name, value);
    }
}

static size_t tag_end(str s)
{
    bool in_quotes = false;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            in_quotes = !in_quotes;
        if (s.p[i] == '>' && !in_quotes)
            return i;
    }
    return s.n;
}

static void close_tag(struct reader *r, str name)
{
    if (r->depth == 0 || !str_eq(r->open[r->depth - 1], name)) {
        found(r, "closed but not open", name);
        return;
    }
    r->depth--;
}

static void open_tag(struct reader *r, str name, str inside)
{
    attributes(r, name, inside);
    if (str_eq(name, S("h1")))
        r->nh1++;
    if (str_eq(name, S("title")))
        r->has_title = true;
    if (is_void(name) || str_ends(inside, S("/")))
        return;
    if (r->depth == DEPTH) {
        found(r, "too deep", name);
        return;
    }
    r->open[r->depth++] = name;
}

/* Raw text until the element closes. */
static void skip_raw(struct reader *r, str name)
{
    str end = arena_printf(r->a, "</%.*s", STR(name));
    ptrdiff_t at = str_find(r->rest, end);

    r->rest = at < 0 ? S("") : str_from(r->rest, (size_t)at);
}

static void tag(struct reader *r)
{
    size_t end = tag_end(r->rest);
    str inside = str_trim(str_take(str_from(r->rest, 1), end - 1));
    bool is_close = str_starts(inside, S("/"));
    str name;

    if (end == r->rest.n) {
        found(r, "a tag without an end", r->rest);
        r->rest = S("");
        return;
    }
    r->rest = str_from(r->rest, end + 1);
    if (str_starts(inside, S("!")))
        return;
    if (is_close)
        inside = str_from(inside, 1);
    name = word(&inside, " \n\t/");
    if (is_close)
        close_tag(r, name);
    else
        open_tag(r, name, inside);
    if (!is_close && (str_eq(name, S("script")) || str_eq(name, S("textarea"))))
        skip_raw(r, name);
}

static void check_whole(struct reader *r)
{
    if (r->depth)
        found(r, "not closed", r->open[r->depth - 1]);
    if (!r->has_lang)
        found(r, "html has no lang", S(""));
    if (!r->has_title)
        found(r, "there is no title", S(""));
    if (r->nh1 != 1)
        found(r, "a page has one h1", S(""));
    for (size_t i = 0; i < r->nrefs; i++) {
        bool is_there = false;

        for (size_t k = 0; k < r->nids; k++)
            is_there |= str_eq(r->id[k], r->ref[i]);
        if (!is_there)
            found(r, "nothing has this id", r->ref[i]);
    }
}

const char *html_fault(struct arena *a, str html)
{
    static struct reader whole; /* one at a time: thousands of pages are read in one run */
    struct reader *r = &whole;

    *r = (struct reader){0};
    r->a = a;
    r->rest = html;
    if (!str_istarts(html, S("<!doctype html>")))
        found(r, "does not begin with its doctype", html);
    while (r->rest.n && !r->fault) {
        ptrdiff_t at = str_chr(r->rest, '<');

        if (at < 0)
            break;
        r->rest = str_from(r->rest, (size_t)at);
        tag(r);
    }
    check_whole(r);
    return r->fault;
}
