/*
 * Views that wait for the store: gathered by page, language and country, given to the writer at
 * most 5 s later. What a crash loses is 5 s of counting. Any thread.
 */
#ifndef WEB_HITS_H
#define WEB_HITS_H

#include "base/types.h"

struct hits;
struct writer;

#define HITS_FLUSH_US (5 * USEC_S)

int hits_new(struct writer *w, struct hits **ret_hits);
/* One view; page and lang are copied. Flushes by itself when the batch is full. */
void hits_add(struct hits *h, str page, str lang, uint16_t country, bool is_bot, usec now);
/* What waits goes to the writer. */
void hits_flush(struct hits *h, usec now);
/* Without what waits: flush first. NULL-safe. */
void hits_free(struct hits *h);

#endif
