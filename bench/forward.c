/*
 * The sfu alone: no sockets. Publishers and viewers connect in memory with full ICE, DTLS and real
 * keys; then packets of bench/data are pushed in and what comes out is thrown away. Tells the time
 * per forwarded packet (decrypting once, rewriting, encrypting for every viewer), and how often
 * memory was asked for on the way: that must be never.
 *
 *   perf record build/bench/bench/forward --sizes bench/data/vp8-600k.txt --viewers 300
 *
 * With --way what comes out is really sent (bench/outlet.h) and only what was sent counts. The time
 * is the process' CPU time, until streams have written all.
 *
 * Viewers read the transport-wide numbers of what they get, which are in the clear, and send
 * feedback as browsers do; what the sfu does with it is timed, what it takes to make it is not.
 * Left out on purpose: no report blocks, because nothing is decrypted here; and no time passes for
 * the sfu but what the packets' pace says, so timers run as they would.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/str.h"
#include "client.h"
#include "media/rtp.h"
#include "media/sfu.h"
#include "offer.h"
#include "outlet.h"
#include "sizes.h"
#include "source.h"
#include "transport.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* MAX_HELD: of every end a frame and a check at once. */
enum { MAX_ENDS = 1200, POOL = 65536, MAX_HELD = MAX_ENDS * 2, STEPS = 400 };

/* ---- every way to ask for memory, counted ---- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

static bool is_counting;
static uint64_t nallocs;

void *malloc(size_t n)
{
    nallocs += is_counting;
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    nallocs += is_counting;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    nallocs += is_counting;
    return __libc_realloc(p, n);
}

void *aligned_alloc(size_t align, size_t n)
{
    nallocs += is_counting;
    return __libc_memalign(align, n);
}

/* ---- the two sides ---- */

struct bench {
    struct pkt_pool *pool;
    struct sfu *sfu;
    struct sfu_room *room;
    struct client_kit *kit;
    struct sizes *sizes;
    usec now;                   /* the sfu's clock */
    struct end *ends[MAX_ENDS]; /* publishers first */
    unsigned nends, npublishers;
    bool is_held; /* packets of publishers wait in `held`, to be timed */
    struct pkt *held[MAX_HELD];
    unsigned nheld;
    struct outlet *outlet; /* NULL: what comes out is thrown away */
    uint64_t out_packets, out_bytes;
    uint64_t sent_before, dropped_before; /* the outlet's, before what is measured */
    int64_t spent_ns;
    int error;
};

struct end {
    struct bench *bench;
    struct addr addr;
    struct client *client;
    struct source source;
    uint16_t twcc; /* number of its next packet */
    struct transport transport;
    usec tell_due;
};

static struct addr addr_of(unsigned i)
{
    struct addr a = {.ip = {[10] = 0xff, 0xff, 10, 1, (uint8_t)(i >> 8), (uint8_t)i}, .port = 5000};

    return a;
}

/* What a client sends becomes a packet for the sfu. */
static void to_sfu(const uint8_t *bytes, size_t n, void *ctx)
{
    struct end *e = ctx;
    struct bench *b = e->bench;
    struct pkt *p = pkt_get(b->pool);

    if (!p)
        return;
    memcpy(p->data, bytes, n);
    p->n = (uint32_t)n;
    p->addr = e->addr;
    p->at = b->now;
    if (!b->is_held) {
        sfu_rx(b->sfu, p, b->now);
    } else if (b->nheld < MAX_HELD) {
        b->held[b->nheld++] = p;
    } else {
        pkt_unref(p);
        b->error = ERR_FULL;
    }
}

/* What the sfu sends goes to the client of that address. */
static void to_clients(struct bench *b, struct pkt *p)
{
    while (p) {
        struct pkt *next = p->next;
        unsigned i = (unsigned)(p->addr.ip[14] << 8 | p->addr.ip[15]);
        struct client_packet got;

        if (i < b->nends)
            (void)client_rx(b->ends[i]->client, p->data, p->n, clock_mono(), &got);
        pkt_unref(p);
        p = next;
    }
}

