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
    struct slot_book book;
};

static void scene_init(struct scene *s)
{
    memset(s, 0, sizeof(*s));
    s->a.id = 1;
    s->b.id = 2;
    s->a.kind = s->b.kind = s->slot.kind = SFU_VIDEO;
    s->a.rate = s->b.rate = 90000;
    s->slot.is_accepted = true;
    slot_init(&s->slot, &s->book, 0);
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
    struct slot_book book;
    struct slot s = {.kind = SFU_VIDEO};

    (void)state;
    memset(&book, 5, sizeof(book)); /* as it comes from malloc: packet 0x505 was sent five times */
    slot_init(&s, &book, 0);
    assert_int_equal(slot_tries(&s, 0x505), 0);
    assert_int_equal(slot_may_resend(&s, 0x505, 100, 0x05050505), SLOT_AGAIN);
    s = (struct slot){.kind = SFU_VIDEO};
    slot_init(&s, &book, 0);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1000), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1050), SLOT_AGAIN_SOON);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1100), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1200), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 5, 100, 1300), SLOT_AGAIN_OFTEN);
    assert_int_equal(slot_may_resend(&s, 6, 100, 1300), SLOT_AGAIN);
    /* two that share a place take it from each other no sooner than a round trip allows */
    assert_int_equal(slot_may_resend(&s, 7, 100, 2000), SLOT_AGAIN);
    assert_int_equal(slot_may_resend(&s, 7 + SLOT_RESENDS, 100, 2000), SLOT_AGAIN_SOON);
    assert_int_equal(slot_may_resend(&s, 7, 100, 2000), SLOT_AGAIN_SOON);
    assert_int_equal(slot_may_resend(&s, 7 + SLOT_RESENDS, 100, 2100), SLOT_AGAIN);
}

/* ---- temporal layers ---- */

/* One packet a frame, numbers as the source counts them. */
static struct ring_entry layered(uint32_t frame, uint8_t tid, bool y)
{
    struct ring_entry e =
        entry(1000 + frame, 3000 * frame, frame == 0, true, (uint16_t)(32760 + frame));

    e.vp8.picture_id &= 0x7fff;
    e.vp8.has_tid = e.vp8.has_tl0 = true;
    e.vp8.tid = tid;
    e.vp8.y = y;
    e.vp8.tl0 = (uint8_t)(250 + frame / 4);
    return e;
}

/* T0 T2 T1 T2, every frame of a higher layer a sync frame when is_synced. */
static struct ring_entry in_pattern(uint32_t frame, bool is_synced)
{
    static const uint8_t tids[] = {0, 2, 1, 2};

    return layered(frame, tids[frame % 4], is_synced && frame % 4);
}

static void show_pattern(struct scene *s, struct layer_pick pick)
{
    scene_init(s);
    slot_target(&s->slot, &s->a);
    s->slot.pick = pick;
}

/* Numbers, picture ids and TL0PICIDX go on over frames that were left out, and over their wraps. */
static void test_left_out_frames_leave_no_hole(void **state)
{
    struct slot_packet last = {0}, p;
    struct scene s;

    (void)state;
    for (int8_t most = 0; most < 3; most++) {
        unsigned shown = 0;

        show_pattern(&s, (struct layer_pick){0, most});
        for (uint32_t frame = 0; frame < 64; frame++) {
            struct ring_entry e = in_pattern(frame, false);
            enum slot_result r = map(&s, &s.a, e, &p);

            assert_int_equal(r, e.vp8.tid <= most ? SLOT_SEND : SLOT_SKIP);
            if (r != SLOT_SEND)
                continue;
            if (shown++) {
                assert_int_equal((uint16_t)(p.seq - last.seq), 1);
                assert_int_equal(p.vp8.picture_id, (last.vp8.picture_id + 1) & 0x7fff);
                assert_int_equal((uint8_t)(p.vp8.tl0 - last.vp8.tl0), e.vp8.tid == 0);
            }
            last = p;
        }
        assert_int_equal(shown, 64 >> (2 - most));
    }
}

