/*
 * A text that grows, in an arena or on the heap: pages, JSON, SDP answers. Sticky error: when
 * memory or its limit ends, err is set, later writes do nothing, and the owner tests once.
 */
#ifndef BASE_SB_H
#define BASE_SB_H

#include "base/types.h"

struct arena;

struct sb {
    char *p;
    size_t n, cap, max;
    struct arena *arena; /* NULL: heap, free with sb_done */
    bool err;
};

/* max 0 means MAX_ARENA_BYTES. */
struct sb sb_init(struct arena *a, size_t max);
void sb_add(struct sb *b, str s);
void sb_c(struct sb *b, const char *s);
void sb_char(struct sb *b, char c);
void sb_printf(struct sb *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Escaped for HTML text and double-quoted attributes: & < > " ' */
void sb_html(struct sb *b, str s);
/* A JSON string with its quotes (RFC 8259); '<' becomes \u003c so that it may stand in a script
 * element. */
void sb_json(struct sb *b, str s);
/* Percent-encoded for one path segment or query value (RFC 3986 unreserved kept). */
void sb_url(struct sb *b, str s);
/* What was written; valid until the next write. Unset when err. */
str sb_str(const struct sb *b);
void sb_reset(struct sb *b);
/* Heap only; NULL-safe inside. */
void sb_done(struct sb *b);

#endif
