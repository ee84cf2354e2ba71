#include "sim/net.h"

#include "base/err.h"
#include "sim/random.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_UNDER_WAY = 1 << 16 };

struct net {
    uint64_t seed, order;
    struct datagram *heap[MAX_UNDER_WAY], *taken;
    unsigned n;
};

int net_new(uint64_t seed, struct net **ret_net)
{
    struct net *net = calloc(1, sizeof(*net));

    if (!net)
        return ERR_MEM;
    net->seed = seed;
    *ret_net = net;
    return 0;
}

uint32_t net_random(struct net *net, uint32_t n)
{
    return (uint32_t)(random_next(&net->seed) % n);
}

static bool happens(struct net *net, double share)
{
    return share > 0 && (double)(random_next(&net->seed) >> 11) / (double)(1ull << 53) < share;
}

static bool before(const struct datagram *a, const struct datagram *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(struct net *net, struct datagram *d)
{
    unsigned i = net->n++;

    for (; i && before(d, net->heap[(i - 1) / 2]); i = (i - 1) / 2)
        net->heap[i] = net->heap[(i - 1) / 2];
    net->heap[i] = d;
}

static struct datagram *pop(struct net *net)
{
    struct datagram *top = net->heap[0], *last = net->heap[--net->n];
    unsigned i = 0, child;

    while ((child = 2 * i + 1) < net->n) {
        if (child + 1 < net->n && before(net->heap[child + 1], net->heap[child]))
            child++;
        if (!before(net->heap[child], last))
            break;
        net->heap[i] = net->heap[child];
        i = child;
    }
    net->heap[i] = last;
    return top;
}

static void post(struct net *net, const struct datagram *like, usec at)
{
    struct datagram *d = net->n < MAX_UNDER_WAY ? malloc(sizeof(*d)) : NULL;

    if (!d)
        return;
    *d = *like;
    d->at = at;
    d->order = net->order++;
    push(net, d);
}

static bool is_masked(struct link *l)
{
    return l->masked < 64 && (l->mask >> l->masked++ & 1);
}

static bool is_lost(struct net *net, struct link *l)
{
    if (l->burst <= 0)
        return happens(net, l->loss);
    if (l->is_bad)
        l->is_bad = !happens(net, 1 / l->burst);
    else
        l->is_bad = happens(net, l->loss / (l->burst * (1 - l->loss)));
    return l->is_bad;
}

static usec on_wire(const struct link *l, int64_t bytes)
{
    return l->rate_bps ? (usec)bytes * 8 * USEC_S / l->rate_bps : 0;
}

/*
 * The download's window over one round trip, as bytes of the time since the last look. Slow start,
 * then a segment more each round trip, and half of it when the queue was full, once in a round trip
 * (RFC 5681; a fluid model: segments are not told apart).
 */
static int64_t download_bytes(struct link *l, usec since, usec now)
{
    const double segment = 1500;
    double rtt = (double)(2 * l->delay + (l->busy_until > now ? l->busy_until - now : 0)) + 1000;
    double trips = (double)since / rtt;
    bool is_full = l->queue && l->busy_until - now >= l->queue;

    if (l->window <= 0) { /* RFC 6928 */
        l->window = 10 * segment;
        l->is_cut = false;
    }
    if (is_full && (double)(now - l->cut_at) > rtt) {
        l->window = l->window / 2 > 2 * segment ? l->window / 2 : 2 * segment;
        l->cut_at = now;
        l->is_cut = true;
    } else if (!is_full) {
        l->window += trips * (l->is_cut ? segment : l->window);
    }
    return (int64_t)(l->window * trips);
}

/* What the competing flow has put into the queue since the last time. */
static void add_rival(struct link *l, usec now)
{
    usec since = l->rival_at ? now - l->rival_at : 0, most;
    int64_t bytes = l->rival_bps * since / 8 / USEC_S, room;

    l->rival_at = now;
    if (l->has_download)
        bytes += download_bytes(l, since, now);
    else
        l->window = 0;
    if (l->busy_until < now - since)
        l->busy_until = now - since;
    most = now + (l->queue ? l->queue : INT64_MAX / 2);
    room = l->busy_until < most ? (most - l->busy_until) * l->rate_bps / 8 / USEC_S : 0;
    if (bytes > 0)
        l->clipped = bytes > room ? (double)(bytes - room) / (double)bytes : 0;
    bytes = bytes > room ? room : bytes;
    l->rival_bytes += (uint64_t)bytes;
    l->busy_until += on_wire(l, bytes);
}

/* False: the queue is full; beside a rival it takes of ours the share that it takes of the rival's.
 * *ret_out: when the datagram has left it. */
static bool pass_queue(struct net *net, struct link *l, size_t n, usec now, usec *ret_out)
{
    usec start;

    if (l->rival_bps || l->has_download)
        add_rival(l, now);
    else
        l->clipped = 0;
    start = l->busy_until > now ? l->busy_until : now;
    if (l->clipped > 0 ? happens(net, l->clipped) : l->queue && start - now > l->queue)
        return false;
    if (start - now > l->waited)
        l->waited = start - now;
    l->waits[start - now < 10 * USEC_MS * (LINK_WAITS - 1) ? (start - now) / (10 * USEC_MS)
                                                           : LINK_WAITS - 1]++;
    l->busy_until = start + on_wire(l, (int64_t)n + LINK_WRAP);
    l->sent_bytes += n + LINK_WRAP;
    *ret_out = l->busy_until;
    return true;
}

void net_send(struct net *net, struct link *l, const struct addr *from, const struct addr *to,
              str data, usec now)
{
    struct datagram d = {.from = *from, .to = *to, .n = data.n};
    usec at;

    if (data.n > sizeof(d.bytes) || !pass_queue(net, l, data.n, now, &at))
        return;
    memcpy(d.bytes, data.p, data.n);
    if (is_masked(l) || is_lost(net, l)) {
        l->lost_small += data.n <= LINK_SMALL;
        return;
    }
    at += l->delay + (l->jitter ? (usec)net_random(net, (uint32_t)l->jitter) : 0);
    if (happens(net, l->reorder))
        at += 20 * USEC_MS;
    post(net, &d, at);
    if (happens(net, l->duplicate))
        post(net, &d, at + USEC_MS);
}

usec net_next(const struct net *net)
{
    return net->n ? net->heap[0]->at : INT64_MAX;
}

const struct datagram *net_take(struct net *net, usec now)
{
    free(net->taken);
    net->taken = net->n && net->heap[0]->at <= now ? pop(net) : NULL;
    return net->taken;
}

void net_free(struct net *net)
{
    if (!net)
        return;
    while (net->n)
        free(pop(net));
    free(net->taken);
    free(net);
}
