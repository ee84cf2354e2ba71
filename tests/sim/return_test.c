#include "base/str.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/sfu_i.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <string.h>

/*
 * What was away comes back: a camera after a pause, a size after its sender's line was thin, a
 * picture after the viewer's was. Nobody asks for it but the sfu.
 *
 *     camera of three sizes ──▶ sfu ──▶ viewer
 */

struct scene {
    struct world *w;
    struct sim_peer *camera, *viewer;
};

static struct scene begin(void)
{
    struct scene s = {.w = world_new(sim_seed)};

    s.camera = world_publish_layers(s.w, 1);
    s.viewer = world_watch(s.w, 10, false);
    world_run(s.w, 3 * USEC_S);
    return s;
}

static const struct slot_stats *picture(const struct scene *s)
{
    return viewer_slot(s->viewer->viewer, SFU_VIDEO, 0);
}

static unsigned frames_in(struct scene *s, usec duration)
{
    unsigned before = picture(s)->frames;

    world_run(s->w, duration);
    return picture(s)->frames - before;
}

static void end(const struct scene *s)
{
    world_assert_sound(s->w);
    world_free(s->w);
}

static void all_sizes(const struct scene *s, bool is_on)
{
    for (unsigned i = 0; i < PUBLISHER_LAYERS; i++)
        publisher_layer(s->camera->publisher, i, is_on);
}

/* An encoder that was paused begins with a key frame. It is shown, and what follows it. */
static void a_camera_that_was_paused(void **state)
{
    struct scene s = begin();

    (void)state;
    all_sizes(&s, false);
    world_run(s.w, 2 * USEC_S);
    all_sizes(&s, true);
    assert_in_range(frames_in(&s, USEC_S), 25, 31);
    end(&s);
}

/* A telephone that changes its network goes on where it was, without a key frame. */
static void a_camera_whose_network_was_away(void **state)
{
    struct scene s = begin();

    (void)state;
    s.camera->up.loss = 1;
    world_run(s.w, 1500 * USEC_MS);
    s.camera->up.loss = 0;
    world_run(s.w, USEC_S);
    assert_in_range(frames_in(&s, USEC_S), 25, 31);
    end(&s);
}

/* The page was hidden when the line became good again: what the bad one had taken away is there
 * when the page looks. */
static void a_picture_on_a_line_that_was_thin(void **state)
{
    struct scene s = begin();
    int told;

    (void)state;
    s.viewer->down.rate_bps = 60000;
    s.viewer->down.queue = 500 * USEC_MS;
    world_run(s.w, 15 * USEC_S);
    assert_true(s.viewer->sfu_peer->down->bwe.is_limited);
    assert_int_not_equal(s.w->line, SFU_LINE_FULL);
    told = s.w->line;
    s.w->line = -1; /* the page was away, and has forgotten it */
    world_run(s.w, USEC_S);
    assert_int_equal(s.w->line, -1);
    sfu_peer_retell(s.viewer->sfu_peer, s.w->now);
    world_run(s.w, 100 * USEC_MS);
    assert_int_equal(s.w->line, told);
    sfu_peer_want(s.viewer->sfu_peer, 0, 0, s.w->now);
    world_run(s.w, USEC_S);
    s.viewer->down.rate_bps = 0;
    world_run(s.w, 40 * USEC_S);
    assert_false(s.viewer->sfu_peer->down->bwe.is_limited);
    sfu_peer_want(s.viewer->sfu_peer, 0, 720, s.w->now);
    assert_true(frames_in(&s, 3 * USEC_S) > 60);
    assert_int_equal(picture(&s)->layer, 2);
    end(&s);
}

