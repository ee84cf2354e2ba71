/*
 * The newsroom's clock over a real store: what fell due while the server was down is published at
 * its start, with the moment that was set; what is not due is left alone.
 */
#include "suite.h"

#include "app/due.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/news.h"
#include "domain/safety.h"
#include "store/db.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AN_HOUR (3600 * USEC_S)

/* Scheduled yesterday for `at`. */
static void schedule(struct db *db, const char *slug, int64_t id, usec at)
{
    const struct desk_idea idea = {.slug = str_c(slug),
                                   .lang = S("en"),
                                   .title = str_c(slug),
                                   .body = S("x"),
                                   .kind = NEWS_REPORT};
    const struct safety_in no = {
        .faces = SAFETY_NO, .names = SAFETY_NO, .places = SAFETY_NO, .consent = SAFETY_NOBODY};
    const struct safety_of of = {.news_id = id, .lang = S("en"), .revision = -1,
                                 .pictures_revision = -1};
    const struct desk_step step = {
        .news_id = id, .lang = S("en"), .to = DESK_SCHEDULED, .revision = -1, .at = at};
    usec then = clock_wall() - USEC_DAY;

    assert_int_equal(desk_begin(db, &actor_server, &idea, then), 0);
    assert_int_equal(safety_put(db, &actor_server, &of, &no, then), 0);
    assert_int_equal(desk_move(db, &actor_server, &step, then), 0);
}

static void published_at_its_moment(void **state)
{
    char folder[] = "/tmp/kengesh-due-XXXXXX", path[64], log[80];
    struct arena *a = arena_new();
    usec past = clock_wall() - AN_HOUR;
    struct writer *writer;
    struct due *due;
    struct db *db;
    struct news n;

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/db", folder);
    assert_int_equal(db_open_write(path, &db), 0);
    schedule(db, "past", 1, past);
    schedule(db, "future", 2, clock_wall() + AN_HOUR);
    db_close(db);
    assert_int_equal(writer_new(path, &writer), 0);
    assert_int_equal(due_new(path, writer, &due), 0);
    due_free(due); /* it has looked once, and what it asked for is done */
    writer_free(writer);
    assert_int_equal(db_open_read(path, &db), 0);
    assert_int_equal(news_by_slug(a, db, &actor_public, S("past"), S("en"), &n), 0);
    assert_int_equal(n.published_at, past);
    assert_int_equal(news_by_slug(a, db, &actor_public, S("future"), S("en"), &n), ERR_NOT_FOUND);
    db_close(db);
    arena_free(a);
    unlink(path);
    for (int i = 0; i < 2; i++) {
        (void)snprintf(log, sizeof(log), "%s-%s", path, i ? "wal" : "shm");
        unlink(log);
    }
    rmdir(folder);
}

int due_test(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published_at_its_moment)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
