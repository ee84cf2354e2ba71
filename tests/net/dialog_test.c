#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "edge.h"
#include "net/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OK(body, n)                                                                                \
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " n "\r\n\r\n" body
#define H "Host: h\r\n"

enum { FILM = 3 << 20 };
static struct exchange *kept; /* the deferred one */
static unsigned calls, released;

static void echo(struct exchange *x)
{
    http_text(
        x, 200, S("text/plain"),
        arena_printf(x->arena, "%.*s %.*s [%.*s]", STR(x->method), STR(x->path), STR(x->body)));
}

static void on_release(const struct http_shared *s)
{
    (void)s;
    released++;
}

static struct http_shared large = {.release = on_release};

static void answer(struct exchange *x, void *ctx)
{
    (void)ctx;
    calls++;
    if (str_eq(x->path, S("/later"))) {
        http_defer(x);
        kept = x;
    } else if (str_eq(x->path, S("/early"))) {
        http_defer(x);
        http_text(x, 200, S("text/plain"), S("early"));
        http_finish(x);
    } else if (str_eq(x->path, S("/large"))) {
        x->shared = &large;
    } else if (str_starts(x->path, S("/film"))) {
        edge_source(x, FILM, str_eq(x->path, S("/film-torn"))   ? FILM / 2
                             : str_eq(x->path, S("/film-lost")) ? 1
                                                                : 0);
    } else {
        echo(x);
    }
}

static void one_request(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /a HTTP/1.1\r\n" H "\r\n"));
    assert_string_equal(edge_hear(&e), OK("GET /a []", "9"));
    edge_say(&e, S("\r\n"));
    assert_string_equal(edge_hear(&e), "");
    edge_say(&e, S("\r\nPOST /b HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nxyz"));
    assert_string_equal(edge_hear(&e), OK("POST /b [xyz]", "13"));
    assert_false(e.is_closed);
    edge_say(&e, S("HEAD /c HTTP/1.1\r\n" H "Connection: close\r\n\r\n"));
    assert_string_equal(edge_hear(&e),
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n"
                        "Connection: close\r\n\r\n");
    assert_true(e.is_closed);
    edge_close(&e);
}

#define PIPELINE                                                                                   \
    "GET /1 HTTP/1.1\r\n" H "\r\n"                                                                 \
    "POST /2 HTTP/1.1\r\n" H                                                                       \
    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: t\r\n\r\n"                 \
    "POST /3 HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\nfour"                                       \
    "GET /4 HTTP/1.1\r\n" H "\r\n"
#define PIPELINED                                                                                  \
    OK("GET /1 []", "9") OK("POST /2 [abcde]", "15") OK("POST /3 [four]", "14") OK("GET /4 []", "9")

/* However the bytes are cut, the same four answers come in the same order. */
static void cut_anywhere(void **state)
{
    str all = S(PIPELINE);
    static char heard[EDGE_HEARD];

    (void)state;
    for (size_t cut = 0; cut <= all.n; cut++) {
        struct edge e;

        edge_open(&e, answer);
        edge_say(&e, str_take(all, cut));
        strcpy(heard, edge_hear(&e));
        edge_say(&e, str_from(all, cut));
        strcat(heard, edge_hear(&e));
        assert_string_equal(heard, PIPELINED);
        edge_close(&e);
    }
}

static void byte_by_byte(void **state)
{
    str all = S(PIPELINE);
    static char heard[EDGE_HEARD];
    struct edge e;

    (void)state;
    heard[0] = 0;
    edge_open(&e, answer);
    for (size_t i = 0; i < all.n; i++) {
        edge_say(&e, (str){all.p + i, 1});
        strcat(heard, edge_hear(&e));
    }
    assert_string_equal(heard, PIPELINED);
    edge_close(&e);
}

static void deferred(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /later HTTP/1.1\r\n" H "\r\nGET /next HTTP/1.1\r\n" H "\r\n"));
    assert_string_equal(edge_hear(&e), "");
    assert_true(http_is_deferred(kept));
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    assert_string_equal(edge_hear(&e), OK("late", "4") OK("GET /next []", "12"));
    edge_say(&e, S("GET /early HTTP/1.1\r\n" H "\r\n"));
    assert_string_equal(edge_hear(&e), OK("early", "5"));
    edge_close(&e);
}

