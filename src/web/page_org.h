/*
 * Organisations at the desk: the list, and the form that adds, copies, changes one; deleting asks
 * first. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_ORG_H
#define WEB_PAGE_ORG_H

#include "gen/text.h"
#include "net/route.h"

route_show_fn desk_orgs;
route_show_fn desk_org_new;
route_act_fn desk_org_add_act;
route_show_fn desk_org_add;
route_show_fn desk_org;
route_act_fn desk_org_save_act;
route_show_fn desk_org_save;
route_show_fn desk_org_ask;
route_act_fn desk_org_remove_act;
route_show_fn desk_org_remove;

/* The words for enum org_kind. */
enum text_id org_kind_text(int kind);

#endif
