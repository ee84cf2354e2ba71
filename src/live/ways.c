#include "live/ways.h"

#include "base/err.h"
#include "base/pkt.h"
#include "base/sb.h"
#include "live/link.h"
#include "media/sfu.h"
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
    struct loop_fd *udp_fd;
    struct links *links;
    uint64_t lost; /* for a stream that is gone */
};

/* ---- in ---- */

static void on_udp(uint32_t events, void *ctx)
{
    struct ways *w = ctx;
    usec now = loop_now(w->conf.loop);
    struct pkt *p, *next;

    (void)events;
    for (int i = 0; i < UDP_BATCHES; i++) {
        p = udp_rx(w->udp, now);
        if (!p)
            return;
        for (; p; p = next) {
            next = p->next;
            p->next = NULL;
            sfu_rx(w->sfu, p, now);
        }
    }
}

static void on_message(struct pkt *p, usec now, void *ctx)
{
    struct ways *w = ctx;

    if (addr_way(&p->addr) == ADDR_ICE_TCP)
        sfu_rx(w->sfu, p, now);
    else
        pkt_unref(p);
}

static bool on_is_known(const struct addr *a, void *ctx)
{
    const struct ways *w = ctx;

    return sfu_knows(w->sfu, a);
}

static void on_choked(const struct addr *a, bool is_choked, usec now, void *ctx)
{
    const struct ways *w = ctx;

    sfu_choke(w->sfu, a, is_choked, now);
}

static void on_closed(const struct addr *a, usec now, void *ctx)
{
    (void)a;
    (void)now;
    (void)ctx;
}

void ways_take(struct ways *w, const struct server_raw *raw, usec now)
{
    links_take(w->links, raw, now);
}

/* ---- out ---- */

void ways_tx(struct ways *w, struct pkt *chain, usec now)
{
    struct pkt *udp = NULL, **end = &udp, *next;

    for (struct pkt *p = chain; p; p = next) {
        next = p->next;
        if (addr_way(&p->addr) == ADDR_UDP) {
            *end = p;
            end = &p->next;
        } else if (!links_tx(w->links, p, now)) {
            w->lost++;
        }
    }
    *end = NULL;
    udp_tx(w->udp, udp);
    links_flush(w->links, now);
}

/* ---- life ---- */

int ways_new(const struct ways_conf *c, struct ways **ret_ways)
{
    struct ways *w = calloc(1, sizeof(*w));
    struct links_conf links = {.loop = c->loop,
                               .pool = c->pool,
                               .rx = on_message,
                               .is_known = on_is_known,
                               .choked = on_choked,
                               .closed = on_closed,
                               .ctx = w};
    int r;

    if (!w)
        return ERR_MEM;
    w->conf = *c;
    r = udp_new(&c->bind_to, c->pool, &w->udp);
    if (r == 0 && c->is_self_only)
        udp_set_self_only(w->udp);
    if (r == 0)
        r = links_new(&links, &w->links);
    if (r == 0)
        r = loop_add(c->loop, udp_fd(w->udp), EPOLLIN, on_udp, w, &w->udp_fd);
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
    struct links_stats l;
    struct udp_stats u;

    links_stats(w->links, &l);
    udp_stats(w->udp, &u);
    sb_printf(to, "udp came %llu sent %llu\n", (unsigned long long)u.rx, (unsigned long long)u.tx);
    sb_printf(to, "streams open %u waiting %u taken %llu refused %llu broken %llu\n", l.open,
              l.queued, (unsigned long long)l.taken, (unsigned long long)l.refused,
              (unsigned long long)l.bad);
    sb_printf(to, "streams dropped video %llu other %llu\n", (unsigned long long)l.dropped_video,
              (unsigned long long)l.dropped_audio);
}

void ways_free(struct ways *w)
{
    if (!w)
        return;
    links_free(w->links);
    loop_remove(w->udp_fd);
    udp_free(w->udp);
    free(w);
}
