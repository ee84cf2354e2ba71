/*
 * Feeds in XML: Atom (RFC 4287, with the tombstones of RFC 6721) and RSS 2.0
 * (https://www.rssboard.org/rss-specification), and what else needs text made fit for XML.
 * Everything that a person wrote is escaped here. No state; any thread.
 */
#ifndef WEB_HTML_FEED_H
#define WEB_HTML_FEED_H

#include "base/types.h"

struct arena;
struct feed;
struct sb;

void html_atom(struct sb *out, const struct feed *f);
void html_rss(struct sb *out, const struct feed *f);
/* Markup with a paragraph of plain words before it. */
str html_after(struct arena *a, str words, str html);
/* Escaped, without the characters that XML 1.0 does not know. */
void html_xml(struct sb *out, str s);
/*
 * Markup of domain/markdown.h with links that hold anywhere: "/x" becomes origin/x, "#x" page#x.
 */
str html_absolute(struct arena *a, str html, str origin, str page);

#endif
