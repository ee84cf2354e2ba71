/*
 * The public page of a seminar and its calendar file. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_SEMINAR_H
#define WEB_PAGE_SEMINAR_H

#include "gen/text.h"

struct exchange;

void seminar_show(struct exchange *x);
void seminar_ics(struct exchange *x);

/* The words for enum seminar_state and enum conclusion_kind. */
enum text_id seminar_state_text(int state);
enum text_id conclusion_kind_text(int kind);

#endif
