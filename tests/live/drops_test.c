/*
 * Nothing is lost without a name: what the page of counters says when no packet is free, when a
 * stream ends, and when one is too slow.
 *
 *     far (sockets of the test) ──▶ ways ──▶ an sfu without rooms
 */
#include "world.h"

#include "base/limits.h"
#include "base/sb.h"
#include "live/street.h"
#include "live/ways.h"
#include "media/sfu.h"
#include "net/loop.h"
#include "net/server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKETS = 8, LOST = 5 };

struct gate {
    struct loop *loop;
    struct pkt_pool *pool;
    struct sfu *sfu;
    struct ways *ways;
    struct pkt *held[PACKETS];
};

static void open_gate(struct gate *t, bool is_gso_off)
{
    static const struct sfu_events none;
    struct sfu_conf sfu = {.events = &none};
    struct ways_conf conf = {.is_gso_off = is_gso_off};

    *t = (struct gate){0};
    assert_int_equal(loop_new(&t->loop), 0);
    assert_int_equal(pkt_pool_new(PACKETS, &t->pool), 0);
    assert_int_equal(addr_parse(S("127.0.0.1"), 0, &conf.bind_to), 0);
    sfu.pool = conf.pool = t->pool;
    conf.loop = t->loop;
    assert_int_equal(sfu_new(&sfu, &t->sfu), 0);
    assert_int_equal(ways_new(&conf, &t->ways), 0);
    ways_set_sfu(t->ways, t->sfu);
}

static void close_gate(struct gate *t)
{
    sfu_free(t->sfu);
    ways_free(t->ways);
    assert_int_equal(pkt_pool_used(t->pool), 0);
    pkt_pool_free(t->pool);
    loop_free(t->loop);
}

static void hold_all(struct gate *t)
{
    for (unsigned i = 0; i < PACKETS; i++)
        assert_non_null(t->held[i] = pkt_get(t->pool));
    assert_null(pkt_get(t->pool));
}

static void let_go(struct gate *t)
{
    for (unsigned i = 0; i < PACKETS; i++)
        pkt_unref(t->held[i]);
}

static void send_datagrams(uint16_t port, unsigned n)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    for (unsigned i = 0; i < n; i++)
        assert_int_equal(sendto(fd, "\x80\x60 media", 8, 0, (struct sockaddr *)&to, sizeof(to)), 8);
    close(fd);
}

/* A stream on which one whole message has come already; returns the far end. */
static int begin_stream(struct gate *t)
{
    struct server_raw raw = {.is_framed = true, .nunread = 3, .unread = malloc(3)};
    int fd[2];

    assert_non_null(raw.unread);
    memcpy(raw.unread, "\0\1x", 3);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
    raw.fd = fd[0];
    assert_int_equal(addr_parse(S("192.0.2.7"), 5000, &raw.from), 0);
    ways_take(t->ways, &raw, loop_now(t->loop));
    return fd[1];
}

static bool says(const struct gate *t, const char *line)
{
    struct sb page = sb_init(NULL, 0);
    bool is_there;

    ways_print(t->ways, &page);
    is_there = str_find(sb_str(&page), str_c(line)) >= 0;
    sb_done(&page);
    return is_there;
}

static void without_a_free_packet(void **state)
{
    struct gate t;
    char line[64];
    int far;

    (void)state;
    open_gate(&t, false);
    assert_false(says(&t, " drop "));
    hold_all(&t);
    send_datagrams(ways_udp_port(t.ways), LOST);
    loop_once(t.loop, 1000 * USEC_MS);
    far = begin_stream(&t);
    let_go(&t);
    (void)snprintf(line, sizeof(line), "\nudp drop RX_POOL %d\n", LOST);
    assert_true(says(&t, line));
    assert_true(says(&t, "\nstream drop POOL 1\n"));
    send_datagrams(ways_udp_port(t.ways), 1); /* and it goes on */
    loop_once(t.loop, 1000 * USEC_MS);
    assert_true(says(&t, "udp came 1 in "));
    assert_true(says(&t, line));
    close(far);
    close_gate(&t);
}

static void for_a_stream_that_has_ended(void **state)
{
    struct addr gone = {.via = (uint32_t)ADDR_ICE_TCP << ADDR_WAY_SHIFT | 1};
    struct gate t;
    struct pkt *p;

    (void)state;
    open_gate(&t, false);
    assert_int_equal(addr_way(&gone), ADDR_ICE_TCP);
    p = pkt_get(t.pool);
    assert_non_null(p);
    p->n = 20;
    p->addr = gone;
    p->next = NULL;
    ways_tx(t.ways, p, loop_now(t.loop));
    assert_true(says(&t, "\nstream drop GONE 1\n"));
    assert_true(says(&t, "streams dropped video 0 other 1\n"));
    close_gate(&t);
}

static void gso_is_on_or_off(void **state)
{
    struct gate t;

    (void)state;
    open_gate(&t, false);
    assert_true(says(&t, " gso on\n"));
    close_gate(&t);
    open_gate(&t, true);
    assert_true(says(&t, " gso off\n"));
    close_gate(&t);
}

const struct CMUnitTest drops_tests[] = {
    cmocka_unit_test(without_a_free_packet),
    cmocka_unit_test(for_a_stream_that_has_ended),
    cmocka_unit_test(gso_is_on_or_off),
};
const size_t ndrops_tests = NELEM(drops_tests);
