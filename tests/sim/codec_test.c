#include "base/str.h"
#include "media/peer.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * H264 as it comes, and voices wrapped in RED both ways. A run is repeated by its seed: codec_test
 * [scenario [seed]].
 */

/* A picture of H264 comes whole through loss both ways, and again after a break. */
static void test_h264(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p = world_publish_h264(w, 1), *v = world_watch(w, 10, false), *late;
    const struct slot_stats *v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);

    (void)state;
    p->up.loss = v->down.loss = v->up.loss = 0.02;
    world_run(w, 30 * USEC_S);
    assert_true(v0->frames > 870);
    assert_true(v0->again > 10);
    assert_true(v0->freeze < 700 * USEC_MS);
    late = world_watch(w, 11, false);
    world_run(w, USEC_S);
    assert_true(viewer_slot(late->viewer, SFU_VIDEO, 0)->frames > 15);
    world_assert_sound(w);
    world_free(w);
}

/* The stage goes to and fro between VP8 and H264: numbers and time go on. */
static void test_between_codecs(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *v;
    const struct slot_stats *v0;

    (void)state;
    world_publish_layers(w, 1);
    world_publish_h264(w, 2);
    v = world_watch(w, 10, false);
    v->down.loss = 0.02;
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    for (int i = 0; i < 20; i++) {
        sfu_room_stage(w->room, 1 + i % 2, w->now);
        world_run(w, 1500 * USEC_MS);
        assert_int_equal(v0->person, 1 + i % 2);
    }
    assert_true(v0->frames > 800);
    world_assert_sound(w);
    world_free(w);
}

/* Who does not take H264 gets not one packet of it, hears all the same, and is counted as one who
 * cannot see; the VP8 camera is not hindered. */
static void test_cannot_see(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *plain, *v;
    int64_t blind[4];

    (void)state;
    world_publish_h264(w, 1);
    plain = world_watch_plain(w, 10);
    v = world_watch(w, 11, false);
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 3 * USEC_S);
    assert_int_equal(viewer_slot(plain->viewer, SFU_VIDEO, 0)->packets, 0);
    assert_true(viewer_slot(plain->viewer, SFU_AUDIO, 0)->voices > 100);
    assert_true(viewer_slot(v->viewer, SFU_VIDEO, 0)->frames > 60);
    assert_int_equal(sfu_room_blind(w->room, blind, 4), 1);
    assert_int_equal(blind[0], 10);
    world_publish(w, 2);
    world_run(w, USEC_S);
    sfu_room_stage(w->room, 2, w->now);
    world_run(w, 2 * USEC_S);
    assert_int_equal(viewer_slot(plain->viewer, SFU_VIDEO, 0)->person, 2);
    assert_int_equal(sfu_room_blind(w->room, blind, 4), 0);
    world_assert_sound(w);
    world_free(w);
}

/* Share of voices that are missing, in thousandths. */
static unsigned gaps(const struct slot_stats *a)
{
    return a->voice_gaps * 1000 / (a->voices + a->voice_gaps);
}

/* A line that loses 10 % gets each voice twice and misses one in a hundred; a viewer without RED
 * misses ten. A line that loses nothing gets none of it. */
static void test_red_down(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *v, *plain, *good;
    const struct slot_stats *a, *p, *g;

    (void)state;
    world_publish(w, 1);
    v = world_watch(w, 10, false);
    plain = world_watch_plain(w, 11);
    good = world_watch(w, 12, false);
    v->down.loss = plain->down.loss = 0.1;
    world_run(w, 60 * USEC_S);
    a = viewer_slot(v->viewer, SFU_AUDIO, 0);
    p = viewer_slot(plain->viewer, SFU_AUDIO, 0);
    g = viewer_slot(good->viewer, SFU_AUDIO, 0);
    printf("red down: gaps %u of 1000, plain %u, wrapped %u, filled %u\n", gaps(a), gaps(p),
           a->wrapped, a->unwrapped);
    assert_true(a->wrapped > a->packets * 3 / 4);
    assert_in_range(gaps(a), 1, 35);
    assert_in_range(gaps(p), 80, 120);
    assert_int_equal(g->wrapped, 0);
    world_assert_sound(w);
    world_free(w);
}

/* A line of 100 kbit/s that loses 10 % has no room for each voice twice; when it has become wider
 * each goes twice. */
static void test_red_where_the_rate_allows(void **state)
{
    struct world *w = world_new(sim_seed);
    const struct slot_stats *a;
    struct sim_peer *v;
    unsigned voices;

    (void)state;
    world_publish_layers(w, 1);
    v = world_watch(w, 10, false);
    a = viewer_slot(v->viewer, SFU_AUDIO, 0);
    v->down = (struct link){.rate_bps = 100000, .queue = 500 * USEC_MS, .delay = 20 * USEC_MS};
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 10 * USEC_S);
    v->down.loss = 0.1;
    voices = a->voices;
    world_run(w, 40 * USEC_S);
    assert_true(a->voices - voices > 40 * 50 * 8 / 10);
    assert_int_equal(a->wrapped, 0);
    assert_true(peer_slot(v->sfu_peer, SFU_AUDIO, 0)->is_red); /* it would pay */
    v->down.rate_bps = 2000000;
    world_run(w, 40 * USEC_S);
    assert_true(a->wrapped > 500);
    world_assert_sound(w);
    world_free(w);
}

/* Picture ids of 7 bits wrap every four seconds; in the slot they go on in 15, beside a source that
 * has as many itself. */
static void test_short_picture_ids(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p = world_publish(w, 1), *v;
    const struct slot_stats *v0;

    (void)state;
    publisher_short_ids(p->publisher);
    world_publish(w, 2);
    v = world_watch(w, 10, false);
    v->down.loss = p->up.loss = 0.01;
    v0 = viewer_slot(v->viewer, SFU_VIDEO, 0);
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 12 * USEC_S);
    assert_true(v0->frames > 340);
    for (int i = 0; i < 6; i++) {
        sfu_room_stage(w->room, 2 - i % 2, w->now);
        world_run(w, 3 * USEC_S);
        assert_int_equal(v0->person, 2 - i % 2);
    }
    assert_true(v0->frames > 840);
    assert_int_equal(v0->bad_ids, 0);
    world_assert_sound(w);
    world_free(w);
}

/* What the publisher wraps repairs what is lost on the way up, for every viewer. */
static void test_red_up(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p = world_publish(w, 1), *v = world_watch(w, 10, false),
                    *plain = world_watch_plain(w, 11);

    (void)state;
    publisher_wraps(p->publisher, true);
    p->up.loss = 0.1;
    world_run(w, 60 * USEC_S);
    assert_in_range(gaps(viewer_slot(v->viewer, SFU_AUDIO, 0)), 1, 20);
    assert_in_range(gaps(viewer_slot(plain->viewer, SFU_AUDIO, 0)), 1, 20);
    assert_int_equal(viewer_slot(v->viewer, SFU_AUDIO, 0)->wrapped, 0);
    world_assert_sound(w);
    world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_h264),       cmocka_unit_test(test_between_codecs),
        cmocka_unit_test(test_cannot_see), cmocka_unit_test(test_red_down),
        cmocka_unit_test(test_red_up),
        cmocka_unit_test(test_red_where_the_rate_allows),
        cmocka_unit_test(test_short_picture_ids),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
