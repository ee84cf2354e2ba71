#include "suite.h"

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
    struct db *db = NULL;

    assert_int_equal(db_open_write(f->path, &db), 0);
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

static const struct CMUnitTest tests[] = {ROW(again), ROW(newer), ROW(another_text), ROW(half)};
SUITE(migrate);
