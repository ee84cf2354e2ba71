#include "app/due.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/queue.h"
#include "domain/access.h"
#include "domain/desk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LOOK_MS = 1000 };

struct due {
    struct db *db;
    struct writer *writer;
    struct queue *queue; /* the writer's answers, and what wakes us */
    struct msg wake;
    atomic_bool is_stopping;
    bool is_asked; /* the change is on its way */
    pthread_t thread;
    bool is_running;
};

static int act(struct db *db, void *ctx)
{
    (void)ctx;
    return desk_due(db, clock_wall());
}

static void done(int result, void *ctx)
{
    struct due *d = ctx;

    d->is_asked = false;
    if (result < 0)
        log_error("due", "publish", "error=\"%s\"", err_text(result));
    else
        log_info("due", "publish", "done=1");
}

static void look(struct due *d)
{
    const struct change c = {.act = act, .done = done, .answer = d->queue, .ctx = d};
    usec next = 0;
    int r = d->is_asked ? 0 : desk_next_due(d->db, &next);

    if (r == 0 && next && next <= clock_wall()) {
        d->is_asked = true;
        r = access_put(d->writer, &c);
        if (r < 0)
            d->is_asked = false; /* the next look tries again */
    }
    if (r < 0)
        log_error("due", "look", "error=\"%s\"", err_text(r));
}

static void *due_main(void *ctx)
{
    struct due *d = ctx;

    do {
        look(d);
        queue_wait(d->queue, LOOK_MS);
        queue_run(d->queue);
    } while (!atomic_load(&d->is_stopping));
    while (d->is_asked) {
        queue_wait(d->queue, -1);
        queue_run(d->queue);
    }
    return NULL;
}

static void run_wake(struct msg *m, void *ctx)
{
    (void)m;
    (void)ctx;
}

int due_new(const char *db_path, struct writer *writer, struct due **ret_due)
{
    struct due *d = calloc(1, sizeof(*d));
    int r = d ? queue_new(0, &d->queue) : ERR_MEM;

    if (r < 0)
        goto out;
    d->writer = writer;
    r = access_open(db_path, &d->db);
    if (r < 0)
        goto out;
    if (pthread_create(&d->thread, NULL, due_main, d) != 0) {
        r = ERR_MEM;
        goto out;
    }
    d->is_running = true;
    *ret_due = d;
    d = NULL;
out:
    due_free(d);
    return r;
}

void due_free(struct due *d)
{
    if (!d)
        return;
    if (d->is_running) {
        atomic_store(&d->is_stopping, true);
        d->wake = (struct msg){.run = run_wake};
        queue_answer(d->queue, &d->wake);
        pthread_join(d->thread, NULL);
        queue_run(d->queue);
    }
    queue_free(d->queue);
    access_close(d->db);
    free(d);
}
