/*
 * The agenda of a seminar, line by line. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_AGENDA_H
#define WEB_PAGE_AGENDA_H

#include "gen/text.h"
#include "net/route.h"

route_show_fn desk_agenda;
route_show_fn desk_item_new;
route_act_fn desk_item_add_act;
route_show_fn desk_item_add;
route_show_fn desk_item;
route_act_fn desk_item_save_act;
route_show_fn desk_item_save;
route_act_fn desk_item_move_act;
route_show_fn desk_item_move;
route_show_fn desk_item_ask;
route_act_fn desk_item_remove_act;
route_show_fn desk_item_remove;

/* The word for what a line of the agenda is. */
enum text_id agenda_kind_text(str kind);

#endif
