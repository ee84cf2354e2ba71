#include "suite.h"

#include "domain/account.h"
#include "domain/attendance.h"
#include "domain/country.h"
#include "domain/import.h"
#include "domain/invitation.h"
#include "domain/kit.h"
#include "domain/need.h"
#include "domain/person.h"
#include "domain/person_data.h"
#include "domain/programme.h"
#include "domain/reply.h"
#include "domain/retention.h"
#include "domain/seminar_agenda.h"
#include "domain/seminar_copy.h"
#include "domain/session.h"
#include "domain/slug.h"
#include "domain/text_place.h"
#include "domain/zone.h"

static void slugs(void **state)
{
    struct world *w = *state;
    str s;

    assert_int_equal(slug_make(w->a, S("Роль СМИ и НПО"), S("x"), &s), 0);
    assert_str(s, "rol-smi-i-npo");
    assert_int_equal(slug_make(w->a, S("  --Ýaşlar birleşigi!  "), S("x"), &s), 0);
    assert_str(s, "yaslar-birlesigi");
    assert_int_equal(slug_make(w->a, S("?!"), S("seminar"), &s), 0);
    assert_str(s, "seminar");
    assert_int_equal(
        slug_make(w->a, S("Strengthening the fight against human trafficking and so on"),
                  S("x"), &s),
        0);
    assert_str(s, "strengthening-the-fight-against-human-trafficking");
}

static void zones(void **state)
{
    struct world *w = *state;
    usec at;

    assert_int_equal(zone_time(S("Asia/Ashgabat"), S("2020-11-24"), S("10:00"), &at), 0);
    assert_true(at == (usec)1606194000 * USEC_S);
    assert_str(zone_day(w->a, S("Asia/Ashgabat"), at), "2020-11-24");
    assert_str(zone_clock(w->a, S("Asia/Ashgabat"), at), "10:00");
    assert_str(zone_clock(w->a, S("Europe/Oslo"), at), "06:00");
    assert_int_equal(zone_time(S("Europe/Oslo"), S("2027-03-28"), S("02:30"), &at), 0);
    assert_str(zone_clock(w->a, S("Europe/Oslo"), at), "03:30"); /* put forward at 2 */
    assert_int_equal(zone_time(S("Europe/Oslo"), S("2027-02-30"), S("02:30"), &at), ERR_SYNTAX);
    assert_int_equal(zone_time(S("Europe/Oslo"), S("2027-02-20"), S("24:00"), &at), ERR_SYNTAX);
    assert_int_equal(zone_time(S("Mars/Base"), S("2027-02-20"), S("12:00"), &at), ERR_NOT_FOUND);
    for (size_t i = 0; zone_at(i).p; i++)
        assert_true(zone_is_known(zone_at(i)));
}

static void countries(void **state)
{
    static const char *const turkey[] = {"Türkiye", "Turkey", "Турция", "Türkiýe", "ترکیه"};
    struct world *w = *state;
    str codes;

    assert_int_equal(country_list_parse(w->a, S("Kazakhstan, кыргызстан; tm"), &codes), 0);
    assert_str(codes, "KZ,KG,TM");
    /* what a form shows must be understood when it comes back */
    for (size_t i = 0; i < NELEM(turkey); i++) {
        if (country_parse(w->a, str_c(turkey[i]), &codes) < 0)
            fail_msg("%s", turkey[i]);
        assert_str(codes, "TR");
    }
    assert_int_equal(country_list_parse(w->a, S(""), &codes), 0);
    assert_null(codes.p);
    assert_int_equal(country_list_parse(w->a, S("KZ, Narnia"), &codes), ERR_NOT_FOUND);
}

