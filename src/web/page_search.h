/*
 * Search for readers: one page for the field, what was found, and what to do when nothing was.
 * Handler of web/routes.c.
 */
#ifndef WEB_PAGE_SEARCH_H
#define WEB_PAGE_SEARCH_H

struct exchange;

void search_show(struct exchange *x);

#endif
