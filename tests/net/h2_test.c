#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "door.h"
#include "edge.h"

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * A client of nghttp2 on the other end of the pair.
 *
 *   ask ─▶ [session] ─ socket pair ─ [conn → h2.c] ─▶ answer
 */
enum { MAX_ANSWERS = 256, LARGE = 200000, LONG = 3 << 20 };

struct heard {
    int32_t id;
    int status;
    char encoding[16], etag[32], location[64];
    size_t nbody, length;
    char body[128];
    bool is_closed;
    uint32_t error;
};

struct guest {
    struct edge e;
    nghttp2_session *session;
    struct heard heard[MAX_ANSWERS];
    size_t nheard;
    bool has_goaway;
    uint32_t goaway_error;
    str upload;
};

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

static struct heard *heard_of(struct guest *g, int32_t id)
{
    for (size_t i = 0; i < g->nheard; i++) {
        if (g->heard[i].id == id)
            return &g->heard[i];
    }
    assert_true(g->nheard < MAX_ANSWERS);
    g->heard[g->nheard] = (struct heard){.id = id};
    return &g->heard[g->nheard++];
}

static str text_of(nghttp2_rcbuf *b)
{
    nghttp2_vec v = nghttp2_rcbuf_get_buf(b);

    return (str){(const char *)v.base, v.len};
}

static int got_field(nghttp2_session *s, const nghttp2_frame *f, nghttp2_rcbuf *name,
                     nghttp2_rcbuf *value, uint8_t flags, void *user)
{
    struct heard *h = heard_of(user, f->hd.stream_id);
    str key = text_of(name), text = text_of(value);

    (void)s;
    (void)flags;
    assert_false(str_eq(key, S("upgrade")));
    if (str_eq(key, S(":status")))
        h->status = atoi(text.p);
    else if (str_eq(key, S("content-length")))
        h->length = (size_t)atol(text.p);
    else if (str_eq(key, S("content-encoding")))
        (void)str_copy(h->encoding, sizeof(h->encoding), text);
    else if (str_eq(key, S("etag")))
        (void)str_copy(h->etag, sizeof(h->etag), text);
    return 0;
}

static int got_data(nghttp2_session *s, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                    void *user)
{
    struct heard *h = heard_of(user, id);

    (void)s;
    (void)flags;
    if (h->nbody + n < sizeof(h->body))
        memcpy(h->body + h->nbody, p, n);
    h->nbody += n;
    return 0;
}

static int got_close(nghttp2_session *s, int32_t id, uint32_t code, void *user)
{
    struct heard *h = heard_of(user, id);

    (void)s;
    h->is_closed = true;
    h->error = code;
    return 0;
}

static int got_frame(nghttp2_session *s, const nghttp2_frame *f, void *user)
{
    struct guest *g = user;

    (void)s;
    if (f->hd.type == NGHTTP2_GOAWAY) {
        g->has_goaway = true;
        g->goaway_error = f->goaway.error_code;
    }
    return 0;
}

