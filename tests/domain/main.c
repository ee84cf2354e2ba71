/*
 * Joins the suites of the domain, and builds the world that each of their tests begins with.
 */
#include "suite.h"

#include "domain/account.h"
#include "domain/safety.h"
#include "domain/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct suite *const suites[] = {
    &desk_suite,        &picture_suite,    &story_suite,      &diff_suite,
    &right_suite,       &text_suite,       &session_suite,    &org_suite,     &seminar_suite,
    &invitation_suite,  &attendance_suite, &conclusion_suite, &news_suite,    &view_suite,
    &geo_suite,         &markdown_suite,   &ics_suite,        &csv_suite,     &zip_suite,
    &import_suite,      &demo_suite,       &day_suite,        &check_suite,   &search_suite,
    &search_rank_suite, &word_suite,       &quiz_suite,       &gain_suite,    &suppress_suite,
    &certificate_suite, &sheet_suite,      &sign_suite,       &contact_suite, &guide_suite,
    &reading_suite, &seen_suite, &sound_suite, &spoken_suite,
    &convene_suite,     &slides_suite,     &kit_suite,     &clip_suite,
    &breakdown_suite,
};

str world_file(struct world *w, const char *name)
{
    char path[1024];
    char *p = arena_alloc(w->a, 65536);
    FILE *f;
    size_t n;

    (void)snprintf(path, sizeof(path), "%s/%s", EXAMPLES, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    n = fread(p, 1, 65536, f);
    fclose(f);
    return (str){p, n};
}

int64_t world_count(struct world *w, const char *sql)
{
    struct stmt *q = db_stmt(w->db, sql);
    int64_t n;

    assert_int_equal(stmt_row(q), 1);
    n = col_i64(q, 0);
    stmt_end(q);
    return n;
}

const struct safety_in world_answers = {.faces = SAFETY_NO, .names = SAFETY_NO,
                                        .places = SAFETY_NO, .consent = SAFETY_NOBODY};

void world_check(struct world *w, int64_t news_id, const char *lang)
{
    const struct safety_of of = {.news_id = news_id, .revision = -1,
                                 .pictures_revision = -1, .lang = str_c(lang)};

    assert_int_equal(safety_put(w->db, &w->editor, &of, &world_answers, T0), 0);
}

struct seminar world_live(struct world *w)
{
    struct seminar s;

    assert_int_equal(seminar_by_id(w->a, w->db, w->demo.live_id, S("en"), &s), 0);
    return s;
}

usec world_seen_at(struct world *w, const char *folder, const char *slug)
{
    str path = arena_printf(w->a, "/%s/%s", folder, slug);
    struct search_page_list l;

    assert_int_equal(search_pages(w->a, w->db, 100, &l), 0);
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(l.row[i].path, path))
            return l.row[i].seen_at;
    fail_msg("%.*s is not there", STR(path));
    return 0;
}

static void member_find(struct world *w)
{
    struct stmt *q = db_stmt(w->db, "SELECT invitation_id, person_id FROM invitations"
                                    " WHERE seminar_id = ?1 AND role = 6 ORDER BY 1 LIMIT 1");

    stmt_i64(q, 1, w->demo.live_id);
    assert_int_equal(stmt_row(q), 1);
    w->member = (struct actor){.rights = RIGHT_PUBLIC | RIGHT_MEMBER,
                               .invitation_id = col_i64(q, 0),
                               .person_id = col_i64(q, 1),
                               .seminar_id = w->demo.live_id,
                               .role = 6};
    stmt_end(q);
}

/* The demonstration, imported once, before any test counts what it leaves: each has a copy. */
static struct world first;

static void first_new(void)
{
    struct demo_in in;

    first.a = arena_new();
    assert_int_equal(db_open_memory(&first.db), 0);
    in = (struct demo_in){.seminar_json = world_file(&first, "seminar.json"),
                          .invitations_csv = world_file(&first, "invitations.csv"),
                          .quiz_json = world_file(&first, "quiz.json"),
                          .contacts_json = world_file(&first, "contacts.json"),
                          .guides_json = world_file(&first, "guides.json"),
                          .kit_json = world_file(&first, "kit.json"),
                          .password_hash = S("no password opens this")};
    assert_int_equal(demo_import(first.a, first.db, &in, T0, &first.demo), 0);
}

static void first_free(void)
{
    db_close(first.db);
    arena_free(first.a);
}

int world_new(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    w->a = arena_new();
    w->demo = first.demo;
    assert_int_equal(db_copy_memory(first.db, &w->db), 0);
    memset(w->secret.key, 7, sizeof(w->secret.key));
    w->nobody = actor_public;
    w->event = (struct actor){.rights = RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_EVENT, .account_id = 1};
    w->editor =
        (struct actor){.rights = RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_EDITOR, .account_id = 1};
    w->system =
        (struct actor){.rights = RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_SYSTEM, .account_id = 1};
    member_find(w);
    *state = w;
    return 0;
}

int world_free(void **state)
{
    struct world *w = *state;

    db_close(w->db);
    arena_free(w->a);
    free(w);
    return 0;
}

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], name))
            return true;
    }
    return argc < 2;
}

int main(int argc, char **argv)
{
    int failed = 0;

    first_new(); /* the sweep's world is a copy of it too */
    if (sweep_is_asked(argc, argv)) {
        failed = sweep_run(domain_sweeps, ndomain_sweeps);
        first_free();
        return failed;
    }
    for (size_t i = 0; i < NELEM(suites); i++) {
        if (is_wanted(suites[i]->name, argc, argv))
            failed += _cmocka_run_group_tests(suites[i]->name, suites[i]->tests, suites[i]->n, NULL,
                                              NULL);
    }
    first_free();
    return failed != 0;
}
