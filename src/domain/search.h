/*
 * Search in what readers may see: published news, seminars, conclusions, guides and legal pages;
 * each language version of an item is a page of its own. Words are compared folded
 * (domain/word.h), and by their beginning, which stands in for the endings of Turkmen, Uzbek,
 * Kyrgyz or Russian. What a change makes stale is noted by triggers of the record and brought up to
 * date by search_refresh inside the same transaction. Nothing of a query is kept.
 */
#ifndef DOMAIN_SEARCH_H
#define DOMAIN_SEARCH_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Stored by number, and named in triggers of the record: append only. */
enum search_kind { SEARCH_NEWS = 1, SEARCH_SEMINAR, SEARCH_CONCLUSION, SEARCH_GUIDE };

/* How the pages shown answer the query; the page says so. */
enum search_way {
    SEARCH_ALL,  /* all words are in it, the best first */
    SEARCH_NEAR, /* none has all the words: all of them with shorter endings */
    SEARCH_SOME, /* some of the words */
};

struct search_ask {
    str query;
    str lang;           /* pages in it only; unset: in any */
    size_t limit, skip; /* limit 0: 10; skip at most MAX_SEARCH_SKIP */
};

/* Text in pieces: what was found is to be marked. */
struct search_part {
    str text;
    bool is_found;
};

struct search_parts {
    struct search_part *row;
    size_t n;
};

struct search_hit {
    int kind;
    str lang, path; /* path: behind the language, with its slash */
    usec at;
    str zone; /* of at */
    struct search_parts title, extract;
};

struct search_found {
    struct search_hit *row;
    size_t n;
    bool has_more;
    int way;
    size_t nwords; /* of the query that were looked for; 0: it had none */
};

/* A public page in all its languages, for lists of pages. */
struct search_page {
    str path, langs; /* langs: codes with commas */
    usec seen_at;    /* when what readers see of it was last another */
};

struct search_page_list {
    struct search_page *row;
    size_t n;
};

/* News and seminars, the newest first; the other kinds have lists of their own. */
int search_pages(struct arena *a, struct db *db, size_t limit, struct search_page_list *ret_list);
/* ERR_ENCODING when the query is not UTF-8; anything else is a query. */
int search_find(struct arena *a, struct db *db, const struct search_ask *ask,
                struct search_found *ret_found);
/*
 * Brings up to date what changes have made stale, a batch of items at a time. Inside the changing
 * transaction; domain/access.h calls it behind every change. *ret_left: more is waiting.
 */
int search_refresh(struct db *db, bool *ret_left);
/* search_refresh until nothing is left, in transactions of its own: at the start, for commands. */
int search_catch_up(struct db *db);
/* Forgets the index and marks everything stale; search_refresh does the rest. RIGHT_SYSTEM. */
int search_reset(struct db *db, const struct actor *who);

#endif
