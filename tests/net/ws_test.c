#include "suite.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "edge.h"
#include "net/ws.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A client by hand on one end of a socket pair, a ws on the other, a loop that the test turns. */
struct duo {
    struct loop *loop;
    struct ws *ws;
    int client;
    unsigned ntexts;
    size_t nlast;
    char last[MAX_WS_MESSAGE + 1];
    int closed;  /* code; 0: open */
    bool is_cut; /* the server closed the descriptor */
    size_t nheard;
    uint8_t heard[1 << 18];
};

static void on_text(struct ws *w, str message, void *ctx)
{
    struct duo *d = ctx;

    d->ntexts++;
    memcpy(d->last, message.p, message.n);
    d->last[message.n] = 0;
    d->nlast = message.n;
    if (str_eq(message, S("close me")))
        ws_close(w, 4000, S("as you wish"));
    if (str_eq(message, S("answer")))
        assert_int_equal(ws_send(w, S("the answer")), 0);
}

static void on_closed(struct ws *w, int code, void *ctx)
{
    struct duo *d = ctx;

    assert_ptr_equal(w, d->ws);
    assert_int_equal(d->closed, 0);
    d->closed = code;
    d->ws = NULL;
}

static const struct ws_events events = {on_text, on_closed};

static void turn(struct duo *d)
{
    for (int i = 0; i < 4; i++)
        loop_once(d->loop, 0);
}

/* What has come since the last call. */
static str hear(struct duo *d)
{
    ssize_t n = 1;

    d->nheard = 0;
    while (n > 0 && d->nheard < sizeof(d->heard)) {
        turn(d);
        n = recv(d->client, d->heard + d->nheard, sizeof(d->heard) - d->nheard, MSG_DONTWAIT);
        if (n > 0)
            d->nheard += (size_t)n;
    }
    d->is_cut |= n == 0 || (n < 0 && errno != EAGAIN);
    return (str){(char *)d->heard, d->nheard};
}

