#include "suite.h"

#include "base/err.h"
#include "base/queue.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

enum { SENDERS = 4, EACH = 2000 };

struct number {
    struct msg msg;
    int sender, n;
};

struct seen {
    int next[SENDERS];
    int total;
    bool is_ordered;
};

struct sender {
    pthread_t thread;
    struct queue *q;
    struct seen *seen;
    int id;
};

static void count(struct msg *m, void *ctx)
{
    struct number *number = (struct number *)m;
    struct seen *seen = ctx;

    seen->is_ordered &= seen->next[number->sender] == number->n;
    seen->next[number->sender]++;
    seen->total++;
    free(number);
}

static struct number *number_new(struct seen *seen, int sender, int n)
{
    struct number *number = calloc(1, sizeof(*number));

    assert_non_null(number);
    *number = (struct number){.msg = {.run = count, .ctx = seen}, .sender = sender, .n = n};
    return number;
}

static bool is_readable(const struct queue *q)
{
    struct pollfd p = {.fd = queue_fd(q), .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}

static void *send_all(void *ctx)
{
    struct sender *s = ctx;

    for (int i = 0; i < EACH; i++) {
        struct number *number = number_new(s->seen, s->id, i);

        while (queue_put(s->q, &number->msg) == ERR_FULL)
            sched_yield();
    }
    return NULL;
}

/* Four threads put into a small queue, one takes: nothing is lost, and each sender's order stays.
 */
static void test_across_threads(void **state)
{
    struct sender senders[SENDERS];
    struct seen seen = {.is_ordered = true};
    struct queue *q = NULL;

    (void)state;
    assert_int_equal(queue_new(64, &q), 0);
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.q = q, .seen = &seen, .id = i};
        assert_int_equal(pthread_create(&senders[i].thread, NULL, send_all, &senders[i]), 0);
    }
    while (seen.total < SENDERS * EACH) {
        queue_wait(q, -1);
        queue_run(q);
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(senders[i].thread, NULL);
    assert_true(seen.is_ordered);
    assert_int_equal(queue_len(q), 0);
    queue_free(q);
}

static void test_limit(void **state)
{
    struct seen seen = {.is_ordered = true};
    struct number *number = number_new(&seen, 0, 2);
    struct queue *q = NULL;

    (void)state;
    assert_int_equal(queue_new(2, &q), 0);
    assert_int_equal(queue_put(q, &number_new(&seen, 0, 0)->msg), 0);
    assert_int_equal(queue_put(q, &number_new(&seen, 0, 1)->msg), 0);
    assert_int_equal(queue_put(q, &number->msg), ERR_FULL);
    queue_answer(q, &number->msg); /* an answer is never refused */
    assert_int_equal(queue_len(q), 3);
    assert_int_equal(queue_run(q), 3);
    assert_true(seen.is_ordered);
    assert_int_equal(seen.total, 3);
    queue_free(q);
    queue_free(NULL);
}

static void test_descriptor(void **state)
{
    struct seen seen = {.is_ordered = true};
    struct queue *q = NULL;

    (void)state;
    assert_int_equal(queue_new(0, &q), 0);
    assert_false(is_readable(q));
    queue_wait(q, 0);
    assert_int_equal(queue_run(q), 0);
    queue_answer(q, &number_new(&seen, 0, 0)->msg);
    assert_true(is_readable(q));
    assert_int_equal(queue_run(q), 1);
    assert_false(is_readable(q));
    queue_free(q);
}

static void test_chain(void **state)
{
    struct seen seen = {.is_ordered = true};
    struct queue *q = NULL;
    struct msg *all;
    int n = 0;

    (void)state;
    assert_int_equal(queue_new(0, &q), 0);
    for (int i = 0; i < 5; i++)
        queue_answer(q, &number_new(&seen, 0, i)->msg);
    all = queue_take_all(q);
    assert_null(queue_take_all(q));
    while (all) {
        struct msg *next = all->next;

        assert_int_equal(((struct number *)all)->n, n++);
        all->run(all, all->ctx);
        all = next;
    }
    assert_int_equal(n, 5);
    queue_free(q);
}

int queue_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_across_threads),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_descriptor),
        cmocka_unit_test(test_chain),
    };

    return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
