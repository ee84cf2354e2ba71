#include "domain/markdown.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"

#include <md4c.h>
#include <string.h>

/*
 * md4c parses, the callbacks here write. Only tags of this file can come out, attributes are
 * written by attribute() alone, and every text passes sb_html: so what an editor types can be no
 * markup. The page's h1 is the title, so # and ## are both h2: nothing is skipped below it.
 */
struct out {
    struct sb b;
    str source;    /* with its line end; see padded() */
    int ndropped;  /* links open whose address is not on the list: shown as text alone */
};

/*
 * md4c 0.4.8 reads, and reports as text, a byte or two behind an input that ends inside an
 * unfinished link (its issues 38 and 167 are of this kind). So it works on a copy with a line end
 * and zeros behind it, and what it reports is cut at the end.
 */
enum { PADDING = 64 };

static int padded(struct arena *a, str markdown, str *ret_source)
{
    char *p = arena_alloc(a, markdown.n + 1 + PADDING);

    if (!p)
        return ERR_MEM;
    if (markdown.n)
        memcpy(p, markdown.p, markdown.n);
    p[markdown.n] = '\n';
    *ret_source = (str){p, markdown.n + 1};
    return 0;
}

/* What md4c reported, cut at the end of the source when it lies there. */
static str inside(str source, const MD_CHAR *p, MD_SIZE n)
{
    const char *end = source.p + source.n;

    if (p >= source.p && p <= end + PADDING && n > (size_t)(p < end ? end - p : 0))
        return (str){p, p < end ? (size_t)(end - p) : 0};
    return (str){p, n};
}

static void tag(struct out *o, const char *name, bool is_close)
{
    sb_char(&o->b, '<');
    if (is_close)
        sb_char(&o->b, '/');
    sb_c(&o->b, name);
    sb_char(&o->b, '>');
}

static const char *heading_name(const void *detail)
{
    static const char *const names[] = {"h2", "h2", "h2", "h3", "h4", "h5", "h6"};
    unsigned level = ((const MD_BLOCK_H_DETAIL *)detail)->level;

    return names[level < NELEM(names) ? level : NELEM(names) - 1];
}

static const char *block_name(MD_BLOCKTYPE t, const void *detail)
{
    switch (t) {
    case MD_BLOCK_QUOTE: return "blockquote";
    case MD_BLOCK_UL: return "ul";
    case MD_BLOCK_OL: return "ol";
    case MD_BLOCK_LI: return "li";
    case MD_BLOCK_HR: return "hr";
    case MD_BLOCK_H: return heading_name(detail);
    case MD_BLOCK_P: return "p";
    case MD_BLOCK_TABLE: return "table";
    case MD_BLOCK_THEAD: return "thead";
    case MD_BLOCK_TBODY: return "tbody";
    case MD_BLOCK_TR: return "tr";
    case MD_BLOCK_TH: return "th";
    case MD_BLOCK_TD: return "td";
    default: return NULL;
    }
}

static int enter_block(MD_BLOCKTYPE t, void *detail, void *ctx)
{
    struct out *o = ctx;
    const char *name = block_name(t, detail);

    if (t == MD_BLOCK_OL && ((MD_BLOCK_OL_DETAIL *)detail)->start != 1) {
        sb_char(&o->b, '<');
        sb_printf(&o->b, "%s start=\"%u\"", name, ((MD_BLOCK_OL_DETAIL *)detail)->start);
        sb_char(&o->b, '>');
    } else if (t == MD_BLOCK_CODE) {
        tag(o, "pre", false);
        tag(o, "code", false);
    } else if (name) {
        tag(o, name, false);
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE t, void *detail, void *ctx)
{
    struct out *o = ctx;
    const char *name = block_name(t, detail);

    if (t == MD_BLOCK_CODE) {
        tag(o, "code", true);
        tag(o, "pre", true);
    } else if (name && t != MD_BLOCK_HR) {
        tag(o, name, true);
    }
    if (name)
        sb_char(&o->b, '\n');
    return 0;
}

/*
 * http, https, mailto, tel, or a place on this site ("/x", "#x"). Not "//host", not a relative path
 * (which would mean something else on every page), nothing with control characters, which browsers
 * drop before they read the scheme.
 */
static bool is_allowed(str url)
{
    static const str starts[] = {S("https://"), S("http://"), S("mailto:"), S("tel:")};

    for (size_t i = 0; i < url.n; i++) {
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == '\\')
            return false;
    }
    if (str_starts(url, S("/")))
        return !str_starts(url, S("//"));
    if (str_starts(url, S("#")))
        return true;
    for (size_t i = 0; i < NELEM(starts); i++) {
        if (str_istarts(url, starts[i]))
            return true;
    }
    return false;
}

