/*
 * Slides of a seminar: what the room fetches (list, words, pictures), what a speaker or the
 * organiser brings, and their page on the desk. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_SLIDES_H
#define WEB_PAGE_SLIDES_H

#include "net/route.h"

route_show_fn slides;
route_show_fn slides_add;
route_act_fn slides_add_act;
route_show_fn slide_picture;
route_show_fn slide_words;
route_show_fn desk_slides;
route_show_fn desk_slides_add;
route_show_fn desk_slides_remove;
route_act_fn desk_slides_remove_act;

#endif
