#include "web/site.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/access.h"
#include "net/loop.h"
#include "web/check_book.h"
#include "web/dispatch.h"
#include "web/hits.h"
#include "web/kept.h"
#include "web/rate.h"
#include "web/shelf.h"
#include "web/worker.h"

#include <stdlib.h>

struct thread {
    struct site *site;
    struct loop *loop;
    struct db *db;
    struct loop_timer flush;
    struct thread *next;
};

int site_new(const struct site_conf *c, struct site **ret_site)
{
    struct site *s = calloc(1, sizeof(*s));
    int r;

    if (!s)
        return ERR_MEM;
    if (pthread_mutex_init(&s->lock, NULL) != 0) {
        free(s);
        return ERR_MEM;
    }
    s->conf = *c;
    s->origin = str_c(c->origin);
    s->is_secure = str_istarts(s->origin, S("https://"));
    s->is_loopback = str_istarts(s->origin, S("http://localhost")) ||
                     str_istarts(s->origin, S("http://127.0.0.1")) ||
                     str_istarts(s->origin, S("http://[::1]"));
    r = worker_new(c->workers, &s->worker);
    if (r == 0)
        r = rate_new(&s->rate);
    if (r == 0)
        r = hits_new(c->writer, &s->hits);
    if (r == 0)
        r = kept_new(&s->kept);
    if (r == 0)
        r = shelf_new(&s->shelf);
    if (r == 0)
        r = check_book_new(&s->check);
    if (r == 0) {
        *ret_site = s;
        s = NULL;
    }
    site_free(s);
    return r;
}

void site_free(struct site *s)
{
    if (!s)
        return;
    worker_free(s->worker);
    if (s->hits)
        hits_flush(s->hits, clock_wall());
    hits_free(s->hits);
    kept_free(s->kept);
    shelf_free(s->shelf);
    rate_free(s->rate);
    pthread_mutex_destroy(&s->lock);
    check_book_free(s->check);
    free(s);
}

static void flush(usec now, void *ctx)
{
    struct thread *t = ctx;

    hits_flush(t->site->hits, clock_wall());
    loop_timer_set(t->loop, &t->flush, now + HITS_FLUSH_US);
}

int site_thread_start(struct loop *l, void *ctx, void **ret_thread)
{
    struct thread *t = calloc(1, sizeof(*t));
    int r;

    if (!t)
        return ERR_MEM;
    t->site = ctx;
    t->loop = l;
    r = access_open(t->site->conf.db_path, &t->db);
    if (r < 0) {
        log_error("web", "store_not_opened", "error=\"%s\"", err_text(r));
        free(t);
        return r;
    }
    t->flush = (struct loop_timer){.run = flush, .ctx = t};
    loop_timer_set(l, &t->flush, clock_mono() + HITS_FLUSH_US);
    pthread_mutex_lock(&t->site->lock);
    t->next = t->site->threads;
    t->site->threads = t;
    pthread_mutex_unlock(&t->site->lock);
    *ret_thread = t;
    return 0;
}

void site_thread_end(void *thread, void *ctx)
{
    struct thread *t = thread, **at;

    (void)ctx;
    if (!t)
        return;
    pthread_mutex_lock(&t->site->lock);
    for (at = &t->site->threads; *at != t;)
        at = &(*at)->next;
    *at = t->next;
    pthread_mutex_unlock(&t->site->lock);
    loop_timer_cancel(t->loop, &t->flush);
    access_close(t->db);
    free(t);
}

void site_print_threads(struct site *s, struct sb *to)
{
    unsigned n = 0;

    pthread_mutex_lock(&s->lock);
    for (const struct thread *t = s->threads; t; t = t->next) {
        sb_printf(to, "web thread %u: ", ++n);
        loop_print(t->loop, to);
    }
    pthread_mutex_unlock(&s->lock);
}

struct db *site_thread_db(void *thread)
{
    return ((struct thread *)thread)->db;
}

size_t site_body_limit(struct exchange *x, void *ctx)
{
    return dispatch_body_limit(x, ctx);
}

void site_too_big(struct exchange *x, void *ctx)
{
    dispatch_too_big(x, ctx);
}

void site_dispatch(struct exchange *x, void *ctx)
{
    dispatch(x, ctx);
}
