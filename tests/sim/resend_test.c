#include "base/pkt.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/down.h"
#include "media/path.h"
#include "media/peer.h"
#include "media/ring.h"
#include "media/rtcp.h"
#include "media/sfu_i.h"
#include "sim/check.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <stdio.h>

/*
 * What one viewer may have again, and what it may not: a browser that asks for everything, and one
 * that asks for what we have not got.
 *
 *     publisher ──▶ sfu ──▶ viewer
 *                       ◀── NACK × many
 */

enum { PARTS = 30, AT_ONCE = 128 /* numbers of one part that are looked at */ };

struct scene {
    struct world *w;
    struct sim_peer *publisher, *viewer;
    struct sfu_peer *peer;
    struct slot *slot; /* V0 */
};

static struct scene begin(void)
{
    struct scene s = {.w = world_new(sim_seed)};

    s.publisher = world_publish(s.w, 1);
    s.viewer = world_watch(s.w, 10, false);
    sfu_room_stage(s.w->room, 1, s.w->now);
    world_run(s.w, 5 * USEC_S);
    s.peer = s.viewer->sfu_peer;
    s.slot = &s.peer->slots[s.peer->naudio];
    assert_non_null(s.slot->source);
    return s;
}

static uint64_t dropped(const struct scene *s, enum drop why)
{
    return s->w->sfu->drops[why];
}

static uint64_t repeats(const struct scene *s)
{
    return s->w->sfu->stats.rtx_tx;
}

/* `n` numbers up to `last`, in one part of a compound. */
static void ask(const struct scene *s, struct wr *w, uint32_t last, unsigned n)
{
    uint16_t seqs[AT_ONCE];

    for (unsigned i = 0; i < n; i++)
        seqs[i] = (uint16_t)(last + 1 - n + i);
    rtcp_nack_write(w, s->viewer->ssrc, s->slot->ssrc, seqs, n);
}

/* Lets it arrive, and with it little else. */
static void pass(struct scene *s, const struct wr *w)
{
    assert_false(w->err);
    sim_peer_tx_rtcp(s->viewer, w->start, wr_len(w), s->w->now);
    world_run(s->w, s->viewer->up.delay + 2 * USEC_MS);
}

static void ask_one(struct scene *s, uint32_t number)
{
    uint8_t d[100];
    struct wr w = wr_init(d, sizeof(d));

    rtcp_rr_write(&w, s->viewer->ssrc, NULL, 0);
    ask(s, &w, number, 1);
    pass(s, &w);
}

/* One datagram asks for 256 packets fifteen times over: it gets no more than a viewer's bucket
 * holds. */
static void a_datagram_of_many_parts(void **state)
{
    struct scene s = begin();
    uint8_t d[1450];
    struct wr w = wr_init(d, sizeof(d));
    uint64_t before = repeats(&s);

    (void)state;
    rtcp_rr_write(&w, s.viewer->ssrc, NULL, 0);
    for (unsigned part = 0; part < PARTS; part++)
        ask(&s, &w, s.slot->out_top - part % 2 * AT_ONCE, AT_ONCE);
    pass(&s, &w);
    assert_true(repeats(&s) - before > DOWN_RESENDS / 2);
    assert_true(repeats(&s) - before <= DOWN_RESENDS);
    assert_true(dropped(&s, DROP_NACK_SOON) + dropped(&s, DROP_NACK_MANY) >=
                BWE_HISTORY - DOWN_RESENDS);
    assert_int_equal(dropped(&s, DROP_RTCP_MUCH), PARTS - BWE_HISTORY / AT_ONCE);
    world_assert_sound(s.w);
    world_free(s.w);
}

/* An empty bucket refuses, with a name; what goes out fills it again, and time does. */
static void a_bucket_a_viewer(void **state)
{
    struct scene s = begin();
    struct down *down = s.peer->down;
    uint64_t before = repeats(&s);

    (void)state;
    assert_int_equal(down->resends, DOWN_RESENDS * DOWN_RESEND_SHARE);
    down->resends = 0;
    down->resends_at = s.w->now + USEC_S; /* no floor for the while */
    s.publisher->is_silent = true;
    world_run(s.w, 100 * USEC_MS);
    down->resends = 0;
    ask_one(&s, s.slot->out_top - 9);
    assert_int_equal(repeats(&s), before);
    assert_int_equal(dropped(&s, DROP_NACK_MANY), 1);
    down->resends_at = s.w->now;
    world_run(s.w, 100 * USEC_MS);
    ask_one(&s, s.slot->out_top - 9);
    assert_int_equal(repeats(&s), before + 1);
    s.publisher->is_silent = false;
    world_run(s.w, 2 * USEC_S);
    assert_int_equal(dropped(&s, DROP_NACK_MANY), 1);
    assert_true(down->resends > DOWN_RESENDS);
    world_free(s.w);
}

