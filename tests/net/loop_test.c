#include "suite.h"

#include "base/clock.h"
#include "base/queue.h"
#include "net/loop.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static char trace[64];

static void mark(const char *s)
{
    strncat(trace, s, sizeof(trace) - strlen(trace) - 1);
}

static void on_letter(usec now, void *ctx)
{
    (void)now;
    mark(ctx);
}

static void timers_run_by_time(void **state)
{
    struct loop *l;
    struct loop_timer a = {.run = on_letter, .ctx = "a"}, b = {.run = on_letter, .ctx = "b"};
    struct loop_timer c = {.run = on_letter, .ctx = "c"}, d = {.run = on_letter, .ctx = "d"};

    (void)state;
    trace[0] = 0;
    assert_int_equal(loop_new(&l), 0);
    loop_timer_set(l, &c, 3);
    loop_timer_set(l, &a, 9);
    loop_timer_set(l, &d, 4);
    loop_timer_set(l, &b, 2);
    loop_timer_set(l, &a, 1); /* moved */
    loop_timer_cancel(l, &d);
    loop_timer_cancel(l, &d);
    loop_once(l, 0);
    assert_string_equal(trace, "abc");
    loop_once(l, 0);
    assert_string_equal(trace, "abc");
    loop_free(l);
}

static void many_timers_keep_their_order(void **state)
{
    enum { N = 1000 };
    static struct loop_timer t[N];
    struct loop *l;
    uint32_t seed = 7;

    (void)state;
    trace[0] = 0;
    assert_int_equal(loop_new(&l), 0);
    memset(t, 0, sizeof(t));
    for (int i = 0; i < N; i++) {
        seed = seed * 1664525 + 1013904223;
        t[i].run = on_letter;
        t[i].ctx = "";
        loop_timer_set(l, &t[i], clock_mono() + USEC_DAY + (usec)(seed >> 8));
    }
    for (int i = 0; i < N; i += 3)
        loop_timer_cancel(l, &t[i]);
    for (int i = 1; i < N; i += 3)
        loop_timer_set(l, &t[i], i % 2 ? 1 : USEC_DAY * 1000);
    loop_once(l, 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(t[i].index != 0, i % 3 == 2 || (i % 3 == 1 && i % 2 == 0));
    for (int i = 0; i < N; i++)
        loop_timer_cancel(l, &t[i]);
    loop_free(l);
}

struct chain {
    struct loop *l;
    struct loop_timer self, other;
    int left;
};

static void on_again(usec now, void *ctx)
{
    struct chain *c = ctx;

    mark("x");
    loop_timer_cancel(c->l, &c->other);
    if (--c->left)
        loop_timer_set(c->l, &c->self, now);
}

/* A timer that sets itself to now runs once a round; one that it cancels in the same round does not
 * run. */
static void timer_changes_timers(void **state)
{
    struct chain c = {.left = 3};

    (void)state;
    trace[0] = 0;
    assert_int_equal(loop_new(&c.l), 0);
    c.self = (struct loop_timer){.run = on_again, .ctx = &c};
    c.other = (struct loop_timer){.run = on_letter, .ctx = "o"};
    loop_timer_set(c.l, &c.self, 1);
    loop_timer_set(c.l, &c.other, 2);
    for (size_t before = 0; before < 3; before = strlen(trace)) {
        loop_once(c.l, -1);
        assert_true(strlen(trace) <= before + 1);
    }
    loop_once(c.l, 0);
    assert_string_equal(trace, "xxx");
    loop_free(c.l);
}

static void timer_wakes_the_loop(void **state)
{
    struct loop *l;
    struct loop_timer t = {.run = on_letter, .ctx = "t"};
    usec start = clock_mono();

    (void)state;
    trace[0] = 0;
    assert_int_equal(loop_new(&l), 0);
    loop_timer_set(l, &t, start + 1500);
    loop_once(l, -1);
    assert_string_equal(trace, "t");
    assert_true(clock_mono() - start >= 1500);
    loop_free(l);
}

struct pair {
    struct loop_fd *a, *b;
    int runs;
};

static void on_readable(uint32_t events, void *ctx)
{
    struct pair *p = ctx;

    assert_true(events & EPOLLIN);
    p->runs++;
    loop_remove(p->a);
    loop_remove(p->b);
    p->a = p->b = NULL;
}

/* Both are ready; the first to run removes both. */
static void removed_in_the_same_round(void **state)
{
    struct loop *l;
    struct pair p = {0};
    int one[2], two[2];

    (void)state;
    assert_int_equal(loop_new(&l), 0);
    assert_int_equal(pipe(one), 0);
    assert_int_equal(pipe(two), 0);
    assert_int_equal(loop_add(l, one[0], EPOLLIN, on_readable, &p, &p.a), 0);
    assert_int_equal(loop_add(l, two[0], EPOLLIN, on_readable, &p, &p.b), 0);
    assert_int_equal(write(one[1], "x", 1), 1);
    assert_int_equal(write(two[1], "x", 1), 1);
    loop_once(l, 0);
    loop_once(l, 0);
    assert_int_equal(p.runs, 1);
    for (int i = 0; i < 2; i++) {
        close(one[i]);
        close(two[i]);
    }
    loop_free(l);
}

static void on_message(struct msg *m, void *ctx)
{
    (void)m;
    mark("m");
    if (ctx)
        loop_stop(ctx);
}

static void on_round(usec now, void *ctx)
{
    (void)now;
    (void)ctx;
    mark("|");
}

static void on_byte(uint32_t events, void *ctx)
{
    char c;

    (void)events;
    assert_int_equal(read(*(int *)ctx, &c, 1), 1);
    mark("f");
}

static void order_of_a_round(void **state)
{
    struct loop *l;
    struct loop_timer t = {.run = on_letter, .ctx = "t"};
    struct msg m = {.run = on_message};
    struct loop_fd *f;
    int p[2];

    (void)state;
    trace[0] = 0;
    assert_int_equal(loop_new(&l), 0);
    assert_int_equal(pipe(p), 0);
    assert_int_equal(loop_add(l, p[0], EPOLLIN, on_byte, &p[0], &f), 0);
    loop_on_round(l, on_round, NULL);
    loop_timer_set(l, &t, 1);
    assert_int_equal(write(p[1], "x", 1), 1);
    assert_int_equal(loop_post(l, &m), 0);
    loop_once(l, 0);
    assert_string_equal(trace, "mft|");
    loop_once(l, 0); /* nothing done, no end of round */
    assert_string_equal(trace, "mft|");
    loop_remove(f);
    close(p[0]);
    close(p[1]);
    loop_free(l);
}

static void *post_from_outside(void *ctx)
{
    static struct msg m;

    m = (struct msg){.run = on_message, .ctx = ctx};
    loop_answer(ctx, &m);
    return NULL;
}

static void another_thread_stops_it(void **state)
{
    struct loop *l;
    pthread_t id;

    (void)state;
    trace[0] = 0;
    assert_int_equal(loop_new(&l), 0);
    assert_int_equal(pthread_create(&id, NULL, post_from_outside, l), 0);
    loop_run(l);
    pthread_join(id, NULL);
    assert_string_equal(trace, "m");
    loop_stop(l); /* stopped before it runs: it does not run */
    loop_run(l);
    loop_free(l);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(timers_run_by_time),        cmocka_unit_test(many_timers_keep_their_order),
    cmocka_unit_test(timer_changes_timers),      cmocka_unit_test(timer_wakes_the_loop),
    cmocka_unit_test(removed_in_the_same_round), cmocka_unit_test(order_of_a_round),
    cmocka_unit_test(another_thread_stops_it),
};
SUITE(loop, tests);
