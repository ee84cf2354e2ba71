/*
 * What a browser sees in a page of ours, piece by piece: tags, their attributes, texts between
 * them. Stricter than a browser: what no template of ours writes ends the program.
 */
#ifndef FUZZ_MARKUP_H
#define FUZZ_MARKUP_H

#include "base/arena.h"
#include "base/str.h"
#include "fuzz.h"

#include <string.h>

enum markup_kind { MARKUP_TAG, MARKUP_ATTR, MARKUP_TEXT };

struct markup_piece {
    int kind;        /* enum markup_kind */
    str tag, name;   /* tag: with its '/' where it closes; of an attribute its name */
    str value;       /* decoded: of an attribute, or the text */
    bool has_script; /* the text of a script, as it stands */
};

struct markup {
    struct arena *a;
    str rest, tag;
    bool is_inside; /* of a tag */
};

/* As the escapes of base/sb.c, and no other. */
static inline str markup_decode(struct arena *a, str s)
{
    static const struct {
        const char *code, c;
    } codes[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;

    CHECK(to);
    while (s.n) {
        size_t i = 0, took = 1;

        while (s.p[0] == '&' && i < NELEM(codes) && !str_starts(s, str_c(codes[i].code)))
            i++;
        CHECK(i < NELEM(codes) && s.p[0] != '<' && s.p[0] != '"');
        to[n++] = s.p[0] == '&' ? codes[i].c : s.p[0];
        if (s.p[0] == '&')
            took = strlen(codes[i].code);
        s = str_from(s, took);
    }
    return (str){to, n};
}

static inline str markup_word(str *rest, const char *ends)
{
    size_t n = 0;
    str word;

    while (n < rest->n && rest->p[n] && !strchr(ends, rest->p[n]))
        n++;
    word = str_take(*rest, n);
    *rest = str_from(*rest, n);
    return word;
}

static inline bool markup_is_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
            !strchr("-:!B/", s.p[i]))
            return false;
    return s.n > 0;
}

/* The next attribute, or the end of the tag: false. */
static inline bool markup_attr(struct markup *m, struct markup_piece *p)
{
    ptrdiff_t end;

    m->rest = str_trim(m->rest);
    if (str_starts(m->rest, S(">"))) {
        m->rest = str_from(m->rest, 1);
        m->is_inside = false;
        return false;
    }
    *p = (struct markup_piece){.kind = MARKUP_ATTR, .tag = m->tag, .value = S("")};
    p->name = markup_word(&m->rest, "= >\n");
    CHECK(markup_is_name(p->name));
    if (!str_starts(m->rest, S("=")))
        return true;
    CHECK(str_starts(m->rest, S("=\"")));
    m->rest = str_from(m->rest, 2);
    end = str_chr(m->rest, '"');
    CHECK(end >= 0);
    p->value = markup_decode(m->a, str_take(m->rest, (size_t)end));
    m->rest = str_from(m->rest, (size_t)end + 1);
    return true;
}

/* False at the end. */
static inline bool markup_next(struct markup *m, struct markup_piece *ret_piece)
{
    bool is_script;
    ptrdiff_t end;
    str text;

    if (m->is_inside && markup_attr(m, ret_piece))
        return true;
    if (!m->rest.n)
        return false;
    *ret_piece = (struct markup_piece){.kind = MARKUP_TAG};
    if (str_starts(m->rest, S("<"))) {
        m->rest = str_from(m->rest, 1);
        m->tag = ret_piece->tag = markup_word(&m->rest, " >\n");
        CHECK(markup_is_name(m->tag));
        m->is_inside = true;
        return true;
    }
    end = str_chr(m->rest, '<');
    text = str_take(m->rest, end < 0 ? m->rest.n : (size_t)end);
    m->rest = str_from(m->rest, text.n);
    is_script = str_eq(m->tag, S("script"));
    CHECK(!is_script || str_starts(m->rest, S("</script>")));
    *ret_piece = (struct markup_piece){.kind = MARKUP_TEXT, .tag = m->tag, .has_script = is_script};
    ret_piece->value = is_script ? text : markup_decode(m->a, text);
    return true;
}

#endif
