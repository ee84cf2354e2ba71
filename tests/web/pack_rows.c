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

    {"pack_list", ANON, "GET", "/en/offline", NULL, 200, "/en/offline/guides/tm-tr.zip",
     "size not known", NULL, NULL},
    {"pack_list", ANON, "GET", "/en/offline", NULL, 200, "/en/guides/tm-tr/sms.txt", NULL, NULL,
     NULL},
    {"pack_list", ANON, "GET", "/fa/offline", NULL, 200, "<html lang=\"fa\" dir=\"rtl\">", NULL,
     NULL, NULL},
    {"pack_list", ANON, "GET", "/xx/offline", NULL, 404, NULL, NULL, NULL, NULL},
    {"pack_programme", ANON, "GET", "/en/offline/programme.zip", NULL, 200, "PK", NULL, NULL, NULL},
    {"pack_programme", ANON, "GET", "/fa/offline/programme.epub", NULL, 200,
     "mimetypeapplication/epub+zip", NULL, NULL, NULL},
    {"pack_programme", ANON, "GET", "/en/offline/programme.exe", NULL, 404, NULL, NULL, NULL, NULL},
    {"pack_programme", ANON, "GET", "/en/offline/tm-tr.zip", NULL, 404, NULL, NULL, NULL, NULL},
    {"pack_programme", ANON, "GET", "/xx/offline/programme.zip", NULL, 404, NULL, NULL, NULL, NULL},
    {"pack_guide", ANON, "GET", "/ru/offline/guides/tm-tr.epub", NULL, 200, "mimetype", NULL, NULL,
     NULL},
    {"pack_guide", ANON, "GET", "/ru/offline/guides/tm-tr.zip", NULL, 200, "PK", NULL, NULL, NULL},
    {"pack_guide", ANON, "GET", "/ru/offline/guides/none.zip", NULL, 404, NULL, NULL, NULL, NULL},
    {"pack_guide", ANON, "GET", "/ru/offline/guides/..%2f..%2fx.zip", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"print_contacts", ANON, "GET", "/en/print/a4", NULL, 200, "paper_a4.css", "open now", NULL,
     NULL},
    {"print_contacts", ANON, "GET", "/en/print/a3", NULL, 404, NULL, NULL, NULL, NULL},
    {"print_guide", ANON, "GET", "/tk/print/a5/tm-tr", NULL, 200, "class=\"qr\"", "paper_a4.css",
     NULL, NULL},
    {"print_guide", ANON, "GET", "/en/print/a5/none", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list pack_rows = {rows, NELEM(rows)};
