#include "outlet.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/str.h"
#include "base/wr.h"
#include "live/link.h"
#include "media/stun.h"
#include "media/turn.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/stream.h"
#include "net/tls.h"
#include "net/udp.h"

#include <arpa/inet.h>
#include <fcntl.h>
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#include <openssl/ssl.h>
#undef ERR_STATE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 *   outlet (measured) ══ n sockets ══ drain (a child: reads, throws away)
 *
 * The first message of a stream carries the receiver's number.
 */
enum { CHANNEL = 0x4001, SETTLE_ROUNDS = 2000 };

struct outlet {
    enum outlet_way way;
    struct pkt_pool *pool;
    struct loop *loop;
    struct udp *udp;
    struct links *links;
    struct turn *turn;
    struct tls *tls;
    unsigned n, nknown;
    struct addr *to;     /* by receiver: where the sfu's packet goes */
    struct addr *client; /* the stream itself */
    bool *is_known;
    struct stun got; /* the answer of the TURN end */
    uint8_t answer[STUN_MAX_BYTES];
    pid_t child;
    bool is_broken;
    uint64_t queued, lost; /* packets of streams; lost: no way to the receiver */
};

int outlet_way_parse(const char *name, enum outlet_way *ret_way)
{
    static const char *const names[] = {"none", "udp", "ice-tcp", "turn-tls"};

    for (unsigned i = 0; i < NELEM(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *ret_way = (enum outlet_way)i;
            return 0;
        }
    }
    return ERR_SYNTAX;
}

/* ---- the receivers ---- */

static struct sockaddr_in local(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void drain(const int *fd, unsigned n)
{
    static char waste[1 << 16];
    struct epoll_event e = {.events = EPOLLIN}, got[64];
    int poll = epoll_create1(0);

    for (unsigned i = 0; i < n; i++) {
        e.data.fd = fd[i];
        epoll_ctl(poll, EPOLL_CTL_ADD, fd[i], &e);
    }
    for (;;) {
        int m = epoll_wait(poll, got, 64, -1);

        for (int i = 0; i < m; i++)
            while (recv(got[i].data.fd, waste, sizeof(waste), MSG_DONTWAIT) > 0)
                ;
    }
}

/* Greets with the receiver's number, in a frame or on a channel that nobody has bound. */
static void greet(int fd, SSL *ssl, unsigned i)
{
    uint8_t frame[4] = {0, 2, (uint8_t)(i >> 8), (uint8_t)i};
    uint8_t channel[8] = {0x40, 0, 0, 4, (uint8_t)(i >> 8), (uint8_t)i};

    if (ssl)
        (void)SSL_write(ssl, channel, sizeof(channel));
    else
        (void)!write(fd, frame, sizeof(frame));
}

static void dial_all(enum outlet_way way, uint16_t port, int *fd, unsigned n)
{
    struct sockaddr_in to = local(port);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    for (unsigned i = 0; i < n; i++) {
        SSL *ssl = way == OUTLET_TURN_TLS ? SSL_new(ctx) : NULL;

        fd[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd[i], (struct sockaddr *)&to, sizeof(to)) < 0)
            _exit(1);
        if (ssl && (!SSL_set_fd(ssl, fd[i]) || SSL_connect(ssl) != 1))
            _exit(1);
        greet(fd[i], ssl, i);
    }
}

/* ---- the TURN end is asked in memory: how a client asks is not what is measured ---- */

static int ask(struct outlet *o, const struct addr *client, const struct stun *m, str key)
{
    struct pkt *p = pkt_get(o->pool), *out;
    struct wr w;

    if (!p)
        return ERR_MEM;
    w = wr_init(p->data, PKT_ROOM);
    stun_write(&w, m, key);
    p->n = (uint32_t)wr_len(&w);
    p->addr = *client;
    pkt_unref(turn_rx(o->turn, p, clock_mono()));
    out = turn_take_out(o->turn);
    if (!out)
        return ERR_STATE;
    memcpy(o->answer, out->data, out->n);
    (void)stun_parse(o->answer, out->n, &o->got);
    pkt_unref(out);
    return o->got.class == STUN_RESPONSE ? 0 : ERR_DENIED;
}

