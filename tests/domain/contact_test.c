#include "suite.h"

#include "domain/contact.h"
#include "domain/contact_change.h"
#include "domain/hours.h"

static const struct {
    const char *text;
    int result;
} hours_texts[] = {
    {"mo-fr 09:00-18:00; sa 10:00-14:00", 0},
    {"24/7", 0},
    {"", 0},
    {"mo,we,fr 22:00-06:00", 0},
    {"sa-mo 00:00-24:00", 0},
    {"mo-fr", ERR_SYNTAX},
    {"xx 09:00-18:00", ERR_SYNTAX},
    {"mo 9:00-18:00", ERR_SYNTAX},
    {"mo 09:00-24:30", ERR_SYNTAX},
    {"mo 01:00-02:00;mo 01:00-02:00;mo 01:00-02:00;mo 01:00-02:00;mo 01:00-02:00;"
     "mo 01:00-02:00;mo 01:00-02:00;mo 01:00-02:00;mo 01:00-02:00",
     ERR_FULL},
};

static void hours_are_read(void **state)
{
    struct hours h;

    (void)state;
    for (size_t i = 0; i < NELEM(hours_texts); i++)
        assert_int_equal(hours_parse(str_c(hours_texts[i].text), &h), hours_texts[i].result);
}

/* T0 is Monday, 15 March 2027, 05:00 UTC: 10:00 in Ashgabat, 08:00 in Istanbul. */
static bool is_open(const char *text, const char *zone, usec at)
{
    struct hours h;

    assert_int_equal(hours_parse(str_c(text), &h), 0);
    return hours_is_open(&h, str_c(zone), at);
}

static void open_now(void **state)
{
    const usec hour = 3600 * USEC_S;

    (void)state;
    assert_true(is_open("mo-fr 09:00-18:00", "Asia/Ashgabat", T0));
    assert_false(is_open("mo-fr 09:00-18:00", "Europe/Istanbul", T0));
    assert_true(is_open("mo-fr 09:00-18:00", "Europe/Istanbul", T0 + hour));
    assert_false(is_open("tu-su 00:00-24:00", "Asia/Ashgabat", T0));
    assert_true(is_open("24/7", "Asia/Ashgabat", T0));
    assert_true(is_open("su 22:00-11:00", "Asia/Ashgabat", T0)); /* since yesterday */
    assert_false(is_open("su 22:00-10:00", "Asia/Ashgabat", T0));
    assert_true(is_open("mo 22:00-06:00", "Asia/Ashgabat", T0 + 13 * hour));
    assert_false(is_open("", "Asia/Ashgabat", T0));
    assert_false(is_open("mo-su 00:00-24:00", "Asia/Ashgabad", T0)); /* no place of the list */
}

static struct contact find(struct world *w, const char *slug, usec now)
{
    struct contact_ask ask = {.slug = str_c(slug), .lang = S("en"), .now = now};
    struct contact c;

    assert_int_equal(contact_by_slug(w->a, w->db, &w->editor, &ask, &c), 0);
    return c;
}

static size_t count(struct world *w, const char *country, usec now)
{
    struct contact_filter f = {.lang = S("ru"), .country = str_c(country)};
    struct contact_list l;

    assert_int_equal(contact_list(w->a, w->db, &w->nobody, &f, now, &l), 0);
    return l.n;
}

static void ages(void **state)
{
    struct world *w = *state;
    struct contact_ask ask = {.slug = S("sample-old-line"), .lang = S("en"), .now = T0};
    struct contact c;

    assert_int_equal(find(w, "sample-advice-line", T0).age, CONTACT_FRESH);
    assert_int_equal(find(w, "sample-advice-line", T0 + 78 * USEC_DAY).age, CONTACT_FRESH);
    assert_int_equal(find(w, "sample-advice-line", T0 + 79 * USEC_DAY).age, CONTACT_OLD);
    assert_int_equal(find(w, "sample-advice-line", T0 + 169 * USEC_DAY).age, CONTACT_HIDDEN);
    assert_int_equal(find(w, "sample-shelter", T0).age, CONTACT_OLD);
    assert_int_equal(contact_by_slug(w->a, w->db, &w->nobody, &ask, &c), ERR_NOT_FOUND);
    assert_int_equal(count(w, "", T0), 3);
    assert_int_equal(count(w, "UZ", T0), 1);
    assert_int_equal(count(w, "TR", T0), 3);
    assert_int_equal(count(w, "", T0 + 400 * USEC_DAY), 0);
}

