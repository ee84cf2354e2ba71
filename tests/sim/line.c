#include "sim/line.h"

#include "sim/publisher.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <string.h>

/* A queue of half a second is what a modem of a telephone network has; longer ones exist. */
static const usec queue = 500 * USEC_MS;
static const usec sample = 500 * USEC_MS;
static const usec minute = 60 * USEC_S;

#define CHANGES                                                                                    \
    {15 * USEC_S, 2000000, 0, false},                                                              \
    {20 * USEC_S, 300000, 0, false},                                                               \
    {20 * USEC_S, 64000, 0, false},                                                                \
    {20 * USEC_S, 1000000, 0, false}

const struct line lines[] = {
    {.name = "clean, 40 ms", .stages = {{minute, 0, 0, false}}, .delay = 20 * USEC_MS},
    {.name = "1 % random loss, 50 ms",
     .stages = {{minute, 0, 0, false}},
     .loss = 0.01,
     .delay = 25 * USEC_MS},
    {.name = "1 % loss in bursts of 4, 50 ms",
     .stages = {{5 * minute, 0, 0, false}},
     .loss = 0.01,
     .burst = 4,
     .delay = 25 * USEC_MS},
    {.name = "5 % random loss, 150 ms",
     .stages = {{5 * minute, 0, 0, false}},
     .loss = 0.05,
     .delay = 75 * USEC_MS},
    {.name = "10 % random loss, 150 ms",
     .stages = {{5 * minute, 0, 0, false}},
     .loss = 0.10,
     .delay = 75 * USEC_MS},
    {.name = "5 % loss in bursts of 4, 150 ms",
     .stages = {{5 * minute, 0, 0, false}},
     .loss = 0.05,
     .burst = 4,
     .delay = 75 * USEC_MS},
    {.name = "10 % loss in bursts of 4, 150 ms",
     .stages = {{5 * minute, 0, 0, false}},
     .loss = 0.10,
     .burst = 4,
     .delay = 75 * USEC_MS},
    {.name = "2 % random loss, 600 ms",
     .stages = {{5 * minute, 0, 0, false}},
     .loss = 0.02,
     .delay = 300 * USEC_MS},
    {.name = "jitter of 80 ms, 100 ms",
     .stages = {{minute, 0, 0, false}},
     .delay = 50 * USEC_MS,
     .jitter = 80 * USEC_MS},
    {.name = "1 Mbit/s, a rival takes 300 kbit/s",
     .stages = {{minute, 1000000, 300000, false}},
     .delay = 30 * USEC_MS},
    {.name = "1 Mbit/s, a rival takes 0, 700, 0 kbit/s",
     .stages = {{20 * USEC_S, 1000000, 0, false},
                {20 * USEC_S, 1000000, 700000, false},
                {20 * USEC_S, 1000000, 0, false}},
     .delay = 30 * USEC_MS},
    {.name = "2 Mbit/s, a download for 20 s of 60, three sizes",
     .stages = {{20 * USEC_S, 2000000, 0, false},
                {20 * USEC_S, 2000000, 0, true},
                {20 * USEC_S, 2000000, 0, false}},
     .delay = 30 * USEC_MS,
     .has_layers = true},
    {.name = "2 M, 300 k, 64 k, 1 Mbit/s", .stages = {CHANGES}, .delay = 30 * USEC_MS},
    {.name = "the same, three sizes",
     .stages = {CHANGES},
     .delay = 30 * USEC_MS,
     .has_layers = true},
    {.name = "the same, three sizes, 2 % loss",
     .stages = {CHANGES},
     .delay = 30 * USEC_MS,
     .loss = 0.02,
     .has_layers = true},
    {.name = "the same, reports alone", .stages = {CHANGES}, .delay = 30 * USEC_MS, .is_old = true},
    {0},
};

const struct line *line_by_name(const char *name)
{
    for (const struct line *l = lines; l->name; l++)
        if (strcmp(l->name, name) == 0)
            return l;
    return NULL;
}

