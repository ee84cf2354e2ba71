#include "suite.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <sys/socket.h>

/* The kernel's calls, as a path or a device would have them answered. */
static int some_sendmmsg(int fd, struct mmsghdr *m, unsigned n, int flags);
static int some_recvmmsg(int fd, struct mmsghdr *m, unsigned n, int flags, struct timespec *t);

#define sendmmsg some_sendmmsg
#define recvmmsg some_recvmmsg
#include "net/udp.c"
#undef sendmmsg
#undef recvmmsg

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 150, POOL = 512 };

static int refuses_runs;    /* errno for every run; 0: none */
static int refuses_all;     /* errno for everything; 0: nothing */
static bool is_from_port_0; /* the first datagram of every call */
static bool is_from_afar;   /* … from 192.0.2.8 */

static int some_sendmmsg(int fd, struct mmsghdr *m, unsigned n, int flags)
{
    unsigned ok = 0;

    while (ok < n && !refuses_all && !(refuses_runs && m[ok].msg_hdr.msg_control))
        ok++;
    if (ok)
        return sendmmsg(fd, m, ok, flags);
    errno = refuses_all ? refuses_all : refuses_runs;
    return -1;
}

static void set_afar(struct sockaddr *a)
{
    const bool is_v4 = a->sa_family == AF_INET;
    void *ip = is_v4 ? (void *)&((struct sockaddr_in *)a)->sin_addr
                     : (void *)&((struct sockaddr_in6 *)a)->sin6_addr;

    assert_int_equal(inet_pton(a->sa_family, is_v4 ? "192.0.2.8" : "::ffff:192.0.2.8", ip), 1);
}

static int some_recvmmsg(int fd, struct mmsghdr *m, unsigned n, int flags, struct timespec *t)
{
    int got = recvmmsg(fd, m, n, flags, t);

    if (got > 0 && is_from_port_0) /* at the same place in both families */
        ((struct sockaddr_in *)m[0].msg_hdr.msg_name)->sin_port = 0;
    if (got > 0 && is_from_afar)
        set_afar(m[0].msg_hdr.msg_name);
    return got;
}

struct ends {
    struct pkt_pool *pool;
    struct udp *a, *b;
    struct addr to_a, to_b;
};

static void open_ends(struct ends *e, const char *ip)
{
    struct addr any;

    assert_int_equal(pkt_pool_new(POOL, &e->pool), 0);
    assert_int_equal(addr_parse(str_c(ip), 0, &any), 0);
    assert_int_equal(udp_new(&any, e->pool, &e->a), 0);
    assert_int_equal(udp_new(&any, e->pool, &e->b), 0);
    e->to_a = e->to_b = any;
    e->to_a.port = udp_port(e->a);
    e->to_b.port = udp_port(e->b);
}

static void close_ends(struct ends *e)
{
    assert_int_equal(pkt_pool_used(e->pool), 0);
    udp_free(e->a);
    udp_free(e->b);
    pkt_pool_free(e->pool);
}

/* Packet i: its number in two bytes, then its filling; runs of equal length with odd ones between.
 */
static struct pkt *make_chain(struct ends *e, unsigned n)
{
    struct pkt *first = NULL, **end = &first;

    for (unsigned i = 0; i < n; i++) {
        struct pkt *p = pkt_get(e->pool);

        assert_non_null(p);
        p->n = i % 17 == 3 ? 40 : i % 29 == 5 ? 1300 : 1100;
        memset(p->data, (int)(i & 0xff), p->n);
        p->data[0] = (uint8_t)(i >> 8);
        p->data[1] = (uint8_t)i;
        p->addr = e->to_b;
        *end = p;
        end = &p->next;
    }
    *end = NULL;
    return first;
}

static bool wait_readable(const struct udp *u)
{
    struct pollfd p = {.fd = udp_fd(u), .events = POLLIN};

    return poll(&p, 1, 5000) == 1;
}

