#include "base/queue.h"

#include "base/err.h"
#include "base/limits.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct queue {
    pthread_mutex_t lock; /* guards what follows; held for a few instructions only */
    struct msg *first;
    struct msg **last;
    unsigned n, limit;
    int fd;
};

int queue_new(unsigned limit, struct queue **ret_queue)
{
    struct queue *q = calloc(1, sizeof(*q));

    if (!q)
        return ERR_MEM;
    q->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (q->fd < 0) {
        free(q);
        return err_from_errno(errno);
    }
    pthread_mutex_init(&q->lock, NULL);
    q->last = &q->first;
    q->limit = limit ? limit : MAX_QUEUE_MSGS;
    *ret_queue = q;
    return 0;
}

static int put(struct queue *q, struct msg *m, bool is_bounded)
{
    uint64_t one = 1;
    bool was_empty;
    ssize_t done;

    pthread_mutex_lock(&q->lock);
    if (is_bounded && q->n >= q->limit) {
        pthread_mutex_unlock(&q->lock);
        return ERR_FULL;
    }
    was_empty = !q->first;
    m->next = NULL;
    *q->last = m;
    q->last = &m->next;
    q->n++;
    /* Within the lock: behind it the reader may have taken the message and freed the queue. A write
     * that fails finds the counter full, hence readable. */
    done = was_empty ? write(q->fd, &one, sizeof(one)) : 0;
    (void)done;
    pthread_mutex_unlock(&q->lock);
    return 0;
}

int queue_put(struct queue *q, struct msg *m)
{
    return put(q, m, true);
}

void queue_answer(struct queue *q, struct msg *m)
{
    (void)put(q, m, false);
}

struct msg *queue_take_all(struct queue *q)
{
    uint64_t n;
    struct msg *all;

    if (read(q->fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
        return NULL;
    pthread_mutex_lock(&q->lock);
    all = q->first;
    q->first = NULL;
    q->last = &q->first;
    q->n = 0;
    pthread_mutex_unlock(&q->lock);
    return all;
}

unsigned queue_run(struct queue *q)
{
    struct msg *m = queue_take_all(q);
    unsigned n = 0;

    while (m) {
        struct msg *next = m->next; /* run may free m */

        m->run(m, m->ctx);
        m = next;
        n++;
    }
    return n;
}

void queue_wait(struct queue *q, int timeout_ms)
{
    struct pollfd p = {.fd = q->fd, .events = POLLIN};

    (void)poll(&p, 1, timeout_ms); /* a signal only means one early look */
}

int queue_fd(const struct queue *q)
{
    return q->fd;
}

unsigned queue_len(struct queue *q)
{
    unsigned n;

    pthread_mutex_lock(&q->lock);
    n = q->n;
    pthread_mutex_unlock(&q->lock);
    return n;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    close(q->fd);
    pthread_mutex_destroy(&q->lock);
    free(q);
}
