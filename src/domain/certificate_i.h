/*
 * Between the files of certificates: rows (certificate.c), the rule at work (certificate_claim.c),
 * what was printed as JSON (certificate_print.c). Private to domain/certificate*.c.
 */
#ifndef DOMAIN_CERTIFICATE_I_H
#define DOMAIN_CERTIFICATE_I_H

#include "domain/certificate.h"

int certificate_print_write(struct arena *a, const struct certificate_print *p, str *ret_json);
int certificate_print_parse(struct arena *a, str json, struct certificate_print *ret_print);
/* The valid one of this person; ERR_NOT_FOUND. */
int certificate_current(struct arena *a, struct db *db, int64_t seminar_id, int64_t person_id,
                        struct certificate *ret);
/* Writes seminar_id, person_id, lang and print of c under a new code. */
int certificate_add(struct arena *a, struct db *db, const struct actor *who,
                    const struct certificate *c, usec now, int64_t *ret_id);
/* ERR_RANGE when empty, ERR_TOO_BIG, ERR_ENCODING. */
int certificate_name_check(str name);

#endif
