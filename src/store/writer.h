/*
 * The store thread: the only one that writes. It takes all work that waits, runs it in one
 * transaction (a savepoint each), commits once, and only then answers: an acknowledgement follows
 * the commit, so what was acknowledged survives kill -9.
 *
 *     any thread ──writer_put──▶ act(db) act(db) act(db) │COMMIT│ ──▶ done, by the answer queue
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/queue.h"
#include "base/types.h"

struct db;
struct writer;
struct work;

/*
 * Store thread, inside the transaction. An error undoes this work alone. It may be run a second
 * time, from the start, when its group could not be committed (full disk): so it changes nothing
 * but the database and its own results.
 */
typedef int work_act_fn(struct work *w, struct db *db);
/*
 * After the commit, on the thread of the answer queue (without one: on the store thread). Owns w.
 */
typedef void work_done_fn(struct work *w, int result);

/* Embed it first. */
struct work {
    struct msg msg; /* the writer's */
    work_act_fn *act;
    work_done_fn *done;
    struct queue *answer; /* may be NULL */
    /* changes nothing that a reader's page must show at once (views, a session's last use) */
    bool is_aside;
    int result; /* the writer's */
};

/* Opens (creates, migrates) the file and starts the thread. */
int writer_new(const char *path, struct writer **ret_writer);
/* ERR_FULL: the caller keeps w and says "busy". Any thread. */
int writer_put(struct writer *w, struct work *work);
/*
 * As writer_put but never refused: for records of what has happened already (attendance). Any
 * thread.
 */
void writer_record(struct writer *w, struct work *work);
/*
 * Grows with every commit that is not aside, before its works are answered: who has seen an answer
 * and asks again sees another number. Any thread.
 */
uint64_t writer_version(const struct writer *w);
/* What waits, and what was done since the start; a person reads it. Any thread. */
struct sb;
void writer_print(struct writer *w, struct sb *to);
/* Runs what waits, then stops the thread. NULL-safe. */
void writer_free(struct writer *w);

#endif
