/*
 * Every page of the site. Read a row as: who may ask for this address, and which function answers.
 *
 *   name      the slice's word: handler, template, texts and test row are called the same
 *   right     PUBLIC anybody, MEMBER by a personal link, STAFF any account, EVENT / EDITOR / SYSTEM
 *             accounts with that right
 *   flags     READER no cookie, no script, cacheable; COUNT its views are counted; UPLOAD a file or
 *             an article may come, DECK_FILE slides or a film; ASYNC answers after other threads
 *             have worked; SCRIPT, UPGRADE the room
 *   show/act  a GET only shows. A POST acts on the store thread, then shows after the commit; a
 *             POST without act changes nothing (preview) or acts later (sign-in)
 *
 * The room's own addresses (WHIP, WHEP) are in live's table.
 */
#include "web/routes.h"

#include "base/types.h"
#include "domain/right.h"
#include "web/page_account.h"
#include "web/page_accounts.h"
#include "web/page_agenda.h"
#include "web/page_attendance.h"
#include "web/page_board.h"
#include "web/page_certificates.h"
#include "web/page_check.h"
#include "web/page_clip.h"
#include "web/page_conclusion.h"
#include "web/page_contact.h"
#include "web/page_contact_desk.h"
#include "web/page_debug.h"
#include "web/page_desk.h"
#include "web/page_desk_seminar.h"
#include "web/page_edit.h"
#include "web/page_feed.h"
#include "web/page_guest.h"
#include "web/page_guide.h"
#include "web/page_guide_desk.h"
#include "web/page_home.h"
#include "web/page_import.h"
#include "web/page_invitation.h"
#include "web/page_kit.h"
#include "web/page_kit_desk.h"
#include "web/page_legal.h"
#include "web/page_merge.h"
#include "web/page_mine.h"
#include "web/page_news.h"
#include "web/page_offer.h"
#include "web/page_org.h"
#include "web/page_pack.h"
#include "web/page_people.h"
#include "web/page_person.h"
#include "web/page_person_data.h"
#include "web/page_picture.h"
#include "web/page_plain.h"
#include "web/page_print.h"
#include "web/page_privacy.h"
#include "web/page_programme.h"
#include "web/page_question.h"
#include "web/page_quiz.h"
#include "web/page_quota.h"
#include "web/page_report.h"
#include "web/page_room.h"
#include "web/page_safety.h"
#include "web/page_search.h"
#include "web/page_seminar.h"
#include "web/page_seminar_form.h"
#include "web/page_sign.h"
#include "web/page_sitemap.h"
#include "web/page_slides.h"
#include "web/page_sound.h"
#include "web/page_steps.h"
#include "web/page_story.h"
#include "web/page_tests.h"
#include "web/page_texts.h"
#include "web/page_topic.h"
#include "web/page_verify.h"

#define READER ROUTE_READER
#define COUNT (ROUTE_READER | ROUTE_COUNT)
#define SHARED (ROUTE_READER | ROUTE_SHARED)
#define HELP (ROUTE_READER | ROUTE_EXIT)
#define UPLOAD ROUTE_UPLOAD
#define DECK_FILE ROUTE_DECK
#define ASYNC ROUTE_ASYNC
#define OFFLINE (ROUTE_READER | ROUTE_ASYNC)

#define SEMINAR "/{lang}/s/{slug}"
#define DESK "/desk/s/{slug}"
#define PROGRAMMES "/desk/programmes"
#define ORGS "/desk/orgs"
#define PEOPLE "/desk/people"
#define AGENDA DESK "/agenda"
#define VERSION "/desk/text/{id}/{code}"
#define OWN "/desk/account"
#define ACCOUNTS "/desk/accounts"
#define TEXTS (RIGHT_EVENT | RIGHT_EDITOR)
#define KIT "/desk/kits/{slug}"
#define EDIT "/desk/news/{slug}/{code}"

