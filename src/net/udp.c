#include "net/udp.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * BUFFER_BYTES: 500 viewers at 1 Mbit/s for 60 ms; the kernel caps it at net.core.{r,w}mem_max.
 * A GSO run may hold 64 segments (UDP_MAX_SEGMENTS in Linux 4.18) and, headers included, 64 kB.
 * GSO_REFUSALS: runs in a row that went singly, more than the longest queue of one viewer; then it
 * is not one viewer's path that does not take them.
 */
enum {
    BUFFER_BYTES = 4 << 20,
    GSO_SEGMENTS = 64,
    GSO_BYTES = 64000,
    GSO_LEAST = 2,
    GSO_REFUSALS = 512
};

union sock {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* One message of sendmmsg: a single packet, or a run of packets. */
struct out {
    union sock to;
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(uint16_t))];
    struct pkt *first;
    unsigned npkts;
};

struct udp {
    int fd;
    bool is_v4, has_gso, is_self_only;
    unsigned rx_batch, tx_batch, gso_least;
    unsigned nrefused; /* runs in a row */
    struct addr bound;
    struct pkt_pool *pool;
    struct udp_stats stats; /* the dropped ones: by their reasons */
    uint64_t drops[UDP_DROPS];
    struct mmsghdr msgs[MAX_UDP_BATCH];
    struct iovec iov[MAX_UDP_BATCH * 4]; /* of one sendmmsg: runs hold more than 64 packets */
    struct out out[MAX_UDP_BATCH];
    union sock from[MAX_UDP_BATCH];
    struct pkt *in[MAX_UDP_BATCH];
};

static socklen_t to_sock(const struct udp *u, const struct addr *a, union sock *s)
{
    memset(s, 0, sizeof(*s));
    if (u->is_v4) {
        s->v4.sin_family = AF_INET;
        s->v4.sin_port = htons(a->port);
        memcpy(&s->v4.sin_addr, a->ip + 12, 4);
        return sizeof(s->v4);
    }
    s->v6.sin6_family = AF_INET6;
    s->v6.sin6_port = htons(a->port);
    memcpy(&s->v6.sin6_addr, a->ip, 16);
    return sizeof(s->v6);
}

static void from_sock(const union sock *s, struct addr *ret_addr)
{
    struct addr a = {0};

    if (s->any.sa_family == AF_INET) {
        a.ip[10] = a.ip[11] = 0xff;
        memcpy(a.ip + 12, &s->v4.sin_addr, 4);
        a.port = ntohs(s->v4.sin_port);
    } else {
        memcpy(a.ip, &s->v6.sin6_addr, 16);
        a.port = ntohs(s->v6.sin6_port);
    }
    *ret_addr = a;
}

