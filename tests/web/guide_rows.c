/*
 * Guides and the questions to a job offer over HTTP.
 */
#include "suite.h"

#define POINT "stage=1&topic=2&source=https%3A%2F%2Fx.example%2F&text_en=A+new+%3Cb%3Efact"

#define SOUND_NAME "c65d07f3cf80dd832b2f87b9913b441c.mp3"
#define SOUND(reader, words, bytes)                                                                \
    PART("csrf") "\r\n\r\n{csrf}\r\n" PART("words") "\r\n\r\n" words "\r\n"                     \
        PART("reader") "\r\n\r\n" reader "\r\n"                                                   \
            PART("file") "; filename=\"f\"\r\n\r\n" bytes "\r\n--xyz--\r\n"
#define MP3 "{mp3}"
#define SOUNDS "/desk/guides/tm-tr/sound/"
#define OTHER_WORDS "0000000000000000000000000000000000000000000000000000000000000000"

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
    {"guide_sms", ANON, "GET", "/en/guides/tm-tr/sms.txt", NULL, 200,
     "A sample made for the demonstration. Do not rely on it.\n", "Old translation", NULL, NULL},
    {"guide_sms", ANON, "GET", "/en/guides/tm-tr/sms.txt", NULL, 200, "\nNot checked: ",
     "Checked long ago", NULL, NULL},
    {"guide_sms", ANON, "GET", "/en/guides/tm-tr/sms.txt", NULL, 200, "/en/guides/tm-tr (", NULL,
     NULL, NULL},
    {"guide_sms", ANON, "GET", "/ru/guides/none/sms.txt", NULL, 404, NULL, NULL, NULL, NULL},

    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-tr", NULL, 200,
     "School grade by Flesch-Kincaid (for English in the USA; an estimate): ", NULL, NULL, NULL},
    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-tr", NULL, 200, "as Oborneva fitted it", NULL,
     NULL, NULL},
    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-tr", NULL, 200, "No grade: we know of no", NULL,
     NULL, NULL},
    /* to be heard */
    {"guide_show", ANON, "GET", "/en/guides/tm-tr", NULL, 200, NULL, "<audio", NULL, NULL},
    {"sound_file", ANON, "GET", "/l/1/" SOUND_NAME, NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-tr", NULL, 200,
     "no statement is in this language yet", "<audio", NULL, NULL},
    {"desk_sound_add", EDITOR, "POST", SOUNDS "en", SOUND("", "{words}", MP3), 400,
     "Nothing was saved. A recording", NULL, UPLOAD, NULL},
    {"desk_sound_add", EDITOR, "POST", SOUNDS "en", SOUND("A. <i>", "{words}", "GIF89a"), 415,
     "Nothing was saved. A recording", NULL, UPLOAD, NULL},
    {"desk_sound_add", EDITOR, "POST", SOUNDS "en", SOUND("A. <i>", OTHER_WORDS, MP3), 409,
     "the text has changed", NULL, UPLOAD, NULL},
    {"desk_sound_add", EDITOR, "POST", SOUNDS "fa", SOUND("A. <i>", "{words}", MP3), 404, NULL,
     NULL, UPLOAD, NULL},
    {"desk_sound_add", EDITOR, "POST", SOUNDS "qq", SOUND("A. <i>", "{words}", MP3), 404, NULL,
     NULL, UPLOAD, NULL},
    {"desk_sound_add", EDITOR, "POST", "/desk/guides/none/sound/en",
     SOUND("A. <i>", "{words}", MP3), 404, NULL, NULL, UPLOAD, NULL},
    {"desk_sound_add", EDITOR, "POST", SOUNDS "en", SOUND("A. <i>", "{words}", MP3), 303,
     "done=saved#sound", NULL, UPLOAD, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-tr", NULL, 200,
     "Read by A. &lt;i&gt;.</figcaption><audio controls=\"\" preload=\"none\" src=\"/l/1/"
     SOUND_NAME,
     "computer", NULL, NULL},
    {"guide_show", ANON, "GET", "/ru/guides/tm-tr", NULL, 200, NULL, "<audio", NULL, NULL},
    {"print_guide", ANON, "GET", "/en/print/a5/tm-tr", NULL, 200, "Sample shelter", "<audio", NULL,
     NULL},
    {"sound_file", ANON, "GET", "/l/1/" SOUND_NAME, NULL, 200, "aaaaaaaaaaaaaaaaaaaa", NULL, NULL,
     NULL},
    {"sound_file", ANON, "GET", "/l/2/" SOUND_NAME, NULL, 404, NULL, NULL, NULL, NULL},
    {"sound_file", ANON, "GET", "/l/1/0.mp3", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-tr", NULL, 200, "readers hear this one",
     "outdated", NULL, NULL},

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
     "stage=1&topic=1&revision=4&text_en=Changed&source=https%3A%2F%2Fy.example", 303, "done=saved",
     NULL, NULL, NULL},
    {"desk_point_save", EDITOR, "POST", "/desk/guides/tm-tr/1",
     "stage=1&topic=1&revision=4&text_en=Changed&source=https%3A%2F%2Fy.example", 409,
     "Somebody else", NULL, NULL, NULL},
    {"desk_point_check", EDITOR, "POST", "/desk/guides/tm-tr/1/check", "revision=1", 409,
     "Somebody else", NULL, NULL, NULL},
    {"desk_point_check", EDITOR, "POST", "/desk/guides/tm-tr/1/check", "", 400, NULL, NULL, NULL,
     NULL},
    {"desk_point_check", EDITOR, "POST", "/desk/guides/tm-tr/1/check", "revision=6", 303,
     "done=saved", NULL, NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-tr", NULL, 200, "checked on", NULL, NULL, NULL},
    /* what was read aloud is not what stands there now */
    {"guide_show", ANON, "GET", "/en/guides/tm-tr", NULL, 200, "Changed", "<audio", NULL, NULL},
    {"desk_guide", EDITOR, "GET", "/desk/guides/tm-tr", NULL, 200, "outdated: the words have",
     "readers hear this one", NULL, NULL},
    {"desk_sound_remove", EDITOR, "POST", SOUNDS "en/remove", "", 303, "done=saved", NULL, NULL,
     NULL},
    {"desk_sound_remove", EDITOR, "POST", SOUNDS "en/remove", "", 404, NULL, NULL, NULL, NULL},
    {"sound_file", ANON, "GET", "/l/1/" SOUND_NAME, NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_point_remove", EDITOR, "POST", "/desk/guides/tm-tr/1/remove", "", 303, "done=saved",
     NULL, NULL, NULL},
    {"desk_point_remove", EDITOR, "POST", "/desk/guides/tm-tr/1/remove", "", 404, NULL, NULL, NULL,
     NULL},
    {"desk_guide_remove", EDITOR, "POST", "/desk/guides/tm-kz/remove", "", 303, "/desk/guides",
     NULL, NULL, NULL},
    {"guide_show", ANON, "GET", "/en/guides/tm-kz", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list guide_rows = {rows, NELEM(rows)};
