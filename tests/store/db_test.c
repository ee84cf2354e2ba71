#include "suite.h"

#include "base/sb.h"
#include "store/slow.h"

#include <string.h>

static struct db *with_table(void)
{
    struct db *db = NULL;

    assert_int_equal(db_open_memory(&db), 0);
    assert_int_equal(db_script(db, "CREATE TABLE t (n INTEGER UNIQUE, s TEXT, b BLOB, f REAL)"), 0);
    return db;
}

static int put(struct db *db, int64_t n)
{
    struct stmt *q = db_stmt(db, "INSERT INTO t (n) VALUES (?1)");

    stmt_i64(q, 1, n);
    return stmt_run(q);
}

static void values(void **state)
{
    struct db *db = with_table();
    struct stmt *q = db_stmt(db, "INSERT INTO t (n, s, b, f) VALUES (?1, ?2, ?3, ?4)");
    char text[] = "gürleşik";

    (void)state;
    stmt_i64(q, 1, INT64_MIN);
    stmt_str(q, 2, str_c(text));
    stmt_blob(q, 3, "\0\1\2", 3);
    stmt_f64(q, 4, 0.5);
    memset(text, 'x', sizeof(text) - 1); /* it was copied */
    assert_int_equal(stmt_run(q), 0);
    q = db_stmt(db, "SELECT n, s, b, f, NULL, '' FROM t");
    assert_int_equal(stmt_row(q), 1);
    assert_true(col_i64(q, 0) == INT64_MIN);
    assert_true(str_eq(col_str(q, 1), S("gürleşik")));
    assert_true(str_eq(col_str(q, 2), S("\0\1\2")));
    assert_true(col_f64(q, 3) > 0.49 && col_f64(q, 3) < 0.51);
    assert_null(col_str(q, 4).p);
    assert_non_null(col_str(q, 5).p); /* empty is not unset */
    assert_true(col_is_null(q, 4));
    assert_int_equal(stmt_row(q), 0);
    /* Parameters of the last time are forgotten. */
    q = db_stmt(db, "INSERT INTO t (n, s, b, f) VALUES (?1, ?2, ?3, ?4)");
    assert_int_equal(stmt_run(q), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM t WHERE n IS NULL AND s IS NULL"), 1);
    db_close(db);
}

static void errors(void **state)
{
    struct db *db = with_table();
    struct stmt *q;

    (void)state;
    assert_int_equal(put(db, 1), 0);
    assert_int_equal(put(db, 1), ERR_CONFLICT);
    assert_int_equal(put(db, 2), 0); /* the statement is usable again */
    q = db_stmt(db, "SELECT nothing FROM nowhere");
    stmt_i64(q, 1, 1);
    assert_int_equal(stmt_row(q), ERR_STORE);
    q = db_stmt(db, "SELECT n FROM t");
    stmt_i64(q, 7, 1); /* there is no seventh parameter */
    assert_int_equal(stmt_row(q), ERR_STORE);
    assert_int_equal(db_open_read("/nowhere/at/all.db", &db), ERR_IO);
    db_close(db);
}

static int64_t nested_sum(struct db *db, int depth)
{
    struct stmt *q = db_stmt(db, "SELECT n FROM t ORDER BY n");
    int64_t sum = 0;

    while (stmt_row(q) > 0)
        sum += depth ? nested_sum(db, depth - 1) : col_i64(q, 0);
    return sum;
}

/* The same text used again inside its own walk. */
static void nested(void **state)
{
    struct db *db = with_table();

    (void)state;
    for (int i = 1; i <= 3; i++)
        assert_int_equal(put(db, i), 0);
    assert_int_equal(nested_sum(db, 2), 6 * 9);
    db_close(db);
}

static void marks(void **state)
{
    struct db *db = with_table();

    (void)state;
    assert_int_equal(db_begin(db), 0);
    assert_int_equal(put(db, 1), 0);
    assert_int_equal(db_mark(db), 0);
    assert_int_equal(put(db, 2), 0);
    assert_int_equal(db_mark(db), 0);
    assert_int_equal(put(db, 3), 0);
    db_rollback(db);
    assert_int_equal(db_release(db), 0);
    assert_int_equal(db_commit(db), 0);
    assert_int_equal(one_number(db, "SELECT sum(n) FROM t"), 3);
    assert_int_equal(db_begin(db), 0);
    assert_int_equal(put(db, 9), 0);
    db_abort(db);
    assert_false(db_is_open(db));
    assert_int_equal(one_number(db, "SELECT sum(n) FROM t"), 3);
    db_close(db);
}

/* Each goes its own way, and the copy holds to the same rules. */
static void copies(void **state)
{
    struct db *db = with_table(), *copy = NULL;

    (void)state;
    assert_int_equal(put(db, 1), 0);
    assert_int_equal(db_copy_memory(db, &copy), 0);
    assert_int_equal(put(db, 2), 0);
    assert_int_equal(put(copy, 4), 0);
    assert_int_equal(put(copy, 1), ERR_CONFLICT);
    assert_int_equal(one_number(db, "SELECT sum(n) FROM t"), 3);
    db_close(db);
    assert_int_equal(one_number(copy, "SELECT sum(n) FROM t"), 5);
    assert_int_equal(one_number(copy, "PRAGMA foreign_keys"), 1);
    assert_true(one_number(copy, "SELECT count(*) FROM migrations") > 0);
    db_close(copy);
}

static void reader(void **state)
{
    struct folder *f = *state;
    struct db *w = NULL, *r = NULL;

    assert_int_equal(db_open_write(f->path, &w), 0);
    assert_int_equal(db_open_read(f->path, &r), 0);
    assert_int_equal(stmt_run(db_stmt(r, "INSERT INTO texts DEFAULT VALUES")), ERR_STORE);
    assert_int_equal(db_read_begin(r), 0);
    assert_int_equal(one_number(r, "SELECT count(*) FROM texts"), 0);
    assert_int_equal(stmt_run(db_stmt(w, "INSERT INTO texts DEFAULT VALUES")), 0);
    assert_int_equal(one_number(r, "SELECT count(*) FROM texts"),
                     0); /* one view over several reads */
    db_read_end(r);
    assert_int_equal(one_number(r, "SELECT count(*) FROM texts"), 1);
    db_close(r);
    db_close(w);
}

static void schema(void **state)
{
    struct db *db = with_table();
    struct sb b = sb_init(NULL, 0);

    (void)state;
    db_schema_print(db, &b);
    /* Every column's comment is in the file itself. */
    assert_true(
        str_find(sb_str(&b), S("role          INTEGER NOT NULL,             -- enum role")) > 0);
    sb_done(&b);
    db_close(db);
}

/* The worst first, each text once; quick ones are nobody's business. */
static void slow(void **state)
{
    struct sb b = sb_init(NULL, 0);
    str text;

    (void)state;
    slow_note("SELECT 'quick'", SLOW_US - 1);
    slow_note("SELECT 'slow'", SLOW_US);
    slow_note("SELECT 'slower'", 2 * SLOW_US);
    slow_note("SELECT 'slow'", SLOW_US);
    slow_print(&b);
    text = sb_str(&b);
    assert_true(str_find(text, S("quick")) < 0);
    assert_true(str_find(text, S("50 ms      2  SELECT 'slow'\n")) > 0);
    assert_true(str_find(text, S("'slower'")) < str_find(text, S("'slow'")));
    sb_done(&b);
}

static const struct CMUnitTest tests[] = {ROW(slow),
                                          cmocka_unit_test(values),
                                          cmocka_unit_test(errors),
                                          cmocka_unit_test(nested),
                                          cmocka_unit_test(marks),
                                          cmocka_unit_test(copies),
                                          ROW(reader),
                                          cmocka_unit_test(schema)};
SUITE(db);
