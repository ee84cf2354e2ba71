/*
 * gzip (RFC 1952) and brotli (RFC 7932) of a text that is made once and answered often. For answers
 * made on the fly see net/gzip.h. No state; any thread.
 */
#ifndef NET_PACK_H
#define NET_PACK_H

#include "base/types.h"

struct arena;

/* Each stays unset when it would not be smaller than the text. ERR_MEM. */
int pack_text(struct arena *a, str text, str *ret_gzip, str *ret_br);

#endif
