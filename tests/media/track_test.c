#include "media/track.h"

#include "base/pkt.h"
#include "media/rtcp.h"
#include "suites.h"

#include <string.h>

static void track_new(struct track *t, enum sfu_kind kind)
{
    memset(t, 0, sizeof(*t));
    t->kind = kind;
    t->ssrc = 7;
    t->has_nack = true;
    assert_int_equal(track_init(t, 0), 0);
}

static bool add(struct track *t, uint16_t seq, usec now)
{
    return track_add(t, track_extend(t, seq), 0, false, now);
}

/* Asked after a reorder wait, then after a round trip and a half, and no more once it came; over a
 * wrap. */
static void test_asks_for_what_is_missing(void **state)
{
    uint16_t seqs[8];
    struct track t;

    (void)state;
    track_new(&t, SFU_VIDEO);
    add(&t, 65534, 0);
    add(&t, 1, 1000); /* 65535 and 0 are missing */
    assert_true(track_nacks_due(&t) == 1000 + 10 * USEC_MS);
    assert_int_equal(track_nacks(&t, 50 * USEC_MS, 5000, seqs, 8), 0);
    assert_int_equal(track_nacks(&t, 50 * USEC_MS, 11 * USEC_MS, seqs, 8), 2);
    assert_int_equal(seqs[0], 65535);
    assert_int_equal(seqs[1], 0);
    assert_int_equal(track_nacks(&t, 50 * USEC_MS, 60 * USEC_MS, seqs, 8), 0);
    assert_true(track_nack_rtt(&t, track_extend(&t, 65535), 61 * USEC_MS) == 50 * USEC_MS);
    add(&t, 65535, 61 * USEC_MS);
    assert_int_equal(track_nacks(&t, 50 * USEC_MS, 90 * USEC_MS, seqs, 8), 1);
    assert_int_equal(seqs[0], 0);
    assert_true(track_nack_rtt(&t, track_extend(&t, 0), 100 * USEC_MS) ==
                -1); /* asked twice: which one came? */
    track_done(&t);
}

static void test_gives_up(void **state)
{
    uint16_t seqs[8];
    unsigned asked = 0;
    struct track t;

    (void)state;
    track_new(&t, SFU_VIDEO);
    add(&t, 10, 0);
    add(&t, 12, 0);
    for (usec now = 0; now < 5 * USEC_S; now += 10 * USEC_MS)
        asked += track_nacks(&t, 20 * USEC_MS, now, seqs, 8);
    assert_int_equal(asked, 10);
    assert_true(track_nacks_due(&t) == INT64_MAX);
    track_done(&t);
}

static void test_too_much_wants_a_key_frame(void **state)
{
    struct track t;

    (void)state;
    track_new(&t, SFU_VIDEO);
    add(&t, 10, 0);
    assert_true(add(&t, 10 + TRACK_MAX_MISSING + 5, 0));
    assert_true(track_nacks_due(&t) == INT64_MAX);
    track_done(&t);
}

static void test_key_requests_are_spaced(void **state)
{
    struct track t;

    (void)state;
    track_new(&t, SFU_VIDEO);
    assert_true(track_key_due(&t) == INT64_MAX);
    track_want_key(&t);
    assert_true(track_key_due(&t) == 0);
    track_key_asked(&t, USEC_S);
    assert_true(track_key_due(&t) == USEC_S + 500 * USEC_MS);
    t.is_key_wanted = false;
    assert_true(track_key_due(&t) == INT64_MAX);
    track_done(&t);
}

