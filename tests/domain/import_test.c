#include "suite.h"

#include "base/sb.h"
#include "domain/import.h"
#include "domain/invitation.h"

static struct import_report import(struct world *w, str bytes)
{
    struct import_job job = {.seminar_id = w->demo.live_id, .now = T0};
    struct import_report report = {0};

    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, bytes, &report), 0);
    return report;
}

static void twice(void **state)
{
    struct world *w = *state;
    int64_t before = db_total_changes(w->db);
    struct import_report r = import(w, world_file(w, "invitations.csv"));

    assert_int_equal(r.nrows, 18);
    assert_int_equal(r.nsame, 18);
    assert_int_equal(r.nadded + r.nchanged + r.nfaults, 0);
    assert_true(db_total_changes(w->db) == before);
}

static void russian(void **state)
{
    struct world *w = *state;
    struct import_report r = import(w, world_file(w, "invitations-ru-cp1251.csv"));
    struct invitation_list l;
    int64_t before;

    assert_string_equal(r.encoding, "windows-1251");
    assert_int_equal(r.separator, ';');
    assert_int_equal(r.nrows, 7);
    assert_int_equal(r.nadded, 6);
    assert_int_equal(r.nfaults, 1);
    assert_int_equal(r.fault[0].line, 8);
    assert_int_equal(r.fault[0].reason, IMPORT_NO_ORG);
    assert_str(r.fault[0].cell, "Неизвестная организация");
    before = db_total_changes(w->db);
    r = import(w, world_file(w, "invitations-ru-cp1251.csv"));
    assert_int_equal(r.nsame, 6);
    assert_true(db_total_changes(w->db) == before);
    assert_int_equal(invitation_list(w->a, w->db, &w->event, w->demo.live_id, S("ru"), &l), 0);
    assert_int_equal(l.n, 24);
    assert_int_equal(world_count(w, "SELECT count(*) FROM persons WHERE email IS NULL"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM persons WHERE function ="
                                    " 'Сотрудник по информации; волонтёры' AND country = 'TM'"), 1);
}

static void faults(void **state)
{
    static const struct {
        const char *row;
        int reason;
    } rows[] = {
        {"tdh,guest,tk,a@b.example,,,,x", IMPORT_NO_ROLE},
        {"tdh,host,fr,a@b.example,,,,x", IMPORT_NO_LANG},
        {"tdh,host,tk,not an address,,,,x", IMPORT_EMAIL},
        {"tdh,host,tk,a@b@c.example,,,,x", IMPORT_EMAIL},
        {"tdh,host,tk,a@b.example,unsure,,,x", IMPORT_SEX},
        {"tdh,host,tk,a@b.example,,29,,x", IMPORT_AGE},
        {"tdh,host,tk,a@b.example,,,Atlantis,x", IMPORT_COUNTRY},
        {"tdh,host,tk,,,,,", IMPORT_NOBODY},
        {"tdh,host,tk,a@b.example,,,,x,one too many", IMPORT_COLUMNS},
        {"Союз,host,tk,a@b.example,,,,x", IMPORT_SEVERAL_ORGS},
        {"tdh,host,tk,\"never closed", IMPORT_QUOTES},
    };
    struct world *w = *state;
    struct sb b = sb_init(w->a, 0);
    struct import_report r;

    sb_c(&b, "Organisation,Role,LANGUAGE,E-Mail,Gender,Age,Country,Position\n");
    sb_c(&b, "tdh,,,new@tdh.example,F,18–29,Кыргызстан,Taken\n");
    for (size_t i = 0; i < NELEM(rows); i++)
        sb_printf(&b, "%s\n", rows[i].row);
    r = import(w, sb_str(&b));
    assert_int_equal(r.nadded, 1);
    assert_int_equal(r.nfaults, NELEM(rows));
    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(r.fault[i].reason, rows[i].reason);
        assert_int_equal(r.fault[i].line, i + 3);
    }
    assert_int_equal(world_count(w, "SELECT sex * 100 + age FROM persons"
                                    " WHERE email = 'new@tdh.example'"
                                    " AND country = 'KG'"), SEX_FEMALE * 100 + AGE_18_29);
}

/* What a list does not say stays as it is known; somebody new gets what is usual. */
static void columns_missing(void **state)
{
    struct world *w = *state;
    struct import_report r =
        import(w, S("organisation;e-mail\nimo;expert@imo.example\nimo;new@imo.example\n"));

    assert_int_equal(r.nsame, 1);
    assert_int_equal(r.nadded, 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM persons JOIN invitations"
                                    " USING (person_id) WHERE email = 'expert@imo.example'"
                                    " AND sex = 1 AND age = 3 AND country = 'KG' AND lang = 'ru'"
                                    " AND function = 'Expert on migration and media'"
                                    " AND role = 3"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM persons JOIN invitations"
                                    " USING (person_id) WHERE email = 'new@imo.example'"
                                    " AND role = 6 AND lang = (SELECT floor_lang FROM seminars"
                                    " WHERE seminar_id = invitations.seminar_id)"), 1);
}

