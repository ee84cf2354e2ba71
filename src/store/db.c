#include "store/db.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sb.h"
#include "base/str.h"
#include "store/migrate.h"
#include "store/slow.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The cache of statements is an open hash by the address of the literal. Two statements may stand
 * behind one address: while one is walking its rows, a nested call with the same text gets one of
 * its own.
 */
enum { STMT_SLOTS = 256 };

struct stmt {
    struct stmt *next; /* same slot */
    struct db *db;
    sqlite3_stmt *s;   /* NULL: could not be prepared, err says why */
    const char *sql;
    bool is_walking;   /* a row is shown */
    int err;           /* sticky until the next db_stmt */
};

struct db {
    sqlite3 *s;
    struct stmt *slot[STMT_SLOTS];
    struct stmt nil; /* what db_stmt gives when there is no memory for a statement */
    int nmarks;
    bool is_reading;
};

static int err_of(struct db *db, int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
        return 0;
    case SQLITE_CONSTRAINT:
        return ERR_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    case SQLITE_NOMEM:
        return ERR_MEM;
    case SQLITE_TOOBIG:
        return ERR_TOO_BIG;
    case SQLITE_IOERR: {
        int e = sqlite3_system_errno(db->s);

        return e == ENOSPC || e == EDQUOT ? ERR_DISK_FULL : ERR_IO;
    }
    default:
        log_debug("store", "refused", "code=%d why=\"%s\"", code, sqlite3_errmsg(db->s));
        return ERR_STORE;
    }
}

static int on_profile(unsigned what, void *ctx, void *stmt, void *ns)
{
    (void)what;
    (void)ctx;
    slow_note(sqlite3_sql(stmt), *(const sqlite3_int64 *)ns / 1000);
    return 0;
}

static int connect_file(const char *path, int flags, struct db **ret_db)
{
    struct db *db = calloc(1, sizeof(*db));
    int r;

    if (!db)
        return ERR_MEM;
    db->nil.db = db;
    r = sqlite3_open_v2(path, &db->s, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (r != SQLITE_OK) {
        r = db->s ? err_of(db, r) : ERR_MEM;
        db_close(db);
        /* SQLITE_CANTOPEN: a folder that is not there or not ours */
        return r < 0 && r != ERR_STORE ? r : ERR_IO;
    }
    sqlite3_busy_timeout(db->s, MAX_LOCK_MS);
    sqlite3_trace_v2(db->s, SQLITE_TRACE_PROFILE, on_profile, NULL);
    /* A text that came from outside must never be able to define functions or change the schema. */
    sqlite3_db_config(db->s, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->s, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    *ret_db = db;
    return 0;
}

int db_open_read(const char *path, struct db **ret_db)
{
    struct db *db = NULL;
    /*
     * Not SQLITE_OPEN_READONLY: a reader must be able to take part in the shared index of the WAL.
     */
    int r = connect_file(path, SQLITE_OPEN_READWRITE, &db);

    if (r < 0)
        return r;
    /* the words of a search over 100,000 pages take some 5 MB of the file */
    r = db_script(db, "PRAGMA query_only=ON; PRAGMA cache_size=-16384;");
    if (r < 0) {
        db_close(db);
        return r;
    }
    *ret_db = db;
    return 0;
}

/* FULL: every commit reaches the disk before it is acknowledged, also when the power fails. */
static int write_settings(struct db *db)
{
    return db_script(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                         " PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864;");
}

static int open_write(const char *path, bool is_help, struct db **ret_db)
{
    struct db *db = NULL;
    int r = connect_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db);

    if (r < 0)
        return r;
    r = write_settings(db);
    if (r == 0)
        r = migrate_run(db, is_help);
    if (r < 0) {
        db_close(db);
        return r;
    }
    *ret_db = db;
    return 0;
}

/* A new file is for its owner alone, whatever the folder and the umask allow: SQLite gives what
 * lies beside it (-wal, -shm) the same mode. */
static int open_private(const char *path, bool is_help, struct db **ret_db)
{
    bool is_file = strcmp(path, ":memory:") != 0;
    int fd = is_file ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (!is_file)
        return open_write(path, is_help, ret_db);
    if (fd < 0)
        return err_from_errno(errno);
    close(fd);
    return open_write(path, is_help, ret_db);
}

int db_open_write(const char *path, struct db **ret_db)
{
    return open_private(path, false, ret_db);
}

int db_open_help(const char *path, struct db **ret_db)
{
    return open_private(path, true, ret_db);
}

int db_open_memory(struct db **ret_db)
{
    return open_write(":memory:", false, ret_db);
}

int db_copy_memory(struct db *from, struct db **ret_db)
{
    struct db *db = NULL;
    sqlite3_backup *b;
    int r = connect_file(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db);

    if (r < 0)
        return r;
    b = sqlite3_backup_init(db->s, "main", from->s, "main");
    (void)(b && sqlite3_backup_step(b, -1)); /* what went wrong is told at the end */
    r = b ? sqlite3_backup_finish(b) : sqlite3_errcode(db->s);
    r = r == SQLITE_OK ? write_settings(db) : err_of(db, r);
    if (r < 0) {
        db_close(db);
        return r;
    }
    *ret_db = db;
    return 0;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < STMT_SLOTS; i++) {
        while (db->slot[i]) {
            struct stmt *q = db->slot[i];

            db->slot[i] = q->next;
            sqlite3_finalize(q->s);
            free(q);
        }
    }
    sqlite3_close(db->s);
    free(db);
}

