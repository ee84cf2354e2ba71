/*
 * What news.c and news_redraft.c share: an item's texts and the revision of one of its versions.
 */
#ifndef DOMAIN_NEWS_I_H
#define DOMAIN_NEWS_I_H

#include "base/types.h"

struct actor;
struct db;
struct news_in;

/* The item's texts and the revision of its version in a language (0: there is none). */
struct news_item {
    int64_t title_id, body_id, revision;
    int state; /* enum desk_state; 0: there is no such version */
    bool is_published;
};

/* ERR_RANGE, ERR_TOO_BIG, ERR_ENCODING. */
int news_check_in(const struct news_in *in);
/* The date that the version shows, for lists and the archive. */
int news_day_set(struct db *db, int64_t id, str lang);

int news_item_read(struct db *db, int64_t id, str lang, struct news_item *ret_item);
int news_texts_write(struct db *db, const struct actor *who, const struct news_item *item,
                     const struct news_in *in, usec now);
/* A change more of the version; makes it when there is none. Not recorded yet: domain/desk_i.h. */
int news_version_count(struct db *db, int64_t id, str lang, usec now);

#endif
