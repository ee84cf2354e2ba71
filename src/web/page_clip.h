/*
 * Film clips of media kits: their player and what stands beside it, the file as readers and editors
 * get it, and bringing one. See domain/clip.h.
 */
#ifndef WEB_PAGE_CLIP_H
#define WEB_PAGE_CLIP_H

#include "base/types.h"
#include "net/route.h"

struct clip;
struct kit_item;
struct texts;
struct tpl_clip;

/* base: the address of the kit. An item that is no clip leaves all unset; one that can be played
 * lets the page play it (CSP). */
void clip_fill(struct exchange *x, const struct kit_item *i, str base, struct tpl_clip *v);
/* "12 s, 1280 × 720, 3,412 kB". */
str clip_about(struct exchange *x, const struct texts *t, const struct clip *c);
/* Its file or its still, by name. ERR_NOT_FOUND. */
int clip_send(struct exchange *x, const struct clip *c, str name);

route_show_fn desk_clip_add;

#endif
