/*
 * Markdown. Whatever is typed, the answer has only tags of the list, closed in order, no attribute
 * but href, rel and start, and no address outside the allow-list.
 */
#include "domain/markdown.c"

#include "fuzz.h"

#include <string.h>

static const char *const tags[] = {
    "blockquote", "ul", "ol", "li", "hr", "h2", "h3", "h4", "h5", "h6", "p", "table",
    "thead", "tbody", "tr", "th", "td", "pre", "code", "em", "strong", "del", "a", "br",
};

/* s begins behind '<'; gives what stands behind '>'. */
static str check_tag(str s)
{
    struct str_pair cut = str_cut(s, '>');
    struct str_pair name = str_cut(cut.head, ' ');
    str bare = str_starts(name.head, S("/")) ? str_from(name.head, 1) : name.head;
    bool is_known = false;

    CHECK(cut.ok);
    for (size_t i = 0; i < NELEM(tags); i++)
        is_known = is_known || str_eq(bare, str_c(tags[i]));
    CHECK(is_known);
    if (!name.ok)
        return cut.tail;
    if (str_eq(bare, S("ol"))) {
        CHECK(str_starts(name.tail, S("start=\"")));
    } else {
        CHECK(str_eq(bare, S("a")) && str_starts(name.tail, S("href=\"")));
        CHECK(is_allowed(str_cut(str_from(name.tail, 6), '"').head));
    }
    return cut.tail;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new();
    str html = {NULL, 0}, lead = {NULL, 0};

    CHECK(a);
    if (markdown_html(a, (str){(const char *)p, n}, &html) == 0) {
        struct str_pair cut = str_cut(html, '<');

        CHECK(str_is_utf8(html));
        while (cut.ok) {
            CHECK(str_chr(cut.head, '"') < 0); /* quotation marks in text are escaped */
            cut = str_cut(check_tag(cut.tail), '<');
        }
        CHECK(markdown_lead(a, (str){(const char *)p, n}, 200, &lead) == 0);
        CHECK(lead.n <= 200 && str_is_utf8(lead));
    }
    arena_free(a);
    return 0;
}
