#include "media/h264.h"

#include "base/err.h"
#include "suites.h"

static int parse(const char *hex, struct h264 *to)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p), hex);

    return h264_parse(p, n, to);
}

static void test_single(void **state)
{
    struct h264 h;

    (void)state;
    assert_int_equal(parse("67 42e01f", &h), 0);
    assert_true(h.has_sps && !h.has_idr);
    assert_int_equal(parse("65 8880", &h), 0);
    assert_true(h.has_idr && !h.has_sps);
    assert_int_equal(parse("41 9a00", &h), 0);
    assert_false(h.has_idr || h.has_sps);
}

/* SPS, PPS and IDR in one packet, as browsers send a small key frame. */
static void test_aggregate(void **state)
{
    struct h264 h;

    (void)state;
    assert_int_equal(parse("78 0004 6742e01f 0003 68ce3c 0002 6588", &h), 0);
    assert_true(h.has_sps && h.has_idr);
    assert_int_equal(parse("78 0002 0910 0002 419a", &h), 0);
    assert_false(h.has_sps || h.has_idr);
    assert_int_equal(parse("78 0009 6742", &h), ERR_TRUNCATED);
    assert_int_equal(parse("78 0000", &h), ERR_TRUNCATED);
}

/* Only the first piece begins the picture. */
static void test_pieces(void **state)
{
    struct h264 h;

    (void)state;
    assert_int_equal(parse("7c 85 8880", &h), 0);
    assert_true(h.has_idr);
    assert_int_equal(parse("7c 05 8880", &h), 0);
    assert_false(h.has_idr);
    assert_int_equal(parse("7c 45 8880", &h), 0);
    assert_false(h.has_idr);
}

static void test_refused(void **state)
{
    struct h264 h = {.has_sps = true};

    (void)state;
    assert_int_equal(h264_parse(NULL, 0, &h), ERR_TRUNCATED);
    assert_int_equal(parse("67", &h), ERR_TRUNCATED);
    assert_int_equal(parse("79 0001 0004 67", &h), ERR_SYNTAX); /* STAP-B: mode 2 alone */
    assert_int_equal(parse("00 00", &h), ERR_SYNTAX);
    assert_true(h.has_sps); /* untouched */
}

int h264_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single),
        cmocka_unit_test(test_aggregate),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests_name("h264", tests, NULL, NULL);
}
