/*
 * Our TURN end alone, with an echo in place of the room: what a client sends to 192.0.2.1 comes
 * back from there. For trying foreign clients (tests/interop/turn.sh). Plain and TLS on one TCP
 * port, with a certificate of its own making, and UDP; 127.0.0.1 only.
 *
 * Prints "tcp PORT udp PORT user NAME password WORD" when it serves, and at its end what happened.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/sb.h"
#include "base/str.h"
#include "live/link.h"
#include "media/turn.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/tls.h"
#include "net/udp.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct door {
    struct loop *loop;
    struct pkt_pool *pool;
    struct udp *udp;
    struct loop_fd *watch;
    struct links *links;
    struct turn *turn;
    struct tls *tls;
    struct server *server;
};

static struct loop *running;

static void put(struct door *d, struct pkt *p, usec now)
{
    p->next = NULL;
    if (addr_way(&p->addr) == ADDR_UDP)
        udp_tx(d->udp, p);
    else
        (void)links_tx(d->links, p, now);
}

static void on_message(struct pkt *p, usec now, void *ctx)
{
    struct door *d = ctx;
    struct pkt *inside = turn_rx(d->turn, p, now), *next;

    if (inside)
        inside = turn_tx(d->turn, inside, now);
    if (inside)
        put(d, inside, now);
    for (p = turn_take_out(d->turn); p; p = next) {
        next = p->next;
        put(d, p, now);
    }
}

static void on_udp(uint32_t events, void *ctx)
{
    struct door *d = ctx;
    usec now = loop_now(d->loop);
    struct pkt *next;

    (void)events;
    for (struct pkt *p = udp_rx(d->udp, now); p; p = next) {
        next = p->next;
        if (turn_is(p->data, p->n))
            on_message(p, now, d);
        else
            pkt_unref(p);
    }
}

static void on_round(usec now, void *ctx)
{
    links_flush(((struct door *)ctx)->links, now);
}

static bool on_known(const struct addr *a, void *ctx)
{
    return turn_relayed(((struct door *)ctx)->turn, a) != NULL;
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
    (void)now;
    turn_closed(((struct door *)ctx)->turn, a);
}

/* ---- the TCP port ---- */

struct arrival {
    struct msg msg;
    struct door *door;
    struct server_raw raw;
};

static void run_take(struct msg *m, void *ctx)
{
    struct arrival *a = ctx;

    (void)m;
    links_take(a->door->links, &a->raw, loop_now(a->door->loop));
    free(a);
}

static void on_raw(const struct server_raw *raw, void *ctx)
{
    struct door *d = ctx;
    struct arrival *a = calloc(1, sizeof(*a));

    if (!a) {
        server_raw_refuse(raw);
        return;
    }
    *a = (struct arrival){.msg = {.run = run_take, .ctx = a}, .door = d, .raw = *raw};
    loop_answer(d->loop, &a->msg);
}

static void dispatch(struct exchange *x, void *ctx)
{
    (void)ctx;
    http_text(x, 404, S("text/plain"), S("TURN is here.\n"));
}

static int open_tls(struct door *d)
{
    static const str names[] = {{"localhost", 9}, {"127.0.0.1", 9}};
    char folder[] = "/tmp/kengesh-door-XXXXXX", cert[64], key[64];
    int r;

    if (!mkdtemp(folder))
        return ERR_IO;
    (void)snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
    (void)snprintf(key, sizeof(key), "%s/key.pem", folder);
    r = tls_self_make(cert, key, names, NELEM(names));
    if (r == 0)
        r = tls_new(cert, key, &d->tls);
    unlink(cert);
    unlink(key);
    rmdir(folder);
    return r;
}

/* ---- life ---- */

static int open_all(struct door *d)
{
    struct links_conf links = {
        .rx = on_message, .is_known = on_known, .choked = on_choked, .closed = on_closed, .ctx = d};
    struct server_conf server = {
        .listen = "127.0.0.1:0", .threads = 1, .dispatch = dispatch, .raw = on_raw, .ctx = d};
    struct addr at;
    int r = addr_parse(S("127.0.0.1"), 0, &at);

    if (r == 0)
        r = loop_new(&d->loop);
    if (r == 0)
        r = pkt_pool_new(4096, &d->pool);
    if (r == 0)
        r = udp_new(&at, d->pool, &d->udp);
    if (r == 0)
        r = turn_new(d->pool, &d->turn);
    links.loop = d->loop;
    links.pool = d->pool;
    if (r == 0)
        r = links_new(&links, &d->links);
    if (r == 0)
        r = loop_add(d->loop, udp_fd(d->udp), EPOLLIN, on_udp, d, &d->watch);
    if (r == 0)
        r = open_tls(d);
    server.tls = d->tls;
    if (r == 0)
        r = server_new(&server, &d->server);
    return r;
}

static void close_all(struct door *d)
{
    server_free(d->server, 0);
    tls_free(d->tls);
    links_free(d->links);
    turn_free(d->turn);
    loop_remove(d->watch);
    udp_free(d->udp);
    loop_free(d->loop);
    pkt_pool_free(d->pool);
}

static void on_signal(int number)
{
    (void)number;
    loop_stop(running);
}

int main(void)
{
    static struct door d;
    struct turn_cred cred;
    struct sb b = sb_init(NULL, 0);
    int r = open_all(&d);

    if (r == 0) {
        running = d.loop;
        signal(SIGTERM, on_signal);
        signal(SIGPIPE, SIG_IGN);
        loop_on_round(d.loop, on_round, &d);
        turn_set_ways(d.turn, ADDR_ALL_WAYS);
        turn_issue(d.turn, 1, clock_mono(), &cred);
        printf("tcp %u udp %u user %s password %s\n", server_port(d.server), udp_port(d.udp),
               cred.user, cred.password);
        fflush(stdout);
        loop_run(d.loop);
        turn_print(d.turn, &b);
        printf("%.*s", STR(sb_str(&b)));
    } else {
        fprintf(stderr, "door: %s\n", err_text(r));
    }
    sb_done(&b);
    close_all(&d);
    return r < 0;
}
