/* What net allocates, with each allocation failing in turn: see tests/sweep/sweep.h. */
#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "door.h"
#include "edge.h"
#include "net/form.h"
#include "net/gzip.h"
#include "net/pack.h"
#include "net/route.h"
#include "net/server.h"
#include "net/stream.h"
#include "net/tls.h"
#include "net/url.h"
#include "net/ws.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int loop_sweep(void)
{
    struct loop *l = NULL;
    int r = loop_new(&l);

    if (r == 0)
        loop_once(l, 0);
    loop_free(l);
    return r;
}

static int form_in(struct arena *a)
{
    static const char parts[] = "--b\r\nContent-Disposition: form-data; name=\"f\"; "
                                "filename=\"\xd1\x8f.csv\"\r\n\r\nbytes\r\n--b--\r\n";
    struct form *f = NULL;
    int r = form_parse(a, S("application/x-www-form-urlencoded"), S("a=1&b=%D1%8F+2&a=3"), &f);

    if (r == 0 && (f->n != 3 || !form_at(f, S("a"), 1)))
        r = ERR_STATE;
    if (r == 0)
        r = form_parse(a, S("multipart/form-data; boundary=b"), str_c(parts), &f);
    return r;
}

static int form_sweep(void)
{
    struct arena *a = arena_new();
    int r = a ? form_in(a) : ERR_MEM;

    arena_free(a);
    return r;
}

static void show(struct exchange *x)
{
    (void)x;
}

static int route_sweep(void)
{
    static const struct route rows[] = {{"a", "GET", "/a/{x}", 1, 0, show, NULL},
                                        {"b", "POST", "/a/b", 1, 0, show, NULL}};
    const struct route *const tables[] = {rows};
    const size_t n = NELEM(rows);
    struct route_param params[ROUTE_PARAMS] = {0};
    struct arena *a = arena_new();
    struct route_set *set = NULL;
    const struct route *found;
    int r = a ? route_set_new(tables, &n, 1, &set) : ERR_MEM;

    if (r == 0)
        r = route_match(set, a, S("GET"), S("/a/%20"), params, &found);
    route_set_free(set);
    arena_free(a);
    return r;
}

static int pack_sweep(void)
{
    struct arena *a = arena_new();
    char text[4000];
    str gzip, br;
    int r;

    memset(text, 'x', sizeof(text));
    r = a ? pack_text(a, (str){text, sizeof(text)}, &gzip, &br) : ERR_MEM;
    arena_free(a);
    return r;
}

static void answer(struct exchange *x, void *ctx)
{
    (void)ctx;
    http_set(x, S("X-One"), S("1"));
    http_text(x, 200, S("text/plain"), http_query(x, S("q")).p ? S("yes") : S("no"));
    for (int i = 0; i < 300; i++)
        sb_printf(&x->reply, " %d", i);
    if (http_field(x, S("f")).p)
        http_set(x, S("X-Field"), http_field(x, S("f")));
}

/*
 * A connection with three requests, one of them with a body in chunks. The answers are whole, or
 * 500, or there are none because the connection is closed.
 */
