/*
 * Markdown (CommonMark with tables) to HTML that is safe to show: raw HTML is text, links lead to
 * http, https, mailto, tel or to this site, pictures are not taken (they would be requests to other
 * hosts), headings begin at h2. Pure.
 */
#ifndef DOMAIN_MARKDOWN_H
#define DOMAIN_MARKDOWN_H

#include "base/types.h"

struct arena;

/* ERR_TOO_BIG over MAX_TEXT_BYTES; ERR_ENCODING when it is not UTF-8. */
int markdown_html(struct arena *a, str markdown, str *ret_html);
/* All of it as plain text, a line a block: for search. Entities are left out. */
int markdown_text(struct arena *a, str markdown, str *ret_text);
/*
 * The first paragraph as plain text, at most max_bytes, cut at a word: for lists, feeds and
 * descriptions.
 */
int markdown_lead(struct arena *a, str markdown, size_t max_bytes, str *ret_text);

#endif
