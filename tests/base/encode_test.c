#include "suite.h"

#include "base/ct.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/random.h"
#include "base/str.h"

#include <string.h>

static void test_hex(void **state)
{
    uint8_t bytes[3] = {0, 0, 0};
    char text[7];

    (void)state;
    encode_hex(text, "\x00\xaf\x10", 3);
    assert_string_equal(text, "00af10");
    assert_int_equal(decode_hex(bytes, 3, S("00AF10")), 0);
    assert_memory_equal(bytes, "\x00\xaf\x10", 3);
    assert_int_equal(decode_hex(bytes, 3, S("00af1")), ERR_SYNTAX);
    assert_int_equal(decode_hex(bytes, 3, S("00af100")), ERR_SYNTAX);
    assert_int_equal(decode_hex(bytes, 3, S("00ag10")), ERR_SYNTAX);
}

/* RFC 4648 section 10 */
static void test_base64_vectors(void **state)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
    char text[16];
    uint8_t back[8];
    size_t n;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(encode_base64(text, rows[i][0], strlen(rows[i][0])), strlen(rows[i][1]));
        assert_string_equal(text, rows[i][1]);
        assert_int_equal(decode_base64(back, sizeof(back), str_c(text), &n), 0);
        assert_int_equal(n, strlen(rows[i][0]));
        assert_memory_equal(back, rows[i][0], n);
    }
    encode_base64url(text, "\xfb\xff", 2);
    assert_string_equal(text, "-_8");
    encode_base64(text, "\xfb\xff", 2);
    assert_string_equal(text, "+/8=");
}

static void test_bad_base64(void **state)
{
    uint8_t back[2];
    size_t n = 77;

    (void)state;
    assert_int_equal(decode_base64(back, 2, S("Zm9v"), &n), ERR_TOO_BIG);
    assert_int_equal(decode_base64(back, 2, S("Z"), &n), ERR_SYNTAX);
    assert_int_equal(decode_base64(back, 2, S("Z==="), &n), ERR_SYNTAX);
    assert_int_equal(decode_base64(back, 2, S("Z g="), &n), ERR_SYNTAX);
    assert_int_equal(n, 77);
    assert_int_equal(decode_base64(back, 2, S("Zg"), &n), 0);
    assert_int_equal(n, 1);
}

static void test_comparison_of_secrets(void **state)
{
    char key[4] = {1, 2, 3, 4};

    (void)state;
    assert_true(ct_equal("abc", "abc", 3));
    assert_false(ct_equal("abc", "abd", 3));
    assert_true(ct_equal("abc", "xyz", 0));
    assert_true(ct_str_equal(S("abc"), S("abc")));
    assert_false(ct_str_equal(S("abc"), S("ab")));
    ct_wipe(key, sizeof(key));
    assert_memory_equal(key, "\0\0\0\0", 4);
}

static void test_random(void **state)
{
    char a[23], b[23];

    (void)state;
    random_token(a, 22);
    random_token(b, 22);
    assert_int_equal(strlen(a), 22);
    assert_string_not_equal(a, b);
    for (size_t i = 0; i < 22; i++)
        assert_true((a[i] >= '0' && a[i] <= '9') || (a[i] >= 'A' && a[i] <= 'Z') ||
                    (a[i] >= 'a' && a[i] <= 'z'));
    assert_true(random_u64() != random_u64());
}

int encode_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex),        cmocka_unit_test(test_base64_vectors),
        cmocka_unit_test(test_bad_base64), cmocka_unit_test(test_comparison_of_secrets),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
