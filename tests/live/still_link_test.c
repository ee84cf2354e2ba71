/*
 * Streams are still as well: what carries sound and picture in plain TCP asks for no memory and
 * takes no lock once it runs. Inside TLS 1.3 OpenSSL keeps books of what it writes (WPACKET) in a
 * few blocks of 40 bytes for each record; that, and no buffer and no lock. Over real sockets,
 * because OpenSSL is what is looked at: idle connections give their buffers back, and these must
 * not.
 *
 *     links_tx, links_flush ─▶ TLS ══ TCP ══ far (reads, writes back) ──▶ TLS ─▶ links' rx
 */
#include "base/err.h"
#include "base/pkt.h"
#include "base/str.h"
#include "live/link.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/stream.h"
#include "net/tls.h"
#include "sim/check.h"
#include "sim/counted.h"

#include <fcntl.h>
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/ssl.h>
#undef ERR_STATE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKETS = 64, ROUNDS = 500, WARM_UP = 20, MEDIA = 900, HEAD = 4 };

/* Of OpenSSL 3.0: content, header and tail of a record; and the header of one that is read. */
enum { BOOKS_WRITTEN = 3, BOOKS_READ = 1 };

struct scene {
    struct loop *loop;
    struct pkt_pool *pool;
    struct links *links;
    struct tls *tls;
    SSL_CTX *client;
    struct stream far;
    struct addr to;
    unsigned ncame;
};

static void on_rx(struct pkt *p, usec now, void *ctx)
{
    struct scene *s = ctx;

    (void)now;
    s->to = p->addr;
    s->ncame++;
    pkt_unref(p);
}

static bool on_known(const struct addr *a, void *ctx)
{
    (void)a;
    (void)ctx;
    return true;
}

static void on_choked(const struct addr *a, bool is_choked, usec now, void *ctx)
{
    (void)a;
    (void)is_choked;
    (void)now;
    (void)ctx;
}

static void on_closed(const struct addr *a, usec now, void *ctx)
{
    (void)a;
    (void)now;
    (void)ctx;
}

/* ---- the two ends ---- */

static void make_tls(struct scene *s)
{
    static const str names[] = {{"localhost", 9}};
    char folder[] = "/tmp/kengesh-still-XXXXXX", cert[64], key[64];

    assert_non_null(mkdtemp(folder));
    (void)snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
    (void)snprintf(key, sizeof(key), "%s/key.pem", folder);
    assert_int_equal(tls_self_make(cert, key, names, 1), 0);
    assert_int_equal(tls_new(cert, key, &s->tls), 0);
    assert_int_equal(unlink(cert) | unlink(key) | rmdir(folder), 0);
    s->client = SSL_CTX_new(TLS_client_method());
}

static void *shake(struct scene *s, int fd)
{
    struct stream near = {.fd = fd};
    SSL *ssl = SSL_new(s->client);
    int r = ERR_BUSY;

    assert_int_equal(SSL_set_fd(ssl, s->far.fd), 1);
    SSL_set_connect_state(ssl);
    s->far.ssl = ssl;
    assert_int_equal(tls_accept(s->tls, fd, &near.ssl), 0);
    for (int i = 0; i < 100 && (r == ERR_BUSY || !SSL_is_init_finished(ssl)); i++) {
        (void)SSL_do_handshake(ssl);
        r = stream_shake(&near);
    }
    assert_int_equal(r, 0);
    return near.ssl;
}

static void scene_init(struct scene *s, bool is_tls)
{
    struct links_conf conf = {.rx = on_rx, .is_known = on_known, .choked = on_choked,
                              .closed = on_closed, .ctx = s};
    struct server_raw raw = {0};
    int fds[2];

    memset(s, 0, sizeof(*s));
    assert_int_equal(loop_new(&s->loop), 0);
    assert_int_equal(pkt_pool_new(PACKETS, &s->pool), 0);
    conf.loop = s->loop;
    conf.pool = s->pool;
    assert_int_equal(links_new(&conf, &s->links), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    s->far.fd = fds[0];
    raw.fd = fds[1];
    if (is_tls) {
        make_tls(s);
        raw.ssl = shake(s, fds[1]);
    }
    links_take(s->links, &raw, loop_now(s->loop));
}

static void scene_done(struct scene *s)
{
    links_free(s->links);
    stream_close(&s->far);
    SSL_CTX_free(s->client);
    tls_free(s->tls);
    assert_int_equal(pkt_pool_used(s->pool), 0);
    pkt_pool_free(s->pool);
    loop_free(s->loop);
}

/* ---- what is watched ---- */

/* ChannelData (RFC 8656 12.4) from the page: a report, say. */
static void far_writes(struct scene *s)
{
    uint8_t frame[HEAD + MEDIA] = {0x40, 0x01, MEDIA >> 8, MEDIA & 255};
    struct iovec iov = {frame, sizeof(frame)};
    size_t n;

    assert_int_equal(stream_write(&s->far, &iov, 1, &n), 0);
    assert_int_equal(n, sizeof(frame));
}

static size_t far_reads(struct scene *s)
{
    uint8_t waste[1 << 14];
    size_t n, all = 0;

    while (stream_read(&s->far, waste, sizeof(waste), &n) == 0)
        all += n;
    return all;
}

static void near_writes(struct scene *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct pkt *p = pkt_get(s->pool);

        assert_non_null(p);
        memset(p->data, 0x40, HEAD + MEDIA);
        p->n = HEAD + MEDIA;
        p->addr = s->to;
        assert_true(links_tx(s->links, p, loop_now(s->loop)));
    }
    links_flush(s->links, loop_now(s->loop));
}

/* The far end's own memory is not ours: it works while nothing is counted. All packets of a flush
 * leave in one record. */
static void hold(bool is_tls)
{
    const uint64_t books = is_tls ? (ROUNDS - WARM_UP) * (BOOKS_WRITTEN + BOOKS_READ) : 0;
    struct scene s;
    size_t got = 0;

    if (COUNTED_IS_OFF)
        skip();
    scene_init(&s, is_tls);
    far_writes(&s);
    for (int i = 0; i < 10 && !s.ncame; i++)
        loop_once(s.loop, USEC_MS);
    assert_int_equal(s.ncame, 1);
    counted.allocs = counted.locks = counted.large = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        far_writes(&s);
        counted.is_on = i >= WARM_UP;
        near_writes(&s, 1 + i % 5);
        loop_once(s.loop, 0);
        counted.is_on = false;
        got += far_reads(&s);
    }
    assert_int_equal(s.ncame, 1 + ROUNDS);
    assert_int_equal(got, ROUNDS * 3 * (HEAD + MEDIA));
    assert_true(counted.allocs <= books);
    assert_int_equal(counted.large, 0);
    assert_int_equal(counted.locks, 0);
    scene_done(&s);
}

static void a_stream_inside_tls_asks_for_no_buffer(void **state)
{
    (void)state;
    hold(true);
}

static void a_plain_stream_asks_for_nothing(void **state)
{
    (void)state;
    hold(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_inside_tls_asks_for_no_buffer),
        cmocka_unit_test(a_plain_stream_asks_for_nothing),
    };

    signal(SIGPIPE, SIG_IGN); /* as the server does */
    return cmocka_run_group_tests_name("still link", tests, NULL, NULL);
}
