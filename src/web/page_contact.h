/*
 * The register of contacts for readers: a list for a country, a card to print, and the same for
 * programs (HSDS 3.0, docs.openreferral.org). Nothing here is counted, kept by a browser, or told
 * to the next site.
 */
#ifndef WEB_PAGE_CONTACT_H
#define WEB_PAGE_CONTACT_H

struct contact;
struct exchange;
struct tpl_contact_card;

void contact_list_show(struct exchange *x);
void contact_show(struct exchange *x);
void contact_json(struct exchange *x);
void contact_csv(struct exchange *x);
/* What has changed since ?modified_after=, for media that carry a copy. */
void contact_changes_json(struct exchange *x);
/* Leaves this site for a page that says nothing: see web/page_exit.c. */
void page_exit(struct exchange *x);
void calendar(struct exchange *x);

/* For pages that show a contact among others. */
int contact_card_fill(struct exchange *x, const struct contact *c, struct tpl_contact_card *v);
/* Not kept by the browser, not named to the next site. */
void contact_private(struct exchange *x);

#endif
