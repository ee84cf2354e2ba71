/*
 * The data folder: one place, everything in it. Owner: the command that runs.
 *
 *   var/kengesh.db   the record        var/secret   links and form tokens are made from it (0600)
 *   var/help.db      requests of people at risk, apart from everything
 *   var/sign.key     seed of the Ed25519 key that signs frozen sheets (0600)
 */
#ifndef APP_PLACE_H
#define APP_PLACE_H

#include "base/types.h"
#include "domain/secret.h"
#include "domain/sign.h"

struct arena;

struct place {
    const char *db_path, *help_path; /* in the arena */
    struct secret secret;
    struct signer signer; /* of what is handed over */
};

/* Makes the folder and the secret when they are not there. Says on standard error what is wrong. */
int place_open(struct place *p, struct arena *a, const char *folder);
/* The program that makes PDFs: beside this one, or where it is installed. NULL: there is none. */
const char *place_pdf(struct arena *a);

#endif
