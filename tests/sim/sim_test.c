#include "base/str.h"
#include "media/peer.h"
#include "media/stats.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Scenarios in virtual time. A run is repeated by its seed: sim_test [scenario [seed]].
 *
 *     publisher ──up──▶ sfu ──down──▶ viewer × n
 */

static void print(const struct world *w, const char *what)
{
    struct sfu_stats st;

    sfu_stats(w->sfu, &st);
    printf("%s: rx %llu tx %llu nacks up %llu down %llu rtx %llu plis up %llu down %llu\n", what,
           (unsigned long long)st.rx_packets, (unsigned long long)st.tx_packets,
           (unsigned long long)st.nacks_tx, (unsigned long long)st.nacks_rx,
           (unsigned long long)st.rtx_tx, (unsigned long long)st.plis_tx,
           (unsigned long long)st.plis_rx);
    for (unsigned i = 0; sfu_drop_name(i); i++)
        if (sfu_drops(w->sfu, i))
            printf("  %s %llu\n", sfu_drop_name(i), (unsigned long long)sfu_drops(w->sfu, i));
    for (unsigned i = 0; i < w->npeers && i < 3; i++) {
        for (int k = 0; w->peers[i].viewer && k < 2; k++) {
            const struct slot_stats *v = viewer_slot(w->peers[i].viewer, SFU_VIDEO, k);
            const struct slot_stats *a = viewer_slot(w->peers[i].viewer, SFU_AUDIO, k);

            printf("  viewer %u V%d frames %u keys %u again %u given up %u nacks %u plis %u freeze "
                   "%lld ms back %u ids %u torn %u | "
                   "A%d voices %u gaps %u\n",
                   i, k, v->frames, v->keys, v->again, v->given_up, v->nacks, v->plis,
                   (long long)v->freeze / 1000, v->back, v->bad_ids, v->torn, k, a->voices,
                   a->voice_gaps);
        }
    }
}

/* One speaker, ten viewers, 5 % of all datagrams lost both ways, three minutes: every viewer sees
 * it moving. */
static void test_lossy_seminar(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1);
    const struct publisher_stats *sent;
    struct sim_peer *viewers[10];

    (void)state;
    speaker->up.loss = speaker->down.loss = 0.02;
    speaker->up.jitter = 5 * USEC_MS;
    for (int i = 0; i < 10; i++) {
        viewers[i] = world_watch(w, 10 + i, false);
        viewers[i]->up.loss = viewers[i]->down.loss = 0.05;
        viewers[i]->down.jitter = 10 * USEC_MS;
        viewers[i]->down.delay = (10 + 10 * i) * USEC_MS;
    }
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 3 * 60 * USEC_S);
    print(w, "lossy seminar");
    sent = publisher_stats(speaker->publisher);
    assert_true(sent->frames > 5300);
    assert_true(sent->feedbacks > 1000);
    for (int i = 0; i < 10; i++) {
        const struct slot_stats *v = viewer_slot(viewers[i]->viewer, SFU_VIDEO, 0);
        const struct slot_stats *a = viewer_slot(viewers[i]->viewer, SFU_AUDIO, 0);

        assert_true(v->frames > sent->frames * 99 / 100); /* 99.3 % and more in twelve seeds */
        assert_true(v->freeze < USEC_S); /* a packet lost four times, and then the key frame */
        assert_true(a->voices >
                    sent->voices * 92 / 100); /* lost once on the way up and once down: 7 % */
        assert_int_equal(v->person, 1);
        assert_true(v->reports > 100);
    }
    world_assert_sound(w);
    world_free(w);
}

/* The stage goes to and fro between two speakers: the picture follows within a round trip, and
 * numbers go on. */
static void test_stage_switch(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *v;
    const struct slot_stats *v0, *a0;

    (void)state;
    world_publish(w, 1);
    world_publish(w, 2);
    v = world_watch(w, 10, false);
    v->down.loss = 0.02;
    v->down.jitter = 10 * USEC_MS;
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    a0 = viewer_slot(v->viewer, SFU_AUDIO, 0);
    for (int i = 0; i < 40; i++) {
        sfu_room_stage(w->room, 1 + i % 2, w->now);
        world_run(w, 1500 * USEC_MS);
        assert_int_equal(v0->person, 1 + i % 2);
        assert_int_equal(a0->person, 1 + i % 2);
        assert_int_equal(w->slots[SFU_VIDEO][0], 1 + i % 2);
        assert_int_equal(w->slots[SFU_VIDEO][1], 2 - i % 2);
    }
    print(w, "stage switch");
    assert_true(v0->frames > 1650);
    assert_true(v0->freeze < 700 * USEC_MS);
    world_assert_sound(w);
    world_free(w);
}

