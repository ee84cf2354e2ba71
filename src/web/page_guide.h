/*
 * Guides for readers: the corridors, one guide with contacts of its countries, and the same in
 * messages of the length of an SMS.
 */
#ifndef WEB_PAGE_GUIDE_H
#define WEB_PAGE_GUIDE_H

#include "domain/guide.h"
#include "gen/text.h"

struct exchange;

void guide_list_show(struct exchange *x);
void guide_show(struct exchange *x);
void guide_sms(struct exchange *x);

/* kind: enum guide_kind. */
enum text_id guide_stage_text(int kind, int stage);
enum text_id guide_topic_text(int topic);

#endif
