/*
 * Requests of people at risk: a database file of their own, with its own connection and its own
 * writer. Only app and web/page_help.c may include this header. What is stored is sealed to the
 * case workers' keys: no right, not even the server's, opens it; there is no identity and no
 * address beside it.
 */
#ifndef DOMAIN_HELP_H
#define DOMAIN_HELP_H

#include "base/types.h"

struct db;

/* Opens (creates, mode 0600) the file and brings its schema up to now. */
int help_open(const char *path, struct db **ret_db);

#endif