static void tries(void **state)
{
    struct world *w = *state;
    struct contact_check miss = {.result = CONTACT_MISSED, .at = T0};
    struct contact_check answer = {.result = CONTACT_ANSWERED, .at = T0, .by = S("A. Checker")};
    int64_t id = find(w, "sample-advice-line", T0).id;

    assert_int_equal(contact_try(w->db, &w->event, id, &miss, T0), ERR_DENIED);
    assert_int_equal(contact_try(w->db, &w->editor, id, &miss, T0), 0);
    assert_int_equal(find(w, "sample-advice-line", T0).age, CONTACT_OLD);
    assert_int_equal(contact_try(w->db, &w->editor, id, &miss, T0), 0);
    assert_int_equal(find(w, "sample-advice-line", T0).age, CONTACT_HIDDEN);
    assert_int_equal(count(w, "", T0), 2);
    answer.revision = find(w, "sample-advice-line", T0).revision - 1;
    assert_int_equal(contact_try(w->db, &w->editor, id, &answer, T0), ERR_CONFLICT);
    answer.revision++;
    assert_int_equal(contact_try(w->db, &w->editor, id, &answer, T0 - 1), ERR_RANGE);
    assert_int_equal(contact_try(w->db, &w->editor, id, &answer, T0), 0);
    assert_int_equal(find(w, "sample-advice-line", T0).age, CONTACT_FRESH);
    assert_str(find(w, "sample-advice-line", T0).checked_by, "A. Checker");
    assert_int_equal(world_count(w, "SELECT count(*) FROM contact_checks"), 7);
}

static void changes(void **state)
{
    struct world *w = *state;
    struct contact c = find(w, "sample-advice-line", T0);
    struct contact_in in = {.slug = c.slug,
                            .answers = CONTACT_NGO,
                            .country = S("TM"),
                            .phone = c.phone,
                            .zone = c.zone,
                            .hours = c.hours,
                            .source = c.source,
                            .revision = c.revision,
                            .is_sample = true};
    int64_t id;

    assert_int_equal(contact_put(w->db, &w->event, &in, T0, &id), ERR_DENIED);
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), 0);
    assert_int_equal(find(w, "sample-advice-line", T0).age, CONTACT_FRESH);
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), ERR_CONFLICT);
    in.revision++;
    in.phone = S("+44 1632 960099");
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), 0);
    assert_int_equal(find(w, "sample-advice-line", T0).age,
                     CONTACT_HIDDEN); /* nobody has dialled it */
    in.revision = 0;
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), ERR_CONFLICT);
    in.slug = S("another");
    in.zone = S("Asia/Ashgabad");
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), ERR_RANGE);
    in.zone = c.zone;
    in.phone = S("call me");
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), ERR_RANGE);
    in.phone = (str){NULL, 0};
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id),
                     ERR_RANGE); /* no way to reach it */
    in.url = S("javascript:alert(1)");
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), ERR_RANGE);
    assert_int_equal(contact_remove(w->db, &w->editor, c.id, T0), 0);
    assert_int_equal(contact_remove(w->db, &w->editor, c.id, T0), ERR_NOT_FOUND);
    assert_int_equal(count(w, "TM", T0), 2);
}

/* The short name of one that was removed may be taken again, and SQLite gives its number too. */
static void another_by_the_same_name(void **state)
{
    struct world *w = *state;
    struct contact c = find(w, "sample-advice-line", T0);
    struct contact_in in = {.slug = S("again"), .answers = CONTACT_NGO, .country = S("TM"),
                            .phone = c.phone, .zone = c.zone, .source = c.source};
    struct contact_check miss = {.result = CONTACT_MISSED, .at = T0};
    int64_t first, second, id;

    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &first), 0);
    in.revision = find(w, "again", T0).revision;
    assert_int_equal(contact_remove(w->db, &w->editor, first, T0), 0);
    miss.revision = in.revision;
    in.revision = 0;
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &second), 0);
    assert_int_equal(first, second);
    in.phone = S("+44 1632 960099");
    in.revision = miss.revision;
    assert_int_equal(contact_put(w->db, &w->editor, &in, T0, &id), ERR_CONFLICT);
    assert_int_equal(contact_try(w->db, &w->editor, second, &miss, T0), ERR_CONFLICT);
    assert_true(str_eq(find(w, "again", T0).phone, c.phone));
}

static struct contact_change_list changed(struct world *w, usec since, usec now)
{
    struct contact_since ask = {.lang = S("en"), .since = since, .now = now};
    struct contact_change_list l;

    assert_int_equal(contact_changes(w->a, w->db, &ask, &l), 0);
    return l;
}

static int terms(struct world *w, int64_t id, str lang, str body, usec now)
{
    const struct text_in in = {.lang = lang, .body = body, .revision = -1};

    return contact_text_put(w->db, &w->editor, id, CONTACT_ELIGIBLE, &in, now);
}

/* Whom it helps may be unsaid again; each change is one for those who carry a copy. */
static void for_whom(void **state)
{
    struct world *w = *state;
    int64_t id = find(w, "sample-advice-line", T0).id;
    int64_t texts = world_count(w, "SELECT count(*) FROM texts");

    assert_null(find(w, "sample-advice-line", T0).eligible.body.p);
    assert_int_equal(terms(w, id, S("en"), S(""), T0), 0);
    assert_int_equal(terms(w, id, S("en"), S("All"), T0 + 1), 0);
    assert_int_equal(terms(w, id, S("ru"), S("Всем"), T0 + 2), 0);
    assert_str(find(w, "sample-advice-line", T0).eligible.body, "All");
    assert_int_equal(find(w, "sample-advice-line", T0).changed_at, T0 + 2);
    assert_int_equal(terms(w, id, S("ru"), S(""), T0 + 3), 0);
    assert_int_equal(find(w, "sample-advice-line", T0).changed_at, T0 + 3);
    assert_int_equal(terms(w, id, S("en"), S(""), T0 + 4), 0);
    assert_null(find(w, "sample-advice-line", T0).eligible.body.p);
    assert_int_equal(find(w, "sample-advice-line", T0).changed_at, T0 + 4);
    assert_int_equal(world_count(w, "SELECT count(*) FROM texts"), texts);
    assert_int_equal(contact_text_put(w->db, &w->editor, id, CONTACT_SERVICE,
                                      &(struct text_in){.lang = S("en"), .body = S("")}, T0),
                     ERR_RANGE);
}

