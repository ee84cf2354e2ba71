/*
 * Programmes at the desk: the list, and the form that adds, copies, changes one; deleting asks
 * first. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_PROGRAMME_H
#define WEB_PAGE_PROGRAMME_H

#include "net/route.h"

route_show_fn desk_programmes;
route_show_fn desk_programme_new;
route_act_fn desk_programme_add_act;
route_show_fn desk_programme_add;
route_show_fn desk_programme;
route_act_fn desk_programme_save_act;
route_show_fn desk_programme_save;
route_show_fn desk_programme_ask;
route_act_fn desk_programme_remove_act;
route_show_fn desk_programme_remove;

#endif
