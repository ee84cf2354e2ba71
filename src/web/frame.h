/*
 * What every page has around it: title, languages, links, banners. Fills the layout's part of a
 * template's fields and sends what the template wrote. Web thread.
 */
#ifndef WEB_FRAME_H
#define WEB_FRAME_H

#include "base/types.h"
#include "gen/text.h"

struct exchange;
struct text;
struct tpl_page;

/* path: where this page can be asked for by GET, for the language switch; unset: the path of x. */
void frame_fill(struct exchange *x, struct tpl_page *ret_page, str title, str path);
/* Only these languages are offered to search engines as versions of the page. */
void frame_versions(struct exchange *x, struct tpl_page *page, const str *langs, size_t n);
/* Sends what was written to x->reply as HTML; a reader's page gets its ETag. */
void frame_send(struct exchange *x, int status);
/* As frame_send for other types. */
void frame_send_type(struct exchange *x, int status, str type);

/* The body, or `instead` when there is none. */
str frame_text(const struct text *t, str instead);
/* For a lang attribute: the text's language when it is not the page's; unset otherwise. */
str frame_foreign(const struct text *t);
/* Foreign words, or an address, that keep their own direction inside a line (Unicode isolates). */
str frame_apart(struct exchange *x, str s);
/* ?done=saved: the text that the table has for the word, or TEXT_NONE. */
struct frame_word {
    str word;
    enum text_id text;
};
enum text_id frame_word(struct exchange *x, str query, const struct frame_word *words, size_t n);
/* A time as a text in the arena, in another zone than the page's. */
str frame_datetime(struct exchange *x, usec at, str zone);
str frame_date(struct exchange *x, usec at, str zone);
/* "November 2020", in the calendar of the archive's addresses. */
str frame_month(struct exchange *x, usec at);
str frame_time(struct exchange *x, usec at, str zone);
/* The city that a zone is named after, in the page's language. */
str frame_city(struct exchange *x, str zone);

#endif
