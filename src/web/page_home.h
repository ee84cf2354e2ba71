/*
 * The home of the programme per language, for the person who decides or is in trouble first, then
 * the journalist, then the partner; and the address without a language that leads to it. Handlers
 * of web/routes.c.
 */
#ifndef WEB_PAGE_HOME_H
#define WEB_PAGE_HOME_H

#include "domain/news.h"

struct exchange;
struct programme;
struct tpl_home_news;
struct tpl_partners;

void root(struct exchange *x);
void home(struct exchange *x);
/* The same for one programme of several. */
void programme_show(struct exchange *x);

/* Items as the cards that home, the seminar's page and the archive show. NULL when out of memory.
 */
const struct tpl_home_news *home_cards(struct exchange *x, const struct news_list *list);

/* Who leads, pays and takes part in a programme, for the part `partners`; nothing for id 0. */
int home_partners(struct exchange *x, const struct programme *p, struct tpl_partners *v);

#endif
