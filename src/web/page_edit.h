/*
 * The editor of a news item in one language: Markdown, preview without script, publishing, and a
 * conflict page on which nothing is lost. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_EDIT_H
#define WEB_PAGE_EDIT_H

#include "net/route.h"

route_show_fn news_edit_show;
route_act_fn news_save_act;
route_show_fn news_save;
route_show_fn news_preview;
route_act_fn news_publish_act;
route_show_fn news_publish_done;
route_act_fn news_redraft_act;
route_show_fn news_redraft_done;
route_act_fn news_withdraw_act;
route_show_fn news_withdraw_done;

#endif
