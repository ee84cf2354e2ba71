/*
 * The packet path is still: while a seminar goes on, the sfu asks for no memory, takes no lock and
 * makes no system call. Held from outside, over everything that the linker and the kernel see:
 *
 *     sfu_rx, sfu_tick, sfu_take_out ── --wrap ──▶ counting begins ─▶ the real one ─▶ counting ends
 *     malloc …, pthread_mutex_lock …             counted here, libcrypto's too
 *     system calls                               refused by the kernel meanwhile (SIGSYS)
 *
 * Joining, leaving and DTLS may ask for memory: the counting begins when all are there. A sanitizer
 * has a malloc of its own, so there this is not tried.
 */
#include "base/str.h"
#include "media/peer.h"
#include "media/stats.h"
#include "sim/check.h"
#include "sim/counted.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { VIEWERS = 12 };

/* Of prctl(2): Linux 5.11 and newer. */
enum { SET_USER_DISPATCH = 59, DISPATCH_OFF = 0, DISPATCH_ON = 1, ALLOW = 0, BLOCK = 1 };

static bool is_begun;
static uint64_t ncalls, nentered;
static int last_call;
static volatile char selector = ALLOW; /* the kernel reads it at every system call */

/* ---- the kernel's part ---- */

/* The call was not made; those after it are, until the sfu is entered again. */
static void on_call(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)context;
    selector = ALLOW;
    ncalls++;
    last_call = info->si_syscall;
}

static bool watch_calls(void)
{
    struct sigaction act = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO};

    return sigaction(SIGSYS, &act, NULL) == 0 &&
           prctl(SET_USER_DISPATCH, DISPATCH_ON, 0, 0, &selector) == 0;
}

static void enter(void)
{
    nentered += is_begun;
    counted.is_on = is_begun;
    selector = is_begun ? BLOCK : ALLOW;
}

static void leave(void)
{
    selector = ALLOW;
    counted.is_on = false;
}

void __real_sfu_rx(struct sfu *s, struct pkt *p, usec now);
usec __real_sfu_tick(struct sfu *s, usec now);
struct pkt *__real_sfu_take_out(struct sfu *s);
void __wrap_sfu_rx(struct sfu *s, struct pkt *p, usec now);
usec __wrap_sfu_tick(struct sfu *s, usec now);
struct pkt *__wrap_sfu_take_out(struct sfu *s);

void __wrap_sfu_rx(struct sfu *s, struct pkt *p, usec now)
{
    enter();
    __real_sfu_rx(s, p, now);
    leave();
}

usec __wrap_sfu_tick(struct sfu *s, usec now)
{
    usec due;

    enter();
    due = __real_sfu_tick(s, now);
    leave();
    return due;
}

struct pkt *__wrap_sfu_take_out(struct sfu *s)
{
    struct pkt *out;

    enter();
    out = __real_sfu_take_out(s);
    leave();
    return out;
}

/* ---- a seminar with everything that a line does to it ---- */

static void hold(struct world *w)
{
    struct sim_peer *viewers[VIEWERS];

    world_publish_layers(w, 1)->down.loss = 0.01;
    world_publish(w, 2)->up.loss = 0.01;
    for (int i = 0; i < VIEWERS; i++) {
        viewers[i] = i % 6 == 5 ? world_watch_old(w, 10 + i) : world_watch(w, 10 + i, false);
        viewers[i]->down.loss = 0.01 * (i % 4);
        viewers[i]->down.rate_bps = i % 3 == 2 ? 300000 : 0;
    }
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 5 * USEC_S);
    is_begun = true;
    for (int step = 0; step < 10; step++) {
        sfu_room_stage(w->room, 1 + step % 2, w->now);
        viewer_want_key(viewers[step]->viewer, 0);
        sim_peer_rebind(viewers[(step + 3) % VIEWERS]);
        world_run(w, USEC_S);
    }
    is_begun = false;
}

static void hold_with(enum srtp_suite suite)
{
    struct world *w;
    struct sfu_stats st;
    bool has_watch;

    if (COUNTED_IS_OFF)
        skip();
    has_watch = watch_calls();
    nentered = 0;
    w = world_new(sim_seed);
    w->suite = suite;
    hold(w);
    (void)prctl(SET_USER_DISPATCH, DISPATCH_OFF, 0, 0, NULL);
    assert_int_equal(srtp_keys_suite(w->peers[0].sfu_peer->up_keys), suite);
    sfu_stats(w->sfu, &st);
    assert_true(nentered > 10000);
    assert_true(st.rtx_tx > 100);
    world_assert_sound(w);
    assert_int_equal(counted.allocs, 0);
    assert_int_equal(counted.locks, 0);
    if (ncalls)
        fail_msg("%llu system calls, the last one is number %d", (unsigned long long)ncalls,
                 last_call);
    world_free(w);
    if (!has_watch)
        print_message("this kernel cannot watch system calls (PR_SET_SYSCALL_USER_DISPATCH)\n");
}

static void nothing_is_asked_of_the_system(void **state)
{
    (void)state;
    hold_with(SRTP_AEAD_AES_128_GCM);
}

static void nor_with_the_older_suite(void **state)
{
    (void)state;
    hold_with(SRTP_AES_CM_128_HMAC_SHA1_80);
}

/* The hooks see what they are to see. */
static void the_hooks_work(void **state)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    void *volatile p;

    (void)state;
    if (COUNTED_IS_OFF)
        skip();
    counted.is_on = true;
    p = malloc(1);
    free(p);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    counted.is_on = false;
    assert_int_equal(counted.allocs, 1);
    assert_int_equal(counted.locks, 1);
    if (watch_calls()) {
        selector = BLOCK;
        (void)raise(0);
        selector = ALLOW;
        (void)prctl(SET_USER_DISPATCH, DISPATCH_OFF, 0, 0, NULL);
        assert_int_equal(ncalls, 1);
    }
    counted.allocs = counted.locks = ncalls = 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hooks_work),
        cmocka_unit_test(nothing_is_asked_of_the_system),
        cmocka_unit_test(nor_with_the_older_suite),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
