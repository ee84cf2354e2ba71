/*
 * Legal pages for readers: what a law says in plain words, by country or corridor and subject.
 * Every statement names its source and when it was last read there; the page says who reviewed it.
 */
#ifndef WEB_PAGE_LEGAL_H
#define WEB_PAGE_LEGAL_H

#include "gen/text.h"

struct exchange;

void legal_list_show(struct exchange *x);
void legal_show(struct exchange *x);

/* Of enum guide_subject. */
enum text_id legal_subject_text(int subject);

#endif