static bool has_entity(const MD_ATTRIBUTE *a)
{
    for (int i = 0; a->size && a->substr_offsets[i] < a->size; i++) {
        if (a->substr_types[i] != MD_TEXT_NORMAL)
            return true;
    }
    return false;
}

static void link_open(struct out *o, const MD_SPAN_A_DETAIL *d)
{
    str url = inside(o->source, d->href.text, d->href.size);

    /* An address spelt with entities could hide its scheme; nobody needs to write one so. */
    if (o->ndropped || !url.n || has_entity(&d->href) || !is_allowed(url)) {
        o->ndropped++;
        return;
    }
    sb_char(&o->b, '<');
    sb_c(&o->b, "a href=\"");
    sb_html(&o->b, url);
    sb_char(&o->b, '"');
    if (url.p[0] != '/' && url.p[0] != '#')
        sb_c(&o->b, " rel=\"noopener noreferrer\"");
    sb_char(&o->b, '>');
}

static const char *span_name(MD_SPANTYPE t)
{
    switch (t) {
    case MD_SPAN_EM: return "em";
    case MD_SPAN_STRONG: return "strong";
    case MD_SPAN_CODE: return "code";
    case MD_SPAN_DEL: return "del";
    default: return NULL;
    }
}

static int enter_span(MD_SPANTYPE t, void *detail, void *ctx)
{
    struct out *o = ctx;
    const char *name = span_name(t);

    if (t == MD_SPAN_A)
        link_open(o, detail);
    else if (name)
        tag(o, name, false);
    return 0;
}

static int leave_span(MD_SPANTYPE t, void *detail, void *ctx)
{
    struct out *o = ctx;
    const char *name = span_name(t);

    (void)detail;
    if (t == MD_SPAN_A && o->ndropped)
        o->ndropped--;
    else if (t == MD_SPAN_A)
        tag(o, "a", true);
    else if (name)
        tag(o, name, true);
    return 0;
}

/*
 * "&amp;" or "&#1234;" as md4c has recognised it: only these characters, so that it cannot be
 * anything else.
 */
static bool is_entity(str s)
{
    if (s.n < 3 || s.p[0] != '&' || s.p[s.n - 1] != ';')
        return false;
    for (size_t i = 1; i + 1 < s.n; i++) {
        char c = s.p[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '#')
            return false;
    }
    return true;
}

static int text_html(MD_TEXTTYPE t, const MD_CHAR *p, MD_SIZE n, void *ctx)
{
    struct out *o = ctx;
    str s = inside(o->source, p, n);

    if (t == MD_TEXT_BR)
        tag(o, "br", false);
    else if (t == MD_TEXT_SOFTBR)
        sb_char(&o->b, '\n');
    else if (t == MD_TEXT_ENTITY && is_entity(s))
        sb_add(&o->b, s);
    else if (t != MD_TEXT_NULLCHAR)
        sb_html(&o->b, s);
    return 0;
}

static int check(str markdown)
{
    if (markdown.n > MAX_TEXT_BYTES)
        return ERR_TOO_BIG;
    return str_is_utf8(markdown) ? 0 : ERR_ENCODING;
}

