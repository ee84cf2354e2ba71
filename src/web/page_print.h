/*
 * Pages made for paper, A5 and A4: a guide, the contacts. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_PRINT_H
#define WEB_PAGE_PRINT_H

struct exchange;

void print_contacts(struct exchange *x);
void print_guide(struct exchange *x);

#endif
