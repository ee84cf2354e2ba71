#include "tools/tidy.h"

#include "base/str.h"
#include "tools/tool.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- scripts ---- */

static const struct {
    const char *word, *mend;
} js_banned[] = {
    {"innerHTML", "build elements and set textContent"},
    {"outerHTML", "build elements and replaceWith()"},
    {"insertAdjacentHTML", "build elements and append()"},
    {"createContextualFragment", "build elements and append()"},
    {"eval", "the content security policy forbids it"},
    {"Function", "the content security policy forbids it"},
};

/* Comments of a script say what they like. */
static bool in_line_comment(str text, size_t at)
{
    size_t start = at;

    while (start > 0 && text.p[start - 1] != '\n')
        start--;
    for (str s = str_trim(str_take(str_from(text, start), at - start)); s.n;) {
        if (str_starts(s, S("*")) || str_starts(s, S("/*")))
            return true;
        return str_find(s, S("//")) >= 0;
    }
    return false;
}

static void js(const struct tidy *f)
{
    ptrdiff_t write = str_find(f->text, S("document.write"));

    for (size_t i = 0; i < NELEM(js_banned); i++) {
        str word = str_c(js_banned[i].word);

        for (size_t at = 0; tidy_next_word(f->text, &at, word); at++) {
            bool is_call = word.n < 9 || at + word.n >= f->text.n;

            if (in_line_comment(f->text, at) ||
                (is_call && word.n < 9 && f->text.p[at + word.n] != '('))
                continue;
            tool_error(f->path, tidy_line(f, at), "%s; %s", js_banned[i].word, js_banned[i].mend);
        }
    }
    if (write >= 0)
        tool_error(f->path, tidy_line(f, (size_t)write),
                   "document.write; build elements and append()");
}

/* ---- styles ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static const char *const colours[] = {"rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "lab("};
static const char *const colour_names[] = {"white", "black", "red",    "green",  "blue",
                                           "grey",  "gray",  "orange", "yellow", "purple",
                                           "teal",  "navy",  "silver", "maroon"};

/* Behind a ':' of a declaration, that is, before its ';' or '}'. */
static bool in_declaration(str text, size_t at)
{
    while (at > 0) {
        char c = text.p[--at];

        if (c == ':')
            return true;
        if (c == ';' || c == '{' || c == '}' || c == '/')
            return false;
    }
    return false;
}

static size_t colour_at(str text, size_t at)
{
    str rest = str_from(text, at);
    size_t n = 1;

    for (size_t i = 0; i < NELEM(colours); i++)
        if (str_starts(rest, str_c(colours[i])) && (at == 0 || !is_letter(text.p[at - 1])))
            return 1;
    for (size_t i = 0; i < NELEM(colour_names); i++)
        if (tidy_word_at(text, at, str_c(colour_names[i])) && (at == 0 || text.p[at - 1] != '-') &&
            text.p[at + str_c(colour_names[i]).n] != '-')
            return 1;
    if (text.p[at] != '#')
        return 0;
    while (n < rest.n && is_hex(rest.p[n]))
        n++;
    return n == 4 || n == 5 || n == 7 || n == 9 ? n : 0;
}

static void css(const struct tidy *f)
{
    bool in_comment = false;

    for (size_t at = 0; at + 1 < f->text.n; at++) {
        if (str_starts(str_from(f->text, at), S("/*")))
            in_comment = true;
        if (str_starts(str_from(f->text, at), S("*/")))
            in_comment = false;
        if (in_comment || !colour_at(f->text, at) || !in_declaration(f->text, at))
            continue;
        tool_error(f->path, tidy_line(f, at),
                   "a colour outside tokens.css; name it there and write var(--name)");
        at += 3;
    }
}

/* ---- markup in C ---- */

static bool may_hold_markup(const struct tidy *f)
{
    return str_starts(str_c(f->path), S("src/web/html")) ||
           str_find(str_c(f->path), S("gen/")) >= 0;
}

/* A literal with "<p", "</" or "<!": pages are templates. */
static void markup(const struct tidy *f)
{
    for (size_t at = 0; at + 1 < f->literals.n; at++) {
        char next = f->literals.p[at + 1];

        if (f->literals.p[at] != '<' || (!is_letter(next) && next != '/' && next != '!'))
            continue;
        /* "<%s" and mail addresses "<name@host>" have no '>' or a space that ends a tag name; say
         * it all the same. */
        tool_error(f->path, tidy_line(f, at),
                   "markup in a C string; put it into src/web/template/*.html");
        return;
    }
}

/* Only what escapes or cleans may say that a text is safe markup. */
static void made_html(const struct tidy *f)
{
    ptrdiff_t at = str_find(f->code, S("(struct html){"));

    if (at >= 0)
        tool_error(f->path, tidy_line(f, (size_t)at),
                   "struct html made by hand; use html_of_text(), "
                   "html_of_template() or the Markdown of src/web/html_*.c");
}

void tidy_web(const struct tidy *f)
{
    bool is_page =
        tidy_under(f, "src/web/") || tidy_under(f, "src/domain/") || tidy_under(f, "src/live/");

    if (tidy_is(f, ".js") && tidy_under(f, "src/web/asset/"))
        js(f);
    if (tidy_is(f, ".css") && !tidy_is(f, "/tokens.css"))
        css(f);
    if (is_page && (tidy_is(f, ".c") || tidy_is(f, ".h")) && !may_hold_markup(f)) {
        markup(f);
        made_html(f);
    }
}
