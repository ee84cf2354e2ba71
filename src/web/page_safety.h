/* The safety check of a version at the desk: what was answered, and the form to answer it. */
#ifndef WEB_PAGE_SAFETY_H
#define WEB_PAGE_SAFETY_H

#include "net/route.h"

route_show_fn news_safety;
route_act_fn news_safety_put_act;
route_show_fn news_safety_put;

#endif
