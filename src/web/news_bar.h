/*
 * What every page of an item at the desk begins with: its headline, its languages, where it stands,
 * and the pages it has (words, pictures, safety check, consent, steps). Web thread, except
 * news_bar_item, which acts call too.
 */
#ifndef WEB_NEWS_BAR_H
#define WEB_NEWS_BAR_H

#include "gen/template.h"
#include "gen/text.h"

struct db;
struct desk_place;
struct exchange;
struct news;

enum news_tab { NEWS_WORDS, NEWS_PICTURES, NEWS_SAFETY, NEWS_CONSENT, NEWS_STEPS, NEWS_TABS };

/* The item and version of the address: {slug}, {code}. ERR_NOT_FOUND. */
int news_bar_item(struct exchange *x, struct db *db, struct news *ret_news);
/* /desk/news/{slug}/{code} of this exchange, with what follows it ("" or "/steps"). */
str news_bar_url(struct exchange *x, const char *rest);
/* Reads where it stands; place may be NULL. */
int news_bar_fill(struct exchange *x, const struct news *n, enum news_tab tab,
                  struct tpl_news_bar *ret_bar, struct desk_place *place);
enum text_id news_bar_state(int state);
/* The sentence for one bit of enum desk_obstacle. */
enum text_id news_bar_obstacle(unsigned bit);
/* A trimmed field of the form; never unset. */
str news_bar_field(struct exchange *x, const char *name);

#endif