/* The source stays, a translation goes; what was taken away goes on counting. */
static void versions(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    struct text_place p;
    struct text_place_list all;
    struct text t;

    assert_int_equal(text_places(w->a, w->db, &w->editor, s.id, &all), 0);
    assert_int_equal(all.row[0].kind, TEXT_PLACE_SEMINAR);
    assert_int_equal(all.row[1].kind, TEXT_PLACE_SHORT);
    assert_int_equal(all.row[2].kind, TEXT_PLACE_AGENDA);
    assert_int_equal(text_place(w->a, w->db, &w->event, s.title.id, &p), 0);
    assert_str(p.slug, DEMO_LIVE_SLUG);
    assert_int_equal(text_place(w->a, w->db, &w->event, 999999, &p), ERR_NOT_FOUND);
    assert_int_equal(text_place(w->a, w->db, &w->event, s.title.id, &p), 0);
    assert_int_equal(text_remove(w->db, &w->event, p.text_id, S("en"), -1, T0), ERR_STATE);
    assert_int_equal(text_remove(w->db, &w->event, p.text_id, S("tk"), 9, T0), ERR_CONFLICT);
    assert_int_equal(text_place_put(w->db, &w->event, &p,
                                    &(struct text_in){S("tk"), S(""), 1}, T0), 0);
    assert_int_equal(text_exact(w->a, w->db, p.text_id, S("tk"), &t), ERR_NOT_FOUND);
    assert_int_equal(text_get(w->a, w->db, p.text_id, S("tk"), &t), 0);
    assert_false(t.is_asked);
    assert_str(t.lang, "en");
    assert_int_equal(text_place_put(w->db, &w->event, &p,
                                    &(struct text_in){S("tk"), S("Täze"), 0}, T0), 0);
    assert_int_equal(text_exact(w->a, w->db, p.text_id, S("tk"), &t), 0);
    assert_int_equal(t.revision, 2);
    p.max_bytes = 3;
    assert_int_equal(text_place_put(w->db, &w->event, &p,
                                    &(struct text_in){S("tk"), S("long"), 2}, T0), ERR_TOO_BIG);
}

static str titles(struct world *w)
{
    struct seminar s = world_live(w);
    struct agenda l;
    str all = S("");

    assert_int_equal(seminar_agenda(w->a, w->db, &s, S("en"), &l), 0);
    for (size_t i = 0; i < l.n; i++) {
        assert_int_equal(l.row[i].place, (int)i + 1);
        all = arena_printf(w->a, "%.*s%.3s ", STR(all), l.row[i].title.body.p);
    }
    return all;
}

static void agenda(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    int64_t texts = world_count(w, "SELECT count(*) FROM texts");
    struct agenda l;

    assert_str(titles(w), "Ope Pre How Glo Goo Exc Pos Con ");
    assert_int_equal(seminar_agenda(w->a, w->db, &s, S("en"), &l), 0);
    assert_int_equal(seminar_agenda_move(w->db, &w->event, s.id, l.row[0].id, 3, T0), 0);
    assert_str(titles(w), "Pre How Ope Glo Goo Exc Pos Con ");
    assert_int_equal(seminar_agenda_move(w->db, &w->event, s.id, l.row[7].id, 1, T0), 0);
    assert_str(titles(w), "Con Pre How Ope Glo Goo Exc Pos ");
    assert_int_equal(seminar_agenda_move(w->db, &w->event, s.id, l.row[7].id, 9, T0), ERR_RANGE);
    assert_int_equal(seminar_agenda_move(w->db, &w->event, w->demo.record_id, l.row[7].id, 1, T0),
                     ERR_NOT_FOUND);
    assert_int_equal(seminar_agenda_remove(w->db, &w->event, s.id, l.row[1].id, T0), 0);
    assert_str(titles(w), "Con How Ope Glo Goo Exc Pos ");
    assert_true(world_count(w, "SELECT count(*) FROM texts") == texts - 1);
}

