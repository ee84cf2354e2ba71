/*
 * Import in two steps: a file is read and nothing is written, what would happen is shown; the same
 * bytes come back with the button and are taken. Invitation lists and seminar.json. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_IMPORT_H
#define WEB_PAGE_IMPORT_H

#include "net/route.h"

route_act_fn desk_list_act;
route_show_fn desk_list;
route_act_fn desk_list_take_act;
route_show_fn desk_list_take;
route_act_fn desk_import_act;
route_show_fn desk_import;
route_act_fn desk_import_take_act;
route_show_fn desk_import_take;

#endif
