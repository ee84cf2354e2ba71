/*
 * One seminar on the organiser's desk: the chain, replies, attendance, conclusions, the draft of
 * the news item. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_DESK_SEMINAR_H
#define WEB_PAGE_DESK_SEMINAR_H

#include "net/route.h"

route_show_fn desk_seminar;
route_act_fn desk_state_act;
route_act_fn desk_conclusion_act;
route_act_fn desk_draft_act;
route_show_fn desk_state;
route_show_fn desk_conclusion;
route_show_fn desk_draft;

#endif
