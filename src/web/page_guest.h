/*
 * One invited person of a seminar at the desk: added, changed with the role, answered for by
 * telephone. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_GUEST_H
#define WEB_PAGE_GUEST_H

#include "net/route.h"

route_show_fn desk_guest_new;
route_act_fn desk_guest_add_act;
route_show_fn desk_guest_add;
route_show_fn desk_guest;
route_act_fn desk_guest_save_act;
route_show_fn desk_guest_save;
route_act_fn desk_guest_reply_act;
route_show_fn desk_guest_reply;

#endif