static int dialog_sweep(void)
{
    static struct edge e;
    const char *heard;
    int r = 0;

    sweep_pause();
    edge_open(&e, answer);
    edge_say(&e, S("GET /?q=1 HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n"
                   "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded"
                   "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nf=abc\r\n0\r\n\r\n"
                   "GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    sweep_resume();
    heard = edge_hear(&e);
    sweep_pause();
    if (!e.is_closed)
        r = ERR_STATE;
    else if (strncmp(heard, "HTTP/1.1 200", 12) != 0 || strstr(heard, "HTTP/1.1 500"))
        r = ERR_MEM;
    edge_close(&e);
    sweep_resume();
    return r;
}

static int conn_sweep(void)
{
    static struct edge e;
    struct addr peer = {0};
    int fds[2], r;

    sweep_pause();
    edge_open(&e, answer);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    sweep_resume();
    r = conn_new(&e.worker, fds[0], &peer);
    sweep_pause();
    edge_close(&e);
    close(fds[1]);
    sweep_resume();
    return r;
}

/* ---- WebSocket ---- */

static int ws_closed; /* how often it was said */

static void ws_text(struct ws *w, str message, void *ctx)
{
    (void)ctx;
    (void)ws_send(w, message);
}

static void ws_gone(struct ws *w, int code, void *ctx)
{
    (void)w;
    (void)code;
    (void)ctx;
    ws_closed++;
}

static void turn(struct loop *l)
{
    for (int i = 0; i < 4; i++)
        loop_once(l, 0);
}

/* A text, one in two pieces, a ping and a long echo, then the peer goes. It is over once. */
static int ws_sweep(void)
{
    static const struct ws_events events = {ws_text, ws_gone};
    static const char said[] = "\x81\x82\0\0\0\0hi"
                               "\x01\x81\0\0\0\0a\x80\x81\0\0\0\0b"
                               "\x89\x81\0\0\0\0p";
    struct ws_handover h = {.accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="};
    struct loop *l;
    struct ws *w = NULL;
    char heard[4096];
    ssize_t n;
    int fds[2], r;

    sweep_pause();
    assert_int_equal(loop_new(&l), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    h.connection.fd = fds[0];
    ws_closed = 0;
    sweep_resume();
    r = ws_open(l, &h, &events, NULL, &w);
    if (r == 0) {
        assert_int_equal(send(fds[1], said, sizeof(said) - 1, MSG_NOSIGNAL), sizeof(said) - 1);
        turn(l);
    }
    n = recv(fds[1], heard, sizeof(heard) - 1, MSG_DONTWAIT);
    heard[n > 0 ? n : 0] = 0;
    close(fds[1]);
    turn(l);
    if (r == 0 && (ws_closed != 1 || n <= 0))
        r = ERR_STATE;
    else if (r == 0 && (!strstr(heard, "hi") || !strstr(heard, "ab")))
        r = ERR_MEM; /* closed instead of answered */
    sweep_pause();
    loop_free(l);
    sweep_resume();
    return r;
}

/* ---- TLS ---- */

static struct door door;
static bool has_door;

/* A certificate, read, read again and used for a connection of each kind. */
static int tls_sweep(void)
{
    struct tls *t = NULL;
    void *ssl = NULL;
    char fingerprint[TLS_FINGERPRINT];
    int fds[2], r;

    sweep_pause();
    if (!has_door)
        door_open(&door, answer);
    has_door = true;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    sweep_resume();
    r = tls_new(door.cert, door.key, &t);
    if (r == 0)
        r = tls_reload(t);
    if (r == 0) {
        tls_fingerprint(t, fingerprint);
        r = tls_accept(t, fds[0], &ssl);
    }
    if (ssl)
        stream_close(&(struct stream){.fd = fds[0], .ssl = ssl});
    else
        close(fds[0]);
    tls_free(t);
    close(fds[1]);
    return r;
}

static int server_sweep(void)
{
    const struct server_conf conf = {.listen = "127.0.0.1:0", .threads = 2, .dispatch = answer};
    struct server *s = NULL;
    int r = server_new(&conf, &s);

    server_free(s, 0);
    return r;
}

const struct sweep_row net_sweeps[] = {
    {"loop", loop_sweep},     {"form", form_sweep}, {"route", route_sweep},   {"pack", pack_sweep},
    {"dialog", dialog_sweep}, {"conn", conn_sweep}, {"server", server_sweep},
    {"ws", ws_sweep},         {"tls", tls_sweep},   {"h2", h2_sweep},
    {"tls_talk", tls_talk_sweep}, {"tls_shake", tls_shake_sweep},
};
const size_t nnet_sweeps = NELEM(net_sweeps);
