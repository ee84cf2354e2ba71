#include "sim/line.h"

#include "base/str.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>

/* Thresholds for the lines of sim/line.c. A run is repeated by its seed: line_test [test [seed]].
 */

enum { SEEDS = 5 };

static void run(const char *name, struct line_result *ret_result)
{
    for (const struct line *l = lines; l->name; l++) {
        if (!str_eq(str_c(l->name), str_c(name)))
            continue;
        line_run(l, sim_seed, ret_result);
        printf(
            "%s: frames %u of %u voices %u of %u freeze %lld ms queue %lld (95 %%: %lld) ms back "
            "%lld ms used %.0f %%\n",
            name, ret_result->frames, ret_result->frames_sent, ret_result->voices,
            ret_result->voices_sent, (long long)ret_result->freeze / USEC_MS,
            (long long)ret_result->waited / USEC_MS, (long long)ret_result->waited_95 / USEC_MS,
            (long long)ret_result->recovered / USEC_MS, ret_result->used_of_possible * 100);
        return;
    }
    fail_msg("no line is called %s", name);
}

static void assert_line(const char *name, unsigned frames_permille, unsigned voices_permille,
                        usec freeze)
{
    struct line_result r;

    run(name, &r);
    assert_true(r.frames * 1000ull >= r.frames_sent * (uint64_t)frames_permille);
    assert_true(r.voices * 1000ull >= r.voices_sent * (uint64_t)voices_permille);
    /* whatever the line itself lost, we lost no more */
    assert_true((r.voices + r.lost_small) * 1000ull >= r.voices_sent * 998ull);
    assert_true(r.freeze <= freeze);
}

static void test_clean(void **state)
{
    (void)state;
    assert_line("clean, 40 ms", 998, 998, 60 * USEC_MS);
}

static void test_random_loss(void **state)
{
    /* of 3,000 voices the line loses 30 on average and, in 40 seeds, 18 to 50 (seed 4) */
    (void)state;
    assert_line("1 % random loss, 50 ms", 995, 980, 300 * USEC_MS);
    assert_line("5 % random loss, 150 ms", 995, 940, 500 * USEC_MS);
    assert_line("10 % random loss, 150 ms", 985, 885, 1500 * USEC_MS);
}

static void test_burst_loss(void **state)
{
    (void)state;
    assert_line("5 % loss in bursts of 4, 150 ms", 990, 930, 700 * USEC_MS);
}

static void test_far_away(void **state)
{
    (void)state;
    assert_line("2 % random loss, 600 ms", 985, 970, 1800 * USEC_MS);
}

static void test_jitter(void **state)
{
    (void)state;
    assert_line("jitter of 80 ms, 100 ms", 995, 990, 250 * USEC_MS);
}

static void test_rival(void **state)
{
    (void)state;
    assert_line("1 Mbit/s, a rival takes 300 kbit/s", 995, 995, 100 * USEC_MS);
}

/* What holds for every line that changes, however it is told of. */
static void assert_adapts(const char *name, unsigned voices_permille, double used)
{
    struct line_result r;

    run(name, &r);
    assert_true(r.voices * 1000ull >= r.voices_sent * (uint64_t)voices_permille);
    assert_true(r.waited_95 <= 150 * USEC_MS);
    assert_true(r.used_of_possible >= used);
    assert_true(r.recovered >= 0);
    assert_true(r.recovered <= 5 * USEC_S);
}

static void test_changing_rate(void **state)
{
    (void)state;
    assert_adapts("2 M, 300 k, 64 k, 1 Mbit/s", 999, 0.9);
    assert_adapts("the same, three sizes", 995, 0.8); /* 1 M falls to 300 k within one round trip */
    assert_adapts("the same, three sizes, 2 % loss", 970, 0.7);
}

static void test_changing_rival(void **state)
{
    (void)state;
    assert_adapts("1 Mbit/s, a rival takes 0, 700, 0 kbit/s", 998, 0.7);
}

/*
 * A download fills the queue to its end again and again: half a second, and what the full queue
 * drops, it drops of both. Most of the voice comes through, the picture gives way and is back at
 * once, and the download gets on.
 */
static void test_download(void **state)
{
    struct line_result r;

    (void)state;
    run("2 Mbit/s, a download for 20 s of 60, three sizes", &r);
    printf("download: %lld kbit/s of its 20 s\n", (long long)r.rival_bps * 3 / 1000);
    assert_true(r.voices * 1000ull >= r.voices_sent * 980ull);
    assert_true(r.frames * 100ull >= r.frames_sent * 60ull);
    assert_true(r.freeze <= 15 * USEC_S);
    assert_true(r.recovered >= 0 && r.recovered <= 2 * USEC_S);
    assert_true(r.rival_bps * 3 >= 1000000);
}

/* Told of by receiver reports once a second: slower, but the voice is held. */
static void test_reports_alone(void **state)
{
    struct line_result r;

    (void)state;
    run("the same, reports alone", &r);
    assert_true(r.voices * 100ull >= r.voices_sent * 94ull);
}

