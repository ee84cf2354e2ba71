#include "suite.h"

#include "base/err.h"
#include "base/str.h"
#include "net/h1.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define H "Host: h\r\n"

/* What a whole head is answered with; 0: it is good. */
static int status_of(str head, struct h1_head *h)
{
    size_t at = 0, n = 0;
    int r = h1_head_end((const uint8_t *)head.p, head.n, &at, &n);

    if (r == 0 && !n)
        return -1;
    if (r == 0)
        r = h1_head_parse(str_take(head, n), h);
    return r < 0 ? h1_status(r, false) : 0;
}

static void request_lines(void **state)
{
    static const struct {
        const char *head;
        int status;
        const char *method, *path, *query;
    } rows[] = {
        {"GET / HTTP/1.1\r\n" H "\r\n", 0, "GET", "/", ""},
        {"GET /a/b?c=d&e HTTP/1.1\r\n" H "\r\n", 0, "GET", "/a/b", "c=d&e"},
        {"GET /a?b?c HTTP/1.1\r\n" H "\r\n", 0, "GET", "/a", "b?c"},
        {"GET http://h/x?y HTTP/1.1\r\n" H "\r\n", 0, "GET", "/x", "y"},
        {"GET https://h HTTP/1.1\r\n" H "\r\n", 0, "GET", "/", ""},
        {"OPTIONS * HTTP/1.1\r\n" H "\r\n", 0, "OPTIONS", "*", ""},
        {"GET / HTTP/1.0\r\n\r\n", 0, "GET", "/", ""},
        {"GET / HTTP/1.9\r\n" H "\r\n", 0, "GET", "/", ""},
        {"GET / HTTP/2.0\r\n" H "\r\n", 505, 0, 0, 0},
        {"GET / HTTP/0.9\r\n" H "\r\n", 505, 0, 0, 0},
        {"GET /\r\n\r\n", 400, 0, 0, 0},
        {"GET  / HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET /  HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {" GET / HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET / HTTP/1.1 \r\n" H "\r\n", 400, 0, 0, 0},
        {"GET\t/ HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET / http/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET / HTTP/11\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET x HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET * HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"CONNECT h:80 HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET /\x01 HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"GET /\xd1\x8f HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"G(T / HTTP/1.1\r\n" H "\r\n", 400, 0, 0, 0},
        {"\r\n\r\n", 400, 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct h1_head h;

        assert_int_equal(status_of(str_c(rows[i].head), &h), rows[i].status);
        if (rows[i].status)
            continue;
        assert_true(str_eq(h.method, str_c(rows[i].method)));
        assert_true(str_eq(h.path, str_c(rows[i].path)));
        assert_true(str_eq(h.query, str_c(rows[i].query)));
    }
}

/* Each of these has been read in two ways by two programs somewhere. */
static void smuggling(void **state)
{
    static const struct {
        const char *fields;
        int status;
    } rows[] = {
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: 5\r\nContent-Length: 6\r\n", 400},
        {"Content-Length: 5\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: 5, 5\r\n", 400},
        {"Content-Length: +5\r\n", 400},
        {"Content-Length: -5\r\n", 400},
        {"Content-Length: 0x5\r\n", 400},
        {"Content-Length: 5 5\r\n", 400},
        {"Content-Length:\r\n", 400},
        {"Content-Length: 99999999999999999999\r\n", 431},
        {"Content-Length : 5\r\n", 400},
        {"Content-Length\t: 5\r\n", 400},
        {" Content-Length: 5\r\n", 400},
        {"X: a\r\n Content-Length: 5\r\n", 400},
        {"X: a\r\n\tfolded\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
        {"Transfer-Encoding: chunked, identity\r\n", 501},
        {"Transfer-Encoding: gzip, chunked\r\n", 501},
        {"Transfer-Encoding: xchunked\r\n", 501},
        {"Transfer-Encoding: identity\r\n", 501},
        {"Transfer-Encoding:\r\n", 501},
        {"Transfer-Encoding: \x0b"
         "chunked\r\n",
         400},
        {"Transfer-Encoding : chunked\r\n", 400},
        {"X: a\nContent-Length: 5\r\n", 400},
        {"X: a\rContent-Length: 5\r\n", 400},
        {"X: a\r\r\n", 400},
        {"X\r\n", 400},
        {": a\r\n", 400},
        {"X: \x7f\r\n", 400},
        {"Host: other\r\n", 400},
        {"Expect: 200-ok\r\n", 417},
        {"Transfer-Encoding: Chunked\r\n", 0},
        {"Content-Length: 5\r\n", 0},
        {"Content-Length: 0\r\n", 0},
        {"X: \t a b \xd1\x8f \t\r\n", 0},
        {"X:\r\n", 0},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        char text[512];
        struct h1_head h;

        snprintf(text, sizeof(text), "POST / HTTP/1.1\r\n" H "%s\r\n", rows[i].fields);
        if (status_of(str_c(text), &h) != rows[i].status)
            fail_msg("%s: %d instead of %d", rows[i].fields, status_of(str_c(text), &h),
                     rows[i].status);
    }
}

static void hosts(void **state)
{
    struct h1_head h;

    (void)state;
    assert_int_equal(status_of(S("GET / HTTP/1.1\r\n\r\n"), &h), 400);
    assert_int_equal(status_of(S("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), &h), 400);
    assert_int_equal(status_of(S("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), &h), 400);
    assert_int_equal(status_of(S("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), &h), 400);
    assert_int_equal(status_of(S("GET / HTTP/1.1\r\nhOST:  [::1]:80 \r\n\r\n"), &h), 0);
    assert_true(str_eq(h.host, S("[::1]:80")));
}

static void persistence(void **state)
{
    struct h1_head h;

    (void)state;
    assert_int_equal(status_of(S("GET / HTTP/1.1\r\n" H "\r\n"), &h), 0);
    assert_true(h.keep_alive);
    assert_int_equal(status_of(S("GET / HTTP/1.1\r\n" H "Connection: x, Close\r\n\r\n"), &h), 0);
    assert_false(h.keep_alive);
    assert_int_equal(status_of(S("GET / HTTP/1.0\r\n\r\n"), &h), 0);
    assert_false(h.keep_alive);
    assert_int_equal(status_of(S("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), &h), 0);
    assert_true(h.keep_alive);
    assert_int_equal(status_of(S("POST / HTTP/1.1\r\n" H "Expect: 100-Continue\r\n\r\n"), &h), 0);
    assert_true(h.wants_continue);
}

static void sizes(void **state)
{
    struct h1_head h;
    char *text = malloc(2 * MAX_HTTP_HEAD);
    int n = sprintf(text, "GET / HTTP/1.1\r\n" H);
    size_t at = 0, end = 0;

    (void)state;
    for (int i = 0; i < MAX_HTTP_HEADERS - 1; i++)
        n += sprintf(text + n, "X-%d: y\r\n", i);
    memcpy(text + n, "\r\n", 3);
    assert_int_equal(status_of(str_c(text), &h), 0);
    memcpy(text + n, "Y: 1\r\n\r\n", 9);
    assert_int_equal(status_of(str_c(text), &h), 431);
    memset(text, 'a', 2 * MAX_HTTP_HEAD);
    assert_int_equal(h1_head_end((uint8_t *)text, MAX_HTTP_HEAD - 1, &at, &end), 0);
    assert_int_equal(end, 0);
    assert_int_equal(h1_head_end((uint8_t *)text, MAX_HTTP_HEAD, &at, &end), ERR_TOO_BIG);
    free(text);
}

/* A head that comes byte by byte ends where it ends when it comes at once. */
static void end_is_found_in_pieces(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\n" H "X: y\r\n\r\nGET";
    size_t whole = sizeof(text) - 1 - 3;

    (void)state;
    for (size_t first = 0; first < whole; first++) {
        size_t at = 0, n = 0;

        assert_int_equal(h1_head_end((const uint8_t *)text, first, &at, &n), 0);
        assert_int_equal(n, 0);
        assert_int_equal(h1_head_end((const uint8_t *)text, sizeof(text) - 1, &at, &n), 0);
        assert_int_equal(n, whole);
    }
}

/* Feeds text in pieces of `step` bytes; the body goes to out. Returns 0, an error, or 1 when more
 * is wanted. */
static int feed(enum h1_body_kind kind, uint64_t length, str text, size_t step, char *out,
                size_t *ret_rest)
{
    struct h1_head h = {.body = kind, .length = length};
    struct h1_body b;
    size_t n = 0, at = 0;

    h1_body_init(&b, &h);
    while (!b.is_done && at < text.n) {
        size_t used = 0, piece = text.n - at < step ? text.n - at : step;
        str data;
        int r = h1_body_rx(&b, (const uint8_t *)text.p + at, piece, &used, &data);

        if (r < 0)
            return r;
        if (data.n)
            memcpy(out + n, data.p, data.n);
        n += data.n;
        at += used;
    }
    out[n] = 0;
    *ret_rest = text.n - at;
    return b.is_done ? 0 : 1;
}

static void chunks(void **state)
{
    static const struct {
        const char *text;
        int result;
        const char *body;
        size_t rest;
    } rows[] = {
        {"0\r\n\r\n", 0, "", 0},
        {"5\r\nhello\r\n0\r\n\r\nGET", 0, "hello", 3},
        {"3\r\nabc\r\n002\r\nde\r\n0\r\n\r\n", 0, "abcde", 0},
        {"A\r\n0123456789\r\n0\r\n\r\n", 0, "0123456789", 0},
        {"1;x=y;z=\"q\"\r\na\r\n0\r\n\r\n", 0, "a", 0},
        {"1 ;x\r\na\r\n0\r\nTrailer: t\r\nOther: u\r\n\r\nX", 0, "a", 1},
        {"5\r\nhel", 1, "hel", 0},
        {"5\r\nhello", 1, "hello", 0},
        {"5\r\nhelloX", ERR_SYNTAX, 0, 0},
        {"5\r\nhello\rX", ERR_SYNTAX, 0, 0},
        {"5\r\nhello\n0\r\n\r\n", ERR_SYNTAX, 0, 0},
        {"5\nhello\r\n0\r\n\r\n", ERR_SYNTAX, 0, 0},
        {"\r\n", ERR_SYNTAX, 0, 0},
        {"x\r\n", ERR_SYNTAX, 0, 0},
        {"-1\r\n", ERR_SYNTAX, 0, 0},
        {"+1\r\na\r\n", ERR_SYNTAX, 0, 0},
        {"0x1\r\na\r\n", ERR_SYNTAX, 0, 0},
        {" 1\r\na\r\n", ERR_SYNTAX, 0, 0},
        {"1\rXa\r\n", ERR_SYNTAX, 0, 0},
        {"1;x\ny\r\na\r\n", ERR_SYNTAX, 0, 0},
        {"0\r\nT: x\ny\r\n\r\n", ERR_SYNTAX, 0, 0},
        {"0\r\n\rX", ERR_SYNTAX, 0, 0},
        {"00000001\r\n", ERR_TOO_BIG, 0, 0},
        {"ffffffffffffffff1\r\n", ERR_TOO_BIG, 0, 0},
    };
    char out[256];

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        for (size_t step = 1; step < 40; step++) {
            size_t rest = 0;
            int r = feed(H1_CHUNKED, 0, str_c(rows[i].text), step, out, &rest);

            if (r != rows[i].result)
                fail_msg("%s in steps of %zu: %d", rows[i].text, step, r);
            if (r < 0)
                continue;
            assert_string_equal(out, rows[i].body);
            assert_int_equal(rest, rows[i].rest);
        }
    }
}

static void endless_extensions(void **state)
{
    char text[12000], out[16];
    size_t rest;

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text, "1;", 2);
    assert_int_equal(feed(H1_CHUNKED, 0, (str){text, sizeof(text)}, 100, out, &rest), ERR_TOO_BIG);
    memcpy(text, "0\r\n", 3);
    for (size_t i = 3; i + 4 <= sizeof(text); i += 4)
        memcpy(text + i, "a:\r\n", 4);
    assert_int_equal(feed(H1_CHUNKED, 0, (str){text, sizeof(text)}, 100, out, &rest), ERR_TOO_BIG);
}

static void length(void **state)
{
    char out[16];
    size_t rest;

    (void)state;
    assert_int_equal(feed(H1_LENGTH, 5, S("helloGET"), 3, out, &rest), 0);
    assert_string_equal(out, "hello");
    assert_int_equal(rest, 3);
    assert_int_equal(feed(H1_LENGTH, 5, S("hell"), 3, out, &rest), 1);
    assert_int_equal(feed(H1_NO_BODY, 0, S("GET"), 3, out, &rest), 0);
    assert_int_equal(rest, 3);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(request_lines), cmocka_unit_test(smuggling),
    cmocka_unit_test(hosts),         cmocka_unit_test(persistence),
    cmocka_unit_test(sizes),         cmocka_unit_test(end_is_found_in_pieces),
    cmocka_unit_test(chunks),        cmocka_unit_test(endless_extensions),
    cmocka_unit_test(length),
};
SUITE(h1, tests);
