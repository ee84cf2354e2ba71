/*
 * What a handler may ask of its exchange and say to it: language, zone, time, form token, cookies,
 * errors, counting. Filled by web/dispatch.c before the handler runs. Owner: the web thread of the
 * exchange (act: the store thread while it runs).
 */
#ifndef WEB_VISIT_H
#define WEB_VISIT_H

#include "base/types.h"
#include "net/http.h"

struct texts;

/* The texts of this exchange's language and zone (UTC until visit_zone_set). */
const struct texts *visit_texts(const struct exchange *x);
/* The same language with another zone, for a line of a list; lives in the arena. */
const struct texts *visit_texts_in(const struct exchange *x, str zone);
/* Language code of the page: "en", "ru", "tk", … */
str visit_lang(const struct exchange *x);
/* For the hidden field "csrf" of every form on this page; empty for the anonymous, whose forms are
 * known by their Origin. */
str visit_csrf(const struct exchange *x);
/* Times of this page are in this zone ("Asia/Ashgabat"). */
void visit_zone_set(struct exchange *x, str zone);
/* The page is in this language unless the address asked for another (a person's own language on a
 * personal link). */
void visit_lang_set(struct exchange *x, str lang);
/* Microseconds UTC at which the exchange began; the `now` of every domain call of a handler. */
usec visit_now(const struct exchange *x);
/* A ROUTE_COUNT handler says what was seen: "news", slug (domain/view.h). */
void visit_count(struct exchange *x, const char *slice, str slug);
/* Answers with the error page of `code` (negative); says what to do next in the page's language. */
void visit_fail(struct exchange *x, int code);
/*
 * The status of a page of ours that says it: err_http_status, but 409 for what has its most of
 * something, where 503 would say that it has room later.
 */
int visit_status(int code);
/* One event of this key may happen per_minute times on average, `burst` at once. False: refuse with
 * ERR_RATE. */
bool visit_rate(struct exchange *x, const char *kind, str key, unsigned per_minute, unsigned burst);
/*
 * A ROUTE_ASYNC handler that needs the store after other work (a password was checked): act runs on
 * the store thread, then show on x's web thread, then the answer goes out. The exchange must be
 * deferred. When the writer is full, x->result is ERR_FULL and show is called at once.
 */
void visit_act_later(struct exchange *x, route_act_fn *act, route_show_fn *show);
/* Ends a deferred exchange that has its answer: counts it, then http_finish. On x's web thread. */
void visit_finish(struct exchange *x);
/* Name of the cookie of a session kind (domain/session.h) on this site: "__Host-…" on https. In the
 * program. */
str visit_cookie_name(const struct exchange *x, int session_kind);
/* Sets the cookie, or ends it with an unset token. max_age in seconds, 0: until the browser closes.
 */
void visit_cookie_set(struct exchange *x, str name, str token, int64_t max_age);

#endif