/* One viewer behind 100 kbit/s: the other's picture and the publisher's work are as without. */
static void test_a_slow_viewer_never_lowers_the_others(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish_layers(w, 1), *fast, *slow;
    unsigned frames, keys;

    (void)state;
    fast = world_watch(w, 10, false);
    slow = world_watch(w, 11, false);
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 4 * USEC_S);
    slow->down.rate_bps = 100000;
    slow->down.queue = 500 * USEC_MS;
    viewer_forget_freezes(fast->viewer);
    frames = viewer_slot(fast->viewer, SFU_VIDEO, 0)->frames;
    keys = publisher_stats(speaker->publisher)->keys;
    world_run(w, 60 * USEC_S);
    assert_in_range(viewer_slot(fast->viewer, SFU_VIDEO, 0)->frames - frames, 1798, 1802);
    assert_true(viewer_slot(fast->viewer, SFU_VIDEO, 0)->freeze < 60 * USEC_MS);
    assert_int_equal(viewer_slot(fast->viewer, SFU_VIDEO, 0)->layer, 2);
    assert_true(publisher_stats(speaker->publisher)->keys - keys <= 10);
    assert_true(viewer_slot(slow->viewer, SFU_AUDIO, 0)->voices > 3100);
    world_assert_sound(w);
    world_free(w);
}

/*
 * A key frame as large as 24 others takes half a second of a line that has a third of room above
 * the picture. While it is on its way nothing better can be sent, so nothing is begun anew for it.
 * Newcomers ask for one every eight seconds.
 */
static void test_large_key_frames_pass(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish_layers(w, 1), *slow = world_watch(w, 10, false);
    const struct slot_stats *v = viewer_slot(slow->viewer, SFU_VIDEO, 0);
    unsigned frames;

    (void)state;
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 4 * USEC_S);
    slow->down = (struct link){
        .rate_bps = 420000, .queue = 500 * USEC_MS, .loss = 0.005, .delay = 30 * USEC_MS};
    world_run(w, 20 * USEC_S);
    publisher_heavy_keys(speaker->publisher, 24);
    viewer_forget_freezes(slow->viewer);
    frames = v->frames;
    for (int i = 0; i < 10; i++) {
        publisher_key(speaker->publisher);
        world_run(w, 8 * USEC_S);
    }
    printf("large key frames: %u frames in 80 s, freeze %lld ms\n", v->frames - frames,
           (long long)v->freeze / USEC_MS);
    assert_true(v->frames - frames >= 80 * 10);
    assert_true(v->freeze <= 2 * USEC_S);
    world_assert_sound(w);
    world_free(w);
}

/*
 * A shared page of small print: 200 kB at once, and then next to nothing. 300 kbit/s need six
 * seconds for it; it is neither given up nor asked for again meanwhile, though the viewer's browser
 * asks three times a second.
 */
static void test_a_still_page_arrives(void **state)
{
    struct world *w = world_new(sim_seed);
    struct sim_peer *speaker = world_publish(w, 1), *slow = world_watch(w, 10, false);
    const struct slot_stats *v = viewer_slot(slow->viewer, SFU_VIDEO, 0);
    const struct publisher_stats *sent = publisher_stats(speaker->publisher);
    unsigned frames, keys;
    usec longest = 0, begun;

    (void)state;
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 4 * USEC_S);
    slow->down = (struct link){
        .rate_bps = 300000, .queue = 500 * USEC_MS, .loss = 0.005, .delay = 30 * USEC_MS};
    world_run(w, 20 * USEC_S);
    publisher_slow(speaker->publisher, 15);
    publisher_heavy_keys(speaker->publisher, 110);
    world_run(w, 10 * USEC_S);
    keys = sent->keys;
    for (int i = 0; i < 5; i++) {
        publisher_key(speaker->publisher);
        world_run(w, USEC_S);
        frames = v->frames;
        for (begun = w->now; v->frames == frames && w->now - begun < 12 * USEC_S;)
            world_run(w, 100 * USEC_MS);
        longest = w->now - begun > longest ? w->now - begun : longest;
        world_run(w, 12 * USEC_S);
    }
    printf("still pages: seen %lld ms after a second, %u key frames for 5\n",
           (long long)longest / USEC_MS, sent->keys - keys);
    assert_true(longest <= 8 * USEC_S);
    assert_true(sent->keys - keys <= 10);
    world_assert_sound(w);
    world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_random_loss),
        cmocka_unit_test(test_burst_loss),
        cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_rival),
        cmocka_unit_test(test_changing_rate),
        cmocka_unit_test(test_changing_rival),
        cmocka_unit_test(test_download),
        cmocka_unit_test(test_reports_alone),
        cmocka_unit_test(test_a_slow_viewer_never_lowers_the_others),
        cmocka_unit_test(test_large_key_frames_pass),
        cmocka_unit_test(test_a_still_page_arrives),
    };

    return sim_run(tests, NELEM(tests), SEEDS, argc, argv);
}