static int add_end(struct bench *b, struct arena *a, bool is_audio)
{
    bool is_up = b->nends < b->npublishers;
    struct sfu_peer_conf c = {.role = is_up ? SFU_UP : SFU_DOWN, .person = b->nends + 1};
    struct end *e = calloc(1, sizeof(*e));
    struct offer_remote remote;
    struct offer o = {.is_sending = is_up};
    struct sfu_peer *peer;
    str answer;
    int r;

    if (!e)
        return ERR_MEM;
    e->bench = b;
    e->addr = addr_of(b->nends);
    r = client_new(b->kit, to_sfu, e, &e->client);
    if (r < 0)
        goto out;
    source_init(&e->source, e->client, b->sizes, &e->twcc, b->nends * 37, b->now);
    o.end = (struct offer_end){client_ufrag(e->client), client_pwd(e->client),
                               client_kit_fingerprint(b->kit), "10.1.0.1", 5000};
    o.ssrc[0] = e->source.ssrc;
    if (!is_up) {
        o.naudio = OFFER_AUDIOS;
        o.nvideo = OFFER_VIDEOS;
    } else {
        *(is_audio ? &o.naudio : &o.nvideo) = 1;
    }
    c.offer = offer_write(a, &o);
    r = sfu_peer_new(b->room, &c, b->now, a, &answer, &peer);
    if (r == 0)
        r = offer_read(answer, &remote);
    if (r == 0)
        r = client_start(e->client, remote.ufrag, remote.pwd, remote.fingerprint);
    if (r < 0)
        goto out;
    transport_init(&e->transport, is_up ? 0 : remote.twcc_id, b->nends + 1);
    e->tell_due = transport_due(b->nends, b->now);
    b->ends[b->nends++] = e;
    return 0;
out:
    client_free(e->client);
    free(e);
    return r;
}

static int connect_end(struct bench *b, unsigned i)
{
    struct pkt *out;

    for (unsigned k = 0; k < STEPS; k++) {
        client_tick(b->ends[i]->client, b->now);
        (void)sfu_tick(b->sfu, b->now);
        while ((out = sfu_take_out(b->sfu)))
            to_clients(b, out);
        b->now += 1000;
        if (client_is_connected(b->ends[i]->client))
            return 0;
    }
    return ERR_TIMEOUT;
}

/* ---- measuring ---- */

static unsigned first_viewer;

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The viewer that a packet is for. */
static unsigned viewer_of(const struct pkt *p)
{
    return (unsigned)(p->addr.ip[14] << 8 | p->addr.ip[15]) - first_viewer;
}

/* What the viewers see of a chain: not timed. */
static void note_chain(struct bench *b, const struct pkt *chain)
{
    for (const struct pkt *p = chain; p; p = p->next) {
        unsigned i = viewer_of(p) + first_viewer;
        struct rtp r;

        b->out_packets++;
        b->out_bytes += p->n;
        if (i < b->nends && p->n && p->data[0] >= 128 && p->data[0] <= 191 &&
            !rtp_is_rtcp(p->data, p->n) && rtp_head(p->data, p->n, &r) == 0)
            transport_note(&b->ends[i]->transport, &r, b->now);
    }
}

static void drop_chain(struct pkt *chain)
{
    while (chain) {
        struct pkt *next = chain->next;

        pkt_unref(chain);
        chain = next;
    }
}

static void start_clock(struct bench *b)
{
    is_counting = true;
    b->spent_ns -= now_ns();
}

static void stop_clock(struct bench *b)
{
    b->spent_ns += now_ns();
    is_counting = false;
}

/* One round of a media thread: a batch in, timers, what goes out. Only this is timed and counted.
 */
static void round_trip(struct bench *b)
{
    struct pkt *chain;
    int r;

    start_clock(b);
    for (unsigned i = 0; i < b->nheld; i++)
        sfu_rx(b->sfu, b->held[i], b->now);
    (void)sfu_tick(b->sfu, b->now);
    while ((chain = sfu_take_out(b->sfu))) {
        stop_clock(b);
        note_chain(b, chain);
        if (!b->outlet)
            drop_chain(chain);
        start_clock(b);
        if (b->outlet)
            outlet_tx(b->outlet, chain, viewer_of, b->now);
    }
    r = b->outlet ? outlet_settle(b->outlet) : 0;
    if (r < 0)
        b->error = r;
    stop_clock(b);
    b->nheld = 0;
}

/* Consent, which client.c asks for when it is time, and feedback. */
static void tell(struct bench *b, struct end *e)
{
    if (b->now < e->tell_due)
        return;
    e->tell_due += TRANSPORT_PERIOD;
    client_tick(e->client, b->now);
    transport_tell(&e->transport, e->client, b->now);
}

static void run(struct bench *b, usec length)
{
    usec end = b->now + length;

    b->is_held = true;
    for (; b->now < end; b->now += 1000) {
        for (unsigned i = 0; i < b->npublishers; i++)
            source_tick(&b->ends[i]->source, b->now);
        for (unsigned i = 0; i < b->nends; i++)
            tell(b, b->ends[i]);
        round_trip(b);
    }
    b->is_held = false;
}

/* Slots are filled, and key frames come often enough that every viewer has one. */
static void warm_up(struct bench *b)
{
    for (unsigned k = 0; k < 4; k++) {
        for (unsigned i = 0; i < b->npublishers; i++) {
            b->ends[i]->source.is_key_wanted = true;
            b->ends[i]->source.due = b->ends[i]->source.report_due = b->now + i * 7000;
        }
        run(b, USEC_S / 2);
    }
    b->out_packets = b->out_bytes = nallocs = 0;
    b->spent_ns = 0;
    for (unsigned i = 0; i < b->nends; i++)
        b->ends[i]->transport.told = 0;
    b->sent_before = b->outlet ? outlet_sent(b->outlet) : 0;
    b->dropped_before = b->outlet ? outlet_dropped(b->outlet) : 0;
}

