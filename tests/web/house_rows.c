/* What the house says of itself: see suite.h. */
#include "suite.h"

static const struct row rows[] = {
    {"debug_store", SYSTEM, "GET", "/debug/store", NULL, 200, "works that wait: ", "@",
     NULL, NULL},
    {"debug_store", SYSTEM, "GET", "/debug/store", NULL, 200, "kept pages:", NULL, NULL, NULL},
    {"debug_loop", SYSTEM, "GET", "/debug/loop", NULL, 200, "web thread 1: under 1 ms:", NULL,
     NULL, NULL},
    {"debug_media", SYSTEM, "GET", "/debug/media", NULL, 404, NULL, NULL, NULL, NULL},

    /* what is in another language says in which; without a name, to be no sample of endpoints.md */
    {"seminar_show", ANON, "GET", "/fa/s/media-and-ngos-2020", NULL, 200,
     "counter-trafficking-central-asia\" lang=\"en\" dir=\"auto\">", NULL, NULL, NULL},
    {NULL, EVENT, "GET", "/desk/s/media-and-ngos-demo/people?lang=fa", NULL, 200,
     "<span lang=\"en\" dir=\"auto\">Women", NULL, NULL, NULL},
    {NULL, EVENT, "GET", "/desk/people?lang=fa", NULL, 200,
     "<span lang=\"en\" dir=\"auto\">Women", NULL, NULL, NULL},
    {NULL, EVENT, "GET", "/desk/programmes?lang=fa", NULL, 200,
     "<span lang=\"en\" dir=\"auto\">Ministry", NULL, NULL, NULL},

    /* a slash too many: for good to the address without it, never to another site */
    {NULL, ANON, "GET", "/ru/", NULL, 301, "/ru", "/ru/", NULL, NULL},
    {NULL, ANON, "HEAD", "/fa/", NULL, 301, "/fa", "/fa/", NULL, NULL},
    {NULL, ANON, "GET", "//", NULL, 301, "/", "//", NULL, NULL},
    {NULL, ANON, "GET", "/tk/news//?month=2020-11", NULL, 301, "/tk/news?month=2020-11", NULL,
     NULL, NULL},
    {NULL, ANON, "GET", "/desk/", NULL, 301, "/desk", "/desk/", NULL, NULL},
    {NULL, ANON, "GET", "//example.org/", NULL, 404, NULL, NULL, NULL, NULL},
    {NULL, ANON, "GET", "//en/", NULL, 404, NULL, NULL, NULL, NULL},
    {NULL, ANON, "GET", "/en/no/such/page/", NULL, 404, NULL, NULL, NULL, NULL},
    {NULL, EVENT, "POST", "/desk/import/", "", 404, NULL, NULL, NULL, NULL},
};

const struct row_list house_rows = {rows, NELEM(rows)};
