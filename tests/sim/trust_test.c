#include "base/str.h"
#include "base/table.h"
#include "base/wr.h"
#include "media/peer.h"
#include "media/rtcp.h"
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

/* A report in which the liar's timestamps are three hours off. */
static void lie(struct sim_peer *liar)
{
    uint8_t d[256];
    struct wr w = wr_init(d, sizeof(d));
    struct rtcp_sr sr = {.ntp = sfu_ntp(liar->world->sfu, liar->world->now)};

    for (unsigned i = 0; i < liar->sfu_peer->ntracks; i++) {
        const struct track *t = liar->sfu_peer->tracks[i];

        sr.rtp_ts = t->top_ts - (1u << 30);
        rtcp_sr_write(&w, t->ssrc, &sr);
    }
    sim_peer_tx_rtcp(liar, d, wr_len(&w), liar->world->now);
}

/* Who lies about the time moves nobody's picture hours away from now, while it is shown nor
 * after. */
static void a_lie_about_time(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *liar = world_publish(w, 1), *v;
    const struct slot *v0;
    uint32_t ts;
    usec at;

    (void)state;
    world_publish(w, 2);
    v = world_watch(w, 10, false);
    sfu_room_stage(w->room, 2, w->now);
    world_run(w, 3 * USEC_S);
    v0 = peer_slot(v->sfu_peer, SFU_VIDEO, 0);
    ts = v0->out_ts;
    at = w->now;
    for (int i = 0; i < 100; i++) {
        lie(liar);
        world_run(w, 20 * USEC_MS);
        if (i == 20)
            sfu_room_stage(w->room, 1, w->now);
    }
    sfu_room_stage(w->room, 2, w->now);
    world_run(w, 2 * USEC_S);
    assert_in_range((int64_t)(v0->out_ts - ts) * 1000 / 90, w->now - at - 300 * USEC_MS,
                    w->now - at + 300 * USEC_MS);
    world_assert_sound(w);
    world_free(w);
}

/* Whatever comes from an address that has not passed a check is dropped under that name, and
 * nothing is sent there: neither DTLS nor media that is encrypted as it should be. */
static void a_stranger_gets_no_answer(void **state)
{
    static const uint8_t hello[] = {22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0},
                         rtp[] = {128, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9},
                         report[] = {128, 201, 0, 1, 0, 0, 0, 9};
    struct world *w = world_new(sim_seed);
    struct srtp_keys *up, *down;
    struct srtp_tx tx = {0};
    struct link line = {.delay = 5 * USEC_MS};
    struct srtp_parts parts = {.header = rtp, .header_n = sizeof(rtp)};
    uint8_t sealed[2][64];
    struct addr from;
    str all[3] = {{(const char *)hello, sizeof(hello)}};
    uint64_t before;

    (void)state;
    world_publish(w, 1);
    world_watch(w, 10, false);
    world_run(w, 3 * USEC_S);
    sim_peer_keys(w->suite, true, &up, &down);
    for (int i = 0; i < 2; i++)
        all[1 + i].p = (const char *)sealed[i];
    assert_int_equal(srtp_protect(up, &tx, &parts, sealed[0], sizeof(sealed[0]), &all[1].n), 0);
    assert_int_equal(
        srtcp_protect(up, report, sizeof(report), sealed[1], sizeof(sealed[1]), &all[2].n), 0);
    assert_int_equal(addr_parse(S("10.0.9.9"), 4000, &from), 0);
    for (size_t i = 0; i < NELEM(all); i++) {
        before = w->sfu->drops[DROP_ADDRESS];
        net_send(w->net, &line, &from, &w->server, all[i], w->now);
        world_run(w, 10 * USEC_S);
        assert_int_equal(w->sfu->drops[DROP_ADDRESS], before + 1);
        assert_int_equal(w->strays, 0);
    }
    srtp_keys_free(up);
    srtp_keys_free(down);
    world_assert_sound(w);
    world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forged_check),
        cmocka_unit_test(one_ssrc_a_track),
        cmocka_unit_test(a_stranger_gets_no_answer),
        cmocka_unit_test(a_lie_about_time),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
