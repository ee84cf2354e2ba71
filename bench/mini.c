/*
 * The smallest server around media's sfu: one room, WHIP and WHEP, one thread. For measuring
 * forwarding and for trying foreign clients without the house around it. Loopback only, unless an
 * address is given.
 *
 *   POST /whip/{person}  POST /whep   an offer in, 201 and an answer out (RFC 9725); DELETE of its
 * Location ends it GET  /stats          what happened, in words
 *
 * The first publisher has the stage. Prints "http PORT udp PORT" when it serves.
 */
#include "base/addr.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/sb.h"
#include "base/str.h"
#include "media/sfu.h"
#include "media/stats.h"
#include "net/loop.h"
#include "net/udp.h"
#include "porter.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum { POOL = 65536, PERSONS = 1000000 /* viewers are persons from here on */ };

struct mini {
    struct loop *loop;
    struct pkt_pool *pool;
    struct udp *udp;
    struct sfu *sfu;
    struct sfu_room *room;
    struct porter *porter;
    struct loop_fd *watch;
    struct loop_timer timer;
    struct sfu_peer *peers[MAX_PEERS]; /* by the number in its Location; NULL: gone */
    unsigned npeers;
    int64_t stage;
};

static struct loop *running;

/* ---- packets ---- */

static void on_datagrams(uint32_t events, void *ctx)
{
    struct mini *m = ctx;
    usec now = clock_mono();
    struct pkt *p = udp_rx(m->udp, now);

    (void)events;
    while (p) {
        struct pkt *next = p->next;

        p->next = NULL;
        sfu_rx(m->sfu, p, now);
        p = next;
    }
}

static void on_timer(usec now, void *ctx)
{
    (void)now;
    (void)ctx;
}

/* In pieces, so that some are on their way while others are encrypted. */
static void send_out(struct mini *m)
{
    struct pkt *chain;

    while ((chain = sfu_take_out(m->sfu)))
        udp_tx(m->udp, chain);
}

/* After every round: what has come goes out, and the next deadline is set. */
static void on_round(usec now, void *ctx)
{
    struct mini *m = ctx;

    now = clock_mono();
    m->timer.run = on_timer;
    send_out(m);
    loop_timer_set(m->loop, &m->timer, sfu_tick(m->sfu, now));
    send_out(m);
}

static void on_gone(struct sfu_peer *p, enum sfu_gone why, usec now, void *ctx)
{
    struct mini *m = ctx;

    (void)why;
    (void)now;
    for (unsigned i = 0; i < m->npeers; i++)
        if (m->peers[i] == p)
            m->peers[i] = NULL;
}

/* ---- requests ---- */

static void fail(struct porter_request *r, int code)
{
    r->status = err_http_status(code);
    r->type = S("text/plain");
    r->reply = str_c(err_text(code));
}

static void join(struct mini *m, struct porter_request *r, enum sfu_role role, int64_t person)
{
    struct sfu_peer_conf c = {.role = role, .person = person, .offer = r->body};
    int code = m->npeers < MAX_PEERS ? 0 : ERR_FULL;

    if (code == 0)
        code = sfu_peer_new(m->room, &c, clock_mono(), r->arena, &r->reply, &m->peers[m->npeers]);
    if (code < 0) {
        fail(r, code);
        return;
    }
    if (role == SFU_UP && !m->stage) {
        m->stage = person;
        sfu_room_stage(m->room, person, clock_mono());
    }
    r->status = 201;
    r->type = S("application/sdp");
    r->location = arena_printf(r->arena, "/peer/%u", m->npeers++);
}

static void leave(struct mini *m, struct porter_request *r, str number)
{
    uint64_t i;

    if (str_u64(number, UINT32_MAX, &i) < 0 || i >= m->npeers || !m->peers[i])
        return;
    sfu_peer_free(m->peers[i], clock_mono());
    m->peers[i] = NULL;
    r->status = 200;
}

static void show_stats(struct mini *m, struct porter_request *r)
{
    struct sb b = sb_init(r->arena, 0);
    struct udp_stats u;
    const char *name;

    udp_stats(m->udp, &u);
    sfu_print(m->sfu, &b);
    for (unsigned i = 0; (name = sfu_drop_name(i)) != NULL; i++)
        if (sfu_drops(m->sfu, i))
            sb_printf(&b, "dropped %" PRIu64 ": %s\n", sfu_drops(m->sfu, i), name);
    sb_printf(&b,
              "udp rx %" PRIu64 " in %" PRIu64 " calls, dropped %" PRIu64 "; tx %" PRIu64
              " in %" PRIu64 " calls, dropped %" PRIu64 "; gso %s; pool %u\n",
              u.rx, u.rx_calls, u.rx_dropped, u.tx, u.tx_calls, u.tx_dropped,
              udp_has_gso(m->udp) ? "on" : "off", pkt_pool_used(m->pool));
    r->status = 200;
    r->type = S("text/plain");
    r->reply = sb_str(&b);
}

