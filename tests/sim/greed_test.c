#include "base/str.h"
#include "base/wr.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/rtcp.h"
#include "media/sfu_i.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

/*
 * What one peer asks for or sends is bounded, so that the others see and hear as if it were not
 * there: key frames, pictures shown again, feedback without end, voices without measure.
 */

struct scene {
    struct world *w;
    struct sim_peer *speaker, *viewer, *greedy;
};

static struct scene begin(void)
{
    struct scene s = {.w = world_new(sim_seed)};

    s.speaker = world_publish(s.w, 1);
    s.viewer = world_watch(s.w, 10, false);
    s.greedy = world_watch(s.w, 11, false);
    sfu_room_stage(s.w->room, 1, s.w->now);
    world_run(s.w, 3 * USEC_S);
    viewer_forget_freezes(s.viewer->viewer);
    return s;
}

/* The others miss nothing. */
static void end(const struct scene *s)
{
    const struct slot_stats *v0 = viewer_slot(s->viewer->viewer, SFU_VIDEO, 0);

    assert_true(v0->freeze < 60 * USEC_MS);
    assert_int_equal(viewer_slot(s->viewer->viewer, SFU_AUDIO, 0)->voice_gaps, 0);
    world_assert_sound(s->w);
    world_free(s->w);
}

/* Each key frame costs all who watch; one viewer has four, and then one in two seconds. */
static void key_frames_for_one(void **state)
{
    struct scene s = begin();
    unsigned before = publisher_stats(s.speaker->publisher)->plis, asked;

    (void)state;
    for (int i = 0; i < 600; i++) {
        viewer_want_key(s.greedy->viewer, 0);
        world_run(s.w, 100 * USEC_MS);
    }
    asked = publisher_stats(s.speaker->publisher)->plis - before;
    assert_in_range(asked, 28, 35);
    end(&s);
}

/* What has come meanwhile is not asked for later. */
static void a_wish_that_is_granted(void **state)
{
    struct scene s = begin();
    unsigned before;

    (void)state;
    for (int i = 0; i < 30; i++) {
        viewer_want_key(s.greedy->viewer, 0);
        world_run(s.w, 100 * USEC_MS);
    }
    publisher_key(s.speaker->publisher);
    world_run(s.w, 200 * USEC_MS);
    before = publisher_stats(s.speaker->publisher)->plis;
    world_run(s.w, 5 * USEC_S);
    assert_int_equal(publisher_stats(s.speaker->publisher)->plis, before);
    end(&s);
}

/* A browser asks until the frame has come: while its publisher cannot be heard that is one wish. */
static void one_wish_said_often(void **state)
{
    struct scene s = begin();

    (void)state;
    s.speaker->up.loss = 1;
    for (int i = 0; i < 20; i++) {
        viewer_want_key(s.greedy->viewer, 0);
        world_run(s.w, 100 * USEC_MS);
    }
    assert_true(s.greedy->sfu_peer->down->keys.left >= 4);
    assert_int_equal(s.greedy->sfu_peer->down->wished, 0);
    world_free(s.w);
}

/* A slot that asks all the time keeps no other of its viewer from its turn. */
static void slots_take_turns(void **state)
{
    struct scene s = begin();
    struct sim_peer *other = world_publish(s.w, 2);
    unsigned before = 0;

    (void)state;
    world_run(s.w, 2 * USEC_S);
    for (int i = 0; i < 140; i++) {
        if (i == 80)
            before = publisher_stats(other->publisher)->plis;
        viewer_want_key(s.greedy->viewer, 0);
        if (i == 80)
            viewer_want_key(s.greedy->viewer, 1);
        world_run(s.w, 50 * USEC_MS);
    }
    assert_true(publisher_stats(other->publisher)->plis > before);
    end(&s);
}

/* A line on which packets are lost four times running. */
static void key_frames_on_a_bad_line(void **state)
{
    struct scene s = begin();
    unsigned before = publisher_stats(s.speaker->publisher)->keys;

    (void)state;
    s.greedy->down.loss = 0.3;
    world_run(s.w, 60 * USEC_S);
    assert_true(publisher_stats(s.speaker->publisher)->keys - before <= 35);
    end(&s);
}

/* A page that turns to and fro is shown what is kept once. */
static void pictures_shown_again(void **state)
{
    struct scene s = begin();
    uint64_t before;

    (void)state;
    publisher_key(s.speaker->publisher);
    world_run(s.w, 500 * USEC_MS);
    before = s.w->sfu->stats.offered;
    for (int i = 0; i < 20; i++) {
        sfu_peer_want(s.greedy->sfu_peer, 0, 0, s.w->now);
        sfu_peer_want(s.greedy->sfu_peer, 0, 720, s.w->now);
    }
    assert_in_range(s.w->sfu->stats.offered - before, 10, 128);
    world_run(s.w, USEC_S);
    end(&s);
}

