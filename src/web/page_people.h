/*
 * Invited people of one seminar with their personal links, and the import of a list. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_PEOPLE_H
#define WEB_PAGE_PEOPLE_H

#include "base/types.h"
#include "net/route.h"

route_show_fn desk_people;
route_act_fn desk_list_act;
route_show_fn desk_list;
route_act_fn desk_renew_act;
route_show_fn desk_renew;
route_act_fn desk_close_act;
route_show_fn desk_close;

/* The whole address of somebody's personal link. */
struct exchange;
struct invitation;
str invitation_link(struct exchange *x, const struct invitation *i);

#endif
