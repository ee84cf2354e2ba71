/*
 * What readers find: search, archive, topics, counting; what the desk does to news and conclusions.
 */
#include "suite.h"

#define REC  DEMO_RECORD_SLUG
#define LIVE DEMO_LIVE_SLUG

static const struct row rows[] = {
    {"search_show", ANON, "GET", "/en/search", NULL, 200, "/en/news?topic=media", "noindex", NULL,
     NULL},
    {"search_show", ANON, "GET", "/en/search?q=TRAFFICKING", NULL, 200, "<mark>trafficking</mark>",
     "class=\"notice\"", NULL, NULL},
    {"search_show", ANON, "GET", "/en/search?q=trafficking", NULL, 200, "content=\"noindex\"",
     "rel=\"canonical\"", NULL, NULL},
    {"search_show", ANON, "GET",
     "/ru/"
     "search?q=%D0%BE%D1%81%D0%B2%D0%B5%D0%B4%D0%BE%D0%BC%D0%BB%D0%B5%D0%BD%D0%BD%D0%BE%D1%81%D1%"
     "82%D1%8C",
     NULL, 200, "/ru/s/" REC "#c3", NULL, NULL, NULL},
    {"search_show", ANON, "GET", "/tk/search?q=garsy", NULL, 200, "<mark>garşy</mark>", NULL, NULL,
     NULL},
    {"search_show", ANON, "GET", "/tk/search?q=cooperation", NULL, 200, "lang=\"en\" dir=\"auto\"",
     NULL, NULL, NULL},
    {"search_show", ANON, "GET", "/en/search?q=zeppelin", NULL, 200, "No page has these words",
     "<ol", NULL, NULL},
    {"search_show", ANON, "GET", "/en/search?q=%22%3Cscript%3E&in=all", NULL, 200,
     "&quot;&lt;script&gt;", "<script>", NULL, NULL},
    {"search_show", ANON, "GET", "/en/search?q=%FF%FE", NULL, 200, NULL, NULL, NULL, NULL},
    {"search_show", ANON, "GET", "/en/search?q=a&skip=99999999", NULL, 200, NULL, NULL, NULL, NULL},
    {"search_show", ANON, "GET", "/xx/search?q=a", NULL, 404, NULL, NULL, NULL, NULL},
    {"count_show", ANON, "GET", "/en/counting", NULL, 200, "fewer than 10", NULL, NULL, NULL},
    {"count_show", ANON, "GET", "/xx/counting", NULL, 404, NULL, NULL, NULL, NULL},
    {"news_list", ANON, "GET", "/en/news", NULL, 200, "November 2020", NULL, NULL, NULL},
    {"news_list", ANON, "GET", "/ru/news", NULL, 200, "ноябрь 2020", NULL, NULL, NULL},
    {"news_list", ANON, "GET", "/en/news?topic=media", NULL, 200, "/en/news/" REC, NULL, NULL,
     NULL},
    {"news_list", ANON, "GET", "/en/news?topic=media&month=2020-12", NULL, 200,
     "There is no news here", NULL, NULL, NULL},
    {"news_list", ANON, "GET", "/en/news?topic=none", NULL, 404, NULL, NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" REC, NULL, 200, "showed 175 views (24 November 2020)",
     NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" REC, NULL, 200,
     "hreflang=\"x-default\" href=\"http://localhost:8080/en/news/" REC "\"", NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" REC, NULL, 200,
     "hreflang=\"ru\" href=\"http://localhost:8080/ru/news/" REC "\"",
     "hreflang=\"fa\" href=\"http", NULL, NULL},
    {"news_show", ANON, "GET", "/fa/news/" REC, NULL, 200,
     "rel=\"canonical\" href=\"http://localhost:8080/en/news/" REC "\"", NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/ru/news/" REC, NULL, 200,
     "\"keywords\":[\"Права мигрантов\",\"Против торговли людьми\",\"СМИ\"]", NULL, NULL, NULL},
    {"news_show", ANON, "GET", "/en/news/" REC, NULL, 200,
     "property=\"og:type\" content=\"article\"", NULL, NULL, NULL},
};

const struct row_list publish_rows = {rows, NELEM(rows)};
