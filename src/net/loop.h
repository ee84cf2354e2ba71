/*
 * The event loop: one per thread, on epoll. Descriptors, timers and messages from other threads;
 * nothing in it blocks. Owner: the thread that runs it; only loop_post, loop_answer and loop_stop
 * may be called by others.
 *
 *   loop_run:  wait until a descriptor is ready, a message waits or a timer is due
 *              → messages → descriptors → timers → end-of-round callbacks → again
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "base/queue.h"
#include "base/types.h"

struct loop;
struct loop_fd;
/* events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR. */
typedef void loop_fd_fn(uint32_t events, void *ctx);
typedef void loop_timer_fn(usec now, void *ctx);

/* Embed it; zero it before first use. May be set again and cancelled from its own callback. */
struct loop_timer {
    usec at; /* monotonic */
    loop_timer_fn *run;
    void *ctx;
    unsigned index; /* place in the heap + 1; 0: not set */
};

int loop_new(struct loop **ret_loop);
/* Level-triggered. The descriptor stays the caller's. */
int loop_add(struct loop *l, int fd, uint32_t events, loop_fd_fn *run, void *ctx,
             struct loop_fd **ret_fd);
int loop_modify(struct loop_fd *f, uint32_t events);
/* After this the callback is not called again, also not in the running round. NULL-safe. */
void loop_remove(struct loop_fd *f);
void loop_timer_set(struct loop *l, struct loop_timer *t, usec at);
void loop_timer_cancel(struct loop *l, struct loop_timer *t);
/* Called once at the end of every round that did anything (to send what a batch has queued). */
void loop_on_round(struct loop *l, loop_timer_fn *run, void *ctx);
/* From any thread: see base/queue.h. */
int loop_post(struct loop *l, struct msg *m);
void loop_answer(struct loop *l, struct msg *m);
struct queue *loop_queue(struct loop *l);
/* The time this round began; read once a round. */
usec loop_now(const struct loop *l);
/* Until loop_stop. */
void loop_run(struct loop *l);
/* One round, waiting at most timeout_us (0: do not wait): for tests. */
void loop_once(struct loop *l, usec timeout_us);
/* From any thread, also from a signal handler's thread: loop_run returns after the running round.
 */
void loop_stop(struct loop *l);
/* How long rounds took that had something to do; a person reads it. Any thread. */
struct sb;
void loop_print(const struct loop *l, struct sb *to);
void loop_free(struct loop *l);

#endif
