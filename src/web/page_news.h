/*
 * News for readers: the item, the archive. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_NEWS_H
#define WEB_PAGE_NEWS_H

struct exchange;

void news_show(struct exchange *x);
void story_show(struct exchange *x);
void news_archive(struct exchange *x);
/* How views are counted, in plain words. */
void count_show(struct exchange *x);

#endif
