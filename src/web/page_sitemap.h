/*
 * The list of pages for search engines, each with its languages. Handler of web/routes.c.
 */
#ifndef WEB_PAGE_SITEMAP_H
#define WEB_PAGE_SITEMAP_H

struct exchange;

void sitemap(struct exchange *x);

#endif
