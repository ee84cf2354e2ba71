/*
 * Feeds of news in four formats, by language, topic and country; one item in ninjs; the page that
 * names them all, for partner media. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_FEED_H
#define WEB_PAGE_FEED_H

struct exchange;

/* The last segment of the address is the format: feed.atom, feed.rss, feed.json, feed.ninjs. */
void news_feed(struct exchange *x);
void news_ninjs(struct exchange *x);
void story_ninjs(struct exchange *x);
void feeds_show(struct exchange *x);

#endif