static void on_request(struct porter_request *r, void *ctx)
{
    struct mini *m = ctx;
    bool is_post = str_eq(r->method, S("POST"));
    int64_t person;

    if (str_eq(r->method, S("OPTIONS")))
        r->status = 204;
    else if (is_post && str_eq(r->path, S("/whep")))
        join(m, r, SFU_DOWN, PERSONS + m->npeers);
    else if (is_post && str_starts(r->path, S("/whip/")) &&
             str_i64(str_from(r->path, 6), 1, PERSONS - 1, &person) == 0)
        join(m, r, SFU_UP, person);
    else if (str_eq(r->method, S("DELETE")) && str_starts(r->path, S("/peer/")))
        leave(m, r, str_from(r->path, 6));
    else if (str_eq(r->method, S("GET")) && str_eq(r->path, S("/stats")))
        show_stats(m, r);
}

/* ---- life ---- */

static void on_signal(int number)
{
    (void)number;
    loop_stop(running);
}

/* For comparisons. */
struct switches {
    bool has_gso, is_uneven;
    unsigned rx_batch, tx_batch, gso_least;
};

static int open_sfu(struct mini *m, const struct addr *at, const struct switches *on)
{
    static const struct sfu_events events = {.gone = on_gone};
    struct addr announce = *at;
    struct sfu_conf c = {.events = &events,
                         .ctx = m,
                         .pool = m->pool,
                         .announce = &announce,
                         .nannounce = 1,
                         .is_uneven = on->is_uneven};
    int r = sfu_new(&c, &m->sfu);

    return r < 0 ? r : sfu_room_new(m->sfu, 1, &m->room);
}

static int open_all(struct mini *m, struct addr *at, uint16_t http_port, const struct switches *on)
{
    int r = loop_new(&m->loop);

    if (r == 0)
        r = pkt_pool_new(POOL, &m->pool);
    if (r == 0)
        r = udp_new(at, m->pool, &m->udp);
    if (r < 0)
        return r;
    udp_set_gso(m->udp, on->has_gso);
    udp_set_batches(m->udp, on->rx_batch, on->tx_batch);
    if (on->gso_least)
        udp_set_gso_least(m->udp, on->gso_least);
    at->port = udp_port(m->udp);
    r = open_sfu(m, at, on);
    if (r == 0)
        r = loop_add(m->loop, udp_fd(m->udp), EPOLLIN, on_datagrams, m, &m->watch);
    if (r == 0)
        r = porter_new(m->loop, http_port, on_request, m, &m->porter);
    loop_on_round(m->loop, on_round, m);
    return r;
}

static void close_all(struct mini *m)
{
    loop_remove(m->watch);
    if (m->loop)
        loop_timer_cancel(m->loop, &m->timer);
    porter_free(m->porter);
    sfu_free(m->sfu);
    udp_free(m->udp);
    loop_free(m->loop);
    pkt_pool_free(m->pool);
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"http", 1, NULL, 'h'},
                                          {"address", 1, NULL, 'a'},
                                          {"no-gso", 0, NULL, 'g'},
                                          {"uneven", 0, NULL, 'u'},
                                          {"gso-least", 1, NULL, 'l'},
                                          {"rx-batch", 1, NULL, 'r'},
                                          {"tx-batch", 1, NULL, 't'},
                                          {0}};
    static struct mini m;
    const char *address = "127.0.0.1";
    uint16_t http_port = 0;
    struct switches on = {
        .has_gso = true, .rx_batch = MAX_UDP_BATCH, .tx_batch = MAX_UDP_BATCH};
    struct addr at;
    int c, r;

    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (c == 'h')
            http_port = (uint16_t)atoi(optarg);
        else if (c == 'a')
            address = optarg;
        else if (c == 'g')
            on.has_gso = false;
        else if (c == 'u')
            on.is_uneven = true;
        else if (c == 'l')
            on.gso_least = (unsigned)atoi(optarg);
        else if (c == 'r')
            on.rx_batch = (unsigned)atoi(optarg);
        else if (c == 't')
            on.tx_batch = (unsigned)atoi(optarg);
        else
            return 2;
    }
    r = addr_parse(str_c(address), 0, &at);
    if (r == 0)
        r = open_all(&m, &at, http_port, &on);
    if (r == 0) {
        running = m.loop;
        signal(SIGTERM, on_signal);
        signal(SIGINT, on_signal);
        printf("http %u udp %u\n", porter_port(m.porter), udp_port(m.udp));
        fflush(stdout);
        loop_run(m.loop);
    } else {
        fprintf(stderr, "mini: %s\n", err_text(r));
    }
    close_all(&m);
    return r < 0;
}