static void test_up_on_sync_frames_one_step_at_a_time(void **state)
{
    struct slot_packet p;
    struct scene s;

    (void)state;
    show_pattern(&s, (struct layer_pick){0, 0});
    for (uint32_t frame = 0; frame < 4; frame++)
        map(&s, &s.a, in_pattern(frame, false), &p);
    s.slot.pick.temporal = 2;
    for (uint32_t frame = 4; frame < 8; frame++)
        assert_int_equal(map(&s, &s.a, in_pattern(frame, false), &p),
                         frame % 4 ? SLOT_SKIP : SLOT_SEND);
    assert_int_equal(map(&s, &s.a, in_pattern(8, true), &p), SLOT_SEND);
    assert_int_equal(map(&s, &s.a, in_pattern(9, true), &p), SLOT_SKIP);   /* T2 before T1 */
    assert_int_equal(map(&s, &s.a, in_pattern(10, true), &p), SLOT_SEND);  /* T1 is entered */
    assert_int_equal(map(&s, &s.a, in_pattern(11, false), &p), SLOT_SKIP); /* not with this T2 */
    assert_int_equal(map(&s, &s.a, in_pattern(12, true), &p), SLOT_SEND);
    assert_int_equal(map(&s, &s.a, in_pattern(13, true), &p), SLOT_SEND); /* but with this one */
    assert_int_equal(map(&s, &s.a, in_pattern(14, false), &p), SLOT_SEND);
    assert_int_equal(map(&s, &s.a, in_pattern(15, false), &p), SLOT_SEND);
}

static void test_up_with_a_key_frame(void **state)
{
    struct slot_packet p;
    struct ring_entry e;
    struct scene s;

    (void)state;
    show_pattern(&s, (struct layer_pick){0, 0});
    map(&s, &s.a, in_pattern(0, false), &p);
    s.slot.pick.temporal = 2;
    e = in_pattern(4, false);
    e.is_key = true;
    map(&s, &s.a, e, &p);
    assert_int_equal(map(&s, &s.a, in_pattern(5, false), &p), SLOT_SEND);
}

/* Down at once, but a frame that was begun is ended. */
static void test_down_between_frames(void **state)
{
    struct slot_packet p;
    struct ring_entry e;
    struct scene s;

    (void)state;
    show_pattern(&s, LAYER_ALL);
    map(&s, &s.a, in_pattern(0, false), &p);
    e = in_pattern(1, false);
    e.is_marker = false;
    assert_int_equal(map(&s, &s.a, e, &p), SLOT_SEND);
    s.slot.pick.temporal = 0;
    e.seq++;
    assert_int_equal(map(&s, &s.a, e, &p), SLOT_SEND);
    e = in_pattern(2, true);
    e.seq++;
    assert_int_equal(map(&s, &s.a, e, &p), SLOT_SKIP);
}

/*
 * Packets of 1000 + frame: 1001 and 1002 are lost before 1003, the second half of a frame that is
 * left out. 1001 is a whole frame that is shown, 1002 the first half of the one that is not.
 */
static void test_a_hole_keeps_its_numbers(void **state)
{
    struct slot_packet key, p;
    struct ring_entry e, half;
    struct scene s;

    (void)state;
    show_pattern(&s, (struct layer_pick){0, 0});
    map(&s, &s.a, layered(0, 0, false), &key);
    half = layered(2, 2, false);
    half.is_marker = false;
    e = half;
    e.seq++;
    assert_int_equal(map(&s, &s.a, e, &p), SLOT_SKIP);
    e = layered(3, 0, false);
    e.seq++;
    assert_int_equal(map(&s, &s.a, e, &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - key.seq), 3);
    assert_int_equal(p.vp8.picture_id, (key.vp8.picture_id + 2) & 0x7fff);
    assert_int_equal(map(&s, &s.a, layered(1, 0, false), &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - key.seq), 1);
    assert_int_equal(p.vp8.picture_id, (key.vp8.picture_id + 1) & 0x7fff);
    assert_false(p.is_empty);
    assert_int_equal(map(&s, &s.a, half, &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - key.seq), 2);
    assert_true(p.is_empty); /* its picture id is another frame's in the slot */
}

