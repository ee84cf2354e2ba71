#include "sweep/sweep.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <execinfo.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/*
 * The live blocks stand in an open table by address: linear probing, backward-shift deletion. A
 * block that a library made and we free is not in it; one that we made and a library frees would
 * stay: there is none.
 */
enum { BLOCKS = 1 << 20, SHOWN = 8, ROUNDS = 250 /* of a row */ };

/* How often it is looked, each 10 ms: before a round is done again, and before it is a leak. */
enum { HASTE = 20, PATIENCE = 300 };

struct block {
    void *p, *by; /* by: who asked */
    unsigned turn;
};

static struct block blocks[BLOCKS];
static size_t nblocks;
static unsigned turns;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The sweep is of one thread: the others' allocations never fail. */
static bool is_sweeping; /* then only this thread's blocks count: others fill caches of theirs */
static _Thread_local bool is_sweeper;
static _Thread_local bool is_armed, is_paused, is_rest;
static _Thread_local unsigned count, fail_at;
static _Thread_local bool has_hit;
static char where[160];
static bool is_whole; /* no allocation is left out */

#define CALLER __builtin_return_address(0)

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
void __real_free(void *p);
void *__real_arena_alloc(struct arena *a, size_t size);
void *__real_arena_array(struct arena *a, size_t n, size_t size);
str __real_arena_str(struct arena *a, str s);
char *__real_arena_cstr(struct arena *a, str s);
int __real__cmocka_run_group_tests(const char *name, const struct CMUnitTest *tests, size_t n,
                                   CMFixtureFunction setup, CMFixtureFunction teardown);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);
void __wrap_free(void *p);
void *__wrap_arena_alloc(struct arena *a, size_t size);
void *__wrap_arena_array(struct arena *a, size_t n, size_t size);
str __wrap_arena_str(struct arena *a, str s);
char *__wrap_arena_cstr(struct arena *a, str s);
str __wrap_arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
int __wrap__cmocka_run_group_tests(const char *name, const struct CMUnitTest *tests, size_t n,
                                   CMFixtureFunction setup, CMFixtureFunction teardown);

static size_t home(const void *p)
{
    return ((uintptr_t)p >> 4) * 0x9e3779b97f4a7c15u >> 44;
}

static size_t place(const void *p)
{
    size_t i = home(p);

    while (blocks[i].p && blocks[i].p != p)
        i = (i + 1) % BLOCKS;
    return i;
}

static void *note(void *p, void *by)
{
    if (!p || is_paused || (is_sweeping && !is_sweeper))
        return p;
    pthread_mutex_lock(&lock);
    blocks[place(p)] = (struct block){p, by, turns++};
    if (++nblocks > BLOCKS / 2)
        abort();
    pthread_mutex_unlock(&lock);
    return p;
}

static void forget(void *p)
{
    size_t i, k;

    if (!p)
        return;
    pthread_mutex_lock(&lock);
    i = place(p);
    if (blocks[i].p) {
        nblocks--;
        for (k = (i + 1) % BLOCKS; blocks[k].p; k = (k + 1) % BLOCKS) {
            size_t want = home(blocks[k].p);

            if ((k - want) % BLOCKS < (k - i) % BLOCKS)
                continue;
            blocks[i] = blocks[k];
            i = k;
        }
        blocks[i].p = NULL;
    }
    pthread_mutex_unlock(&lock);
}

static bool fails(void)
{
    unsigned now = count;

    if (!is_armed || is_paused)
        return false;
    count++;
    if (now != fail_at && !(is_rest && now > fail_at))
        return false;
    has_hit = true;
    return true;
}

static bool arena_fails(struct arena *a)
{
    bool is_refused = fails();

    if (is_refused)
        arena_spoil(a);
    return is_refused;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : note(__real_malloc(n), CALLER);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : note(__real_calloc(n, size), CALLER);
}