const struct route web_routes[] = {
    /* readers */
    {"root", "GET", "/", RIGHT_PUBLIC, READER, root, NULL},
    {"home", "GET", "/{lang}", RIGHT_PUBLIC, COUNT, home, NULL},
    {"programme_show", "GET", "/{lang}/p/{slug}", RIGHT_PUBLIC, READER, programme_show, NULL},
    {"seminar_show", "GET", SEMINAR, RIGHT_PUBLIC, COUNT, seminar_show, NULL},
    {"seminar_ics", "GET", SEMINAR "/calendar.ics", RIGHT_PUBLIC, READER, seminar_ics, NULL},
    {"news_list", "GET", "/{lang}/news", RIGHT_PUBLIC, READER, news_archive, NULL},
    {"news_show", "GET", "/{lang}/news/{slug}", RIGHT_PUBLIC, COUNT, news_show, NULL},
    {"story_list", "GET", "/{lang}/stories", RIGHT_PUBLIC, READER, story_list, NULL},
    {"story_show", "GET", "/{lang}/stories/{slug}", RIGHT_PUBLIC, COUNT, story_show, NULL},
    {"picture", "GET", "/p/{id}/{name}", RIGHT_PUBLIC, SHARED, picture, NULL},
    {"search_show", "GET", "/{lang}/search", RIGHT_PUBLIC, READER, search_show, NULL},
    {"count_show", "GET", "/{lang}/counting", RIGHT_PUBLIC, READER, count_show, NULL},
    {"feed", "GET", "/{lang}/feed.atom", RIGHT_PUBLIC, READER, news_feed, NULL},
    {"feed_rss", "GET", "/{lang}/feed.rss", RIGHT_PUBLIC, READER, news_feed, NULL},
    {"feed_json", "GET", "/{lang}/feed.json", RIGHT_PUBLIC, READER, news_feed, NULL},
    {"feed_ninjs", "GET", "/{lang}/feed.ninjs", RIGHT_PUBLIC, READER, news_feed, NULL},
    {"feed_of", "GET", "/{lang}/feed/{by}/{value}/{file}", RIGHT_PUBLIC, READER, news_feed, NULL},
    {"feeds_show", "GET", "/{lang}/feeds", RIGHT_PUBLIC, READER, feeds_show, NULL},
    {"story_ninjs", "GET", "/{lang}/stories/{slug}/ninjs", RIGHT_PUBLIC, READER, story_ninjs,
     NULL},
    {"news_ninjs", "GET", "/{lang}/news/{slug}/ninjs", RIGHT_PUBLIC, READER, news_ninjs, NULL},
    {"check_form", "GET", "/{lang}/check", RIGHT_PUBLIC, READER, check_form, NULL},
    {"check_answer", "POST", "/{lang}/check", RIGHT_PUBLIC, UPLOAD, check_answer, NULL},
    {"check_words", "GET", "/{lang}/check/words", RIGHT_PUBLIC, READER, check_words_list, NULL},
    {"check_api", "POST", "/api/check", RIGHT_PUBLIC, ROUTE_NO_CSRF, check_api, NULL},
    {"guide_list", "GET", "/{lang}/guides", RIGHT_PUBLIC, HELP, guide_list_show, NULL},
    {"guide_show", "GET", "/{lang}/guides/{slug}", RIGHT_PUBLIC, HELP, guide_show, NULL},
    {"guide_sms", "GET", "/{lang}/guides/{slug}/sms.txt", RIGHT_PUBLIC, READER, guide_sms, NULL},
    {"legal_list", "GET", "/{lang}/legal", RIGHT_PUBLIC, HELP, legal_list_show, NULL},
    {"legal_show", "GET", "/{lang}/legal/{slug}", RIGHT_PUBLIC, HELP, legal_show, NULL},
    {"sound_file", "GET", "/l/{id}/{name}", RIGHT_PUBLIC, READER, sound_file, NULL},
    {"kit_list", "GET", "/{lang}/kit", RIGHT_PUBLIC, READER, kit_list_show, NULL},
    {"kit_show", "GET", "/{lang}/kit/{slug}", RIGHT_PUBLIC, READER, kit_show, NULL},
    {"kit_file", "GET", "/{lang}/kit/{slug}/{id}/{name}", RIGHT_PUBLIC, READER, kit_item_file,
     NULL},
    {"kit_zip", "GET", "/{lang}/kit/{slug}/kit.zip", RIGHT_PUBLIC, READER, kit_zip, NULL},
    {"kit_link_show", "GET", "/k/{token}", RIGHT_PUBLIC, READER, kit_link_show, NULL},
    {"kit_link_zip", "GET", "/k/{token}/kit.zip", RIGHT_PUBLIC, READER, kit_link_zip, NULL},
    {"kit_link_file", "GET", "/k/{token}/{id}/{name}", RIGHT_PUBLIC, READER, kit_link_file, NULL},
    {"offer_show", "GET", "/{lang}/offer", RIGHT_PUBLIC, HELP, offer_show, NULL},
    {"offer_deciding", "GET", "/{lang}/offer/deciding", RIGHT_PUBLIC, HELP, offer_deciding, NULL},
    {"offer_there", "GET", "/{lang}/offer/there", RIGHT_PUBLIC, HELP, offer_there, NULL},
    {"contact_list", "GET", "/{lang}/contacts", RIGHT_PUBLIC, HELP, contact_list_show, NULL},
    {"contact_show", "GET", "/{lang}/contacts/{slug}", RIGHT_PUBLIC, HELP, contact_show, NULL},
    {"contact_json", "GET", "/contacts.json", RIGHT_PUBLIC, READER, contact_json, NULL},
    {"contact_changes", "GET", "/contacts/changes.json", RIGHT_PUBLIC, READER, contact_changes_json,
     NULL},
    {"contact_csv", "GET", "/contacts.csv", RIGHT_PUBLIC, READER, contact_csv, NULL},
    {"pack_list", "GET", "/{lang}/offline", RIGHT_PUBLIC, OFFLINE, pack_list, NULL},
    {"pack_programme", "GET", "/{lang}/offline/{file}", RIGHT_PUBLIC, OFFLINE, pack_programme,
     NULL},
    {"pack_guide", "GET", "/{lang}/offline/guides/{file}", RIGHT_PUBLIC, OFFLINE, pack_guide, NULL},
    {"print_contacts", "GET", "/{lang}/print/{paper}", RIGHT_PUBLIC, READER, print_contacts, NULL},
    {"print_guide", "GET", "/{lang}/print/{paper}/{slug}", RIGHT_PUBLIC, READER, print_guide, NULL},
    {"exit", "GET", "/{lang}/exit", RIGHT_PUBLIC, READER, page_exit, NULL},
    {"calendar", "GET", "/{lang}/calendar", RIGHT_PUBLIC, READER, calendar, NULL},
    {"privacy", "GET", "/{lang}/privacy", RIGHT_PUBLIC, READER, privacy, NULL},
    {"asset", "GET", "/a/{tree}/{name}", RIGHT_PUBLIC, READER, asset_file, NULL},
    {"asset_in_folder", "GET", "/a/{tree}/{folder}/{name}", RIGHT_PUBLIC, READER, asset_file, NULL},
    {"icon", "GET", "/favicon.ico", RIGHT_PUBLIC, READER, icon, NULL},
    {"sitemap", "GET", "/sitemap.xml", RIGHT_PUBLIC, READER, sitemap, NULL},
    {"robots", "GET", "/robots.txt", RIGHT_PUBLIC, READER, robots, NULL},
    {"health", "GET", "/healthz", RIGHT_PUBLIC, READER, health, NULL},

    /* readers: what everybody can check */
    {"certificate_show", "GET", "/{lang}/c/{code}", RIGHT_PUBLIC, READER, certificate_show, NULL},
    {"sheet_show", "GET", "/{lang}/r/{code}", RIGHT_PUBLIC, READER, sheet_show, NULL},
    {"verify_show", "GET", "/{lang}/verify", RIGHT_PUBLIC, READER, verify_show, NULL},
    {"verify_file", "POST", "/{lang}/verify", RIGHT_PUBLIC, UPLOAD, verify_file, NULL},

    /* invited people */
    {"invitation_show", "GET", "/i/{token}", RIGHT_PUBLIC, 0, invitation_show, NULL},
    {"invitation_reply", "POST", "/i/{token}/reply", RIGHT_PUBLIC, 0, invitation_reply,
     invitation_reply_act},
    {"invitation_open", "POST", "/i/{token}/open", RIGHT_PUBLIC, 0, invitation_open,
     invitation_open_act},
    {"invitation_data", "GET", "/i/{token}/data.json", RIGHT_PUBLIC, 0, invitation_data, NULL},
    {"room_show", "GET", "/s/{slug}/room", RIGHT_MEMBER, ROUTE_SCRIPT, room_show, NULL},
    {"room_tests", "GET", "/s/{slug}/room/tests", RIGHT_MEMBER, 0, room_tests, NULL},
    {"room_control", "GET", "/s/{slug}/room/control", RIGHT_MEMBER, ROUTE_UPGRADE, room_control,
     NULL},
    {"slides", "GET", "/s/{slug}/slides", RIGHT_MEMBER | RIGHT_EVENT, 0, slides, NULL},
    {"slides_add", "POST", "/s/{slug}/slides", RIGHT_MEMBER, DECK_FILE, slides_add, slides_add_act},
    {"slide_words", "GET", "/s/{slug}/slides/{deck}/text", RIGHT_MEMBER | RIGHT_EVENT, 0,
     slide_words, NULL},
    {"slide_picture", "GET", "/s/{slug}/slides/{deck}/{picture}", RIGHT_MEMBER | RIGHT_EVENT, 0,
     slide_picture, NULL},

    /* invited people: tests and certificate */
    {"mine_show", "GET", "/s/{slug}/mine", RIGHT_MEMBER, 0, mine_show, NULL},
    {"quiz_show", "GET", "/s/{slug}/quiz/{code}", RIGHT_MEMBER, 0, quiz_show, NULL},
    {"quiz_answer", "POST", "/s/{slug}/quiz/{code}", RIGHT_MEMBER, 0, quiz_answer, quiz_answer_act},
    {"mine_take", "POST", "/s/{slug}/certificate", RIGHT_MEMBER, 0, mine_take, mine_take_act},
    {"mine_pdf", "GET", "/s/{slug}/certificate.pdf", RIGHT_MEMBER, ASYNC, mine_pdf, NULL},

    /* staff */
    {"sign_in", "GET", "/sign-in", RIGHT_PUBLIC, 0, sign_in_show, NULL},
    {"sign_in_try", "POST", "/sign-in", RIGHT_PUBLIC, ASYNC, sign_in, NULL},
    {"sign_out", "POST", "/sign-out", RIGHT_PUBLIC, 0, sign_out, sign_out_act},
    {"desk", "GET", "/desk", RIGHT_STAFF, 0, desk, NULL},
    {"desk_import", "POST", "/desk/import", RIGHT_EVENT, UPLOAD, desk_import, desk_import_act},
    {"desk_import_take", "POST", "/desk/import/take", RIGHT_EVENT, UPLOAD, desk_import_take,
     desk_import_take_act},
    {"desk_seminar", "GET", DESK, RIGHT_EVENT, 0, desk_seminar, NULL},
    {"desk_people", "GET", DESK "/people", RIGHT_EVENT, 0, desk_people, NULL},
    {"desk_list", "POST", DESK "/import", RIGHT_EVENT, UPLOAD, desk_list, desk_list_act},
    {"desk_list_take", "POST", DESK "/import/take", RIGHT_EVENT, UPLOAD, desk_list_take,
     desk_list_take_act},
    {"desk_state", "POST", DESK "/state", RIGHT_EVENT, 0, desk_state, desk_state_act},
    {"desk_conclusion", "POST", DESK "/conclusion", RIGHT_EVENT, 0, desk_conclusion,
     desk_conclusion_act},
    {"desk_conclusions", "GET", DESK "/conclusions", RIGHT_EVENT, 0, desk_conclusions, NULL},
    {"desk_conclusion_save", "POST", DESK "/conclusions/{number}", RIGHT_EVENT, 0,
     desk_conclusion_save,
     desk_conclusion_save_act},
    {"desk_draft", "POST", DESK "/draft", RIGHT_EVENT, 0, desk_draft, desk_draft_act},
    {"desk_attendance", "GET", DESK "/attendance", RIGHT_EVENT, 0, desk_attendance, NULL},
    {"desk_attendance_csv", "GET", DESK "/attendance.csv", RIGHT_EVENT, 0, desk_attendance_csv,
     NULL},
    {"desk_attendance_json", "GET", DESK "/attendance.json", RIGHT_EVENT, 0, desk_attendance_json,
     NULL},
    {"desk_attendance_fix", "POST", DESK "/attendance", RIGHT_EVENT, 0, desk_attendance_fix,
     desk_attendance_fix_act},
    {"desk_slides", "GET", DESK "/slides", RIGHT_EVENT, 0, desk_slides, NULL},
    {"desk_slides_add", "POST", DESK "/slides", RIGHT_EVENT, DECK_FILE, desk_slides_add,
     slides_add_act},
    {"desk_slides_remove", "POST", DESK "/slides/{id}/remove", RIGHT_EVENT, 0, desk_slides_remove,
     desk_slides_remove_act},
    {"desk_renew", "POST", "/desk/i/{id}/renew", RIGHT_EVENT, 0, desk_renew, desk_renew_act},
    {"desk_close", "POST", "/desk/i/{id}/close", RIGHT_EVENT, 0, desk_close, desk_close_act},
    {"desk_guides", "GET", "/desk/guides", RIGHT_EDITOR, 0, desk_guides, NULL},
    {"desk_guide_add", "POST", "/desk/guides", RIGHT_EDITOR, 0, desk_guide_add, desk_guide_add_act},
    {"desk_guide", "GET", "/desk/guides/{slug}", RIGHT_EDITOR, 0, desk_guide, NULL},
    {"desk_guide_save", "POST", "/desk/guides/{slug}", RIGHT_EDITOR, 0, desk_guide_done,
     desk_guide_save_act},
    {"desk_guide_remove", "POST", "/desk/guides/{slug}/remove", RIGHT_EDITOR, 0, desk_guide_remove,
     desk_guide_remove_act},
    {"desk_guide_review", "POST", "/desk/guides/{slug}/review", RIGHT_EDITOR, 0, desk_guide_done,
     desk_guide_review_act},
    {"desk_sound_file", "GET", "/desk/l/{id}/{name}", RIGHT_EDITOR, 0, desk_sound_file, NULL},
    {"desk_sound_add", "POST", "/desk/guides/{slug}/sound/{code}", RIGHT_EDITOR, UPLOAD,
     desk_sound_done, desk_sound_add_act},
    {"desk_sound_remove", "POST", "/desk/guides/{slug}/sound/{code}/remove", RIGHT_EDITOR, 0,
     desk_sound_done, desk_sound_remove_act},
    {"desk_point_add", "POST", "/desk/guides/{slug}/points", RIGHT_EDITOR, 0, desk_guide_done,
     desk_point_add_act},
    {"desk_point_save", "POST", "/desk/guides/{slug}/{id}", RIGHT_EDITOR, 0, desk_guide_done,
     desk_point_save_act},
    {"desk_point_check", "POST", "/desk/guides/{slug}/{id}/check", RIGHT_EDITOR, 0, desk_guide_done,
     desk_point_check_act},
    {"desk_point_remove", "POST", "/desk/guides/{slug}/{id}/remove", RIGHT_EDITOR, 0,
     desk_guide_done, desk_point_remove_act},
    {"desk_contacts", "GET", "/desk/contacts", RIGHT_EDITOR, 0, desk_contacts, NULL},
    {"desk_contact_add", "POST", "/desk/contacts", RIGHT_EDITOR, 0, desk_contact_add,
     desk_contact_add_act},
    {"desk_contact", "GET", "/desk/contacts/{slug}", RIGHT_EDITOR, 0, desk_contact, NULL},
    {"desk_contact_save", "POST", "/desk/contacts/{slug}", RIGHT_EDITOR, 0, desk_contact_save,
     desk_contact_save_act},
    {"desk_contact_try", "POST", "/desk/contacts/{slug}/try", RIGHT_EDITOR, 0, desk_contact_try,
     desk_contact_try_act},
    {"desk_contact_remove", "POST", "/desk/contacts/{slug}/remove", RIGHT_EDITOR, 0,
     desk_contact_remove, desk_contact_remove_act},
    {"desk_kits", "GET", "/desk/kits", RIGHT_EDITOR, 0, desk_kits, NULL},
    {"desk_kit_add", "POST", "/desk/kits", RIGHT_EDITOR, 0, desk_kit_add, desk_kit_add_act},
    {"desk_kit", "GET", KIT, RIGHT_EDITOR, 0, desk_kit, NULL},
    {"desk_kit_file", "GET", KIT "/{id}/{name}", RIGHT_EDITOR, 0, desk_kit_file, NULL},
    {"desk_kit_save", "POST", KIT, RIGHT_EDITOR, 0, desk_kit_done, desk_kit_save_act},
    {"desk_kit_state", "POST", KIT "/state", RIGHT_EDITOR, 0, desk_kit_done, desk_kit_state_act},
    {"desk_kit_remove", "POST", KIT "/remove", RIGHT_EDITOR, 0, desk_kit_remove,
     desk_kit_remove_act},
    {"desk_kit_item_add", "POST", KIT "/items", RIGHT_EDITOR, UPLOAD, desk_kit_done,
     desk_kit_item_add_act},
    {"desk_clip_add", "POST", KIT "/clips", RIGHT_EDITOR, DECK_FILE, desk_clip_add,
     desk_clip_add_act},
    {"desk_kit_item_save", "POST", KIT "/items/{id}", RIGHT_EDITOR, 0, desk_kit_done,
     desk_kit_item_save_act},
    {"desk_kit_item_clear", "POST", KIT "/items/{id}/clear", RIGHT_EDITOR, 0, desk_kit_done,
     desk_kit_item_clear_act},
    {"desk_kit_item_remove", "POST", KIT "/items/{id}/remove", RIGHT_EDITOR, 0, desk_kit_done,
     desk_kit_item_remove_act},
    {"desk_kit_link_add", "POST", KIT "/links", RIGHT_EDITOR, 0, desk_kit_done,
     desk_kit_link_add_act},
    {"desk_kit_link_close", "POST", KIT "/links/{id}/close", RIGHT_EDITOR, 0, desk_kit_done,
     desk_kit_link_close_act},
    {"desk_topics", "GET", "/desk/topics", RIGHT_EDITOR, 0, desk_topics, NULL},
    {"desk_topic_save", "POST", "/desk/topics", RIGHT_EDITOR, 0, desk_topic_save,
     desk_topic_save_act},
    {"desk_topic_remove", "POST", "/desk/topics/{slug}/remove", RIGHT_EDITOR, 0, desk_topic_remove,
     desk_topic_remove_act},

    /* convene: what an organiser makes and changes by hand */
    {"desk_programmes", "GET", PROGRAMMES, RIGHT_EVENT, 0, desk_programmes, NULL},
    {"desk_programme_new", "GET", PROGRAMMES "/new", RIGHT_EVENT, 0, desk_programme_new, NULL},
    {"desk_programme_add", "POST", PROGRAMMES, RIGHT_EVENT, 0, desk_programme_add,
     desk_programme_add_act},
    {"desk_programme", "GET", PROGRAMMES "/{slug}", RIGHT_EVENT, 0, desk_programme, NULL},
    {"desk_programme_save", "POST", PROGRAMMES "/{slug}", RIGHT_EVENT, 0, desk_programme_save,
     desk_programme_save_act},
    {"desk_programme_ask", "GET", PROGRAMMES "/{slug}/remove", RIGHT_EVENT, 0, desk_programme_ask,
     NULL},
    {"desk_programme_remove", "POST", PROGRAMMES "/{slug}/remove", RIGHT_EVENT, 0,
     desk_programme_remove, desk_programme_remove_act},
    {"desk_orgs", "GET", ORGS, RIGHT_EVENT, 0, desk_orgs, NULL},
    {"desk_org_new", "GET", ORGS "/new", RIGHT_EVENT, 0, desk_org_new, NULL},
    {"desk_org_add", "POST", ORGS, RIGHT_EVENT, 0, desk_org_add, desk_org_add_act},
    {"desk_org", "GET", ORGS "/{slug}", RIGHT_EVENT, 0, desk_org, NULL},
    {"desk_org_save", "POST", ORGS "/{slug}", RIGHT_EVENT, 0, desk_org_save, desk_org_save_act},
    {"desk_org_ask", "GET", ORGS "/{slug}/remove", RIGHT_EVENT, 0, desk_org_ask, NULL},
    {"desk_org_remove", "POST", ORGS "/{slug}/remove", RIGHT_EVENT, 0, desk_org_remove,
     desk_org_remove_act},
    {"desk_seminar_new", "GET", "/desk/seminars/new", RIGHT_EVENT, 0, desk_seminar_new, NULL},
    {"desk_seminar_add", "POST", "/desk/seminars", RIGHT_EVENT, 0, desk_seminar_add,
     desk_seminar_add_act},
    {"desk_seminar_edit", "GET", DESK "/edit", RIGHT_EVENT, 0, desk_seminar_edit, NULL},
    {"desk_seminar_save", "POST", DESK "/edit", RIGHT_EVENT, 0, desk_seminar_save,
     desk_seminar_save_act},
    {"desk_seminar_ask", "GET", DESK "/remove", RIGHT_EVENT, 0, desk_seminar_ask, NULL},
    {"desk_seminar_remove", "POST", DESK "/remove", RIGHT_EVENT, 0, desk_seminar_remove,
     desk_seminar_remove_act},
    {"desk_agenda", "GET", AGENDA, RIGHT_EVENT, 0, desk_agenda, NULL},
    {"desk_item_new", "GET", AGENDA "/new", RIGHT_EVENT, 0, desk_item_new, NULL},
    {"desk_item_add", "POST", AGENDA, RIGHT_EVENT, 0, desk_item_add, desk_item_add_act},
    {"desk_item", "GET", AGENDA "/{id}", RIGHT_EVENT, 0, desk_item, NULL},
    {"desk_item_save", "POST", AGENDA "/{id}", RIGHT_EVENT, 0, desk_item_save, desk_item_save_act},
    {"desk_item_move", "POST", AGENDA "/{id}/move", RIGHT_EVENT, 0, desk_item_move,
     desk_item_move_act},
    {"desk_item_ask", "GET", AGENDA "/{id}/remove", RIGHT_EVENT, 0, desk_item_ask, NULL},
    {"desk_item_remove", "POST", AGENDA "/{id}/remove", RIGHT_EVENT, 0, desk_item_remove,
     desk_item_remove_act},
    {"desk_quotas", "GET", DESK "/orgs", RIGHT_EVENT, 0, desk_quotas, NULL},
    {"desk_quotas_save", "POST", DESK "/orgs", RIGHT_EVENT, 0, desk_quotas_save,
     desk_quotas_save_act},
    {"desk_guest_new", "GET", DESK "/people/new", RIGHT_EVENT, 0, desk_guest_new, NULL},
    {"desk_guest_add", "POST", DESK "/people", RIGHT_EVENT, 0, desk_guest_add, desk_guest_add_act},
    {"desk_guest", "GET", "/desk/i/{id}", RIGHT_EVENT, 0, desk_guest, NULL},
    {"desk_guest_save", "POST", "/desk/i/{id}", RIGHT_EVENT, 0, desk_guest_save,
     desk_guest_save_act},
    {"desk_guest_reply", "POST", "/desk/i/{id}/reply", RIGHT_EVENT, 0, desk_guest_reply,
     desk_guest_reply_act},
    {"desk_persons", "GET", PEOPLE, RIGHT_EVENT, 0, desk_persons, NULL},
    {"desk_person", "GET", PEOPLE "/{id}", RIGHT_EVENT, 0, desk_person, NULL},
    {"desk_person_save", "POST", PEOPLE "/{id}", RIGHT_EVENT, 0, desk_person_save,
     desk_person_save_act},
    {"desk_person_data", "GET", PEOPLE "/{id}/data.json", RIGHT_EVENT, 0, desk_person_data, NULL},
    {"desk_person_ask", "GET", PEOPLE "/{id}/remove", RIGHT_EVENT, 0, desk_person_ask, NULL},
    {"desk_person_remove", "POST", PEOPLE "/{id}/remove", RIGHT_EVENT, 0, desk_person_remove,
     desk_person_remove_act},
    {"desk_erase_ask", "GET", PEOPLE "/{id}/erase", RIGHT_EVENT, 0, desk_erase_ask, NULL},
    {"desk_erase", "POST", PEOPLE "/{id}/erase", RIGHT_EVENT, 0, desk_erase, desk_erase_act},
    {"desk_account", "GET", OWN, RIGHT_STAFF, 0, desk_account, NULL},
    {"desk_account_save", "POST", OWN, RIGHT_STAFF, 0, desk_account_save, desk_account_save_act},
    {"desk_password", "POST", OWN "/password", RIGHT_STAFF, ASYNC, desk_password, NULL},
    {"desk_session_end", "POST", "/desk/sessions/{id}/end", RIGHT_STAFF, 0, desk_session_end,
     desk_session_end_act},
    {"desk_accounts", "GET", ACCOUNTS, RIGHT_SYSTEM, 0, desk_accounts, NULL},
    {"desk_account_new", "GET", ACCOUNTS "/new", RIGHT_SYSTEM, 0, desk_account_new, NULL},
    {"desk_account_add", "POST", ACCOUNTS, RIGHT_SYSTEM, ASYNC, desk_account_add, NULL},
    {"desk_account_of", "GET", ACCOUNTS "/{id}", RIGHT_SYSTEM, 0, desk_account_of, NULL},
    {"desk_rights", "POST", ACCOUNTS "/{id}", RIGHT_SYSTEM, 0, desk_rights, desk_rights_act},
    {"desk_reset", "POST", ACCOUNTS "/{id}/password", RIGHT_SYSTEM, ASYNC, desk_reset, NULL},
    {"desk_account_ask", "GET", ACCOUNTS "/{id}/close", RIGHT_SYSTEM, 0, desk_account_ask, NULL},
    {"desk_account_close", "POST", ACCOUNTS "/{id}/close", RIGHT_SYSTEM, 0, desk_account_close,
     desk_account_close_act},
    {"desk_texts", "GET", "/desk/texts/{slug}", TEXTS, 0, desk_texts, NULL},
    {"desk_text", "GET", "/desk/text/{id}", TEXTS, 0, desk_text, NULL},
    {"desk_version", "GET", VERSION, TEXTS, 0, desk_version, NULL},
    {"desk_version_save", "POST", VERSION, TEXTS, 0, desk_version_save, desk_version_save_act},
    {"desk_version_review", "POST", VERSION "/review", RIGHT_EDITOR, 0, desk_version_review,
     desk_version_review_act},

    /* staff: tests, certificates, the donor's sheet */
    {"desk_tests", "GET", DESK "/tests", RIGHT_EVENT, 0, desk_tests, NULL},
    {"desk_tests_gate", "POST", DESK "/tests/gate", RIGHT_EVENT, 0, desk_tests_gate,
     desk_tests_gate_act},
    {"desk_tests_import", "POST", DESK "/tests/import", RIGHT_EVENT, UPLOAD, desk_tests_import,
     desk_tests_import_act},
    {"desk_question_new", "GET", DESK "/tests/{code}/new", RIGHT_EVENT, 0, desk_question_new, NULL},
    {"desk_question_add", "POST", DESK "/tests/{code}/new", RIGHT_EVENT, 0, desk_question_add,
     desk_question_add_act},
    {"desk_question", "GET", "/desk/question/{id}", RIGHT_EVENT, 0, desk_question, NULL},
    {"desk_question_save", "POST", "/desk/question/{id}", RIGHT_EVENT, 0, desk_question_save,
     desk_question_save_act},
    {"desk_question_remove", "POST", "/desk/question/{id}/remove", RIGHT_EVENT, 0,
     desk_question_remove, desk_question_remove_act},
    {"desk_certificates", "GET", DESK "/certificates", RIGHT_EVENT, 0, desk_certificates, NULL},
    {"desk_certificates_rule", "POST", DESK "/certificates/rule", RIGHT_EVENT, 0,
     desk_certificates_rule, desk_certificates_rule_act},
    {"desk_certificates_issue", "POST", DESK "/certificates/issue", RIGHT_EVENT, 0,
     desk_certificates_issue, desk_certificates_issue_act},
    {"desk_certificate_revoke", "POST", "/desk/c/{id}/revoke", RIGHT_EVENT, 0,
     desk_certificate_revoke, desk_certificate_revoke_act},
    {"desk_certificate_reissue", "POST", "/desk/c/{id}/reissue", RIGHT_EVENT, 0,
     desk_certificate_reissue, desk_certificate_reissue_act},
    {"desk_certificate_pdf", "GET", "/desk/c/{id}/pdf", RIGHT_EVENT, ASYNC, desk_certificate_pdf,
     NULL},
    {"desk_report", "GET", DESK "/report", RIGHT_EVENT, 0, desk_report, NULL},
    {"desk_report_csv", "GET", DESK "/report/figures.csv", RIGHT_EVENT, 0, desk_report_csv, NULL},
    {"desk_report_json", "GET", DESK "/report/figures.json", RIGHT_EVENT, 0, desk_report_json,
     NULL},
    {"desk_report_freeze", "POST", DESK "/report/freeze", RIGHT_EVENT, 0, desk_report_freeze,
     desk_report_freeze_act},
    {"desk_sheet", "GET", "/desk/sheet/{id}", RIGHT_EVENT, 0, desk_sheet, NULL},
    {"desk_sheet_csv", "GET", "/desk/sheet/{id}/figures.csv", RIGHT_EVENT, 0, desk_sheet_csv, NULL},
    {"desk_sheet_json", "GET", "/desk/sheet/{id}/figures.json", RIGHT_EVENT, 0, desk_sheet_json,
     NULL},
    {"desk_sheet_records", "GET", "/desk/sheet/{id}/figures-records.json", RIGHT_EVENT, 0,
     desk_sheet_records, NULL},

    /* publish: the editor */
    {"news_edit", "GET", EDIT, RIGHT_EDITOR, 0, news_edit_show, NULL},
    {"news_save", "POST", EDIT, RIGHT_EDITOR, UPLOAD, news_save, news_save_act},
    {"news_preview", "POST", EDIT "/preview", RIGHT_EDITOR, UPLOAD, news_preview, NULL},
    {"news_redraft", "POST", EDIT "/redraft", RIGHT_EDITOR, UPLOAD, news_redraft_done,
     news_redraft_act},
    {"news_merge", "POST", EDIT "/merge", RIGHT_EDITOR, UPLOAD, news_merge, NULL},

    /* publish: the newsroom */
    {"news_board", "GET", "/desk/news", TEXTS, 0, news_board, NULL},
    {"news_begin", "POST", "/desk/news", TEXTS, 0, news_begin, news_begin_act},
    {"news_steps", "GET", EDIT "/steps", TEXTS, 0, news_steps, NULL},
    {"news_step", "POST", EDIT "/step", TEXTS, 0, news_step, news_step_act},
    {"news_assign", "POST", EDIT "/assign", TEXTS, 0, news_assign, news_assign_act},
    {"news_embargo", "POST", EDIT "/embargo", RIGHT_EDITOR, 0, news_embargo, news_embargo_act},
    {"news_compare", "GET", EDIT "/compare", TEXTS, 0, news_compare, NULL},
    {"news_safety", "GET", EDIT "/safety", RIGHT_EDITOR, 0, news_safety, NULL},
    {"news_safety_put", "POST", EDIT "/safety", RIGHT_EDITOR, 0, news_safety_put,
     news_safety_put_act},
    {"news_pictures", "GET", EDIT "/pictures", RIGHT_EDITOR, 0, news_pictures, NULL},
    {"news_picture_add", "POST", EDIT "/pictures", RIGHT_EDITOR, UPLOAD, news_picture_add,
     news_picture_add_act},
    {"news_picture_save", "POST", EDIT "/pictures/{id}", RIGHT_EDITOR, 0, news_picture_save,
     news_picture_save_act},
    {"news_picture_remove", "POST", EDIT "/pictures/{id}/remove", RIGHT_EDITOR, 0,
     news_picture_remove, news_picture_remove_act},
    {"desk_picture", "GET", "/desk/pictures/{id}/{name}", RIGHT_EDITOR, 0, desk_picture, NULL},
    {"news_consent", "GET", EDIT "/consent", RIGHT_EDITOR, 0, news_consent, NULL},
    {"news_consent_put", "POST", EDIT "/consent", RIGHT_EDITOR, 0, news_consent_put,
     news_consent_put_act},
    {"news_consent_end", "POST", EDIT "/consent/withdraw", RIGHT_EDITOR, 0, news_consent_end,
     news_consent_end_act},

    {"debug_routes", "GET", "/debug/routes", RIGHT_SYSTEM, 0, debug_routes, NULL},
    {"debug_media", "GET", "/debug/media", RIGHT_SYSTEM, ASYNC, debug_media, NULL},
    {"debug_store", "GET", "/debug/store", RIGHT_SYSTEM, 0, debug_store, NULL},
    {"debug_loop", "GET", "/debug/loop", RIGHT_SYSTEM, 0, debug_loop, NULL},
};

const size_t nweb_routes = NELEM(web_routes);
