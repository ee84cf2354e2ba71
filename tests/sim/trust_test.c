#include "base/table.h"
#include "media/peer.h"
#include "media/sfu_i.h"
#include "sim/check.h"
#include "sim/run.h"
#include "sim/world.h"

/*
 * What one participant, or a third, might do to another by datagrams alone.
 *
 *     speaker ──▶ sfu ──▶ viewer      thief ── in the speaker's name ──▶ sfu
 */

/* A check of `p` in the name of another's address. */
static void forge(struct sim_peer *p, const struct sim_peer *other)
{
    struct addr own = p->addr;

    p->addr = other->addr;
    p->next_check = p->world->now;
    p->is_answered = false;
    sim_peer_tick(p, p->world->now);
    p->addr = own;
    p->is_answered = true;
    world_run(p->world, p->up.delay + 5 * USEC_MS);
}

static bool is_his(const struct world *w, const struct sim_peer *p, const struct sim_peer *at)
{
    return table_by_key(w->sfu->by_addr, addr_key(&at->addr)) == p->sfu_peer;
}

/* One forged check takes nobody's address away, nor does it bring another's media to him; a port
 * that is given again is its new owner's once the old one has been silent for two checks. A person
 * that reloads is known by being the same. */
static void a_forged_check(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *thief = world_watch(w, 10, false);
    struct sim_peer *again;

    (void)state;
    world_run(w, 5 * USEC_S);
    forge(thief, speaker);
    assert_true(is_his(w, speaker, speaker));
    assert_true(addr_eq(&thief->sfu_peer->ice.selected, &thief->addr));
    assert_int_equal(w->sfu->drops[DROP_STUN_TAKEN], 1);
    again = world_watch(w, 1, false);
    forge(again, speaker);
    assert_true(is_his(w, again, speaker));
    world_run(w, 3 * USEC_S);
    assert_true(is_his(w, speaker, speaker)); /* by its next check */
    speaker->is_silent = true;
    world_run(w, 6 * USEC_S);
    forge(thief, speaker);
    assert_true(is_his(w, thief, speaker));
    world_free(w);
}

/* A track that has begun keeps its SSRC: another, were it encrypted ever so well, is none of it. */
static void one_ssrc_a_track(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish_layers(w, 1);
    struct track *t;
    uint32_t top;

    (void)state;
    world_run(w, USEC_S);
    t = peer_track(speaker->sfu_peer, SFU_VIDEO);
    t->ssrc ^= 1; /* as if it had begun with that one */
    top = t->top;
    world_run(w, USEC_S);
    assert_int_equal(t->top, top);
    assert_true(w->sfu->drops[DROP_RTP_TRACK] > 20);
    t->ssrc ^= 1;
    world_run(w, USEC_S);
    assert_true(t->top > top);
    world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forged_check),
        cmocka_unit_test(one_ssrc_a_track),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
