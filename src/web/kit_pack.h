/*
 * A media kit as a zip: one text per language that the kit has, and the files. Web thread.
 */
#ifndef WEB_KIT_PACK_H
#define WEB_KIT_PACK_H

#include "domain/kit.h"

struct exchange;
struct sb;

/* What anybody may use of it, behind what `to` has already. */
int kit_pack(struct exchange *x, const struct kit *k, struct sb *to);

#endif
