#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "door.h"
#include "edge.h"
#include "guest.h"

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LARGE = 200000, LONG = 3 << 20 };

static char large_text[LARGE];
static unsigned released, calls;
static struct exchange *kept;

static void on_release(const struct http_shared *s)
{
    (void)s;
    released++;
}

static struct http_shared large = {
    .plain = {large_text, LARGE}, .br = {"br", 2}, .release = on_release};

static void answer(struct exchange *x, void *ctx)
{
    (void)ctx;
    calls++;
    http_set(x, S("ETag"), S("\"e\""));
    if (str_eq(x->path, S("/large"))) {
        x->shared = &large;
    } else if (str_starts(x->path, S("/film"))) {
        edge_source(x, str_eq(x->path, S("/film-long")) ? LONG : LARGE,
                    str_eq(x->path, S("/film-torn")) ? LARGE / 2 : 0);
    } else if (str_eq(x->path, S("/later"))) {
        http_defer(x);
        kept = x;
    } else {
        http_set(x, S("Upgrade"), S("websocket")); /* which must not get through */
        http_text(x, 200, S("text/plain"),
                  arena_printf(x->arena, "%.*s %.*s?%.*s @%.*s [%zu]", STR(x->method), STR(x->path),
                               STR(x->query), STR(http_header(x, S("host"))), x->body.n));
    }
}

static void forget(void)
{
    calls = released = 0;
    kept = NULL;
}

static void open_guest(struct guest *g)
{
    forget();
    guest_open(g, answer);
}

static void several_requests(void **state)
{
    struct guest g;
    int32_t head, same, post;
    struct heard *h;

    (void)state;
    open_guest(&g);
    h = guest_get(&g, "/a?b=c");
    assert_int_equal(h->status, 200);
    assert_string_equal(h->body, "GET /a?b=c @h.example [0]");
    assert_int_equal(h->length, h->nbody);
    assert_true(h->is_closed);
    head = guest_ask(&g, "HEAD", "/a", "x-none", "");
    same = guest_ask(&g, "GET", "/a", "if-none-match", "\"e\"");
    g.upload.n = 60000;
    post = guest_ask(&g, "POST", "/up", "x-none", "");
    guest_talk(&g);
    assert_int_equal(guest_heard(&g, head)->length, 23);
    assert_int_equal(guest_heard(&g, head)->nbody, 0);
    assert_int_equal(guest_heard(&g, same)->status, 304);
    assert_int_equal(guest_heard(&g, same)->nbody, 0);
    assert_string_equal(guest_heard(&g, post)->body, "POST /up? @h.example [60000]");
    assert_int_equal(g.e.worker.body_bytes, 0);
    assert_ptr_equal(edge_conn(&g.e)->list, &g.e.worker.idle);
    guest_close(&g);
}

/* Many at once, with an answer larger than every window and buffer. */
static void many_at_once(void **state)
{
    enum { N = 100 };
    struct guest g;
    int32_t ids[N], packed;

    (void)state;
    open_guest(&g);
    guest_talk(&g);
    for (int i = 0; i < N; i++)
        ids[i] = guest_ask(&g, "GET", "/large", "x-none", "");
    guest_talk(&g);
    for (int i = 0; i < N; i++) {
        assert_int_equal(guest_heard(&g, ids[i])->nbody, LARGE);
        assert_int_equal(guest_heard(&g, ids[i])->error, 0);
    }
    packed = guest_ask(&g, "GET", "/large", "accept-encoding", "gzip, br");
    guest_talk(&g);
    assert_string_equal(guest_heard(&g, packed)->encoding, "br");
    assert_string_equal(guest_heard(&g, packed)->etag, "W/\"e\"");
    assert_int_equal(released, N + 1);
    guest_close(&g);
}

