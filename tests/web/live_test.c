/*
 * Rows of the room's pages: slides, attendance.
 */
#include "suite.h"

#define REC  DEMO_RECORD_SLUG
#define LIVE DEMO_LIVE_SLUG

/* A file of slides more. */
#define TALK(status, must)                                                                        \
    {"desk_slides_add", EVENT, "POST", "/desk/s/" REC "/slides", FILE_BODY("%PDF-1.4 talk"),       \
     status, must, NULL, UPLOAD, NULL}
#define FOUR_TALKS                                                                                 \
    TALK(303, "done=add"), TALK(303, "done=add"), TALK(303, "done=add"), TALK(303, "done=add")

static const struct row rows[] = {
    {"slides", EVENT, "GET", "/s/" LIVE "/slides", NULL, 200, "{\"decks\":[]}", NULL, NULL, NULL},
    {"slides", MEMBER, "GET", "/s/" REC "/slides", NULL, 403, NULL, NULL, NULL, NULL},
    {"slides", EDITOR, "GET", "/s/" LIVE "/slides", NULL, 403, NULL, "decks", NULL, NULL},
    {"slides_add", MEMBER, "POST", "/s/" LIVE "/slides", FILE_BODY("%PDF-1.4"), 403,
     "room.deck_failed", NULL, UPLOAD, NULL},
    {"desk_slides", EVENT, "GET", "/desk/s/" LIVE "/slides", NULL, 200, "no slides yet", NULL, NULL,
     NULL},
    {"desk_slides", EVENT, "GET", "/desk/s/none-such/slides", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_slides_add", EVENT, "POST", "/desk/s/" LIVE "/slides", FILE_BODY("MZ no slides"), 415,
     "is not a PDF", NULL, UPLOAD, NULL},
    {"desk_slides_add", EVENT, "POST", "/desk/s/" LIVE "/slides", FILE_BODY("%PDF-1.4 talk"), 303,
     "slides?done=add", NULL, UPLOAD, NULL},
    {"desk_slides", EVENT, "GET", "/desk/s/" LIVE "/slides?done=add", NULL, 200, "waits", NULL,
     NULL, NULL},
    {"desk_slides", EVENT, "GET", "/desk/s/" LIVE "/slides?lang=ru", NULL, 200, "ожидает", NULL,
     NULL, NULL},
    {"slides", EVENT, "GET", "/s/" LIVE "/slides", NULL, 200, "\"state\":\"waiting\"", NULL, NULL,
     NULL},
    /* a participant learns of slides when the seminar is live */
    {"slides", MEMBER, "GET", "/s/" LIVE "/slides", NULL, 403, NULL, "decks", NULL, NULL},
    {"slide_words", EVENT, "GET", "/s/" LIVE "/slides/{deck}/text", NULL, 200, "{\"slides\":[]}",
     NULL, NULL, NULL},
    {"slide_words", MEMBER, "GET", "/s/" LIVE "/slides/{deck}/text", NULL, 403, NULL, "\"slides\"",
     NULL, NULL},
    {"slide_words", MEMBER, "GET", "/s/" REC "/slides/{deck}/text", NULL, 403, NULL, NULL, NULL,
     NULL},
    {"slide_picture", EVENT, "GET", "/s/" LIVE "/slides/{deck}/1-small.webp", NULL, 404, NULL,
     NULL, NULL, NULL},
    {"slide_picture", EVENT, "GET", "/s/" LIVE "/slides/{deck}/1-huge.webp", NULL, 404, NULL,
     NULL, NULL, NULL},
    {"slide_picture", MEMBER, "GET", "/s/" LIVE "/slides/{deck}/1-small.webp", NULL, 403, NULL,
     NULL, NULL, NULL},
    {"slide_picture", MEMBER, "GET", "/s/" REC "/slides/{deck}/1-small.webp", NULL, 403, NULL,
     NULL, NULL, NULL},
    {"desk_slides_remove", EVENT, "POST", "/desk/s/" REC "/slides/{deck}/remove", "", 404, NULL,
     NULL, NULL, NULL},
    {"desk_slides_remove", EVENT, "POST", "/desk/s/" LIVE "/slides/{deck}/remove", "", 303,
     "done=remove", NULL, NULL, NULL},
    {"desk_slides", EVENT, "GET", "/desk/s/" LIVE "/slides?done=remove", NULL, 200,
     "slides were removed", NULL, NULL, NULL},
    {"desk_attendance", EVENT, "GET", "/desk/s/" LIVE "/attendance", NULL, 200, "85", NULL, NULL,
     NULL},
    {"desk_attendance", EVENT, "GET", "/desk/s/none-such/attendance", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"desk_attendance_csv", EVENT, "GET", "/desk/s/" LIVE "/attendance.csv", NULL, 200,
     "organisation,kind,person", NULL, NULL, NULL},
    {"desk_attendance_json", EVENT, "GET", "/desk/s/" LIVE "/attendance.json", NULL, 200,
     "\"threshold_percent\":85", NULL, NULL, NULL},
    {"desk_attendance_fix", EVENT, "POST", "/desk/s/" LIVE "/attendance",
     "person=1&minutes=5&reason=", 303, "problem=fix", NULL, NULL, NULL},
    {"desk_attendance_fix", EVENT, "POST", "/desk/s/" LIVE "/attendance",
     "person=999999&minutes=5&reason=Shared+a+computer", 404, NULL, NULL, NULL, NULL},

    /* the limit says its number itself, in the reader's digits */
    FOUR_TALKS,
    FOUR_TALKS,
    FOUR_TALKS,
    FOUR_TALKS,
    TALK(409, "There are 16 files already."),
    {"desk_slides_add", EVENT, "POST", "/desk/s/" REC "/slides?lang=fa", FILE_BODY("%PDF-1.4 talk"),
     409, "۱۶", "{n}", UPLOAD, NULL},
};

const struct row_list live_rows = {rows, NELEM(rows)};