static int bench_open(struct bench *b, unsigned viewers, unsigned publishers, bool is_audio)
{
    struct addr announce = addr_of(65000);
    struct sfu_conf c = {.announce = &announce, .nannounce = 1};
    struct arena *a = arena_new();
    int r = a ? pkt_pool_new(POOL, &b->pool) : ERR_MEM;

    b->now = USEC_S;
    b->npublishers = publishers;
    c.pool = b->pool;
    if (r == 0)
        r = client_kit_new(SRTP_NONE, &b->kit);
    if (r == 0)
        r = sfu_new(&c, &b->sfu);
    if (r == 0)
        r = sfu_room_new(b->sfu, 1, &b->room);
    for (unsigned i = 0; r == 0 && i < publishers + viewers; i++) {
        r = add_end(b, a, is_audio);
        if (r == 0)
            r = connect_end(b, i);
        arena_reset(a);
    }
    if (r == 0)
        sfu_room_stage(b->room, 1, b->now);
    arena_free(a);
    return r;
}

static void bench_close(struct bench *b)
{
    for (unsigned i = 0; i < b->nends; i++) {
        client_free(b->ends[i]->client);
        free(b->ends[i]);
    }
    sfu_free(b->sfu);
    outlet_free(b->outlet);
    client_kit_free(b->kit);
    free(b->sizes);
    pkt_pool_free(b->pool);
}

static void report(const struct bench *b, unsigned viewers, unsigned seconds)
{
    uint64_t packets = b->outlet ? outlet_sent(b->outlet) - b->sent_before : b->out_packets;
    double n = packets ? (double)packets : 1, made = b->out_packets ? (double)b->out_packets : 1;
    uint64_t feedbacks = 0;

    for (unsigned i = 0; i < b->nends; i++)
        feedbacks += b->ends[i]->transport.told;

    printf(
        "{\"viewers\":%u,\"publishers\":%u,\"suite\":%d,\"media_seconds\":%u,\"packets\":%" PRIu64
        ",\"ns_per_packet\":%.0f,\"mean_bytes\":%.0f,\"allocations\":%" PRIu64
        ",\"refused\":%" PRIu64 ",\"feedbacks\":%" PRIu64 "}\n",
        viewers, b->npublishers, (int)client_suite(b->ends[0]->client), seconds, packets,
        (double)b->spent_ns / n, (double)b->out_bytes / made, nallocs,
        b->outlet ? outlet_dropped(b->outlet) - b->dropped_before : 0, feedbacks);
}

int main(int argc, char **argv)
{
    static const struct option names[] = {{"sizes", 1, NULL, 'f'},
                                          {"viewers", 1, NULL, 'n'},
                                          {"publishers", 1, NULL, 'm'},
                                          {"seconds", 1, NULL, 't'},
                                          {"audio", 0, NULL, 'a'},
                                          {"way", 1, NULL, 'w'},
                                          {0}};
    static struct bench b;
    unsigned viewers = 300, publishers = 1, seconds = 20;
    const char *sizes = NULL;
    enum outlet_way way = OUTLET_NONE;
    bool is_audio = false;
    int c, r;

    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (c) {
        case 'f':
            sizes = optarg;
            break;
        case 'n':
            viewers = (unsigned)atoi(optarg);
            break;
        case 'm':
            publishers = (unsigned)atoi(optarg);
            break;
        case 't':
            seconds = (unsigned)atoi(optarg);
            break;
        case 'a':
            is_audio = true;
            break;
        case 'w':
            if (outlet_way_parse(optarg, &way) == 0)
                break;
            return 2;
        default:
            return 2;
        }
    }
    if (!sizes || !publishers || publishers > OFFER_LINES || viewers + publishers > MAX_ENDS) {
        fputs("forward --sizes FILE [--viewers N] [--publishers M] [--audio] [--seconds S]\n"
              "        [--way none|udp|ice-tcp|turn-tls]\n",
              stderr);
        return 2;
    }
    r = sizes_read(sizes, &b.sizes);
    if (r == 0)
        r = bench_open(&b, viewers, publishers, is_audio);
    if (r == 0 && way != OUTLET_NONE)
        r = outlet_new(way, b.pool, viewers, &b.outlet);
    if (r == 0) {
        first_viewer = publishers;
        warm_up(&b);
        run(&b, seconds * USEC_S);
        r = b.error;
    }
    if (r == 0) {
        report(&b, viewers, seconds);
    } else {
        fprintf(stderr, "forward: %s (%u ends)\n", err_text(r), b.nends);
    }
    bench_close(&b);
    return r < 0;
}
