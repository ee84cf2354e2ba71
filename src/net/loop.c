#include "net/loop.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/*
 * A removed descriptor may still stand in the list of events that the running round works through,
 * so its loop_fd is only marked and laid into `grave`, and freed when the round is over.
 */
enum { MAX_EVENTS = 256, MAX_ROUND_FNS = 8 };

struct loop_fd {
    struct loop *loop;
    struct loop_fd *next; /* in the grave */
    loop_fd_fn *run;      /* NULL: removed */
    void *ctx;
    int fd;
    uint32_t events;
};

struct round_fn {
    loop_timer_fn *run;
    void *ctx;
};

/* Bounds of the classes of rounds. Above 64 ms a listener's control message is felt to be late. */
static const usec slow_ms[] = {1, 4, 16, 64, 0};

struct loop {
    int epoll, wake;
    struct queue *queue;
    struct loop_timer **heap; /* binary heap by `at`; place i holds a timer whose index is i + 1 */
    unsigned ntimers;
    struct loop_fd *grave;
    struct round_fn round[MAX_ROUND_FNS];
    unsigned nround;
    usec now;
    bool has_pwait2, in_timers;
    atomic_bool is_stopping;
    atomic_uint_fast64_t rounds[NELEM(slow_ms)]; /* by how long they took */
    _Atomic usec worst;
    struct epoll_event events[MAX_EVENTS];
};

static char queue_mark, wake_mark; /* what epoll gives back for our own two descriptors */

static int watch(struct loop *l, int fd, void *mark)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = mark};

    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? err_from_errno(errno) : 0;
}

int loop_new(struct loop **ret_loop)
{
    struct loop *l = calloc(1, sizeof(*l));
    int r;

    if (!l)
        return ERR_MEM;
    l->has_pwait2 = true;
    l->wake = -1;
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (l->epoll < 0 || l->wake < 0) {
        r = err_from_errno(errno);
        goto out;
    }
    /* The kernel gives pages of this only when they are touched. */
    l->heap = malloc(MAX_LOOP_TIMERS * sizeof(struct loop_timer *));
    r = l->heap ? queue_new(0, &l->queue) : ERR_MEM;
    if (r < 0)
        goto out;
    r = watch(l, queue_fd(l->queue), &queue_mark);
    if (r < 0)
        goto out;
    r = watch(l, l->wake, &wake_mark);
    if (r < 0)
        goto out;
    l->now = clock_mono();
    *ret_loop = l;
    l = NULL;
out:
    loop_free(l);
    return r;
}

int loop_add(struct loop *l, int fd, uint32_t events, loop_fd_fn *run, void *ctx,
             struct loop_fd **ret_fd)
{
    struct loop_fd *f = calloc(1, sizeof(*f));
    struct epoll_event e = {.events = events, .data.ptr = f};

    if (!f)
        return ERR_MEM;
    *f = (struct loop_fd){.loop = l, .run = run, .ctx = ctx, .fd = fd, .events = events};
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) < 0) {
        free(f);
        return err_from_errno(errno);
    }
    *ret_fd = f;
    return 0;
}

int loop_modify(struct loop_fd *f, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.ptr = f};

    if (f->events == events)
        return 0;
    if (epoll_ctl(f->loop->epoll, EPOLL_CTL_MOD, f->fd, &e) < 0)
        return err_from_errno(errno);
    f->events = events;
    return 0;
}

void loop_remove(struct loop_fd *f)
{
    if (!f)
        return;
    /* Fails only when the caller has closed it already: gone as well. */
    (void)epoll_ctl(f->loop->epoll, EPOLL_CTL_DEL, f->fd, NULL);
    f->run = NULL;
    f->next = f->loop->grave;
    f->loop->grave = f;
}

static void bury(struct loop *l)
{
    while (l->grave) {
        struct loop_fd *f = l->grave;

        l->grave = f->next;
        free(f);
    }
}

static void place(struct loop *l, unsigned i, struct loop_timer *t)
{
    l->heap[i] = t;
    t->index = i + 1;
}