/* A browser reloads: the old connection is gone by itself, the new one has a picture at once. */
static void test_reload(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *old, *fresh;

    (void)state;
    world_publish(w, 1);
    old = world_watch(w, 10, false);
    world_run(w, 5 * USEC_S);
    assert_true(viewer_slot(old->viewer, SFU_VIDEO, 0)->frames > 100);
    old->is_silent = true;
    fresh = world_watch(w, 10, false);
    world_run(w, USEC_S);
    assert_true(viewer_slot(fresh->viewer, SFU_VIDEO, 0)->frames > 20);
    assert_int_equal(w->gone, 0);
    world_run(w, 35 * USEC_S);
    assert_int_equal(w->gone, 1);
    assert_null(old->sfu_peer);
    assert_non_null(fresh->sfu_peer);
    assert_true(viewer_slot(fresh->viewer, SFU_VIDEO, 0)->frames > 1000);
    world_assert_sound(w);
    world_free(w);
}

/* Long enough for the roll-over counter of the slot to turn: 22 minutes at 61 packets a second. */
static void test_roll_over(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *v;
    const struct slot_stats *v0;

    (void)state;
    world_publish(w, 1);
    v = world_watch(w, 10, false);
    v->down.loss = 0.01;
    world_run(w, 22 * 60 * USEC_S);
    print(w, "roll-over");
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    assert_true(v0->top_seq - v0->first_seq > 65536);
    assert_true(v0->frames > 39000);
    assert_true(v0->given_up == 0);
    world_assert_sound(w);
    world_free(w);
}

/*
 * The key frame that a switch waits for is lost on the way down, all its eight packets and their
 * first repeats: the picture comes all the same, and soon. The newest of the second speaker is too
 * old to be replayed, so a new one is asked for.
 */
static void test_lost_key_frame(void **state)
{
    struct world *w = world_new(sim_seed);
    const struct publisher_stats *second;
    struct sim_peer *v;
    const struct slot_stats *v0;
    unsigned plis, made, shown;

    (void)state;
    world_publish(w, 1);
    v = world_watch(w, 10, false);
    world_run(w, 3 * USEC_S);
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    second = publisher_stats(world_publish(w, 2)->publisher);
    world_run(w, 3 * USEC_S);
    viewer_forget_freezes(v->viewer);
    plis = second->plis;
    made = second->keys;
    shown = v0->keys;
    sfu_room_stage(w->room, 2, w->now);
    while (second->keys == made)
        world_run(w, USEC_MS);
    v->down.mask = 0xffffffff;
    v->down.masked = 0;
    world_run(w, 100 * USEC_MS);
    assert_true(second->plis > plis);
    assert_int_equal(v0->keys, shown);
    assert_int_equal(v0->person, 1);
    world_run(w, 2 * USEC_S);
    assert_int_equal(v->down.masked, 64);
    assert_int_equal(v0->person, 2);
    assert_true(v0->keys > shown);
    assert_true(v0->freeze < 700 * USEC_MS);
    world_assert_sound(w);
    world_free(w);
}

/* Another port by a NAT: media follows the next check, with the same keys. */
static void test_rebind(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *v = world_watch(w, 10, false);
    const struct slot_stats *v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    unsigned before;

    (void)state;
    world_run(w, 3 * USEC_S);
    sim_peer_rebind(v);
    world_run(w, 3 * USEC_S);
    before = v0->frames;
    world_run(w, 3 * USEC_S);
    assert_true(v0->frames > before + 80);
    sim_peer_rebind(speaker);
    world_run(w, 3 * USEC_S);
    before = v0->frames;
    world_run(w, 3 * USEC_S);
    assert_true(v0->frames > before + 80);
    assert_int_equal(w->gone, 0);
    world_assert_sound(w);
    world_free(w);
}

/* Practice: the audience gets not one packet; those backstage see and hear; on air everybody does.
 */