/* 1001 was lost, and is found out late to be of a layer that is not shown: its number is used up by
 * an empty packet, unless it needs the base layer alone. Once that layer is shown, late ones of it
 * are. */
static void test_late_and_of_a_layer_not_shown(void **state)
{
    struct slot_packet p;
    struct scene s;

    (void)state;
    for (int y = 0; y < 2; y++) {
        show_pattern(&s, (struct layer_pick){0, 0});
        map(&s, &s.a, layered(0, 0, false), &p);
        map(&s, &s.a, layered(2, 0, false), &p);
        assert_int_equal(map(&s, &s.a, layered(1, 1, y), &p), SLOT_SEND);
        assert_int_equal(p.is_empty, !y);
        s.slot.pick.temporal = 1;
        map(&s, &s.a, layered(4, 1, true), &p);
        assert_int_equal(map(&s, &s.a, layered(3, 1, false), &p), SLOT_SEND);
        assert_true(p.is_empty); /* before the layer was entered */
        map(&s, &s.a, layered(6, 0, false), &p);
        assert_int_equal(map(&s, &s.a, layered(5, 1, false), &p), SLOT_SEND);
        assert_false(p.is_empty);
    }
}

/* The packets of a frame that is left out come in any order. */
static void test_left_out_and_reordered(void **state)
{
    struct slot_packet key, p;
    struct ring_entry e;
    struct scene s;

    (void)state;
    show_pattern(&s, (struct layer_pick){0, 0});
    map(&s, &s.a, layered(0, 0, false), &key);
    for (uint32_t i = 0; i < 3; i++) {
        static const uint32_t order[] = {0, 2, 1};

        e = layered(1, 2, false);
        e.seq += order[i];
        e.is_marker = order[i] == 2;
        assert_int_equal(map(&s, &s.a, e, &p), i == 2 ? SLOT_SEND : SLOT_SKIP);
        assert_int_equal(i == 2 && p.is_empty, i == 2);
    }
    e = layered(2, 0, false);
    e.seq += 2;
    assert_int_equal(map(&s, &s.a, e, &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - key.seq), 2);
    assert_int_equal(p.vp8.picture_id, (key.vp8.picture_id + 1) & 0x7fff);
}

/* Another size of the same camera comes with a key frame, and numbers and time go on. */
static void test_layer_switch(void **state)
{
    struct slot_packet last, p;
    struct ring_entry e;
    struct scene s;

    (void)state;
    show_pattern(&s, (struct layer_pick){0, 1});
    for (uint32_t frame = 0; frame < 7; frame++)
        map(&s, &s.a, in_pattern(frame, false), frame == 6 ? &last : &p);
    assert_true(slot_target(&s.slot, &s.b));
    assert_int_equal(map(&s, &s.a, in_pattern(7, false), &p), SLOT_SKIP);
    assert_int_equal(map(&s, &s.a, in_pattern(8, false), &last), SLOT_SEND);
    e = entry(77, 0xffffff00u + 27000, true, true, 12);
    e.vp8.has_tid = e.vp8.has_tl0 = true;
    assert_int_equal(map(&s, &s.b, e, &p), SLOT_SEND);
    assert_int_equal((uint16_t)(p.seq - last.seq), 1);
    assert_int_equal(p.vp8.picture_id, (last.vp8.picture_id + 1) & 0x7fff);
    assert_int_equal(p.vp8.tl0, (uint8_t)(last.vp8.tl0 + 1));
    assert_int_equal(p.ts - last.ts, 3000);
    assert_int_equal(map(&s, &s.a, in_pattern(9, false), &p), SLOT_LATE);
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
        cmocka_unit_test(test_left_out_frames_leave_no_hole),
        cmocka_unit_test(test_up_on_sync_frames_one_step_at_a_time),
        cmocka_unit_test(test_up_with_a_key_frame),
        cmocka_unit_test(test_down_between_frames),
        cmocka_unit_test(test_a_hole_keeps_its_numbers),
        cmocka_unit_test(test_left_out_and_reordered),
        cmocka_unit_test(test_late_and_of_a_layer_not_shown),
        cmocka_unit_test(test_layer_switch),
    };

    return cmocka_run_group_tests_name("slot", tests, NULL, NULL);
}
