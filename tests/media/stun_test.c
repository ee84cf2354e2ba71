#include "media/stun.h"

#include "base/err.h"
#include "base/str.h"
#include "base/wr.h"
#include "suites.h"

#include <string.h>

/* RFC 5769 2.1, 2.2, 2.3. Padding of texts is 0x20 there, which is allowed. */
static const char request_hex[] =
    "00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff 80290008 932ff9b151263b36 00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf";
static const char response_v4_hex[] =
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220"
    "00200008 0001a147e112a643 00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004 c07d4c96";
static const char response_v6_hex[] =
    "01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220"
    "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c";
#define PASSWORD S("VOkJxbRl1RmTxUk/WvJxBt")

static void test_request_vector(void **state)
{
    uint8_t p[256];
    size_t n = unhex(p, sizeof(p), request_hex);
    struct stun m;

    (void)state;
    assert_true(stun_is(p, n));
    assert_int_equal(stun_parse(p, n, &m), 0);
    assert_int_equal(m.class, STUN_REQUEST);
    assert_int_equal(m.method, STUN_BINDING);
    assert_true(str_eq(m.username, S("evtj:h6vY")));
    assert_true(str_eq(m.software, S("STUN test client")));
    assert_true(m.has_priority);
    assert_int_equal(m.priority, 0x6e0001ff);
    assert_int_equal(m.role, STUN_CONTROLLED);
    assert_true(m.tie_breaker == 0x932ff9b151263b36);
    assert_int_equal(m.nunknown, 0);
    assert_int_equal(stun_check(&m, PASSWORD), 0);
    assert_int_equal(stun_check(&m, S("VOkJxbRl1RmTxUk/WvJxBs")), ERR_CRYPTO);
    assert_int_equal(stun_check(&m, (str){0}), ERR_CRYPTO);
}

static void check_response(const char *text, const char *ip)
{
    uint8_t p[256];
    size_t n = unhex(p, sizeof(p), text);
    char got[ADDR_TEXT];
    struct stun m;

    assert_int_equal(stun_parse(p, n, &m), 0);
    assert_int_equal(m.class, STUN_RESPONSE);
    assert_int_equal(stun_check(&m, PASSWORD), 0);
    assert_true(m.has_mapped);
    assert_int_equal(m.mapped.port, 32853);
    addr_print_ip(&m.mapped, got);
    assert_string_equal(got, ip);
}

static void test_response_vectors(void **state)
{
    (void)state;
    check_response(response_v4_hex, "192.0.2.1");
    check_response(response_v6_hex, "2001:db8:1234:5678:11:2233:4455:6677");
}

/* Every byte is under FINGERPRINT, so no single change passes. */
static void test_tampering(void **state)
{
    uint8_t p[256];
    size_t n = unhex(p, sizeof(p), request_hex);
    struct stun m;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        p[i] ^= 1;
        assert_true(stun_parse(p, n, &m) < 0 || stun_check(&m, PASSWORD) < 0);
        p[i] ^= 1;
        assert_true(stun_parse(p, i, &m) < 0);
    }
}

static void test_both_are_demanded(void **state)
{
    uint8_t p[256];
    struct wr w = wr_init(p, sizeof(p));
    struct stun m = {.username = S("a:b")}, got;
    size_t n;

    (void)state;
    stun_write(&w, &m, (str){0}); /* fingerprint alone */
    assert_int_equal(stun_parse(p, wr_len(&w), &got), 0);
    assert_true(got.has_fingerprint && !got.has_integrity);
    assert_int_equal(stun_check(&got, PASSWORD), ERR_CRYPTO);
    w = wr_init(p, sizeof(p));
    stun_write(&w, &m, PASSWORD);
    n = wr_len(&w) - 8; /* integrity alone: the fingerprint cut off, the length set right */
    p[3] = (uint8_t)(n - STUN_HEADER);
    assert_int_equal(stun_parse(p, n, &got), 0);
    assert_true(got.has_integrity && !got.has_fingerprint);
    assert_int_equal(stun_check(&got, PASSWORD), ERR_CRYPTO);
}

static void test_write_ice_check(void **state)
{
    uint8_t p[256];
    struct wr w = wr_init(p, sizeof(p));
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .username = S("abcd:efghi"),
                     .has_priority = true,
                     .priority = 1853824767,
                     .has_use_candidate = true,
                     .role = STUN_CONTROLLING,
                     .tie_breaker = 0x0102030405060708},
                got;

    (void)state;
    memset(m.tid, 7, sizeof(m.tid));
    stun_write(&w, &m, PASSWORD);
    assert_false(w.err);
    assert_int_equal(stun_parse(p, wr_len(&w), &got), 0);
    assert_int_equal(stun_check(&got, PASSWORD), 0);
    assert_memory_equal(got.tid, m.tid, STUN_TID);
    assert_true(str_eq(got.username, m.username));
    assert_true(got.has_use_candidate && got.has_priority);
    assert_int_equal(got.priority, m.priority);
    assert_int_equal(got.role, STUN_CONTROLLING);
    assert_true(got.tie_breaker == m.tie_breaker);
    w = wr_init(p, wr_len(&w) - 1);
    stun_write(&w, &m, PASSWORD);
    assert_true(w.err);
}

