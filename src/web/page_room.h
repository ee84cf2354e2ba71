/*
 * The live room: the page (a shell that src/web/asset/js fills) and the door of its control
 * connection. Handlers of web/routes.c, both for whoever came by a personal link to this seminar.
 */
#ifndef WEB_PAGE_ROOM_H
#define WEB_PAGE_ROOM_H

#include "base/types.h"

struct exchange;
struct person;
struct seminar;

/* GET /s/{slug}/room; RIGHT_MEMBER, ROUTE_SCRIPT. */
void room_show(struct exchange *x);
/* GET /s/{slug}/room/control; RIGHT_MEMBER, ROUTE_UPGRADE. */
void room_control(struct exchange *x);
/* The tests that are open now, as JSON. */
void room_tests(struct exchange *x);
/* What the room calls this person. A protected speaker has no name there: the function of the
 * invitation, or a word in the language of the seminar's floor, never in the person's own. */
str room_name(const struct seminar *s, const struct person *p, int role);

#endif
