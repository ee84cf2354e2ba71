#include "base/str.h"
#include "media/peer.h"
#include "media/sfu_room.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * A camera of three sizes and three temporal layers, in virtual time. A run is repeated by its
 * seed: layers_test [scenario [seed]].
 */

/* What the viewer's line allows from now on, as the bandwidth allocation says it. */
static void allow(struct sim_peer *v, int slot, struct layer_pick cap)
{
    peer_slot(v->sfu_peer, SFU_VIDEO, slot)->cap = cap;
    sfu_room_show(v->world->room, v->sfu_peer);
}

static const struct slot_stats *v0_of(const struct sim_peer *v)
{
    return viewer_slot(v->viewer, SFU_VIDEO, 0);
}

/* Frames of V0 in so much time. */
static unsigned frames_in(struct world *w, const struct sim_peer *v, usec duration)
{
    unsigned before = v0_of(v)->frames;

    world_run(w, duration);
    return v0_of(v)->frames - before;
}

/* The page says how large it shows the picture, and gets the size that fits; others keep theirs. */
static void test_page_chooses(void **state)
{
    static const struct {
        int height, layer;
    } wants[] = {{180, 0}, {720, 2}, {360, 1}, {90, 0}, {240, 0}, {400, 1}, {1080, 2}};
    struct world *w = world_new(sim_seed);
    struct sim_peer *v, *other;

    (void)state;
    world_publish_layers(w, 1);
    v = world_watch(w, 10, false);
    other = world_watch(w, 11, false);
    world_run(w, 3 * USEC_S);
    assert_int_equal(v0_of(v)->layer, 2);
    viewer_forget_freezes(v->viewer);
    viewer_forget_freezes(other->viewer);
    for (size_t i = 0; i < NELEM(wants); i++) {
        sfu_peer_want(v->sfu_peer, 0, wants[i].height, w->now);
        world_run(w, USEC_S);
        assert_int_equal(v0_of(v)->layer, wants[i].layer);
        assert_int_equal(v0_of(other)->layer, 2);
    }
    assert_in_range(frames_in(w, v, USEC_S), 29, 31);
    assert_true(v0_of(v)->freeze < 100 * USEC_MS);
    assert_true(v0_of(other)->freeze < 50 * USEC_MS);
    assert_int_equal(w->tracks, 2); /* one camera, whatever its sizes, and one voice */
    world_assert_sound(w);
    world_free(w);
}

/* The publisher's line gets worse: the large sizes go, and come back. */
static void test_layers_go_and_come(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p = world_publish_layers(w, 1), *v = world_watch(w, 10, false);

    (void)state;
    world_run(w, 3 * USEC_S);
    assert_int_equal(v0_of(v)->layer, 2);
    viewer_forget_freezes(v->viewer);
    publisher_layer(p->publisher, 2, false);
    world_run(w, 2 * USEC_S);
    assert_int_equal(v0_of(v)->layer, 1);
    assert_true(v0_of(v)->freeze < 1300 * USEC_MS); /* silence of a second tells that it is off */
    publisher_layer(p->publisher, 1, false);
    world_run(w, 2 * USEC_S);
    assert_int_equal(v0_of(v)->layer, 0);
    publisher_layer(p->publisher, 1, true);
    publisher_layer(p->publisher, 2, true);
    viewer_forget_freezes(v->viewer);
    world_run(w, 2 * USEC_S);
    assert_int_equal(v0_of(v)->layer, 2);
    assert_true(v0_of(v)->freeze < 100 * USEC_MS);
    world_assert_sound(w);
    world_free(w);
}

/* Twenty viewers ask for key frames of different sizes all the time: two requests a second go up,
 * for all sizes that are wanted at once. */
static void test_requests_are_gathered(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p = world_publish_layers(w, 1), *v[20];
    const struct publisher_stats *st = publisher_stats(p->publisher);

    (void)state;
    for (int i = 0; i < 20; i++) {
        v[i] = world_watch(w, 10 + i, false);
        sfu_peer_want(v[i]->sfu_peer, 0, 180 << i % 3, w->now);
    }
    world_run(w, 3 * USEC_S);
    for (int i = 0; i < 100; i++) {
        viewer_want_key(v[i % 20]->viewer, 0);
        world_run(w, 100 * USEC_MS);
    }
    for (int i = 0; i < PUBLISHER_LAYERS; i++) {
        assert_in_range(st->layer_plis[i], 10, 30); /* 13 s */
        assert_true(st->layer_keys[i] <= st->layer_plis[i] + 1);
    }
    assert_true(st->plis > 50);
    world_assert_sound(w);
    world_free(w);
}

/* T0 alone is a quarter of the frames, T0 and T1 a half; the picture never stops, and needs no key
 * frame. */
static void test_temporal_layers(void **state)
{
    static const unsigned rate[] = {75, 150, 300};
    struct world *w = world_new(sim_seed);
    struct sim_peer *v, *other;
    unsigned keys;

    (void)state;
    world_publish_layers(w, 1);
    v = world_watch(w, 10, false);
    other = world_watch(w, 11, false);
    world_run(w, 3 * USEC_S);
    keys = v0_of(v)->keys;
    viewer_forget_freezes(v->viewer);
    for (int i = 0; i < 9; i++) {
        int most = (i * 2 + i / 3) % 3; /* every change there is, up and down */

        allow(v, 0, (struct layer_pick){2, (int8_t)most});
        world_run(w, 600 * USEC_MS);
        assert_in_range(frames_in(w, v, 10 * USEC_S), rate[most] - 3, rate[most] + 3);
    }
    assert_int_equal(v0_of(v)->keys, keys);
    assert_true(v0_of(v)->freeze < 200 * USEC_MS);
    assert_in_range(frames_in(w, other, 10 * USEC_S), 299, 301);
    world_assert_sound(w);
    world_free(w);
}

