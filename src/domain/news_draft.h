/*
 * The words of a draft news item, made of the record in English, Russian or Turkmen. A machine's
 * text: an editor reads and publishes it. It claims only what the record holds: without recorded
 * attendance it speaks of who was invited. Private to domain/.
 */
#ifndef DOMAIN_NEWS_DRAFT_H
#define DOMAIN_NEWS_DRAFT_H

#include "base/types.h"

struct actor;
struct arena;
struct db;
struct news_in;
struct seminar;

/* s: read in `lang`. Title and Markdown body. ERR_UNSUPPORTED for a language without phrases. */
int news_draft_write(struct arena *a, struct db *db, const struct actor *who,
                     const struct seminar *s, str lang, struct news_in *ret_draft);

#endif
