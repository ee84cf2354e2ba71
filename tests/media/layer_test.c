#include "media/layer.h"

#include "base/err.h"
#include "media/track.h"
#include "suites.h"

#include <string.h>

/* Three sizes of one camera, offered with the largest first, as Firefox does. */
struct camera {
    struct track t[3];
    struct layers *g;
};

static void camera_init(struct camera *c, usec now)
{
    static const uint16_t heights[] = {720, 180, 360};

    memset(c, 0, sizeof(*c));
    c->g = &c->t[0].own;
    layers_init(c->g, &c->t[0]);
    for (int i = 0; i < 3; i++) {
        c->t[i].layers = c->g;
        c->t[i].height = heights[i];
        c->t[i].is_begun = true;
        c->t[i].last_at = now;
        if (i)
            assert_int_equal(layers_join(c->g, &c->t[i]), 0);
    }
    layers_sort(c->g);
}

static void test_sorted_by_height(void **state)
{
    struct camera c;

    (void)state;
    camera_init(&c, 0);
    assert_ptr_equal(c.g->at[0], &c.t[1]);
    assert_ptr_equal(c.g->at[1], &c.t[2]);
    assert_ptr_equal(c.g->at[2], &c.t[0]);
    assert_ptr_equal(c.g->lead, &c.t[0]); /* whatever its size */
}

/* H264 does not say its size here: rates tell, when they are clearly different. */
static void test_sorted_by_rate(void **state)
{
    struct camera c;

    (void)state;
    camera_init(&c, 0);
    for (int i = 0; i < 3; i++)
        c.t[i].height = 0;
    c.t[0].meter.bps[0] = 900000;
    c.t[1].meter.bps[0] = 1000000;
    c.t[2].meter.bps[0] = 100000;
    layers_sort(c.g);
    assert_ptr_equal(c.g->at[0], &c.t[2]);
    assert_ptr_equal(c.g->at[1], &c.t[1]); /* 1.0 and 0.9 M: as they were */
    assert_ptr_equal(c.g->at[2], &c.t[0]);
}

static void test_fits_what_is_shown(void **state)
{
    usec now = USEC_S;
    struct camera c;

    (void)state;
    camera_init(&c, now);
    assert_int_equal(layers_fit(c.g, 0, now).spatial, LAYER_NONE);
    assert_int_equal(layers_fit(c.g, 90, now).spatial, 0);
    assert_int_equal(layers_fit(c.g, 180, now).spatial, 0);
    assert_int_equal(layers_fit(c.g, 240, now).spatial, 0); /* 180 is three quarters of it */
    assert_int_equal(layers_fit(c.g, 241, now).spatial, 1);
    assert_int_equal(layers_fit(c.g, 720, now).spatial, 2);
    assert_int_equal(layers_fit(c.g, 2160, now).spatial, 2);
    c.t[0].last_at = now - 2 * USEC_S; /* switched off */
    assert_int_equal(layers_fit(c.g, 720, now).spatial, 1);
    c.t[2].is_begun = false;
    assert_int_equal(layers_fit(c.g, 720, now).spatial, 0);
    c.t[1].is_begun = false;
    assert_int_equal(layers_fit(c.g, 720, now).spatial, LAYER_NONE);
}

static void test_track_of_a_pick(void **state)
{
    usec now = 10 * USEC_S;
    struct camera c;

    (void)state;
    camera_init(&c, now);
    assert_ptr_equal(layers_track(c.g, LAYER_ALL, now), &c.t[0]);
    assert_ptr_equal(layers_track(c.g, (struct layer_pick){1, 0}, now), &c.t[2]);
    assert_null(layers_track(c.g, LAYER_NOTHING, now));
    c.t[2].last_at = now - 2 * USEC_S;
    assert_ptr_equal(layers_track(c.g, (struct layer_pick){1, 0}, now), &c.t[1]);
    c.t[1].last_at = now - 2 * USEC_S; /* nothing below is live: better too large than nothing */
    assert_ptr_equal(layers_track(c.g, (struct layer_pick){1, 0}, now), &c.t[0]);
    c.t[0].last_at = now - 2 * USEC_S;
    assert_null(layers_track(c.g, LAYER_ALL, now));
    assert_true(layers_heard_at(c.g) == now - 2 * USEC_S);
}

static void test_one_layer_is_live_while_it_stands_still(void **state)
{
    struct track t = {.is_begun = true};

    (void)state;
    layers_init(&t.own, &t);
    assert_int_equal(layers_fit(&t.own, 720, 60 * USEC_S).spatial, 0);
    assert_ptr_equal(layers_track(&t.own, LAYER_ALL, 60 * USEC_S), &t);
    t.is_begun = false;
    assert_null(layers_track(&t.own, LAYER_ALL, 60 * USEC_S));
    assert_true(layers_heard_at(&t.own) == -1);
}

