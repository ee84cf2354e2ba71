#include "web/hits.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/view.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 80, LANG_BYTES = 12 };

struct hit {
    char page[PAGE_BYTES], lang[LANG_BYTES];
    uint16_t country;
    bool is_bot;
    uint32_t n;
};

struct batch {
    usec at;
    size_t n;
    struct hit hit[MAX_HITS];
};

struct hits {
    pthread_mutex_t lock;
    struct writer *writer;
    struct batch *batch; /* NULL: nothing waits */
};

int hits_new(struct writer *w, struct hits **ret_hits)
{
    struct hits *h = calloc(1, sizeof(*h));

    if (!h)
        return ERR_MEM;
    if (pthread_mutex_init(&h->lock, NULL) != 0) {
        free(h);
        return ERR_MEM;
    }
    h->writer = w;
    *ret_hits = h;
    return 0;
}

static int batch_act(struct db *db, void *ctx)
{
    const struct batch *b = ctx;
    struct view views[MAX_HITS];

    for (size_t i = 0; i < b->n; i++)
        views[i] = (struct view){.page = str_c(b->hit[i].page),
                                 .lang = str_c(b->hit[i].lang),
                                 .country = b->hit[i].country,
                                 .is_bot = b->hit[i].is_bot,
                                 .n = b->hit[i].n};
    return view_add(db, views, b->n, b->at);
}

static void batch_done(int result, void *ctx)
{
    if (result < 0)
        log_warn("web", "views_lost", "reason=\"%s\"", err_text(result));
    free(ctx);
}

static struct batch *take(struct hits *h, usec now)
{
    struct batch *b = h->batch;

    h->batch = NULL;
    if (b)
        b->at = now;
    return b;
}

static void give(struct hits *h, struct batch *b)
{
    const struct change c = {
        .act = batch_act, .done = batch_done, .ctx = b, .is_aside = true};
    int r = b ? access_record(h->writer, &c) : 0;

    if (r < 0)
        batch_done(r, b);
}

static struct hit *hit_by_key(struct batch *b, const struct hit *key)
{
    for (size_t i = 0; i < b->n; i++) {
        struct hit *at = &b->hit[i];

        if (at->country == key->country && at->is_bot == key->is_bot &&
            strcmp(at->page, key->page) == 0 && strcmp(at->lang, key->lang) == 0)
            return at;
    }
    if (b->n == MAX_HITS)
        return NULL;
    b->hit[b->n] = *key;
    return &b->hit[b->n++];
}

void hits_add(struct hits *h, str page, str lang, uint16_t country, bool is_bot, usec now)
{
    struct hit key = {.country = country, .is_bot = is_bot};
    struct batch *full = NULL;
    struct hit *at;

    if (str_copy(key.page, sizeof(key.page), page) < 0 ||
        str_copy(key.lang, sizeof(key.lang), lang) < 0)
        return;
    pthread_mutex_lock(&h->lock);
    if (h->batch && h->batch->n == MAX_HITS)
        full = take(h, now);
    if (!h->batch)
        h->batch = calloc(1, sizeof(*h->batch));
    at = h->batch ? hit_by_key(h->batch, &key) : NULL;
    if (at)
        at->n++;
    pthread_mutex_unlock(&h->lock);
    give(h, full);
}

void hits_flush(struct hits *h, usec now)
{
    struct batch *b;

    pthread_mutex_lock(&h->lock);
    b = take(h, now);
    pthread_mutex_unlock(&h->lock);
    give(h, b);
}

void hits_free(struct hits *h)
{
    if (!h)
        return;
    free(h->batch);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
