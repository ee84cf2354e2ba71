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

    /* legal pages */
    {"legal_list", ANON, "GET", "/en/legal", NULL, 200, "/en/legal/law-work-tr", "<script", NULL,
     NULL},
    {"legal_list", ANON, "GET", "/fa/legal", NULL, 200, "dir=\"rtl\"", "What the law", NULL, NULL},
    {"legal_list", ANON, "GET", "/qq/legal", NULL, 404, NULL, NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-trafficking-tm", NULL, 200,
     "regardless of the victim’s consent", NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-trafficking-tm", NULL, 200, "<bdi>bp.gov.tm</bdi>",
     NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-trafficking-tm", NULL, 200,
     "Nobody who knows the law", NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/ru/legal/law-fees-tr", NULL, 200, "6 утверждений не сверяли",
     NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/tk/legal/law-work-tr", NULL, 200, "çalışma izni", NULL, NULL,
     NULL},
    {"legal_show", ANON, "GET", "/en/legal/tm-tr", NULL, 404, NULL, NULL, NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/law-work-tr", NULL, 404, NULL, NULL, NULL, NULL},
    {"guide_list", ANON, "GET", "/en/guides", NULL, 200, "/en/legal", "law-work-tr", NULL, NULL},
    {"search_show", ANON, "GET", "/en/search?q=regardless+consent", NULL, 200,
     "/en/legal/law-trafficking-tm", NULL, NULL, NULL},
    {"search_show", ANON, "GET", "/ru/search?q=паспорт", NULL, 200, "/ru/guides/tm-tr", NULL, NULL,
     NULL},
    {"sitemap", ANON, "GET", "/sitemap.xml", NULL, 200, "/tk/legal/law-work-tr", NULL, NULL, NULL},

    {"desk_guides", EDITOR, "GET", "/desk/guides", NULL, 200, "/desk/guides/law-work-tr", NULL,
     NULL, NULL},
    {"desk_guide_add", EDITOR, "POST", "/desk/guides",
     "slug=law-x&from=TM&to=TM&subject=9&title_en=Keep", 400, "Keep", NULL, NULL, NULL},
    {"desk_guide_add", EDITOR, "POST", "/desk/guides",
     "slug=law-x&from=TM&to=TM&subject=2&title_en=Stay+%3Cb%3E", 303, "/desk/guides/law-x", NULL,
     NULL, NULL},
    {"desk_point_add", EDITOR, "POST", "/desk/guides/law-x/points",
     "stage=4&topic=3&source=https%3A%2F%2Fx.example%2Fa&text_en=Open+%3Cb%3E", 303, "done=saved",
     NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-x", NULL, 200, "What we do not know</h2>",
     "Open <b>", NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-x", NULL, 200, "entry and stay", "guide.sample",
     NULL, NULL},
    {"desk_guide_review", EDITOR, "POST", "/desk/guides/law-x/review", "by=", 400, "Nothing was",
     NULL, NULL, NULL},
    {"desk_guide_review", EDITOR, "POST", "/desk/guides/law-x/review", "by=A.+Lawyer+%3Ci%3E", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_guide_review", EDITOR, "POST", "/desk/guides/none/review", "by=A", 404, NULL, NULL, NULL,
     NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-x", NULL, 200, "Reviewed by A. Lawyer &lt;i&gt; on",
     "Nobody who knows", NULL, NULL},
    {"desk_guide_save", EDITOR, "POST", "/desk/guides/law-x", "title_en=Stay+now&lead_en=Changed",
     303, "done=saved", NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-x", NULL, 200, "Nobody who knows the law",
     "A. Lawyer", NULL, NULL},
    {"desk_guide_remove", EDITOR, "POST", "/desk/guides/law-x/remove", "", 303, "/desk/guides",
     NULL, NULL, NULL},
    {"legal_show", ANON, "GET", "/en/legal/law-x", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list home_rows = {rows, NELEM(rows)};
