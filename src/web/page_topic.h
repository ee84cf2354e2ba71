/*
 * The desk's list of topics: names in each language, new ones, and taking one away. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_TOPIC_H
#define WEB_PAGE_TOPIC_H

#include "net/route.h"

route_show_fn desk_topics;
route_act_fn desk_topic_save_act;
route_show_fn desk_topic_save;
route_act_fn desk_topic_remove_act;
route_show_fn desk_topic_remove;

#endif
