/*
 * Inside search: which word stands in which pages and what it weighs there, and the ranking. Spec:
 * BM25 with two fields (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009,
 * section 3.6). A title's word counts as ten of the body.
 *
 *     weight of a word in a page = f / K,  f = 10 * times in the title + times in the body
 *                                          K = 1.2 * (0.25 + 0.75 * words of the page / 200)
 *     rank of a page = sum over the query's words of  idf * g / (1 + g)
 *                      g = sum of the weights of all words there that begin as the query's word
 *                      idf = ln(1 + (N - n + 0.5) / (n + 0.5)), N pages, n of them with the word
 *
 * The 200 stands where BM25 has the mean length: a weight then depends on its page alone, and is
 * written once. Weights of several endings of a word add up, because K is the page's own.
 */
#ifndef DOMAIN_SEARCH_I_H
#define DOMAIN_SEARCH_I_H

#include "base/types.h"

struct arena;
struct db;

enum {
    SEARCH_LANG_SHIFT = 40, /* page number = lang_number << 40 | count */
    SEARCH_BLOCK = 8192,    /* pages to a row of search_words: 16 to 24 kB for a common word */
    SEARCH_ONE = 64,        /* weights are stored in steps of 1/64 */
    SEARCH_WEIGHT_MAX = 65535,
    SEARCH_MAX_WORDS = 8,     /* of a query */
    SEARCH_EXACT_LETTERS = 2, /* so short a word is not the beginning of another one */
};

/* ---- the words of pages (search_words.c) ---- */

/* Changes of the index, gathered and then written together. */
struct search_change;
struct search_changes {
    struct search_change *row;
    size_t n, cap;
    struct arena *words;
};

/* What one page says: folded texts with a space between words. is_there false: it goes. */
struct search_text {
    int64_t page_id;
    str title, body;
    bool is_there;
};

void search_changes_done(struct search_changes *c);
int search_changes_add(struct search_changes *c, const struct search_text *t);
bool search_changes_are_many(const struct search_changes *c);
/* Writes them and is empty again. */
int search_changes_write(struct search_changes *c, struct db *db);

/* Called with a row of search_words: the pages' numbers begin at `first`. */
typedef void search_row_fn(int64_t first, str pages, void *ctx);
/* All rows of the language with the word, or with words that begin so. */
int search_words_walk(struct db *db, int64_t lang_number, str word, search_row_fn *fn, void *ctx);
/*
 * Takes the next page of a row: its place behind `first` and the weight. False at the end or where
 * the row is broken. Begin with *io_at = -1. Here, because a query does it a million times.
 */
static inline bool search_row_next(str *rest, int64_t *io_at, uint32_t *ret_weight)
{
    const unsigned char *p = (const unsigned char *)rest->p, *end = p + rest->n;
    uint32_t v[2] = {0, 0};

    for (int k = 0; k < 2; k++) {
        unsigned shift = 0;

        for (; p < end && *p & 0x80 && shift < 14; shift += 7)
            v[k] |= (uint32_t)(*p++ & 0x7f) << shift;
        if (p == end || *p & 0x80)
            return false;
        v[k] |= (uint32_t)*p++ << shift;
    }
    if (v[0] == 0 || *io_at + v[0] >= SEARCH_BLOCK)
        return false;
    *io_at += v[0];
    *ret_weight = v[1] < SEARCH_WEIGHT_MAX ? v[1] : SEARCH_WEIGHT_MAX;
    rest->n = (size_t)(end - p);
    rest->p = (const char *)p;
    return true;
}
size_t search_letters(str s);

/* ---- the ranking (search_rank.c) ---- */

struct search_query {
    str word[SEARCH_MAX_WORDS];
    size_t n;
};

struct search_ranked {
    int64_t *page_id; /* the best first; of equals the newest */
    size_t n;
    bool has_all; /* these pages have all words; otherwise some of them */
};

/* The best `most` pages. lang unset: of all languages. */
int search_rank(struct arena *a, struct db *db, str lang, const struct search_query *q, size_t most,
                struct search_ranked *ret_ranked);

#endif
