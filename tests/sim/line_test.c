#include "sim/line.h"

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
    const struct line *l = line_by_name(name);
    const struct line_result *r = ret_result;

    if (!l)
        fail_msg("no line is called %s", name);
    line_run(l, sim_seed, 0, ret_result);
    printf("%s: frames %u of %u voices %u, %u of %u gap %lld freeze %lld ms queue %lld (95 %%: "
           "%lld) ms back %lld ms used %.0f %%\n",
           name, r->frames, r->frames_sent, r->voices_came, r->voices, r->voices_sent,
           (long long)r->gap / USEC_MS, (long long)r->freeze / USEC_MS,
           (long long)r->waited / USEC_MS, (long long)r->waited_95 / USEC_MS,
           (long long)r->recovered / USEC_MS, r->used_of_possible * 100);
}

/* Of 1,000 that were sent at least so many; of what is too long at most. */
struct bounds {
    unsigned frames, came, heard; /* came: voices by themselves */
    usec gap, freeze;
    double used;
    usec queue; /* 95 % below */
};

static struct line_result assert_line(const char *name, struct bounds b)
{
    struct line_result r;

    run(name, &r);
    assert_true(r.frames * 1000ull >= r.frames_sent * (uint64_t)b.frames);
    assert_true(r.voices_came * 1000ull >= r.voices_sent * (uint64_t)b.came);
    assert_true(r.voices * 1000ull >= r.voices_sent * (uint64_t)b.heard);
    assert_true(r.gap <= b.gap);
    assert_true(r.freeze <= b.freeze);
    assert_true(r.used_of_possible >= b.used);
    assert_true(r.waited_95 <= b.queue);
    return r;
}

/* … and whatever the line itself lost, we lost no more. */
static void assert_lossy(const char *name, struct bounds b)
{
    struct line_result r = assert_line(name, b);

    assert_true((r.voices_came + r.lost_small) * 1000ull >= r.voices_sent * 998ull);
}

static void test_clean(void **state)
{
    (void)state;
    assert_lossy("clean, 40 ms",
                 (struct bounds){.frames = 998, .came = 998, .heard = 998, .freeze = 60 * USEC_MS});
}

static void test_random_loss(void **state)
{
    /* of 3,000 voices the line loses 30 on average and, in 40 seeds, 18 to 50 (seed 4) */
    (void)state;
    assert_lossy("1 % random loss, 50 ms", (struct bounds){.frames = 995,
                                                           .came = 980,
                                                           .heard = 980,
                                                           .gap = 60 * USEC_MS,
                                                           .freeze = 300 * USEC_MS});
    assert_lossy("10 % random loss, 150 ms", (struct bounds){.frames = 985,
                                                             .came = 885,
                                                             .heard = 980,
                                                             .gap = 120 * USEC_MS,
                                                             .freeze = 1500 * USEC_MS});
}

