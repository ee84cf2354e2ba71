#include "media/slot.h"

#include "media/ring.h"
#include "media/rtcp.h"
#include "media/track.h"
#include "suites.h"

#include <string.h>

/* Two cameras and a slot; packets are made by hand, nothing is encrypted. */
struct scene {
    struct track a, b;
    struct slot slot;
};

static void scene_init(struct scene *s)
{
    memset(s, 0, sizeof(*s));
    s->a.id = 1;
    s->b.id = 2;
    s->a.kind = s->b.kind = s->slot.kind = SFU_VIDEO;
    s->a.rate = s->b.rate = 90000;
    s->slot.is_accepted = true;
    slot_init(&s->slot, 0);
    /* b's clock stands elsewhere */
    s->a.clock.is_begun = s->b.clock.is_begun = true;
    s->b.clock.ts = 0xffffff00u;
}

static struct ring_entry entry(uint32_t seq, uint32_t ts, bool is_key, bool is_marker, uint16_t pid)
{
    struct ring_entry e = {
        .seq = seq, .ts = ts, .n = 100, .is_key = is_key, .is_marker = is_marker};

    e.vp8.has_picture_id = true;
    e.vp8.picture_id = pid;
    return e;
}

static enum slot_result map(struct scene *s, struct track *t, struct ring_entry e,
                            struct slot_packet *p)
{
    return slot_knows(&s->slot, t, e.seq) ? slot_map(&s->slot, t, &e, p) : SLOT_LATE;
}

static void test_waits_for_a_key_frame(void **state)
{
    struct slot_packet p;
    struct scene s;

    (void)state;
    scene_init(&s);
    assert_true(slot_target(&s.slot, &s.a));
    assert_false(slot_target(&s.slot, &s.a)); /* one wish, one request */
    assert_int_equal(map(&s, &s.a, entry(100, 0, false, true, 1), &p), SLOT_BEFORE_KEY);
    assert_int_equal(map(&s, &s.a, entry(101, 3000, true, true, 2), &p), SLOT_SEND);
    assert_int_equal(map(&s, &s.a, entry(100, 0, false, true, 1), &p), SLOT_LATE);
}

/* a is shown, then b from its key frame on; a's late packets keep their numbers. */
static void test_switch_and_late_packets(void **state)
{
    struct slot_packet first, last, p, late;
    struct scene s;

    (void)state;
    scene_init(&s);
    slot_target(&s.slot, &s.a);
    assert_int_equal(map(&s, &s.a, entry(100, 0, true, true, 7), &first), SLOT_SEND);
    assert_int_equal(map(&s, &s.a, entry(102, 6000, false, true, 9), &last), SLOT_SEND);
    assert_int_equal((uint16_t)(last.seq - first.seq), 2);
    assert_true(slot_target(&s.slot, &s.b));
    assert_int_equal(map(&s, &s.b, entry(500, 0, false, true, 90), &p), SLOT_BEFORE_KEY);
    assert_int_equal(map(&s, &s.b, entry(501, 3000, true, true, 91), &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - last.seq), 1); /* the last frame was whole: no hole */
    assert_int_equal(p.vp8.picture_id, (last.vp8.picture_id + 1) & 0x7fff);
    assert_int_equal(p.vp8.tl0, (uint8_t)(last.vp8.tl0 + 1));
    assert_true((int32_t)(p.ts - last.ts) > 0);
    assert_int_equal(map(&s, &s.a, entry(101, 3000, false, true, 8), &late), SLOT_SEND);
    assert_int_equal((uint16_t)(late.seq - first.seq), 1);
    assert_int_equal(late.ts, first.ts + 3000);
    assert_int_equal(map(&s, &s.a, entry(103, 9000, false, true, 10), &p),
                     SLOT_LATE); /* never was the slot's */
}

static void test_cut_frame_leaves_a_hole(void **state)
{
    struct slot_packet last, p;
    struct scene s;

    (void)state;
    scene_init(&s);
    slot_target(&s.slot, &s.a);
    assert_int_equal(map(&s, &s.a, entry(100, 0, true, false, 7), &last), SLOT_SEND);
    slot_target(&s.slot, &s.b);
    assert_int_equal(map(&s, &s.b, entry(501, 3000, true, true, 91), &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - last.seq), 2);
}