static int allocate(struct outlet *o, unsigned i)
{
    struct stun m = {.method = STUN_ALLOCATE, .turn = {.has_transport = true, .transport = 17}};
    char text[128], nonce[64];
    uint8_t key[EVP_MAX_MD_SIZE];
    struct turn_cred cred;
    unsigned n = 0;
    int r;

    turn_issue(o->turn, i, clock_mono(), &cred);
    (void)ask(o, &o->client[i], &m, (str){0});
    m.username = str_c(cred.user);
    m.turn.realm = o->got.turn.realm;
    (void)snprintf(nonce, sizeof(nonce), "%.*s", STR(o->got.turn.nonce));
    m.turn.nonce = str_c(nonce);
    m.turn.realm = S("media");
    (void)snprintf(text, sizeof(text), "%s:media:%s", cred.user, cred.password);
    EVP_Digest(text, strlen(text), key, &n, EVP_md5(), NULL);
    r = ask(o, &o->client[i], &m, (str){(const char *)key, n});
    m.method = STUN_CHANNEL_BIND;
    m.turn.has_transport = false;
    m.turn.channel = CHANNEL;
    m.turn.npeers = 1;
    m.turn.peer = turn_peer;
    if (r == 0)
        r = ask(o, &o->client[i], &m, (str){(const char *)key, n});
    if (r == 0)
        o->to[i] = *turn_relayed(o->turn, &o->client[i]);
    return r;
}

/* ---- streams ---- */

