/*
 * Threads for slow work that needs no store: password hashes. A job comes in by a bounded queue and
 * goes back by the queue of whoever asked. Any thread may put.
 */
#ifndef WEB_WORKER_H
#define WEB_WORKER_H

#include "base/queue.h"
#include "base/types.h"

struct worker;
struct job;

/* On a worker's thread. */
typedef void job_run_fn(struct job *j);
/* On the thread of the answer queue. Owns j. */
typedef void job_done_fn(struct job *j);

/* Embed it first. */
struct job {
    struct msg msg; /* the worker's */
    job_run_fn *run;
    job_done_fn *done;
    struct queue *answer;
};

/* Each thread has a queue of MAX_WORKER_JOBS. */
int worker_new(unsigned nthreads, struct worker **ret_worker);
/* ERR_FULL: the caller keeps j and says "busy". */
int worker_put(struct worker *w, struct job *j);
/* Runs what waits, then stops; the answer queues must still be there. NULL-safe. */
void worker_free(struct worker *w);

#endif