static void test_practice(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1);
    struct sim_peer *audience = world_watch(w, 10, false), *backstage = world_watch(w, 11, true);

    (void)state;
    sfu_peer_on_air(speaker->sfu_peer, false, w->now);
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 10 * USEC_S);
    assert_int_equal(audience->rtp_came, 0);
    assert_true(viewer_slot(backstage->viewer, SFU_VIDEO, 0)->frames > 250);
    assert_int_equal(sfu_room_slot(w->room, SFU_VIDEO, 0), 0);
    assert_int_equal(sfu_room_backstage_slot(w->room, SFU_VIDEO, 0), 1);
    sfu_peer_on_air(speaker->sfu_peer, true, w->now);
    world_run(w, 2 * USEC_S);
    assert_true(viewer_slot(audience->viewer, SFU_VIDEO, 0)->frames > 40);
    assert_true(viewer_slot(audience->viewer, SFU_AUDIO, 0)->voices > 80);
    sfu_peer_on_air(speaker->sfu_peer, false, w->now);
    world_run(w, 100 * USEC_MS); /* what was under way */
    audience->rtp_came = 0;
    world_run(w, 5 * USEC_S);
    assert_int_equal(audience->rtp_came, 0);
    assert_true(backstage->rtp_came > 0);
    sfu_peer_backstage(backstage->sfu_peer, false, w->now);
    world_run(w, 100 * USEC_MS);
    backstage->rtp_came = 0;
    world_run(w, 5 * USEC_S);
    assert_int_equal(backstage->rtp_came, 0);
    world_assert_sound(w);
    world_free(w);
}

/* What is kept of practice is not shown when it ends: neither the key frame that a newcomer would
 * be given, nor the voice that goes along once more. The same of what the host had forbidden. */
static void test_a_gate_that_opens(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *v = world_watch(w, 10, false);
    const struct sfu_peer *up = speaker->sfu_peer;
    const struct slot_stats *a0 = viewer_slot(v->viewer, SFU_AUDIO, 0);
    struct slot *voice, *picture;
    uint32_t top[2];

    (void)state;
    sfu_room_stage(w->room, 1, w->now);
    for (int i = 0; i < 2; i++) {
        if (i == 0)
            sfu_peer_on_air(speaker->sfu_peer, false, w->now);
        for (enum sfu_kind kind = SFU_AUDIO; i == 1 && kind <= SFU_VIDEO; kind++)
            sfu_peer_allow(speaker->sfu_peer, kind, false);
        world_run(w, 3 * USEC_S);
        publisher_key(speaker->publisher);
        world_run(w, 300 * USEC_MS);
        voice = peer_slot(v->sfu_peer, SFU_AUDIO, 0);
        picture = peer_slot(v->sfu_peer, SFU_VIDEO, 0);
        voice->is_red = true;
        top[0] = peer_track(up, SFU_AUDIO)->top;
        top[1] = peer_track(up, SFU_VIDEO)->top;
        sfu_peer_on_air(speaker->sfu_peer, true, w->now);
        sfu_peer_allow(speaker->sfu_peer, SFU_AUDIO, true);
        sfu_peer_allow(speaker->sfu_peer, SFU_VIDEO, true);
        world_run(w, USEC_S);
        assert_true(picture->source && voice->source && voice->is_red);
        assert_true(spans_last(&voice->spans)->src_first > top[0]);
        assert_true(spans_last(&picture->spans)->src_first > top[1]);
        assert_true(a0->wrapped > 0);
        assert_int_equal(a0->packets - a0->wrapped, i + 1); /* the first alone goes by itself */
    }
    world_assert_sound(w);
    world_free(w);
}

/* The host mutes; a page hides the picture. */
static void test_mute_and_hide(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *v = world_watch(w, 10, false);
    const struct slot_stats *v0 = viewer_slot(v->viewer, SFU_VIDEO, 0),
                            *a0 = viewer_slot(v->viewer, SFU_AUDIO, 0);
    unsigned voices, packets;

    (void)state;
    world_run(w, 2 * USEC_S);
    sfu_peer_allow(speaker->sfu_peer, SFU_AUDIO, false);
    world_run(w, 200 * USEC_MS);
    voices = a0->voices;
    world_run(w, 2 * USEC_S);
    assert_int_equal(a0->voices, voices);
    sfu_peer_allow(speaker->sfu_peer, SFU_AUDIO, true);
    sfu_peer_want(v->sfu_peer, 0, 0, w->now);
    world_run(w, 200 * USEC_MS);
    packets = v0->packets;
    world_run(w, 2 * USEC_S);
    assert_int_equal(v0->packets, packets);
    assert_true(a0->voices > voices + 90);
    sfu_peer_want(v->sfu_peer, 0, 180, w->now);
    viewer_forget_freezes(v->viewer);
    world_run(w, 2 * USEC_S);
    assert_true(v0->packets > packets + 100);
    assert_true(v0->freeze < 100 * USEC_MS);
    world_assert_sound(w);
    world_free(w);
}

