/*
 * Brings a database file up to the schema of this program: numbered migrations, each in one
 * transaction, each recorded with the hash of its text. A file that is newer than the program, or
 * was made by other texts, is refused (ERR_SCHEMA).
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/types.h"

struct db;

/* One row of the table that tools/sqlembed writes. */
struct migration {
    int is_help;      /* of the file of requests for help; otherwise of the record */
    int version;      /* from 1 */
    const char *name; /* of the file */
    const char *hash; /* SHA-256 of its text, in hex */
    const char *sql;
};

extern const struct migration migrations[];
extern const size_t nmigrations;

/* Only on a connection that may write. Runs what is missing. */
int migrate_run(struct db *db, bool is_help);
/* The newest version that this program knows. */
int migrate_newest(bool is_help);

#endif