static struct duo *open_duo(str unread)
{
    struct duo *d = calloc(1, sizeof(*d));
    struct ws_handover h = {.accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="};
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    assert_int_equal(loop_new(&d->loop), 0);
    h.connection.fd = fds[0];
    d->client = fds[1];
    if (unread.n) {
        h.connection.unread = malloc(unread.n);
        memcpy(h.connection.unread, unread.p, unread.n);
        h.connection.nunread = unread.n;
    }
    assert_int_equal(ws_open(d->loop, &h, &events, d, &d->ws), 0);
    assert_int_equal(h.connection.fd, -1);
    assert_true(
        str_eq(hear(d),
               S("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")));
    return d;
}

static void close_duo(struct duo *d)
{
    close(d->client);
    turn(d);
    assert_null(d->ws);
    assert_true(d->closed != 0);
    loop_free(d->loop);
    free(d);
}

enum { FIN = 0x80, CONT = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

/* One masked frame as a browser writes it (RFC 6455 5.2); returns its length. */
static size_t frame(uint8_t *to, int first, const void *payload, size_t n)
{
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    const uint8_t *from = payload;
    size_t at = 0;

    to[at++] = (uint8_t)first;
    if (n < 126) {
        to[at++] = (uint8_t)(0x80 | n);
    } else {
        to[at++] = 0x80 | 126;
        to[at++] = (uint8_t)(n >> 8);
        to[at++] = (uint8_t)n;
    }
    memcpy(to + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < n; i++)
        to[at++] = from[i] ^ mask[i % 4];
    return at;
}

static void say(struct duo *d, int first, str payload)
{
    uint8_t *bytes = malloc(payload.n + 16);
    size_t n = frame(bytes, first, payload.p, payload.n);

    assert_int_equal(send(d->client, bytes, n, MSG_NOSIGNAL), n);
    free(bytes);
    turn(d);
}

static void texts(void **state)
{
    struct duo *d = open_duo((str){0});

    (void)state;
    say(d, FIN | TEXT, S("hello"));
    assert_string_equal(d->last, "hello");
    say(d, FIN | TEXT, S(""));
    assert_int_equal(d->ntexts, 2);
    assert_string_equal(d->last, "");
    say(d, FIN | TEXT, S("answer"));
    assert_true(str_eq(hear(d), S("\x81\x0a"
                                  "the answer")));
    close_duo(d);
}

static void fragments(void **state)
{
    struct duo *d = open_duo((str){0});

    (void)state;
    say(d, TEXT, S("one "));
    say(d, FIN | PING, S("p"));
    say(d, CONT, S("t\xd1"));
    assert_int_equal(d->ntexts, 0);
    say(d, FIN | CONT, S("\x8f three"));
    assert_int_equal(d->ntexts, 1);
    assert_string_equal(d->last, "one tя three");
    assert_true(str_eq(hear(d), S("\x8a\x01p")));
    close_duo(d);
}

static void cut_at_every_byte(void **state)
{
    uint8_t bytes[64];
    size_t n = frame(bytes, FIN | TEXT, "first", 5);

    (void)state;
    n += frame(bytes + n, FIN | TEXT, "second", 6);
    for (size_t cut = 0; cut <= n; cut++) {
        struct duo *d = open_duo((str){(char *)bytes, cut}); /* these came behind the request */

        assert_int_equal(d->ntexts, (cut >= 11) + (cut == n));
        if (cut < n)
            assert_int_equal(send(d->client, bytes + cut, n - cut, MSG_NOSIGNAL), n - cut);
        turn(d);
        assert_int_equal(d->ntexts, 2);
        assert_string_equal(d->last, "second");
        close_duo(d);
    }
}

/* Each is answered with a close frame of this code (0: any or none), and the connection ends. */
static void broken_rules(void **state)
{
    static const struct {
        int first;
        const char *payload;
        int code;
    } rows[] = {
        {FIN | TEXT, "\xff\xfe", 1007},
        {FIN | TEXT, "\xd1", 1007},
        {FIN | BINARY, "x", 1003},
        {FIN | CONT, "x", 1002},
        {FIN | 3, "x", 1002},
        {FIN | 0x40 | TEXT, "x", 1002},
        {PING, "x", 0},
        {FIN | CLOSE, "\x03\xed", 0},
        {FIN | CLOSE, "x", 0},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct duo *d = open_duo((str){0});
        str heard;

        say(d, rows[i].first, str_c(rows[i].payload));
        heard = hear(d);
        assert_true(heard.n >= (rows[i].code ? 4 : 2));
        assert_int_equal((uint8_t)heard.p[0], FIN | CLOSE);
        if (rows[i].code)
            assert_int_equal((uint8_t)heard.p[2] << 8 | (uint8_t)heard.p[3], rows[i].code);
        assert_int_equal(d->ntexts, 0);
        close_duo(d);
    }
}

static void unmasked(void **state)
{
    struct duo *d = open_duo((str){0});

    (void)state;
    assert_int_equal(send(d->client, "\x81\x01x", 3, MSG_NOSIGNAL), 3);
    turn(d);
    assert_int_equal(d->closed, 1002);
    assert_true(str_starts(hear(d), S("\x88")));
    assert_true(d->is_cut);
    close_duo(d);
}

static void sizes(void **state)
{
    char *text = malloc(MAX_WS_MESSAGE + 1);
    struct duo *d = open_duo((str){0});
    str heard;

    (void)state;
    memset(text, 'x', MAX_WS_MESSAGE + 1);
    say(d, FIN | TEXT, (str){text, MAX_WS_MESSAGE});
    assert_int_equal(d->nlast, MAX_WS_MESSAGE);
    say(d, FIN | TEXT, (str){text, MAX_WS_MESSAGE + 1});
    heard = hear(d);
    assert_true(heard.n >= 4);
    assert_int_equal((uint8_t)heard.p[2] << 8 | (uint8_t)heard.p[3], 1009);
    assert_int_equal(d->closed, 1009);
    close_duo(d);

    d = open_duo((str){0}); /* the same in fragments */
    say(d, TEXT, (str){text, MAX_WS_MESSAGE});
    say(d, FIN | CONT, S("x"));
    assert_int_equal(d->closed, 1009);
    assert_int_equal(d->ntexts, 0);
    close_duo(d);
    free(text);
}

static void closed_by_the_peer(void **state)
{
    struct duo *d = open_duo((str){0});

    (void)state;
    say(d, FIN | CLOSE,
        S("\x0f\xa1"
          "bye"));
    assert_true(str_starts(hear(d), S("\x88")));
    assert_int_equal(d->closed, 4001);
    assert_true(d->is_cut);
    close_duo(d);
    d = open_duo((str){0});
    say(d, FIN | CLOSE, S(""));
    assert_int_equal(d->closed, 1005);
    close_duo(d);
}

static void closed_by_us(void **state)
{
    struct duo *d = open_duo((str){0});

    (void)state;
    say(d, FIN | TEXT, S("close me"));
    assert_true(str_eq(hear(d), S("\x88\x0d\x0f\xa0"
                                  "as you wish")));
    assert_int_equal(ws_send(d->ws, S("x")), ERR_CLOSED);
    ws_close(d->ws, 4001, S("twice")); /* changes nothing */
    say(d, FIN | TEXT, S("not heard any more"));
    assert_int_equal(d->ntexts, 1);
    assert_int_equal(d->closed, 0);
    say(d, FIN | CLOSE, S("\x0f\xa0"));
    assert_int_equal(d->closed, 4000);
    hear(d);
    assert_true(d->is_cut);
    close_duo(d);
}

static void vanished(void **state)
{
    struct duo *d = open_duo((str){0});

    (void)state;
    close(d->client);
    d->client = -1;
    turn(d);
    assert_int_equal(d->closed, 1006);
    close_duo(d);
}

/* Messages of one round leave together; what the peer does not read waits up to the limit, and then
 * the peer is cut. */
static void slow_reader(void **state)
{
    static char text[8000];
    struct duo *d = open_duo((str){0});
    int r = 0, sent = 0;

    (void)state;
    memset(text, 'x', sizeof(text));
    while (r == 0 && sent < 10000) {
        r = ws_send(d->ws, (str){text, sizeof(text)});
        sent += r == 0;
        loop_once(d->loop, 0);
    }
    assert_int_equal(r, ERR_FULL);
    assert_true(sent >= MAX_WS_QUEUE / 8000 - 1);
    turn(d);
    assert_int_equal(d->closed, 1006);
    close_duo(d);
}

static void waiting_messages_go_on(void **state)
{
    static char text[8000];
    struct duo *d = open_duo((str){0});
    size_t want = 0, got = 0;

    (void)state;
    memset(text, 'x', sizeof(text));
    for (int i = 0; i < 30; i++, want += sizeof(text) + 4)
        assert_int_equal(ws_send(d->ws, (str){text, sizeof(text)}), 0);
    for (int i = 0; i < 1000 && got < want; i++)
        got += hear(d).n;
    assert_int_equal(got, want);
    close_duo(d);
}

/* A peer that has said good-bye and reads nothing: our answer waits, and neither what it still
 * sends nor a full socket makes the thread turn in vain. */
static void closed_and_deaf(void **state)
{
    static char text[8000];
    struct duo *d = open_duo((str){0});
    uint8_t bytes[64];
    usec began;

    (void)state;
    memset(text, 'x', sizeof(text));
    for (int i = 0; i < 28; i++) { /* more than the pair takes */
        assert_int_equal(ws_send(d->ws, (str){text, sizeof(text)}), 0);
        turn(d);
    }
    assert_int_equal(send(d->client, bytes, frame(bytes, FIN | CLOSE, "\x03\xe8", 2), 0), 8);
    turn(d);
    assert_int_equal(d->closed, 0);
    assert_int_equal(send(d->client, text, 100, 0), 100);
    turn(d);
    began = clock_mono();
    loop_once(d->loop, 50 * USEC_MS);
    assert_true(clock_mono() - began >= 50 * USEC_MS);
    edge_later(4 * USEC_S);
    turn(d);
    assert_int_equal(d->closed, 0);
    edge_later(2 * USEC_S);
    turn(d);
    assert_int_equal(d->closed, 1000);
    close_duo(d);
}

static void ping_flood(void **state)
{
    struct duo *d = open_duo((str){0});
    uint8_t bytes[6 * 100];
    size_t n = 0;

    (void)state;
    while (n < sizeof(bytes))
        n += frame(bytes + n, FIN | PING, "", 0);
    for (int i = 0; i < 20000 && !d->closed; i++) {
        if (send(d->client, bytes, n, MSG_NOSIGNAL) < (ssize_t)n)
            turn(d); /* a cut frame now and then is no matter: it ends the same way */
    }
    assert_true(d->closed != 0);
    close_duo(d);
}

/* ---- the upgrade ---- */

#define ASK(extra)                                                                                 \
    "GET /ws HTTP/1.1\r\nHost: h:80\r\nConnection: keep-alive, Upgrade\r\n" extra "\r\n"
#define KEY  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define GOOD ASK("Upgrade: WebSocket\r\nOrigin: http://h:80\r\nSec-WebSocket-Version: 13\r\n" KEY)

static struct ws_handover handed;
static int accepted;

static void upgrade(struct exchange *x, void *ctx)
{
    (void)ctx;
    accepted = ws_accept(x, &handed);
}

static void upgrades(void **state)
{
    static const struct {
        const char *text;
        int status;
    } rows[] = {
        {"GET /ws HTTP/1.1\r\nHost: h:80\r\n\r\n", 426},
        {"POST /ws HTTP/1.1\r\nHost: h:80\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
         426},
        {ASK("Upgrade: h2c\r\n"), 426},
        {ASK("Upgrade: websocket\r\nOrigin: http://h:80\r\nSec-WebSocket-Version: 8\r\n" KEY), 426},
        {ASK("Upgrade: websocket\r\nOrigin: http://h:80\r\nSec-WebSocket-Version: 13\r\n"), 400},
        {ASK("Upgrade: websocket\r\nOrigin: http://h:80\r\nSec-WebSocket-Version: "
             "13\r\nSec-WebSocket-Key: YQ==\r\n"),
         400},
        {ASK("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" KEY), 403},
        {ASK("Upgrade: websocket\r\nOrigin: http://h\r\nSec-WebSocket-Version: 13\r\n" KEY), 403},
        {ASK("Upgrade: websocket\r\nOrigin: http://evil.example\r\nSec-WebSocket-Version: "
             "13\r\n" KEY),
         403},
        {ASK("Upgrade: websocket\r\nOrigin: null\r\nSec-WebSocket-Version: 13\r\n" KEY), 403},
        {ASK("Upgrade: websocket\r\nOrigin: http://xh:80\r\nSec-WebSocket-Version: 13\r\n" KEY),
         403},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct edge e;

        edge_open(&e, upgrade);
        edge_say(&e, str_c(rows[i].text));
        assert_int_equal(strtol(edge_hear(&e) + 9, NULL, 10), rows[i].status);
        assert_true(accepted < 0);
        edge_close(&e);
    }
}

static void taken_from_http(void **state)
{
    struct edge e;
    uint8_t bytes[32];
    size_t n = frame(bytes, FIN | TEXT, "answer", 6);
    struct duo d = {0};

    (void)state;
    edge_open(&e, upgrade);
    edge_say(&e, S(GOOD));
    edge_say(&e, (str){(char *)bytes, n});
    assert_string_equal(edge_hear(&e), "");
    assert_int_equal(accepted, 0);
    assert_string_equal(handed.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); /* RFC 6455 1.3 */
    assert_int_equal(handed.connection.nunread, n);
    assert_int_equal(ws_open(e.worker.loop, &handed, &events, &d, &d.ws), 0);
    edge_later(10 * USEC_S);
    edge_turn(&e);
    assert_false(conn_end_oldest(&e.worker)); /* it is no web thread's any more */
    assert_non_null(strstr(edge_hear(&e), "\r\n\r\n\x81\x0a"
                                          "the answer"));
    close(e.client);
    e.client = -1;
    edge_turn(&e);
    assert_int_equal(d.closed, 1006);
    edge_close(&e);
}

static void refused_after_the_handover(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, upgrade);
    edge_say(&e, S(GOOD));
    edge_hear(&e);
    assert_int_equal(accepted, 0);
    ws_refuse(&handed);
    edge_hear(&e);
    assert_true(e.is_closed);
    edge_close(&e);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(texts),
    cmocka_unit_test(fragments),
    cmocka_unit_test(cut_at_every_byte),
    cmocka_unit_test(broken_rules),
    cmocka_unit_test(unmasked),
    cmocka_unit_test(sizes),
    cmocka_unit_test(closed_by_the_peer),
    cmocka_unit_test(closed_by_us),
    cmocka_unit_test(vanished),
    cmocka_unit_test(slow_reader),
    cmocka_unit_test(waiting_messages_go_on),
    cmocka_unit_test(closed_and_deaf),
    cmocka_unit_test(ping_flood),
    cmocka_unit_test(upgrades),
    cmocka_unit_test(taken_from_http),
    cmocka_unit_test(refused_after_the_handover),
};
SUITE(ws, tests);
