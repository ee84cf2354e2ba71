/*
 * What an organiser makes and changes by hand: every form with what is wrong in it, conflicts,
 * refusals, and the whole way from an empty record to a personal link.
 */
#include "suite.h"

#include <string.h>

#define REC DEMO_RECORD_SLUG
#define LIVE DEMO_LIVE_SLUG
#define PROGRAMME "/desk/programmes/counter-trafficking-central-asia"

/* Numbers of the demonstration: organisation 1 is imo, lines 9 to 16 are the live agenda's. */
static const struct row rows[] = {
    {"desk_orgs", EVENT, "GET", "/desk/orgs", NULL, 200, "/desk/orgs/tdh", NULL, NULL, NULL},
    {"desk_org_new", EVENT, "GET", "/desk/orgs/new", NULL, 200, "name=\"name_tk\"", NULL, NULL,
     NULL},
    {"desk_org_new", EVENT, "GET", "/desk/orgs/new?from=tdh", NULL, 200, "TDH", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs", "slug=Bad+Slug&kind=ngo&name_en=X", 400,
     "href=\"#f-slug\"", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs", "kind=ngo&country=Atlantis&name_en=X", 400,
     "value=\"Atlantis\"", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs", "slug=law-clinic&kind=ngo&country=&name_en=", 400,
     "at least one language", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs", "slug=tdh&kind=ngo&country=TM&name_en=Other", 400,
     "is taken", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs", "slug=new&kind=ngo&name_en=Other", 400,
     "is taken", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs",
     "slug=&kind=ngo&country="
     "%D0%A2%D1%83%D1%80%D0%BA%D0%BC%D0%B5%D0%BD%D0%B8%D1%81%D1%82%D0%B0%D0%BD"
     "&name_en=Law+%3Cclinic%3E",
     303, "/desk/orgs/law-clinic?done=save", NULL, NULL, NULL},
    {"desk_org_add", EVENT, "POST", "/desk/orgs", "kind=ngo&name_en=Law+clinic", 303,
     "/desk/orgs/law-clinic-2?done=save", NULL, NULL, NULL},
    {"desk_org", EVENT, "GET", "/desk/orgs/law-clinic?done=save", NULL, 200, "Law &lt;clinic&gt;",
     "<clinic>", NULL, NULL},
    {"desk_org", EVENT, "GET", "/desk/orgs/law-clinic", NULL, 200, "value=\"Turkmenistan\"", NULL,
     NULL, NULL},
    {"desk_org", EVENT, "GET", "/desk/orgs/none-such", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_org_save", EVENT, "POST", "/desk/orgs/law-clinic",
     "kind=university+or+school&country=&name_en=Law+school&name_tk=Hukuk+mekdebi", 409,
     "Somebody else has changed this", NULL, NULL, NULL},
    {"desk_org_save", EVENT, "POST", "/desk/orgs/law-clinic",
     "mark={mark}&kind=university+or+school&country=&name_en=&name_tk=Hukuk+mekdebi", 400,
     "the original of the translations", NULL, NULL, NULL},
    {"desk_org_save", EVENT, "POST", "/desk/orgs/law-clinic",
     "mark={mark}&kind=university+or+school&country=&name_en=Law+school&name_tk=Hukuk+mekdebi", 303,
     "done=save", NULL, NULL, NULL},
    {"desk_orgs", EVENT, "GET", "/desk/orgs?lang=tk", NULL, 200, "Hukuk mekdebi", "Law school",
     NULL, NULL},
    {"desk_org_save", EVENT, "POST", "/desk/orgs/law-clinic",
     "mark={mark}&kind=ngo&country=&name_en=Law+school&name_tk=", 303, "done=save", NULL, NULL,
     NULL},
    {"desk_orgs", EVENT, "GET", "/desk/orgs?lang=tk", NULL, 200, "Law school", "Hukuk mekdebi",
     NULL, NULL},
    {"desk_org_ask", EVENT, "GET", "/desk/orgs/tdh/remove", NULL, 200, "cannot be deleted",
     "Yes, delete", NULL, NULL},
    {"desk_org_remove", EVENT, "POST", "/desk/orgs/tdh/remove", "", 409, "People who belong to it",
     NULL, NULL, NULL},
    {"desk_org_ask", EVENT, "GET", "/desk/orgs/law-clinic/remove", NULL, 200, "Yes, delete", NULL,
     NULL, NULL},
    {"desk_org_remove", EVENT, "POST", "/desk/orgs/law-clinic/remove", "", 303,
     "/desk/orgs?done=remove", NULL, NULL, NULL},
    {"desk_org", EVENT, "GET", "/desk/orgs/law-clinic", NULL, 404, NULL, NULL, NULL, NULL},

    {"desk_programmes", EVENT, "GET", "/desk/programmes", NULL, 200, PROGRAMME, NULL, NULL, NULL},
    {"desk_programme_new", EVENT, "GET", "/desk/programmes/new", NULL, 200, "name=\"convener\"",
     NULL, NULL, NULL},
    /* a copy begins with everything that the programme has */
    {"desk_programme_new", EVENT, "GET",
     "/desk/programmes/new?from=counter-trafficking-central-asia", NULL, 200, "KZ,KG,TJ,TM,UZ",
     NULL, NULL, NULL},
    {"desk_programme_new", EVENT, "GET",
     "/desk/programmes/new?from=counter-trafficking-central-asia", NULL, 200,
     "value=\"Strengthening the fight", NULL, NULL, NULL},
    {"desk_programme", EVENT, "GET", PROGRAMME, NULL, 200, "value=\"KZ,KG,TJ,TM,UZ\"", NULL, NULL,
     NULL},
    {"desk_programme_add", EVENT, "POST", "/desk/programmes",
     "title_ru=%D0%9C%D0%B8%D0%B3%D1%80%D0%B0%D1%86%D0%B8%D1%8F&from=2026-02-30&to=2025-01-01"
     "&region=Narnia&donor=nobody",
     400, "href=\"#f-from\"", NULL, NULL, NULL},
    {"desk_programme_add", EVENT, "POST", "/desk/programmes",
     "title_ru=%D0%9C%D0%B8%D0%B3%D1%80%D0%B0%D1%86%D0%B8%D1%8F&from=2026-02-01&to=2027-01-01"
     "&region=Kazakhstan,+%D0%A3%D0%B7%D0%B1%D0%B5%D0%BA%D0%B8%D1%81%D1%82%D0%B0%D0%BD&donor=mfa-no"
     "&convener=imo&partner=tdh&partner=orient",
     303, "/desk/programmes/migracia?done=save", NULL, NULL, NULL},
    {"desk_programme", EVENT, "GET", "/desk/programmes/migracia", NULL, 200, "value=\"KZ,UZ\"",
     NULL, NULL, NULL},
    {"desk_programme", EVENT, "GET", "/desk/programmes/migracia", NULL, 200,
     "value=\"orient\" checked", NULL, NULL, NULL},
    {"desk_org_ask", EVENT, "GET", "/desk/orgs/orient/remove", NULL, 200, "Programmes that name it",
     NULL, NULL, NULL},
    {"desk_programme_save", EVENT, "POST", "/desk/programmes/migracia",
     "mark={mark}&title_ru=Migraciya&title_en=Migration&from=&to=&region=&donor=&convener=", 303,
     "done=save", NULL, NULL, NULL},
    {"desk_programme_ask", EVENT, "GET", PROGRAMME "/remove", NULL, 200, "Seminars that name it",
     NULL, NULL, NULL},
    {"desk_programme_remove", EVENT, "POST", PROGRAMME "/remove", "", 409, "cannot be deleted",
     NULL, NULL, NULL},
    {"desk_programme_remove", EVENT, "POST", "/desk/programmes/migracia/remove", "", 303,
     "done=remove", NULL, NULL, NULL},

    {"desk_seminar_new", EVENT, "GET", "/desk/seminars/new", NULL, 200, "Ashgabat", NULL, NULL,
     NULL},
    {"desk_seminar_new", EVENT, "GET", "/desk/seminars/new?from=" LIVE, NULL, 200,
     "Invite the same people", NULL, NULL, NULL},
    {"desk_seminar_add", EVENT, "POST", "/desk/seminars",
     "title_en=Second&day=tomorrow&clock=10:00&zone=Asia/Ashgabat&minutes=0&lang=ru&floor=en", 400,
     "href=\"#f-minutes\"", NULL, NULL, NULL},
    {"desk_seminar_add", EVENT, "POST", "/desk/seminars",
     "title_en=Second+seminar&day=2027-05-03&clock=10:00&zone=Asia/Ashgabat&minutes=90&lang=ru"
     "&lang=en&floor=en&policy=https-only&programme=counter-trafficking-central-asia&from=" LIVE
     "&people=yes",
     303, "/desk/s/second-seminar?done=save", NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/second-seminar", NULL, 200, "Exchange of views", NULL,
     NULL, NULL},
    {"desk_people", EVENT, "GET", "/desk/s/second-seminar/people", NULL, 200, "desk@tdh.example",
     "has opened the room", NULL, NULL},
    {"desk_seminar_edit", EVENT, "GET", "/desk/s/second-seminar/edit", NULL, 200,
     "value=\"2027-05-03\"", NULL, NULL, NULL},
    {"desk_seminar_save", EVENT, "POST", "/desk/s/second-seminar/edit",
     "mark={mark}&title_en=Second+seminar&day=2027-05-04&clock=09:30&zone=Asia/Tashkent&minutes=90"
     "&lang=ru&lang=en&floor=en&policy=tcp-only&programme=counter-trafficking-central-asia",
     303, "done=save", NULL, NULL, NULL},
    {"seminar_ics", ANON, "GET", "/en/s/second-seminar/calendar.ics", NULL, 200,
     "DTSTART:20270504T043000Z", NULL, NULL, NULL},
    {"desk_seminar_ask", EVENT, "GET", "/desk/s/" REC "/remove", NULL, 200, "News items",
     "Yes, delete", NULL, NULL},
    {"desk_seminar_remove", EVENT, "POST", "/desk/s/" REC "/remove", "", 409, "Conclusions", NULL,
     NULL, NULL},
    {"desk_seminar_remove", EVENT, "POST", "/desk/s/second-seminar/remove", "", 303, "done=remove",
     NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/second-seminar", NULL, 404, NULL, NULL, NULL, NULL},

    {"desk_agenda", EVENT, "GET", "/desk/s/" LIVE "/agenda", NULL, 200, "/agenda/9/move", NULL,
     NULL, NULL},
    {"desk_item_new", EVENT, "GET", "/desk/s/" LIVE "/agenda/new", NULL, 200,
     "name=\"place\" value=\"9\"", NULL, NULL, NULL},
    {"desk_item_add", EVENT, "POST", "/desk/s/" LIVE "/agenda",
     "title_en=Coffee&kind=break&minutes=-1&place=40", 400, "href=\"#f-place\"", NULL, NULL, NULL},
    {"desk_item_add", EVENT, "POST", "/desk/s/" LIVE "/agenda",
     "title_en=Coffee&kind=break&minutes=15&place=2", 303, "/agenda?done=save", NULL, NULL, NULL},
    {"desk_item", EVENT, "GET", "/desk/s/" LIVE "/agenda/17", NULL, 200, "value=\"Coffee\"", NULL,
     NULL, NULL},
    {"desk_item", EVENT, "GET", "/desk/s/" LIVE "/agenda/17", NULL, 200, "/agenda/new?from=17",
     NULL, NULL, NULL},
    {"desk_item_new", EVENT, "GET", "/desk/s/" LIVE "/agenda/new?from=17", NULL, 200,
     "value=\"Coffee\"", "/remove", NULL, NULL},
    {"desk_item_new", EVENT, "GET", "/desk/s/" LIVE "/agenda/new?from=17", NULL, 200,
     "name=\"place\" value=\"10\"", NULL, NULL, NULL},
    {"desk_item_new", EVENT, "GET", "/desk/s/" LIVE "/agenda/new?from=99", NULL, 404, NULL, NULL,
     NULL, NULL},
    {"desk_item", EVENT, "GET", "/desk/s/" REC "/agenda/17", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_item_save", EVENT, "POST", "/desk/s/" LIVE "/agenda/17",
     "mark={mark}&title_en=Tea&kind=break&minutes=10&place=3", 303, "done=save", NULL, NULL, NULL},
    {"desk_item_move", EVENT, "POST", "/desk/s/" LIVE "/agenda/17/move", "to=1", 303, "done=move",
     NULL, NULL, NULL},
    {"desk_item_move", EVENT, "POST", "/desk/s/" LIVE "/agenda/17/move", "to=99", 400, NULL, NULL,
     NULL, NULL},
    {"desk_item_ask", EVENT, "GET", "/desk/s/" LIVE "/agenda/17/remove", NULL, 200, "Tea", NULL,
     NULL, NULL},
    {"desk_item_remove", EVENT, "POST", "/desk/s/" LIVE "/agenda/17/remove", "", 303, "done=remove",
     NULL, NULL, NULL},

    {"desk_quotas", EVENT, "GET", "/desk/s/" LIVE "/orgs", NULL, 200,
     "name=\"quota_3\" value=\"3\"", NULL, NULL, NULL},
    {"desk_quotas_save", EVENT, "POST", "/desk/s/" LIVE "/orgs",
     "mark={mark}&quota_3=4&quota_4=2&quota_8=10&quota_5=&quota_6=3&quota_7=3&quota_9=6", 400,
     "are invited", NULL, NULL, NULL},
    {"desk_quotas_save", EVENT, "POST", "/desk/s/" LIVE "/orgs",
     "mark={mark}&quota_3=4&quota_4=2&quota_8=10&quota_5=3&quota_6=3&quota_7=3&quota_9=6&org=mfa-no"
     "&quota=1",
     303, "done=save", NULL, NULL, NULL},
    {"desk_quotas", EVENT, "GET", "/desk/s/" LIVE "/orgs", NULL, 200,
     "name=\"quota_2\" value=\"1\"", NULL, NULL, NULL},

    {"desk_guest_new", EVENT, "GET", "/desk/s/" LIVE "/people/new", NULL, 200, "name=\"role\"",
     NULL, NULL, NULL},
    {"desk_guest_new", EVENT, "GET", "/desk/s/" LIVE "/people/new?from={id}", NULL, 200, "selected",
     NULL, NULL, NULL},
    {"desk_guest_add", EVENT, "POST", "/desk/s/" LIVE "/people",
     "org=&name=&function=&email=not+mail&lang=ru&sex=0&age=0&country=&role=participant", 400,
     "href=\"#f-email\"", NULL, NULL, NULL},
    {"desk_guest_add", EVENT, "POST", "/desk/s/" LIVE "/people",
     "org=tdh&name=Maral&function=&email=&lang=tk&sex=0&age=0&country=&role=participant", 303,
     "/people?done=add", NULL, NULL, NULL},
    {"desk_people", EVENT, "GET", "/desk/s/" LIVE "/people", NULL, 200, "Maral", NULL, NULL, NULL},
    {"desk_guest", EVENT, "GET", "/desk/i/{id}", NULL, 200, "Personal link", NULL, NULL, NULL},
    {"desk_guest", EVENT, "GET", "/desk/i/99999", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_guest_save", EVENT, "POST", "/desk/i/{id}",
     "mark={mark}&org=partners&name=Jeren&function=Adviser&email=hotline@partner-ngo.example"
     "&lang=ru"
     "&sex=1&age=3&country=TM&role=observer",
     303, "done=save", NULL, NULL, NULL},
    {"desk_guest", EVENT, "GET", "/desk/i/{id}", NULL, 200, "value=\"Jeren\"", NULL, NULL, NULL},
    {"desk_guest_save", EVENT, "POST", "/desk/i/{id}",
     "mark={mark}&org=tdh&name=Jeren&function=&email=DESK@tdh.example&lang=ru&sex=1&age=3&country="
     "&role=observer",
     400, "has this address already", NULL, NULL, NULL},
    {"desk_guest_save", EVENT, "POST", "/desk/i/{id}",
     "mark=0&org=partners&name=Typed&function=&email=&lang=ru&sex=0&age=0&country=&role=observer",
     409, "value=\"Typed\"", NULL, NULL, NULL},
    {"desk_guest_reply", EVENT, "POST", "/desk/i/{id}/reply",
     "generation={generation}&reply=accepted&note=By+phone", 303,
     "done=reply", NULL, NULL, NULL},
    {"desk_guest_reply", EVENT, "POST", "/desk/i/{id}/reply",
     "generation={generation}&reply=sings", 303, "problem=reply",
     NULL, NULL, NULL},
    {"desk_persons", EVENT, "GET", "/desk/people", NULL, 200, "Jeren", NULL, NULL, NULL},
    {"desk_person", EVENT, "GET", "/desk/people/6", NULL, 200, "desk@tdh.example", NULL, NULL,
     NULL},
    {"desk_person_save", EVENT, "POST", "/desk/people/6",
     "mark={mark}&org=tdh&name=Aman&function=Editor&email=desk@tdh.example&lang=tk&sex=0&age=0"
     "&country=",
     303, "done=save", NULL, NULL, NULL},
    {"desk_person_data", EVENT, "GET", "/desk/people/6/data.json", NULL, 200,
     "\"sex\": \"not stated\"", NULL, NULL, NULL},
    {"desk_person_ask", EVENT, "GET", "/desk/people/6/remove", NULL, 200, "Yes, delete", NULL, NULL,
     NULL},
    {"desk_erase_ask", EVENT, "GET", "/desk/people/6/erase", NULL, 200, "Yes, erase", NULL, NULL,
     NULL},
    {"desk_erase", EVENT, "POST", "/desk/people/6/erase", "was={was}", 303, "done=erase", NULL,
     NULL, NULL},
    {"desk_person", EVENT, "GET", "/desk/people/6", NULL, 200, "(erased)", "desk@tdh.example", NULL,
     NULL},
    {"desk_person_save", EVENT, "POST", "/desk/people/6",
     "mark={mark}&org=tdh&name=Back&function=&email=&lang=tk&sex=0&age=0&country=", 409,
     "cannot be changed any more", NULL, NULL, NULL},
    {"desk_person_remove", EVENT, "POST", "/desk/people/7/remove", "was={was}", 303, "done=remove",
     NULL, NULL, NULL},
    {"invitation_data", ANON, "GET", "/i/{link}/data.json", NULL, 200, "\"name\": \"Jeren\"", NULL,
     NULL, NULL},
    {"invitation_data", ANON, "GET", "/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAA/data.json", NULL, 404, NULL,
     NULL, NULL, NULL},

    {"desk_texts", EDITOR, "GET", "/desk/texts/" REC, NULL, 200, "Line of the agenda", NULL,
     NULL, NULL},
    {"desk_text", EDITOR, "GET", "/desk/text/1", NULL, 200, "from a file", NULL, NULL, NULL},
    {"desk_text", EVENT, "GET", "/desk/text/99999", NULL, 404, NULL, NULL, NULL, NULL},
    {"desk_version", EVENT, "GET", "/desk/text/1/ru", NULL, 200, "The original", "I have checked",
     NULL, NULL},
    {"desk_version_save", EVENT, "POST", "/desk/text/1/en", "mark={mark}&body=Another+name", 303,
     "/desk/text/1?done=save", NULL, NULL, NULL},
    {"desk_text", EVENT, "GET", "/desk/text/1", NULL, 200, "older than the original", NULL, NULL,
     NULL},
    {"desk_version", EDITOR, "GET", "/desk/text/1/ru", NULL, 200, "has changed since", NULL, NULL,
     NULL},
    {"desk_version_save", EVENT, "POST", "/desk/text/1/en", "mark={mark}&body=", 409,
     "the original of the translations", NULL, NULL, NULL},
    {"desk_version_save", EVENT, "POST", "/desk/text/1/ru", "mark=x&body=Mine", 409,
     ">Mine</textarea>", NULL, NULL, NULL},
    {"desk_version_save", EVENT, "POST", "/desk/text/1/uz-Cyrl", "mark={mark}&body=New", 303,
     "done=save", NULL, NULL, NULL},
    {"desk_version_review", EDITOR, "POST", "/desk/text/1/uz-Cyrl/review", "revision=1", 303,
     "done=review", NULL, NULL, NULL},
    {"desk_version_review", EDITOR, "POST", "/desk/text/1/uz-Cyrl/review", "revision=7", 409,
     "Somebody else", NULL, NULL, NULL},
    {"desk_text", EVENT, "GET", "/desk/text/1", NULL, 200, "editor", NULL, NULL, NULL},
    {"desk_version_save", EVENT, "POST", "/desk/text/1/uz-Cyrl", "mark={mark}&body=", 303,
     "done=save", NULL, NULL, NULL},

    {"desk_list", EVENT, "POST", "/desk/s/" LIVE "/import",
     FILE_BODY("organisation;role;e-mail\r\n"
               "State News Agency;participant;new@tdh.example\r\n"),
     200, "Names that we completed", "new@tdh.example</td>", UPLOAD, NULL},
    {"desk_people", EVENT, "GET", "/desk/s/" LIVE "/people", NULL, 200, "Personal link",
     "new@tdh.example", NULL, NULL},
    {"desk_list_take", EVENT, "POST", "/desk/s/" LIVE "/import/take",
     FILE_BODY("organisation;role;e-mail\r\n"
               "State News Agency;participant;new@tdh.example\r\n"),
     200, "was not confirmed", NULL, UPLOAD, NULL},
    {"desk_list_take", EVENT, "POST", "/desk/s/" LIVE "/import/take",
     FILE_BODY("organisation\te-mail\r\ntdh\ttabs@tdh.example\r\n"), 200, "1 new", NULL, UPLOAD,
     NULL},
    {"desk_list_take", EVENT, "POST", "/desk/s/" LIVE "/import/take",
     FILE_BODY("organisation\te-mail\r\ntdh\ttabs@tdh.example\r\n"), 200, "0 new", NULL, UPLOAD,
     NULL},
    {"desk_import_take", EVENT, "POST", "/desk/import/take", FILE_BODY("{}"), 400,
     "Nothing was imported", NULL, UPLOAD, NULL},

    {"privacy", ANON, "GET", "/en/privacy", NULL, 200, "730 days", NULL, NULL, NULL},
    {"privacy", ANON, "GET", "/fa/privacy", NULL, 200, "dir=\"rtl\"", NULL, NULL, NULL},
    {"privacy", ANON, "GET", "/zz/privacy", NULL, 404, NULL, NULL, NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/" LIVE "?zone=Europe/Oslo", NULL, 200, "(Oslo)", NULL,
     NULL, NULL},
    {"seminar_show", ANON, "GET", "/en/s/" LIVE "?zone=Mars/%3Cb%3E", NULL, 200, "Ashgabat",
     "<b>Mars", NULL, NULL},
    {"desk_account", CASE, "GET", "/desk/account", NULL, 200, "this browser", NULL, NULL, NULL},
    {"desk_account_save", EDITOR, "POST", "/desk/account", "mark={mark}&name=Ejegul&lang=en", 303,
     "done=save", NULL, NULL, NULL},
    {"desk_account_save", EDITOR, "POST", "/desk/account", "mark={mark}&name=&lang=en", 400,
     "href=\"#f-name\"", NULL, NULL, NULL},
    {"desk_password", EDITOR, "POST", "/desk/account/password",
     "old=wrong&new=another+long+one&again=another+long+one", 400, "not the present password",
     "another long one", NULL, NULL},
    {"desk_password", EDITOR, "POST", "/desk/account/password",
     "old=a+long+password&new=another+long+one&again=another", 400, "are not the same", NULL, NULL,
     NULL},
    {"desk_password", EDITOR, "POST", "/desk/account/password",
     "old=a+long+password&new=short&again=short", 400, "at least 10 signs", NULL, NULL, NULL},
    {"desk_accounts", SYSTEM, "GET", "/desk/accounts", NULL, 200, "case worker", NULL, NULL, NULL},
    {"desk_account_new", SYSTEM, "GET", "/desk/accounts/new", NULL, 200, "value=\"system\"", NULL,
     NULL, NULL},
    {"desk_account_add", SYSTEM, "POST", "/desk/accounts",
     "login=event&name=Again&lang=en&right=event&new=a+long+password&again=a+long+password", 409,
     "is taken", NULL, NULL, NULL},
    {"desk_account_add", SYSTEM, "POST", "/desk/accounts",
     "login=new&name=New&lang=en&right=event&new=short&again=short", 400, "at least 10 signs", NULL,
     NULL, NULL},
    {"desk_account_add", SYSTEM, "POST", "/desk/accounts",
     "login=new&name=New&lang=en&right=event&right=editor&new=a+long+password"
     "&again=a+long+password",
     303, "done=add", NULL, NULL, NULL},
    {"desk_account_of", SYSTEM, "GET", "/desk/accounts/6", NULL, 200, "value=\"editor\" checked",
     NULL, NULL, NULL},
    {"desk_rights", SYSTEM, "POST", "/desk/accounts/6", "mark={mark}&name=New&lang=ru&right=editor",
     303, "done=save", NULL, NULL, NULL},
    {"desk_reset", SYSTEM, "POST", "/desk/accounts/6/password",
     "new=another+password&again=another+password", 303, "done=password", NULL, NULL, NULL},
    {"desk_account_ask", SYSTEM, "GET", "/desk/accounts/6/close", NULL, 200, "Yes, close", NULL,
     NULL, NULL},
    {"desk_account_close", SYSTEM, "POST", "/desk/accounts/6/close", "", 303, "done=close", NULL,
     NULL, NULL},
    {"desk_account_close", SYSTEM, "POST", "/desk/accounts/5/close", "", 409, "last account", NULL,
     NULL, NULL},
    {"desk_session_end", EVENT, "POST", "/desk/sessions/99999/end", "", 303, "done=session", NULL,
     NULL, NULL},
    {"desk_password", EDITOR, "POST", "/desk/account/password",
     "old=a+long+password&new=another+long+one&again=another+long+one", 303, "done=password", NULL,
     NULL, NULL},
    {"desk_account", EDITOR, "GET", "/desk/account", NULL, 401, NULL, NULL, NULL, NULL},
};

const struct row_list convene_rows = {rows, NELEM(rows)};

/* A post to this address with the mark that its form carries at this moment. */
static struct ask marked(struct world *w, const char *url, const char *body)
{
    struct ask ask = {.method = "GET", .url = url, .user = EVENT};
    str page = run(w, &ask).body;
    ptrdiff_t at = str_find(page, S("name=\"mark\" value=\""));

    assert_true(at > 0);
    page = str_cut(str_from(page, (size_t)at + 19), '"').head;
    ask.method = "POST";
    ask.body = arena_cstr(w->a, arena_printf(w->a, "mark=%.*s&body=%s", STR(page), body));
    return ask;
}

/* A translation whose source has changed since its form was opened is not taken for one of now. */
static void of_its_source(void **state)
{
    struct world *w = *state;
    struct ask translation, source;

    rows_rest(w);
    translation = marked(w, "/desk/text/1/ru", "Mine");
    source = marked(w, "/desk/text/1/en", "Newer");
    assert_int_equal(run(w, &source).status, 303);
    assert_int_equal(run(w, &translation).status, 409);
}

static void by_hand(void **state)
{
    /* Forty rows, then a rest: nobody asks a hundred times in a second. */
    for (size_t i = 0; i < NELEM(rows); i += 40) {
        size_t left = NELEM(rows) - i;
        const struct row_list part = {rows + i, left < 40 ? left : 40};

        rows_rest(*state);
        rows_play(*state, &part);
    }
}

int convene_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(of_its_source),
    };

    return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