/* A line that allows nothing gets nothing, and the picture again when it allows something. */
static void test_nothing_allowed(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *v;

    (void)state;
    world_publish_layers(w, 1);
    v = world_watch(w, 10, false);
    world_run(w, 2 * USEC_S);
    allow(v, 0, LAYER_NOTHING);
    world_run(w, 200 * USEC_MS);
    assert_int_equal(frames_in(w, v, 2 * USEC_S), 0);
    allow(v, 0, (struct layer_pick){0, 0});
    assert_in_range(frames_in(w, v, 2 * USEC_S), 10, 25); /* with the replay's */
    assert_int_equal(v0_of(v)->layer, 0);
    world_assert_sound(w);
    world_free(w);
}

/*
 * Everything at once: loss, reordering and doubling both ways, two cameras changing places, sizes
 * and temporal layers changing every 400 ms for five minutes. Nothing is shown that needs what was
 * not shown, and numbers go on.
 */
static void test_unrest(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p[2], *v[4];

    (void)state;
    for (int i = 0; i < 2; i++) {
        p[i] = world_publish_layers(w, 1 + i);
        p[i]->up.loss = p[i]->down.loss = 0.02;
        p[i]->up.reorder = 0.03;
        p[i]->up.duplicate = 0.02;
        p[i]->up.jitter = 8 * USEC_MS;
    }
    for (int i = 0; i < 4; i++) {
        v[i] = world_watch(w, 10 + i, false);
        v[i]->up.loss = v[i]->down.loss = 0.02;
        v[i]->down.reorder = 0.03;
        v[i]->down.jitter = 8 * USEC_MS;
    }
    for (int i = 0; i < 750; i++) {
        struct sim_peer *one = v[net_random(w->net, 4)];

        sfu_peer_want(one->sfu_peer, 0, 180 << net_random(w->net, 3), w->now);
        allow(one, 0,
              (struct layer_pick){(int8_t)net_random(w->net, 3), (int8_t)net_random(w->net, 3)});
        if (i % 25 == 0)
            sfu_room_stage(w->room, 1 + i / 25 % 2, w->now);
        if (i % 40 == 0)
            publisher_layer(p[0]->publisher, 2, i / 40 % 2);
        world_run(w, 400 * USEC_MS);
    }
    for (int i = 0; i < 4; i++) {
        printf("unrest: viewer %d frames %u keys %u given up %u plis %u freeze %lld ms\n", i,
               v0_of(v[i])->frames, v0_of(v[i])->keys, v0_of(v[i])->given_up, v0_of(v[i])->plis,
               (long long)v0_of(v[i])->freeze / 1000);
        assert_true(v0_of(v[i])->frames > 3000);
        assert_true(v0_of(v[i])->freeze < 3 * USEC_S);
    }
    world_assert_sound(w);
    world_free(w);
}

/* Who comes later sees the size that his page shows at once, from what is kept. */
static void test_replay_of_a_layer(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *p = world_publish_layers(w, 1), *first = world_watch(w, 10, false), *late;
    unsigned plis;

    (void)state;
    world_run(w, 2 * USEC_S);
    viewer_want_key(first->viewer, 0);
    world_run(w, 200 * USEC_MS);
    plis = publisher_stats(p->publisher)->plis;
    late = world_watch(w, 11, false);
    world_run(w, 300 * USEC_MS);
    assert_true(v0_of(late)->frames > 10);
    assert_int_equal(v0_of(late)->layer, 2);
    assert_int_equal(publisher_stats(p->publisher)->plis, plis);
    world_assert_sound(w);
    world_free(w);
}

/* A size that nobody's page shows is no longer wished for after five seconds, in which somebody may
 * come back to it; one that somebody shows is wished for at once. */
static void test_wish(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish_layers(w, 1), *v[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        v[i] = world_watch(w, 10 + i, false);
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 3 * USEC_S);
    for (int i = 0; i < 3; i++)
        sfu_peer_want(v[i]->sfu_peer, 0, i ? 180 : 360, w->now);
    world_run(w, 4800 * USEC_MS);
    assert_int_not_equal(w->wish, 360);
    world_run(w, 500 * USEC_MS);
    assert_int_equal(w->wish, 360);
    sfu_peer_want(v[0]->sfu_peer, 0, 180, w->now);
    world_run(w, 4800 * USEC_MS);
    assert_int_equal(w->wish, 360);
    world_run(w, 500 * USEC_MS);
    assert_int_equal(w->wish, 180);
    sfu_peer_want(v[2]->sfu_peer, 0, 720, w->now);
    world_run(w, 100 * USEC_MS);
    assert_int_equal(w->wish, 720);
    w->wish = -1; /* the page was away, and has forgotten it */
    world_run(w, USEC_S);
    assert_int_equal(w->wish, -1);
    sfu_peer_retell(speaker->sfu_peer, w->now);
    world_run(w, 100 * USEC_MS);
    assert_int_equal(w->wish, 720);
    world_assert_sound(w);
    world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_chooses),          cmocka_unit_test(test_layers_go_and_come),
        cmocka_unit_test(test_requests_are_gathered), cmocka_unit_test(test_temporal_layers),
        cmocka_unit_test(test_nothing_allowed),       cmocka_unit_test(test_unrest),
        cmocka_unit_test(test_replay_of_a_layer),     cmocka_unit_test(test_wish),
    };

    return sim_run(tests, NELEM(tests), 1, argc, argv);
}
