/*
 * The programme's home over HTTP: what each of its three visitors finds there.
 */
#include "suite.h"

#define PROGRAMME "/p/counter-trafficking-central-asia"

static const struct row rows[] = {
    /* the person who decides or is in trouble, before all others */
    {"home", ANON, "GET", "/en", NULL, 200, "already there?</h2>\n<ul class=\"cards doors\"><li>",
     "<script", NULL, NULL},
    {"home", ANON, "GET", "/ru", NULL, 200, "href=\"/ru/contacts\"", NULL, NULL, NULL},
    {"home", ANON, "GET", "/tk", NULL, 200, "href=\"/tk/guides/tm-tr\"", NULL, NULL, NULL},
    {"home", ANON, "GET", "/fa", NULL, 200, "href=\"/fa/offer\"", "Check a job", NULL, NULL},
    /* the journalist and the partner */
    {"home", ANON, "GET", "/en", NULL, 200, "href=\"/en/check\"", NULL, NULL, NULL},
    {"home", ANON, "GET", "/en", NULL, 200, "Ministry of Foreign Affairs of Norway", NULL, NULL,
     NULL},
    {"home", ANON, "GET", "/en", NULL, 200, "<dt>Associated partners</dt>", NULL, NULL, NULL},
    {"home", ANON, "GET", "/ru", NULL, 200, "Казахстан, Киргизия", NULL, NULL, NULL},

    {"programme_show", ANON, "GET", "/en" PROGRAMME, NULL, 200, "/en/s/media-and-ngos-2020",
     "Set-Cookie", NULL, NULL},
    {"programme_show", ANON, "GET", "/tk" PROGRAMME, NULL, 200, "Merkezi Aziýada", NULL, NULL,
     NULL},
    {"programme_show", ANON, "GET", "/en/p/none", NULL, 404, "does not exist", NULL, NULL, NULL},
    {"programme_show", ANON, "GET", "/qq" PROGRAMME, NULL, 404, NULL, NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/media-and-ngos-2020", NULL, 200,
     "<dt>Associated partners</dt>", NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/media-and-ngos-2020", NULL, 200,
     "href=\"/en" PROGRAMME "\"", NULL, NULL, NULL},
};

const struct row_list home_rows = {rows, NELEM(rows)};
