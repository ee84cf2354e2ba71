#include "base/str.h"
#include "media/sfu.h"
#include "net/loop.h"
#include "net/udp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/*
 * One round of the thread in which more comes than a room holds: batches from a socket that is not
 * there, an sfu that only counts, and what waits in it before it is sent.
 *
 *     fake_rx ──▶ on_udp ──▶ fake_sfu_rx … fake_take_out ──▶ ways_tx
 */
static struct pkt *fake_rx(struct udp *u, usec now);
static void fake_tx(struct udp *u, struct pkt *chain);
static usec fake_now(const struct loop *l);
static void fake_sfu_rx(struct sfu *s, struct pkt *p, usec now);
struct pkt *fake_take_out(struct sfu *s);

#define udp_rx fake_rx
#define udp_tx fake_tx
#define loop_now fake_now
#define sfu_rx fake_sfu_rx
#define sfu_take_out fake_take_out
#include "live/ways.c"

enum { BATCHES = 5, OF_BATCH = 64 };

static struct pkt_pool *pool;
static unsigned nbatches, waiting, most, came, went;

static struct pkt *fake_rx(struct udp *u, usec now)
{
    struct pkt *chain = NULL;

    (void)u;
    for (int i = 0; nbatches && i < OF_BATCH; i++) {
        struct pkt *p = pkt_get(pool);

        assert_non_null(p);
        p->data[0] = 128; /* RTP, and nothing of TURN's */
        p->n = 20;
        p->at = now;
        p->next = chain;
        chain = p;
    }
    nbatches -= nbatches > 0;
    return chain;
}

static void fake_tx(struct udp *u, struct pkt *chain)
{
    struct pkt *next;

    (void)u;
    for (; chain; chain = next) {
        next = chain->next;
        went++;
        pkt_unref(chain);
    }
}

static usec fake_now(const struct loop *l)
{
    (void)l;
    return 1;
}

static void fake_sfu_rx(struct sfu *s, struct pkt *p, usec now)
{
    (void)s;
    (void)now;
    came++;
    waiting++;
    most = waiting > most ? waiting : most;
    pkt_unref(p);
}

struct pkt *fake_take_out(struct sfu *s)
{
    struct pkt *p = waiting ? pkt_get(pool) : NULL;

    (void)s;
    waiting = 0;
    return p;
}

static void what_came_is_sent_batch_by_batch(void **state)
{
    struct ways w = {0};
    struct links_conf links = {0};

    (void)state;
    assert_int_equal(pkt_pool_new(OF_BATCH + 1, &pool), 0);
    assert_int_equal(loop_new(&links.loop), 0);
    links.pool = w.conf.pool = pool;
    assert_int_equal(links_new(&links, &w.links), 0);
    assert_int_equal(turn_new(pool, &w.turn), 0);
    nbatches = BATCHES;
    on_udp(0, &w);
    assert_int_equal(came, BATCHES * OF_BATCH);
    assert_int_equal(went, BATCHES);
    assert_int_equal(most, OF_BATCH);
    turn_free(w.turn);
    links_free(w.links);
    loop_free(links.loop);
    assert_int_equal(pkt_pool_used(pool), 0);
    pkt_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_is_sent_batch_by_batch),
    };

    return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
