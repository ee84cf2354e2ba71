/*
 * Accounts of staff: login, password hash (Argon2id), rights, language. A password is hashed on a
 * worker thread, never on a web thread or the store thread: hash and check are pure functions and
 * take about a tenth of a second and 64 MiB.
 */
#ifndef DOMAIN_ACCOUNT_H
#define DOMAIN_ACCOUNT_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* MAX: no passphrase is longer, and hashing more costs more. */
enum { ACCOUNT_HASH_TEXT = 128, ACCOUNT_PASSWORD_MIN = 10, ACCOUNT_PASSWORD_MAX = 1024 };

struct account {
    int64_t id;
    str login; /* e-mail or a plain name; compared without case */
    str name;
    str lang;
    str password_hash;
    unsigned rights; /* staff bits of domain/right.h */
    bool is_closed;
    usec added_at;
};

struct account_list {
    struct account *row;
    size_t n;
};

/* Pure. ERR_RANGE: under ACCOUNT_PASSWORD_MIN characters, over _MAX bytes; ERR_MEM. */
int account_password_hash(str password, char to[static ACCOUNT_HASH_TEXT]);
/* Pure. An unset hash (no such account) takes as long as a wrong password. */
bool account_password_check(str hash, str password);

/* ERR_NOT_FOUND also for a closed account. */
int account_by_login(struct arena *a, struct db *db, str login, struct account *ret_account);
int account_by_id(struct arena *a, struct db *db, int64_t id, struct account *ret_account);
/*
 * Whether a password that was checked against this hash still opens the account: checking takes
 * long, and the account may be closed or have another password by then. ERR_GONE.
 */
int account_is_still(struct db *db, int64_t id, str password_hash);
/* RIGHT_SYSTEM. */
int account_list(struct arena *a, struct db *db, const struct actor *who,
                 struct account_list *ret_list);
/* RIGHT_SYSTEM. id and added_at of `in` are ignored. ERR_CONFLICT: the login is taken. */
int account_add(struct db *db, const struct actor *who, const struct account *in, usec now,
                int64_t *ret_id);
/* Name and language of the pages. RIGHT_SYSTEM, or one's own. ERR_RANGE. */
int account_change(struct db *db, const struct actor *who, int64_t id, str name, str lang);
/*
 * RIGHT_SYSTEM. Takes effect at the next request: rights are read with the session. ERR_STATE: the
 * last open account with RIGHT_SYSTEM would lose it, and nobody could give it back.
 */
int account_rights_set(struct db *db, const struct actor *who, int64_t id, unsigned rights,
                       usec now);
/* RIGHT_SYSTEM, or one's own. Ends the account's sessions. */
int account_password_set(struct db *db, const struct actor *who, int64_t id, str hash, usec now);
/* RIGHT_SYSTEM. Closes the account and ends its sessions. ERR_STATE as account_rights_set. */
int account_close(struct db *db, const struct actor *who, int64_t id, usec now);

#endif
