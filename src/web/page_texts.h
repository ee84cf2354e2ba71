/*
 * Texts in several languages at the desk: all of a seminar, one with its versions, one version to
 * be written or reviewed beside its source. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_TEXTS_H
#define WEB_PAGE_TEXTS_H

#include "net/route.h"

route_show_fn desk_texts;
route_show_fn desk_text;
route_show_fn desk_version;
route_act_fn desk_version_save_act;
route_show_fn desk_version_save;
route_act_fn desk_version_review_act;
route_show_fn desk_version_review;

#endif