static struct stmt **slot_of(struct db *db, const char *sql)
{
    uint64_t key = (uint64_t)(uintptr_t)sql * 0x9e3779b97f4a7c15u;

    return &db->slot[key >> 56];
}

static struct stmt *stmt_new(struct db *db, const char *sql)
{
    struct stmt *q = calloc(1, sizeof(*q));
    struct stmt **slot = slot_of(db, sql);

    if (!q) {
        db->nil.err = ERR_MEM;
        return &db->nil;
    }
    q->db = db;
    q->sql = sql;
    q->next = *slot;
    *slot = q;
    return q;
}

struct stmt *db_stmt(struct db *db, const char *sql)
{
    struct stmt *q = *slot_of(db, sql);
    int r;

    while (q && (q->sql != sql || q->is_walking))
        q = q->next;
    if (!q)
        q = stmt_new(db, sql);
    if (q == &db->nil)
        return q;
    q->err = 0;
    if (!q->s) {
        r = sqlite3_prepare_v3(db->s, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->s, NULL);
        if (r != SQLITE_OK)
            q->err = err_of(db, r);
    } else {
        sqlite3_clear_bindings(q->s);
    }
    return q;
}

static void bound(struct stmt *q, int code)
{
    if (code != SQLITE_OK && !q->err)
        q->err = err_of(q->db, code);
}

void stmt_i64(struct stmt *q, int i, int64_t v)
{
    if (!q->err)
        bound(q, sqlite3_bind_int64(q->s, i, v));
}

void stmt_f64(struct stmt *q, int i, double v)
{
    if (!q->err)
        bound(q, sqlite3_bind_double(q->s, i, v));
}

void stmt_str(struct stmt *q, int i, str v)
{
    if (q->err)
        return;
    if (!v.p)
        bound(q, sqlite3_bind_null(q->s, i));
    else
        bound(q, sqlite3_bind_text64(q->s, i, v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void stmt_blob(struct stmt *q, int i, const void *p, size_t n)
{
    if (!q->err)
        bound(q, sqlite3_bind_blob64(q->s, i, p ? p : "", n, SQLITE_TRANSIENT));
}

void stmt_null(struct stmt *q, int i)
{
    if (!q->err)
        bound(q, sqlite3_bind_null(q->s, i));
}

int stmt_row(struct stmt *q)
{
    int r;

    if (q->err)
        return q->err;
    r = sqlite3_step(q->s);
    q->is_walking = r == SQLITE_ROW;
    if (r == SQLITE_ROW)
        return 1;
    q->err = err_of(q->db, r); /* before the reset, which forgets the reason */
    sqlite3_reset(q->s);
    return q->err;
}

int stmt_run(struct stmt *q)
{
    int r = stmt_row(q);

    while (r > 0)
        r = stmt_row(q);
    return r;
}

void stmt_end(struct stmt *q)
{
    if (q->s)
        sqlite3_reset(q->s);
    q->is_walking = false;
}

int64_t col_i64(struct stmt *q, int i)
{
    assert(q->is_walking);
    return sqlite3_column_int64(q->s, i);
}

double col_f64(struct stmt *q, int i)
{
    assert(q->is_walking);
    return sqlite3_column_double(q->s, i);
}

str col_str(struct stmt *q, int i)
{
    str s = {NULL, 0};

    assert(q->is_walking);
    if (sqlite3_column_type(q->s, i) == SQLITE_NULL)
        return s;
    s.p = sqlite3_column_blob(q->s, i); /* as bytes; NULL for an empty text */
    s.n = (size_t)sqlite3_column_bytes(q->s, i);
    return s.p ? s : S("");
}

bool col_is_null(struct stmt *q, int i)
{
    assert(q->is_walking);
    return sqlite3_column_type(q->s, i) == SQLITE_NULL;
}

int64_t db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->s);
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->s);
}

