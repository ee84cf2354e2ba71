/*
 * The desk: what staff sees after signing in, and the import of a seminar. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_DESK_H
#define WEB_PAGE_DESK_H

#include "base/types.h"
#include "net/route.h"

route_show_fn desk;

/* People in the room of a seminar at this moment. */
struct exchange;
/* The desk with the place of a file that was wrong. */
void desk_send(struct exchange *x, int status, str fault);
unsigned desk_present(const struct exchange *x, int64_t seminar_id);

#endif
