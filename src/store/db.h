/*
 * A connection to the SQLite file and its statements. The only header through which SQL passes;
 * sqlite3.h is included by store/ alone. A connection belongs to one thread. Statements are
 * literals, prepared once per connection and cached by their address; parameters are always bound.
 *
 *     struct stmt *q = db_stmt(db, "SELECT title FROM seminars WHERE seminar_id = ?1");
 *     stmt_i64(q, 1, id);
 *     while ((r = stmt_row(q)) > 0)
 *         title = arena_str(a, col_str(q, 0));
 *     // r is 0 at the end or an error; the statement is reset by itself at both
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/types.h"

struct db;
struct stmt;

/* Only for reading; sees what is committed at the start of each statement (or of db_read_begin). */
int db_open_read(const char *path, struct db **ret_db);
/*
 * Creates the file, WAL, synchronous=FULL, foreign keys; brings the schema up to now. Only the
 * writer calls it.
 */
int db_open_write(const char *path, struct db **ret_db);
/* As db_open_write for the file of requests for help (mode 0600); only domain/help.c calls it. */
int db_open_help(const char *path, struct db **ret_db);
/* In memory with the whole schema, for tests. */
int db_open_memory(struct db **ret_db);
/* Another with all that is in it: for tests, each of which wants a world of its own. */
int db_copy_memory(struct db *from, struct db **ret_db);
/* NULL-safe; statements end with it. */
void db_close(struct db *db);

/*
 * Never NULL: on a fault it gives a statement whose stmt_row returns the error. sql must be a
 * literal.
 */
struct stmt *db_stmt(struct db *db, const char *sql);
/* Parameters count from 1. A str is copied at the row call; an unset str binds NULL. */
void stmt_i64(struct stmt *q, int i, int64_t v);
void stmt_f64(struct stmt *q, int i, double v);
void stmt_str(struct stmt *q, int i, str v);
void stmt_blob(struct stmt *q, int i, const void *p, size_t n);
void stmt_null(struct stmt *q, int i);
/*
 * 1: a row; 0: done; < 0: ERR_CONFLICT (unique, foreign key, check), ERR_BUSY, ERR_DISK_FULL,
 * ERR_STORE.
 */
int stmt_row(struct stmt *q);
/* For statements without rows: runs to the end; 0 or error. */
int stmt_run(struct stmt *q);
/* Ends a statement before its last row. */
void stmt_end(struct stmt *q);
/* Columns count from 0. Texts are valid until the next stmt_row; NULL gives the unset str / 0. */
int64_t col_i64(struct stmt *q, int i);
double col_f64(struct stmt *q, int i);
str col_str(struct stmt *q, int i);
bool col_is_null(struct stmt *q, int i);
int64_t db_last_id(const struct db *db);
int64_t db_changes(const struct db *db);
/*
 * Rows changed since the connection was opened; to see whether several statements changed anything.
 */
int64_t db_total_changes(const struct db *db);

/* A consistent view over several reads. */
int db_read_begin(struct db *db);
void db_read_end(struct db *db);
/* Savepoints nest inside the writer's group; rollback undoes to the mark. */
int db_mark(struct db *db);
int db_release(struct db *db);
void db_rollback(struct db *db);
/*
 * One transaction of its own, for the writer and for commands that run alone. abort undoes all
 * since begin.
 */
int db_begin(struct db *db);
int db_commit(struct db *db);
void db_abort(struct db *db);
/* Inside a transaction? A full disk may have ended it behind our back. */
bool db_is_open(const struct db *db);
/* Several statements without parameters, as a migration has them. */
int db_script(struct db *db, const char *sql);
/* The file may not grow over this many pages (4 KiB): a quota, and the full disk of tests. */
int db_set_max_pages(struct db *db, int64_t pages);
/* File and log sizes and statements at hand; a person reads it. */
struct sb;
void db_print(const struct db *db, struct sb *to);
/* Prints tables, columns and their comments, as `kengesh schema` shows them. */
void db_schema_print(struct db *db, struct sb *to);

#endif