static void copied(void **state)
{
    struct world *w = *state;
    struct seminar from = world_live(w), to;
    struct seminar_in in = {.slug = S("second"), .programme_id = from.programme_id,
                            .zone = from.zone, .floor_lang = S("ru"), .lang = {S("ru")},
                            .nlangs = 1, .starts_at = T0 + USEC_DAY, .minutes = 60,
                            .policy = NETWORK_HTTPS_ONLY};
    struct seminar_copy copy = {.from_id = from.id, .has_people = true};
    int64_t before = world_count(w, "SELECT count(*) FROM texts");
    struct needs needs;
    struct agenda l;

    assert_int_equal(seminar_put(w->db, &w->event, &in, T0, &copy.to_id), 0);
    assert_int_equal(person_erase(w->db, &w->event, 6, T0), 0);
    assert_int_equal(seminar_copy(w->a, w->db, &w->event, &copy, T0), 0);
    assert_int_equal(seminar_by_id(w->a, w->db, copy.to_id, S("tk"), &to), 0);
    assert_int_equal(to.state, SEMINAR_PLANNED);
    assert_int_equal(seminar_agenda(w->a, w->db, &to, S("tk"), &l), 0);
    assert_int_equal(l.n, 8);
    assert_true(l.row[0].title.is_asked);
    assert_true(world_count(w, "SELECT count(*) FROM invitations WHERE seminar_id = 3") == 17);
    assert_true(world_count(w, "SELECT count(*) FROM quotas WHERE seminar_id = 3") == 7);
    assert_int_equal(need_of_seminar(w->db, &w->event, to.id, &needs), 0);
    assert_false(needs.is_any);
    assert_int_equal(seminar_remove(w->a, w->db, &w->event, to.id, T0), 0);
    assert_true(world_count(w, "SELECT count(*) FROM texts") == before);
    assert_true(world_count(w, "SELECT count(*) FROM invitations WHERE seminar_id = 3") == 0);
    assert_int_equal(seminar_remove(w->a, w->db, &w->event, to.id, T0), ERR_NOT_FOUND);
}

/* Once somebody has answered, come, or agreed on something, the seminar stays. */
static void refused(void **state)
{
    struct world *w = *state;
    struct needs needs;

    assert_int_equal(seminar_remove(w->a, w->db, &w->event, w->demo.record_id, T0), ERR_CONFLICT);
    assert_int_equal(need_of_seminar(w->db, &w->event, w->demo.record_id, &needs), 0);
    assert_true(needs.n[NEED_CONCLUSIONS] > 0 && needs.n[NEED_HELD] == 1);
    assert_int_equal(attendance_join(w->db, &actor_server, w->demo.live_id, 6, 77, T0), 0);
    assert_int_equal(seminar_remove(w->a, w->db, &w->event, w->demo.live_id, T0), ERR_CONFLICT);
    assert_int_equal(person_remove(w->db, &w->event, 6), ERR_CONFLICT);
    assert_int_equal(person_remove(w->db, &w->event, 7), 0);
    assert_int_equal(person_remove(w->db, &w->event, 7), ERR_NOT_FOUND);
    assert_int_equal(programme_remove(w->db, &w->event, 1), ERR_CONFLICT);
    assert_int_equal(need_of_programme(w->db, &w->event, 1, &needs), 0);
    assert_int_equal(needs.n[NEED_SEMINARS], 2);
    assert_int_equal(
        seminar_invited_remove(w->db, &w->event, w->demo.live_id, 3, T0), ERR_CONFLICT);
}

