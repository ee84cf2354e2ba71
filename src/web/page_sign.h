/*
 * Sign-in and sign-out of staff. The password is hashed on a worker's thread: a tenth of a second
 * that no web thread and not the store may wait. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_SIGN_H
#define WEB_PAGE_SIGN_H

#include "net/route.h"

route_show_fn sign_in_show;
route_show_fn sign_in;
route_act_fn sign_out_act;
route_show_fn sign_out;

#endif