/* A column that only one of two lists has invites nobody twice; no two people become one. */
static void columns_between_lists(void **state)
{
    static const struct {
        const char *first, *then;
        unsigned nadded;
        const char *who; /* name, function and e-mail of all of that name afterwards */
    } rows[] = {
        {"name;function\ntdh;Aman;Editor", "name;role\ntdh;Aman;speaker", 0, "Aman/Editor/-"},
        {"name\ntdh;Bagul", "name;function\ntdh;Bagul;Editor", 0, "Bagul/Editor/-"},
        {"name;e-mail\ntdh;Dursun;d@tdh.example", "name\ntdh;Dursun", 0, "Dursun/-/d@tdh.example"},
        {"name\ntdh;Ejesh", "name;e-mail\ntdh;Ejesh;e@tdh.example", 0, "Ejesh/-/e@tdh.example"},
        {"name;function;e-mail\ntdh;Geldi;Editor;g@tdh.example", "name\ntdh;Geldi", 0,
         "Geldi/Editor/g@tdh.example"},
        /* two columns and none in common: may be two people, so it is two */
        {"name;function\ntdh;Hemra;Editor", "name;e-mail\ntdh;Hemra;h@tdh.example", 1,
         "Hemra/Editor/- Hemra/-/h@tdh.example"},
        {"name;e-mail\ntdh;Ilaman;i@tdh.example", "name;function\ntdh;Ilaman;Editor", 1,
         "Ilaman/-/i@tdh.example Ilaman/Editor/-"},
        {"name;function\ntdh;Oguz;Editor",
         "name;function;e-mail\ntdh;Oguz;Editor;o@tdh.example", 0, "Oguz/Editor/o@tdh.example"},
        /* an exact one goes before one that is alike */
        {"name;function\ntdh;Jeren;Editor\ntdh;Jeren;Reporter",
         "name;function\ntdh;Jeren;Reporter", 0, "Jeren/Editor/- Jeren/Reporter/-"},
        {"name;function\ntdh;Kerim;Editor", "name;function\ntdh;Kerim;Reporter", 1,
         "Kerim/Editor/- Kerim/Reporter/-"},
        {"name;e-mail\ntdh;Leyla;l@tdh.example", "name;e-mail\ntdh;Leyla;m@tdh.example", 1,
         "Leyla/-/l@tdh.example Leyla/-/m@tdh.example"},
        {"name;function\ntdh;Maral;Editor\ntdh;Maral;Reporter", "name\ntdh;Maral", 1,
         "Maral/Editor/- Maral/Reporter/- Maral/-/-"},
        {"name;function\ntdh;Nazar;Editor", "name;function\nimo;Nazar;Editor", 1,
         "Nazar/Editor/- Nazar/Editor/-"},
        /* two rows of one list are two people, in either order */
        {"name;function;e-mail\ntdh;Pena;;p@tdh.example\ntdh;Pena;Editor;",
         "name;function;e-mail\ntdh;Pena;Editor;\ntdh;Pena;;p@tdh.example", 0,
         "Pena/-/p@tdh.example Pena/Editor/-"},
        {"name;function;e-mail\ntdh;Rahym;Editor;r@tdh.example",
         "name;function;e-mail\ntdh;Rahym;;\ntdh;Rahym;Editor;r@tdh.example", 1,
         "Rahym/Editor/r@tdh.example Rahym/-/-"},
        {"name\ntdh;Sona", "name;e-mail\ntdh;Sona;s@tdh.example\ntdh;Sona;t@tdh.example", 2,
         "Sona/-/- Sona/-/s@tdh.example Sona/-/t@tdh.example"},
        {"name;e-mail\ntdh;Tawus;t@tdh.org.example",
         "name;e-mail\ntdh;Tawus;\ntdh;;t@tdh.org.example", 1,
         "Tawus/-/t@tdh.org.example Tawus/-/-"},
    };
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(rows); i++) {
        struct import_report r;
        struct stmt *q;
        str name = str_cut(str_c(rows[i].who), '/').head;

        r = import(w, arena_printf(w->a, "organisation;%s\n", rows[i].first));
        assert_true(r.nadded > 0 && r.nfaults == 0);
        for (int is_again = 0; is_again < 2; is_again++) {
            r = import(w, arena_printf(w->a, "organisation;%s\n", rows[i].then));
            if (r.nadded != (is_again ? 0 : rows[i].nadded) || r.nfaults)
                fail_msg("%s: %u added", rows[i].who, r.nadded);
        }
        q = db_stmt(w->db, "SELECT group_concat(name || '/' || coalesce(function, '-') || '/' ||"
                           " coalesce(email, '-'), ' ') FROM (SELECT * FROM persons WHERE name = ?1"
                           " ORDER BY person_id)");
        stmt_str(q, 1, name);
        assert_int_equal(stmt_row(q), 1);
        assert_str(col_str(q, 0), rows[i].who);
        stmt_end(q);
    }
}

