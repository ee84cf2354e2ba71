#include "suite.h"

#include "base/arena.h"
#include "base/str.h"
#include "net/gzip.h"
#include "net/http.h"
#include "net/reply.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* An exchange with its request headers, and the answer that reply_make writes. */
struct bench {
    struct arena *arena;
    struct exchange *x;
    struct gzip *gzip;
    struct http_header headers[4];
    struct reply reply;
};

static void open_bench(struct bench *b)
{
    *b = (struct bench){.arena = arena_new()};
    b->x = exchange_new(b->arena, NULL);
    b->x->method = S("GET");
    b->x->headers = b->headers;
    assert_int_equal(gzip_new(&b->gzip), 0);
}

static void ask_with(struct bench *b, str name, str value)
{
    b->headers[b->x->nheaders++] = (struct http_header){name, value};
}

static void make(struct bench *b)
{
    struct reply_conf c = {.gzip = b->gzip, .keep_alive = true};

    assert_int_equal(reply_make(b->x, &c, &b->reply), 0);
}

static bool head_has(const struct bench *b, const char *line)
{
    char text[256];

    snprintf(text, sizeof(text), "%s\r\n", line);
    return str_find(b->reply.head, str_c(text)) >= 0;
}

static void close_bench(struct bench *b)
{
    gzip_free(b->gzip);
    arena_free(b->arena);
}

static void dates(void **state)
{
    char text[HTTP_DATE];

    (void)state;
    http_date(784111777 * USEC_S, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    http_date(0, text);
    assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
}

static void plain(void **state)
{
    struct bench b;

    (void)state;
    open_bench(&b);
    http_text(b.x, 404, S("text/plain"), S("none"));
    http_set(b.x, S("X-One"), S("1"));
    http_set(b.x, S("x-one"), S("2"));
    http_set(b.x, S("Set-Cookie"), S("a=1"));
    http_set(b.x, S("Set-Cookie"), S("b=2"));
    make(&b);
    assert_true(str_eq(b.reply.head, S("HTTP/1.1 404 Not Found\r\nx-one: 2\r\nSet-Cookie: a=1\r\n"
                                       "Set-Cookie: b=2\r\nContent-Type: text/plain\r\n"
                                       "Content-Length: 4\r\n\r\n")));
    assert_true(str_eq(b.reply.body, S("none")));
    close_bench(&b);
}

static void bodies_that_are_not_sent(void **state)
{
    struct bench b;

    (void)state;
    open_bench(&b);
    b.x->is_head = true;
    http_text(b.x, 200, S("text/plain"), S("four"));
    make(&b);
    assert_true(head_has(&b, "Content-Length: 4"));
    assert_int_equal(b.reply.body.n, 0);
    close_bench(&b);
    open_bench(&b);
    http_text(b.x, 204, S("text/plain"), S("four"));
    make(&b);
    assert_true(str_eq(b.reply.head, S("HTTP/1.1 204 No Content\r\n\r\n")));
    assert_int_equal(b.reply.body.n, 0);
    close_bench(&b);
}

static void no_header_injection(void **state)
{
    static const char *const values[] = {"a\r\nX: y", "a\nb", "a\x01", "a\x7f"};
    struct bench b;

    (void)state;
    for (size_t i = 0; i < NELEM(values); i++) {
        open_bench(&b);
        http_redirect(b.x, 303, str_c(values[i]));
        make(&b);
        assert_true(str_starts(b.reply.head, S("HTTP/1.1 500 ")));
        assert_true(str_find(b.reply.head, S("Location")) < 0);
        close_bench(&b);
    }
    open_bench(&b); /* browsers drop a tab: this is "//h" */
    http_redirect(b.x, 303, S("/\t/h"));
    make(&b);
    assert_true(str_starts(b.reply.head, S("HTTP/1.1 500 ")));
    close_bench(&b);
    open_bench(&b); /* RFC 9110 5.5 */
    http_set(b.x, S("X-Two"), S("a\tb"));
    make(&b);
    assert_true(str_find(b.reply.head, S("X-Two: a\tb\r\n")) > 0);
    close_bench(&b);
}

static void many_headers(void **state)
{
    struct bench b;

    (void)state;
    open_bench(&b);
    for (int i = 0; i < 40; i++) {
        char name[16];

        snprintf(name, sizeof(name), "X-%d", i);
        http_set(b.x, str_c(name), S("v"));
    }
    make(&b);
    assert_true(head_has(&b, "X-0: v") && head_has(&b, "X-8: v") && head_has(&b, "X-39: v"));
    close_bench(&b);
}

static void etags(void **state)
{
    static const struct {
        const char *condition;
        int status;
    } rows[] = {
        {"\"a\"", 304}, {"W/\"a\"", 304}, {"\"x\", \"a\"", 304},
        {"*", 304},     {"\"b\"", 200},   {"a", 200},
    };
    struct bench b;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        open_bench(&b);
        ask_with(&b, S("If-None-Match"), str_c(rows[i].condition));
        http_text(b.x, 200, S("text/plain"), S("body"));
        http_set(b.x, S("ETag"), S("\"a\""));
        assert_int_equal(http_etag_matches(b.x, S("\"a\"")), rows[i].status == 304);
        make(&b);
        assert_int_equal(b.x->status, rows[i].status);
        assert_int_equal(b.reply.body.n, rows[i].status == 304 ? 0 : 4);
        assert_true(head_has(&b, "ETag: \"a\""));
        close_bench(&b);
    }
}

