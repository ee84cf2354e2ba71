#include "suites.h"

#include "base/random.h"
#include "base/str.h"
#include "media/hmac_sha1.c"

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#include <openssl/hmac.h>
#undef ERR_STATE

/* RFC 2202 3, cases 1, 2, 3 and 6 (a key longer than a block). */
static void vectors_of_rfc_2202(void **state)
{
    static const uint8_t want[4][HMAC_SHA1_TAG] = {
        {0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b,
         0xc0, 0xb6, 0xfb, 0x37, 0x8c, 0x8e, 0xf1, 0x46, 0xbe, 0x00},
        {0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74,
         0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79},
        {0x12, 0x5d, 0x73, 0x42, 0xb9, 0xac, 0x11, 0xcd, 0x91, 0xa3,
         0x9a, 0xf4, 0x8a, 0xa1, 0x7b, 0x4f, 0x63, 0xf1, 0x75, 0xd3},
        {0xaa, 0x4a, 0xe5, 0xe1, 0x52, 0x72, 0xd0, 0x0e, 0x95, 0x70,
         0x56, 0x37, 0xce, 0x8a, 0x3b, 0x55, 0xed, 0x40, 0x21, 0x12},
    };
    char b20[20], aa[80], dd[50];
    str key[4], data[4] = {S("Hi There"), S("what do ya want for nothing?"), {dd, sizeof(dd)},
                           S("Test Using Larger Than Block-Size Key - Hash Key First")};
    struct hmac_sha1 h;
    uint8_t tag[HMAC_SHA1_TAG];

    (void)state;
    memset(b20, 0x0b, sizeof(b20));
    memset(aa, 0xaa, sizeof(aa));
    memset(dd, 0xdd, sizeof(dd));
    key[0] = (str){b20, sizeof(b20)};
    key[1] = S("Jefe");
    key[2] = (str){aa, 20};
    key[3] = (str){aa, sizeof(aa)};
    for (int i = 0; i < 4; i++) {
        hmac_sha1_init(&h, key[i].p, key[i].n);
        hmac_sha1(&h, data[i], (str){0}, tag);
        assert_memory_equal(tag, want[i], sizeof(tag));
    }
}

/* In whichever two parts, and again with the same key. */
static void as_openssl_says(void **state)
{
    uint8_t bytes[300], tag[HMAC_SHA1_TAG], want[EVP_MAX_MD_SIZE];
    struct hmac_sha1 h;

    (void)state;
    random_bytes(bytes, sizeof(bytes));
    for (int n = 0; n < 150; n++) {
        hmac_sha1_init(&h, bytes, (size_t)n);
        for (int cut = 0; cut < 150; cut += 7) {
            str a = {(char *)bytes + 150, (size_t)cut}, b = {a.p + cut, (size_t)(150 - cut)};

            hmac_sha1(&h, a, b, tag);
            assert_non_null(HMAC(EVP_sha1(), bytes, n, bytes + 150, 150, want, NULL));
            assert_memory_equal(tag, want, sizeof(tag));
        }
    }
}

int hmac_sha1_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_rfc_2202),
        cmocka_unit_test(as_openssl_says),
    };

    return cmocka_run_group_tests_name("hmac_sha1", tests, NULL, NULL);
}
