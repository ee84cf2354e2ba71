#include "suite.h"

#include <sys/stat.h>

/* Numbers may have gaps. */
static int64_t number_of_migrations(void)
{
    int64_t n = 0;

    for (size_t i = 0; i < nmigrations; i++)
        n += !migrations[i].is_help;
    return n;
}

static void again(void **state)
{
    struct folder *f = *state;
    mode_t before = umask(0);
    struct db *db = NULL;
    struct stat s;

    assert_int_equal(db_open_write(f->path, &db), 0);
    umask(before);
    assert_int_equal(stat(f->path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600); /* whatever the umask allows */
    assert_int_equal(one_number(db, "SELECT max(version) FROM migrations"), migrate_newest(false));
    db_close(db);
    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM migrations"), number_of_migrations());
    db_close(db);
}

static void reopen_after(struct folder *f, const char *sql, int want)
{
    struct db *db = NULL;

    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(db_script(db, sql), 0);
    db_close(db);
    db = NULL;
    assert_int_equal(db_open_write(f->path, &db), want);
    db_close(db);
}

static void newer(void **state)
{
    reopen_after(*state, "INSERT INTO migrations VALUES (9999, '9999_later.sql', '00', 0)",
                 ERR_SCHEMA);
}

static void another_text(void **state)
{
    reopen_after(*state, "UPDATE migrations SET hash = 'abc' WHERE version = 1", ERR_SCHEMA);
}

/*
 * A migration that fails leaves nothing behind: what it had made is not there, and it is not
 * recorded.
 */
static void half(void **state)
{
    struct folder *f = *state;
    struct db *db = NULL;

    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(
        db_script(db, "DELETE FROM migrations; DROP TABLE text_history; DROP TABLE text_versions;"
                      "DROP INDEX seminar_times"),
        0);
    db_close(db);
    db = NULL;
    /* The first table of 0001 is there already, so 0001 fails. */
    assert_int_equal(db_open_write(f->path, &db), ERR_STORE);
    assert_null(db);
    assert_int_equal(db_open_read(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM migrations"), 0);
    assert_int_equal(
        one_number(db, "SELECT count(*) FROM sqlite_master WHERE name = 'text_versions'"), 0);
    db_close(db);
}

/*
 * A store from before feed_spells: a first consent tells since when feeds were allowed; of one that
 * was changed, the end alone.
 */
static void spells(void **state)
{
    struct folder *f = *state;
    struct db *db = NULL;

    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(
        db_script(db,
                  "DELETE FROM migrations WHERE version = 17; DROP TABLE feed_spells;"
                  "ALTER TABLE consents ADD COLUMN feeds_ended_at INTEGER;"
                  "INSERT INTO texts (text_id) VALUES (1), (2);"
                  "INSERT INTO news (news_id, slug, kind, title_text_id, body_text_id, is_sample,"
                  " added_at) VALUES (1, 'a', 2, 1, 2, 0, 10), (2, 'b', 2, 1, 2, 0, 10),"
                  " (3, 'c', 2, 1, 2, 0, 10), (4, 'd', 2, 1, 2, 0, 10);"
                  "INSERT INTO news_steps (news_step_id, news_id, lang, revision, from_state,"
                  " to_state, title_revision, body_revision, at) VALUES"
                  " (1, 1, 'en', 1, 0, 1, 0, 0, 10), (2, 3, 'en', 1, 0, 1, 0, 0, 15),"
                  " (3, 1, 'en', 2, 4, 7, 0, 0, 20), (4, 1, 'en', 3, 7, 9, 0, 0, 30);"
                  "INSERT INTO consents (news_id, pseudonym, giver, scope, paper, given_day,"
                  " revision, changed_at, feeds_ended_at) VALUES"
                  " (1, 'x', 1, 3, 'x', 'x', 1, 20, NULL), (2, 'x', 1, 3, 'x', 'x', 2, 20, NULL),"
                  " (3, 'x', 1, 1, 'x', 'x', 2, 20, 15), (4, 'x', 1, 1, 'x', 'x', 1, 20, NULL);"),
        0);
    db_close(db);
    db = NULL;
    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM feed_spells"), 3);
    assert_int_equal(
        one_number(db, "SELECT count(*) FROM feed_spells WHERE (news_id, from_step) IN"
                       " (VALUES (1, 3), (2, 0)) AND to_step IS NULL AND to_at IS NULL"
                       " OR news_id = 3 AND from_step = 0 AND to_step = 2 AND to_at = 15"),
        3);
    db_close(db);
}

/*
 * A store from before rooms were forgotten at the desk's end, and certificates hidden with their
 * holder: of seminar 1, which is on air, the room stays; of 2, which has ended, it goes. Person 1
 * is a participant of 2, person 2 is protected there and person 3 erased.
 */
static void left_behind(void **state)
{
    struct folder *f = *state;
    struct db *db = NULL;

    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(
        db_script(db,
                  "PRAGMA foreign_keys = OFF; DELETE FROM migrations WHERE version = 25;"
                  "INSERT INTO seminars (seminar_id, programme_id, slug, title_text_id,"
                  " short_title_text_id, zone, starts_at, minutes, floor_lang, langs, policy,"
                  " state, sample, is_demo, added_at) VALUES"
                  " (1, 1, 'on', 1, 1, 'UTC', 1, 1, 'en', 'en', 1, 3, 0, 0, 1),"
                  " (2, 1, 'over', 1, 1, 'UTC', 1, 1, 'en', 'en', 1, 4, 0, 0, 1);"
                  "INSERT INTO persons (person_id, org_id, name, function, lang, sex, age,"
                  " added_at, changed_at) VALUES (1, 1, 'One', 'f', 'en', 0, 0, 1, 1),"
                  " (2, 1, 'Two', 'A witness', 'en', 0, 0, 1, 1),"
                  " (3, 1, NULL, NULL, 'en', 0, 0, 1, 1);"
                  "INSERT INTO invitations (seminar_id, person_id, role, generation, reply) VALUES"
                  " (2, 1, 6, 1, 0), (2, 2, 8, 1, 0), (1, 1, 8, 1, 0);"
                  "INSERT INTO rooms VALUES (1, 0, 0, 0), (2, 0, 0, 0);"
                  "INSERT INTO room_persons (seminar_id, person_id, hand, is_muted, is_removed)"
                  " VALUES (1, 1, 0, 0, 0), (2, 1, 0, 0, 0);"
                  "INSERT INTO room_places VALUES (x'01', 1, 1), (x'02', 2, 1);"
                  "INSERT INTO room_chats (seminar_id, number, person_id, name, body, said_at)"
                  " VALUES (1, 1, 1, 'a', 'b', 1), (2, 1, 1, 'a', 'b', 1);"
                  "INSERT INTO certificates (seminar_id, person_id, code, lang, printed, issued_at,"
                  " is_replaced, reason) SELECT 2, column1, column1, 'en',"
                  " json_object('name', column2, 'name_by', column3, 'organisation', 'Firm',"
                  " 'share', 90), 1, 0, 'why' FROM (VALUES (1, 'One', 'record'),"
                  " (2, 'Two', 'holder'), (3, '', 'erased'));"),
        0);
    db_close(db);
    db = NULL;
    assert_int_equal(db_open_write(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT (SELECT sum(seminar_id) FROM rooms) * 1000"
                                    " + (SELECT sum(seminar_id) FROM room_persons) * 100"
                                    " + (SELECT sum(seminar_id) FROM room_places) * 10"
                                    " + (SELECT sum(seminar_id) FROM room_chats)"),
                     1111);
    assert_int_equal(
        one_number(db, "SELECT count(*) FROM certificates WHERE printed ->> 'share' = 90"
                       " AND (person_id, printed ->> 'name', printed ->> 'name_by',"
                       " printed ->> 'organisation') IN (VALUES (1, 'One', 'record', 'Firm'),"
                       " (2, 'A witness', 'pseudonym', ''), (3, '', 'erased', ''))"),
        3);
    assert_int_equal(one_number(db, "SELECT sum(person_id) FROM certificates"
                                    " WHERE length(code) = 20 AND reason IS NULL"),
                     2);
    db_close(db);
}

static const struct CMUnitTest tests[] = {ROW(again), ROW(newer), ROW(another_text), ROW(half),
                                          ROW(spells), ROW(left_behind)};
SUITE(migrate);