static void accepting(void **state)
{
    static const struct {
        const char *header;
        bool gzip, br;
    } rows[] = {
        {"gzip, deflate, br", true, true},
        {"gzip;q=0, br", false, true},
        {"gzip;q=0.0", false, false},
        {"gzip;q=0.001", true, false},
        {"*", true, true},
        {"*;q=0", false, false},
        {"br;q=0, *", true, false},
        {"identity", false, false},
        {"", false, false},
        {"GZIP", true, false},
        {"gzipx", false, false},
    };
    struct bench b;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        open_bench(&b);
        ask_with(&b, S("Accept-Encoding"), str_c(rows[i].header));
        assert_int_equal(http_accepts_encoding(b.x, S("gzip")), rows[i].gzip);
        assert_int_equal(http_accepts_encoding(b.x, S("br")), rows[i].br);
        close_bench(&b);
    }
}

static void gunzip(str packed, char *to, size_t room, size_t *ret_n)
{
    z_stream z = {.next_in = (z_const Bytef *)packed.p,
                  .avail_in = (uInt)packed.n,
                  .next_out = (Bytef *)to,
                  .avail_out = (uInt)room};

    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    *ret_n = room - z.avail_out;
    inflateEnd(&z);
}

static void packed_on_the_fly(void **state)
{
    char page[5000], back[5000];
    struct bench b;
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof(page); i++)
        page[i] = (char)('a' + i * i % 23);
    for (int round = 0; round < 2; round++) {
        open_bench(&b);
        ask_with(&b, S("Accept-Encoding"), S("gzip"));
        http_text(b.x, 200, S("text/html; charset=utf-8"), (str){page, sizeof(page)});
        http_set(b.x, S("ETag"), S("\"a\""));
        http_set(b.x, S("Vary"), S("Cookie"));
        make(&b);
        assert_true(head_has(&b, "Content-Encoding: gzip") &&
                    head_has(&b, "Vary: Cookie, Accept-Encoding"));
        assert_true(head_has(&b, "ETag: W/\"a\""));
        gunzip(b.reply.body, back, sizeof(back), &n);
        assert_int_equal(n, sizeof(page));
        assert_memory_equal(page, back, n);
        close_bench(&b);
    }
}

static void not_packed(void **state)
{
    char page[3000];
    struct bench b;

    (void)state;
    memset(page, 'a', sizeof(page));
    open_bench(&b); /* not accepted, but it depends */
    http_text(b.x, 200, S("text/html"), (str){page, sizeof(page)});
    make(&b);
    assert_true(head_has(&b, "Vary: Accept-Encoding") && head_has(&b, "Content-Length: 3000"));
    close_bench(&b);
    open_bench(&b); /* a picture */
    ask_with(&b, S("Accept-Encoding"), S("gzip"));
    http_text(b.x, 200, S("image/png"), (str){page, sizeof(page)});
    make(&b);
    assert_true(str_find(b.reply.head, S("Vary")) < 0 && head_has(&b, "Content-Length: 3000"));
    close_bench(&b);
    open_bench(&b); /* short */
    ask_with(&b, S("Accept-Encoding"), S("gzip"));
    http_text(b.x, 200, S("text/html"), (str){page, 1000});
    make(&b);
    assert_true(head_has(&b, "Content-Length: 1000"));
    close_bench(&b);
}

