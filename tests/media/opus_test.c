#include "media/opus.h"

#include "base/err.h"
#include "suites.h"

static void check(const char *text, int err, unsigned frames, uint32_t packet_us, bool is_dtx)
{
    uint8_t p[64];
    size_t n = unhex(p, sizeof(p), text);
    struct opus o = {0};

    assert_int_equal(opus_parse(p, n, &o), err);
    if (err)
        return;
    assert_int_equal(o.frames, frames);
    assert_int_equal(o.packet_us, packet_us);
    assert_int_equal(o.is_dtx, is_dtx);
}

static void test_lengths(void **state)
{
    (void)state;
    check("78 01 02 03", 0, 1, 20000, false);    /* hybrid, fullband, one frame */
    check("fc ff fe", 0, 1, 20000, false);       /* CELT stereo 20 ms: what Chromium's silence is */
    check("18 01 02", 0, 1, 60000, false);       /* SILK 60 ms */
    check("81 01 02 03 04", 0, 2, 5000, false);  /* two equal frames of 2.5 ms */
    check("7a 02 01 02 03", 0, 2, 40000, false); /* two frames, the first of 2 bytes */
    check("7b 03 0102 0304 0506", 0, 3, 60000, false); /* three, constant rate */
    check("7b 83 01 01 aa bb cccc", 0, 3, 60000, false);
}

static void test_dtx(void **state)
{
    (void)state;
    check("78", 0, 1, 20000, true);
    check("78 00", 0, 1, 20000, true);
    check("7b 03 01 02 03", 0, 3, 60000, true);
}

static void test_rules_broken(void **state)
{
    (void)state;
    check("", ERR_TRUNCATED, 0, 0, false);
    check("79 01 02 03", ERR_SYNTAX, 0, 0, false); /* R3: odd */
    check("7a", ERR_SYNTAX, 0, 0, false);
    check("7a 09 01", ERR_SYNTAX, 0, 0, false); /* R4 */
    check("7b", ERR_SYNTAX, 0, 0, false);
    check("7b 00", ERR_SYNTAX, 0, 0, false);          /* R5: no frame */
    check("1b 03 01 02 03", ERR_SYNTAX, 0, 0, false); /* R5: 180 ms */
    check("7b 02 01 02 03", ERR_SYNTAX, 0, 0, false); /* R6 */
    check("7b 41 ff 01", ERR_SYNTAX, 0, 0, false);    /* padding longer than the packet */
    check("7b 82 09 01", ERR_SYNTAX, 0, 0, false);    /* R7 */
}

static void test_padding_is_no_sound(void **state)
{
    (void)state;
    check("7b 41 03 aa 00 00 00", 0, 1, 20000, true);
}

int opus_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_dtx),
        cmocka_unit_test(test_rules_broken),
        cmocka_unit_test(test_padding_is_no_sound),
    };

    return cmocka_run_group_tests_name("opus", tests, NULL, NULL);
}
