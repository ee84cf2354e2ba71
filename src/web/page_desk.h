/*
 * The desk: what staff sees after signing in, and the import of a seminar. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_DESK_H
#define WEB_PAGE_DESK_H

#include "base/types.h"
#include "net/route.h"

route_show_fn desk;
route_act_fn desk_import_act;
route_show_fn desk_import;

/* People in the room of a seminar at this moment. */
struct exchange;
unsigned desk_present(const struct exchange *x, int64_t seminar_id);

#endif
