/*
 * The organisations that a seminar invites, with their quotas. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_QUOTA_H
#define WEB_PAGE_QUOTA_H

#include "net/route.h"

route_show_fn desk_quotas;
route_act_fn desk_quotas_save_act;
route_show_fn desk_quotas_save;

#endif