int64_t db_total_changes(const struct db *db)
{
    return sqlite3_total_changes64(db->s);
}

int db_read_begin(struct db *db)
{
    int r = stmt_run(db_stmt(db, "BEGIN"));

    if (r == 0)
        db->is_reading = true;
    return r;
}

void db_read_end(struct db *db)
{
    if (!db->is_reading)
        return;
    db->is_reading = false;
    (void)stmt_run(db_stmt(db, "COMMIT"));
}

int db_mark(struct db *db)
{
    int r = stmt_run(db_stmt(db, "SAVEPOINT mark"));

    if (r == 0)
        db->nmarks++;
    return r;
}

int db_release(struct db *db)
{
    int r;

    assert(db->nmarks > 0);
    r = stmt_run(db_stmt(db, "RELEASE mark"));
    if (r == 0)
        db->nmarks--;
    return r;
}

void db_rollback(struct db *db)
{
    assert(db->nmarks > 0);
    db->nmarks--;
    if (!db_is_open(db)) /* a full disk has undone everything already */
        return;
    (void)stmt_run(db_stmt(db, "ROLLBACK TO mark"));
    (void)stmt_run(db_stmt(db, "RELEASE mark"));
}

int db_begin(struct db *db)
{
    return stmt_run(db_stmt(db, "BEGIN IMMEDIATE"));
}

int db_commit(struct db *db)
{
    return stmt_run(db_stmt(db, "COMMIT"));
}

void db_abort(struct db *db)
{
    db->nmarks = 0;
    if (db_is_open(db))
        (void)stmt_run(db_stmt(db, "ROLLBACK"));
}

bool db_is_open(const struct db *db)
{
    return !sqlite3_get_autocommit(db->s);
}

int db_script(struct db *db, const char *sql)
{
    return err_of(db, sqlite3_exec(db->s, sql, NULL, NULL, NULL));
}

int db_set_max_pages(struct db *db, int64_t pages)
{
    char *sql = sqlite3_mprintf("PRAGMA max_page_count=%lld", (long long)pages);
    int r = sql ? db_script(db, sql) : ERR_MEM;

    sqlite3_free(sql);
    return r;
}

static long long size_kb(const char *path)
{
    struct stat st;

    return path && *path && stat(path, &st) == 0 ? (long long)st.st_size / 1024 : 0;
}

void db_print(const struct db *db, struct sb *to)
{
    const char *path = sqlite3_db_filename(db->s, "main");
    unsigned n = 0;

    for (size_t i = 0; i < STMT_SLOTS; i++)
        for (const struct stmt *q = db->slot[i]; q; q = q->next)
            n++;
    sb_printf(to, "file: %lld kB\n", size_kb(path));
    sb_printf(to, "log (WAL): %lld kB\n",
              size_kb(path && *path ? sqlite3_filename_wal(path) : NULL));
    sb_printf(to, "statements of this thread: %u\n", n);
}

void db_schema_print(struct db *db, struct sb *to)
{
    struct stmt *q = db_stmt(db, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                                 " ORDER BY type DESC, name");

    while (stmt_row(q) > 0) {
        sb_add(to, col_str(q, 0));
        sb_c(to, ";\n\n");
    }
}