static void test_report(void **state)
{
    struct rtcp_report r;
    struct track t;

    (void)state;
    track_new(&t, SFU_AUDIO);
    assert_false(track_report(&t, 0, &r));
    for (uint16_t i = 0; i < 100; i++)
        if (i % 4)
            add(&t, (uint16_t)(65500 + i), i * 20 * USEC_MS);
    assert_true(track_report(&t, 2 * USEC_S, &r));
    assert_int_equal(r.ssrc, 7);
    assert_int_equal(r.lost, 24);
    assert_in_range(r.lost_q8, 60, 64);
    assert_int_equal(r.top_seq, 65599);
    track_report(&t, 3 * USEC_S, &r);
    assert_int_equal(r.lost_q8, 0); /* nothing new was expected */
    track_done(&t);
}

static void test_clock(void **state)
{
    struct rtcp_sr sr = {.ntp = rtcp_ntp(100 * USEC_S), .rtp_ts = 5000};
    struct track t;

    (void)state;
    track_new(&t, SFU_AUDIO);
    add(&t, 1, USEC_S);
    assert_true(track_at(&t, 48000) == 2 * USEC_S);
    track_sr(&t, &sr, -90 * USEC_S, 11 * USEC_S); /* the publisher's 100 s are our 10 s */
    assert_int_equal(track_ts(&t, 11 * USEC_S), 53000);
    assert_in_range(track_at(&t, 5000u - 48000u), 9 * USEC_S - 5, 9 * USEC_S + 5);
    track_done(&t);
}

static void test_loudness(void **state)
{
    struct track t;

    (void)state;
    track_new(&t, SFU_AUDIO);
    for (int i = 0; i < 10; i++)
        track_level(&t, true, 30, false, i * 20 * USEC_MS);
    assert_true(t.loud_q8 > TRACK_QUIET_Q8);
    assert_true(t.spoke_at == 180 * USEC_MS);
    for (int i = 0; i < 100; i++)
        track_level(&t, true, 127, true, i * 20 * USEC_MS);
    assert_true(t.loud_q8 < TRACK_QUIET_Q8);
    track_level(&t, false, 0, false, 0);
    for (int i = 0; i < 10; i++)
        track_fade(&t, 10 * USEC_S);
    assert_true(t.loud_q8 < 256);
    track_done(&t);
}

/* What follows a key frame needs all of it and all in between: a hole, age or length forbids it. */
static void test_replay_needs_every_packet(void **state)
{
    struct track t = {.kind = SFU_VIDEO};
    struct pkt_pool *pool;
    struct ring_entry *kept;

    (void)state;
    assert_int_equal(pkt_pool_new(256, &pool), 0);
    assert_int_equal(track_init(&t, 0), 0);
    assert_false(track_has_replay(&t, 0));
    for (uint32_t seq = 65636; seq < 65636 + 10; seq++) {
        struct ring_entry e = {.pkt = pkt_get(pool), .seq = seq, .n = 1};

        if (seq == 65640)
            pkt_unref(e.pkt);
        else
            assert_int_equal(ring_add(&t.ring, &e, &kept), 0);
        track_add(&t, seq, 0, false, USEC_S);
        if (seq == 65637 || seq == 65641)
            track_key_came(&t, &(struct ring_entry){.seq = seq}, USEC_S);
        assert_int_equal(track_has_replay(&t, USEC_S), seq != 65636 && seq != 65640);
    }
    track_key_came(&t, &(struct ring_entry){.seq = 65637},
                   USEC_S); /* a late, older one does not count */
    assert_true(track_has_replay(&t, 2 * USEC_S));
    assert_false(track_has_replay(&t, 2 * USEC_S + 1));
    t.top = t.key_seq + TRACK_MAX_REPLAY;
    assert_false(track_has_replay(&t, USEC_S));
    track_done(&t);
    pkt_pool_free(pool);
}

int track_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asks_for_what_is_missing),
        cmocka_unit_test(test_gives_up),
        cmocka_unit_test(test_too_much_wants_a_key_frame),
        cmocka_unit_test(test_key_requests_are_spaced),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_loudness),
        cmocka_unit_test(test_replay_needs_every_packet),
    };

    return cmocka_run_group_tests_name("track", tests, NULL, NULL);
}
