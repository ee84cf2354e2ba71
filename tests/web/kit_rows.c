/*
 * Media kits over HTTP: what anybody may take, what waits for its moment, what nobody has cleared.
 */
#include "suite.h"

#define FIELD(name, text) PART(name) "\r\n\r\n" text "\r\n"
#define KIT_BODY(kind, credit, words)                                                              \
    FIELD("csrf", "{csrf}")                                                                        \
    FIELD("kind", kind) FIELD("credit", credit) FIELD("text_en", words) "--xyz--\r\n"
#define KIT_FILE(name, bytes)                                                                      \
    FIELD("csrf", "{csrf}")                                                                        \
    FIELD("kind", "5")                                                                             \
    FIELD("credit", "Us") FIELD("text_en", "Logo")                                                 \
        PART("file") "; filename=\"" name "\"\r\n\r\n" bytes "\r\n--xyz--\r\n"

#define CLIP_FILE(credit, words, bytes)                                                            \
    FIELD("csrf", "{csrf}")                                                                        \
    FIELD("filmed", credit)                                                                        \
    FIELD("seen_en", words) PART("file") "; filename=\"VID_1.mp4\"\r\n\r\n" bytes "\r\n--xyz--\r\n"
#define FTYP "0000ftypisom"

static const struct row rows[] = {
    /* media kit: open */
    {"kit_list", ANON, "GET", "/en/kit", NULL, 200, "/en/kit/media-and-ngos-2020", "<script", NULL,
     NULL},
    {"kit_list", ANON, "GET", "/qq/kit", NULL, 404, NULL, NULL, NULL, NULL},
    {"kit_show", ANON, "GET", "/ru/kit/media-and-ngos-2020", NULL, 200, "Норвегии", "<script", NULL,
     NULL},
    {"kit_show", ANON, "GET", "/fa/kit/media-and-ngos-2020", NULL, 200, "dir=\"rtl\"",
     "Contacts for the media", NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/media-and-ngos-2020", NULL, 200,
     "<blockquote><p>Cooperation of mass media", "not cleared", NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/media-and-ngos-2020", NULL, 200,
     "<img src=\"/en/kit/media-and-ngos-2020/6/road.png\"", NULL, NULL, NULL},
    {"kit_file", ANON, "GET", "/en/kit/media-and-ngos-2020/6/road.png", NULL, 200, "PNG", NULL,
     NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/none", NULL, 404, NULL, NULL, NULL, NULL},
    {"kit_zip", ANON, "GET", "/en/kit/media-and-ngos-2020/kit.zip", NULL, 200, "PK\3\4", NULL, NULL,
     NULL},
    {"kit_zip", ANON, "GET", "/tk/kit/media-and-ngos-2020/kit.zip", NULL, 200,
     "media-and-ngos-2020-tk.txt", "media-and-ngos-2020-fa.txt", NULL, NULL},
    {"kit_zip", ANON, "GET", "/en/kit/none/kit.zip", NULL, 404, NULL, NULL, NULL, NULL},
    {"kit_file", ANON, "GET", "/en/kit/media-and-ngos-2020/1/logo.png", NULL, 404, NULL, NULL, NULL,
     NULL},

    /* a film clip, with its player; it and the zip are read as they go out */
    {"kit_show", ANON, "GET", "/en/kit/films", NULL, 200,
     "<video controls preload=\"none\" src=\"/en/kit/films/8/clip.mp4\""
     " poster=\"/en/kit/films/8/still.jpg\" width=\"640\" height=\"360\"",
     "autoplay", NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/films", NULL, 200, "clip.mp4</bdi> (2 s, ", "<script", NULL,
     NULL},
    {"kit_show", ANON, "GET", "/fa/kit/films", NULL, 200, "A &lt;road&gt;", "<road>", NULL, NULL},
    {"kit_file", ANON, "GET", "/en/kit/films/8/clip.mp4", NULL, 200, "abcdefgh", NULL, NULL, NULL},
    {"kit_file", ANON, "GET", "/en/kit/films/8/still.jpg", NULL, 200, "still", NULL, NULL, NULL},
    {"kit_file", ANON, "GET", "/en/kit/films/8/clip.webm", NULL, 404, NULL, NULL, NULL, NULL},
    {"kit_zip", ANON, "GET", "/en/kit/films/kit.zip", NULL, 200, "files/8-clip.mp4", NULL, NULL,
     NULL},
    {"desk_kit", EDITOR, "GET", "/desk/kits/films", NULL, 200,
     "src=\"/desk/kits/films/8/clip.mp4\"", "A <road>", NULL, NULL},
    {"desk_kit_file", EDITOR, "GET", "/desk/kits/films/8/clip.mp4", NULL, 200, "abcdefgh", NULL,
     NULL, NULL},

    /* media kit: made at the desk, under embargo until 2099 */
    {"desk_kits", EDITOR, "GET", "/desk/kits", NULL, 200, "/desk/kits/media-and-ngos-2020", NULL,
     NULL, NULL},
    {"desk_kit_add", EDITOR, "POST", "/desk/kits", "slug=Not+One&title_en=Keep+%3Cb%3E", 400,
     "Keep &lt;b&gt;", NULL, NULL, NULL},
    {"desk_kit_add", EDITOR, "POST", "/desk/kits", "slug=secret&title_en=Secret+%3Cb%3E+kit", 303,
     "/desk/kits/secret", NULL, NULL, NULL},
    {"desk_kit", EDITOR, "GET", "/desk/kits/secret", NULL, 200, "being made", "<b> kit", NULL,
     NULL},
    {"kit_show", ANON, "GET", "/en/kit/secret", NULL, 404, NULL, "Secret", NULL, NULL},
    /* nothing need be said about it; one without a name is none; what was said can be unsaid */
    {"desk_kit_save", EDITOR, "POST", "/desk/kits/secret", "title_en=Secret+kit&lead_en=", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_kit_save", EDITOR, "POST", "/desk/kits/secret", "title_ru=&lead_en=", 400,
     "needs a short name and a title", NULL, NULL, NULL},
    {"desk_kit_save", EDITOR, "POST", "/desk/kits/secret",
     "title_en=Secret+kit&title_ru=%D0%A2%D0%B0%D0%B9%D0%BD%D1%8B%D0%B9&lead_en=What+it+is", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_kit_save", EDITOR, "POST", "/desk/kits/secret", "title_en=&title_ru=X&lead_en=Other",
     409, "was begun in cannot be emptied", NULL, NULL, NULL},
    {"desk_kit", EDITOR, "GET", "/desk/kits/secret", NULL, 200, ">Тайный</textarea>", "Other",
     NULL, NULL},
    {"desk_kit_save", EDITOR, "POST", "/desk/kits/secret", "title_en=Secret+kit&title_ru=", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_kit", EDITOR, "GET", "/desk/kits/secret", NULL, 200, "What it is", "Тайный", NULL,
     NULL},
    {"desk_kit_state", EDITOR, "POST", "/desk/kits/secret/state",
     "shown=1&day=2099-13-01&revision=1", 400, "Nothing was", NULL, NULL, NULL},
    {"desk_kit_state", EDITOR, "POST", "/desk/kits/secret/state",
     "shown=1&day=2099-12-01&clock=09:30&revision=1", 303, "done=saved", NULL, NULL, NULL},
    {"desk_kit_state", EDITOR, "POST", "/desk/kits/secret/state", "shown=1&revision=1", 409,
     "Somebody else", NULL, NULL, NULL},
    {"desk_kit", EDITOR, "GET", "/desk/kits/secret", NULL, 200,
     "Embargo until 1 December 2099 at 09:30", NULL, NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/secret", NULL, 404, NULL, "Secret", NULL, NULL},
    {"kit_show", EDITOR, "GET", "/en/kit/secret", NULL, 404, NULL, "Secret", NULL, NULL},
    {"kit_list", ANON, "GET", "/en/kit", NULL, 200, "media-and-ngos", "secret", NULL, NULL},
    {"sitemap", ANON, "GET", "/sitemap.xml", NULL, 200,
     "<loc>http://localhost:8080/ru/kit/media-and-ngos-2020</loc>", "secret", NULL, NULL},
    {"home", ANON, "GET", "/en", NULL, 200, "href=\"/en/kit\"", "secret", NULL, NULL},
    /* a quotation and a logo, seen by nobody before somebody has agreed */
    {"desk_kit_item_add", EDITOR, "POST", "/desk/kits/secret/items", KIT_BODY("3", "", "Words"),
     400, "Nothing was", NULL, UPLOAD, NULL},
    {"desk_kit_item_add", EDITOR, "POST", "/desk/kits/secret/items",
     KIT_BODY("3", "A. Speaker", "Words &lt;said"), 303, "done=saved", NULL, UPLOAD, NULL},
    {"desk_kit_item_add", EDITOR, "POST", "/desk/kits/secret/items", KIT_FILE("logo.png", "GIF89a"),
     415, "no whole PNG", NULL, UPLOAD, NULL},
    /* a clip waits until it is clean, and for a consent */
    {"desk_clip_add", EDITOR, "POST", "/desk/kits/secret/clips",
     CLIP_FILE("Us", "A &lt;road", "GIF89a"), 415, "neither MP4", NULL, UPLOAD, NULL},
    {"desk_clip_add", EDITOR, "POST", "/desk/kits/secret/clips", CLIP_FILE("", "A road", FTYP), 400,
     "A clip needs", NULL, UPLOAD, NULL},
    {"desk_clip_add", EDITOR, "POST", "/desk/kits/secret/clips", CLIP_FILE("Us", "", FTYP), 400,
     "A clip needs", NULL, UPLOAD, NULL},
    {"desk_clip_add", EDITOR, "POST", "/desk/kits/none/clips", CLIP_FILE("Us", "A road", FTYP), 404,
     NULL, NULL, UPLOAD, NULL},
    {"desk_clip_add", EDITOR, "POST", "/desk/kits/secret/clips", CLIP_FILE("Us", "A road", FTYP),
     303, "done=saved", NULL, UPLOAD, NULL},
    {"desk_kit", EDITOR, "GET", "/desk/kits/secret", NULL, 200, "is being cleaned", "<video", NULL,
     NULL},
    {"desk_kit_item_clear", EDITOR, "POST", "/desk/kits/secret/items/10/clear", "by=Us", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_kit_file", EDITOR, "GET", "/desk/kits/secret/10/clip.mp4", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"desk_kit_link_add", EDITOR, "POST", "/desk/kits/secret/links", "person=", 400, "Nothing was",
     NULL, NULL, NULL},
    {"desk_kit_link_add", EDITOR, "POST", "/desk/kits/secret/links", "person=N.+Reporter", 303,
     "done=saved", NULL, NULL, NULL},
    {"kit_link_show", ANON, "GET", "/k/{kit}", NULL, 200, "Embargo until", "A road", NULL, NULL},
    {"kit_link_file", ANON, "GET", "/k/{kit}/10/clip.mp4", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_kit_item_remove", EDITOR, "POST", "/desk/kits/secret/items/10/remove", "", 303,
     "done=saved", NULL, NULL, NULL},
    {"kit_link_show", ANON, "GET", "/k/{kit}", NULL, 200, "Embargo until", "Words", NULL, NULL},
    {"desk_kit_item_clear", EDITOR, "POST", "/desk/kits/secret/items/9/clear", "by=", 400,
     "Nothing was", NULL, NULL, NULL},
    {"desk_kit_item_clear", EDITOR, "POST", "/desk/kits/secret/items/9/clear", "by=A.+Speaker", 303,
     "done=saved", NULL, NULL, NULL},
    {"kit_link_show", ANON, "GET", "/k/{kit}", NULL, 200, "Cleared for use by A. Speaker", NULL,
     NULL, NULL},
    {"desk_kit_item_save", EDITOR, "POST", "/desk/kits/secret/items/9", "text_en=Other+words", 303,
     "done=saved", NULL, NULL, NULL},
    {"kit_link_show", ANON, "GET", "/k/{kit}", NULL, 200, "Embargo until", "Other words", NULL,
     NULL},
    {"desk_kit_item_clear", EDITOR, "POST", "/desk/kits/media-and-ngos-2020/items/9/clear", "by=A",
     404, NULL, NULL, NULL, NULL},
    {"kit_zip", ANON, "GET", "/en/kit/secret/kit.zip", NULL, 404, NULL, "PK", NULL, NULL},
    {"kit_link_zip", ANON, "GET", "/k/{kit}/kit.zip", NULL, 200, "secret-en.txt", NULL, NULL, NULL},
    {"kit_link_file", ANON, "GET", "/k/{kit}/1/logo.png", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_kit_file", EDITOR, "GET", "/desk/kits/secret/1/logo.png", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"kit_link_show", ANON, "GET", "/k/0123456789abcdef0123456789abcdef", NULL, 404, NULL, NULL,
     NULL, NULL},
    {"desk_kit_link_close", EDITOR, "POST", "/desk/kits/secret/links/{kitlink}/close", "",
     303, "done=saved", NULL, NULL, NULL},
    {"desk_kit_link_close", EDITOR, "POST", "/desk/kits/secret/links/{kitlink}/close", "",
     404, NULL, NULL, NULL, NULL},
    {"kit_link_show", ANON, "GET", "/k/{kit}", NULL, 410, NULL, "Secret", NULL, NULL},
    {"desk_kit_item_remove", EDITOR, "POST", "/desk/kits/secret/items/9/remove", "", 303,
     "done=saved", NULL, NULL, NULL},
    {"desk_kit_state", EDITOR, "POST", "/desk/kits/secret/state",
     "shown=1&day=2020-01-01&revision=2", 303, "done=saved", NULL, NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/secret", NULL, 200, "Secret kit", "Embargo", NULL, NULL},
    {"sitemap", ANON, "GET", "/sitemap.xml", NULL, 200,
     "<loc>http://localhost:8080/en/kit/secret</loc>", NULL, NULL, NULL},
    {"desk_kit_remove", EDITOR, "POST", "/desk/kits/secret/remove", "", 303, "/desk/kits", NULL,
     NULL, NULL},
    {"kit_show", ANON, "GET", "/en/kit/secret", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list kit_rows = {rows, NELEM(rows)};
