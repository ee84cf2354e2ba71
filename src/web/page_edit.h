/*
 * The editor of a news item in one language: Markdown, preview with the reporting check, without
 * script. Handlers of web/routes.c; edit_show_joined for web/page_merge.c.
 */
#ifndef WEB_PAGE_EDIT_H
#define WEB_PAGE_EDIT_H

#include "net/route.h"

route_show_fn news_edit_show;
route_act_fn news_save_act;
route_show_fn news_save;
route_show_fn news_preview;
route_act_fn news_redraft_act;
route_show_fn news_redraft_done;

struct news;
/* The editor with x->state (struct edit_form), which two people's changes were joined into. */
void edit_show_joined(struct exchange *x, const struct news *n, int64_t revision);

#endif
