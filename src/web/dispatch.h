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

/* The texts of this exchange's language and zone (UTC until visit_zone_set). */
const struct texts *visit_texts(const struct exchange *x);
/* The same language with another zone, for a line of a list; lives in the arena. */
const struct texts *visit_texts_in(const struct exchange *x, str zone);
/* Language code of the page: "en", "ru", "tk", … */
str visit_lang(const struct exchange *x);
/* For the hidden field "csrf" of every form on this page; empty for the anonymous, whose forms are known by their Origin. */
str visit_csrf(const struct exchange *x);
/* Times of this page are in this zone ("Asia/Ashgabat"). */
void visit_zone_set(struct exchange *x, str zone);
/* The page is in this language unless the address asked for another (a person's own language on a personal link). */
void visit_lang_set(struct exchange *x, str lang);
/* Microseconds UTC at which the exchange began; the `now` of every domain call of a handler. */
usec visit_now(const struct exchange *x);
/* A ROUTE_COUNT handler says what was seen: "news", slug (domain/view.h). */
void visit_count(struct exchange *x, const char *slice, str slug);
/* Answers with the error page of `code` (negative); says what to do next in the page's language. */
void visit_fail(struct exchange *x, int code);
/*
 * A ROUTE_ASYNC handler that needs the store after other work (a password was checked): act runs on the store thread, then
 * show on x's web thread, then the answer goes out. The exchange must be deferred. When the writer is full, x->result is
 * ERR_FULL and show is called at once.
 */
void visit_act_later(struct exchange *x, route_act_fn *act, route_show_fn *show);
/* Ends a deferred exchange that has its answer: last headers, then http_finish. On x's web thread. */
void visit_finish(struct exchange *x);
/* Name of the cookie of a session kind (domain/session.h) on this site: "__Host-…" on https. */
str visit_cookie_name(const struct exchange *x, int session_kind);
/* Sets the cookie, or ends it with an unset token. max_age in seconds. */
void visit_cookie_set(struct exchange *x, int session_kind, str token, int64_t max_age);

#endif