static void check_packet(const struct ends *e, const struct pkt *p, unsigned i)
{
    assert_int_equal(p->data[0] << 8 | p->data[1], i);
    assert_int_equal(p->n, i % 17 == 3 ? 40 : i % 29 == 5 ? 1300 : 1100);
    assert_int_equal(p->data[p->n - 1], i & 0xff);
    assert_true(addr_eq(&p->addr, &e->to_a));
    assert_int_equal(p->at, 77);
}

static void pass_batch(const char *ip, bool with_gso)
{
    struct ends e;
    struct udp_stats s;
    unsigned got = 0;

    open_ends(&e, ip);
    udp_set_gso(e.a, with_gso);
    udp_tx(e.a, make_chain(&e, N));
    while (got < N && wait_readable(e.b)) {
        struct pkt *p = udp_rx(e.b, 77);

        while (p) {
            struct pkt *next = p->next;

            check_packet(&e, p, got++);
            pkt_unref(p);
            p = next;
        }
    }
    assert_int_equal(got, N);
    assert_null(udp_rx(e.b, 77));
    udp_stats(e.a, &s);
    assert_int_equal(s.tx, N);
    assert_int_equal(s.tx_dropped, 0);
    assert_true(s.tx_calls <= (with_gso && udp_has_gso(e.a) ? 2 : N / MAX_UDP_BATCH + 1 + N));
    udp_stats(e.b, &s);
    assert_int_equal(s.rx, N);
    close_ends(&e);
}

static void batches(void **state)
{
    (void)state;
    pass_batch("127.0.0.1", false);
    pass_batch("127.0.0.1", true);
}

static void batches_ipv6(void **state)
{
    struct addr a;
    struct pkt_pool *pool;
    struct udp *u = NULL;
    int r;

    (void)state;
    assert_int_equal(addr_parse(S("::1"), 0, &a), 0);
    assert_int_equal(pkt_pool_new(1, &pool), 0);
    r = udp_new(&a, pool, &u);
    udp_free(r == 0 ? u : NULL);
    pkt_pool_free(pool);
    if (r < 0)
        skip(); /* this machine has no IPv6 */
    pass_batch("::1", true);
}

/* One address after another: no run may swallow a packet of its neighbour. */
static void runs_per_address(void **state)
{
    struct ends e;
    struct pkt *chain, *p;
    unsigned to_a = 0, to_b = 0;

    (void)state;
    open_ends(&e, "127.0.0.1");
    chain = make_chain(&e, 60);
    for (p = chain; p; p = p->next) {
        unsigned i = (unsigned)(p->data[0] << 8 | p->data[1]);

        p->n = 200;
        p->addr = i / 10 % 2 ? e.to_a : e.to_b;
    }
    udp_tx(e.a, chain);
    assert_true(wait_readable(e.a) && wait_readable(e.b));
    for (p = udp_rx(e.a, 1); p; to_a++) {
        struct pkt *next = p->next;

        assert_int_equal(p->data[1] / 10 % 2, 1);
        pkt_unref(p);
        p = next;
    }
    for (p = udp_rx(e.b, 1); p; to_b++) {
        struct pkt *next = p->next;

        assert_int_equal(p->data[1] / 10 % 2, 0);
        pkt_unref(p);
        p = next;
    }
    assert_int_equal(to_a, 30);
    assert_int_equal(to_b, 30);
    close_ends(&e);
}

static void empty_pool_does_not_spin(void **state)
{
    struct ends e;
    struct pkt *held[POOL], *rest;
    struct udp_stats s;
    struct pollfd f;
    unsigned n = 0;

    (void)state;
    open_ends(&e, "127.0.0.1");
    udp_tx(e.a, make_chain(&e, 5));
    assert_true(wait_readable(e.b));
    while ((rest = pkt_get(e.pool)))
        held[n++] = rest;
    assert_null(udp_rx(e.b, 1));
    udp_stats(e.b, &s);
    assert_int_equal(s.rx_dropped, 5);
    assert_int_equal(udp_drops(e.b, UDP_DROP_RX_POOL), 5);
    f = (struct pollfd){.fd = udp_fd(e.b), .events = POLLIN};
    assert_int_equal(poll(&f, 1, 0), 0);
    while (n)
        pkt_unref(held[--n]);
    close_ends(&e);
}

