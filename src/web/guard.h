/*
 * What protects a page from other sites: security headers on every answer, and the check that a
 * form or a WebSocket was sent from a page of ours. No state; web thread.
 */
#ifndef WEB_GUARD_H
#define WEB_GUARD_H

#include "base/types.h"

struct exchange;
struct route;
struct site;

/* CSP, Referrer-Policy, nosniff, COOP, CORP, Permissions-Policy, caching. route NULL: as for a
 * reader's page. */
void guard_headers(struct exchange *x, const struct site *s, const struct route *route);
/* The page plays sounds or films of ours: its policy allows that besides. */
void guard_media(struct exchange *x);
/* Is the Host header one of ours? A foreign one means a page that has bound its own name to our
 * address. */
bool guard_is_our_host(const struct exchange *x, const struct site *s);
/* Was x sent by a page of ours? By Origin, else Referer, else Sec-Fetch-Site; without any: no. */
bool guard_is_our_page(const struct exchange *x);

#endif
