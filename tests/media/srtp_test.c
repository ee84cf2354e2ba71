/* The statics are reached for the vectors that give session keys instead of master keys. */
#include "media/srtp.c"

#include "srtp_oracle.h"
#include "suites.h"

#include <string.h>

static const uint8_t master[SRTP_KEY + SRTP_MAX_SALT] = {
    0xE1, 0xF9, 0x7A, 0x0D, 0x3E, 0x01, 0x8B, 0xE0, 0xD6, 0x4F, 0xA3, 0x2C, 0x06, 0xDE, 0x41,
    0x39, 0x0E, 0xC6, 0x75, 0xAD, 0x49, 0x8A, 0xFE, 0xEB, 0xB6, 0x96, 0x0B, 0x3A, 0xAB, 0xE6};

static const enum srtp_suite suites[] = {SRTP_AEAD_AES_128_GCM, SRTP_AES_CM_128_HMAC_SHA1_80};

static struct srtp_keys *keys(enum srtp_suite suite, bool is_tx)
{
    struct srtp_keys *k = NULL;

    assert_int_equal(srtp_keys_new(suite, is_tx, master, master + SRTP_KEY, &k), 0);
    return k;
}

/* ---- vectors ---- */

/* RFC 3711 B.3 */
static void test_derivation_vector(void **state)
{
    uint8_t want[32], got[32];
    struct wr w = wr_init(got, 16);
    size_t n = unhex(want, sizeof(want), "C61E7A93744F39EE10734AFE3FF7A087");

    (void)state;
    assert_int_equal(derive(master, master + SRTP_KEY, CM_SALT, LABEL_CIPHER, &w), 0);
    assert_memory_equal(got, want, n);
    n = unhex(want, sizeof(want), "30CBBC08863D8C85D49DB34A9AE1");
    w = wr_init(got, n);
    assert_int_equal(derive(master, master + SRTP_KEY, CM_SALT, LABEL_SALT, &w), 0);
    assert_memory_equal(got, want, n);
    n = unhex(want, sizeof(want), "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
    w = wr_init(got, n);
    assert_int_equal(derive(master, master + SRTP_KEY, CM_SALT, LABEL_AUTH, &w), 0);
    assert_memory_equal(got, want, n);
}

/* Gives the RTP or RTCP half session keys of a vector. */
static void set_session(struct srtp_keys *k, struct half *h, const char *key, const char *salt)
{
    bool is_gcm = k->suite == SRTP_AEAD_AES_128_GCM;
    uint8_t session[SRTP_KEY];

    unhex(session, sizeof(session), key);
    memset(h->salt, 0, sizeof(h->salt));
    unhex(h->salt, sizeof(h->salt), salt);
    assert_int_equal(EVP_CipherInit_ex(h->cipher, is_gcm ? EVP_aes_128_gcm() : EVP_aes_128_ctr(),
                                       NULL, session, NULL, k->is_tx || !is_gcm),
                     1);
}

/* RFC 3711 B.2: the key stream of SSRC 0, index 0. */
static void test_counter_mode_vector(void **state)
{
    struct srtp_keys *k = keys(SRTP_AES_CM_128_HMAC_SHA1_80, true);
    uint8_t want[48], zeros[48] = {0}, got[48];
    size_t n = unhex(want, sizeof(want),
                     "E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB"
                     "41E95B3BB0A2E8DD477901E4FCA894C0");

    (void)state;
    set_session(k, &k->rtp, "2B7E151628AED2A6ABF7158809CF4F3C", "F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
    assert_int_equal(set_iv(k, &k->rtp, 0, 0), 0);
    assert_int_equal(feed(&k->rtp, got, zeros, n), 0);
    assert_memory_equal(got, want, n);
    srtp_keys_free(k);
}

static const char gcm_key[] = "000102030405060708090a0b0c0d0e0f";
static const char gcm_salt[] = "517569642070726f2071756f";

/* RFC 7714 16.1.1 */
static void test_gcm_rtp_vector(void **state)
{
    struct srtp_keys *k = keys(SRTP_AEAD_AES_128_GCM, true);
    uint8_t plain[128], want[128], got[128];
    size_t n = unhex(plain, sizeof(plain),
                     "8040f17b 8041f8d3 5501a0b2 47616c6c696120657374206f6d6e697320646976697361"
                     "20696e207061727465732074726573"),
           got_n;
    struct srtp_parts in = {plain, 12, plain + 12, 5, plain + 17, n - 17};
    struct srtp_tx tx = {0};

    (void)state;
    unhex(want, sizeof(want),
          "8040f17b 8041f8d3 5501a0b2 "
          "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b"
          "36de3adf8833 899d7f27beb16a9152cf765ee4390cce");
    set_session(k, &k->rtp, gcm_key, gcm_salt);
    assert_int_equal(srtp_protect(k, &tx, &in, got, sizeof(got), &got_n), 0);
    assert_int_equal(got_n, n + 16);
    assert_memory_equal(got, want, got_n);
    srtp_keys_free(k);
}

/* RFC 7714 16.3.1: index 0x5d4 */
static void test_gcm_rtcp_vector(void **state)
{
    struct srtp_keys *k = keys(SRTP_AEAD_AES_128_GCM, true);
    uint8_t plain[128], want[128], got[128];
    size_t n = unhex(plain, sizeof(plain),
                     "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61"
                     "deadbeef deadbeef deadbeef deadbeef deadbeef"),
           got_n;

    (void)state;
    unhex(
        want, sizeof(want),
        "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda"
        "4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4");
    k->rtcp_index = 0x5d3;
    set_session(k, &k->rtcp, gcm_key, gcm_salt);
    assert_int_equal(srtcp_protect(k, plain, n, got, sizeof(got), &got_n), 0);
    assert_int_equal(got_n, n + 20);
    assert_memory_equal(got, want, got_n);
    srtp_keys_free(k);
}

/* ---- libsrtp2 as oracle ---- */

static struct srtp_oracle *oracle(enum srtp_suite suite, bool is_tx)
{
    struct srtp_oracle *o = srtp_oracle_new(suite == SRTP_AEAD_AES_128_GCM, is_tx, master);

    assert_non_null(o);
    return o;
}

/* A packet with an extension and a payload that depends on the number. */
static size_t packet(uint8_t *p, unsigned i)
{
    struct wr w = wr_init(p, 256);

    wr_u8(&w, 0x90);
    wr_u8(&w, 96);
    wr_u16(&w, (uint16_t)(65000 + i));
    wr_u32(&w, i * 960);
    wr_u32(&w, 0xC0FFEE01);
    wr_u32(&w, 0xBEDE0001);
    wr_u32(&w, 0x10850000);
    for (unsigned n = 0; n < 40 + i % 100; n++)
        wr_u8(&w, (uint8_t)(n * i));
    return wr_len(&w);
}

enum { PACKETS = 140000, HEADER = 20 }; /* over two wraps of the sequence number */

static void ours_to_oracle(enum srtp_suite suite)
{
    struct srtp_keys *k = keys(suite, true);
    struct srtp_oracle *s = oracle(suite, false);
    struct srtp_tx tx = {0};
    uint8_t plain[256], got[512];

    for (unsigned i = 0; i < PACKETS; i += i % 3 ? 1 : 40) {
        size_t n = packet(plain, i), got_n;
        struct srtp_parts in = {
            plain, HEADER, plain + HEADER, i % 7, plain + HEADER + i % 7, n - HEADER - i % 7};

        assert_int_equal(srtp_protect(k, &tx, &in, got, sizeof(got), &got_n), 0);
        assert_true(srtp_oracle_unprotect(s, got, &got_n));
        assert_int_equal(got_n, n);
        assert_memory_equal(got, plain, n);
    }
    assert_int_equal(tx.w.top >> 16, 3);
    srtp_oracle_free(s);
    srtp_keys_free(k);
}

static void oracle_to_ours(enum srtp_suite suite)
{
    struct srtp_keys *k = keys(suite, false);
    struct srtp_oracle *s = oracle(suite, true);
    struct srtp_rx rx = {0};
    uint8_t plain[256], got[512];

    for (unsigned i = 0; i < PACKETS; i += i % 3 ? 1 : 40) {
        size_t n = packet(plain, i), sent = n, got_n;

        memcpy(got, plain, n);
        assert_true(srtp_oracle_protect(s, got, &sent));
        assert_int_equal(srtp_unprotect(k, &rx, got, sent, &got_n), 0);
        assert_int_equal(got_n, n);
        assert_memory_equal(got, plain, n);
    }
    srtp_oracle_free(s);
    srtp_keys_free(k);
}

static void test_oracle_rtp(void **state)
{
    (void)state;
    for (size_t i = 0; i < NELEM(suites); i++) {
        ours_to_oracle(suites[i]);
        oracle_to_ours(suites[i]);
    }
}

static void test_oracle_rtcp(void **state)
{
    uint8_t plain[64], got[256];
    size_t n = unhex(plain, sizeof(plain), "80c90001 0000002a 81cb0002 0000002a 00000000");

    (void)state;
    for (size_t i = 0; i < NELEM(suites); i++) {
        struct srtp_keys *tx_k = keys(suites[i], true), *rx_k = keys(suites[i], false);
        struct srtp_oracle *in = oracle(suites[i], false), *out = oracle(suites[i], true);
        struct srtcp_rx rx = {0};

        for (unsigned j = 0; j < 300; j++) {
            size_t sent = n, got_n;

            assert_int_equal(srtcp_protect(tx_k, plain, n, got, sizeof(got), &got_n), 0);
            assert_true(srtp_oracle_unprotect_rtcp(in, got, &got_n));
            assert_int_equal(got_n, n);
            assert_memory_equal(got, plain, n);
            memcpy(got, plain, n);
            assert_true(srtp_oracle_protect_rtcp(out, got, &sent));
            assert_int_equal(srtcp_unprotect(rx_k, &rx, got, sent, &got_n), 0);
            assert_int_equal(got_n, n);
            assert_memory_equal(got, plain, n);
        }
        srtp_oracle_free(in);
        srtp_oracle_free(out);
        srtp_keys_free(tx_k);
        srtp_keys_free(rx_k);
    }
}

/* ---- what must be refused ---- */

struct pair {
    struct srtp_keys *tx_k, *rx_k;
    struct srtp_tx tx;
    struct srtp_rx rx;
};

static struct pair pair(enum srtp_suite suite)
{
    return (struct pair){.tx_k = keys(suite, true), .rx_k = keys(suite, false)};
}

static void pair_done(struct pair *p)
{
    srtp_keys_free(p->tx_k);
    srtp_keys_free(p->rx_k);
}

static size_t sealed(struct pair *p, unsigned i, uint8_t got[static 320])
{
    uint8_t plain[256];
    size_t n = packet(plain, i), got_n;
    struct srtp_parts in = {plain, HEADER, NULL, 0, plain + HEADER, n - HEADER};

    assert_int_equal(srtp_protect(p->tx_k, &p->tx, &in, got, 320, &got_n), 0);
    return got_n;
}

static void test_replay(void **state)
{
    (void)state;
    for (size_t s = 0; s < NELEM(suites); s++) {
        struct pair p = pair(suites[s]);
        uint8_t kept[200][320], copy[320];
        size_t n[200], got_n;

        for (unsigned i = 0; i < 200; i++)
            n[i] = sealed(&p, 450 + i, kept[i]); /* wraps in the middle */
        for (unsigned i = 0; i < 200; i += 2) {
            memcpy(copy, kept[i], n[i]);
            assert_int_equal(srtp_unprotect(p.rx_k, &p.rx, copy, n[i], &got_n), 0);
        }
        for (unsigned i = 0; i < 200;
             i++) { /* late ones come once, those behind the window never */
            int want = i % 2 == 0 || i < 198 - SRTP_WINDOW + 1 ? ERR_REPLAY : 0;

            memcpy(copy, kept[i], n[i]);
            assert_int_equal(srtp_unprotect(p.rx_k, &p.rx, copy, n[i], &got_n), want);
            memcpy(copy, kept[i], n[i]);
            assert_int_equal(srtp_unprotect(p.rx_k, &p.rx, copy, n[i], &got_n), ERR_REPLAY);
        }
        pair_done(&p);
    }
}

static void test_nothing_is_sent_twice(void **state)
{
    struct pair p = pair(SRTP_AEAD_AES_128_GCM);
    uint8_t plain[256], got[320];
    size_t n = packet(plain, 1), got_n;
    struct srtp_parts in = {plain, HEADER, NULL, 0, plain + HEADER, n - HEADER};

    (void)state;
    assert_int_equal(srtp_protect(p.tx_k, &p.tx, &in, got, n + 15, &got_n), ERR_TOO_BIG);
    assert_int_equal(srtp_protect(p.tx_k, &p.tx, &in, got, n + 16, &got_n), 0);
    assert_int_equal(srtp_protect(p.tx_k, &p.tx, &in, got, n + 16, &got_n), ERR_REPLAY);
    in.header_n = 11;
    assert_int_equal(srtp_protect(p.tx_k, &p.tx, &in, got, n + 16, &got_n), ERR_TRUNCATED);
    pair_done(&p);
}

static void test_tampering(void **state)
{
    (void)state;
    for (size_t s = 0; s < NELEM(suites); s++) {
        struct pair p = pair(suites[s]);
        uint8_t good[320], bad[320];
        size_t n = sealed(&p, 3, good), got_n;
        struct srtp_rx before = p.rx;

        for (size_t i = 0; i < n; i++) {
            memcpy(bad, good, n);
            bad[i] ^= 0x04;
            assert_true(srtp_unprotect(p.rx_k, &p.rx, bad, n, &got_n) < 0);
            memcpy(bad, good, n);
            assert_true(srtp_unprotect(p.rx_k, &p.rx, bad, i, &got_n) < 0);
        }
        assert_memory_equal(&p.rx, &before, sizeof(before)); /* forged packets move nothing */
        assert_int_equal(srtp_unprotect(p.rx_k, &p.rx, good, n, &got_n), 0);
        pair_done(&p);
    }
}

static void test_rtcp_refusals(void **state)
{
    (void)state;
    for (size_t s = 0; s < NELEM(suites); s++) {
        struct pair p = pair(suites[s]);
        struct srtcp_rx rx = {0};
        uint8_t plain[16], good[64], bad[64];
        size_t n = unhex(plain, sizeof(plain), "80c90001 0000002a 80c90001 0000002a"), sent = 0,
               got_n;

        assert_int_equal(srtcp_protect(p.tx_k, plain, n, good, sizeof(good), &sent), 0);
        for (size_t i = 0; i < sent; i++) {
            memcpy(bad, good, sent);
            bad[i] ^= 0x40;
            assert_true(srtcp_unprotect(p.rx_k, &rx, bad, sent, &got_n) < 0);
            memcpy(bad, good, sent);
            assert_true(srtcp_unprotect(p.rx_k, &rx, bad, i, &got_n) < 0);
        }
        assert_int_equal(rx.n, 0);
        memcpy(bad, good, sent);
        assert_int_equal(srtcp_unprotect(p.rx_k, &rx, bad, sent, &got_n), 0);
        assert_int_equal(srtcp_unprotect(p.rx_k, &rx, good, sent, &got_n), ERR_REPLAY);
        p.tx_k->rtcp_index = MAX_INDEX;
        assert_int_equal(srtcp_protect(p.tx_k, plain, n, good, sizeof(good), &sent), ERR_STATE);
        pair_done(&p);
    }
}

static void test_rtcp_senders_are_bounded(void **state)
{
    struct pair p = pair(SRTP_AEAD_AES_128_GCM);
    struct srtcp_rx rx = {0};
    uint8_t plain[8], got[64];
    size_t n = unhex(plain, sizeof(plain), "80c90001 00000000"), sent, got_n;

    (void)state;
    for (unsigned i = 0; i <= SRTCP_MAX_SSRCS; i++) {
        plain[7] = (uint8_t)i;
        assert_int_equal(srtcp_protect(p.tx_k, plain, n, got, sizeof(got), &sent), 0);
        assert_int_equal(srtcp_unprotect(p.rx_k, &rx, got, sent, &got_n),
                         i < SRTCP_MAX_SSRCS ? 0 : ERR_FULL);
    }
    pair_done(&p);
}

/* RFC 3711 3.3.1 */
static void test_index_guess(void **state)
{
    struct srtp_window w = {0};
    uint64_t index;

    (void)state;
    assert_true(guess_index(&w, 65535, &index) && index == 65535);
    window_add(&w, index);
    assert_true(guess_index(&w, 0, &index) && index == 65536);
    window_add(&w, index);
    assert_true(guess_index(&w, 65535, &index) && index == 65535);
    assert_true(guess_index(&w, 32767, &index) && index == 65536 + 32767);
    w = (struct srtp_window){.top = 5, .is_begun = true};
    assert_false(guess_index(&w, 65000, &index)); /* before the first */
    w.top = (UINT64_C(7) << 16) + 40000;
    assert_true(guess_index(&w, 100, &index) && index == (UINT64_C(8) << 16) + 100);
    assert_true(guess_index(&w, 39000, &index) && index == (UINT64_C(7) << 16) + 39000);
}

/* Our client half and our server half of one exporter output understand each other. */
static void test_export(void **state)
{
    uint8_t material[SRTP_MAX_MATERIAL], got[320];
    struct srtp_keys *k[4];
    struct pair p = {0};
    size_t n, got_n;

    (void)state;
    for (unsigned i = 0; i < sizeof(material); i++)
        material[i] = (uint8_t)(i * 7);
    for (size_t s = 0; s < NELEM(suites); s++) {
        assert_true(srtp_material_bytes(suites[s]) <= sizeof(material));
        assert_int_equal(srtp_keys_export(suites[s], material, true, &k[0], &k[1]), 0);
        assert_int_equal(srtp_keys_export(suites[s], material, false, &k[2], &k[3]), 0);
        p = (struct pair){.tx_k = k[1], .rx_k = k[2]};
        n = sealed(&p, 9, got);
        assert_int_equal(srtp_unprotect(p.rx_k, &p.rx, got, n, &got_n), 0);
        p = (struct pair){.tx_k = k[3], .rx_k = k[0]};
        n = sealed(&p, 9, got);
        assert_int_equal(srtp_unprotect(p.rx_k, &p.rx, got, n, &got_n), 0);
        for (int i = 0; i < 4; i++)
            srtp_keys_free(k[i]);
    }
    assert_int_equal(srtp_keys_export(SRTP_NONE, material, true, &k[0], &k[1]), ERR_UNSUPPORTED);
}

int srtp_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivation_vector),
        cmocka_unit_test(test_counter_mode_vector),
        cmocka_unit_test(test_gcm_rtp_vector),
        cmocka_unit_test(test_gcm_rtcp_vector),
        cmocka_unit_test(test_oracle_rtp),
        cmocka_unit_test(test_oracle_rtcp),
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_nothing_is_sent_twice),
        cmocka_unit_test(test_tampering),
        cmocka_unit_test(test_rtcp_refusals),
        cmocka_unit_test(test_rtcp_senders_are_bounded),
        cmocka_unit_test(test_index_guess),
        cmocka_unit_test(test_export),
    };

    return cmocka_run_group_tests_name("srtp", tests, NULL, NULL);
}
