#include "suite.h"

#include "net/peek.h"

#include <string.h>

static void first_bytes(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum peek_kind kind;
    } rows[] = {
        {"", 0, PEEK_MORE},
        {"\x16", 1, PEEK_TLS},
        {"G", 1, PEEK_HTTP},
        {"PRI * HTTP/2.0\r\n", 16, PEEK_HTTP},
        {"\r\nGET", 5, PEEK_HTTP},
        {"\x00\x01\x00\x00\x21\x12\xa4\x42", 8, PEEK_TURN},
        {"\x00\x01\x00\x00\x21\x12\xa4", 7, PEEK_MORE},
        {"\x00\x03\x00\x00\x21\x12\xa4\x42\x00\x00", 10, PEEK_TURN},
        {"\x00\x60\x00\x01\x00\x4c\x21\x12\xa4\x42", 10, PEEK_ICE},
        {"\x01\x00\x00\x01\x00\xec\x21\x12\xa4\x42", 10, PEEK_ICE},
        {"\x00\x60\x00\x01\x00\x4c\x21\x12\xa4", 9, PEEK_MORE},
        {"\x00\x60\x00\x01\x00\x4c\x21\x12\xa4\x43", 10, PEEK_OTHER},
        {"\x15", 1, PEEK_OTHER},
        {"\x80", 1, PEEK_OTHER},
        {"\xff", 1, PEEK_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(peek_kind((const uint8_t *)rows[i].bytes, rows[i].n), rows[i].kind);
}

/* After PEEK_BYTES bytes there is no doubt, whatever they are; and more bytes do not change it. */
static void always_tells(void **state)
{
    uint8_t p[PEEK_BYTES + 4];

    (void)state;
    for (unsigned seed = 0; seed < 4096; seed++) {
        unsigned x = seed * 2654435761u;

        for (size_t i = 0; i < sizeof(p); i++) {
            x = x * 1664525u + 1013904223u;
            p[i] = i ? (uint8_t)(x >> 24) : (uint8_t)seed;
        }
        assert_int_not_equal(peek_kind(p, PEEK_BYTES), PEEK_MORE);
        assert_int_equal(peek_kind(p, PEEK_BYTES), peek_kind(p, sizeof(p)));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(first_bytes),
    cmocka_unit_test(always_tells),
};
SUITE(peek, tests);
