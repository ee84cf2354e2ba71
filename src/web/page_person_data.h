/*
 * What the record holds of one person: given out, erased, deleted. The person may ask for it by
 * the personal link, an organiser at the desk. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_PERSON_DATA_H
#define WEB_PAGE_PERSON_DATA_H

#include "net/route.h"

route_show_fn desk_person_data;
route_show_fn invitation_data;
route_show_fn desk_person_ask;
route_act_fn desk_person_remove_act;
route_show_fn desk_person_remove;
route_show_fn desk_erase_ask;
route_act_fn desk_erase_act;
route_show_fn desk_erase;

#endif
