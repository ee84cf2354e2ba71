/*
 * libsrtp2 as the second opinion on media/srtp.c. It is loaded at run time: two of its functions
 * have the names of ours, and linked it would call ours.
 */
#ifndef TESTS_MEDIA_SRTP_ORACLE_H
#define TESTS_MEDIA_SRTP_ORACLE_H

#include "base/types.h"

struct srtp_oracle;

/* master: key and salt in one. NULL when libsrtp2 is not there or refuses. */
struct srtp_oracle *srtp_oracle_new(bool is_gcm, bool is_tx, const uint8_t *master);
/* In place; the buffer has room for 144 bytes more. False when refused. */
bool srtp_oracle_protect(struct srtp_oracle *o, uint8_t *p, size_t *n);
bool srtp_oracle_unprotect(struct srtp_oracle *o, uint8_t *p, size_t *n);
bool srtp_oracle_protect_rtcp(struct srtp_oracle *o, uint8_t *p, size_t *n);
bool srtp_oracle_unprotect_rtcp(struct srtp_oracle *o, uint8_t *p, size_t *n);
/* NULL-safe. */
void srtp_oracle_free(struct srtp_oracle *o);

#endif
