/*
 * Guides and the questions to a job offer over HTTP.
 */
#include "suite.h"

#define POINT "stage=1&topic=2&source=https%3A%2F%2Fx.example%2F&text_en=A+new+%3Cb%3Efact"

static const struct row rows[] = {
    {"offer_show", ANON, "GET", "/en/offer", NULL, 200, "/en/offer/deciding", "ld+json", NULL,
     NULL},
    {"offer_show", ANON, "GET", "/qq/offer", NULL, 404, NULL, NULL, NULL, NULL},
    {"offer_deciding", ANON, "GET", "/en/offer/deciding", NULL, 200, "does not prove",
     "action=", NULL, NULL},
    {"offer_deciding", ANON, "GET", "/tk/offer/deciding", NULL, 200, "id=\"q16-no\"",
     "name=\"csrf\"", NULL, NULL},
    {"offer_there", ANON, "GET", "/ru/offer/there", NULL, 200, "/ru/contacts", "жертва", NULL,
     NULL},

    {"guide_list", ANON, "GET", "/en/guides", NULL, 200, "/en/guides/tm-tr", NULL, NULL, NULL},
    {"guide_show", ANON, "GET", "/tk/guides/tm-tr", NULL, 200, "Bu heniz barlanmady", "<script>",
     NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-tr", NULL, 200, "Sample shelter", "sample-old-line",
     NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/none", NULL, 404, NULL, NULL, NULL, NULL},
    {"guide_sms", ANON, "GET", "/ru/guides/tm-tr/sms.txt", NULL, 200, "паспорт", "<", NULL, NULL},
    {"guide_sms", ANON, "GET", "/ru/guides/none/sms.txt", NULL, 404, NULL, NULL, NULL, NULL},

    {"desk_guides", EDITOR, "GET", "/desk/guides", NULL, 200, "/desk/guides/tm-tr", NULL, NULL,
     NULL},
    {"desk_guide_add", EDITOR, "POST", "/desk/guides", "slug=a-b&from=TM&to=tr&title_en=Keep+me",
     400, "Keep me", NULL, NULL, NULL},
    {"desk_guide_add", EDITOR, "POST", "/desk/guides",
     "slug=tm-kz&from=TM&to=KZ&title_en=To+%3Cb%3E", 303, "/desk/guides/tm-kz", NULL, NULL, NULL},
    {"desk_guide_add", EDITOR, "POST", "/desk/guides", "slug=tm-kz&from=TM&to=KZ&title_en=Again",
     409, "Again", NULL, NULL, NULL},
    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-kz", NULL, 200, "To &lt;b&gt;", "<b>fact", NULL,
     NULL},
    {"desk_guide_save", EDITOR, "POST", "/desk/guides/tm-kz", "title_en=To+KZ&lead_ru=Hi", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_point_add", EDITOR, "POST", "/desk/guides/tm-kz/points",
     "stage=1&topic=2&source=x&text_en=Y", 400, "Nothing was", NULL, NULL, NULL},
    {"desk_point_add", EDITOR, "POST", "/desk/guides/tm-kz/points", POINT, 303, "done=saved", NULL,
     NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-kz", NULL, 200, "A new &lt;b&gt;fact", "<b>fact",
     NULL, NULL},
    {"desk_point_check", EDITOR, "POST", "/desk/guides/tm-kz/1/check", "", 404, NULL, NULL, NULL,
     NULL},
    {"desk_point_save", EDITOR, "POST", "/desk/guides/tm-tr/1",
     "stage=1&topic=1&revision=1&text_en=Changed&source=https%3A%2F%2Fy.example", 303, "done=saved",
     NULL, NULL, NULL},
    {"desk_point_save", EDITOR, "POST", "/desk/guides/tm-tr/1",
     "stage=1&topic=1&revision=1&text_en=Changed&source=https%3A%2F%2Fy.example", 409,
     "Somebody else", NULL, NULL, NULL},
    {"desk_point_check", EDITOR, "POST", "/desk/guides/tm-tr/1/check", "", 303, "done=saved", NULL,
     NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-tr", NULL, 200, "checked on", NULL, NULL, NULL},
    {"desk_point_remove", EDITOR, "POST", "/desk/guides/tm-tr/1/remove", "", 303, "done=saved",
     NULL, NULL, NULL},
    {"desk_point_remove", EDITOR, "POST", "/desk/guides/tm-tr/1/remove", "", 404, NULL, NULL, NULL,
     NULL},
    {"desk_guide_remove", EDITOR, "POST", "/desk/guides/tm-kz/remove", "", 303, "/desk/guides",
     NULL, NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-kz", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list guide_rows = {rows, NELEM(rows)};
