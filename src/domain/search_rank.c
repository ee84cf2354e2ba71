#include "domain/search_i.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/rows.h"
#include "store/db.h"

#include <math.h>
#include <stdlib.h>

/*
 * All pages that have a word are ranked, however many: their weights are added into arrays with
 * a place for every page of the languages asked for, word by word. It costs about 2 ns for a page
 * with a word and less for a page without, so 100,000 pages take a millisecond or two. Then a heap
 * picks the best.
 */
struct span {                   /* of a language */
    int64_t lang_number, first; /* first: the place of its page 0 */
    int64_t n;
};

struct rank {
    struct span *span;
    size_t nspans;
    const struct span *now; /* the one that is walked */
    size_t npages;
    uint32_t *weight; /* of the word at hand; 0 between words */
    size_t nhave;     /* pages that have it */
    float *score;
    uint32_t *words; /* how many words the page has */
};

static void row_add(int64_t first, str pages, void *ctx)
{
    struct rank *k = ctx;
    int64_t at = -1, room = k->now->n - first;
    uint32_t *weight = k->weight + k->now->first + first, w;

    while (search_row_next(&pages, &at, &w) && at < room) {
        k->nhave += !weight[at];
        weight[at] += w;
    }
}

/* What the word at hand says. Without a branch, so that the compiler takes several at once. */
static void word_score(struct rank *k)
{
    float n = (float)k->nhave, idf = logf(1 + ((float)k->npages - n + 0.5f) / (n + 0.5f));
    float *restrict score = k->score;
    uint32_t *restrict words = k->words, *restrict weight = k->weight;

    if (!k->nhave)
        return;
    for (size_t i = 0; i < k->npages; i++) {
        float g = (float)(int32_t)weight[i];

        score[i] += idf * g / (SEARCH_ONE + g);
        words[i] += weight[i] != 0;
        weight[i] = 0;
    }
    k->nhave = 0;
}

static int word_add(struct rank *k, struct db *db, str word)
{
    int r = 0;

    for (size_t i = 0; i < k->nspans && r == 0; i++) {
        k->now = &k->span[i];
        r = search_words_walk(db, k->now->lang_number, word, row_add, k);
    }
    if (r == 0)
        word_score(k);
    return r;
}

/* ---- the best ---- */

struct best {
    float score;
    size_t at;
};

static bool is_worse(struct best a, struct best b)
{
    return a.score < b.score || (a.score == b.score && a.at < b.at);
}

/* A heap with the worst on top: b takes the top's place and sinks. */
static void sink(struct best *heap, size_t n, struct best b)
{
    size_t i = 0, child;

    for (; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && is_worse(heap[child + 1], heap[child]))
            child++;
        if (is_worse(b, heap[child]))
            break;
        heap[i] = heap[child];
    }
    heap[i] = b;
}

static void rise(struct best *heap, size_t i, struct best b)
{
    for (; i && is_worse(b, heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = b;
}

static int64_t page_of(const struct rank *k, size_t at)
{
    size_t i = k->nspans - 1;

    while (i && (size_t)k->span[i].first > at)
        i--;
    return (k->span[i].lang_number << SEARCH_LANG_SHIFT) | ((int64_t)at - k->span[i].first);
}

static int choose(struct arena *a, const struct rank *k, size_t nwords, size_t most,
                  struct search_ranked *ret_ranked)
{
    struct best *heap;
    size_t n = 0;
    uint32_t most_words = 0;

    for (size_t i = 0; i < k->npages; i++)
        most_words = k->words[i] > most_words ? k->words[i] : most_words;
    ret_ranked->has_all = most_words == nwords;
    most = most < k->npages ? most : k->npages;
    heap = arena_array(a, most, sizeof(*heap));
    ret_ranked->page_id = arena_array(a, most, sizeof(*ret_ranked->page_id));
    if (!heap || !ret_ranked->page_id)
        return ERR_MEM;
    for (size_t i = 0; most && i < k->npages; i++) {
        struct best b = {k->score[i], i};

        if (!k->words[i] || (ret_ranked->has_all && k->words[i] < nwords))
            continue;
        if (n < most)
            rise(heap, n++, b);
        else if (is_worse(heap[0], b))
            sink(heap, n, b);
    }
    ret_ranked->n = n;
    while (n) {
        ret_ranked->page_id[--n] = page_of(k, heap[0].at);
        sink(heap, n, heap[n]);
    }
    return 0;
}

/* ---- the whole ---- */

static int spans_read(struct arena *a, struct db *db, str lang, struct rank *k)
{
    struct stmt *q = db_stmt(db, "SELECT lang_number, last_page + 1 FROM search_langs"
                                 " WHERE ?1 IS NULL OR lang = ?1 ORDER BY lang_number");
    bool ok = true;
    int r;

    stmt_str(q, 1, lang);
    while ((r = stmt_row(q)) > 0) {
        k->span = rows_grow(a, k->span, k->nspans, sizeof(*k->span));
        if (!k->span) {
            ok = false;
            break;
        }
        k->span[k->nspans] = (struct span){col_i64(q, 0), (int64_t)k->npages, col_i64(q, 1)};
        k->npages += (size_t)k->span[k->nspans++].n;
    }
    return rows_end(q, r, ok);
}

static int arrays_new(struct rank *k)
{
    if (k->npages > MAX_SEARCH_PAGES)
        return ERR_TOO_BIG;
    k->weight = calloc(k->npages + 1, sizeof(*k->weight));
    k->score = calloc(k->npages + 1, sizeof(*k->score));
    k->words = calloc(k->npages + 1, sizeof(*k->words));
    return k->weight && k->score && k->words ? 0 : ERR_MEM;
}

int search_rank(struct arena *a, struct db *db, str lang, const struct search_query *q, size_t most,
                struct search_ranked *ret_ranked)
{
    struct search_ranked ranked = {0};
    struct rank k = {0};
    int r = spans_read(a, db, lang, &k);

    if (r == 0 && k.nspans)
        r = arrays_new(&k);
    for (size_t i = 0; i < q->n && r == 0 && k.nspans; i++)
        r = word_add(&k, db, q->word[i]);
    if (r == 0 && k.nspans)
        r = choose(a, &k, q->n, most, &ranked);
    if (r == 0)
        *ret_ranked = ranked;
    free(k.weight);
    free(k.score);
    free(k.words);
    return r;
}