/* For measuring: one datagram a call, each way. */
static void without_batches(void **state)
{
    struct ends e;
    struct udp_stats s;
    struct pkt *p;

    (void)state;
    open_ends(&e, "127.0.0.1");
    udp_set_gso(e.a, false);
    udp_set_batches(e.a, 1, 1);
    udp_set_batches(e.b, 0, 1);
    udp_tx(e.a, make_chain(&e, 5));
    udp_stats(e.a, &s);
    assert_int_equal(s.tx_calls, 5);
    for (int i = 0; i < 5; i++) {
        assert_true(wait_readable(e.b));
        p = udp_rx(e.b, 7);
        assert_non_null(p);
        assert_null(p->next);
        pkt_unref(p);
    }
    close_ends(&e);
}

/* Two sockets at one port: whichever gets it, it comes once; a third program is refused. */
static void a_port_is_shared_by_choice(void **state)
{
    struct ends e;
    struct udp *c = NULL, *other;
    struct addr taken;

    (void)state;
    open_ends(&e, "127.0.0.1");
    assert_int_equal(udp_share(e.b, e.pool, &c), 0);
    assert_int_equal(udp_port(c), udp_port(e.b));
    taken = e.to_b;
    assert_int_equal(udp_new(&taken, e.pool, &other), ERR_BUSY);
    udp_tx(e.a, make_chain(&e, 1));
    for (unsigned got = 0; got == 0;) {
        struct pollfd fds[2] = {{.fd = udp_fd(e.b), .events = POLLIN},
                                {.fd = udp_fd(c), .events = POLLIN}};
        struct pkt *p;

        assert_true(poll(fds, 2, 60000) > 0);
        p = udp_rx(fds[0].revents ? e.b : c, 7);
        got += p != NULL;
        pkt_unref(p);
    }
    udp_free(c);
    close_ends(&e);
}

static void refused_packets_are_counted(void **state)
{
    struct ends e;
    struct pkt *p;
    struct udp_stats s;

    (void)state;
    open_ends(&e, "127.0.0.1");
    p = make_chain(&e, 3);
    p->next->addr.port = 0; /* EINVAL for the one in the middle */
    udp_set_gso(e.a, false);
    udp_tx(e.a, p);
    udp_stats(e.a, &s);
    assert_int_equal(s.tx, 2);
    assert_int_equal(s.tx_dropped, 1);
    assert_int_equal(udp_drops(e.a, UDP_DROP_TX_REFUSED), 1);
    close_ends(&e);
}

/* A full buffer refuses all that follows in the batch; anything else, one message. */
static void what_is_not_sent_has_a_name(void **state)
{
    static const struct {
        int why;
        enum udp_drop name;
    } rows[] = {
        {EAGAIN, UDP_DROP_TX_BUFFER},  {ENOBUFS, UDP_DROP_TX_BUFFER},
        {ENOMEM, UDP_DROP_TX_BUFFER},  {EMSGSIZE, UDP_DROP_TX_LONG},
        {EPERM, UDP_DROP_TX_REFUSED},  {ENETUNREACH, UDP_DROP_TX_REFUSED},
        {EINVAL, UDP_DROP_TX_REFUSED},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct udp_stats s;
        struct ends e;

        open_ends(&e, "127.0.0.1");
        udp_set_gso(e.a, false);
        refuses_all = rows[i].why;
        udp_tx(e.a, make_chain(&e, MAX_UDP_BATCH + 3));
        refuses_all = 0;
        assert_int_equal(udp_drops(e.a, rows[i].name), MAX_UDP_BATCH + 3);
        udp_stats(e.a, &s);
        assert_int_equal(s.tx, 0);
        assert_int_equal(s.tx_dropped, MAX_UDP_BATCH + 3);
        assert_int_equal(s.tx_calls, rows[i].name == UDP_DROP_TX_BUFFER ? 2 : MAX_UDP_BATCH + 3);
        close_ends(&e);
    }
}

