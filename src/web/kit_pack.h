/*
 * A media kit as a zip: one text per language that the kit has, and the files. Texts and headers
 * are put together in the arena; pictures and clips are read while the archive goes out. The same
 * kit gives the same bytes all day, so that a download which broke off can be gone on with. Web
 * thread.
 */
#ifndef WEB_KIT_PACK_H
#define WEB_KIT_PACK_H

#include "domain/kit.h"

struct exchange;

/* What anybody may use of it becomes the body of the answer. */
int kit_pack(struct exchange *x, const struct kit *k);

#endif
