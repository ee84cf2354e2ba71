/*
 * The form that adds, copies and changes a seminar; deleting asks first. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_SEMINAR_FORM_H
#define WEB_PAGE_SEMINAR_FORM_H

#include "net/route.h"

route_show_fn desk_seminar_new;
route_act_fn desk_seminar_add_act;
route_show_fn desk_seminar_add;
route_show_fn desk_seminar_edit;
route_act_fn desk_seminar_save_act;
route_show_fn desk_seminar_save;
route_show_fn desk_seminar_ask;
route_act_fn desk_seminar_remove_act;
route_show_fn desk_seminar_remove;

#endif