/* The client has gone before the answer: the handler still owns the exchange and finishes into the
 * void. */
static void deferred_and_dead(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("POST /later HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nxyz"));
    edge_turn(&e);
    close(e.client);
    e.client = -1;
    edge_turn(&e);
    assert_int_equal(e.worker.nconns, 0);
    assert_int_equal(e.worker.norphans, 1);
    assert_true(str_eq(kept->body, S("xyz")) && str_eq(kept->path, S("/later")));
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    edge_close(&e);
}

/* Half closed is not gone: the answer is still wanted. */
static void half_closed(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /a HTTP/1.1\r\n" H "\r\n"));
    stream_end(&(struct stream){.fd = e.client});
    assert_string_equal(edge_hear(&e), OK("GET /a []", "9"));
    assert_true(e.is_closed);
    edge_close(&e);
}

static void refusals(void **state)
{
    static const struct {
        const char *text;
        int status;
    } rows[] = {
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/3.0\r\n" H "\r\n", 505},
        {"GET / HTTP/1.1\nHost: h\n\n", 400},
        {"POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"POST / HTTP/1.1\r\n" H "Content-Length: 65537\r\n\r\nabc", 413},
        {"POST / HTTP/1.1\r\n" H "Content-Length: 9999999999999\r\n\r\nabc", 413},
        {"POST / HTTP/1.1\r\n" H "Expect: magic\r\nContent-Length: 1\r\n\r\n", 417},
        {"POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip\r\n\r\n", 501},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct edge e;
        char first[16];
        str heard;

        edge_open(&e, answer);
        calls = 0;
        edge_say(&e, str_c(rows[i].text));
        snprintf(first, sizeof(first), "HTTP/1.1 %d ", rows[i].status);
        heard = str_c(edge_hear(&e));
        assert_true(str_starts(heard, str_c(first)));
        assert_true(str_find(heard, S("Connection: close\r\n")) > 0);
        assert_true(e.is_closed);
        assert_int_equal(calls, 0);
        edge_say(&e, S("GET /after HTTP/1.1\r\n" H "\r\n")); /* never read as a request */
        edge_hear(&e);
        assert_int_equal(calls, 0);
        edge_close(&e);
    }
}

static void too_large_a_head(void **state)
{
    char *text = malloc(MAX_HTTP_HEAD + 1);
    struct edge e;

    (void)state;
    memset(text, 'a', MAX_HTTP_HEAD + 1);
    edge_open(&e, answer);
    edge_say(&e, S("GET / HTTP/1.1\r\n"));
    edge_say(&e, (str){text, MAX_HTTP_HEAD});
    assert_true(str_starts(str_c(edge_hear(&e)), S("HTTP/1.1 431 ")));
    edge_close(&e);
    free(text);
}

static size_t three(struct exchange *x, void *ctx)
{
    (void)ctx;
    return str_eq(x->path, S("/none")) ? 0 : 3;
}

static void body_limit(void **state)
{
    static const struct {
        const char *text;
        const char *answer;
    } rows[] = {
        {"POST /a HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 200 "},
        {"POST /a HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\nabcd", "HTTP/1.1 413 "},
        {"POST /none HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\na", "HTTP/1.1 413 "},
        {"POST /none HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", "HTTP/1.1 200 "},
        {"POST /a HTTP/1.1\r\n" H
         "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n",
         "HTTP/1.1 413 "},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct edge e;

        edge_open(&e, answer);
        e.conf.body_limit = three;
        edge_say(&e, str_c(rows[i].text));
        assert_true(str_starts(str_c(edge_hear(&e)), str_c(rows[i].answer)));
        edge_close(&e);
    }
}

static void say_why(struct exchange *x, void *ctx)
{
    (void)ctx;
    http_text(x, 401, S("text/plain"), arena_str(x->arena, x->path));
}

static void too_big_is_answered(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    e.conf.body_limit = three;
    e.conf.too_big = say_why;
    edge_say(&e, S("POST /a HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\n")); /* and nothing more */
    assert_non_null(strstr(edge_hear(&e), "\r\n\r\n/a"));
    edge_close(&e);
}

static void expectation(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("POST /a HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
    assert_string_equal(edge_hear(&e), "HTTP/1.1 100 Continue\r\n\r\n");
    edge_say(&e, S("abc"));
    assert_string_equal(edge_hear(&e), OK("POST /a [abc]", "13"));
    edge_say(&e,
             S("POST /a HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"));
    assert_string_equal(edge_hear(&e), OK("POST /a [abc]", "13")); /* it did not wait */
    edge_say(&e,
             S("POST /a HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n"));
    assert_true(str_starts(str_c(edge_hear(&e)), S("HTTP/1.1 413 ")));
    edge_close(&e);
}

static void http10(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    assert_string_equal(edge_hear(&e),
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n"
                        "Connection: keep-alive\r\n\r\nGET /a []");
    edge_say(&e, S("GET /a HTTP/1.0\r\n\r\n"));
    edge_hear(&e);
    assert_true(e.is_closed);
    edge_close(&e);
}

/* Longer than the pair holds: written on as the client reads; and a client that vanishes in the
 * middle. */
static void large_answer(void **state)
{
    enum { SIZE = 3 << 20 };
    char *bytes = calloc(1, SIZE + 1);
    struct edge e;
    size_t total = 0;

    (void)state;
    memset(bytes, 'x', SIZE);
    large.plain = (str){bytes, SIZE};
    released = 0;
    for (int round = 0; round < 2; round++) {
        edge_open(&e, answer);
        edge_say(&e, S("GET /large HTTP/1.1\r\n" H "\r\nGET /after HTTP/1.1\r\n" H "\r\n"));
        edge_turn(&e);
        assert_int_equal(released, round);
        assert_int_equal(edge_conn(&e)->state, CONN_REPLY);
        for (total = 0; round == 0; total += strlen(edge_hear(&e))) {
            if (total && strstr(e.heard, "GET /after"))
                break;
        }
        assert_true(round || total > SIZE);
        edge_close(&e);
        assert_int_equal(released, round + 1);
    }
    free(bytes);
}

static size_t wrong_bytes(const char *heard, size_t *io_at)
{
    size_t nwrong = 0, n = strlen(heard);

    for (size_t i = 0; i < n; i++)
        nwrong += heard[i] != edge_byte((*io_at)++);
    return nwrong;
}

/* A client that does not read costs one piece; the next request is answered behind the last one. */
static void read_as_it_goes_out(void **state)
{
    struct edge e;
    size_t at = 0;
    const char *body;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /film HTTP/1.1\r\n" H "\r\n"));
    edge_turn(&e);
    assert_int_equal(edge_conn(&e)->state, CONN_REPLY);
    assert_in_range(arena_used(edge_conn(&e)->x->arena), HTTP_PIECE, 2 * HTTP_PIECE);
    body = strstr(edge_hear(&e), "Content-Length: 3145728\r\n\r\n");
    assert_non_null(body);
    assert_int_equal(wrong_bytes(strstr(body, "\r\n\r\n") + 4, &at), 0);
    while (at < FILM)
        assert_int_equal(wrong_bytes(edge_hear(&e), &at), 0);
    assert_int_equal(at, FILM);
    edge_say(&e, S("GET /after HTTP/1.1\r\n" H "\r\n"));
    assert_non_null(strstr(edge_hear(&e), "GET /after []"));
    edge_say(&e, S("GET /film HTTP/1.1\r\n" H "Range: bytes=3145720-\r\n\r\n"));
    body = edge_hear(&e);
    assert_non_null(strstr(body, "206 Partial Content"));
    assert_non_null(strstr(body, "Content-Range: bytes 3145720-3145727/3145728"));
    at = FILM - 8;
    assert_int_equal(wrong_bytes(strstr(body, "\r\n\r\n") + 4, &at), 0);
    assert_int_equal(at, FILM);
    edge_say(&e, S("HEAD /film HTTP/1.1\r\n" H "\r\nGET /after HTTP/1.1\r\n" H "\r\n"));
    body = edge_hear(&e);
    assert_non_null(strstr(body, "Content-Length: 3145728\r\n\r\nHTTP/1.1 200 OK"));
    edge_close(&e);
}

static int fast_client;
static size_t fast_bytes;

static void take_at_once(void)
{
    static char bytes[EDGE_HEARD];
    ssize_t n;

    while ((n = recv(fast_client, bytes, sizeof(bytes), 0)) > 0)
        fast_bytes += (size_t)n;
}

/* A client that takes everything at once gets its share of a round, and others theirs. */
static void others_get_their_turn(void **state)
{
    static const char small[] = "GET /small HTTP/1.1\r\n" H "\r\n";
    struct edge e;
    char heard[500] = "";
    int other;

    (void)state;
    edge_open(&e, answer);
    other = edge_connect(&e);
    calls = 0;
    fast_bytes = 0;
    fast_client = e.client;
    edge_on_read = take_at_once;
    edge_say(&e, S("GET /film HTTP/1.1\r\n" H "\r\nGET /after HTTP/1.1\r\n" H "\r\n"));
    assert_int_equal(send(other, small, sizeof(small) - 1, 0), sizeof(small) - 1);
    loop_once(e.worker.loop, 0);
    assert_int_equal(calls, 2);
    assert_true(recv(other, heard, sizeof(heard) - 1, 0) > 0);
    assert_non_null(strstr(heard, "GET /small []"));
    assert_in_range(fast_bytes, 100000, FILM / 2);
    for (int i = 0; i < 20 && calls < 3; i++)
        loop_once(e.worker.loop, 0);
    assert_int_equal(calls, 3);
    take_at_once();
    assert_in_range(fast_bytes, FILM, FILM + 1000);
    edge_on_read = NULL;
    close(other);
    edge_close(&e);
}

/* What is gone in the middle ends the connection: the client knows by the length that it lacks
 * something. */
static void torn_in_the_middle(void **state)
{
    struct edge e;
    size_t n = 0;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /film-torn HTTP/1.1\r\n" H "\r\n"));
    while (!e.is_closed)
        n += strlen(edge_hear(&e));
    assert_in_range(n, FILM / 4, FILM / 2 + 1000);
    edge_close(&e);
    edge_open(&e, answer);
    edge_say(&e, S("GET /film-lost HTTP/1.1\r\n" H "\r\nGET /after HTTP/1.1\r\n" H "\r\n"));
    assert_non_null(strstr(edge_hear(&e), "HTTP/1.1 500 "));
    assert_non_null(strstr(e.heard, "GET /after []"));
    edge_close(&e);
}

static void timeouts(void **state)
{
    struct edge e;
    struct conn *c;

    (void)state;
    edge_open(&e, answer); /* idle */
    assert_true(edge_conn(&e)->deadline <= loop_now(e.worker.loop) + MAX_HTTP_IDLE_S * USEC_S);
    assert_false(dialog_timeout(edge_conn(&e)));
    assert_string_equal(edge_hear(&e), "");
    assert_true(e.is_closed);
    edge_close(&e);

    edge_open(&e, answer); /* in the head; further bytes give no further time */
    edge_say(&e, S("GET / HT"));
    edge_turn(&e);
    c = edge_conn(&e);
    assert_true(c->deadline <= loop_now(e.worker.loop) + MAX_HTTP_HEAD_S * USEC_S);
    c->deadline -= USEC_S;
    edge_say(&e, S("TP"));
    edge_turn(&e);
    assert_true(c->deadline <
                loop_now(e.worker.loop) + (MAX_HTTP_HEAD_S - 1) * USEC_S + USEC_MS * 500);
    assert_true(dialog_timeout(c));
    assert_true(str_starts(str_c(edge_hear(&e)), S("HTTP/1.1 408 ")));
    assert_true(e.is_closed);
    assert_false(dialog_timeout(c)); /* lingers no longer */
    edge_close(&e);
}

static void slow_body(void **state)
{
    struct edge e;
    char piece[4096];

    (void)state;
    memset(piece, 'x', sizeof(piece));
    edge_open(&e, answer);
    edge_say(&e, S("POST / HTTP/1.1\r\n" H "Content-Length: 60000\r\n\r\n"));
    edge_say(&e, (str){piece, sizeof(piece)});
    edge_turn(&e);
    assert_true(dialog_timeout(edge_conn(&e)));
    edge_say(&e, (str){piece, 100}); /* too little for one window */
    edge_turn(&e);
    assert_true(dialog_timeout(edge_conn(&e)));
    assert_true(str_starts(str_c(edge_hear(&e)), S("HTTP/1.1 408 ")));
    edge_close(&e);
}

/* An idle connection keeps no buffer; many bodies together are bounded. */
static void memory(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /a HTTP/1.1\r\n" H "\r\n"));
    edge_hear(&e);
    assert_null(edge_conn(&e)->in);
    assert_null(edge_conn(&e)->x);
    assert_ptr_equal(edge_conn(&e)->list, &e.worker.idle);
    e.worker.body_bytes = MAX_HTTP_BODIES - 100;
    edge_say(&e, S("POST /a HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc"));
    assert_true(str_starts(str_c(edge_hear(&e)), S("HTTP/1.1 503 ")));
    e.worker.body_bytes -= MAX_HTTP_BODIES - 100;
    edge_close(&e);
}

static void oldest_idle_makes_room(void **state)
{
    struct edge e;
    int second;

    (void)state;
    edge_open(&e, answer);
    second = edge_connect(&e);
    edge_say(&e, S("GET /a HTTP/1.1\r\n" H "\r\n")); /* now the first is the younger one */
    edge_hear(&e);
    assert_true(conn_end_oldest(&e.worker));
    assert_int_equal(e.worker.nconns, 1);
    edge_say(&e, S("GET /a HTTP/1.1\r\n" H "\r\n"));
    assert_string_equal(edge_hear(&e), OK("GET /a []", "9"));
    close(second);
    edge_close(&e);
}

static struct http_takeover taken;

static void take(struct exchange *x, void *ctx)
{
    struct http_takeover again;

    (void)ctx;
    if (str_eq(x->path, S("/later"))) {
        http_defer(x);
        kept = x;
        return;
    }
    assert_int_equal(http_take_over(x, &taken), 0);
    assert_int_equal(http_take_over(x, &again), ERR_STATE);
}

static void take_over(void **state)
{
    struct edge e;
    char c;

    (void)state;
    edge_open(&e, take);
    edge_say(&e, S("GET /a HTTP/1.1\r\n" H "\r\nrest"));
    assert_string_equal(edge_hear(&e), "");
    assert_int_equal(e.worker.nconns, 0);
    assert_true(str_eq((str){(char *)taken.unread, taken.nunread}, S("rest")));
    assert_int_equal(write(taken.fd, "!", 1), 1);
    assert_int_equal(read(e.client, &c, 1), 1);
    close(taken.fd);
    free(taken.unread);
    close(e.client);

    e.client = edge_connect(&e);
    edge_say(&e, S("GET /later HTTP/1.1\r\n" H "\r\n"));
    edge_turn(&e);
    assert_int_equal(http_take_over(kept, &taken), 0);
    assert_int_equal(taken.nunread, 0);
    assert_int_equal(e.worker.norphans, 1);
    http_finish(kept);
    assert_int_equal(e.worker.norphans, 0);
    close(taken.fd);
    edge_close(&e);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(one_request),
    cmocka_unit_test(cut_anywhere),
    cmocka_unit_test(byte_by_byte),
    cmocka_unit_test(deferred),
    cmocka_unit_test(deferred_and_dead),
    cmocka_unit_test(half_closed),
    cmocka_unit_test(refusals),
    cmocka_unit_test(too_large_a_head),
    cmocka_unit_test(body_limit),
    cmocka_unit_test(too_big_is_answered),
    cmocka_unit_test(expectation),
    cmocka_unit_test(http10),
    cmocka_unit_test(large_answer), cmocka_unit_test(read_as_it_goes_out),
    cmocka_unit_test(others_get_their_turn),
    cmocka_unit_test(torn_in_the_middle),
    cmocka_unit_test(timeouts),
    cmocka_unit_test(slow_body),
    cmocka_unit_test(memory),
    cmocka_unit_test(oldest_idle_makes_room),
    cmocka_unit_test(take_over),
};
SUITE(dialog, tests);