/* Whom a seminar has as a protected speaker no list gives a function or a role by guessing. */
static void protected_stays(void **state)
{
    struct world *w = *state;
    struct import_report r =
        import(w, S("organisation;name;role\ntdh;Umida;protected speaker\n"));

    assert_int_equal(r.nadded, 1);
    r = import(w, S("organisation;name;function;role\ntdh;Umida;Reporter;participant\n"));
    assert_int_equal(r.nadded, 1);
    r = import(w, S("organisation;name;e-mail;role\ntdh;Umida;u@tdh.example;speaker\n"));
    assert_int_equal(r.nadded, 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM persons JOIN invitations"
                                    " USING (person_id) WHERE name = 'Umida' AND role = 8"
                                    " AND function IS NULL AND email IS NULL"), 1);
    /* named as on record, and without a role: it is she, and she stays it */
    r = import(w, S("organisation;name\ntdh;Umida\n"));
    assert_int_equal(r.nsame, 1);
}

static void changed(void **state)
{
    struct world *w = *state;
    struct import_report r = import(w, S("organisation;role;language;e-mail;function\n"
                                         "tdh;speaker;tk;desk@tdh.example;Editor\n"));

    assert_int_equal(r.nchanged, 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM invitations WHERE role = 3"), 2);
}

static void refused(void **state)
{
    struct world *w = *state;
    struct import_job job = {.seminar_id = w->demo.live_id, .now = T0};
    struct import_report r;

    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, S(""), &r), ERR_SYNTAX);
    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, S("a,b\n1,2\n"), &r),
                     ERR_SYNTAX);
    job.seminar_id = 999;
    assert_int_equal(import_invitations(w->a, w->db, &w->event, &job, S("a"), &r), ERR_NOT_FOUND);
}

/* UTF-16 with its mark, tabs: what a spreadsheet calls "Unicode text". */
static void utf16(void **state)
{
    static const char text[] = "organisation\tfunction\ntdh\tPhotographer\n";
    struct world *w = *state;
    char wide[2 * sizeof(text)] = "\xff\xfe";
    struct import_report r;

    for (size_t i = 0; i + 1 < sizeof(text); i++) {
        wide[2 + 2 * i] = text[i];
        wide[3 + 2 * i] = 0;
    }
    r = import(w, (str){wide, 2 * sizeof(text)});
    assert_string_equal(r.encoding, "UTF-16");
    assert_int_equal(r.separator, '\t');
    assert_int_equal(r.nadded, 1);
}

static void seminar_twice(void **state)
{
    struct world *w = *state;
    struct import_job job = {.now = T0 + 5};
    struct import_seminar done = {0};
    int64_t texts = world_count(w, "SELECT count(*) FROM texts");
    int64_t versions = world_count(w, "SELECT sum(revision) FROM text_versions");
    int64_t all = world_count(w, "SELECT count(*) FROM seminars");

    assert_int_equal(stmt_run(db_stmt(w->db, "UPDATE seminars SET is_demo = 1")), 0);
    assert_int_equal(
        import_seminar(w->a, w->db, &w->event, &job, world_file(w, "seminar.json"), &done), 0);
    assert_false(done.is_new);
    assert_int_equal(done.seminar_id, w->demo.record_id);
    assert_int_equal(world_count(w, "SELECT count(*) FROM texts"), texts);
    assert_int_equal(world_count(w, "SELECT sum(revision) FROM text_versions"), versions);
    assert_int_equal(world_count(w, "SELECT count(*) FROM seminars WHERE is_demo"), all);
    /* still archived */
    assert_int_equal(world_count(w, "SELECT count(*) FROM seminars WHERE state = 5"), 1);
}

static void seminar_faults(void **state)
{
    static const struct {
        const char *json, *where;
        int error;
    } rows[] = {
        {"", "line 1, column 0", ERR_SYNTAX},
        {"{\"a\":1,}", NULL, ERR_SYNTAX},
        {"{}", "organisations", ERR_RANGE},
        {"{\"organisations\":[{\"id\":\"x\",\"kind\":\"club\"}]}", "organisations[0].kind",
         ERR_RANGE},
        {"{\"organisations\":[{\"id\":\"x\",\"kind\":\"ngo\",\"name\":{\"en\":7}}]}",
         "organisations[0].name.en", ERR_RANGE},
        {"{\"organisations\":[],\"programme\":{\"slug\":\"p-q\",\"donor\":\"nobody\"}}",
         "programme.donor",
         ERR_RANGE},
        {"{\"organisations\":[],\"programme\":{\"slug\":\"p-q\"},"
         "\"seminar\":{\"network_policy\":\"wild\"}}",
         "seminar.network_policy", ERR_RANGE},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "more than 32 levels", ERR_SYNTAX},
    };
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(rows); i++) {
        struct import_job job = {.now = T0};
        struct import_seminar done = {0};

        assert_int_equal(import_seminar(w->a, w->db, &w->event, &job, str_c(rows[i].json), &done),
                         rows[i].error);
        if (rows[i].where)
            assert_str(done.fault, rows[i].where);
    }
}

static const struct CMUnitTest tests[] = {ROW(twice), ROW(russian), ROW(faults), ROW(changed),
                                          ROW(columns_missing), ROW(columns_between_lists),
                                          ROW(protected_stays), ROW(refused), ROW(utf16),
                                          ROW(seminar_twice), ROW(seminar_faults)};
SUITE(import);
