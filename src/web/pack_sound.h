/*
 * The sound of a page of a pack (web/pack.h): the file that is heard on the site, beside the page,
 * so that the player finds it from a stick as well. Nothing that the page says no more.
 */
#ifndef WEB_PACK_SOUND_H
#define WEB_PACK_SOUND_H

#include "base/types.h"

struct arena;
struct db;
struct guide;
struct texts;
struct tpl_listen;
struct zip;

struct pack_sound_ask {
    struct arena *a;
    struct db *db;
    struct zip *zip;
    const struct texts *t;
    const struct guide *guide; /* as it is in that language */
    str name;                  /* of the page, without its ending */
};

/* Puts it into the archive; ret_listen->src stays unset when there is nothing to be heard. */
int pack_sound_add(const struct pack_sound_ask *ask, struct tpl_listen *ret_listen);

#endif