/* A key frame of a size that is no longer sent does not come, and is not asked for without end. */
static void a_size_that_is_gone_is_not_asked_for(void **state)
{
    struct scene s = begin();
    const struct publisher_stats *st = publisher_stats(s.camera->publisher);
    unsigned before;

    (void)state;
    publisher_layer(s.camera->publisher, 2, false);
    world_run(s.w, 300 * USEC_MS);
    before = st->layer_plis[2];
    viewer_want_key(s.viewer->viewer, 0);
    world_run(s.w, 10 * USEC_S);
    assert_int_equal(picture(&s)->layer, 1);
    assert_true(st->layer_plis[2] > before);
    assert_true(st->layer_plis[2] - before <= 4);
    publisher_layer(s.camera->publisher, 2, true);
    world_run(s.w, 3 * USEC_S);
    assert_int_equal(picture(&s)->layer, 2);
    end(&s);
}

/* A size may be begun by a repeat, when all that came before it was lost. */
static void a_size_begun_by_a_repeat(void **state)
{
    struct scene s = {.w = world_new(sim_seed)};
    struct track *t;

    (void)state;
    s.camera = world_publish_layers(s.w, 1);
    s.viewer = world_watch(s.w, 10, false);
    t = peer_track(s.camera->sfu_peer, SFU_VIDEO);
    t->is_begun = true; /* as keep() does for a repeat */
    t->top = t->first = 65536 + 64000;
    world_run(s.w, 3 * USEC_S);
    assert_int_not_equal(t->ssrc, 0);
    assert_true(t->received > 60);
    end(&s);
}

struct cred {
    char ufrag[64], pwd[64];
};

/* What the sfu answers to a restart. */
static struct cred restarts(struct scene *s)
{
    str frag = S("a=ice-ufrag:anew\r\na=ice-pwd:anewanewanewanewanewanew\r\n"), answer;
    struct cred c;

    assert_int_equal(sfu_peer_restart(s->viewer->sfu_peer, frag, s->w->now, s->w->arena, &answer),
                     0);
    assert_int_equal(str_copy(c.ufrag, sizeof(c.ufrag), sim_sdp_line(answer, -1, "a=ice-ufrag:")),
                     0);
    assert_int_equal(str_copy(c.pwd, sizeof(c.pwd), sim_sdp_line(answer, -1, "a=ice-pwd:")), 0);
    return c;
}

/* Whether its checks by these credentials are answered. */
static bool is_answered(struct scene *s, const struct cred *c)
{
    memcpy(s->viewer->ufrag, c->ufrag, sizeof(c->ufrag));
    memcpy(s->viewer->pwd, c->pwd, sizeof(c->pwd));
    s->viewer->is_answered = false;
    world_run(s->w, 3 * USEC_S);
    return s->viewer->is_answered;
}

/* RFC 8445 9: what is in use stays until the new is used. The answer to the first restart is lost
 * with the line that the browser restarts for, so it asks again. */
static void a_browser_that_restarts_twice(void **state)
{
    struct scene s = begin();
    struct cred used, lost, fresh;

    (void)state;
    memcpy(used.ufrag, s.viewer->ufrag, sizeof(used.ufrag));
    memcpy(used.pwd, s.viewer->pwd, sizeof(used.pwd));
    lost = restarts(&s);
    fresh = restarts(&s);
    assert_true(is_answered(&s, &used));
    assert_false(is_answered(&s, &lost));
    assert_true(is_answered(&s, &fresh));
    assert_false(is_answered(&s, &used));
    assert_true(is_answered(&s, &fresh));
    assert_in_range(frames_in(&s, USEC_S), 25, 31);
    assert_int_equal(s.w->gone, 0);
    end(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_that_was_paused),
        cmocka_unit_test(a_camera_whose_network_was_away),
        cmocka_unit_test(a_picture_on_a_line_that_was_thin),
        cmocka_unit_test(a_size_that_is_gone_is_not_asked_for),
        cmocka_unit_test(a_size_begun_by_a_repeat),
        cmocka_unit_test(a_browser_that_restarts_twice),
    };

    return sim_run(tests, NELEM(tests), 3, argc, argv);
}
