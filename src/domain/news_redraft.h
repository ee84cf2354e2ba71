/*
 * A draft that was edited, and the record that has gone on since: what is new can be put into the
 * text without losing a line of it.
 */
#ifndef DOMAIN_NEWS_REDRAFT_H
#define DOMAIN_NEWS_REDRAFT_H

#include "base/types.h"

struct actor;
struct arena;
struct db;
struct news;
struct safety_in;

/* What the record says now of which an edited draft knows nothing. */
struct news_redraft {
    bool is_new;
    str merged; /* the edited text with the new lines at their places; nothing of it is left out */
    str made;   /* what the record gives now */
};


/*
 * Compares what the record gives now with what it gave when the version's draft was made. For an
 * item without seminar, a language without phrases, or a text begun by hand nothing is new.
 * RIGHT_EDITOR.
 */
int news_redraft(struct arena *a, struct db *db, const struct actor *who, const struct news *n,
                 struct news_redraft *ret_redraft) MUST_CHECK;
/* Takes redraft.merged over into the version, as news_edit would. RIGHT_EDITOR. */
int news_redraft_take(struct arena *a, struct db *db, const struct actor *who,
                      const struct news *n, const struct safety_in *answers, usec now);

#endif
