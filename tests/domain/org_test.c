#include "suite.h"

#include "domain/org.h"
#include "domain/person.h"
#include "domain/programme.h"

static void by_name(void **state)
{
    struct world *w = *state;
    struct org o;

    assert_int_equal(org_by_name(w->a, w->db, S("women-union"), &o), 0);
    assert_int_equal(org_by_name(w->a, w->db, S("Союз молодёжи"), &o), 0);
    assert_str(o.slug, "youth-union");
    assert_int_equal(org_by_name(w->a, w->db, S("СОЮЗ МОЛОДЕЖИ"), &o), 0);
    assert_str(o.slug, "youth-union");
    assert_int_equal(org_by_name(w->a, w->db, S("Информационное агентство \"Ориент\""), &o), 0);
    assert_str(o.slug, "orient");
    assert_int_equal(org_by_name(w->a, w->db, S("Государственное информационное агентство"), &o),
                     0);
    assert_str(o.slug, "tdh");
    assert_int_equal(org_by_name(w->a, w->db, S("Союз"), &o), ERR_CONFLICT);
    assert_int_equal(org_by_name(w->a, w->db, S("Неизвестная организация"), &o), ERR_NOT_FOUND);
    assert_int_equal(org_by_name(w->a, w->db, S("  "), &o), ERR_NOT_FOUND);
}

static void kinds(void **state)
{
    int kind = -1;

    (void)state;
    assert_int_equal(org_kind_parse(S("Mass organisation"), &kind), 0);
    assert_int_equal(kind, ORG_MASS_ORG);
    assert_int_equal(org_kind_parse(S("club"), &kind), ERR_NOT_FOUND);
    assert_string_equal(org_kind_name(ORG_NGO), "ngo");
    assert_string_equal(org_kind_name(ORG_KIND_COUNT), "?");
}

static void list(void **state)
{
    struct world *w = *state;
    struct org_in in = {.slug = S("tdh"), .kind = ORG_STATE_MEDIA, .country = S("TM")};
    struct org_list l;
    int64_t id = 0;

    assert_int_equal(org_list(w->a, w->db, S("tk"), &l), 0);
    assert_int_equal(l.n, 9);
    assert_str(l.row[5].name.body, "Zenanlar birleşigi");
    assert_int_equal(org_put(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(org_list(w->a, w->db, S("tk"), &l), 0);
    assert_int_equal(l.n, 9);
    in.country = S("Turkmenistan");
    assert_int_equal(org_put(w->db, &w->event, &in, T0, &id), ERR_RANGE);
}

static void person(void **state)
{
    struct world *w = *state;
    struct person p = {.org_id = 1, .function = S("Volunteer"), .lang = S("tk"), .age = AGE_18_29};
    int64_t a = 0, b = 0;

    assert_int_equal(person_put(w->db, &w->event, &p, T0, &a), 0);
    assert_int_equal(person_put(w->db, &w->event, &p, T0, &b), 0);
    assert_int_equal(a, b); /* without mail: the same organisation and function */
    p.name = S("Aman");
    assert_int_equal(person_put(w->db, &w->event, &p, T0, &b), 0);
    assert_int_not_equal(a, b);
    assert_str(person_shown(&p), "Aman");
    /* by hand nobody is guessed: a name alone is somebody else's */
    p.function = (str){0};
    assert_int_equal(person_put(w->db, &w->event, &p, T0, &a), 0);
    assert_int_not_equal(a, b);
    assert_int_equal(world_count(w, "SELECT count(*) FROM persons WHERE name = 'Aman'"), 2);
    assert_int_equal(person_lang_set(w->db, &w->member, b, S("ru"), T0), ERR_DENIED);
    assert_int_equal(person_lang_set(w->db, &w->member, w->member.person_id, S("ru"), T0), 0);
    assert_int_equal(person_by_id(w->a, w->db, &w->member, w->member.person_id, &p), 0);
    assert_str(p.lang, "ru");
    p = (struct person){.org_id = 1, .lang = S("tk")};
    assert_int_equal(person_put(w->db, &w->event, &p, T0, &b), ERR_RANGE);
    p = (struct person){.org_id = 999, .function = S("x"), .lang = S("tk")};
    assert_int_equal(person_put(w->db, &w->event, &p, T0, &b), ERR_CONFLICT);
}

static void programme(void **state)
{
    struct world *w = *state;
    struct programme_list l;

    assert_int_equal(programme_list(w->a, w->db, S("ru"), &l), 0);
    assert_int_equal(l.n, 1);
    assert_str(l.row[0].donor.name.body, "Министерство иностранных дел Норвегии");
    assert_str(l.row[0].region, "KZ,KG,TJ,TM,UZ");
    assert_true(l.row[0].is_period_sample);
}

static void removed_when_nobody_names_it(void **state)
{
    struct world *w = *state;
    struct org_in in = {.slug = S("law-clinic"), .kind = ORG_NGO};
    int64_t texts = world_count(w, "SELECT count(*) FROM texts"), id, used;
    struct org o;

    assert_int_equal(org_put(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(org_name_put(w->db, &w->event, id, S("en"), S("Law clinic"), T0), 0);
    assert_int_equal(org_remove(w->db, &w->editor, id), ERR_DENIED);
    assert_int_equal(org_remove(w->db, &w->event, id), 0);
    assert_int_equal(org_remove(w->db, &w->event, id), ERR_NOT_FOUND);
    assert_int_equal(world_count(w, "SELECT count(*) FROM texts"), texts);
    assert_int_equal(org_by_slug(w->a, w->db, S("tdh"), S("en"), &o), 0);
    used = o.id;
    assert_int_equal(org_remove(w->db, &w->event, used), ERR_CONFLICT);
    assert_int_equal(org_by_id(w->a, w->db, used, S("en"), &o), 0);
}

static const struct CMUnitTest tests[] = {ROW(by_name),   cmocka_unit_test(kinds),
                                          ROW(list),      ROW(person),
                                          ROW(programme), ROW(removed_when_nobody_names_it)};

SUITE(org);
