/*
 * base/rd.h and base/wr.h: bytes in and out.
 */
#include "suite.h"

#include "base/rd.h"
#include "base/wr.h"

static void test_round_trip(void **state)
{
    uint8_t buf[64];
    struct wr w = wr_init(buf, sizeof(buf));
    struct rd r;

    (void)state;
    wr_u8(&w, 0xab);
    wr_u16(&w, 0x1234);
    wr_u24(&w, 0x56789a);
    wr_u32(&w, 0xdeadbeef);
    wr_u64(&w, 0x0123456789abcdef);
    wr_str(&w, S("xyz"));
    assert_false(w.err);
    assert_int_equal(wr_len(&w), 1 + 2 + 3 + 4 + 8 + 3);
    assert_int_equal(buf[1], 0x12); /* network order */
    r = rd_init(buf, wr_len(&w));
    assert_int_equal(rd_u8(&r), 0xab);
    assert_int_equal(rd_u16(&r), 0x1234);
    assert_int_equal(rd_u24(&r), 0x56789a);
    assert_true(rd_u32(&r) == 0xdeadbeef);
    assert_true(rd_u64(&r) == 0x0123456789abcdef);
    assert_memory_equal(rd_bytes(&r, 3), "xyz", 3);
    assert_false(r.err);
    assert_int_equal(rd_left(&r), 0);
}

static void test_reading_past_the_end(void **state)
{
    static const uint8_t three[] = {1, 2, 3};
    struct rd r = rd_init(three, 3);

    (void)state;
    assert_int_equal(rd_u32(&r), 0);
    assert_true(r.err);
    assert_int_equal(rd_u8(&r), 0); /* the error stays */
    r = rd_init(three, 3);
    assert_int_equal(rd_u64(&r), 0);
    assert_true(r.err);
    r = rd_init(NULL, 0);
    assert_int_equal(rd_left(&r), 0);
    assert_null(rd_bytes(&r, 1));
    r = rd_init(three, 3);
    assert_null(rd_bytes(&r, SIZE_MAX));
}

static void test_part(void **state)
{
    static const uint8_t five[] = {1, 2, 3, 4, 5};
    struct rd r = rd_init(five, 5), part = rd_sub(&r, 2), none;

    (void)state;
    assert_int_equal(rd_u16(&part), 0x0102);
    assert_int_equal(rd_u8(&part), 0);
    assert_true(part.err);
    assert_false(r.err);
    assert_int_equal(rd_u8(&r), 3);
    none = rd_sub(&r, 3);
    assert_true(none.err && r.err);
}

static void test_writing_past_the_end(void **state)
{
    uint8_t buf[4] = {9, 9, 9, 9};
    struct wr w = wr_init(buf, 3);

    (void)state;
    wr_u16(&w, 0x0102);
    wr_u16(&w, 0x0304);
    assert_true(w.err);
    wr_u8(&w, 5);
    assert_int_equal(wr_len(&w), 2);
    assert_int_equal(buf[2], 9);
    assert_int_equal(buf[3], 9);
    assert_null(wr_take(&w, 0));
    w = wr_init(buf, 3);
    wr_bytes(&w, NULL, 0);
    assert_false(w.err);
}

int bytes_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_reading_past_the_end),
        cmocka_unit_test(test_part),
        cmocka_unit_test(test_writing_past_the_end),
    };

    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