/* Six voices, three slots: the loudest are heard, and who begins to speak is let in. */
static void test_loudest(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speakers[6], *v;
    bool is_in[7] = {false};

    (void)state;
    for (int i = 0; i < 6; i++) {
        speakers[i] = world_publish(w, 1 + i);
        publisher_level(speakers[i]->publisher, i < 3 ? 30 : 100);
    }
    v = world_watch(w, 10, false);
    world_run(w, 5 * USEC_S);
    for (int i = 0; i < 3; i++)
        is_in[w->slots[SFU_AUDIO][i]] = true;
    assert_true(is_in[1] && is_in[2] && is_in[3]);
    publisher_level(speakers[0]->publisher, 120);
    publisher_level(speakers[5]->publisher, 20);
    world_run(w, 3 * USEC_S);
    for (int i = 0; i < 7; i++)
        is_in[i] = false;
    for (int i = 0; i < 3; i++)
        is_in[w->slots[SFU_AUDIO][i]] = true;
    assert_true(is_in[6] && is_in[2] && is_in[3]);
    assert_true(viewer_slot(v->viewer, SFU_AUDIO, 0)->voices > 200);
    assert_int_equal(viewer_slot(v->viewer, SFU_AUDIO, 3)->packets,
                     0); /* A3 is the interpretation channel's */
    world_assert_sound(w);
    world_free(w);
}

/*
 * A speaker on the floor, an interpreter in channel 2. A3 carries the chosen channel within 300 ms
 * and A0 goes on; who listens to the floor never gets one packet of the interpreter.
 */
static void test_interpretation(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *interpreter = world_publish(w, 2), *floor, *listener;
    const struct slot_stats *a0, *a3;
    bool is_speaking;
    usec chosen_at;

    (void)state;
    sfu_peer_speak(interpreter->sfu_peer, 2, w->now);
    world_publish(w, 1);
    floor = world_watch(w, 10, false);
    listener = world_watch(w, 11, false);
    a0 = viewer_slot(listener->viewer, SFU_AUDIO, 0);
    a3 = viewer_slot(listener->viewer, SFU_AUDIO, 3);
    world_run(w, 2 * USEC_S);
    assert_int_equal(a3->packets, 0);
    assert_int_equal(sfu_room_channel(w->room, 2, false, &is_speaking), 2);
    assert_true(is_speaking);
    assert_int_equal(w->channel[2], 2);
    sfu_peer_listen(listener->sfu_peer, 2, w->now);
    chosen_at = w->now;
    while (a3->voices == 0 && w->now - chosen_at < USEC_S)
        world_run(w, 10 * USEC_MS);
    assert_true(w->now - chosen_at <= 300 * USEC_MS);
    world_run(w, 2 * USEC_S);
    assert_int_equal(a3->person, 2);
    assert_int_equal(a3->voice_gaps, 0);
    assert_int_equal(a0->person, 1);
    assert_int_equal(a0->voice_gaps, 0);
    assert_true(a0->voices > 180);
    for (int i = 0; i < 3; i++)
        assert_int_not_equal(w->slots[SFU_AUDIO][i], 2);
    for (int i = 0; i < SFU_AUDIO_SLOTS; i++)
        assert_int_not_equal(viewer_slot(floor->viewer, SFU_AUDIO, i)->person, 2);
    assert_int_equal(viewer_slot(floor->viewer, SFU_AUDIO, 3)->packets, 0);
    world_assert_sound(w);
    world_free(w);
}

/* Three seconds of silence are told, and the first word after them; a partner takes over without a
 * hole in the slot's numbers. */
