/*
 * What is out no more: the notice in its place, which feeds tell of it, and how to know that
 * something made of news is out of date. What is withdrawn here is to be gone everywhere.
 */
#ifndef DOMAIN_NEWS_GONE_H
#define DOMAIN_NEWS_GONE_H

#include "base/types.h"

struct arena;
struct db;
struct news_filter;

/* What stands in the place of what was withdrawn. */
struct news_gone {
    int64_t id;
    int kind;      /* enum news_kind */
    usec at;       /* when it was withdrawn */
    str lang;      /* of farewell */
    str farewell;  /* what readers are told besides; unset: nothing */
};
/* In that language, else the newest withdrawal. ERR_NOT_FOUND. */
int news_gone(struct arena *a, struct db *db, str slug, str lang, struct news_gone *ret_gone);

/*
 * Another number after every step, change of words, pictures or consent and safety check of any
 * item, and from the moment a consent ends: whoever keeps something made of news asks it first.
 */
int news_mark(struct db *db, usec now, int64_t *ret_mark);

/*
 * What the feed of this filter tells those who carry a copy, newest first: what was withdrawn, and
 * stories that may no longer be in feeds; of stories only those that may have been in one. Of the
 * filter these count: lang, topic_id, country, limit.
 */
struct news_lost_list { struct news_lost { str slug; int kind; usec at; } *row; size_t n; };
int news_lost(struct arena *a, struct db *db, const struct news_filter *f,
              struct news_lost_list *ret_list);

#endif