/* As it goes out; a part; one that is gone in the middle ends its stream alone. */
static void read_as_it_goes_out(void **state)
{
    struct guest g;
    int32_t whole, part, torn, head;

    (void)state;
    open_guest(&g);
    whole = guest_ask(&g, "GET", "/film", "x-none", "");
    part = guest_ask(&g, "GET", "/film", "range", "bytes=100000-100099");
    torn = guest_ask(&g, "GET", "/film-torn", "x-none", "");
    head = guest_ask(&g, "HEAD", "/film", "x-none", "");
    guest_talk(&g);
    assert_int_equal(guest_heard(&g, whole)->length, LARGE);
    assert_int_equal(guest_heard(&g, whole)->nbody, LARGE);
    assert_int_equal(guest_heard(&g, part)->status, 206);
    assert_int_equal(guest_heard(&g, part)->nbody, 100);
    assert_int_equal(guest_heard(&g, part)->body[99], edge_byte(100099));
    assert_int_equal(guest_heard(&g, head)->length, LARGE);
    assert_int_equal(guest_heard(&g, head)->nbody, 0);
    assert_true(guest_heard(&g, torn)->is_closed && guest_heard(&g, torn)->error);
    assert_true(guest_heard(&g, torn)->nbody < LARGE);
    assert_string_equal(guest_get(&g, "/b")->body, "GET /b? @h.example [0]");
    guest_close(&g);
}

static struct guest *fast;

static void take_at_once(void)
{
    while (guest_hear(fast))
        ;
}

/* A client without windows that takes everything at once, as the dialog's test has it. */
static void others_get_their_turn(void **state)
{
    static const char small[] = "GET /small HTTP/1.1\r\nHost: h\r\n\r\n";
    static const nghttp2_settings_entry wide = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 30};
    struct guest g;
    struct heard *film;
    int other;

    (void)state;
    open_guest(&g);
    other = edge_connect(&g.e);
    nghttp2_submit_settings(g.session, 0, &wide, 1);
    nghttp2_session_set_local_window_size(g.session, 0, 0, 1 << 30);
    guest_talk(&g);
    fast = &g;
    edge_on_read = take_at_once;
    film = guest_heard(&g, guest_ask(&g, "GET", "/film-long", "x-none", ""));
    while (guest_say(&g))
        ;
    assert_int_equal(send(other, small, sizeof(small) - 1, 0), sizeof(small) - 1);
    loop_once(g.e.worker.loop, 0);
    assert_int_equal(calls, 2);
    assert_in_range(film->nbody, 100000, LONG / 2);
    for (int i = 0; i < 20 && !film->is_closed; i++) {
        loop_once(g.e.worker.loop, 0);
        take_at_once();
    }
    assert_int_equal(film->nbody, LONG);
    assert_true(film->is_closed && !film->error);
    edge_on_read = NULL;
    close(other);
    guest_close(&g);
}

static void deferred(void **state)
{
    struct guest g;
    struct heard *h;

    (void)state;
    open_guest(&g);
    h = guest_get(&g, "/later");
    assert_int_equal(h->status, 0);
    assert_string_equal(guest_get(&g, "/b")->body, "GET /b? @h.example [0]");
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    guest_talk(&g);
    assert_string_equal(h->body, "late");
    guest_close(&g);
}

/* The stream or the whole connection goes while the handler works. */
static void deferred_and_gone(void **state)
{
    struct guest g;
    int32_t id;

    (void)state;
    for (int whole = 0; whole < 2; whole++) {
        open_guest(&g);
        id = guest_get(&g, "/later")->id;
        if (whole) {
            conn_end(edge_conn(&g.e));
            assert_int_equal(g.e.worker.norphans, 1);
        } else {
            nghttp2_submit_rst_stream(g.session, 0, id, NGHTTP2_CANCEL);
            guest_talk(&g);
        }
        http_finish(kept);
        assert_int_equal(g.e.worker.norphans, 0);
        guest_close(&g);
    }
}

