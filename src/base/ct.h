/*
 * Comparison of secrets (tags, tokens, passwords' hashes) in time that does not depend on where
 * they differ. memcmp on such bytes is banned.
 */
#ifndef BASE_CT_H
#define BASE_CT_H

#include "base/types.h"

bool ct_equal(const void *a, const void *b, size_t n);
/* Lengths are not secret; contents are. */
bool ct_str_equal(str a, str b);
/* Overwrites a secret; the compiler may not drop it. */
void ct_wipe(void *p, size_t n);

#endif
