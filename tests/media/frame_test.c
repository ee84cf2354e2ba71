#include "suites.h"

#include "base/err.h"
#include "base/pkt.h"
#include "media/frame.c"

#include <string.h>

static void length_frames_are_cut(void **state)
{
    static const uint8_t two[] = {0, 3, 'a', 'b', 'c', 0, 1, 'd'};
    struct frame f;

    (void)state;
    assert_int_equal(frame_take(FRAME_LENGTH, two, sizeof(two), &f), 0);
    assert_int_equal(f.all, 5);
    assert_int_equal(f.at, 2);
    assert_int_equal(f.n, 3);
    assert_int_equal(frame_take(FRAME_LENGTH, two + 5, 3, &f), 0);
    assert_int_equal(f.n, 1);
    for (size_t n = 0; n < 5; n++)
        assert_int_equal(frame_take(FRAME_LENGTH, two, n, &f), ERR_BUSY);
}

static void turn_messages_are_cut(void **state)
{
    static const uint8_t channel[] = {0x40, 0, 0, 5, 'h', 'e', 'l', 'l', 'o', 0, 0, 0, 0x40};
    uint8_t stun[28] = {0, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42};
    struct frame f;

    (void)state;
    assert_int_equal(frame_take(FRAME_TURN, channel, sizeof(channel), &f), 0);
    assert_int_equal(f.all, 12); /* padded, RFC 8656 12.5 */
    assert_int_equal(f.n, 9);
    assert_int_equal(frame_take(FRAME_TURN, channel, 11, &f), ERR_BUSY);
    assert_int_equal(frame_take(FRAME_TURN, stun, sizeof(stun), &f), 0);
    assert_int_equal(f.all, 28);
    assert_int_equal(frame_take(FRAME_TURN, stun, 27, &f), ERR_BUSY);
    stun[3] = 7; /* no multiple of 4 */
    assert_int_equal(frame_take(FRAME_TURN, stun, sizeof(stun), &f), ERR_SYNTAX);
    stun[0] = 0x80;
    assert_int_equal(frame_take(FRAME_TURN, stun, 1, &f), ERR_SYNTAX);
}

static void too_long_is_refused_at_once(void **state)
{
    static const uint8_t length[] = {0x10, 0}, channel[] = {0x40, 0, 0x10, 0};
    struct frame f;

    (void)state;
    assert_int_equal(frame_take(FRAME_LENGTH, length, sizeof(length), &f), ERR_TOO_BIG);
    assert_int_equal(frame_take(FRAME_TURN, channel, sizeof(channel), &f), ERR_TOO_BIG);
}

static void what_is_put_is_taken(void **state)
{
    struct pkt_pool *pool;
    struct frame f;
    struct pkt *p;

    (void)state;
    assert_int_equal(pkt_pool_new(1, &pool), 0);
    p = pkt_get(pool);
    memset(p->data, 'x', 300);
    p->n = 300;
    frame_put(p);
    assert_int_equal(frame_take(FRAME_LENGTH, p->data, p->n, &f), 0);
    assert_int_equal(f.n, 300);
    assert_int_equal(f.all, p->n);
    pkt_unref(p);
    pkt_pool_free(pool);
}

int frame_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length_frames_are_cut),
        cmocka_unit_test(turn_messages_are_cut),
        cmocka_unit_test(too_long_is_refused_at_once),
        cmocka_unit_test(what_is_put_is_taken),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