static void refusals(void **state)
{
    struct guest g;
    int32_t body, path;

    (void)state;
    open_guest(&g);
    path = guest_ask(&g, "GET", "no-slash", "x-none", "");
    guest_talk(&g);
    assert_true(guest_heard(&g, path)->is_closed);
    g.upload.n = 100000;
    body = guest_ask(&g, "POST", "/up", "x-none", "");
    guest_talk(&g);
    assert_int_equal(guest_heard(&g, body)->status, 413);
    g.upload.n = 0;
    assert_int_equal(calls, 0);
    assert_string_equal(guest_get(&g, "/still")->body, "GET /still? @h.example [0]");
    guest_close(&g);
}

/* More fields, or longer ones, than MAX_HTTP_HEADERS and MAX_HTTP_HEAD: 431, the others go on. */
static void too_large_a_head(void **state)
{
    nghttp2_nv nv[MAX_HTTP_HEADERS + 4] = {NV(":method", "GET"), NV(":path", "/"),
                                           NV(":scheme", "https"), NV(":authority", "h")};
    struct guest g;
    int32_t id;

    (void)state;
    open_guest(&g);
    for (size_t i = 4; i < NELEM(nv); i++)
        nv[i] = (nghttp2_nv)NV("x-a", "b");
    id = nghttp2_submit_request(g.session, NULL, nv, NELEM(nv), NULL, NULL);
    guest_talk(&g);
    assert_int_equal(guest_heard(&g, id)->status, 431);
    assert_int_equal(calls, 0);
    assert_int_equal(guest_get(&g, "/still")->status, 200);
    guest_close(&g);
}

static void rapid_reset(void **state)
{
    struct guest g;

    (void)state;
    open_guest(&g);
    guest_talk(&g);
    for (int i = 0; i < 4 * MAX_H2_RESETS && !g.has_goaway; i++) {
        int32_t id = guest_ask(&g, "GET", "/a", "x-none", "");

        guest_say(&g);
        nghttp2_submit_rst_stream(g.session, 0, id, NGHTTP2_CANCEL);
        g.nheard = 0;
        if (i % 50 == 49)
            guest_talk(&g);
        else
            guest_say(&g);
    }
    assert_true(g.has_goaway);
    assert_int_equal(g.goaway_error, NGHTTP2_ENHANCE_YOUR_CALM);
    assert_int_equal(atomic_load(&g.e.worker.counts[SERVER_CALMED]), 1);
    guest_close(&g);
}

static void pings_without_end(void **state)
{
    struct guest g;

    (void)state;
    open_guest(&g);
    for (int i = 0; i < 2 * MAX_H2_NOISE && !g.has_goaway; i++) {
        nghttp2_submit_ping(g.session, 0, NULL);
        guest_talk(&g);
    }
    assert_true(g.has_goaway);
    assert_int_equal(g.goaway_error, NGHTTP2_ENHANCE_YOUR_CALM);
    guest_close(&g);
}

static void idle_ends_politely(void **state)
{
    struct guest g;

    (void)state;
    open_guest(&g);
    guest_get(&g, "/a");
    (void)h2_timeout(edge_conn(&g.e));
    guest_talk(&g);
    assert_true(g.has_goaway);
    assert_int_equal(g.goaway_error, NGHTTP2_NO_ERROR);
    assert_null(edge_conn(&g.e));
    guest_close(&g);
}

/* A stop lets the running answer out and takes no new request. */
static void stop_lets_finish(void **state)
{
    struct guest g;
    struct heard *h;

    (void)state;
    open_guest(&g);
    h = guest_get(&g, "/later");
    g.e.worker.is_stopping = true;
    h2_stop(edge_conn(&g.e));
    guest_talk(&g);
    assert_true(g.has_goaway);
    assert_non_null(edge_conn(&g.e));
    http_text(kept, 200, S("text/plain"), S("late"));
    g.e.worker.is_stopping = false; /* the last connection would stop the loop of this test */
    http_finish(kept);
    guest_talk(&g);
    assert_string_equal(h->body, "late");
    assert_null(edge_conn(&g.e));
    guest_close(&g);
}

