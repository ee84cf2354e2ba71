/*
 * Countries as people write them: a code, or a name in a language that lists are written in.
 * Stored are two capital letters (ISO 3166-1). Pure.
 */
#ifndef DOMAIN_COUNTRY_H
#define DOMAIN_COUNTRY_H

#include "base/types.h"

struct arena;

/* A code or a name in English, Russian, Turkmen or Dari; unset for an empty cell. ERR_NOT_FOUND. */
int country_parse(struct arena *a, str cell, str *ret_code);
/* Several with commas or semicolons, as "KZ,KG"; unset for none. ERR_NOT_FOUND. */
int country_list_parse(struct arena *a, str cells, str *ret_codes);

#endif
