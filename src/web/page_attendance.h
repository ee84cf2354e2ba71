/*
 * Who was there: the organiser's table with corrections, what it comes to, and both as files.
 * Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_ATTENDANCE_H
#define WEB_PAGE_ATTENDANCE_H

#include "net/route.h"

route_show_fn desk_attendance;
route_show_fn desk_attendance_csv;
route_show_fn desk_attendance_json;
route_show_fn desk_attendance_fix;
route_act_fn desk_attendance_fix_act;

#endif