void *__wrap_realloc(void *p, size_t n)
{
    void *more;

    if (fails())
        return NULL;
    more = __real_realloc(p, n);
    if (more) {
        forget(p);
        note(more, CALLER);
    }
    return more;
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : note(__real_strdup(s), CALLER);
}

void __wrap_free(void *p)
{
    forget(p);
    __real_free(p);
}

void *__wrap_arena_alloc(struct arena *a, size_t size)
{
    return arena_fails(a) ? NULL : __real_arena_alloc(a, size);
}

void *__wrap_arena_array(struct arena *a, size_t n, size_t size)
{
    return arena_fails(a) ? NULL : __real_arena_array(a, n, size);
}

str __wrap_arena_str(struct arena *a, str s)
{
    return s.p && arena_fails(a) ? (str){0} : __real_arena_str(a, s);
}

char *__wrap_arena_cstr(struct arena *a, str s)
{
    return arena_fails(a) ? NULL : __real_arena_cstr(a, s);
}

str __wrap_arena_printf(struct arena *a, const char *fmt, ...)
{
    char *text = NULL;
    va_list args;
    str s;
    int n;

    if (arena_fails(a))
        return (str){0};
    va_start(args, fmt);
    n = vasprintf(&text, fmt, args);
    va_end(args);
    s = n < 0 ? (str){0} : __real_arena_str(a, (str){text, (size_t)n});
    __real_free(text);
    return s;
}

/* How much of what was allocated from turn `from` on is still there; says where the first `show`
 * were made. With show 0: whether any is. */
static size_t leaks(unsigned from, size_t show)
{
    size_t n = 0;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < BLOCKS && (show || !n); i++) {
        if (!blocks[i].p || blocks[i].turn < from)
            continue;
        if (n++ < show)
            backtrace_symbols_fd(&blocks[i].by, 1, STDERR_FILENO);
    }
    pthread_mutex_unlock(&lock);
    return n;
}

/* ---- the leak check of every test ---- */

static const struct CMUnitTest *real;
static size_t at, before;
static unsigned before_turn;
static CMFixtureFunction group_end;

static int test_begin(void **state)
{
    before = nblocks;
    before_turn = turns;
    return real[at].setup_func ? real[at].setup_func(state) : 0;
}

static int test_end(void **state)
{
    const struct CMUnitTest *t = &real[at++];
    int r = t->teardown_func ? t->teardown_func(state) : 0;

    if (nblocks == before)
        return r;
    print_error("%s leaves %zu blocks, allocated at:\n", t->name, leaks(before_turn, SHOWN));
    return -1;
}

static int end_of_group(void **state)
{
    int r = group_end ? group_end(state) : 0;

    if (nblocks == before)
        return r;
    print_error("the group leaves %zu blocks, allocated at:\n", leaks(before_turn, SHOWN));
    return -1;
}

int __wrap__cmocka_run_group_tests(const char *name, const struct CMUnitTest *tests, size_t n,
                                   CMFixtureFunction setup, CMFixtureFunction teardown)
{
    struct CMUnitTest *copy;
    int failed;

    if (setup || teardown) {
        group_end = teardown;
        before = nblocks;
        before_turn = turns;
        return __real__cmocka_run_group_tests(name, tests, n, setup, end_of_group);
    }
    copy = __real_calloc(n, sizeof(*copy));
    memcpy(copy, tests, n * sizeof(*copy));
    real = tests;
    at = 0;
    for (size_t i = 0; i < n; i++) {
        copy[i].setup_func = test_begin;
        copy[i].teardown_func = test_end;
    }
    failed = __real__cmocka_run_group_tests(name, copy, n, NULL, NULL);
    __real_free(copy);
    return failed;
}

/* ---- the sweep ---- */

bool sweep_is_asked(int argc, char **argv)
{
    is_whole = argc > 1 && strcmp(argv[1], "-O") == 0;
    return is_whole || (argc > 1 && strcmp(argv[1], "-o") == 0);
}