static void test_interpreter_falls_silent(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *first = world_publish(w, 2), *second = world_publish(w, 3), *listener;
    const struct slot_stats *a3;
    bool is_speaking;

    (void)state;
    sfu_peer_speak(first->sfu_peer, 1, w->now);
    sfu_peer_speak(second->sfu_peer, SFU_NOWHERE, w->now);
    listener = world_watch(w, 10, false);
    a3 = viewer_slot(listener->viewer, SFU_AUDIO, 3);
    world_run(w, USEC_S);
    sfu_peer_listen(listener->sfu_peer, 1, w->now);
    world_run(w, USEC_S);
    publisher_level(first->publisher, 127);
    world_run(w, 2 * USEC_S);
    assert_true(sfu_room_channel(w->room, 1, false, &is_speaking) == 2 && is_speaking);
    world_run(w, 3 * USEC_S);
    assert_true(sfu_room_channel(w->room, 1, false, &is_speaking) == 2 && !is_speaking);
    assert_false(w->is_speaking[1]);
    publisher_level(first->publisher, 20);
    world_run(w, 300 * USEC_MS);
    assert_true(w->is_speaking[1]);
    sfu_peer_speak(first->sfu_peer, SFU_NOWHERE, w->now);
    sfu_peer_speak(second->sfu_peer, 1, w->now);
    world_run(w, 300 * USEC_MS);
    assert_int_equal(a3->person, 3);
    assert_int_equal(w->channel[1], 3);
    world_run(w, USEC_S);
    assert_int_equal(a3->given_up, 0);
    sfu_peer_free(second->sfu_peer, w->now);
    second->sfu_peer = NULL;
    second->is_silent = true;
    world_run(w, 300 * USEC_MS);
    assert_int_equal(w->channel[1], 0);
    world_assert_sound(w);
    world_free(w);
}

/* In practice the interpreter's channel is the backstage's alone. */
static void test_interpretation_in_practice(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *interpreter = world_publish(w, 2), *audience = world_watch(w, 10, false),
                    *backstage = world_watch(w, 11, true);

    (void)state;
    sfu_peer_on_air(interpreter->sfu_peer, false, w->now);
    sfu_peer_speak(interpreter->sfu_peer, 1, w->now);
    world_run(w, 500 * USEC_MS);
    sfu_peer_listen(audience->sfu_peer, 1, w->now);
    sfu_peer_listen(backstage->sfu_peer, 1, w->now);
    world_run(w, 5 * USEC_S);
    assert_int_equal(audience->rtp_came, 0);
    assert_true(viewer_slot(backstage->viewer, SFU_AUDIO, 3)->voices > 200);
    sfu_peer_on_air(interpreter->sfu_peer, true, w->now);
    world_run(w, USEC_S);
    assert_int_equal(viewer_slot(audience->viewer, SFU_AUDIO, 3)->person, 2);
    world_assert_sound(w);
    world_free(w);
}

/* Padding, reordering and doubled datagrams: the viewer sees no hole that he must ask about for
 * ever. */
static void test_padding_and_reordering(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *v = world_watch(w, 10, false);
    const struct slot_stats *v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);

    (void)state;
    publisher_pads(speaker->publisher, true);
    speaker->up.reorder = 0.05;
    speaker->up.duplicate = 0.02;
    speaker->up.loss = 0.02;
    v->down.reorder = 0.05;
    v->down.duplicate = 0.02;
    world_run(w, 60 * USEC_S);
    print(w, "padding");
    assert_true(v0->frames > 1750);
    assert_true(v0->freeze < 700 * USEC_MS);
    world_assert_sound(w);
    world_free(w);
}

/* A publisher without transport-wide feedback is told by REMB what its line carries; one with it is
 * not. */
static void test_publisher_is_told(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *old = world_publish_old(w, 1), *fresh = world_publish(w, 2);
    const struct publisher_stats *o = publisher_stats(old->publisher),
                                 *f = publisher_stats(fresh->publisher);
    int64_t good;

    (void)state;
    world_run(w, 20 * USEC_S);
    assert_in_range(o->rembs, 15, 25);
    assert_int_equal(f->rembs, 0);
    assert_true(f->feedbacks > 200);
    good = o->bps;
    assert_in_range(good, 600000, 1600000);
    old->up.loss = 0.2;
    world_run(w, 10 * USEC_S);
    assert_true(o->bps < good * 3 / 4);
    world_assert_sound(w);
    world_free(w);
}

