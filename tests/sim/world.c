#include "sim/world.h"

#include "base/arena.h"
#include "base/pkt.h"
#include "base/str.h"
#include "base/table.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/random.h"
#include "sim/viewer.h"

#include <stdlib.h>
#include <string.h>

enum { PACKETS = 8192 };

static const usec grain = USEC_MS; /* so that packets come in batches, as they do from recvmmsg */

static void on_connected(struct sfu_peer *p, usec now, void *ctx)
{
    (void)p;
    (void)now;
    ((struct world *)ctx)->connected++;
}

static void on_wish(struct sfu_peer *up, int height, usec now, void *ctx)
{
    (void)up;
    (void)now;
    ((struct world *)ctx)->wish = height;
}

static void on_line(struct sfu_peer *p, enum sfu_line line, usec now, void *ctx)
{
    (void)p;
    (void)now;
    ((struct world *)ctx)->line = (int)line;
}

static void on_gone(struct sfu_peer *p, enum sfu_gone why, usec now, void *ctx)
{
    struct world *w = ctx;

    (void)why;
    (void)now;
    w->gone++;
    for (unsigned i = 0; i < w->npeers; i++)
        if (w->peers[i].sfu_peer == p)
            w->peers[i].sfu_peer = NULL;
}

static void on_track(struct sfu_peer *p, enum sfu_kind kind, usec now, void *ctx)
{
    (void)p;
    (void)kind;
    (void)now;
    ((struct world *)ctx)->tracks++;
}

static void on_slot(struct sfu_room *r, enum sfu_kind kind, int slot, int64_t person, usec now,
                    void *ctx)
{
    (void)r;
    (void)now;
    ((struct world *)ctx)->slots[kind][slot] = person;
}

static void on_channel(struct sfu_room *r, int channel, usec now, void *ctx)
{
    struct world *w = ctx;

    (void)now;
    w->channel[channel] = sfu_room_channel(r, channel, false, &w->is_speaking[channel]);
}

struct world *world_new(uint64_t seed)
{
    return world_with_pool(seed, PACKETS);
}

struct world *world_with_pool(uint64_t seed, unsigned packets)
{
    static const struct sfu_events events = {
        .connected = on_connected, .gone = on_gone, .track = on_track, .slot = on_slot,
        .wish = on_wish, .line = on_line, .channel = on_channel};
    struct world *w = calloc(1, sizeof(*w));
    struct sfu_conf c = {.events = &events, .ctx = w, .is_plain = true};

    assert_non_null(w);
    (void)table_key("", 0); /* a process draws the key of its tables once: before the seed */
    random_seed(~seed);     /* another row than the network's */
    w->now = 1000 * USEC_S;
    w->suite = SRTP_AEAD_AES_128_GCM;
    w->trace = 0xcbf29ce484222325u;
    w->arena = arena_new();
    assert_non_null(w->arena);
    assert_int_equal(net_new(seed, &w->net), 0);
    assert_int_equal(pkt_pool_new(packets, &w->pool), 0);
    assert_int_equal(addr_parse(S("10.0.0.1"), 443, &w->server), 0);
    c.pool = w->pool;
    c.announce = &w->server;
    c.nannounce = 1;
    assert_int_equal(sfu_new(&c, &w->sfu), 0);
    assert_int_equal(sfu_room_new(w->sfu, 1, &w->room), 0);
    return w;
}

enum { PORTS = 512 }; /* of one peer: each rebind takes the next, and an hour has many */

static struct sim_peer *add(struct world *w, int64_t person)
{
    struct sim_peer *p = &w->peers[w->npeers++];

    assert_true(w->npeers <= WORLD_PEERS);
    p->world = w;
    p->person = person;
    p->ssrc = 1000 + w->npeers;
    p->up.delay = p->down.delay = 20 * USEC_MS;
    assert_int_equal(addr_parse(S("10.0.1.1"), (uint16_t)(2000 + PORTS * w->npeers), &p->addr), 0);
    return p;
}

