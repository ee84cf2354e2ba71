/*
 * The accounts of staff, for whoever holds the right "system": added, rights, password, sessions,
 * closed. No content of the record is seen here. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_ACCOUNTS_H
#define WEB_PAGE_ACCOUNTS_H

#include "net/route.h"

route_show_fn desk_accounts;
route_show_fn desk_account_new;
route_show_fn desk_account_add;
route_show_fn desk_account_of;
route_act_fn desk_rights_act;
route_show_fn desk_rights;
route_show_fn desk_reset;
route_show_fn desk_account_ask;
route_act_fn desk_account_close_act;
route_show_fn desk_account_close;

#endif