/* The packets of one picture leave with one length, so that they are one run for the kernel; what
 * is sent again is as it was. */
static void test_one_run(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *v;
    const struct slot_stats *v0;

    (void)state;
    world_publish(w, 1);
    v = world_watch(w, 10, false);
    v->down.loss = 0.02;
    world_run(w, 10 * USEC_S);
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    assert_true(v0->frames > 290);
    assert_in_range(v0->padded, v0->frames * 95 / 100, v0->frames * 105 / 100); /* one of two */
    assert_true(v0->again > 5);
    world_assert_sound(w);
    world_free(w);
}

/* Strangers: nothing but STUN is taken from an address that has not passed a check. */
static void test_strangers(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1);
    uint64_t drops = 0;

    (void)state;
    world_run(w, USEC_S);
    speaker->addr.port += 7; /* without a check */
    speaker->next_check = INT64_MAX;
    world_run(w, USEC_S);
    for (unsigned i = 0; sfu_drop_name(i); i++)
        if (str_eq(str_c(sfu_drop_name(i)), S("ADDRESS")))
            drops = sfu_drops(w->sfu, i);
    assert_true(drops > 50);
    world_free(w);
}

/* Reports are the server's own, on one clock: publishers whose clocks are hours apart take turns,
 * and the viewer, who checks the clock of each report, hears of both slots of the stage, and has
 * voice and picture of one moment. */
static void test_reports_are_ours(void **state)
{
    struct world *w = world_new(sim_seed);
    const struct slot_stats *v0, *a0;
    struct sim_peer *v;
    unsigned seen = 0;
    usec apart;

    (void)state;
    world_publish(w, 1);
    world_publish(w, 2);
    v = world_watch(w, 10, false);
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    a0 = viewer_slot(v->viewer, SFU_AUDIO, 0);
    for (int i = 0; i < 6; i++) {
        sfu_room_stage(w->room, 1 + i % 2, w->now);
        world_run(w, 5 * USEC_S);
        assert_int_equal(v0->person, 1 + i % 2);
        assert_true(v0->reports > seen && a0->reports > seen);
        apart = viewer_time(v->viewer, SFU_AUDIO, 0) - viewer_time(v->viewer, SFU_VIDEO, 0);
        /* a frame and a voice, and jitter */
        assert_in_range(apart + 60 * USEC_MS, 0, 120 * USEC_MS);
        seen = v0->reports > a0->reports ? v0->reports : a0->reports;
    }
    world_assert_sound(w);
    world_free(w);
}

/* A telephone is told the time by its network: what the viewer hears of when a picture was taken
 * stays right, whichever way the clock jumps, and however far. */
static void test_a_clock_that_jumps(void **state)
{
    static const usec hour = 3600 * USEC_S;
    static const usec clocks[] = {0, 60 * USEC_S, -hour, 0, 24 * 365 * 100 * hour};
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *v = world_watch(w, 10, false);

    (void)state;
    sfu_room_stage(w->room, 1, w->now);
    for (size_t i = 0; i < NELEM(clocks); i++) {
        publisher_clock(speaker->publisher, clocks[i]);
        world_run(w, 5 * USEC_S);
        for (int kind = 0; kind < 2; kind++) {
            usec late = w->now - viewer_time(v->viewer, (enum sfu_kind)kind, 0);

            assert_in_range(late + USEC_S, 0, 2 * USEC_S);
        }
    }
    world_assert_sound(w);
    world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lossy_seminar), cmocka_unit_test(test_stage_switch),
        cmocka_unit_test(test_reload),        cmocka_unit_test(test_roll_over),
        cmocka_unit_test(test_rebind),        cmocka_unit_test(test_lost_key_frame),
        cmocka_unit_test(test_a_gate_that_opens),
        cmocka_unit_test(test_practice),      cmocka_unit_test(test_mute_and_hide),
        cmocka_unit_test(test_loudest),       cmocka_unit_test(test_padding_and_reordering),
        cmocka_unit_test(test_strangers),     cmocka_unit_test(test_publisher_is_told),
        cmocka_unit_test(test_one_run),       cmocka_unit_test(test_reports_are_ours),
        cmocka_unit_test(test_a_clock_that_jumps),
        cmocka_unit_test(test_interpretation),
        cmocka_unit_test(test_interpreter_falls_silent),
        cmocka_unit_test(test_interpretation_in_practice),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