/* A client, and a connection that does not speak HTTP/2 yet. */
static void guest_come(struct guest *g)
{
    nghttp2_session_callbacks *k;

    memset(g, 0, sizeof(*g));
    calls = released = 0;
    kept = NULL;
    edge_open(&g->e, answer);
    nghttp2_session_callbacks_new(&k);
    nghttp2_session_callbacks_set_on_header_callback2(k, got_field);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(k, got_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(k, got_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(k, got_frame);
    assert_int_equal(nghttp2_session_client_new(&g->session, k, g), 0);
    nghttp2_session_callbacks_del(k);
    nghttp2_submit_settings(g->session, 0, NULL, 0);
}

static void guest_open(struct guest *g)
{
    guest_come(g);
    assert_int_equal(h2_start(edge_conn(&g->e)), 0);
    assert_true(h2_run(edge_conn(&g->e)));
}

static void guest_close(struct guest *g)
{
    nghttp2_session_del(g->session);
    edge_close(&g->e);
}

static bool guest_say(struct guest *g)
{
    const uint8_t *p;
    ssize_t n = nghttp2_session_mem_send(g->session, &p);

    assert_true(n >= 0);
    if (n)
        edge_say(&g->e, (str){(const char *)p, (size_t)n});
    return n > 0;
}

static bool guest_hear(struct guest *g)
{
    uint8_t bytes[8192];
    ssize_t n = recv(g->e.client, bytes, sizeof(bytes), 0);

    if (n > 0)
        assert_int_equal(nghttp2_session_mem_recv(g->session, bytes, (size_t)n), n);
    else if (n == 0 || errno != EAGAIN)
        g->e.is_closed = true;
    return n > 0;
}

/* Until nothing moves any more. before and behind: called around what the server does. */
static void talk_without(struct guest *g, void (*before)(void), void (*behind)(void))
{
    bool moved;

    do {
        moved = !g->e.is_closed && guest_say(g);
        before();
        edge_turn(&g->e);
        behind();
        moved |= !g->e.is_closed && guest_hear(g);
    } while (moved);
}

static void nothing(void)
{
}

static void talk(struct guest *g)
{
    talk_without(g, nothing, nothing);
}

static ssize_t give_upload(nghttp2_session *s, int32_t id, uint8_t *to, size_t room,
                           uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct guest *g = user;
    size_t n = g->upload.n < room ? g->upload.n : room;

    (void)s;
    (void)id;
    (void)source;
    memset(to, 'u', n);
    g->upload.n -= n;
    if (!g->upload.n)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

#define NV(name, value)                                                                            \
    {                                                                                              \
        (uint8_t *)(name), (uint8_t *)(value), strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE   \
    }

static int32_t ask(struct guest *g, const char *method, const char *path, const char *name,
                   const char *value)
{
    nghttp2_nv nv[] = {NV(":method", method), NV(":path", path), NV(":scheme", "https"),
                       NV(":authority", "h.example"), NV(name, value)};
    nghttp2_data_provider data = {.read_callback = give_upload};
    int32_t id = nghttp2_submit_request(g->session, NULL, nv, 5, g->upload.n ? &data : NULL, NULL);

    assert_true(id > 0);
    return id;
}

static struct heard *get(struct guest *g, const char *path)
{
    int32_t id = ask(g, "GET", path, "x-none", "");

    talk(g);
    return heard_of(g, id);
}

static void several_requests(void **state)
{
    struct guest g;
    int32_t head, same, post;
    struct heard *h;

    (void)state;
    guest_open(&g);
    h = get(&g, "/a?b=c");
    assert_int_equal(h->status, 200);
    assert_string_equal(h->body, "GET /a?b=c @h.example [0]");
    assert_int_equal(h->length, h->nbody);
    assert_true(h->is_closed);
    head = ask(&g, "HEAD", "/a", "x-none", "");
    same = ask(&g, "GET", "/a", "if-none-match", "\"e\"");
    g.upload.n = 60000;
    post = ask(&g, "POST", "/up", "x-none", "");
    talk(&g);
    assert_int_equal(heard_of(&g, head)->length, 23);
    assert_int_equal(heard_of(&g, head)->nbody, 0);
    assert_int_equal(heard_of(&g, same)->status, 304);
    assert_int_equal(heard_of(&g, same)->nbody, 0);
    assert_string_equal(heard_of(&g, post)->body, "POST /up? @h.example [60000]");
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
    guest_open(&g);
    talk(&g);
    for (int i = 0; i < N; i++)
        ids[i] = ask(&g, "GET", "/large", "x-none", "");
    talk(&g);
    for (int i = 0; i < N; i++) {
        assert_int_equal(heard_of(&g, ids[i])->nbody, LARGE);
        assert_int_equal(heard_of(&g, ids[i])->error, 0);
    }
    packed = ask(&g, "GET", "/large", "accept-encoding", "gzip, br");
    talk(&g);
    assert_string_equal(heard_of(&g, packed)->encoding, "br");
    assert_string_equal(heard_of(&g, packed)->etag, "W/\"e\"");
    assert_int_equal(released, N + 1);
    guest_close(&g);
}

/* As it goes out; a part; one that is gone in the middle ends its stream alone. */
static void read_as_it_goes_out(void **state)
{
    struct guest g;
    int32_t whole, part, torn, head;

    (void)state;
    guest_open(&g);
    whole = ask(&g, "GET", "/film", "x-none", "");
    part = ask(&g, "GET", "/film", "range", "bytes=100000-100099");
    torn = ask(&g, "GET", "/film-torn", "x-none", "");
    head = ask(&g, "HEAD", "/film", "x-none", "");
    talk(&g);
    assert_int_equal(heard_of(&g, whole)->length, LARGE);
    assert_int_equal(heard_of(&g, whole)->nbody, LARGE);
    assert_int_equal(heard_of(&g, part)->status, 206);
    assert_int_equal(heard_of(&g, part)->nbody, 100);
    assert_int_equal(heard_of(&g, part)->body[99], edge_byte(100099));
    assert_int_equal(heard_of(&g, head)->length, LARGE);
    assert_int_equal(heard_of(&g, head)->nbody, 0);
    assert_true(heard_of(&g, torn)->is_closed && heard_of(&g, torn)->error);
    assert_true(heard_of(&g, torn)->nbody < LARGE);
    assert_string_equal(get(&g, "/b")->body, "GET /b? @h.example [0]");
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
    guest_open(&g);
    other = edge_connect(&g.e);
    nghttp2_submit_settings(g.session, 0, &wide, 1);
    nghttp2_session_set_local_window_size(g.session, 0, 0, 1 << 30);
    talk(&g);
    fast = &g;
    edge_on_read = take_at_once;
    film = heard_of(&g, ask(&g, "GET", "/film-long", "x-none", ""));
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
    guest_open(&g);
    h = get(&g, "/later");
    assert_int_equal(h->status, 0);
    assert_string_equal(get(&g, "/b")->body, "GET /b? @h.example [0]");
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    talk(&g);
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
        guest_open(&g);
        id = get(&g, "/later")->id;
        if (whole) {
            conn_end(edge_conn(&g.e));
            assert_int_equal(g.e.worker.norphans, 1);
        } else {
            nghttp2_submit_rst_stream(g.session, 0, id, NGHTTP2_CANCEL);
            talk(&g);
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
    guest_open(&g);
    path = ask(&g, "GET", "no-slash", "x-none", "");
    talk(&g);
    assert_true(heard_of(&g, path)->is_closed);
    g.upload.n = 100000;
    body = ask(&g, "POST", "/up", "x-none", "");
    talk(&g);
    assert_int_equal(heard_of(&g, body)->status, 413);
    g.upload.n = 0;
    assert_int_equal(calls, 0);
    assert_string_equal(get(&g, "/still")->body, "GET /still? @h.example [0]");
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
    guest_open(&g);
    for (size_t i = 4; i < NELEM(nv); i++)
        nv[i] = (nghttp2_nv)NV("x-a", "b");
    id = nghttp2_submit_request(g.session, NULL, nv, NELEM(nv), NULL, NULL);
    talk(&g);
    assert_int_equal(heard_of(&g, id)->status, 431);
    assert_int_equal(calls, 0);
    assert_int_equal(get(&g, "/still")->status, 200);
    guest_close(&g);
}

static void rapid_reset(void **state)
{
    struct guest g;

    (void)state;
    guest_open(&g);
    talk(&g);
    for (int i = 0; i < 4 * MAX_H2_RESETS && !g.has_goaway; i++) {
        int32_t id = ask(&g, "GET", "/a", "x-none", "");

        guest_say(&g);
        nghttp2_submit_rst_stream(g.session, 0, id, NGHTTP2_CANCEL);
        g.nheard = 0;
        if (i % 50 == 49)
            talk(&g);
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
    guest_open(&g);
    for (int i = 0; i < 2 * MAX_H2_NOISE && !g.has_goaway; i++) {
        nghttp2_submit_ping(g.session, 0, NULL);
        talk(&g);
    }
    assert_true(g.has_goaway);
    assert_int_equal(g.goaway_error, NGHTTP2_ENHANCE_YOUR_CALM);
    guest_close(&g);
}

static void idle_ends_politely(void **state)
{
    struct guest g;

    (void)state;
    guest_open(&g);
    get(&g, "/a");
    (void)h2_timeout(edge_conn(&g.e));
    talk(&g);
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
    guest_open(&g);
    h = get(&g, "/later");
    g.e.worker.is_stopping = true;
    h2_stop(edge_conn(&g.e));
    talk(&g);
    assert_true(g.has_goaway);
    assert_non_null(edge_conn(&g.e));
    http_text(kept, 200, S("text/plain"), S("late"));
    g.e.worker.is_stopping = false; /* the last connection would stop the loop of this test */
    http_finish(kept);
    talk(&g);
    assert_string_equal(h->body, "late");
    assert_null(edge_conn(&g.e));
    guest_close(&g);
}

static void not_http2_at_all(void **state)
{
    struct guest g;

    (void)state;
    guest_open(&g);
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
    struct heard *h = heard_of(g, id);

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
    guest_come(&g);
    sweep_resume();
    r = h2_start(edge_conn(&g.e));
    if (r == 0 && !h2_run(edge_conn(&g.e)))
        r = ERR_MEM;
    sweep_pause();
    if (r == 0) {
        ids[0] = ask(&g, "GET", "/a?b=c", "x-none", "");
        g.upload.n = 60000;
        ids[1] = ask(&g, "POST", "/up", "x-none", "");
        talk_without(&g, sweep_resume, sweep_pause);
        ids[2] = ask(&g, "GET", "/large", "x-none", "");
        talk_without(&g, sweep_resume, sweep_pause);
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
