#include "live/ways.h"

#include "base/err.h"
#include "base/pkt.h"
#include "live/link.h"
#include "live/street.h"
#include "media/sfu.h"
#include "media/turn.h"
#include "net/loop.h"
#include "net/udp.h"

#include <stdlib.h>
#include <sys/epoll.h>

/* Per round, so that a flood cannot keep control messages waiting. */
enum { UDP_BATCHES = 8 };

struct ways {
    struct ways_conf conf;
    struct sfu *sfu;
    struct udp *udp;
    struct loop_fd *udp_fd, *street_fd;
    struct links *links;
    struct turn *turn;
};

/* ---- in ---- */

static void rx_turn(struct ways *w, struct pkt *p, usec now)
{
    p = turn_rx(w->turn, p, now);
    if (p)
        sfu_rx(w->sfu, p, now);
}

static void rx_datagram(struct ways *w, struct pkt *p, usec now)
{
    if (turn_is(p->data, p->n))
        rx_turn(w, p, now);
    else
        sfu_rx(w->sfu, p, now);
}

/* It came to this thread's socket; its room may be another's. */
static void sort(struct ways *w, struct pkt *p, usec now)
{
    unsigned home = street_home(w->conf.street, w->conf.hall, p);

    if (home == w->conf.hall)
        rx_datagram(w, p, now);
    else
        street_hand(w->conf.street, w->conf.hall, home, p);
}

/* A room holds one batch (sfu_room.h, ROOM_BATCH): with more, all viewers' packets of it would be
 * made at once, before any is sent. */
static void send_out(struct ways *w, usec now)
{
    struct pkt *chain;

    while ((chain = sfu_take_out(w->sfu)))
        ways_tx(w, chain, now);
}

static void on_udp(uint32_t events, void *ctx)
{
    struct ways *w = ctx;
    usec now = loop_now(w->conf.loop);
    struct pkt *p = NULL, *next;

    (void)events;
    for (int i = 0; i < UDP_BATCHES && (i == 0 || p); i++) {
        p = udp_rx(w->udp, now);
        for (struct pkt *at = p; at; at = next) {
            next = at->next;
            at->next = NULL;
            if (w->conf.street)
                sort(w, at, now);
            else
                rx_datagram(w, at, now);
        }
        send_out(w, now);
    }
    if (w->conf.street)
        street_ring(w->conf.street, w->conf.hall);
}

static void on_street(uint32_t events, void *ctx)
{
    struct ways *w = ctx;
    usec now = loop_now(w->conf.loop);
    struct pkt *p = street_take(w->conf.street, w->conf.hall, w->conf.pool, now), *next;

    (void)events;
    for (; p; p = next) {
        next = p->next;
        p->next = NULL;
        rx_datagram(w, p, now);
    }
    send_out(w, now);
}

static void on_message(struct pkt *p, usec now, void *ctx)
{
    struct ways *w = ctx;

    if (addr_way(&p->addr) == ADDR_ICE_TCP)
        sfu_rx(w->sfu, p, now);
    else
        rx_turn(w, p, now);
}

/* What the sfu calls the other end of a stream; NULL: it does not know it. */
static const struct addr *as_seen(const struct ways *w, const struct addr *a)
{
    return addr_way(a) == ADDR_ICE_TCP ? a : turn_relayed(w->turn, a);
}

static bool on_is_known(const struct addr *a, void *ctx)
{
    const struct ways *w = ctx;

    if (addr_way(a) == ADDR_ICE_TCP)
        return sfu_knows(w->sfu, a);
    return turn_relayed(w->turn, a) != NULL;
}

static void on_choked(const struct addr *a, bool is_choked, usec now, void *ctx)
{
    const struct ways *w = ctx;
    const struct addr *seen = as_seen(w, a);

    if (seen)
        sfu_choke(w->sfu, seen, is_choked, now);
}

static void on_closed(const struct addr *a, usec now, void *ctx)
{
    const struct ways *w = ctx;

    (void)now;
    if (addr_way(a) != ADDR_ICE_TCP)
        turn_closed(w->turn, a);
}

static int on_home(const uint8_t *d, size_t n, void *ctx)
{
    return street_by_name(((const struct ways *)ctx)->conf.street, d, n);
}