static void moved(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    struct seminar_in in = {.slug = s.slug, .programme_id = s.programme_id, .zone = s.zone,
                            .floor_lang = s.floor_lang, .lang = {S("ru")}, .nlangs = 1,
                            .starts_at = s.starts_at, .minutes = s.minutes, .policy = s.policy};
    int64_t id;

    assert_int_equal(seminar_put(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(world_live(w).moves, s.moves);
    in.starts_at += USEC_S * 3600;
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(world_live(w).moves, s.moves + 1);
}

static void erased(void **state)
{
    struct world *w = *state;
    struct person p;
    str json;

    assert_int_equal(reply_put(w->db, &w->event, 6, REPLY_ACCEPTED, S("my secret words"), T0), 0);
    assert_int_equal(attendance_join(w->db, &actor_server, w->demo.live_id, 6, 77, T0), 0);
    assert_int_equal(person_export(w->a, w->db, &w->event, 6, &json), 0);
    assert_true(str_find(json, S("my secret words")) > 0);
    assert_true(str_find(json, S("desk@tdh.example")) > 0);
    assert_true(str_find(json, S("\"joined_at\": \"2027-03-15T05:00:00Z\"")) > 0);
    assert_int_equal(person_erase(w->db, &w->event, 6, T0), ERR_STATE); /* in the room now */
    assert_int_equal(attendance_left(w->db, &actor_server, 77, T0 + 60 * USEC_S), 0);
    assert_int_equal(person_erase(w->db, &w->event, 6, T0 + USEC_DAY), 0);
    assert_int_equal(person_erase(w->db, &w->event, 6, T0 + USEC_DAY), 0);
    assert_int_equal(person_by_id(w->a, w->db, &w->event, 6, &p), 0);
    assert_true(p.is_erased && !p.name.p && !p.function.p && !p.email.p);
    assert_int_equal(p.sex, SEX_FEMALE); /* the report still counts */
    assert_true(world_count(w, "SELECT count(*) FROM attendances WHERE person_id = 6") == 1);
    assert_int_equal(person_export(w->a, w->db, &w->event, 6, &json), 0);
    assert_true(str_find(json, S("secret")) < 0 && str_find(json, S("@")) < 0);
    assert_int_equal(person_change(w->db, &w->event, &(struct person){.id = 6, .org_id = 3,
                                   .name = S("Back"), .lang = S("tk")}, T0), ERR_STATE);
    assert_int_equal(invitation_renew(w->db, &w->event, 6, T0), ERR_NOT_FOUND);
}

/* What was over at `at` is there half a day before its period has passed, and gone half a day
 * after. */
static void retained(struct world *w, int kind, usec at, const char *sql)
{
    usec end = at + retention_days(kind) * USEC_DAY;
    struct retention_report rep;

    assert_int_equal(retention_run(w->db, &w->system, end - USEC_DAY / 2, &rep), 0);
    assert_int_equal(rep.n[kind], 0);
    assert_true(world_count(w, sql) == 1);
    assert_int_equal(retention_run(w->db, &w->system, end + USEC_DAY / 2, &rep), 0);
    assert_int_equal(rep.n[kind], 1);
    assert_true(world_count(w, sql) == 0);
}

/* Each kind of record goes when its period has passed, and not a day before. */
static void periods(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    usec end = s.starts_at > T0 ? s.starts_at : T0;
    struct account in = {.login = S("gone"), .name = S("Gone"), .lang = S("en"),
                         .password_hash = S("h"), .rights = RIGHT_EVENT};
    struct retention_report rep;
    char token[SESSION_TOKEN_TEXT];
    int64_t account;

    assert_int_equal(account_add(w->db, &actor_server, &in, T0, &account), 0);
    assert_int_equal(session_add_staff(w->db, account, S("Browser"), T0, token), 0);
    retained(w, RETENTION_SESSION, T0 + SESSION_STAFF_US,
             "SELECT count(*) FROM sessions WHERE agent = 'Browser'");
    assert_int_equal(account_close(w->db, &actor_server, account, T0), 0);
    retained(w, RETENTION_ACCOUNT, T0, "SELECT count(*) FROM accounts WHERE login = 'gone'");
    assert_int_equal(reply_put(w->db, &w->event, 6, REPLY_ACCEPTED, S("words"), T0), 0);
    assert_int_equal(retention_run(w->db, &w->system, end + 89 * USEC_DAY, &rep), 0);
    assert_int_equal(rep.n[RETENTION_NOTE], 0);
    assert_int_equal(retention_run(w->db, &w->system, end + 91 * USEC_DAY, &rep), 0);
    assert_int_equal(rep.n[RETENTION_NOTE], 1);
    assert_int_equal(rep.n[RETENTION_PERSON], 0);
    assert_true(world_count(w, "SELECT count(*) FROM replies WHERE note IS NOT NULL") == 0);
    assert_int_equal(retention_run(w->db, &w->system, end + 732 * USEC_DAY, &rep), 0);
    assert_true(rep.n[RETENTION_PERSON] == world_count(w, "SELECT count(*) FROM persons"));
    assert_true(world_count(w, "SELECT count(*) FROM persons WHERE email IS NOT NULL") == 0);
    assert_int_equal(retention_run(w->db, &w->system, end + 733 * USEC_DAY, &rep), 0);
    assert_int_equal(rep.n[RETENTION_PERSON], 0);
    assert_int_equal(retention_run(w->db, &w->event, end, &rep), ERR_DENIED);
}

static void link_to(struct world *w, int64_t kit_id, const char *person)
{
    assert_int_equal(kit_link_add(w->db, &w->editor, &w->secret, kit_id, str_c(person), T0), 0);
}

static int64_t kit_until(struct world *w, const char *slug, usec opens_at)
{
    struct kit k = {.slug = str_c(slug), .opens_at = opens_at, .is_shown = true, .revision = 1};

    assert_int_equal(kit_add(w->db, &w->editor, k.slug, false, T0, &k.id), 0);
    assert_int_equal(kit_save(w->db, &w->editor, &k, T0), 0);
    return k.id;
}

/* By the only link to the kit. */
static int opened(struct world *w, const char *slug, struct kit *ret_kit)
{
    char token[KIT_LINK_TOKEN];
    struct stmt *q = db_stmt(w->db, "SELECT kit_link_id FROM kit_links JOIN kits USING (kit_id)"
                                    " WHERE slug = ?1");
    int64_t id = 0;

    stmt_str(q, 1, str_c(slug));
    assert_int_equal(stmt_row(q), 1);
    id = col_i64(q, 0);
    stmt_end(q);
    kit_link_token(&w->secret, id, token);
    return kit_by_link(w->a, w->db, str_c(token), S("en"), ret_kit);
}

/* Which journalist had a kit before its moment: from that moment on, or from the link's end. */
static void periods_of_kit_links(void **state)
{
    struct world *w = *state;
    usec opens_at = T0 + 200 * USEC_DAY;
    int64_t kit = kit_until(w, "later", opens_at), third;
    struct kit k;

    link_to(w, kit, "Third, Herald");
    third = world_count(w, "SELECT kit_link_id FROM kit_links");
    assert_int_equal(kit_link_close(w->db, &w->editor, kit, third, T0 + 10 * USEC_DAY), 0);
    link_to(w, kit, "First, Herald");
    link_to(w, kit_until(w, "open", 0), "Second, Herald");
    retained(w, RETENTION_KIT_LINK, T0,
             "SELECT count(*) FROM kit_links WHERE person LIKE 'Second%'");
    retained(w, RETENTION_KIT_LINK, T0 + 10 * USEC_DAY,
             "SELECT count(*) FROM kit_links WHERE person LIKE 'Third%'");
    retained(w, RETENTION_KIT_LINK, opens_at,
             "SELECT count(*) FROM kit_links WHERE person LIKE 'First%'");
    /* what was taken back is gone; what works goes on, and names nobody */
    assert_int_equal(world_count(w, "SELECT count(*) FROM kit_links WHERE person = ''"), 2);
    assert_int_equal(world_count(w, "SELECT count(*) FROM kit_links"), 2);
    assert_int_equal(opened(w, "later", &k), 0);
    assert_int_equal(opened(w, "open", &k), 0);
    assert_str(k.slug, "open");
}

#define OGUL "ogul@herald.example"

static int64_t ogul_add(struct world *w)
{
    const struct person in = {.id = w->member.person_id, .org_id = 3, .name = S("Ogul Nazar"),
                              .email = S(OGUL), .lang = S("tk")};

    assert_int_equal(person_change(w->db, &w->event, &in, T0), 0);
    return in.id;
}

/* Is a link as it was given in what the person is told? */
static bool is_told(struct world *w, int64_t id, const char *given)
{
    str json;

    assert_int_equal(person_export(w->a, w->db, &w->event, id, &json), 0);
    return str_find(json, arena_printf(w->a, "\"kit\": \"later\", \"given_to\": \"%s\"",
                                       given)) > 0;
}

static bool is_kept(struct world *w, const char *given)
{
    struct stmt *q = db_stmt(w->db, "SELECT 1 FROM kit_links WHERE person = ?1");
    int r;

    stmt_str(q, 1, str_c(given));
    r = stmt_row(q);
    stmt_end(q);
    assert_true(r >= 0);
    return r > 0;
}

/* Given out and erased with the person, where the link names them; others' stay. */
static void kit_links_of_a_person(void **state)
{
    static const char *const theirs[] = {"Ogul Nazar", "Ogul Nazar, Herald", "Ogul Nazar (Herald)",
                                         "O. N., Ogul@Herald.example", "Herald (" OGUL ")",
                                         "Written to " OGUL ".", "j" OGUL ", " OGUL};
    static const char *const others[] = {"Ogul Nazarowa, Herald", "Ogul", "Herald: Ogul Nazar",
                                         "j" OGUL, "a.b-" OGUL, OGUL ".org", OGUL "s, Herald"};
    struct world *w = *state;
    int64_t kit = kit_until(w, "later", T0 + USEC_DAY), id = ogul_add(w);

    for (size_t i = 0; i < NELEM(theirs); i++)
        link_to(w, kit, theirs[i]);
    for (size_t i = 0; i < NELEM(others); i++)
        link_to(w, kit, others[i]);
    for (size_t i = 0; i < NELEM(theirs); i++)
        if (!is_told(w, id, theirs[i]))
            fail_msg("%s: not told", theirs[i]);
    for (size_t i = 0; i < NELEM(others); i++)
        if (is_told(w, id, others[i]))
            fail_msg("%s: told", others[i]);
    assert_int_equal(person_erase(w->db, &w->event, id, T0), 0);
    for (size_t i = 0; i < NELEM(others); i++)
        if (!is_kept(w, others[i]))
            fail_msg("%s: gone", others[i]);
    assert_int_equal(world_count(w, "SELECT count(*) FROM kit_links"), NELEM(others));
}

/* Who agreed to a quotation is on record, and goes from there with the person; the day stays. */
static void consent_of_a_person(void **state)
{
    const struct kit_item_in in = {.kind = KIT_QUOTE, .credit = S("Ogul")};
    const struct text_in words = {.lang = S("en"), .body = S("We help"), .revision = -1};
    struct world *w = *state;
    int64_t kit = kit_until(w, "later", T0 + USEC_DAY), id = ogul_add(w), item[2];

    for (int i = 0; i < 2; i++) {
        assert_int_equal(kit_item_add(w->db, &actor_server, kit, &in, T0, &item[i]), 0);
        assert_int_equal(kit_item_text_put(w->db, &actor_server, item[i], &words, T0), 0);
        assert_int_equal(kit_item_clear(w->db, &actor_server, item[i],
                                        i ? S("Ogul Nazarowa") : S("Ogul Nazar"), -1, T0), 0);
    }
    assert_int_equal(person_erase(w->db, &w->event, id, T0), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM kit_items WHERE cleared_at IS NOT NULL"
                                    " AND cleared_by IN ('–', 'Ogul Nazarowa')"), 2);
    assert_int_equal(world_count(w, "SELECT count(*) FROM kit_items WHERE cleared_by = '–'"), 1);
}

/* Another one on record bears the name: the link may be theirs, so it works on and names nobody. */
static void kit_links_of_a_namesake(void **state)
{
    const struct person other = {.org_id = 1, .name = S("Ogul Nazar"), .lang = S("tk")};
    struct world *w = *state;
    int64_t kit = kit_until(w, "later", T0 + USEC_DAY), id = ogul_add(w), namesake;
    struct kit k;

    assert_int_equal(person_put(w->db, &w->event, &other, T0, &namesake), 0);
    link_to(w, kit, "Ogul Nazar, Herald");
    link_to(w, kit, "Ogul Nazar, " OGUL);
    assert_true(is_told(w, id, "Ogul Nazar, " OGUL));
    assert_false(is_told(w, namesake, "Ogul Nazar, " OGUL));
    assert_false(is_told(w, id, "Ogul Nazar, Herald"));
    assert_false(is_told(w, namesake, "Ogul Nazar, Herald"));
    assert_int_equal(person_erase(w->db, &w->event, id, T0), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM kit_links"), 1);
    assert_true(is_kept(w, ""));
    assert_int_equal(opened(w, "later", &k), 0);
}

static void last_account(void **state)
{
    struct world *w = *state;
    struct account in = {.login = S("a"), .name = S("A"), .lang = S("en"),
                         .password_hash = S("h"), .rights = RIGHT_SYSTEM};
    struct actor who = w->system;
    struct session_list l;
    char token[SESSION_TOKEN_TEXT];
    int64_t a, b;

    assert_int_equal(account_add(w->db, &actor_server, &in, T0, &a), 0);
    in.login = S("b");
    assert_int_equal(account_add(w->db, &actor_server, &in, T0, &b), 0);
    who.account_id = a;
    assert_int_equal(session_add_staff(w->db, b, S("Browser"), T0, token), 0);
    assert_int_equal(session_list_of(w->a, w->db, &who, b, T0, &l), 0);
    assert_int_equal(l.n, 1);
    assert_int_equal(session_list_of(w->a, w->db, &w->event, b, T0, &l), ERR_DENIED);
    assert_int_equal(account_close(w->db, &who, b, T0), 0);
    assert_int_equal(account_rights_set(w->db, &who, a, RIGHT_EVENT, T0), ERR_STATE);
    assert_int_equal(account_close(w->db, &who, a, T0), ERR_STATE);
    assert_int_equal(account_change(w->db, &who, a, S(""), S("en")), ERR_RANGE);
    assert_int_equal(account_change(w->db, &w->event, a, S("x"), S("en")), ERR_DENIED);
    assert_int_equal(account_change(w->db, &who, a, S("Name"), S("tk")), 0);
}

/* A trial says what would be, and leaves no trace; a completed name counts once it is agreed to. */
static void trial(void **state)
{
    const str list = S("organisation,role,e-mail\n"
                               "State News Agency,participant,x@tdh.example\n"
                               "tdh,participant,y@tdh.example\n"
                               "tdh,participant,desk@tdh.example\n");
    struct world *w = *state;
    struct import_job job = {.seminar_id = w->demo.live_id, .now = T0, .is_trial = true};
    struct import_report rep;
    struct import_seminar s = {0};
    str given = S("State News Agency");
    int64_t people = world_count(w, "SELECT count(*) FROM persons");

    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, list, &rep), 0);
    assert_int_equal(rep.nadded, 2);
    assert_int_equal(rep.nmatches, 1);
    assert_str(rep.match[0].given, "State News Agency");
    assert_int_equal(rep.ntaken, 3);
    assert_int_equal(rep.taken[1].line, 3);
    assert_true(world_count(w, "SELECT count(*) FROM persons") == people);
    job.is_trial = false;
    job.is_checked = true;
    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, list, &rep), 0);
    assert_int_equal(rep.nadded, 1);
    assert_int_equal(rep.fault[0].reason, IMPORT_NOT_CONFIRMED);
    job.confirmed = &given;
    job.nconfirmed = 1;
    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, list, &rep), 0);
    assert_int_equal(rep.nadded, 1);
    assert_int_equal(rep.nfaults, 0);
    people = world_count(w, "SELECT count(*) FROM seminars");
    job = (struct import_job){.now = T0, .is_trial = true, .slug = S("tried")};
    assert_int_equal(
        import_seminar(w->a, w->db, &w->event, &job, world_file(w, "seminar.json"), &s), 0);
    assert_true(s.is_new && s.nitems == 8 && s.norgs == 7);
    assert_true(world_count(w, "SELECT count(*) FROM seminars") == people);
}

/* The record knows nothing of requests for help: no table, no column, whoever asks. */
static void help_is_elsewhere(void **state)
{
    struct world *w = *state;

    assert_true(world_count(w, "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%sealed%'"
                               " OR name LIKE '%request%' OR name LIKE '%help%'") == 0);
}

static const struct CMUnitTest tests[] = {
    ROW(slugs),   ROW(zones),  ROW(countries), ROW(versions),     ROW(agenda),
    ROW(copied),  ROW(refused), ROW(moved),    ROW(erased),       ROW(periods),
    ROW(periods_of_kit_links), ROW(kit_links_of_a_person),
    ROW(kit_links_of_a_namesake), ROW(consent_of_a_person),
    ROW(last_account), ROW(trial), ROW(help_is_elsewhere),
};
SUITE(convene);