/* Lets a chain go while runs are refused; every packet comes all the same. */
static bool has_gso_after(struct ends *e, int why)
{
    unsigned got = 0;

    udp_set_gso(e->a, true);
    refuses_runs = why;
    udp_tx(e->a, make_chain(e, N));
    refuses_runs = 0;
    while (got < N && wait_readable(e->b)) {
        struct pkt *p = udp_rx(e->b, 77), *next;

        for (; p; p = next) {
            next = p->next;
            check_packet(e, p, got++);
            pkt_unref(p);
        }
    }
    assert_int_equal(got, N);
    return udp_has_gso(e->a);
}

/* A path with a small MTU refuses a run (EINVAL, and EMSGSIZE by newer kernels): it goes singly,
 * and the others' stay runs. A device that cannot (EIO) will never. */
static void refused_runs_go_singly(void **state)
{
    struct ends e;
    struct udp_stats s;

    (void)state;
    open_ends(&e, "127.0.0.1");
    assert_true(has_gso_after(&e, EMSGSIZE));
    assert_true(has_gso_after(&e, EINVAL));
    assert_false(has_gso_after(&e, EIO));
    assert_true(has_gso_after(&e, 0));
    assert_int_equal(e.a->nrefused, 0);
    e.a->nrefused = GSO_REFUSALS - 1;
    assert_false(has_gso_after(&e, EINVAL)); /* so many in a row are not one path's */
    udp_stats(e.a, &s);
    assert_int_equal(s.tx, 5 * N);
    assert_int_equal(s.tx_dropped, 0);
    close_ends(&e);
}

static void from_port_0_is_thrown_away(void **state)
{
    struct ends e;
    struct udp_stats s;
    struct pkt *p;

    (void)state;
    open_ends(&e, "127.0.0.1");
    udp_set_batches(e.b, 1, 1);
    udp_tx(e.a, make_chain(&e, 2));
    assert_true(wait_readable(e.b));
    is_from_port_0 = true;
    assert_null(udp_rx(e.b, 1));
    is_from_port_0 = false;
    assert_true(wait_readable(e.b));
    p = udp_rx(e.b, 1);
    assert_non_null(p);
    pkt_unref(p);
    udp_stats(e.b, &s);
    assert_int_equal(s.rx, 1);
    assert_int_equal(s.rx_dropped, 1);
    assert_int_equal(udp_drops(e.b, UDP_DROP_RX_PORT), 1);
    close_ends(&e);
}

