#include "store/writer.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/sb.h"
#include "store/db.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * A group is what waits, up to GROUP_MAX: one fsync (some milliseconds on a disk) is shared by all
 * of it, and the first of the group does not wait for thousands. When the group cannot be
 * committed, each work of it is run again on its own: so a work that fills the disk fails alone.
 */
enum { GROUP_MAX = 256 };

struct writer {
    struct db *db;
    struct queue *queue;
    pthread_t thread;
    atomic_uint_fast64_t version;
    atomic_uint_fast64_t ncommits, nworks, nfailed; /* failed: commits that could not be made */
    _Atomic usec worst_commit;
    struct msg stop;  /* the last message */
    bool has_stopped; /* store thread only */
};

static struct work *work_of(struct msg *m)
{
    return (struct work *)(void *)m; /* msg is the first member */
}

static void run_one(struct db *db, struct work *w)
{
    int r = db_mark(db);

    if (r == 0) {
        r = w->act(w, db);
        if (r >= 0 && db_is_open(db))
            r = db_release(db);
        if (r < 0)
            db_rollback(db);
    }
    w->result = r < 0 ? r : 0;
}

static void note_commit(struct writer *wr, int r, usec took)
{
    atomic_fetch_add_explicit(r < 0 ? &wr->nfailed : &wr->ncommits, 1, memory_order_relaxed);
    if (took > atomic_load_explicit(&wr->worst_commit, memory_order_relaxed))
        atomic_store_explicit(&wr->worst_commit, took, memory_order_relaxed);
}

/* All of [first, end) in one transaction; an error means that nothing of it was kept. */
static int run_group(struct writer *wr, struct msg *first, const struct msg *end)
{
    struct db *db = wr->db;
    bool is_aside = true;
    int r = db_begin(db);
    usec began;

    if (r < 0)
        return r;
    for (struct msg *m = first; m != end; m = m->next) {
        run_one(db, work_of(m));
        is_aside &= work_of(m)->is_aside;
        atomic_fetch_add_explicit(&wr->nworks, 1, memory_order_relaxed);
        if (!db_is_open(db)) {
            r = work_of(m)->result < 0 ? work_of(m)->result : ERR_STORE;
            db_abort(db);
            return r;
        }
    }
    began = clock_mono();
    r = db_commit(db);
    if (r < 0)
        db_abort(db);
    else if (!is_aside)
        atomic_fetch_add(&wr->version, 1);
    note_commit(wr, r, clock_mono() - began);
    return r;
}

static void run_done(struct msg *m, void *ctx)
{
    struct work *w = work_of(m);

    (void)ctx;
    w->done(w, w->result);
}

static void answer(struct msg *m)
{
    struct work *w = work_of(m);

    m->run = run_done;
    m->ctx = NULL;
    if (w->answer)
        queue_answer(w->answer, m);
    else
        w->done(w, w->result);
}

static void answer_all(struct msg *first, const struct msg *end)
{
    while (first != end) {
        struct msg *next = first->next; /* the answer owns it from there */

        answer(first);
        first = next;
    }
}

static void work_through(struct writer *wr, struct msg *first, const struct msg *end)
{
    int r = run_group(wr, first, end);
    /* alone it would be no other: it was alone, or has waited long enough for another program */
    bool is_final = r == ERR_BUSY || first->next == end;

    if (r < 0)
        log_debug("store", "group", "error=%s", err_name(r));
    for (struct msg *m = first; r < 0 && m != end; m = m->next) {
        int own = is_final ? r : run_group(wr, m, m->next);

        if (own < 0)
            work_of(m)->result = own;
    }
    answer_all(first, end);
}

static void *thread_main(void *arg)
{
    struct writer *w = arg;

    while (!w->has_stopped) {
        struct msg *first, *end;

        queue_wait(w->queue, -1);
        first = queue_take_all(w->queue);
        while (first) {
            unsigned n = 0;

            for (end = first; end && end != &w->stop && n < GROUP_MAX; n++)
                end = end->next;
            if (n)
                work_through(w, first, end);
            first = end;
            if (first == &w->stop) {
                w->has_stopped = true;
                first = first->next;
            }
        }
    }
    return NULL;
}

int writer_new(const char *path, struct writer **ret_writer)
{
    struct writer *w = calloc(1, sizeof(*w));
    int r;

    if (!w)
        return ERR_MEM;
    r = db_open_write(path, &w->db);
    if (r == 0)
        r = queue_new(0, &w->queue);
    if (r == 0 && pthread_create(&w->thread, NULL, thread_main, w))
        r = ERR_MEM;
    if (r < 0) {
        queue_free(w->queue);
        db_close(w->db);
        free(w);
        return r;
    }
    *ret_writer = w;
    return 0;
}

int writer_put(struct writer *w, struct work *work)
{
    return queue_put(w->queue, &work->msg);
}

void writer_record(struct writer *w, struct work *work)
{
    queue_answer(w->queue, &work->msg);
}

uint64_t writer_version(const struct writer *w)
{
    return atomic_load(&w->version);
}

void writer_print(struct writer *w, struct sb *to)
{
    sb_printf(to, "works that wait: %u of %d\n", queue_len(w->queue), MAX_QUEUE_MSGS);
    sb_printf(to, "works done: %llu in %llu commits, %llu commits failed\n",
              (unsigned long long)atomic_load(&w->nworks),
              (unsigned long long)atomic_load(&w->ncommits),
              (unsigned long long)atomic_load(&w->nfailed));
    sb_printf(to, "longest commit: %lld ms\n",
              (long long)(atomic_load(&w->worst_commit) / USEC_MS));
}

void writer_free(struct writer *w)
{
    if (!w)
        return;
    queue_answer(w->queue, &w->stop);
    pthread_join(w->thread, NULL);
    queue_free(w->queue);
    db_close(w->db);
    free(w);
}