/* A kernel without IPv6 gets a plain IPv4 socket. */
static int open_socket(struct udp *u)
{
    int off = 0, bytes = BUFFER_BYTES;

    u->fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (u->fd < 0 && errno == EAFNOSUPPORT) {
        u->is_v4 = true;
        u->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    }
    if (u->fd < 0)
        return err_from_errno(errno);
    if (!u->is_v4 && setsockopt(u->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) < 0)
        return err_from_errno(errno);
    /* Smaller buffers lose more packets, but still serve. */
    (void)setsockopt(u->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    (void)setsockopt(u->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
    return 0;
}

static int bind_socket(struct udp *u, const struct addr *to)
{
    static const uint8_t any[16];
    struct addr a = *to;
    union sock s;
    socklen_t n;

    if (u->is_v4 && memcmp(a.ip, any, sizeof(any)) != 0 && !addr_is_v4(&a))
        return ERR_UNSUPPORTED;
    n = to_sock(u, &a, &s);
    if (bind(u->fd, &s.any, n) < 0)
        return errno == EADDRINUSE ? ERR_BUSY : err_from_errno(errno);
    n = sizeof(s);
    if (getsockname(u->fd, &s.any, &n) < 0)
        return err_from_errno(errno);
    from_sock(&s, &a);
    u->bound = a;
    return 0;
}

/* The first is bound without this, so that a port which another program has is still refused. */
static int set_shared(const struct udp *u)
{
    int on = 1;

    if (setsockopt(u->fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0)
        return err_from_errno(errno);
    return 0;
}

static int open_at(const struct addr *bind_to, bool is_shared, struct pkt_pool *pool,
                   struct udp **ret_udp)
{
    struct udp *u = calloc(1, sizeof(*u));
    int r;

    if (!u)
        return ERR_MEM;
    u->pool = pool;
    u->has_gso = true;
    u->rx_batch = u->tx_batch = MAX_UDP_BATCH;
    u->gso_least = GSO_LEAST;
    r = open_socket(u);
    if (r == 0 && is_shared)
        r = set_shared(u);
    if (r < 0)
        goto out;
    r = bind_socket(u, bind_to);
    if (r < 0)
        goto out;
    *ret_udp = u;
    u = NULL;
out:
    udp_free(u);
    return r;
}

int udp_new(const struct addr *bind_to, struct pkt_pool *pool, struct udp **ret_udp)
{
    return open_at(bind_to, false, pool, ret_udp);
}

int udp_share(const struct udp *first, struct pkt_pool *pool, struct udp **ret_udp)
{
    int r = set_shared(first);

    return r < 0 ? r : open_at(&first->bound, true, pool, ret_udp);
}

void udp_set_self_only(struct udp *u)
{
    u->is_self_only = true;
}

int udp_fd(const struct udp *u)
{
    return u->fd;
}

uint16_t udp_port(const struct udp *u)
{
    return u->bound.port;
}

void udp_set_gso(struct udp *u, bool is_on)
{
    u->has_gso = is_on;
}

void udp_set_gso_least(struct udp *u, unsigned npkts)
{
    u->gso_least = npkts;
}

bool udp_has_gso(const struct udp *u)
{
    return u->has_gso;
}

static unsigned batch_of(unsigned n)
{
    return n < 1 ? 1 : n < MAX_UDP_BATCH ? n : MAX_UDP_BATCH;
}

void udp_set_batches(struct udp *u, unsigned rx, unsigned tx)
{
    u->rx_batch = batch_of(rx);
    u->tx_batch = batch_of(tx);
}

static void throw_away(struct udp *u)
{
    char byte;

    for (unsigned i = 0; i < MAX_UDP_BATCH; i++) {
        if (recv(u->fd, &byte, 1, MSG_DONTWAIT) < 0)
            return;
        u->drops[UDP_DROP_RX_POOL]++;
    }
}

/* Packets of the pool stand ready for as many datagrams as it can hold; returns how many. */
static unsigned prepare_rx(struct udp *u)
{
    unsigned n = 0;

    while (n < u->rx_batch) {
        struct pkt *p = pkt_get(u->pool);

        if (!p)
            break;
        u->in[n] = p;
        u->iov[n] = (struct iovec){p->data, PKT_ROOM};
        u->msgs[n].msg_hdr = (struct msghdr){.msg_name = &u->from[n],
                                             .msg_namelen = sizeof(u->from[n]),
                                             .msg_iov = &u->iov[n],
                                             .msg_iovlen = 1};
        n++;
    }
    return n;
}

static bool is_from_self(const struct udp *u, const struct addr *a)
{
    static const uint8_t loopback6[16] = {[15] = 1};

    return !memcmp(a->ip, u->bound.ip, sizeof(a->ip)) || !memcmp(a->ip, loopback6, sizeof(a->ip)) ||
           (addr_is_v4(a) && a->ip[12] == 127);
}

/* UDP_DROPS: it is wanted. From port 0 nobody can be answered: the kernel refuses it as a
 * destination, and with it the run that the answer would stand in. */
static enum udp_drop judge(const struct udp *u, const struct msghdr *m, const struct addr *from)
{
    if (m->msg_flags & MSG_TRUNC)
        return UDP_DROP_RX_LONG;
    if (!from->port)
        return UDP_DROP_RX_PORT;
    if (u->is_self_only && !is_from_self(u, from))
        return UDP_DROP_RX_FOREIGN;
    return UDP_DROPS;
}

struct pkt *udp_rx(struct udp *u, usec now)
{
    struct pkt *chain = NULL, **end = &chain;
    unsigned n = prepare_rx(u);
    int got;

    if (!n) {
        throw_away(u);
        return NULL;
    }
    got = recvmmsg(u->fd, u->msgs, n, MSG_DONTWAIT, NULL);
    u->stats.rx_calls++;
    for (unsigned i = 0; i < n; i++) {
        struct pkt *p = u->in[i];
        enum udp_drop why;

        if ((int)i >= got) {
            pkt_unref(p);
            continue;
        }
        from_sock(&u->from[i], &p->addr);
        why = judge(u, &u->msgs[i].msg_hdr, &p->addr);
        if (why != UDP_DROPS) {
            u->drops[why]++;
            pkt_unref(p);
            continue;
        }
        p->n = u->msgs[i].msg_len;
        p->at = now;
        u->stats.rx++;
        *end = p;
        end = &p->next;
    }
    *end = NULL;
    return chain;
}

/* How many packets from p on may leave as one run: one address, one length, only the last one
 * shorter. */
static unsigned run_of(const struct udp *u, const struct pkt *p, unsigned room)
{
    const struct pkt *first = p;
    unsigned n = 1;
    size_t bytes = p->n;

    if (!u->has_gso || !first->n)
        return 1;
    while (p->n == first->n && p->next && n < GSO_SEGMENTS && n < room) {
        p = p->next;
        if (p->n > first->n || !p->n || bytes + p->n > GSO_BYTES ||
            !addr_eq(&p->addr, &first->addr))
            break;
        bytes += p->n;
        n++;
    }
    return n < u->gso_least ? 1 : n;
}

/* Takes one message's packets off the chain. */
static struct pkt *prepare_one(struct udp *u, unsigned i, struct iovec *iov, struct pkt *p,
                               unsigned n)
{
    struct out *o = &u->out[i];
    struct msghdr *m = &u->msgs[i].msg_hdr;
    uint16_t size = (uint16_t)p->n;

    o->first = p;
    o->npkts = n;
    *m = (struct msghdr){.msg_name = &o->to, .msg_iov = iov, .msg_iovlen = n};
    m->msg_namelen = to_sock(u, &p->addr, &o->to);
    if (n > 1) {
        struct cmsghdr *c;

        m->msg_control = o->control;
        m->msg_controllen = sizeof(o->control);
        c = CMSG_FIRSTHDR(m);
        c->cmsg_level = IPPROTO_UDP;
        c->cmsg_type = UDP_SEGMENT;
        c->cmsg_len = CMSG_LEN(sizeof(size));
        memcpy(CMSG_DATA(c), &size, sizeof(size));
    }
    for (unsigned k = 0; k < n; k++, p = p->next)
        iov[k] = (struct iovec){p->data, p->n};
    return p;
}

/* Fills msgs from the chain; returns how many, and the rest of the chain. */
static unsigned prepare_tx(struct udp *u, struct pkt *chain, struct pkt **ret_rest)
{
    unsigned nmsgs = 0, niov = 0;

    while (chain && nmsgs < u->tx_batch && niov < NELEM(u->iov)) {
        unsigned n = run_of(u, chain, (unsigned)NELEM(u->iov) - niov);

        chain = prepare_one(u, nmsgs++, &u->iov[niov], chain, n);
        niov += n;
    }
    *ret_rest = chain;
    return nmsgs;
}

static bool is_full(int why)
{
    return why == EAGAIN || why == ENOBUFS || why == ENOMEM;
}

static void lose(struct udp *u, unsigned n, int why)
{
    u->drops[is_full(why)      ? UDP_DROP_TX_BUFFER
             : why == EMSGSIZE ? UDP_DROP_TX_LONG
                               : UDP_DROP_TX_REFUSED] += n;
}

/* Message by message, for a run that is refused as a run: its packets go singly. */
static void send_singly(struct udp *u, const struct out *o)
{
    struct pkt *p = o->first;

    for (unsigned k = 0; k < o->npkts; k++, p = p->next) {
        union sock to;
        socklen_t n = to_sock(u, &p->addr, &to);

        u->stats.tx_calls++;
        if (sendto(u->fd, p->data, p->n, 0, &to.any, n) < 0)
            lose(u, 1, errno);
        else
            u->stats.tx++;
    }
}

/*
 * Message i was refused. EIO is said when the device cannot do checksums for a run: then runs are
 * given up for good. EINVAL and, by newer kernels, EMSGSIZE is said when a segment is longer than
 * the path's MTU: that is one viewer's path, and the others' runs go on. A full buffer refuses what
 * follows as well.
 */
static unsigned refused(struct udp *u, unsigned i, unsigned n, int why)
{
    if (u->out[i].npkts > 1 && (why == EIO || why == EINVAL || why == EMSGSIZE)) {
        if (why == EIO || ++u->nrefused == GSO_REFUSALS)
            u->has_gso = false;
        send_singly(u, &u->out[i]);
        return i + 1;
    }
    do
        lose(u, u->out[i++].npkts, why);
    while (i < n && is_full(why));
    return i;
}

static void send_batch(struct udp *u, unsigned n)
{
    unsigned done = 0;

    while (done < n) {
        int sent = sendmmsg(u->fd, u->msgs + done, n - done, 0);

        u->stats.tx_calls++;
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0) {
            done = refused(u, done, n, errno);
            continue;
        }
        for (int k = 0; k < sent; k++, done++) {
            u->stats.tx += u->out[done].npkts;
            u->nrefused = u->out[done].npkts > 1 ? 0 : u->nrefused;
        }
    }
}

void udp_tx(struct udp *u, struct pkt *chain)
{
    while (chain) {
        struct pkt *rest = NULL;
        unsigned n = prepare_tx(u, chain, &rest);

        send_batch(u, n);
        while (chain != rest) {
            struct pkt *next = chain->next;

            pkt_unref(chain);
            chain = next;
        }
    }
}

/* The kernel counts for the socket what it could not keep for us (sk_drops); a kernel before 4.12
 * does not tell. */
static uint32_t kernel_drops(const struct udp *u)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t n = sizeof(info);

    return getsockopt(u->fd, SOL_SOCKET, SO_MEMINFO, info, &n) < 0 ? 0 : info[SK_MEMINFO_DROPS];
}

uint64_t udp_drops(const struct udp *u, enum udp_drop why)
{
    return why == UDP_DROP_RX_KERNEL ? kernel_drops(u) : u->drops[why];
}

void udp_stats(const struct udp *u, struct udp_stats *ret_stats)
{
    struct udp_stats s = u->stats;

    for (enum udp_drop i = 0; i < UDP_DROPS; i++)
        *(i < UDP_DROP_TX_BUFFER ? &s.rx_dropped : &s.tx_dropped) += udp_drops(u, i);
    *ret_stats = s;
}

void udp_print(const struct udp *u, struct sb *to)
{
    static const char *const names[] = {
#define DROP(name, text) #name,
        UDP_DROP_TABLE(DROP)
#undef DROP
    };

    sb_printf(to, "udp came %llu in %llu calls sent %llu in %llu calls gso %s\n",
              (unsigned long long)u->stats.rx, (unsigned long long)u->stats.rx_calls,
              (unsigned long long)u->stats.tx, (unsigned long long)u->stats.tx_calls,
              u->has_gso ? "on" : "off");
    for (enum udp_drop i = 0; i < UDP_DROPS; i++)
        if (udp_drops(u, i))
            sb_printf(to, "udp drop %s %llu\n", names[i], (unsigned long long)udp_drops(u, i));
}

void udp_free(struct udp *u)
{
    if (!u)
        return;
    if (u->fd >= 0)
        close(u->fd);
    free(u);
}
