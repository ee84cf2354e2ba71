/* Stories: the list that readers see, and the consent of one at the desk. */
#ifndef WEB_PAGE_STORY_H
#define WEB_PAGE_STORY_H

#include "net/route.h"

route_show_fn story_list;
route_show_fn news_consent;
route_act_fn news_consent_put_act;
route_show_fn news_consent_put;
route_act_fn news_consent_end_act;
route_show_fn news_consent_end;

#endif