/* A packet that the publisher still owes us is asked for as often as a browser likes: that costs
 * neither a try nor a key frame, and when it has come it is given. */
static void what_is_not_kept_costs_no_try(void **state)
{
    struct scene s = begin();
    uint32_t out = s.slot->out_top - 9, src;
    struct ring_entry *e;
    uint64_t before = repeats(&s), keys;
    struct pkt *held;

    (void)state;
    assert_non_null(spans_by_out(&s.slot->spans, (uint16_t)out, &src));
    e = ring_by_seq(&s.slot->source->ring, src);
    assert_non_null(e);
    held = e->pkt;
    e->pkt = NULL;
    world_run(s.w, USEC_S);
    keys = s.w->sfu->stats.plis_tx;
    for (int i = 0; i < 5; i++) {
        ask_one(&s, out);
        world_run(s.w, 60 * USEC_MS);
    }
    assert_int_equal(repeats(&s), before);
    assert_int_equal(dropped(&s, DROP_NACK_GONE), 5);
    assert_int_equal(dropped(&s, DROP_NACK_OFTEN), 0);
    assert_int_equal(slot_tries(s.slot, (uint16_t)out), 0);
    assert_int_equal(s.w->sfu->stats.plis_tx, keys);
    e->pkt = held;
    ask_one(&s, out);
    assert_int_equal(repeats(&s), before + 1);
    world_assert_sound(s.w);
    world_free(s.w);
}

/* What comes so late that its number may not be encrypted any more spends no transport-wide one:
 * feedback would say that it was lost. */
static void what_is_refused_spends_no_number(void **state)
{
    struct scene s = begin();
    struct track *t = s.slot->source;
    const struct ring_entry *e = ring_by_seq(&t->ring, t->top - 200);
    uint32_t next = s.peer->down->bwe.next;

    (void)state;
    assert_non_null(e);
    path_forward(s.peer, t, e);
    assert_int_equal(dropped(&s, DROP_PROTECT), 1);
    assert_int_equal(s.peer->down->bwe.next, next);
    world_free(s.w);
}

/* Receipts of one packet by RTX, the most of any, of a line that loses so much for a minute. */
static unsigned most_copies(double loss)
{
    struct scene s = begin();
    const struct slot_stats *v0 = viewer_slot(s.viewer->viewer, SFU_VIDEO, 0);
    unsigned most;

    s.viewer->down.loss = s.viewer->up.loss = loss;
    world_run(s.w, 10 * USEC_S); /* until it is known */
    viewer_forget_freezes(s.viewer->viewer);
    world_run(s.w, 60 * USEC_S);
    most = v0->most_copies;
    printf("%.0f %% lost: %u repeats, %u of one packet\n", loss * 100, v0->again, most);
    assert_true(v0->again > 100);
    world_assert_sound(s.w);
    world_free(s.w);
    return most;
}

/* Three tries; where the line loses 2 to 15 % the first goes twice, the second three times and the
 * third four times: nine at most. Above it is the line that is full; a line that loses a quarter
 * seldom seems to lose less than 15 % of two seconds. */
static void copies_are_bounded(void **state)
{
    struct scene s = begin();
    uint32_t out = s.slot->out_top - 9;

    (void)state;
    for (int i = 0; i < 10; i++) {
        ask_one(&s, out);
        world_run(s.w, 60 * USEC_MS);
    }
    assert_int_equal(viewer_slot(s.viewer->viewer, SFU_VIDEO, 0)->most_copies, SLOT_MAX_TRIES);
    world_free(s.w);
    assert_in_range(most_copies(0.05), 2, 9);
    assert_in_range(most_copies(0.25), 1, SLOT_MAX_TRIES);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_of_many_parts),
        cmocka_unit_test(a_bucket_a_viewer),
        cmocka_unit_test(what_is_not_kept_costs_no_try),
        cmocka_unit_test(what_is_refused_spends_no_number),
        cmocka_unit_test(copies_are_bounded),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