const struct line *line_of_picture(void)
{
    return line_by_name("the same, three sizes");
}

static const usec moving = USEC_S; /* of picture without a pause: the line has recovered */

static const usec converged = 5 * USEC_S; /* after a change */

/*
 * What the source can be sent as, in bit/s with all headers: the voice; then pictures of 1, 2 and 4
 * packets a frame of 996 bytes, each in a quarter, a half and all of 30 frames a second.
 */
static const int64_t steps[] = {57600, 117400, 177100, 296600, 535700, 1013900};
static const int64_t one_size[] = {57600, 535700};

struct run {
    const struct line *line;
    unsigned waits[LINK_WAITS];
    double possible_bytes, gained_bytes;
    struct world *w;
    struct sim_peer *speaker, *viewer;
    struct line_result *result;
    double capacity_bytes, used_bytes;
    usec stage_at, good_since;
    unsigned frames;
};

/* A second of at least ten frames: the lowest step of the smallest size has fifteen. */
static void see_recovery(struct run *r, unsigned frames)
{
    if (r->result->recovered >= 0)
        return;
    if (frames < 5)
        r->good_since = 0;
    else if (!r->good_since)
        r->good_since = r->w->now - sample;
    if (r->good_since && r->w->now - r->good_since >= moving)
        r->result->recovered = r->good_since - r->stage_at;
}

/* The most that fits. */
static int64_t possible_bps(const struct line *l, int64_t left)
{
    const int64_t *step = l->has_layers ? steps : one_size;
    size_t n = l->has_layers ? NELEM(steps) : NELEM(one_size);
    int64_t most = 0;

    for (size_t i = 0; i < n; i++)
        most = step[i] <= left ? step[i] : most;
    return most;
}

/* More than is possible in one half second does not make up for less in another. */
static void see_use(struct run *r, double bytes)
{
    const struct link *down = &r->viewer->down;
    int64_t bps = possible_bps(r->line, down->rate_bps - down->rival_bps);
    double possible = (double)bps / 8 * (double)sample / (double)USEC_S;

    if (!down->rate_bps || r->w->now - r->stage_at <= converged)
        return;
    r->possible_bytes += possible;
    r->gained_bytes += bytes < possible ? bytes : possible;
    for (int i = 0; i < LINK_WAITS; i++)
        r->waits[i] += down->waits[i];
}

static usec waited_95(const struct run *r)
{
    unsigned all = 0, n = 0;
    int i = 0;

    for (int k = 0; k < LINK_WAITS; k++)
        all += r->waits[k];
    while (i < LINK_WAITS - 1 && (n += r->waits[i]) * 100ull < all * 95ull)
        i++;
    return all ? (i + 1) * 10 * USEC_MS : 0;
}

static uint64_t media_bytes(const struct sim_peer *p)
{
    uint64_t sum = 0;

    for (int i = 0; i < VIEWER_AUDIOS; i++)
        sum += viewer_slot(p->viewer, SFU_AUDIO, i)->bytes;
    for (int i = 0; i < VIEWER_VIDEOS; i++)
        sum += viewer_slot(p->viewer, SFU_VIDEO, i)->bytes;
    return sum;
}

static void run_sample(struct run *r)
{
    struct link *down = &r->viewer->down;
    const struct slot_stats *v = viewer_slot(r->viewer->viewer, SFU_VIDEO, 0);
    struct line_sample *s = &r->result->samples[r->result->nsamples];
    uint64_t before = down->sent_bytes, media_before = media_bytes(r->viewer);
    double bytes;

    down->waited = 0;
    memset(down->waits, 0, sizeof(down->waits));
    world_run(r->w, sample);
    bytes = (double)(down->sent_bytes - before);
    r->used_bytes += bytes;
    r->capacity_bytes += (double)down->rate_bps / 8 * (double)sample / (double)USEC_S;
    r->result->waited = down->waited > r->result->waited ? down->waited : r->result->waited;
    see_use(r, (double)(media_bytes(r->viewer) - media_before));
    see_recovery(r, v->frames - r->frames);
    r->frames = v->frames;
    if (r->result->nsamples == LINE_SAMPLES)
        return;
    *s = (struct line_sample){down->rate_bps, (int64_t)(bytes * 8 * USEC_S / (double)sample),
                              down->waited};
    r->result->nsamples++;
}

