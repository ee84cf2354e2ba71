/*
 * Pages that are hardly pages: assets, robots.txt, health, the table of routes. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_PLAIN_H
#define WEB_PAGE_PLAIN_H

struct exchange;

void asset_file(struct exchange *x);
void robots(struct exchange *x);
void health(struct exchange *x);
void icon(struct exchange *x);
void debug_routes(struct exchange *x);

#endif
