#include "suite.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/ssl.h>
#undef ERR_STATE

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "door.h"
#include "net/http.h"
#include "net/tls.h"
#include "net/ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGE = 300000 };

static char large_text[LARGE];
static struct http_shared large = {.plain = {large_text, LARGE}};

static void on_text(struct ws *w, str message, void *ctx)
{
    (void)ctx;
    assert_int_equal(ws_send(w, message), 0);
}

static void on_closed(struct ws *w, int code, void *ctx)
{
    (void)w;
    (void)code;
    (void)ctx;
}

static void upgrade(struct exchange *x)
{
    static const struct ws_events events = {on_text, on_closed};
    struct ws_handover h;
    struct ws *w;

    assert_int_equal(ws_accept(x, &h), 0);
    assert_non_null(h.connection.ssl);
    assert_int_equal(ws_open(x->loop, &h, &events, NULL, &w), 0);
}

static void answer(struct exchange *x, void *ctx)
{
    (void)ctx;
    if (str_eq(x->path, S("/ws")))
        upgrade(x);
    else if (str_eq(x->path, S("/large")))
        x->shared = &large;
    else
        http_text(x, 200, S("text/plain"),
                  arena_printf(x->arena, "%s %.*s", x->is_tls ? "tls" : "plain", STR(x->path)));
}

#define ASK(path)  "GET " path " HTTP/1.1\r\nHost: localhost:4\r\n\r\n"
#define LAST(path) "GET " path " HTTP/1.1\r\nHost: localhost:4\r\nConnection: close\r\n\r\n"

static void say(struct wire *w, const char *text)
{
    wire_say(w, text, strlen(text));
}

static void both_versions(void **state)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    struct door d;
    char text[4096];

    (void)state;
    door_open(&d, answer);
    for (size_t i = 0; i < 2; i++) {
        struct wire w;

        SSL_CTX_set_max_proto_version(d.client, versions[i]);
        w = door_dial_tls(&d, "\x08http/1.1");
        assert_int_equal(SSL_version(w.ssl), versions[i]);
        say(&w, ASK("/a") LAST("/b"));
        wire_hear_all(&w, text, sizeof(text));
        assert_non_null(strstr(text, "\r\n\r\ntls /aHTTP/1.1 200 OK\r\n"));
        assert_non_null(strstr(text, "Connection: close\r\n\r\ntls /b"));
        wire_close(&w);
    }
    assert_int_equal(server_count(d.server, SERVER_TLS), 2);
    door_close(&d);
}

static void old_version_is_refused(void **state)
{
    struct door d;
    struct wire w;

    (void)state;
    door_open(&d, answer);
    w = door_dial(&d);
    w.ssl = SSL_new(d.client);
    SSL_set_fd(w.ssl, w.fd);
    SSL_set_security_level(w.ssl, 0);
    SSL_set_min_proto_version(w.ssl, TLS1_VERSION);
    SSL_set_max_proto_version(w.ssl, TLS1_1_VERSION);
    assert_int_not_equal(SSL_connect(w.ssl), 1);
    wire_close(&w);
    door_close(&d);
}

/* More in one go than fits into a buffer, and an answer of many records that is not read at once.
 */
static void much_both_ways(void **state)
{
    enum { N = 600 };
    struct door d;
    struct wire w;
    size_t nasks = strlen(ASK("/x")), n = 0, got;
    char *asks = malloc(N * nasks), *text = malloc(1 << 20);

    (void)state;
    memset(large_text, 'l', LARGE);
    for (int i = 0; i < N; i++)
        memcpy(asks + (size_t)i * nasks, ASK("/x"), nasks);
    door_open(&d, answer);
    w = door_dial_tls(&d, NULL);
    wire_say(&w, asks, N * nasks);
    say(&w, ASK("/large") LAST("/end"));
    while ((got = wire_hear(&w, text + n, (1 << 20) - 1 - n)) > 0)
        n += got;
    text[n] = 0;
    assert_true(n > N * 60 + LARGE);
    assert_non_null(strstr(text, "tls /end"));
    wire_close(&w);
    door_close(&d);
    free(asks);
    free(text);
}

static void plain_is_sent_to_tls(void **state)
{
    struct door d;
    struct wire w;
    char text[4096];

    (void)state;
    door_open(&d, answer);
    w = door_dial(&d);
    say(&w, ASK("/en/news?page=2"));
    wire_hear_all(&w, text, sizeof(text));
    assert_true(str_starts(str_c(text), S("HTTP/1.1 308 Permanent Redirect\r\n")));
    assert_non_null(strstr(text, "Location: https://localhost:4/en/news?page=2\r\n"));
    wire_close(&w);
    w = door_dial(&d);
    say(&w, LAST("/healthz"));
    wire_hear_all(&w, text, sizeof(text));
    assert_non_null(strstr(text, "\r\n\r\nplain /healthz"));
    wire_close(&w);
    assert_int_equal(server_count(d.server, SERVER_TO_TLS), 1);
    door_close(&d);
}