static void test_time_follows_the_clock(void **state)
{
    struct slot_packet last, p;
    struct scene s;

    (void)state;
    scene_init(&s);
    slot_target(&s.slot, &s.a);
    map(&s, &s.a, entry(100, 0, true, true, 7), &last);
    slot_target(&s.slot, &s.b);
    /* ten seconds later by b's clock, which began at the same moment as a's */
    map(&s, &s.b, entry(501, 0xffffff00u + 900000, true, true, 91), &p);
    assert_int_equal(p.ts - last.ts, 900000);
    slot_target(&s.slot, &s.a);
    /* a's key frame was taken before what has been shown of b: never back */
    map(&s, &s.a, entry(101, 3000, true, true, 8), &last);
    assert_int_equal(last.ts - p.ts, 3000);
}

static void test_padding_closes_up(void **state)
{
    struct slot_packet a, b;
    struct ring_entry padding = entry(101, 0, false, false, 0);
    struct scene s;

    (void)state;
    scene_init(&s);
    padding.n = 0;
    slot_target(&s.slot, &s.a);
    map(&s, &s.a, entry(100, 0, true, true, 7), &a);
    assert_int_equal(map(&s, &s.a, padding, &b), SLOT_SKIP);
    padding.seq = 102;
    assert_int_equal(map(&s, &s.a, padding, &b), SLOT_SKIP);
    assert_int_equal(map(&s, &s.a, entry(103, 3000, false, true, 8), &b), SLOT_SEND);
    assert_int_equal((uint16_t)(b.seq - a.seq), 1);
    padding.seq = 105; /* 104 is missing and may yet come: the hole must stay */
    assert_int_equal(map(&s, &s.a, padding, &b), SLOT_SEND);
    assert_int_equal((uint16_t)(b.seq - a.seq), 3);
    assert_int_equal(map(&s, &s.a, entry(104, 6000, false, true, 9), &b), SLOT_SEND);
    assert_int_equal((uint16_t)(b.seq - a.seq), 2);
}

static void test_hidden_sends_nothing(void **state)
{
    struct slot_packet p;
    struct scene s;

    (void)state;
    scene_init(&s);
    slot_target(&s.slot, &s.a);
    map(&s, &s.a, entry(100, 0, true, true, 7), &p);
    s.slot.is_shown = false;
    assert_false(slot_target(&s.slot, &s.a));
    assert_int_equal(map(&s, &s.a, entry(101, 3000, false, true, 8), &p), SLOT_LATE);
    s.slot.is_shown = true;
    assert_true(slot_target(&s.slot, &s.a));
    assert_int_equal(map(&s, &s.a, entry(102, 6000, false, true, 9), &p), SLOT_BEFORE_KEY);
}

static void test_forget(void **state)
{
    struct slot_packet p;
    struct rtcp_sr sr;
    struct scene s;

    (void)state;
    scene_init(&s);
    slot_target(&s.slot, &s.a);
    map(&s, &s.a, entry(100, 0, true, true, 7), &p);
    s.slot.packets = 1;
    assert_true(slot_report(&s.slot, USEC_S, &sr));
    assert_int_equal(sr.rtp_ts - p.ts, 90000); /* a second later by the source's clock */
    slot_forget(&s.slot, &s.a);
    assert_false(slot_knows(&s.slot, &s.a, 100));
    assert_false(slot_report(&s.slot, USEC_S, &sr));
}

static void test_repeats_are_bounded(void **state)
{
    struct slot s = {.kind = SFU_VIDEO};

    (void)state;
    assert_int_equal(slot_may_resend(&s, 5, 100, 1000), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1050), SLOT_AGAIN_SOON);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1100), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1200), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1300), SLOT_AGAIN_OFTEN);
    assert_int_equal(slot_may_resend(&s, 6, 100, 1300), SLOT_AGAIN);
}

int slot_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_for_a_key_frame),
        cmocka_unit_test(test_switch_and_late_packets),
        cmocka_unit_test(test_cut_frame_leaves_a_hole),
        cmocka_unit_test(test_time_follows_the_clock),
        cmocka_unit_test(test_padding_closes_up),
        cmocka_unit_test(test_hidden_sends_nothing),
        cmocka_unit_test(test_forget),
        cmocka_unit_test(test_repeats_are_bounded),
    };

    return cmocka_run_group_tests_name("slot", tests, NULL, NULL);
}