static int by_length(const void *a, const void *b)
{
    const usec *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/*
 * What we want to reach at 5 % and 150 ms: less than 1 % of the voice made up, and no freeze above
 * half a second. Both are matters of chance, for RED comes on when a report says 4 % or more, and
 * two requests in a row may be lost: the first is held over eight runs of five minutes, the second
 * by their median, and the worst run is held as well.
 */
static void test_goal_of_five_percent(void **state)
{
    const struct line *l = line_by_name("5 % random loss, 150 ms");
    unsigned heard = 0, sent = 0;
    struct line_result r;
    usec freezes[8];

    (void)state;
    for (unsigned i = 0; i < NELEM(freezes); i++) {
        line_run(l, (sim_seed - 1) * NELEM(freezes) + i + 1, 0, &r);
        freezes[i] = r.freeze;
        assert_true(r.frames * 1000ull >= r.frames_sent * 995ull);
        assert_true(r.voices_came * 1000ull >= r.voices_sent * 940ull);
        assert_true((r.voices_came + r.lost_small) * 1000ull >= r.voices_sent * 998ull);
        assert_true(r.voices * 1000ull >= r.voices_sent * 985ull);
        assert_true(r.gap <= 100 * USEC_MS);
        heard += r.voices;
        sent += r.voices_sent;
    }
    qsort(freezes, NELEM(freezes), sizeof(freezes[0]), by_length);
    assert_true(heard * 1000ull > sent * 990ull);
    printf("5 %%: %u of %u voices, freeze %lld to %lld ms, median %lld\n", heard, sent,
           (long long)freezes[0] / USEC_MS, (long long)freezes[NELEM(freezes) - 1] / USEC_MS,
           (long long)freezes[NELEM(freezes) / 2] / USEC_MS);
    assert_true(freezes[NELEM(freezes) / 2] <= 500 * USEC_MS);
    assert_true(freezes[NELEM(freezes) - 1] <= 600 * USEC_MS);
}

/* RED holds the voice before; of four that are lost in a row it gives back one. */
static void test_burst_loss(void **state)
{
    (void)state;
    assert_lossy("1 % loss in bursts of 4, 50 ms", (struct bounds){.frames = 998,
                                                                   .came = 980,
                                                                   .heard = 980,
                                                                   .gap = 400 * USEC_MS,
                                                                   .freeze = 500 * USEC_MS});
    assert_lossy("5 % loss in bursts of 4, 150 ms", (struct bounds){.frames = 990,
                                                                    .came = 930,
                                                                    .heard = 960,
                                                                    .gap = 400 * USEC_MS,
                                                                    .freeze = 700 * USEC_MS});
    assert_lossy("10 % loss in bursts of 4, 150 ms", (struct bounds){.frames = 980,
                                                                     .came = 870,
                                                                     .heard = 920,
                                                                     .gap = 500 * USEC_MS,
                                                                     .freeze = 2200 * USEC_MS});
}

static void test_far_away(void **state)
{
    (void)state;
    assert_lossy("2 % random loss, 600 ms", (struct bounds){.frames = 985,
                                                            .came = 970,
                                                            .heard = 970,
                                                            .gap = 80 * USEC_MS,
                                                            .freeze = 1800 * USEC_MS});
}

static void test_jitter(void **state)
{
    (void)state;
    assert_lossy("jitter of 80 ms, 100 ms", (struct bounds){.frames = 995,
                                                            .came = 990,
                                                            .heard = 990,
                                                            .gap = 20 * USEC_MS,
                                                            .freeze = 250 * USEC_MS});
}

static void test_rival(void **state)
{
    (void)state;
    assert_lossy("1 Mbit/s, a rival takes 300 kbit/s", (struct bounds){.frames = 995,
                                                                       .came = 995,
                                                                       .heard = 995,
                                                                       .freeze = 100 * USEC_MS,
                                                                       .used = 0.95,
                                                                       .queue = 30 * USEC_MS});
}

/* What holds for every line that changes, however it is told of. */
static void assert_adapts(const char *name, struct bounds b)
{
    struct line_result r = assert_line(name, b);

    assert_true(r.recovered >= 0);
    assert_true(r.recovered <= 5 * USEC_S);
}

/* Where 64 kbit/s are there for 20 s, no picture is possible. */
static void test_changing_rate(void **state)
{
    (void)state;
    assert_adapts("2 M, 300 k, 64 k, 1 Mbit/s", (struct bounds){.frames = 450,
                                                                .came = 999,
                                                                .heard = 999,
                                                                .freeze = 41 * USEC_S,
                                                                .used = 0.95,
                                                                .queue = 100 * USEC_MS});
    assert_adapts("the same, three sizes, 2 % loss", (struct bounds){.frames = 420,
                                                                     .came = 970,
                                                                     .heard = 970,
                                                                     .gap = 300 * USEC_MS,
                                                                     .freeze = 24 * USEC_S,
                                                                     .used = 0.85,
                                                                     .queue = 120 * USEC_MS});
}

/*
 * A picture of 1 Mbit/s fills the queue within one round trip of the fall to 300 kbit/s, and what
 * it has fallen to fills it again at 64: how much of the voice is lost then depends on what was
 * under way, so the line falls at eight moments of a second.
 */
static void test_falls_at_any_moment(void **state)
{
    enum { MOMENTS = 8 };
    const struct line *l = line_by_name("the same, three sizes");
    unsigned heard = 0, sent = 0;
    struct line_result r;

    (void)state;
    for (int i = 0; i < MOMENTS; i++) {
        line_run(l, sim_seed, i * USEC_S / MOMENTS, &r);
        heard += r.voices;
        sent += r.voices_sent;
        assert_true(r.voices * 1000ull >= r.voices_sent * 993ull);
        assert_true(r.frames * 1000ull >= r.frames_sent * 420ull);
        assert_true(r.gap <= 300 * USEC_MS);
        assert_true(r.freeze <= 23 * USEC_S);
        assert_true(r.used_of_possible >= 0.85);
        assert_true(r.waited_95 <= 120 * USEC_MS);
        assert_true(r.recovered >= 0 && r.recovered <= 5 * USEC_S);
    }
    printf("at any moment: %u of %u voices\n", heard, sent);
    assert_true(heard * 1000ull >= sent * 995ull);
}

static void test_changing_rival(void **state)
{
    (void)state;
    assert_adapts("1 Mbit/s, a rival takes 0, 700, 0 kbit/s",
                  (struct bounds){.frames = 620,
                                  .came = 998,
                                  .heard = 998,
                                  .freeze = 23 * USEC_S,
                                  .used = 0.95,
                                  .queue = 30 * USEC_MS});
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
    r = assert_line("2 Mbit/s, a download for 20 s of 60, three sizes",
                    (struct bounds){.frames = 600,
                                    .came = 980,
                                    .heard = 980,
                                    .gap = 300 * USEC_MS,
                                    .freeze = 15 * USEC_S,
                                    .used = 0.6,
                                    .queue = 480 * USEC_MS});
    printf("download: %lld kbit/s of its 20 s\n", (long long)r.rival_bps * 3 / 1000);
    assert_true(r.recovered >= 0 && r.recovered <= 2 * USEC_S);
    assert_true(r.rival_bps * 3 >= 1000000);
}

/* When it begins decides whether the line is ever calm enough for a picture beside it: the picture
 * may stand still for all its 20 s, no longer, and most of the voice comes through at any moment.
 */
static void test_download_at_any_moment(void **state)
{
    enum { MOMENTS = 8 };
    const struct line *l = line_by_name("2 Mbit/s, a download for 20 s of 60, three sizes");
    usec shortest = INT64_MAX, longest = 0;
    unsigned heard = 0, sent = 0;
    struct line_result r;

    (void)state;
    for (int i = 0; i < MOMENTS; i++) {
        line_run(l, sim_seed, i * USEC_S / MOMENTS, &r);
        heard += r.voices;
        sent += r.voices_sent;
        shortest = r.freeze < shortest ? r.freeze : shortest;
        longest = r.freeze > longest ? r.freeze : longest;
        assert_true(r.frames * 1000ull >= r.frames_sent * 600ull);
        assert_true(r.gap <= 300 * USEC_MS);
        assert_true(r.freeze <= 21 * USEC_S);
        assert_true(r.recovered >= 0 && r.recovered <= 2 * USEC_S);
    }
    printf("download at any moment: %u of %u voices, freeze %lld to %lld ms\n", heard, sent,
           (long long)shortest / USEC_MS, (long long)longest / USEC_MS);
    assert_true(heard * 1000ull >= sent * 985ull);
}

/* Told of by receiver reports alone: slower, but the voice is held. */
static void test_reports_alone(void **state)
{
    struct line_result r;

    (void)state;
    r = assert_line("the same, reports alone", (struct bounds){.frames = 250,
                                                               .came = 940,
                                                               .heard = 940,
                                                               .gap = 1200 * USEC_MS,
                                                               .freeze = 60 * USEC_S,
                                                               .used = 0.6,
                                                               .queue = 100 * USEC_MS});
    assert_true(r.recovered >= 0 && r.recovered <= 15 * USEC_S);
}

/* The picture of the documentation shows what its text says. */
static void test_line_of_picture(void **state)
{
    const struct line *l = line_of_picture();

    (void)state;
    assert_non_null(l);
    assert_string_equal(l->name, "the same, three sizes");
    assert_string_equal(l[-1].name, "2 M, 300 k, 64 k, 1 Mbit/s");
    assert_true(l->has_layers);
    for (int i = 0; i < LINE_STAGES; i++) {
        assert_int_equal(l->stages[i].rate_bps, l[-1].stages[i].rate_bps);
        assert_false(l->stages[i].has_download);
    }
}

/*
 * A browser that says by REMB what it will take gets no more, probes and repeats with it, and when
 * it takes more it gets more. Half a second is what is under way when it says so.
 */
static void test_remb_is_a_cap(void **state)
{
    static const int64_t caps[] = {200000, 700000, 200000};
    struct world *w = world_new(sim_seed);
    struct sim_peer *v;
    int64_t bps[NELEM(caps)], most;

    (void)state;
    world_publish_layers(w, 1);
    v = world_watch(w, 10, false);
    sfu_room_stage(w->room, 1, w->now);
    world_run(w, 4 * USEC_S);
    for (size_t i = 0; i < NELEM(caps); i++) {
        uint64_t begun;

        viewer_remb(v->viewer, caps[i]);
        world_run(w, 3 * USEC_S);
        begun = v->down.sent_bytes;
        most = 0;
        for (int k = 0; k < 30; k++) {
            uint64_t before = v->down.sent_bytes;
            int64_t now_bps;

            world_run(w, USEC_S);
            now_bps = (int64_t)(v->down.sent_bytes - before) * 8;
            most = now_bps > most ? now_bps : most;
        }
        bps[i] = (int64_t)(v->down.sent_bytes - begun) * 8 / 30;
        printf("REMB %lld: %lld bit/s, in a second %lld\n", (long long)caps[i], (long long)bps[i],
               (long long)most);
        assert_true(bps[i] <= caps[i]);
        assert_true(most <= caps[i]);
    }
    assert_true(bps[0] > caps[0] / 2);
    assert_true(bps[1] > 2 * bps[0]);
    world_assert_sound(w);
    world_free(w);
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
        cmocka_unit_test(test_goal_of_five_percent),
        cmocka_unit_test(test_burst_loss),
        cmocka_unit_test(test_far_away),
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_rival),
        cmocka_unit_test(test_changing_rate),
        cmocka_unit_test(test_falls_at_any_moment),
        cmocka_unit_test(test_changing_rival),
        cmocka_unit_test(test_download),
        cmocka_unit_test(test_download_at_any_moment),
        cmocka_unit_test(test_reports_alone),
        cmocka_unit_test(test_line_of_picture),
        cmocka_unit_test(test_remb_is_a_cap),
        cmocka_unit_test(test_a_slow_viewer_never_lowers_the_others),
        cmocka_unit_test(test_large_key_frames_pass),
        cmocka_unit_test(test_a_still_page_arrives),
    };

    return sim_run(tests, NELEM(tests), SEEDS, argc, argv);
}
