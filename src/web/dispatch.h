/*
 * From a request to a page. One order for every route, so that no handler can forget a check:
 *
 *     route → rate → session (never on a reader's page) → right → form token → language
 *           → GET: show      POST: act on the store thread ─(commit)─▶ show
 *           → headers (CSP and company), ETag, error page in the reader's language, view counted
 *
 * Owner: the web thread of the exchange. Handlers see the exchange only after all checks have passed.
 */
#ifndef WEB_DISPATCH_H
#define WEB_DISPATCH_H

#include "base/types.h"
#include "net/http.h"

struct texts;
struct site;

/* The dispatcher's own notes about an exchange: language, form token, what a view counts for. */
struct visit;

/* The texts of this exchange's language, with the zone set by page_zone() or UTC. */
const struct texts *visit_texts(const struct exchange *x);
/* Language code of the page: "en", "ru", "tk", … */
str visit_lang(const struct exchange *x);
/* Token for the hidden field "csrf" of every form on this page; empty for the anonymous, whose forms carry none. */
str visit_csrf(const struct exchange *x);
/* Times of this page are in this zone ("Asia/Ashgabat"). */
void visit_set_zone(struct exchange *x, str zone);
/* The language of the page is this one, whatever was asked before (a person's own language on a personal link). */
void visit_set_lang(struct exchange *x, str lang);
/* Microseconds UTC at which the exchange began; the `now` of every domain call of a handler. */
usec visit_now(const struct exchange *x);
/* A ROUTE_COUNT handler says what was seen: kind is a word of domain/view.h's table. */
void visit_count(struct exchange *x, str kind, int64_t id);
/* Answers with the error page of `code` (negative); says what to do next in the page's language. */
void visit_fail(struct exchange *x, int code);

#endif