/* Plain and inside TLS alike. */
static void strangers(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum server_count count;
    } rows[] = {
        {"\x00\x03\x00\x00\x21\x12\xa4\x42\x00\x00\x00\x00", 12, SERVER_TURN},
        {"\x00\x14\x00\x01\x00\x00\x21\x12\xa4\x42\x00\x00", 12, SERVER_ICE},
        {"\xff\xfb\x01", 3, SERVER_OTHER},
    };
    struct door d;
    char text[64];

    (void)state;
    door_open(&d, answer);
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct wire plain = door_dial(&d), inside = door_dial_tls(&d, NULL);

        wire_say(&plain, rows[i].bytes, rows[i].n);
        wire_say(&inside, rows[i].bytes, rows[i].n);
        wire_hear_all(&plain, text, sizeof(text));
        assert_string_equal(text, "");
        wire_hear_all(&inside, text, sizeof(text));
        assert_string_equal(text, "");
        assert_int_equal(server_count(d.server, rows[i].count), 2);
        wire_close(&plain);
        wire_close(&inside);
    }
    door_close(&d);
}

static void ask_once(struct door *d, bool is_reused)
{
    struct wire w = door_dial_tls(d, NULL);
    char text[512];

    assert_int_equal(SSL_session_reused(w.ssl), is_reused);
    say(&w, LAST("/a"));
    wire_hear_all(&w, text, sizeof(text));
    wire_close(&w);
}

static void tickets_outlive_a_reload(void **state)
{
    struct door d;
    char before[TLS_FINGERPRINT], after[TLS_FINGERPRINT];
    str name = S("localhost");

    (void)state;
    door_open(&d, answer);
    ask_once(&d, false);
    ask_once(&d, true);
    tls_fingerprint(d.tls, before);
    assert_int_equal(strlen(before), 95);
    assert_int_equal(tls_self_make(d.cert, d.key, &name, 1), 0);
    assert_int_equal(tls_reload(d.tls), 0);
    tls_fingerprint(d.tls, after);
    assert_string_not_equal(before, after);
    ask_once(&d, true);
    unlink(d.key);
    assert_int_equal(tls_reload(d.tls), ERR_NOT_FOUND);
    ask_once(&d, true);
    door_close(&d);
}

static void websocket(void **state)
{
    static const uint8_t frame[] = {0x81, 0x84, 0, 0, 0, 0, 's', 'a', 'l', 'y'};
    struct door d;
    struct wire w;
    char text[1024];

    (void)state;
    door_open(&d, answer);
    w = door_dial_tls(&d, "\x08http/1.1");
    say(&w, "GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    wire_hear_until(&w, text, sizeof(text), "\r\n\r\n");
    assert_non_null(strstr(text, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    for (int i = 0; i < 3; i++) {
        wire_say(&w, frame, sizeof(frame));
        wire_hear_until(&w, text, sizeof(text), "\x81\x04saly");
    }
    wire_say(&w, "\x88\x80\0\0\0\0", 6);
    wire_hear_all(&w, text, sizeof(text));
    wire_close(&w);
    door_close(&d);
}

static void self_made(void **state)
{
    static const str names[] = {{"kengesh.lan", 11}, {"192.0.2.9", 9}, {"2001:db8::9", 11}};
    str other = S("other.lan");
    char folder[] = "/tmp/kengesh-self-XXXXXX", cert[64], key[64];
    struct stat st;
    struct tls *t = NULL;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(cert, sizeof(cert), "%s/c", folder);
    snprintf(key, sizeof(key), "%s/k", folder);
    assert_false(tls_self_is_good(cert, names, 3));
    assert_int_equal(tls_new(cert, key, &t), ERR_NOT_FOUND);
    assert_int_equal(tls_self_make(cert, key, names, 3), 0);
    assert_true(tls_self_is_good(cert, names, 3));
    assert_false(tls_self_is_good(cert, &other, 1));
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(tls_new(cert, cert, &t), ERR_CRYPTO);
    assert_int_equal(tls_new("/nowhere/c", key, &t), ERR_NOT_FOUND);
    assert_int_equal(tls_self_make("/nowhere/c", key, names, 3), ERR_IO);
    unlink(cert);
    unlink(key);
    rmdir(folder);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(both_versions),  cmocka_unit_test(old_version_is_refused),
    cmocka_unit_test(much_both_ways), cmocka_unit_test(plain_is_sent_to_tls),
    cmocka_unit_test(strangers),      cmocka_unit_test(tickets_outlive_a_reload),
    cmocka_unit_test(websocket),      cmocka_unit_test(self_made),
};
SUITE(tls, tests);
