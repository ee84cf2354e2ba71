#include "store/migrate.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "store/db.h"

static const char table_sql[] =
    "CREATE TABLE IF NOT EXISTS migrations (\n"
    "    version    INTEGER PRIMARY KEY, -- number of the file in src/store/sql\n"
    "    name       TEXT NOT NULL,       -- of the file\n"
    "    hash       TEXT NOT NULL,       -- SHA-256 of its text, in hex\n"
    "    applied_at INTEGER NOT NULL     -- UTC in microseconds\n"
    ") STRICT";

int migrate_newest(bool is_help)
{
    int newest = 0;

    for (size_t i = 0; i < nmigrations; i++) {
        if (migrations[i].is_help == is_help)
            newest = migrations[i].version;
    }
    return newest;
}

static int apply(struct db *db, const struct migration *m)
{
    struct stmt *q;
    int r = db_script(db, m->sql);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO migrations (version, name, hash, applied_at)"
                    " VALUES (?1, ?2, ?3, ?4)");
    stmt_i64(q, 1, m->version);
    stmt_str(q, 2, str_c(m->name));
    stmt_str(q, 3, str_c(m->hash));
    stmt_i64(q, 4, clock_wall());
    return stmt_run(q);
}

/* 1: is there; 0: is missing; ERR_SCHEMA: another text has this number. */
static int is_applied(struct db *db, const struct migration *m)
{
    struct stmt *q = db_stmt(db, "SELECT hash FROM migrations WHERE version = ?1");
    int r;

    stmt_i64(q, 1, m->version);
    r = stmt_row(q);
    if (r > 0 && !str_eq(col_str(q, 0), str_c(m->hash)))
        r = ERR_SCHEMA;
    stmt_end(q);
    return r;
}

static int refuse_newer(struct db *db, bool is_help)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(version), 0) FROM migrations");
    int r = stmt_row(q);

    if (r > 0)
        r = col_i64(q, 0) > migrate_newest(is_help) ? ERR_SCHEMA : 0;
    stmt_end(q);
    return r;
}

static int step(struct db *db, const struct migration *m)
{
    int r = db_begin(db);

    if (r < 0)
        return r;
    r = is_applied(db, m);
    if (r == 0)
        r = apply(db, m);
    if (r >= 0)
        r = db_commit(db);
    if (r < 0) {
        db_abort(db);
        log_debug("store", "migration", "name=%s error=%s", m->name, err_name(r));
    }
    return r;
}

int migrate_run(struct db *db, bool is_help)
{
    int r = db_script(db, table_sql);

    if (r == 0)
        r = refuse_newer(db, is_help);
    for (size_t i = 0; r == 0 && i < nmigrations; i++) {
        if (migrations[i].is_help == is_help)
            r = step(db, &migrations[i]);
    }
    return r;
}
