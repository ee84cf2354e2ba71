/*
 * Folds a text for comparison as people type it: case, ё/е, the several apostrophes of Uzbek,
 * quotation marks, hyphens and runs of space make no difference. For looking up, never for showing.
 * Private to domain/.
 */
#ifndef DOMAIN_FOLD_H
#define DOMAIN_FOLD_H

#include "base/types.h"

struct arena;

/* ERR_ENCODING when it is not UTF-8; ERR_TOO_BIG over MAX_CSV_FIELD. */
int fold_text(struct arena *a, str s, str *ret_folded);

#endif
