/*
 * Organisations at the desk: the list, and forms that add, change and delete one. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_ORG_H
#define WEB_PAGE_ORG_H

#include "net/route.h"

route_show_fn desk_orgs;
route_act_fn desk_org_add_act;
route_show_fn desk_org_add;
route_show_fn desk_org;
route_act_fn desk_org_save_act;
route_show_fn desk_org_save;
route_act_fn desk_org_remove_act;
route_show_fn desk_org_remove;

#endif
