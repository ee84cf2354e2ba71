/*
 * The player of a guide or legal page: the sound and the words beside it. Made without an exchange,
 * for pages and for packs.
 */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/types.h"

struct arena;
struct sound;
struct sound_of;
struct texts;
struct tpl_listen;

/* "3 min, 470 kB"; unset: out of memory. */
str listen_about(struct arena *a, const struct texts *t, const struct sound *s);
/* How much of the page is not read; unset: all of it is. */
str listen_left_out(struct arena *a, const struct texts *t, const struct sound_of *of);
/* src: where s lies, from the page. ERR_MEM. */
int listen_make(struct arena *a, const struct texts *t, const struct sound_of *of,
                const struct sound *s, str src, struct tpl_listen *ret_listen);

#endif