void sweep_pause(void)
{
    is_paused = true;
}

void sweep_resume(void)
{
    is_paused = false;
}

static struct sigaction old_fault, old_abort;

/* Says which allocation it was, and lets who was there before (a sanitizer, the system) go on. */
static void crashed(int sig)
{
    static const char words[] = "\ncrashed in ";
    ssize_t n = write(STDERR_FILENO, words, sizeof(words) - 1);

    n += write(STDERR_FILENO, where, strlen(where));
    sigaction(sig, sig == SIGSEGV ? &old_fault : &old_abort, NULL);
    (void)n;
}

static size_t live_blocks(void)
{
    size_t n;

    pthread_mutex_lock(&lock);
    n = nblocks;
    pthread_mutex_unlock(&lock);
    return n;
}

/* Another thread may be about to free what it was given, in this round or in the one before. */
static bool is_leaky(size_t live, unsigned from, int patience)
{
    for (int i = 0; i < patience; i++) {
        if (live_blocks() == live || !leaks(from, 0))
            return false;
        (void)poll(NULL, 0, 10);
    }
    return true;
}

/* One round: its result; ret_live and ret_from are what was there before it. */
static int run_once(const struct sweep_row *row, size_t *ret_live, unsigned *ret_from)
{
    int r;

    *ret_live = live_blocks();
    *ret_from = turns;
    count = 0;
    has_hit = false;
    is_armed = true;
    r = row->run();
    is_armed = false;
    return r;
}

/* One round; true when an allocation was made to fail. What it leaves may be kept once for all (a
 * statement that no round before needed): a leak comes again. */
static bool round_of(const struct sweep_row *row, bool rest, unsigned fail, int *io_faults)
{
    size_t live;
    unsigned from;
    int r;

    (void)snprintf(where, sizeof(where), "sweep %s, allocation %u%s\n", row->name, fail,
                   rest ? " and all behind it" : "");
    fail_at = fail;
    is_rest = rest;
    r = run_once(row, &live, &from);
    if (r != 0 && (r != ERR_MEM || !has_hit)) {
        fprintf(stderr, "%.150s    gives %s\n", where, err_name(r));
        ++*io_faults;
    }
    if (is_leaky(live, from, HASTE)) {
        (void)run_once(row, &live, &from);
        if (is_leaky(live, from, PATIENCE)) {
            fprintf(stderr, "%.150s    leaves %zu blocks\n", where, leaks(from, SHOWN));
            ++*io_faults;
        }
    }
    return has_hit;
}

/* A row with more than `most` allocations leaves some out, unless all are asked for. */
static int sweep_row(const struct sweep_row *row, size_t most)
{
    unsigned total, step;
    int faults = 0;

    (void)row->run(); /* what is made once for the process is made now */
    (void)round_of(row, false, UINT32_MAX, &faults);
    total = count;
    step = is_whole ? 1 : total / (unsigned)most + 1;
    for (unsigned n = 0; n < total && faults <= SHOWN; n += step) {
        round_of(row, false, n, &faults);
        round_of(row, true, n, &faults);
    }
    printf("%-6s %s: %u allocations\n", faults ? "FAILED" : "ok", row->name, total);
    fflush(stdout);
    return faults != 0;
}

int sweep_run(const struct sweep_row *rows, size_t n)
{
    return sweep_run_some(rows, n, ROUNDS);
}

int sweep_run_some(const struct sweep_row *rows, size_t n, size_t most)
{
    struct sigaction sa = {.sa_handler = crashed};
    int failed = 0;

    if (!is_sweeping) {
        sigaction(SIGSEGV, &sa, &old_fault);
        sigaction(SIGABRT, &sa, &old_abort);
    }
    is_sweeping = is_sweeper = true;
    for (size_t i = 0; i < n; i++)
        failed += sweep_row(&rows[i], most);
    return failed != 0;
}
