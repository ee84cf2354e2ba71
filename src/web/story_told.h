/*
 * What stands beside a story wherever it goes: under which name it is told, and that the consent
 * can be taken back. Any thread.
 */
#ifndef WEB_STORY_TOLD_H
#define WEB_STORY_TOLD_H

#include "base/types.h"

struct arena;
struct db;
struct texts;

/* Plain, in the language of the texts. */
int story_told(struct arena *a, struct db *db, const struct texts *t, int64_t news_id,
               str *ret_said);

#endif
