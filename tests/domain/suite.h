/*
 * The table of suites, and what every test of the domain begins with: a store in memory with the
 * demonstration imported. Time is an argument: every test begins at T0.
 */
#ifndef TESTS_DOMAIN_SUITE_H
#define TESTS_DOMAIN_SUITE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/demo.h"
#include "domain/secret.h"
#include "domain/seminar.h"
#include "store/db.h"
#include "sweep/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* 15 March 2027, 05:00 UTC. */
#define T0 ((usec)1805086800 * USEC_S)

struct suite {
    const char *name;
    const struct CMUnitTest *tests;
    size_t n;
};

struct world {
    struct arena *a;
    struct db *db;
    struct secret secret;
    struct demo demo;
    struct actor event, editor, system, nobody, member; /* member: participant of the live one */
};

/* cmocka setup and teardown; *state is a struct world. */
int world_new(void **state);
int world_free(void **state);
/* An example file, in w->a. */
str world_file(struct world *w, const char *name);
struct seminar world_live(struct world *w);
/* When what readers see at /folder/slug was last another, as the map of the site says it. */
usec world_seen_at(struct world *w, const char *folder, const char *slug);
/* A number out of the store. */
int64_t world_count(struct world *w, const char *sql);

/* Nobody at risk. */
extern const struct safety_in world_answers;
/* Answers the safety check of a version with nobody at risk in it. */
void world_check(struct world *w, int64_t news_id, const char *lang);

#define assert_str(got, want) assert_true(str_eq((got), str_c(want)))
#define SUITE(word)                                                                                \
    const struct suite word##_suite = {#word, tests, sizeof(tests) / sizeof(tests[0])}
#define ROW(fn) cmocka_unit_test_setup_teardown(fn, world_new, world_free)

extern const struct suite breakdown_suite, convene_suite;
extern const struct suite text_suite, session_suite, org_suite, seminar_suite, invitation_suite,
    attendance_suite, conclusion_suite, news_suite, view_suite, geo_suite, markdown_suite,
    ics_suite,
    csv_suite, zip_suite, import_suite, demo_suite, right_suite, day_suite, check_suite,
    search_suite, search_rank_suite, word_suite, quiz_suite, gain_suite, suppress_suite,
    certificate_suite, sheet_suite, sign_suite, contact_suite,
    guide_suite, reading_suite, seen_suite, sound_suite, spoken_suite,
    kit_suite, clip_suite, slides_suite, desk_suite, picture_suite, story_suite, diff_suite;

extern const struct sweep_row domain_sweeps[];
extern const size_t ndomain_sweeps;

#endif
