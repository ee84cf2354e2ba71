/* The board of the newsroom: what waits, for whom, since when; and a new idea. */
#ifndef WEB_PAGE_BOARD_H
#define WEB_PAGE_BOARD_H

#include "net/route.h"

route_show_fn news_board;
route_act_fn news_begin_act;
route_show_fn news_begin;

#endif
