/*
 * From a request to a page. A reader's page that was made since the last commit goes out as it is
 * (web/kept.h), after the rate alone. Otherwise one order for every route, so that no handler can
 * forget a check:
 *
 *     route → headers (CSP and company) → session (never on a reader's page) → rate → right → form
 *           → GET: show      POST: act on the store thread ─(commit)─▶ show
 *           → error page in the reader's language, view counted
 *
 * An address that is only a slash too long leads to the one without it.
 *
 * Owner: the web thread of the exchange. Handlers see the exchange only after all checks have
 * passed, through web/visit.h.
 */
#ifndef WEB_DISPATCH_H
#define WEB_DISPATCH_H

#include "base/types.h"

struct exchange;
struct site;

/* Answers x or defers it. Takes x->db as it is when it is set (tests), else the thread's own. */
void dispatch(struct exchange *x, struct site *s);
/* Before the body: how much of it is taken. A file, only where one is expected, and from who has
 * the right to send it: memory is not for strangers. */
size_t dispatch_body_limit(struct exchange *x, struct site *s);
/* The page for who sends more: that he is not signed in, or that it is too large. */
void dispatch_too_big(struct exchange *x, struct site *s);

#endif