/* Sends n bytes from a socket of its own, bound to `from`, to port `to` at `ip`. */
static void send_from(const char *from, const char *ip, uint16_t to, size_t n)
{
    static const char bytes[PKT_ROOM + 1];
    struct sockaddr_in a = {.sin_family = AF_INET}, b = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    b.sin_port = htons(to);
    assert_int_equal(inet_pton(AF_INET, from, &a.sin_addr), 1);
    assert_int_equal(inet_pton(AF_INET, ip, &b.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(sendto(fd, bytes, n, 0, (struct sockaddr *)&b, sizeof(b)), n);
    close(fd);
}

/* What udp_rx gives and what it threw away, once `n` datagrams have come. */
static void expect(struct udp *u, uint64_t n, uint64_t taken)
{
    struct pollfd ready = {.fd = udp_fd(u), .events = POLLIN};
    struct udp_stats s = {0};

    while (s.rx + s.rx_dropped < n && poll(&ready, 1, 10000) == 1) {
        struct pkt *p = udp_rx(u, 1), *next;

        for (; p; p = next) {
            next = p->next;
            pkt_unref(p);
        }
        udp_stats(u, &s);
    }
    assert_int_equal(s.rx, taken);
    assert_int_equal(s.rx_dropped, n - taken);
}

static void self_only(void **state)
{
    struct ends e;

    (void)state;
    open_ends(&e, "127.0.0.1");
    udp_set_self_only(e.b);
    send_from("127.0.0.1", "127.0.0.1", udp_port(e.b), 1);
    send_from("127.0.0.5", "127.0.0.1", udp_port(e.b), 1); /* loopback is this machine too */
    expect(e.b, 2, 2);
    send_from("127.0.0.1", "127.0.0.1", udp_port(e.b), 1);
    is_from_afar = true;
    expect(e.b, 3, 2);
    is_from_afar = false;
    assert_int_equal(udp_drops(e.b, UDP_DROP_RX_FOREIGN), 1);
    close_ends(&e);
}

static void longer_than_a_packet(void **state)
{
    struct ends e;

    (void)state;
    open_ends(&e, "127.0.0.1");
    send_from("127.0.0.1", "127.0.0.1", udp_port(e.b), PKT_ROOM);
    send_from("127.0.0.1", "127.0.0.1", udp_port(e.b), PKT_ROOM + 1);
    expect(e.b, 2, 1);
    assert_int_equal(udp_drops(e.b, UDP_DROP_RX_LONG), 1);
    close_ends(&e);
}

/* More than the receive buffer holds; what fits comes, and the page tells of the rest. */
static void a_full_receive_buffer_is_told(void **state)
{
    enum { SENT = 100 };
    const int small = 4096;
    struct ends e;
    struct sb page = sb_init(NULL, 0);
    char line[64];
    uint64_t lost;

    (void)state;
    open_ends(&e, "127.0.0.1");
    assert_int_equal(setsockopt(udp_fd(e.b), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    for (int i = 0; i < SENT; i++)
        send_from("127.0.0.1", "127.0.0.1", udp_port(e.b), 1000);
    lost = udp_drops(e.b, UDP_DROP_RX_KERNEL);
    assert_in_range(lost, 1, SENT - 1);
    expect(e.b, SENT, SENT - lost);
    udp_print(e.b, &page);
    (void)snprintf(line, sizeof(line), "\nudp drop RX_KERNEL %d\n", (int)lost);
    assert_true(str_find(sb_str(&page), str_c(line)) >= 0);
    assert_true(str_find(sb_str(&page), S("RX_POOL")) < 0); /* what did not happen is not told */
    sb_done(&page);
    close_ends(&e);
}

/* Of a foreign address there is none here: the rule itself is asked. */
static void self_only_refuses_others(void **state)
{
    static const struct {
        const char *bound, *from;
        bool is_self;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7", true},     {"192.0.2.7", "127.0.0.1", true},
        {"192.0.2.7", "192.0.2.8", false},    {"192.0.2.7", "10.0.0.1", false},
        {"192.0.2.7", "::1", true},           {"192.0.2.7", "2001:db8::1", false},
        {"2001:db8::1", "2001:db8::1", true}, {"2001:db8::1", "2001:db8::2", false},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct udp u = {.is_self_only = true};
        struct addr from;

        assert_int_equal(addr_parse(str_c(rows[i].bound), 1, &u.bound), 0);
        assert_int_equal(addr_parse(str_c(rows[i].from), 2, &from), 0);
        assert_int_equal(is_from_self(&u, &from), rows[i].is_self);
    }
}

static void taken_port(void **state)
{
    struct ends e;
    struct udp *u = NULL;

    (void)state;
    open_ends(&e, "127.0.0.1");
    assert_int_equal(udp_new(&e.to_a, e.pool, &u), ERR_BUSY);
    assert_null(u);
    close_ends(&e);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(batches),
    cmocka_unit_test(batches_ipv6),
    cmocka_unit_test(runs_per_address),
    cmocka_unit_test(empty_pool_does_not_spin),
    cmocka_unit_test(without_batches),
        cmocka_unit_test(a_port_is_shared_by_choice),
        cmocka_unit_test(refused_packets_are_counted),
    cmocka_unit_test(refused_runs_go_singly),
    cmocka_unit_test(from_port_0_is_thrown_away),
    cmocka_unit_test(what_is_not_sent_has_a_name),
    cmocka_unit_test(self_only),
    cmocka_unit_test(longer_than_a_packet),
    cmocka_unit_test(a_full_receive_buffer_is_told),
    cmocka_unit_test(self_only_refuses_others),
    cmocka_unit_test(taken_port),
};
SUITE(udp, tests);
