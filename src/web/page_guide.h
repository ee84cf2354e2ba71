/*
 * Guides for readers: the corridors, one guide with contacts of its countries, and the same in
 * messages of the length of an SMS.
 */
#ifndef WEB_PAGE_GUIDE_H
#define WEB_PAGE_GUIDE_H

#include "domain/guide.h"
#include "gen/text.h"

struct exchange;
struct tpl_contact_card;
struct tpl_guide_statement;

void guide_list_show(struct exchange *x);
void guide_show(struct exchange *x);
void guide_sms(struct exchange *x);

/* What a page is made of; legal pages are made of the same. */
struct guide_read {
    struct guide g;
    struct guide_points p;
};

/* The one that the address names. ERR_NOT_FOUND also for one of another kind. */
int guide_read(struct exchange *x, enum guide_kind kind, struct guide_read *to);
int guide_statements(struct exchange *x, const struct guide *g, const struct guide_points *p,
                     struct tpl_guide_statement **ret_row);
/* Contacts of the country one goes to. */
int guide_contacts(struct exchange *x, const struct guide *g,
                   const struct tpl_contact_card **ret_row, size_t *ret_n);

/* kind: enum guide_kind. */
enum text_id guide_stage_text(int kind, int stage);
enum text_id guide_topic_text(int topic);

#endif
