/*
 * What crosses threads: a bounded queue of messages with a descriptor that a loop can wait on. Any
 * thread puts, one thread takes. A message is an object of the sender's; ownership goes with it.
 * Nothing else is shared between threads.
 *
 *   web thread ──put──▶ [ msg msg msg ] ──fd readable──▶ store thread
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include "base/types.h"

struct msg;
/* Runs on the taking thread and owns m from then on. */
typedef void msg_fn(struct msg *m, void *ctx);

/* The head of every message; embed it first. */
struct msg {
    struct msg *next;
    msg_fn *run;
    void *ctx; /* given to run */
};

struct queue;

/* limit 0 means MAX_QUEUE_MSGS. */
int queue_new(unsigned limit, struct queue **ret_queue);
/* ERR_FULL (the caller keeps m) or 0. Any thread. */
int queue_put(struct queue *q, struct msg *m);
/* As queue_put, but never refused: for answers to messages that were let in through a limit
 * already. Any thread. */
void queue_answer(struct queue *q, struct msg *m);
/* Runs every message that waits, in order; returns how many. The owning thread. */
unsigned queue_run(struct queue *q);
/* The whole waiting chain, oldest first (NULL: none); the caller runs them. For a thread that works
 * in groups. */
struct msg *queue_take_all(struct queue *q);
/* Blocks until something waits, or `timeout_ms` passed (-1: for ever). */
void queue_wait(struct queue *q, int timeout_ms);
/* Readable while something waits. */
int queue_fd(const struct queue *q);
unsigned queue_len(struct queue *q);
/* The queue must be empty and its senders gone. NULL-safe. */
void queue_free(struct queue *q);

#endif