static void test_respond(void **state)
{
    uint8_t p[256], q[256];
    struct wr w = wr_init(q, sizeof(q));
    struct stun request, got;
    struct addr from;

    (void)state;
    assert_int_equal(stun_parse(p, unhex(p, sizeof(p), request_hex), &request), 0);
    assert_int_equal(addr_parse(S("2001:db8::7"), 4000, &from), 0);
    stun_respond(&w, &request, &from, PASSWORD);
    assert_int_equal(stun_parse(q, wr_len(&w), &got), 0);
    assert_int_equal(got.class, STUN_RESPONSE);
    assert_int_equal(stun_check(&got, PASSWORD), 0);
    assert_true(addr_eq(&got.mapped, &from));
    assert_memory_equal(got.tid, request.tid, STUN_TID);
}

static void test_refuse(void **state)
{
    uint8_t p[256], q[256];
    struct wr w = wr_init(q, sizeof(q));
    struct stun request, got;

    (void)state;
    assert_int_equal(stun_parse(p, unhex(p, sizeof(p), request_hex), &request), 0);
    stun_refuse(&w, &request, STUN_ROLE_CONFLICT, PASSWORD);
    assert_int_equal(stun_parse(q, wr_len(&w), &got), 0);
    assert_int_equal(got.class, STUN_ERROR);
    assert_int_equal(got.error, 487);
    assert_int_equal(stun_check(&got, PASSWORD), 0);
    w = wr_init(q, sizeof(q));
    stun_refuse(&w, &request, STUN_UNAUTHENTICATED, PASSWORD);
    assert_int_equal(stun_parse(q, wr_len(&w), &got), 0);
    assert_int_equal(got.error, 401);
    assert_false(got.has_integrity);
}

/* RFC 8489 6.3.1: what must be understood and is not, is named in a 420. */
static void test_unknown_attributes(void **state)
{
    uint8_t p[256], q[256];
    struct wr w = wr_init(q, sizeof(q));
    struct stun request, got;
    size_t n =
        unhex(p, sizeof(p),
              "00010014 2112a442 000102030405060708090a0b 7fff0001 aa000000 ffff0002 bbbb0000"
              "00150000");

    (void)state;
    p[3] = (uint8_t)(n - STUN_HEADER);
    assert_int_equal(stun_parse(p, n, &request), 0);
    assert_int_equal(request.nunknown, 1);
    assert_int_equal(request.unknown[0], 0x7fff);
    stun_refuse(&w, &request, STUN_UNKNOWN_ATTRIBUTE, PASSWORD);
    assert_int_equal(stun_parse(q, wr_len(&w), &got), 0);
    assert_int_equal(got.error, 420);
    assert_int_equal(got.nunknown, 1);
    assert_int_equal(got.unknown[0], 0x7fff);
}

/* RFC 8489 14.5: behind MESSAGE-INTEGRITY nothing counts, or it could be added on the way. */
static void test_after_integrity_is_ignored(void **state)
{
    uint8_t p[256];
    struct wr w = wr_init(p, sizeof(p));
    struct stun m = {.username = S("a:b")}, got;
    size_t n;

    (void)state;
    stun_write(&w, &m, PASSWORD);
    n = wr_len(&w) - 8 + 4; /* USE-CANDIDATE in the place of FINGERPRINT */
    memcpy(p + n - 4, "\x00\x25\x00\x00", 4);
    p[3] = (uint8_t)(n - STUN_HEADER);
    assert_int_equal(stun_parse(p, n, &got), 0);
    assert_false(got.has_use_candidate);
}

static void test_malformed(void **state)
{
    static const char *const rows[] = {
        "00010004 2112a442 000102030405060708090a0b",                   /* shorter than it says */
        "00010003 2112a442 000102030405060708090a0b 000000",            /* not words */
        "00010004 2112a443 000102030405060708090a0b 80220000",          /* another cookie */
        "00010008 2112a442 000102030405060708090a0b 00060005 61616161", /* attribute past the end */
        "00010008 2112a442 000102030405060708090a0b 00240003 61616100", /* PRIORITY of 3 bytes */
        "00010008 2112a442 000102030405060708090a0b 00080004 61616161", /* integrity of 4 bytes */
        "0101000c 2112a442 000102030405060708090a0b 00200008 0003a147e112a643", /* family 3 */
        "01110008 2112a442 000102030405060708090a0b 00090004 00000757",         /* error 787 */
        "00010010 2112a442 000102030405060708090a0b 80280004 00000000 80280004 00000000",
        "c0010000 2112a442 000102030405060708090a0b", /* first bits not 0 */
    };
    uint8_t p[256];
    struct stun m;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++)
        assert_int_equal(stun_parse(p, unhex(p, sizeof(p), rows[i]), &m), ERR_SYNTAX);
}

int stun_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_vector),
        cmocka_unit_test(test_response_vectors),
        cmocka_unit_test(test_tampering),
        cmocka_unit_test(test_both_are_demanded),
        cmocka_unit_test(test_write_ice_check),
        cmocka_unit_test(test_respond),
        cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_unknown_attributes),
        cmocka_unit_test(test_after_integrity_is_ignored),
        cmocka_unit_test(test_malformed),
    };

    return cmocka_run_group_tests_name("stun", tests, NULL, NULL);
}