static void not_http2_at_all(void **state)
{
    struct guest g;

    (void)state;
    open_guest(&g);
    edge_say(&g.e, S("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    edge_turn(&g.e);
    assert_null(edge_conn(&g.e));
    assert_int_equal(calls, 0);
    guest_close(&g);
}

/* Through TLS and ALPN, on a real server: a request by hand (RFC 9113 3.4, 6.2). */
static void by_alpn(void **state)
{
    static const uint8_t hello[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                                   "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
                                   /* HEADERS 1: GET, https, /, :authority h */
                                   "\x00\x00\x06\x01\x05\x00\x00\x00\x01\x82\x87\x84\x41\x01h";
    static struct door d;
    struct wire w;
    uint8_t got[4096];
    size_t n = 0, some;

    (void)state;
    door_open(&d, answer);
    w = door_dial_tls(&d, "\x02h2\x08http/1.1");
    wire_say(&w, hello, sizeof(hello) - 1);
    while (!memmem(got, n, "GET /? @h [0]", 13)) {
        some = wire_hear(&w, got + n, sizeof(got) - n);
        assert_true(some > 0);
        n += some;
    }
    assert_int_equal(got[3], NGHTTP2_SETTINGS);
    assert_int_equal(server_count(d.server, SERVER_H2), 1);
    server_free(d.server, USEC_S);
    d.server = NULL;
    n = 0;
    while ((some = wire_hear(&w, got + n, sizeof(got) - n)) > 0)
        n += some;
    assert_true(n >= 17 && got[n - 14] == NGHTTP2_GOAWAY);
    wire_close(&w);
    door_close(&d);
}

/* ---- without memory (tests/sweep/sweep.h) ---- */

/* Whole, or 500, or closed with an error: never an answer that stays away. */
static int judge(struct guest *g, int32_t id, size_t nbody)
{
    struct heard *h = guest_heard(g, id);

    if (h->is_closed && h->error == 0 && h->status == 200 && h->nbody == nbody)
        return 0;
    if (g->e.is_closed || g->has_goaway || (h->is_closed && (h->error || h->status >= 500)))
        return ERR_MEM;
    return ERR_STATE;
}

/* Three requests at once: a short answer, one to a long body, and one larger than every window. */
int h2_sweep(void)
{
    static struct guest g;
    int32_t ids[3];
    static const size_t lengths[3] = {25, 28, LARGE};
    int r, one;

    sweep_pause();
    forget();
    guest_come(&g, answer);
    sweep_resume();
    r = h2_start(edge_conn(&g.e));
    if (r == 0 && !h2_run(edge_conn(&g.e)))
        r = ERR_MEM;
    sweep_pause();
    if (r == 0) {
        ids[0] = guest_ask(&g, "GET", "/a?b=c", "x-none", "");
        g.upload.n = 60000;
        ids[1] = guest_ask(&g, "POST", "/up", "x-none", "");
        guest_talk_without(&g, sweep_resume, sweep_pause);
        ids[2] = guest_ask(&g, "GET", "/large", "x-none", "");
        guest_talk_without(&g, sweep_resume, sweep_pause);
        for (int i = 0; i < 3; i++) {
            one = judge(&g, ids[i], lengths[i]);
            r = one == ERR_STATE || r == 0 ? one : r;
        }
    }
    guest_close(&g);
    sweep_resume();
    return r;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(several_requests),   cmocka_unit_test(many_at_once),
    cmocka_unit_test(read_as_it_goes_out), cmocka_unit_test(others_get_their_turn),
    cmocka_unit_test(deferred),           cmocka_unit_test(deferred_and_gone),
    cmocka_unit_test(refusals),           cmocka_unit_test(too_large_a_head),
    cmocka_unit_test(rapid_reset),        cmocka_unit_test(pings_without_end),
    cmocka_unit_test(idle_ends_politely), cmocka_unit_test(stop_lets_finish),
    cmocka_unit_test(not_http2_at_all),   cmocka_unit_test(by_alpn),
};
SUITE(h2, tests);
