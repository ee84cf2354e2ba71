/*
 * Topics of news: a short list per site, each with a name in several languages. An item has any
 * number of them.
 */
#ifndef DOMAIN_TOPIC_H
#define DOMAIN_TOPIC_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;

struct topic {
    int64_t id;
    str slug;
    struct text name;
    int64_t nitems; /* published in the language asked for */
    bool is_chosen; /* topic_list of an item: it has this one */
};

struct topic_list {
    struct topic *row;
    size_t n;
};

/* By name. news_id 0: of no item, is_chosen is never set. */
int topic_list(struct arena *a, struct db *db, str lang, int64_t news_id,
               struct topic_list *ret_list);
int topic_by_slug(struct arena *a, struct db *db, str slug, str lang, struct topic *ret_topic);
/* Finds or makes it. ERR_RANGE for a slug that is none, ERR_FULL over MAX_TOPICS. RIGHT_EDITOR. */
int topic_put(struct db *db, const struct actor *who, str slug, usec now, int64_t *ret_id);
/* The name in one language. RIGHT_EDITOR. */
int topic_name_put(struct db *db, const struct actor *who, int64_t id, str lang, str name,
                   usec now);
/* Takes it from the list and from all items. RIGHT_EDITOR. */
int topic_remove(struct db *db, const struct actor *who, int64_t id);
/* The item's topics are these, no others. RIGHT_EDITOR. */
int topic_choose(struct db *db, const struct actor *who, int64_t news_id, const int64_t *ids,
                 size_t n);

#endif