static void on_hand_over(const struct server_raw *raw, int home, void *ctx)
{
    const struct ways *w = ctx;

    w->conf.hand_over(raw, home, w->conf.ctx);
}

void ways_take(struct ways *w, const struct server_raw *raw, usec now)
{
    links_take(w->links, raw, now);
}

/* ---- out ---- */

/* What goes by UDP, to be sent together. */
struct batch {
    struct pkt *first, **end;
};

/* p->addr is where the bytes go. */
static void put(struct ways *w, struct batch *b, struct pkt *p, usec now)
{
    if (addr_way(&p->addr) != ADDR_UDP) {
        (void)links_tx(w->links, p, now);
        return;
    }
    p->next = NULL;
    *b->end = p;
    b->end = &p->next;
}

void ways_tx(struct ways *w, struct pkt *chain, usec now)
{
    struct batch udp = {.end = &udp.first};
    struct pkt *next;

    turn_tick(w->turn, now);
    for (struct pkt *p = chain; p; p = next) {
        next = p->next;
        if (addr_way(&p->addr) > ADDR_ICE_TCP)
            p = turn_tx(w->turn, p, now);
        if (p)
            put(w, &udp, p, now);
    }
    for (struct pkt *p = turn_take_out(w->turn); p; p = next) {
        next = p->next;
        put(w, &udp, p, now);
    }
    udp_tx(w->udp, udp.first);
    links_flush(w->links, now);
}

struct turn *ways_turn(struct ways *w)
{
    return w->turn;
}

/* ---- life ---- */

static int open_udp(struct ways *w)
{
    const struct ways *first = w->conf.first;
    int r;

    if (first)
        r = udp_share(first->udp, w->conf.pool, &w->udp);
    else
        r = udp_new(&w->conf.bind_to, w->conf.pool, &w->udp);
    if (r == 0 && w->conf.is_self_only)
        udp_set_self_only(w->udp);
    if (r == 0 && w->conf.is_gso_off)
        udp_set_gso(w->udp, false);
    if (r == 0)
        r = loop_add(w->conf.loop, udp_fd(w->udp), EPOLLIN, on_udp, w, &w->udp_fd);
    if (r == 0 && w->conf.street)
        r = loop_add(w->conf.loop, street_fd(w->conf.street, w->conf.hall), EPOLLIN, on_street, w,
                     &w->street_fd);
    return r;
}

static int open_turn(struct ways *w)
{
    const struct ways *first = w->conf.first ? w->conf.first : w;
    int r = turn_new(w->conf.pool, &w->turn);

    if (r == 0 && w->conf.street)
        turn_join(w->turn, first->turn, street_mark(w->conf.hall), w->conf.here, w->conf.ctx);
    return r;
}

int ways_new(const struct ways_conf *c, struct ways **ret_ways)
{
    struct ways *w = calloc(1, sizeof(*w));
    struct links_conf links = {.loop = c->loop,
                               .pool = c->pool,
                               .rx = on_message,
                               .is_known = on_is_known,
                               .choked = on_choked,
                               .closed = on_closed,
                               .home = c->street ? on_home : NULL,
                               .here = (int)c->hall,
                               .hand_over = on_hand_over,
                               .ctx = w};
    int r;

    if (!w)
        return ERR_MEM;
    w->conf = *c;
    r = open_udp(w);
    if (r == 0)
        r = links_new(&links, &w->links);
    if (r == 0)
        r = open_turn(w);
    if (r < 0)
        goto out;
    *ret_ways = w;
    w = NULL;
out:
    ways_free(w);
    return r;
}

void ways_set_sfu(struct ways *w, struct sfu *s)
{
    w->sfu = s;
}

uint16_t ways_udp_port(const struct ways *w)
{
    return udp_port(w->udp);
}

void ways_print(const struct ways *w, struct sb *to)
{
    udp_print(w->udp, to);
    links_print(w->links, to);
    turn_print(w->turn, to);
}

void ways_free(struct ways *w)
{
    if (!w)
        return;
    links_free(w->links);
    turn_free(w->turn);
    loop_remove(w->udp_fd);
    loop_remove(w->street_fd);
    udp_free(w->udp);
    free(w);
}
