/*
 * The questions to a job offer. Pages without a form that is sent: what an answer means is shown by
 * the style sheet, so that nothing leaves the telephone, with or without script. They never say
 * that an offer is safe, nor what a person is.
 */
#ifndef WEB_PAGE_OFFER_H
#define WEB_PAGE_OFFER_H

struct exchange;

void offer_show(struct exchange *x);
void offer_deciding(struct exchange *x);
void offer_there(struct exchange *x);

#endif