/* Who carries a copy hears of every change: a check, a number that hides, one that is deleted. */
static void told(void **state)
{
    struct world *w = *state;
    const struct contact_check answer = {.result = CONTACT_ANSWERED, .at = T0};
    int64_t id = find(w, "sample-advice-line", T0).id;
    usec checked = find(w, "sample-shelter", T0).checked_at, day = USEC_DAY;
    struct contact_change_list l = changed(w, 0, T0);

    assert_int_equal(l.n, 4); /* one of them hides */
    assert_int_equal(changed(w, l.newest, T0).n, 0);
    assert_int_equal(changed(w, l.newest, T0).newest, l.newest);
    assert_int_equal(contact_try(w->db, &w->editor, id, &answer, T0 + day), 0);
    l = changed(w, T0, T0 + day);
    assert_int_equal(l.n, 1);
    assert_str(l.row[0].contact.slug, "sample-advice-line");
    assert_int_equal(l.row[0].at, T0 + day);
    /* Nobody touches the shelter, and one day it hides. */
    l = changed(w, T0 + day, checked + CONTACT_HIDE_DAYS * day + 1);
    assert_true(l.n >= 1);
    assert_int_equal(l.row[l.n - 1].contact.age, CONTACT_HIDDEN);
    assert_int_equal(contact_remove(w->db, &w->editor, id, T0 + 2 * day), 0);
    l = changed(w, T0 + day, T0 + 2 * day);
    assert_int_equal(l.n, 1);
    assert_true(l.row[0].is_gone);
    assert_str(l.row[0].contact.slug, "sample-advice-line");
    assert_int_equal(l.newest, T0 + 2 * day);
}

static void since(void **state)
{
    usec at = 7;

    (void)state;
    assert_int_equal(contact_since_parse(S("2026-11-26"), &at), 0);
    assert_int_equal(at, (usec)1795651200 * USEC_S);
    assert_int_equal(contact_since_parse(S("2026-11-26T08:00:01Z"), &at), 0);
    assert_int_equal(at, (usec)(1795651200 + 8 * 3600 + 1) * USEC_S);
    assert_int_equal(contact_since_parse(S("2026-11-26T08:00:01.000042Z"), &at), 0);
    assert_int_equal(at, (usec)(1795651200 + 8 * 3600 + 1) * USEC_S + 42);
    assert_int_equal(contact_since_parse(S("2026-11-26T08:00:01.00004xZ"), &at), ERR_RANGE);
    assert_int_equal(contact_since_parse((str){NULL, 0}, &at), 0);
    assert_int_equal(at, 0);
    assert_int_equal(contact_since_parse(S("yesterday"), &at), ERR_RANGE);
    assert_int_equal(contact_since_parse(S("2026-11-26T"), &at), ERR_RANGE);
    assert_int_equal(contact_since_parse(S("2026-02-30"), &at), ERR_RANGE);
}

static void imports(void **state)
{
    struct world *w = *state;
    unsigned added = 9;

    assert_int_equal(
        contact_import(w->a, w->db, &w->editor, world_file(w, "contacts.json"), T0, &added), 0);
    assert_int_equal(added, 0); /* a second time changes nothing */
    assert_int_equal(
        contact_import(w->a, w->db, &w->event, world_file(w, "contacts.json"), T0, &added),
        ERR_DENIED);
    assert_int_equal(contact_import(w->a, w->db, &w->editor, S("{}"), T0, &added), ERR_SYNTAX);
    assert_int_equal(contact_import(w->a, w->db, &w->editor, S("{\"contacts\":[1]}"), T0, &added),
                     ERR_SYNTAX);
    assert_int_equal(
        contact_import(w->a, w->db, &w->editor, S("{\"contacts\":[{\"slug\":\"x\"}]}"), T0, &added),
        ERR_RANGE);
}

static void countries(void **state)
{
    struct world *w = *state;
    str codes;

    assert_int_equal(contact_countries(w->a, w->db, T0, &codes), 0);
    assert_str(codes, "TM,TR,UZ,KG,TJ,KZ");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(hours_are_read),
    cmocka_unit_test(open_now),
    ROW(ages),
    ROW(tries),
    ROW(changes),
    ROW(another_by_the_same_name),
    ROW(for_whom), ROW(told),
    cmocka_unit_test(since),
    ROW(imports),
    ROW(countries),
};

SUITE(contact);
