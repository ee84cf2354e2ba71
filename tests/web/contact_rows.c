/*
 * The register of contacts over HTTP: what readers see and do not see, the worklist, and the exit.
 */
#include "suite.h"

#define GOOD                                                                                       \
    "slug=new-line&name_en=New+%3Cb%3Eline&service_en=Advice&answers=2&country=TM&serves=TM,TR&"   \
    "phone=%2B44+1632+960055&hours=24%2F7&zone=Asia%2FAshgabat&source=https%3A%2F%2Fx.example%2F"

static const struct row rows[] = {
    {"contact_list", ANON, "GET", "/en/contacts", NULL, 200, "href=\"tel:+441632960011\"",
     "sample-old-line", NULL, NULL},
    {"contact_list", ANON, "GET", "/ru/contacts?country=UZ", NULL, 200, "Круглосуточно", "960011",
     NULL, NULL},
    {"contact_list", ANON, "GET", "/en/contacts?country=%3Cx%3E", NULL, 200, "Any country", "<x>",
     NULL, NULL},
    {"contact_list", ANON, "GET", "/qq/contacts", NULL, 404, NULL, NULL, NULL, NULL},
    {"contact_list", ANON, "GET", "/en/contacts", NULL, 200, "href=\"/en/exit\"", "ld+json", NULL,
     NULL},
    {"contact_show", ANON, "GET", "/en/contacts/sample-shelter", NULL, 200, "more than 90 days",
     NULL, NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/sample-old-line", NULL, 404, NULL, NULL, NULL,
     NULL},
    {"contact_json", ANON, "GET", "/contacts.json?lang=tk", NULL, 200,
     "\"assured_date\":", "sample-old-line", NULL, NULL},
    {"contact_json", ANON, "GET", "/contacts.json?lang=ru", NULL, 200,
     "\"eligibility_description\":\"Женщинам", NULL, NULL, NULL},
    {"contact_json", ANON, "GET", "/contacts.json?lang=en", NULL, 200,
     "-access\",\"description\":\"A way without steps", NULL, NULL, NULL},
    {"contact_csv", ANON, "GET", "/contacts.csv", NULL, 200,
     "\"free\",\"international\",\"Women, and children", NULL, NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/sample-shelter", NULL, 200,
     "<dt>For whom</dt><dd>Women", NULL, NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/sample-advice-line", NULL, 200, "<dt>Cost</dt>",
     "For whom", NULL, NULL},
    {"contact_csv", ANON, "GET", "/contacts.csv", NULL, 200, "\"+44 1632 960011\"",
     "sample-old-line", NULL, NULL},
    {"exit", ANON, "GET", "/en/exit", NULL, 303, "/en/calendar", NULL, NULL, NULL},
    {"calendar", ANON, "GET", "/tk/calendar", NULL, 200, "Senenama", "Kengesh", NULL, NULL},

    {"desk_contacts", EDITOR, "GET", "/desk/contacts", NULL, 200, "hidden from readers", NULL, NULL,
     NULL},
    {"desk_contact_add", EDITOR, "POST", "/desk/contacts", "slug=x&name_en=Keep+this&csrf={csrf}",
     400, "Keep this", NULL, NULL, NULL},
    {"desk_contact_add", EDITOR, "POST", "/desk/contacts", GOOD, 303,
     "/desk/contacts/new-line?done=saved", NULL, NULL, NULL},
    {"desk_contact_add", EDITOR, "POST", "/desk/contacts", GOOD, 409, "New &lt;b&gt;line", NULL,
     NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/new-line", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_contact", EDITOR, "GET", "/desk/contacts/new-line", NULL, 200, "never tried", NULL, NULL,
     NULL},
    {"desk_contact_try", EDITOR, "POST", "/desk/contacts/new-line/try", "result=perhaps", 400, NULL,
     NULL, NULL, NULL},
    {"desk_contact_try", EDITOR, "POST", "/desk/contacts/new-line/try", "result=answered", 303,
     "done=tried", NULL, NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/new-line", NULL, 200, "New &lt;b&gt;line",
     "<b>line", NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/new-line", NULL, 200,
     "\"@context\":\"https://schema.org\"", "<b>line", NULL, NULL},
    {"desk_contact_save", EDITOR, "POST", "/desk/contacts/new-line", GOOD "&revision=1", 409,
     "Somebody else", NULL, NULL, NULL},
    {"desk_contact_save", EDITOR, "POST", "/desk/contacts/new-line",
     GOOD "&revision=2&eligible_en=Only+%3Cb%3E&eligible_ru=%D0%92%D1%81%D0%B5%D0%BC"
          "&access_en=A+ramp",
     303, "done=saved", NULL, NULL, NULL},
    {"desk_contact", EDITOR, "GET", "/desk/contacts/new-line", NULL, 200, ">Only &lt;b&gt;</text",
     "Only <b>", NULL, NULL},
    /* what is not in the form stays, what is empty goes */
    {"desk_contact_save", EDITOR, "POST", "/desk/contacts/new-line", GOOD "&revision=3", 303,
     "done=saved", NULL, NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/new-line", NULL, 200, "A ramp", "<b>", NULL, NULL},
    {"desk_contact_save", EDITOR, "POST", "/desk/contacts/new-line",
     GOOD "&revision=4&eligible_en=&eligible_ru=%D0%92%D1%81%D0%B5%D0%BC&access_en=", 303,
     "done=saved", NULL, NULL, NULL},
    {"contact_show", ANON, "GET", "/en/contacts/new-line", NULL, 200,
     "<dd lang=\"ru\" dir=\"auto\">Всем</dd>", "A ramp", NULL, NULL},
    {"desk_contact_remove", EDITOR, "POST", "/desk/contacts/new-line/remove", "", 303,
     "done=removed", NULL, NULL, NULL},
    {"desk_contact", EDITOR, "GET", "/desk/contacts/new-line", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list contact_rows = {rows, NELEM(rows)};
