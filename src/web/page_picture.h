/*
 * Pictures of an item at the desk (bringing, describing, removing), and as readers get them
 * (/p/{id}/640.webp, and as figures of a page).
 */
#ifndef WEB_PAGE_PICTURE_H
#define WEB_PAGE_PICTURE_H

#include "net/route.h"

struct tpl_figure;

route_show_fn news_pictures;
route_act_fn news_picture_add_act;
route_show_fn news_picture_add;
route_act_fn news_picture_save_act;
route_show_fn news_picture_save;
route_act_fn news_picture_remove_act;
route_show_fn news_picture_remove;
route_show_fn desk_picture;
route_show_fn picture;

/* The figures that readers see of an item in a language, in the arena. */
int picture_figures(struct exchange *x, int64_t news_id, str lang,
                    const struct tpl_figure **ret_row, size_t *ret_n);

#endif
