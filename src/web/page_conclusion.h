/*
 * The desk's page of a seminar's conclusions: each with its number and its text in every language.
 * Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_CONCLUSION_H
#define WEB_PAGE_CONCLUSION_H

#include "net/route.h"

route_show_fn desk_conclusions;
route_act_fn desk_conclusion_save_act;
route_show_fn desk_conclusion_save;

#endif