static void connect(struct run *r, const struct line *l, uint64_t seed, usec moment)
{
    r->w = world_new(seed);
    r->speaker = l->has_layers ? world_publish_layers(r->w, 1) : world_publish(r->w, 1);
    r->viewer = l->is_old ? world_watch_old(r->w, 10) : world_watch(r->w, 10, false);
    r->viewer->down = (struct link){.delay = l->delay,
                                    .jitter = l->jitter,
                                    .loss = l->loss,
                                    .burst = l->burst,
                                    .queue = queue,
                                    .rival_bps = l->stages[0].rival_bps,
                                    .rate_bps = l->stages[0].rate_bps};
    r->viewer->up = (struct link){.delay = l->delay, .loss = l->loss};
    sfu_room_stage(r->w->room, 1, r->w->now);
    world_run(r->w, 4 * USEC_S + moment); /* until the picture is there; not counted */
    viewer_forget_freezes(r->viewer->viewer);
}

void line_run(const struct line *l, uint64_t seed, usec moment, struct line_result *ret_result)
{
    struct run r = {.line = l, .result = ret_result};
    const struct slot_stats *v, *a;
    usec length = 0;

    connect(&r, l, seed, moment);
    v = viewer_slot(r.viewer->viewer, SFU_VIDEO, 0);
    a = viewer_slot(r.viewer->viewer, SFU_AUDIO, 0);
    *ret_result = (struct line_result){.frames_sent = publisher_stats(r.speaker->publisher)->frames,
                                       .voices_sent = publisher_stats(r.speaker->publisher)->voices,
                                       .frames = v->frames,
                                       .voices_came = a->packets,
                                       .voices = a->voices,
                                       .lost_small = r.viewer->down.lost_small};
    r.frames = v->frames;
    for (int i = 0; i < LINE_STAGES && l->stages[i].length; i++) {
        r.viewer->down.rate_bps = l->stages[i].rate_bps;
        r.viewer->down.rival_bps = l->stages[i].rival_bps;
        r.viewer->down.has_download = l->stages[i].has_download;
        r.stage_at = r.w->now;
        r.good_since = 0;
        ret_result->recovered = -1;
        for (usec t = 0; t < l->stages[i].length; t += sample)
            run_sample(&r);
        length += l->stages[i].length;
    }
    ret_result->frames_sent =
        publisher_stats(r.speaker->publisher)->frames - ret_result->frames_sent;
    ret_result->voices_sent =
        publisher_stats(r.speaker->publisher)->voices - ret_result->voices_sent;
    ret_result->frames = v->frames - ret_result->frames;
    ret_result->voices_came = a->packets - ret_result->voices_came;
    ret_result->voices = a->voices - ret_result->voices;
    ret_result->gap = a->longest_gap * 20 * USEC_MS;
    ret_result->lost_small = r.viewer->down.lost_small - ret_result->lost_small;
    ret_result->freeze = r.w->now - v->last_at > v->freeze ? r.w->now - v->last_at : v->freeze;
    ret_result->used = r.capacity_bytes > 0 ? r.used_bytes / r.capacity_bytes : 0;
    ret_result->used_of_possible = r.possible_bytes > 0 ? r.gained_bytes / r.possible_bytes : 0;
    ret_result->waited_95 = waited_95(&r);
    ret_result->came_bps = (int64_t)(r.used_bytes * 8 * USEC_S / (double)length);
    ret_result->rival_bps = (int64_t)r.viewer->down.rival_bytes * 8 * USEC_S / length;
    world_assert_sound(r.w);
    world_free(r.w);
}