struct sim_peer *world_publish(struct world *w, int64_t person)
{
    struct sim_peer *p = add(w, person);

    p->publisher = publisher_new(p, w->arena);
    return p;
}

struct sim_peer *world_publish_layers(struct world *w, int64_t person)
{
    struct sim_peer *p = add(w, person);

    p->publisher = publisher_new_layers(p, w->arena);
    return p;
}

static struct sim_peer *watch(struct world *w, int64_t person, bool is_backstage,
                              bool has_transport)
{
    struct sim_peer *p = add(w, person);

    p->has_transport = has_transport;
    p->viewer = viewer_new(p, is_backstage, w->arena);
    return p;
}

struct sim_peer *world_publish_h264(struct world *w, int64_t person)
{
    struct sim_peer *p = add(w, person);

    p->publisher = publisher_new_h264(p, w->arena);
    return p;
}

struct sim_peer *world_publish_old(struct world *w, int64_t person)
{
    struct sim_peer *p = add(w, person);

    p->is_old = true;
    p->publisher = publisher_new(p, w->arena);
    return p;
}

struct sim_peer *world_watch_wide(struct world *w, int64_t person)
{
    struct sim_peer *p = add(w, person);

    p->is_wide = p->has_transport = true;
    p->viewer = viewer_new(p, false, w->arena);
    return p;
}

struct sim_peer *world_watch_plain(struct world *w, int64_t person)
{
    struct sim_peer *p = add(w, person);

    p->is_plain = p->has_transport = true;
    p->viewer = viewer_new(p, false, w->arena);
    return p;
}

struct sim_peer *world_watch(struct world *w, int64_t person, bool is_backstage)
{
    return watch(w, person, is_backstage, true);
}

struct sim_peer *world_watch_old(struct world *w, int64_t person)
{
    return watch(w, person, false, false);
}

static struct sim_peer *peer_at(struct world *w, const struct addr *a)
{
    for (unsigned i = 0; i < w->npeers; i++)
        if (addr_eq(&w->peers[i].addr, a))
            return &w->peers[i];
    return NULL;
}

static void note(struct world *w, uint64_t what)
{
    w->trace = (w->trace ^ what) * 0x100000001b3u;
    w->trace ^= w->trace >> 32;
}

static void note_bytes(struct world *w, const uint8_t *p, size_t n)
{
    size_t step;

    for (; n; p += step, n -= step) {
        uint64_t word = 0;

        step = n < sizeof(word) ? n : sizeof(word);
        memcpy(&word, p, step);
        note(w, word);
    }
}

/* Plain mode knows one suite: its keys are exchanged before anything has been encrypted. */
static void other_suite(struct world *w)
{
    for (unsigned i = 0; i < w->npeers; i++) {
        struct sfu_peer *p = w->peers[i].sfu_peer;

        if (!p || !p->up_keys || srtp_keys_suite(p->up_keys) == w->suite)
            continue;
        srtp_keys_free(p->up_keys);
        srtp_keys_free(p->down_keys);
        sim_peer_keys(w->suite, false, &p->up_keys, &p->down_keys);
    }
}

static void deliver(struct world *w)
{
    const struct datagram *d;
    struct sim_peer *to;
    struct pkt *p;

    while ((d = net_take(w->net, w->now))) {
        to = peer_at(w, &d->to);
        note(w, (uint64_t)d->at);
        note(w, (uint64_t)d->from.port << 32 | (uint64_t)d->to.port << 16 | d->n);
        note_bytes(w, d->bytes, d->n);
        if (to)
            sim_peer_rx(to, d, w->now);
        if (to || !addr_eq(&d->to, &w->server))
            continue;
        p = pkt_get(w->pool);
        if (!p) {
            w->refused++;
            continue;
        }
        memcpy(p->data, d->bytes, d->n);
        p->n = (uint32_t)d->n;
        p->addr = d->from;
        p->at = w->now;
        sfu_rx(w->sfu, p, w->now);
        if (w->suite != SRTP_AEAD_AES_128_GCM)
            other_suite(w);
    }
}