/* One part of transport-wide feedback that says 1,024 times "lost", draft-holmer-rmcat 3.1. */
static void write_all_lost(struct wr *w, uint32_t ssrc, uint16_t base)
{
    wr_u8(w, 0x80 | RTCP_FMT_TWCC);
    wr_u8(w, RTCP_RTPFB);
    wr_u16(w, 5);
    wr_u32(w, ssrc);
    wr_u32(w, 0);
    wr_u16(w, base);
    wr_u16(w, 1024);
    wr_u32(w, 0);
    wr_u16(w, 1024); /* a run */
    wr_u16(w, 0);
}

static uint64_t refused(const struct world *w)
{
    const uint64_t *d = w->sfu->drops;

    return d[DROP_NACK_GONE] + d[DROP_NACK_SOON] + d[DROP_NACK_OFTEN] + d[DROP_NACK_MANY] +
           d[DROP_NACK_PLAIN];
}

/* Work is bounded as well as what goes out: of sixty thousand numbers in a datagram few are looked
 * up. */
static void feedback_without_end(void **state)
{
    enum { PARTS = 50 };
    struct scene s = begin();
    uint8_t d[1400];
    struct wr w = wr_init(d, sizeof(d));
    uint64_t before = refused(s.w);
    uint16_t next = (uint16_t)s.greedy->sfu_peer->down->bwe.next;

    (void)state;
    rtcp_rr_write(&w, s.greedy->ssrc, NULL, 0);
    for (int i = 0; i < PARTS; i++)
        write_all_lost(&w, s.greedy->ssrc, (uint16_t)(next - 1024));
    assert_false(w.err);
    sim_peer_tx_rtcp(s.greedy, d, wr_len(&w), s.w->now);
    world_run(s.w, s.greedy->up.delay + 2 * USEC_MS);
    assert_true(refused(s.w) - before <= 1100);
    assert_in_range(s.w->sfu->drops[DROP_RTCP_MUCH], PARTS - 2, PARTS);
    world_run(s.w, USEC_S);
    end(&s);
}

/* A voice of 40 Mbit/s would be multiplied by the viewers, and voices wait for nothing. */
static void a_voice_without_measure(void **state)
{
    struct scene s = begin();
    struct sim_peer *loud = world_publish(s.w, 2);
    uint8_t header[12];
    uint8_t payload[1250] = {0x78}; /* Opus of 20 ms */
    struct srtp_tx tx = {0};
    const struct track *t;
    uint64_t before;
    uint32_t top, ts;

    (void)state;
    world_run(s.w, USEC_S);
    t = peer_track(loud->sfu_peer, SFU_AUDIO);
    loud->is_silent = true;
    world_run(s.w, 100 * USEC_MS);
    top = t->top;
    ts = t->top_ts;
    before = s.w->sfu->stats.tx_bytes;
    for (uint16_t i = 0; i < 8000; i++) {
        struct wr w = wr_init(header, sizeof(header));
        struct rtp h = {.pt = SIM_AUDIO_PT,
                        .ssrc = t->ssrc,
                        .seq = (uint16_t)(top + 1 + i),
                        .ts = ts + 12u * (i + 1u)};
        struct srtp_parts parts = {.header = header, .payload = payload,
                                   .payload_n = sizeof(payload)};

        rtp_write(&w, &h, NULL, NULL);
        parts.header_n = wr_len(&w);
        loud->is_silent = false;
        sim_peer_tx_rtp(loud, &tx, &parts, s.w->now);
        loud->is_silent = true; /* of its own */
        if (i % 4 == 3)
            world_run(s.w, USEC_MS);
    }
    world_run(s.w, 100 * USEC_MS);
    assert_true(s.w->sfu->drops[DROP_RTP_RATE] > 5000);
    /* two viewers, two seconds: what Opus has at most, and the speaker's picture and voice */
    assert_true(s.w->sfu->stats.tx_bytes - before < 2 * (3 * MAX_VOICE_BYTES_S + 2 * 80000));
    end(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_frames_for_one),   cmocka_unit_test(key_frames_on_a_bad_line),
        cmocka_unit_test(a_wish_that_is_granted),
        cmocka_unit_test(one_wish_said_often),
        cmocka_unit_test(slots_take_turns),
        cmocka_unit_test(pictures_shown_again), cmocka_unit_test(feedback_without_end),
        cmocka_unit_test(a_voice_without_measure),
    };

    return sim_run(tests, NELEM(tests), 3, argc, argv);
}
