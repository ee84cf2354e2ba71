/*
 * Invited people of one seminar with their personal links. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_PEOPLE_H
#define WEB_PAGE_PEOPLE_H

#include "base/types.h"
#include "gen/text.h"
#include "net/route.h"

route_show_fn desk_people;
route_act_fn desk_renew_act;
route_show_fn desk_renew;
route_act_fn desk_close_act;
route_show_fn desk_close;

struct db;
struct exchange;
struct invitation;

/* The page with this problem, for what an import brought to light. */
void people_send(struct exchange *x, int status, enum text_id problem);
/*
 * The invitation that the address names, for a form that carries its generation. ERR_CONFLICT: the
 * link was renewed since the form was shown, or it is another invitation, which got the number.
 */
int people_invitation(struct exchange *x, struct db *db, struct invitation *ret_invitation);
/* The whole address of somebody's personal link. */
str invitation_link(struct exchange *x, const struct invitation *i);
/* The live room is told that what let this person in has changed (web/room_port.h: expel). */
void people_expel(struct exchange *x, int64_t seminar_id, int64_t person_id, str name);

#endif
