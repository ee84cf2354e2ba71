/*
 * The server's secret: 32 bytes in a file of its own (never in the database), from which personal
 * links and form tokens are derived. Losing it withdraws every personal link; leaking the database
 * alone leaks none. Any thread; never changes.
 */
#ifndef DOMAIN_SECRET_H
#define DOMAIN_SECRET_H

#include "base/types.h"

enum { SECRET_BYTES = 32 };

struct secret {
    uint8_t key[SECRET_BYTES];
};

/*
 * Reads the file; creates it (mode 0600, synced) when there is none. ERR_SYNTAX for a file of
 * another size.
 */
int secret_open(const char *path, struct secret *ret_secret);
/* HMAC-SHA-256 of `purpose`, a NUL and data. Different purposes never give related results. */
void secret_mac(const struct secret *s, const char *purpose, const void *p, size_t n,
                uint8_t to[static 32]);
/* SHA-256 of a token, as it is stored. */
void secret_hash(str token, uint8_t to[static 32]);

#endif
