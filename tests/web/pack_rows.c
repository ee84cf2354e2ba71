/*
 * What leaves the house in other formats: feeds, packs for reading without a network, paper.
 */
#include "suite.h"

#define REC DEMO_RECORD_SLUG

static const struct row rows[] = {
    {"feed_rss", ANON, "GET", "/ru/feed.rss", NULL, 200, "<dc:language>ru</dc:language>", NULL,
     NULL, NULL},
    {"feed_json", ANON, "GET", "/tk/feed.json", NULL, 200,
     "\"url\":\"http://localhost:8080/tk/news/" REC "\"", NULL, NULL, NULL},
    {"feed_ninjs", ANON, "GET", "/en/feed.ninjs", NULL, 200, "\"type\":\"composite\"", NULL, NULL,
     NULL},
    {"feed_of", ANON, "GET", "/ru/feed/topic/media/feed.atom", NULL, 200, "<title>Kengesh: СМИ",
     NULL, NULL, NULL},
    {"feed_of", ANON, "GET", "/en/feed/topic/media/feed.txt", NULL, 404, NULL, NULL, NULL, NULL},
    {"feed_of", ANON, "GET", "/en/feed/weather/media/feed.rss", NULL, 404, NULL, NULL, NULL, NULL},
    {"feed_of", ANON, "GET", "/xx/feed/topic/media/feed.rss", NULL, 404, NULL, NULL, NULL, NULL},
    {"feeds_show", ANON, "GET", "/en/feeds", NULL, 200, "href=\"/en/feed/topic/media/feed.ninjs\"",
     NULL, NULL, NULL},
    {"feeds_show", ANON, "GET", "/xx/feeds", NULL, 404, NULL, NULL, NULL, NULL},
    {"news_ninjs", ANON, "GET", "/ru/news/" REC "/ninjs", NULL, 200, "\"version\":\"3.0\"",
     "\"language\":\"en\"", NULL, NULL},
    {"news_ninjs", ANON, "GET", "/fa/news/" REC "/ninjs", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list pack_rows = {rows, NELEM(rows)};