static void sift_up(struct loop *l, unsigned i, struct loop_timer *t)
{
    while (i && l->heap[(i - 1) / 2]->at > t->at) {
        place(l, i, l->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    place(l, i, t);
}

static void sift_down(struct loop *l, unsigned i, struct loop_timer *t)
{
    for (;;) {
        unsigned kid = 2 * i + 1;

        if (kid >= l->ntimers)
            break;
        if (kid + 1 < l->ntimers && l->heap[kid + 1]->at < l->heap[kid]->at)
            kid++;
        if (l->heap[kid]->at >= t->at)
            break;
        place(l, i, l->heap[kid]);
        i = kid;
    }
    place(l, i, t);
}

void loop_timer_cancel(struct loop *l, struct loop_timer *t)
{
    struct loop_timer *last;
    unsigned i;

    if (!t->index)
        return;
    i = t->index - 1;
    t->index = 0;
    last = l->heap[--l->ntimers];
    if (last == t)
        return;
    if (i && l->heap[(i - 1) / 2]->at > last->at)
        sift_up(l, i, last);
    else
        sift_down(l, i, last);
}

void loop_timer_set(struct loop *l, struct loop_timer *t, usec at)
{
    loop_timer_cancel(l, t);
    assert(l->ntimers < MAX_LOOP_TIMERS); /* connections and peers are bounded well below it */
    if (l->in_timers && at <= l->now)
        at = l->now + 1; /* one that sets itself to now waits for the next round */
    t->at = at;
    sift_up(l, l->ntimers++, t);
}

void loop_on_round(struct loop *l, loop_timer_fn *run, void *ctx)
{
    assert(l->nround < MAX_ROUND_FNS);
    l->round[l->nround++] = (struct round_fn){run, ctx};
}

int loop_post(struct loop *l, struct msg *m)
{
    return queue_put(l->queue, m);
}

void loop_answer(struct loop *l, struct msg *m)
{
    queue_answer(l->queue, m);
}

struct queue *loop_queue(struct loop *l)
{
    return l->queue;
}

usec loop_now(const struct loop *l)
{
    return l->now;
}

/* How long epoll may wait: -1 for ever, otherwise microseconds. */
static usec patience(const struct loop *l, usec most)
{
    usec until;

    if (!l->ntimers)
        return most;
    until = l->heap[0]->at - clock_mono();
    if (until < 0)
        until = 0;
    return most < 0 || until < most ? until : most;
}

static int wait_events(struct loop *l, usec most)
{
    usec us = patience(l, most);
    struct timespec ts = {.tv_sec = us / USEC_S, .tv_nsec = us % USEC_S * 1000};
    int n;

    if (l->has_pwait2) {
        n = epoll_pwait2(l->epoll, l->events, MAX_EVENTS, us < 0 ? NULL : &ts, NULL);
        if (n >= 0 || errno != ENOSYS)
            return n;
        l->has_pwait2 = false; /* Linux before 5.11 */
    }
    if (us > 0)
        us = (us + USEC_MS - 1) / USEC_MS;
    return epoll_wait(l->epoll, l->events, MAX_EVENTS, us > INT32_MAX ? INT32_MAX : (int)us);
}

static unsigned run_timers(struct loop *l)
{
    unsigned n = 0;

    l->in_timers = true;
    while (l->ntimers && l->heap[0]->at <= l->now) {
        struct loop_timer *t = l->heap[0];

        loop_timer_cancel(l, t);
        t->run(l->now, t->ctx);
        n++;
    }
    l->in_timers = false;
    return n;
}

static unsigned run_messages(struct loop *l, int n)
{
    unsigned done = 0;

    for (int i = 0; i < n; i++) {
        uint64_t count;

        if (l->events[i].data.ptr == &queue_mark)
            done += queue_run(l->queue);
        else if (l->events[i].data.ptr == &wake_mark && read(l->wake, &count, sizeof(count)) < 0)
            continue; /* two rounds saw one waking */
    }
    return done;
}

static unsigned run_fds(struct loop *l, int n)
{
    unsigned done = 0;

    for (int i = 0; i < n; i++) {
        struct loop_fd *f = l->events[i].data.ptr;

        if ((void *)f == &queue_mark || (void *)f == &wake_mark || !f->run)
            continue;
        f->run(l->events[i].events, f->ctx);
        done++;
    }
    return done;
}

/* Only this thread writes; a reader may see a number that is one round old. */
static void note_round(struct loop *l, usec took)
{
    unsigned i = 0;

    while (i + 1 < NELEM(slow_ms) && took >= slow_ms[i] * USEC_MS)
        i++;
    atomic_fetch_add_explicit(&l->rounds[i], 1, memory_order_relaxed);
    if (took > atomic_load_explicit(&l->worst, memory_order_relaxed))
        atomic_store_explicit(&l->worst, took, memory_order_relaxed);
}

void loop_print(const struct loop *l, struct sb *to)
{
    for (size_t i = 0; i < NELEM(slow_ms); i++) {
        uint64_t n = atomic_load_explicit(&l->rounds[i], memory_order_relaxed);

        if (i + 1 < NELEM(slow_ms))
            sb_printf(to, "under %lld ms: %llu, ", (long long)slow_ms[i], (unsigned long long)n);
        else
            sb_printf(to, "longer: %llu", (unsigned long long)n);
    }
    sb_printf(to, ", longest %.1f ms\n",
              (double)atomic_load_explicit(&l->worst, memory_order_relaxed) / (double)USEC_MS);
}

void loop_once(struct loop *l, usec timeout_us)
{
    int n = wait_events(l, timeout_us);
    unsigned done = 0;

    if (n < 0)
        n = 0; /* EINTR */
    l->now = clock_mono();
    done += run_messages(l, n);
    done += run_fds(l, n);
    done += run_timers(l);
    for (unsigned i = 0; done && i < l->nround; i++)
        l->round[i].run(l->now, l->round[i].ctx);
    if (done)
        note_round(l, clock_mono() - l->now);
    bury(l);
}

void loop_run(struct loop *l)
{
    while (!atomic_exchange(&l->is_stopping, false))
        loop_once(l, -1);
}

void loop_stop(struct loop *l)
{
    uint64_t one = 1;

    atomic_store(&l->is_stopping, true);
    if (write(l->wake, &one, sizeof(one)) < 0)
        return; /* the counter is full, hence readable */
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    bury(l);
    queue_free(l->queue);
    free(l->heap);
    if (l->wake >= 0)
        close(l->wake);
    if (l->epoll >= 0)
        close(l->epoll);
    free(l);
}