static void on_message(struct pkt *p, usec now, void *ctx)
{
    struct outlet *o = ctx;
    size_t at = o->way == OUTLET_TURN_TLS ? 4 : 0;
    unsigned i = p->n >= at + 2 ? (unsigned)(p->data[at] << 8 | p->data[at + 1]) : o->n;

    (void)now;
    if (i < o->n && !o->is_known[i]) {
        o->is_known[i] = true;
        o->client[i] = o->to[i] = p->addr;
        o->nknown++;
    }
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

/* What waited for it is nowhere counted. */
static void on_closed(const struct addr *a, usec now, void *ctx)
{
    struct outlet *o = ctx;

    (void)a;
    (void)now;
    o->is_broken = true;
}

static int take_one(struct outlet *o, int door)
{
    struct server_raw raw = {.is_framed = o->way == OUTLET_ICE_TCP};
    struct stream s = {.fd = accept(door, NULL, NULL)};
    int r = 0;

    if (s.fd < 0 || fcntl(s.fd, F_SETFL, O_NONBLOCK) < 0)
        return ERR_IO;
    if (o->tls)
        r = tls_accept(o->tls, s.fd, &s.ssl);
    while (r == 0 && s.ssl && (r = stream_shake(&s)) == ERR_BUSY) {
        usleep(200);
        r = 0;
    }
    raw.fd = s.fd;
    raw.ssl = s.ssl;
    if (r == 0)
        links_take(o->links, &raw, clock_mono());
    return r;
}

static int open_tls(struct outlet *o)
{
    static const str names[] = {{"localhost", 9}};
    char folder[] = "/tmp/kengesh-bench-XXXXXX", cert[64], key[64];
    int r;

    if (!mkdtemp(folder))
        return ERR_IO;
    (void)snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
    (void)snprintf(key, sizeof(key), "%s/key.pem", folder);
    r = tls_self_make(cert, key, names, 1);
    if (r == 0)
        r = tls_new(cert, key, &o->tls);
    unlink(cert);
    unlink(key);
    rmdir(folder);
    return r;
}

static int open_streams(struct outlet *o, int *fd)
{
    struct links_conf conf = {.loop = o->loop,
                              .pool = o->pool,
                              .rx = on_message,
                              .is_known = on_known,
                              .choked = on_choked,
                              .closed = on_closed,
                              .ctx = o};
    struct sockaddr_in at = local(0);
    socklen_t n = sizeof(at);
    int door = socket(AF_INET, SOCK_STREAM, 0), r = links_new(&conf, &o->links);

    if (r == 0 && o->way == OUTLET_TURN_TLS)
        r = open_tls(o);
    if (r < 0 || bind(door, (struct sockaddr *)&at, n) < 0 || listen(door, 1024) < 0 ||
        getsockname(door, (struct sockaddr *)&at, &n) < 0)
        return r < 0 ? r : ERR_IO;
    o->child = fork();
    if (o->child == 0) {
        dial_all(o->way, ntohs(at.sin_port), fd, o->n);
        drain(fd, o->n);
    }
    for (unsigned i = 0; r == 0 && i < o->n; i++)
        r = take_one(o, door);
    close(door);
    while (r == 0 && o->nknown < o->n)
        loop_once(o->loop, 10 * USEC_MS);
    for (unsigned i = 0; r == 0 && o->way == OUTLET_TURN_TLS && i < o->n; i++)
        r = allocate(o, i);
    return r;
}

static int open_udp(struct outlet *o, int *fd)
{
    struct addr any;
    int r = addr_parse(S("127.0.0.1"), 0, &any);

    if (r == 0)
        r = udp_new(&any, o->pool, &o->udp);
    for (unsigned i = 0; r == 0 && i < o->n; i++) {
        struct sockaddr_in at = local(0);
        socklen_t n = sizeof(at);

        fd[i] = socket(AF_INET, SOCK_DGRAM, 0);
        if (bind(fd[i], (struct sockaddr *)&at, n) < 0 ||
            getsockname(fd[i], (struct sockaddr *)&at, &n) < 0)
            return ERR_IO;
        o->to[i] = any;
        o->to[i].port = ntohs(at.sin_port);
    }
    o->child = r < 0 ? 0 : fork();
    if (r == 0 && o->child == 0)
        drain(fd, o->n);
    for (unsigned i = 0; i < o->n; i++)
        close(fd[i]);
    return r;
}

int outlet_new(enum outlet_way way, struct pkt_pool *pool, unsigned receivers,
               struct outlet **ret_outlet)
{
    struct outlet *o = calloc(1, sizeof(*o));
    int *fd = calloc(receivers + 1, sizeof(*fd)), r = ERR_MEM;
    struct rlimit files = {4096, 4096};

    if (!o || !fd)
        goto out;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
    o->way = way;
    o->pool = pool;
    o->n = receivers;
    o->to = calloc(receivers, sizeof(*o->to));
    o->client = calloc(receivers, sizeof(*o->client));
    o->is_known = calloc(receivers, sizeof(*o->is_known));
    r = o->to && o->client && o->is_known ? loop_new(&o->loop) : ERR_MEM;
    if (r == 0)
        r = turn_new(pool, &o->turn);
    if (r < 0)
        goto out;
    turn_set_ways(o->turn, ADDR_ALL_WAYS);
    r = way == OUTLET_UDP ? open_udp(o, fd) : open_streams(o, fd);
    if (r < 0)
        goto out;
    *ret_outlet = o;
    o = NULL;
out:
    free(fd);
    outlet_free(o);
    return r;
}

/* ---- use ---- */

void outlet_tx(struct outlet *o, struct pkt *chain, unsigned (*index)(const struct pkt *p),
               usec now)
{
    struct pkt *udp = NULL, **end = &udp, *next;

    for (struct pkt *p = chain; p; p = next) {
        unsigned i = index(p);

        next = p->next;
        if (i >= o->n) {
            pkt_unref(p);
            continue;
        }
        p->addr = o->to[i];
        if (o->way == OUTLET_TURN_TLS)
            p = turn_tx(o->turn, p, clock_mono());
        if (!p) {
            o->lost++;
        } else if (o->way == OUTLET_UDP) {
            *end = p;
            end = &p->next;
        } else if (links_tx(o->links, p, now)) {
            o->queued++;
        } else {
            o->lost++;
        }
    }
    *end = NULL;
    if (o->udp)
        udp_tx(o->udp, udp);
    if (o->links)
        links_flush(o->links, now);
}

int outlet_settle(struct outlet *o)
{
    struct links_stats st;

    for (int i = 0; o->links && i < SETTLE_ROUNDS; i++) {
        links_stats(o->links, &st);
        if (o->is_broken)
            return ERR_CLOSED;
        if (!st.queued)
            return 0;
        loop_once(o->loop, USEC_MS);
    }
    return o->links ? ERR_TIMEOUT : 0;
}

static uint64_t stream_drops(const struct outlet *o)
{
    struct links_stats st = {0};

    if (o->links)
        links_stats(o->links, &st);
    return st.dropped_video + st.dropped_audio;
}

uint64_t outlet_sent(const struct outlet *o)
{
    struct udp_stats st = {0};

    if (o->udp)
        udp_stats(o->udp, &st);
    return st.tx + o->queued - stream_drops(o);
}

uint64_t outlet_dropped(const struct outlet *o)
{
    struct udp_stats st = {0};

    if (o->udp)
        udp_stats(o->udp, &st);
    return st.tx_dropped + o->lost + stream_drops(o);
}

void outlet_free(struct outlet *o)
{
    if (!o)
        return;
    if (o->child > 0) {
        kill(o->child, SIGKILL);
        waitpid(o->child, NULL, 0);
    }
    links_free(o->links);
    turn_free(o->turn);
    udp_free(o->udp);
    tls_free(o->tls);
    if (o->loop)
        loop_free(o->loop);
    free(o->to);
    free(o->client);
    free(o->is_known);
    free(o);
}
