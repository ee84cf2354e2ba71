/*
 * The home page per language, and the address without a language that leads to it. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_HOME_H
#define WEB_PAGE_HOME_H

#include "domain/news.h"

struct exchange;
struct tpl_home_news;

void root(struct exchange *x);
void home(struct exchange *x);

/* Items as the cards that home, the seminar's page and the archive show. NULL when out of memory.
 */
const struct tpl_home_news *home_cards(struct exchange *x, const struct news_list *list);

#endif
