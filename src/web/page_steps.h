/*
 * The steps of a version at the desk: what can be done next and what stands in the way, whose turn
 * it is, embargo; the record of who did what; two versions of the words compared.
 */
#ifndef WEB_PAGE_STEPS_H
#define WEB_PAGE_STEPS_H

#include "net/route.h"

route_show_fn news_steps;
route_act_fn news_step_act;
route_show_fn news_step;
route_act_fn news_assign_act;
route_show_fn news_assign;
route_act_fn news_embargo_act;
route_show_fn news_embargo;
route_show_fn news_compare;

#endif
