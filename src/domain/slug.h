/*
 * Short names for addresses, made of a title in any script, so that nobody has to invent one:
 * "Роль СМИ" is "rol-smi". What a short name may be says seminar_is_slug.
 */
#ifndef DOMAIN_SLUG_H
#define DOMAIN_SLUG_H

#include "base/types.h"

struct arena;

/*
 * A valid short name of at most 50 bytes, cut at a word; `instead` when the title has no letter
 * that could be written in Latin. Pure. ERR_MEM.
 */
int slug_make(struct arena *a, str title, str instead, str *ret_slug);

#endif