int markdown_html(struct arena *a, str markdown, str *ret_html)
{
    struct out o = {.b = sb_init(a, 0)};
    MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH,
        .enter_block = enter_block, .leave_block = leave_block, .enter_span = enter_span,
        .leave_span = leave_span, .text = text_html,
    };
    int r = check(markdown);

    if (r == 0)
        r = padded(a, markdown, &o.source);
    if (r < 0)
        return r;
    if (md_parse(o.source.p, (MD_SIZE)o.source.n, &parser, &o) || o.b.err)
        return o.b.err && !arena_is_short(a) ? ERR_TOO_BIG : ERR_MEM;
    *ret_html = o.b.n ? sb_str(&o.b) : S("");
    return 0;
}

/* ---- as plain text ---- */

struct plain {
    struct sb b;
    str source;
    bool is_all;   /* not only the first paragraph */
    bool is_open;  /* inside what is taken */
    bool is_done;
};

static int plain_enter(MD_BLOCKTYPE t, void *detail, void *ctx)
{
    struct plain *l = ctx;

    (void)detail;
    if (l->is_all || (t == MD_BLOCK_P && !l->is_done))
        l->is_open = true;
    return 0;
}

static int plain_leave(MD_BLOCKTYPE t, void *detail, void *ctx)
{
    struct plain *l = ctx;

    (void)detail;
    if (l->is_all && l->b.n && l->b.p[l->b.n - 1] != '\n') {
        sb_char(&l->b, '\n');
    } else if (!l->is_all && t == MD_BLOCK_P && l->is_open) {
        l->is_open = false;
        l->is_done = true;
    }
    return 0;
}

static int plain_span(MD_SPANTYPE t, void *detail, void *ctx)
{
    (void)t;
    (void)detail;
    (void)ctx;
    return 0;
}

static int plain_text(MD_TEXTTYPE t, const MD_CHAR *p, MD_SIZE n, void *ctx)
{
    struct plain *l = ctx;

    if (!l->is_open || t == MD_TEXT_NULLCHAR || t == MD_TEXT_ENTITY)
        return 0;
    if (t == MD_TEXT_BR || t == MD_TEXT_SOFTBR)
        sb_char(&l->b, ' ');
    else
        sb_add(&l->b, inside(l->source, p, n));
    return 0;
}

static int plain_parse(struct arena *a, str markdown, struct plain *l)
{
    MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | (l->is_all ? MD_FLAG_TABLES : 0), .enter_block = plain_enter,
        .leave_block = plain_leave, .enter_span = plain_span, .leave_span = plain_span,
        .text = plain_text,
    };
    int r = check(markdown);

    if (r == 0)
        r = padded(a, markdown, &l->source);
    if (r < 0)
        return r;
    return md_parse(l->source.p, (MD_SIZE)l->source.n, &parser, l) || l->b.err ? ERR_MEM : 0;
}

int markdown_text(struct arena *a, str markdown, str *ret_text)
{
    struct plain l = {.b = sb_init(a, 0), .is_all = true};
    int r = plain_parse(a, markdown, &l);

    if (r == 0)
        *ret_text = l.b.n ? str_trim(sb_str(&l.b)) : S("");
    return r;
}

int markdown_lead(struct arena *a, str markdown, size_t max_bytes, str *ret_text)
{
    struct plain l = {.b = sb_init(a, 0)};
    str s, cut;
    int r = plain_parse(a, markdown, &l);

    if (r < 0)
        return r;
    s = l.b.n ? str_trim(sb_str(&l.b)) : S("");
    if (s.n > max_bytes) {
        cut = str_rcut(str_take(s, max_bytes > 3 ? max_bytes - 3 : 0), ' ').head;
        while (cut.n && !str_is_utf8(cut))
            cut.n--;
        s = arena_printf(a, "%.*s…", STR(cut));
        if (!s.p)
            return ERR_MEM;
    }
    *ret_text = s;
    return 0;
}
