#include "web/worker.h"

#include "base/err.h"
#include "base/limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MAX_THREADS = 8 };

struct hand {
    pthread_t thread;
    struct queue *queue;
    struct msg stop;
    bool is_stopping;
};

struct worker {
    atomic_uint turn; /* the next hand to be given work */
    unsigned n;
    struct hand hand[MAX_THREADS];
};

static void job_back(struct msg *m, void *ctx)
{
    struct job *j = (struct job *)m;

    (void)ctx;
    j->done(j);
}

static void job_run(struct msg *m, void *ctx)
{
    struct job *j = (struct job *)m;

    (void)ctx;
    j->run(j);
    j->msg = (struct msg){.run = job_back};
    queue_answer(j->answer, &j->msg);
}

static void hand_stop(struct msg *m, void *ctx)
{
    struct hand *h = ctx;

    (void)m;
    h->is_stopping = true;
}

static void *hand_main(void *ctx)
{
    struct hand *h = ctx;

    while (!h->is_stopping) {
        queue_wait(h->queue, -1);
        queue_run(h->queue);
    }
    return NULL;
}

int worker_new(unsigned nthreads, struct worker **ret_worker)
{
    struct worker *w = calloc(1, sizeof(*w));
    int r = 0;

    if (!w)
        return ERR_MEM;
    if (nthreads == 0)
        nthreads = 1;
    if (nthreads > MAX_THREADS)
        nthreads = MAX_THREADS;
    for (; w->n < nthreads; w->n++) {
        struct hand *h = &w->hand[w->n];

        r = queue_new(MAX_WORKER_JOBS, &h->queue);
        if (r == 0 && pthread_create(&h->thread, NULL, hand_main, h) != 0)
            r = ERR_MEM;
        if (r < 0) {
            queue_free(h->queue);
            break;
        }
    }
    if (r == 0) {
        *ret_worker = w;
        w = NULL;
    }
    worker_free(w);
    return r;
}

int worker_put(struct worker *w, struct job *j)
{
    unsigned at = atomic_fetch_add(&w->turn, 1) % w->n;

    j->msg = (struct msg){.run = job_run};
    return queue_put(w->hand[at].queue, &j->msg);
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    for (unsigned i = 0; i < w->n; i++) {
        struct hand *h = &w->hand[i];

        h->stop = (struct msg){.run = hand_stop, .ctx = h};
        queue_answer(h->queue, &h->stop);
        pthread_join(h->thread, NULL);
        queue_free(h->queue);
    }
    free(w);
}