static const struct http_shared shared = {
    .plain = {"0123456789", 10}, .gzip = {"gz", 2}, .br = {"b", 1}};

static void ranges(void **state)
{
    static const struct {
        const char *range, *condition;
        int status;
        const char *body;
    } rows[] = {
        {"bytes=0-3", NULL, 206, "0123"},       {"bytes=4-", NULL, 206, "456789"},
        {"bytes=-3", NULL, 206, "789"},         {"bytes=-99", NULL, 206, "0123456789"},
        {"bytes=8-99", NULL, 206, "89"},        {"bytes=9-9", NULL, 206, "9"},
        {"bytes=10-", NULL, 416, ""},           {"bytes=-0", NULL, 416, ""},
        {"bytes=5-4", NULL, 200, "0123456789"}, {"bytes=a-b", NULL, 200, "0123456789"},
        {"bytes=-", NULL, 200, "0123456789"},   {"bytes=0-1,3-4", NULL, 200, "b"},
        {"lines=0-1", NULL, 200, "b"},          {"bytes=0-1", "\"e\"", 206, "01"},
        {"bytes=0-1", "\"f\"", 200, "b"},       {"bytes=0-1", "W/\"e\"", 200, "b"},
    };
    struct bench b;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        open_bench(&b);
        ask_with(&b, S("Range"), str_c(rows[i].range));
        ask_with(&b, S("Accept-Encoding"), S("gzip, br"));
        if (rows[i].condition)
            ask_with(&b, S("If-Range"), str_c(rows[i].condition));
        b.x->shared = &shared;
        http_set(b.x, S("ETag"), S("\"e\""));
        make(&b);
        assert_int_equal(b.x->status, rows[i].status);
        assert_true(str_eq(b.reply.body, str_c(rows[i].body)));
        assert_int_equal(head_has(&b, "Content-Range: bytes */10"), rows[i].status == 416);
        close_bench(&b);
    }
    open_bench(&b);
    ask_with(&b, S("Range"), S("bytes=2-3"));
    b.x->shared = &shared;
    make(&b);
    assert_true(head_has(&b, "Content-Range: bytes 2-3/10") && head_has(&b, "Content-Length: 2"));
    close_bench(&b);
}

static void shared_encodings(void **state)
{
    static const struct {
        const char *accepts, *body;
    } rows[] = {
        {"gzip, br", "b"},
        {"gzip", "gz"},
        {"", "0123456789"},
        {"br;q=0, gzip", "gz"},
    };
    struct bench b;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        open_bench(&b);
        ask_with(&b, S("Accept-Encoding"), str_c(rows[i].accepts));
        b.x->shared = &shared;
        make(&b);
        assert_true(str_eq(b.reply.body, str_c(rows[i].body)) &&
                    head_has(&b, "Vary: Accept-Encoding"));
        close_bench(&b);
    }
}

static void queries_and_cookies(void **state)
{
    struct bench b;

    (void)state;
    open_bench(&b);
    b.x->query = S("a=1&b=x%20y+z&c=%ff&a=2&d");
    ask_with(&b, S("Cookie"), S("s=1; __Host-id=abc=; t"));
    assert_true(str_eq(http_query(b.x, S("a")), S("1")));
    assert_true(str_eq(http_query(b.x, S("b")), S("x y z")));
    assert_null(http_query(b.x, S("c")).p);
    assert_non_null(http_query(b.x, S("d")).p);
    assert_null(http_query(b.x, S("e")).p);
    assert_true(str_eq(http_cookie(b.x, S("s")), S("1")));
    assert_true(str_eq(http_cookie(b.x, S("__Host-id")), S("abc=")));
    assert_null(http_cookie(b.x, S("t")).p);
    assert_null(http_cookie(b.x, S("id")).p);
    close_bench(&b);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(dates),
    cmocka_unit_test(plain),
    cmocka_unit_test(many_headers),
    cmocka_unit_test(bodies_that_are_not_sent),
    cmocka_unit_test(etags),
    cmocka_unit_test(no_header_injection),
    cmocka_unit_test(accepting),
    cmocka_unit_test(packed_on_the_fly),
    cmocka_unit_test(not_packed),
    cmocka_unit_test(ranges),
    cmocka_unit_test(shared_encodings),
    cmocka_unit_test(queries_and_cookies),
};
SUITE(reply, tests);