/* 30 frames/s of 1,222 bytes as they leave, in the order T0 T2 T1 T2: a quarter, a quarter, half.
 */
static void test_rates(void **state)
{
    static const unsigned tids[] = {0, 2, 1, 2};
    usec now = USEC_S;
    struct camera c;

    (void)state;
    camera_init(&c, now);
    assert_int_equal(layers_temporals(c.g, 0), 1);
    for (int i = 0; i < 121; i++, now += USEC_S / 30)
        layer_count(&c.t[1].meter, tids[i % 4], 1222, false, now);
    c.t[1].last_at = now;
    assert_int_equal(layers_temporals(c.g, 0), 3);
    assert_in_range(layers_rate(c.g, LAYER_ALL, false, now), 0, 0); /* 720 is not live any more */
    assert_in_range(layers_rate(c.g, (struct layer_pick){0, 3}, false, now), 295000, 305000);
    assert_in_range(layers_rate(c.g, (struct layer_pick){0, 1}, false, now), 140000, 160000);
    assert_in_range(layers_rate(c.g, (struct layer_pick){0, 0}, false, now), 65000, 85000);
}

/* A second of 240 kbit/s begins with a key frame as large as thirty others: what the layer costs in
 * the long run is hardly more than before, and nothing of it is forgotten. */
static void test_key_frames_are_spread(void **state)
{
    struct layer_meter m = {0};
    usec now = USEC_S;
    int64_t most = 0, sum = 0;

    (void)state;
    for (int i = 0; i < 300; i++, now += USEC_S / 30) {
        if (layer_count(&m, 0, i == 60 ? 30 * 1000 : 1000 - 28, i == 60, now) && i > 60) {
            sum += layer_rate(&m, 0) - 240000;
            most = layer_rate(&m, 0) > most ? layer_rate(&m, 0) : most;
        }
    }
    assert_in_range(most, 260000, 300000);
    assert_in_range(sum / 2, 180000, 260000); /* bits: 240,000 less what the end still owes */
}

/* A page that stands still: next to nothing, and a key frame of 200 kB. Who has it keeps it. */
static void test_a_key_frame_is_waited_for(void **state)
{
    struct layer_meter m = {0};
    int64_t most = 0, held = 0;
    usec now = USEC_S;

    (void)state;
    for (int i = 0; i < 20; i++, now += USEC_S / 2) {
        layer_count(&m, 0, i == 4 ? 200000 : 1000 - 28, i == 4, now);
        most = layer_rate(&m, 0) > most ? layer_rate(&m, 0) : most;
        held = layer_rate_held(&m, 0) > held ? layer_rate_held(&m, 0) : held;
    }
    assert_in_range(most, 250000, 420000);
    assert_in_range(held, 16000, 32000);
}

/* More is told at once, less after five seconds in which nobody wanted more. */
static void test_wish(void **state)
{
    struct track t = {0};
    struct layers *g = &t.own;

    (void)state;
    layers_init(g, &t);
    assert_true(layers_wish(g, 0)); /* nobody looks: that too is told once */
    assert_false(layers_wish(g, 0));
    g->wanted = 720;
    assert_true(layers_wish(g, USEC_S));
    g->wanted = 180;
    assert_false(layers_wish(g, 2 * USEC_S));
    g->wanted = 720;
    assert_false(layers_wish(g, 4 * USEC_S));
    g->wanted = 180;
    assert_false(layers_wish(g, 6 * USEC_S));
    assert_false(layers_wish(g, 10 * USEC_S));
    assert_true(layers_wish(g, 11 * USEC_S));
    assert_int_equal(g->told, 180);
}

static void test_lower(void **state)
{
    struct layer_pick p = layer_lower((struct layer_pick){2, 0}, (struct layer_pick){1, 3});

    (void)state;
    assert_int_equal(p.spatial, 1);
    assert_int_equal(p.temporal, 0);
}

static void test_full(void **state)
{
    struct track t[LAYER_SPATIALS + 1] = {0};

    (void)state;
    layers_init(&t[0].own, &t[0]);
    for (int i = 1; i < LAYER_SPATIALS; i++)
        assert_int_equal(layers_join(&t[0].own, &t[i]), 0);
    assert_int_equal(layers_join(&t[0].own, &t[LAYER_SPATIALS]), ERR_FULL);
}

int layer_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted_by_height),
        cmocka_unit_test(test_sorted_by_rate),
        cmocka_unit_test(test_fits_what_is_shown),
        cmocka_unit_test(test_track_of_a_pick),
        cmocka_unit_test(test_one_layer_is_live_while_it_stands_still),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_key_frames_are_spread),
        cmocka_unit_test(test_a_key_frame_is_waited_for),
        cmocka_unit_test(test_wish),
        cmocka_unit_test(test_lower),
        cmocka_unit_test(test_full),
    };

    return cmocka_run_group_tests_name("layer", tests, NULL, NULL);
}