static void send_out(struct world *w)
{
    struct pkt *p = sfu_take_out(w->sfu), *next;

    for (; p; p = next ? next : sfu_take_out(w->sfu)) {
        struct sim_peer *to = peer_at(w, &p->addr);

        next = p->next;
        if (to)
            net_send(w->net, &to->down, &w->server, &p->addr,
                     (str){(const char *)p->data, p->n}, w->now);
        else
            w->strays++;
        pkt_unref(p);
    }
}

static usec next_event(const struct world *w)
{
    usec at = w->sfu_due < net_next(w->net) ? w->sfu_due : net_next(w->net);

    for (unsigned i = 0; i < w->npeers; i++) {
        usec due = w->peers[i].is_silent ? INT64_MAX : sim_peer_due(&w->peers[i]);

        at = due < at ? due : at;
    }
    return (at + grain - 1) / grain * grain;
}

void world_run(struct world *w, usec duration)
{
    usec end = w->now + duration, at;

    while (w->now < end) {
        at = next_event(w);
        w->now = at <= w->now ? w->now + grain : at > end ? end : at;
        deliver(w);
        for (unsigned i = 0; i < w->npeers; i++)
            if (!w->peers[i].is_silent)
                sim_peer_tick(&w->peers[i], w->now);
        w->sfu_due = sfu_tick(w->sfu, w->now);
        send_out(w);
    }
}

/* Every packet has one fate: what comes is taken or has a name among the drops, and what is offered
 * to a viewer is sent, waits, or has one. */
static void assert_conserved(const struct world *w)
{
    const struct sfu_stats *st = &w->sfu->stats;
    uint64_t waiting = 0;

    assert_int_equal(st->rx_packets, st->rx_taken + sfu_drops_of(w->sfu, DROP_OF_IN));
    if (w->sfu->drops[DROP_POOL] || w->sfu->drops[DROP_PROTECT])
        return; /* these do not tell media from what we make ourselves */
    for (const struct sfu_room *r = w->sfu->rooms; r; r = r->next)
        for (unsigned i = 0; i < r->ndowns; i++)
            waiting += r->downs[i]->down->pacer.lines[PACE_STAGE].n +
                       r->downs[i]->down->pacer.lines[PACE_SMALL].n;
    assert_int_equal(st->offered, st->sent + waiting + sfu_drops_of(w->sfu, DROP_OF_VIEWER));
}

void world_assert_sound(const struct world *w)
{
    assert_conserved(w);
    assert_int_equal(w->bad, 0);
    for (unsigned i = 0; i < w->npeers; i++) {
        for (int k = 0; w->peers[i].viewer && k < VIEWER_WIDE; k++) {
            const struct slot_stats *s = viewer_slot(w->peers[i].viewer, SFU_VIDEO, k);

            assert_int_equal(s->back, 0);
            assert_int_equal(s->bad_ids, 0);
            assert_int_equal(s->torn, 0);
            assert_int_equal(s->unfounded, 0);
        }
        for (int k = 0; w->peers[i].viewer && k < VIEWER_AUDIOS; k++)
            assert_int_equal(viewer_slot(w->peers[i].viewer, SFU_AUDIO, k)->back, 0);
        if (w->peers[i].viewer)
            assert_int_equal(viewer_own(w->peers[i].viewer), 0);
    }
}

void world_free(struct world *w)
{
    for (unsigned i = 0; i < w->npeers; i++)
        sim_peer_done(&w->peers[i]);
    sfu_free(w->sfu);
    assert_int_equal(pkt_pool_used(w->pool), 0);
    pkt_pool_free(w->pool);
    net_free(w->net);
    arena_free(w->arena);
    free(w);
}
