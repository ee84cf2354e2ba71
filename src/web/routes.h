/*
 * The table of all pages. app joins it with live's by route_set_new(). Read src/web/routes.c first:
 * it is the front door.
 */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include <stddef.h>

#include "net/route.h"

extern const struct route web_routes[];
extern const size_t nweb_routes;

#endif
