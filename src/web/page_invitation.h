/*
 * The personal link: shows who is invited to what, takes the reply, opens the room. GET changes
 * nothing; opening sets the session by a POST and leads to an address without the secret. Handlers
 * of web/routes.c.
 */
#ifndef WEB_PAGE_INVITATION_H
#define WEB_PAGE_INVITATION_H

#include "gen/text.h"
#include "net/route.h"

route_show_fn invitation_show;
route_act_fn invitation_reply_act;
route_show_fn invitation_reply;
route_act_fn invitation_open_act;
route_show_fn invitation_open;

/* The words for enum role and enum reply of the domain. */
enum text_id role_text(int role);
enum text_id reply_text(int reply);

#endif
