/*
 * Markup that does not come from a template: safe HTML made of Markdown, data blocks for search
 * engines. Everything that a person wrote is escaped here. No state; any thread.
 */
#ifndef WEB_HTML_DATA_H
#define WEB_HTML_DATA_H

#include "base/types.h"
#include "web/html.h"

struct arena;
struct sb;

/* domain/markdown.h as markup. An error leaves ret_html alone. */
int html_of_markdown(struct arena *a, str markdown, struct html *ret_html);
/* A schema.org data block (not a script: nothing runs it). json must come from sb_json, which hides
 * '<'. */
struct html html_of_json_ld(struct arena *a, str json);

/* sitemaps.org 0.9; each page stands once for every language it has, with links to the others. */
struct sitemap_page {
    str path;    /* behind the language, with its slash; empty: the home page */
    str changed; /* as RFC 3339; unset: not known */
    str *lang;
    size_t nlangs;
};
void html_sitemap(struct sb *out, str origin, const struct sitemap_page *page, size_t n);

#endif
