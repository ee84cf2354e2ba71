/*
 * Guides and legal pages to be heard: the player on the page, the file, and the desk's part with a
 * person's recordings. See domain/sound.h.
 */
#ifndef WEB_PAGE_SOUND_H
#define WEB_PAGE_SOUND_H

#include "net/route.h"

struct guide;
struct tpl_listen;
struct tpl_sound_row;

/*
 * The player of a page: ret_listen->src stays unset when there is nothing to be heard. Allows the
 * page to play sounds of ours (CSP) when there is.
 */
int sound_listen(struct exchange *x, const struct guide *g, struct tpl_listen *ret_listen);
/* A row for each language of the site, for the desk. */
int sound_rows(struct exchange *x, const struct guide *g, const struct tpl_sound_row **ret_row,
               size_t *ret_n);

/* sound_file: 410 when the page says other words by now; desk_sound_file gives that as well. */
route_show_fn sound_file, desk_sound_file, desk_sound_done;
route_act_fn desk_sound_add_act, desk_sound_remove_act;

#endif
