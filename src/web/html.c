#include "web/html.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/sb.h"
#include "base/str.h"

#include <assert.h>

struct html html_of_text(struct arena *a, str text)
{
    struct sb out = sb_init(a, 0);

    sb_html(&out, text);
    return (struct html){sb_str(&out)};
}

struct html html_of_template(const struct sb *out)
{
    return (struct html){sb_str(out)};
}

/* A handler forgot a field: C fills structs with zeroes and says nothing, so it is said here. When
 * memory has run out the field could not be made, and net answers 500 for the whole page. */
static void unset(const struct sb *out, const char *field)
{
    if (!field || out->err || (out->arena && arena_is_short(out->arena)))
        return;
    log_error("web", "template_unset", "field=%s", field);
    assert(false && "a template's field is unset; the log line above names it");
}

str html_need(const struct sb *out, str s, const char *field)
{
    if (s.p)
        return s;
    unset(out, field);
    return S("");
}

void html_str(struct sb *out, str s, const char *field)
{
    sb_html(out, html_need(out, s, field));
}

void html_raw(struct sb *out, struct html h, const char *field)
{
    sb_add(out, html_need(out, h.raw, field));
}

/* RFC 3986 4.2: a reference without a scheme has no ':' before its first '/', '?' or '#'. */
static bool is_harmless(str s)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:"};

    for (size_t i = 0; i < NELEM(schemes); i++)
        if (str_istarts(s, str_c(schemes[i])))
            return true;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= 0x20 || c == 0x7f || c == '\\')
            return false; /* browsers drop or turn these, so what follows could become a scheme or a
                             host */
        if (c == '/' || c == '?' || c == '#')
            return true;
        if (c == ':')
            return false;
    }
    return true;
}

void html_url(struct sb *out, str s, const char *field)
{
    s = html_need(out, s, field);
    sb_html(out, is_harmless(s) ? s : S("#"));
}

void html_segment(struct sb *out, str s, const char *field)
{
    sb_url(out, html_need(out, s, field));
}

void html_lines(struct sb *out, str s, const char *field)
{
    str line;
    bool is_first = true;

    s = html_need(out, s, field);
    while (str_line(&s, &line)) {
        if (!is_first)
            sb_c(out, "<br>");
        sb_html(out, line);
        is_first = false;
    }
}

void html_i64(struct sb *out, int64_t n)
{
    sb_printf(out, "%lld", (long long)n);
}

void html_show(struct sb *out, const struct texts *t, enum texts_show how, int64_t n)
{
    struct sb plain = sb_init(NULL, 0);

    texts_show(&plain, t, how, n);
    sb_html(out, sb_str(&plain));
    out->err |= plain.err;
    sb_done(&plain);
}

void html_show_code(struct sb *out, const struct texts *t, enum texts_show how, str code)
{
    struct sb plain = sb_init(NULL, 0);

    texts_show_code(&plain, t, how, code);
    sb_html(out, sb_str(&plain));
    out->err |= plain.err;
    sb_done(&plain);
}

void html_text(struct sb *out, const struct texts *t, enum text_id key, const struct text_arg *args,
               size_t n, bool is_plain)
{
    const struct text_lang *other = NULL;

    if (!is_plain && !str_eq(text_lang(t, key), t->lang))
        other = texts_by_lang(text_lang(t, key));
    if (other)
        sb_printf(out, "<span lang=\"%.*s\" dir=\"%.*s\">", STR(other->code), STR(other->dir));
    text_add_html(out, t, key, args, n);
    if (other)
        sb_c(out, "</span>");
}

void html_text_field(struct sb *out, const struct texts *t, enum text_id key, bool is_plain,
                     const char *field)
{
    if (key != TEXT_NONE)
        html_text(out, t, key, NULL, 0, is_plain);
    else
        unset(out, field);
}
