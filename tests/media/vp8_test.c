#include "media/vp8.h"

#include "base/err.h"
#include "base/wr.h"
#include "suites.h"

static struct vp8 parsed(const char *text, uint8_t *p, size_t room)
{
    size_t n = unhex(p, room, text);
    struct vp8 v;

    assert_int_equal(vp8_parse(p, n, &v), 0);
    return v;
}

/* RFC 7741 4.5.1: key frame, 15-bit id, TL0PICIDX, TID and KEYIDX; then 640 × 480. */
static void test_key_frame(void **state)
{
    uint8_t p[32];
    struct vp8 v = parsed("90 f0 91 23 45 65 10 0000 9d012a 8002 e001", p, sizeof(p));

    (void)state;
    assert_int_equal(v.n, 6);
    assert_true(v.is_start && v.is_key && v.has_picture_id && v.is_long_id);
    assert_int_equal(v.picture_id, 0x1123);
    assert_int_equal(v.tl0, 0x45);
    assert_int_equal(v.tid, 1);
    assert_true(v.y && v.has_key_idx);
    assert_int_equal(v.key_idx, 5);
    assert_int_equal(v.width, 640);
    assert_int_equal(v.height, 480);
}

static void test_plain_delta(void **state)
{
    uint8_t p[32];
    struct vp8 v = parsed("10 11 00", p, sizeof(p));

    (void)state;
    assert_int_equal(v.n, 1);
    assert_true(v.is_start && !v.is_key && !v.has_picture_id);
    v = parsed("00 10 00", p,
               sizeof(p)); /* going on: what looks like a key frame tag is picture data */
    assert_false(v.is_start || v.is_key);
    v = parsed("11 10 00", p, sizeof(p)); /* start of the second partition */
    assert_false(v.is_start || v.is_key);
    v = parsed("30 11", p, sizeof(p));
    assert_true(v.is_non_reference);
}

static void test_short_key_frame_has_no_size(void **state)
{
    uint8_t p[32];
    struct vp8 v = parsed("10 10 0000 9d012a 8002 e0", p, sizeof(p));

    (void)state;
    assert_true(v.is_key);
    assert_int_equal(v.width, 0);
}

static void test_truncated(void **state)
{
    uint8_t p[32];
    size_t n = unhex(p, sizeof(p), "90 f0 91 23 45 65 11");
    struct vp8 v;

    (void)state;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(vp8_parse(p, i, &v), ERR_TRUNCATED);
    assert_int_equal(vp8_parse(p, n, &v), 0);
}

/* What is written is read back; a 7-bit id grows to 15 bits. */
static void test_write(void **state)
{
    uint8_t p[32], to[VP8_MAX_DESCRIPTOR + 1];
    struct vp8 v = parsed("b0 f0 23 45 65 11", p, sizeof(p)), back;
    struct wr w = wr_init(to, sizeof(to));

    (void)state;
    assert_false(v.is_long_id);
    vp8_write(&w, &v);
    assert_int_equal(wr_len(&w), VP8_MAX_DESCRIPTOR);
    wr_u8(&w, 0x11);
    assert_false(w.err);
    assert_int_equal(vp8_parse(to, wr_len(&w), &back), 0);
    assert_true(back.is_long_id && back.is_non_reference && back.is_start && back.y);
    assert_int_equal(back.picture_id, 0x23);
    assert_int_equal(back.tl0, 0x45);
    assert_int_equal(back.tid, 1);
    assert_int_equal(back.key_idx, 5);
    v = parsed("10 11", p, sizeof(p));
    w = wr_init(to, sizeof(to));
    vp8_write(&w, &v);
    assert_int_equal(wr_len(&w), 1);
    assert_int_equal(to[0], 0x10);
}

int vp8_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_frame),
        cmocka_unit_test(test_plain_delta),
        cmocka_unit_test(test_short_key_frame_has_no_size),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_write),
    };

    return cmocka_run_group_tests_name("vp8", tests, NULL, NULL);
}
