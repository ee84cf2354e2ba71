/*
 * The load generator: M publishers and N viewers as WebRTC endpoints against a server on this
 * machine, Kengesh (WHIP, WHEP) or Janus. Counts at the receivers, and prints one line of JSON.
 * Addresses of clients are 127.8.0.1 and up.
 *
 *   join publishers ─▶ join viewers ─▶ all connected ─▶ sources start
 *                                     ─▶ warm-up ─▶ window ─▶ result
 *
 * Delay: the wall clock that a publisher wrote into the payload, until the kernel put the packet
 * into our socket: both on one machine. Server's CPU and memory are read at the edges of
 * the window.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "call.h"
#include "client.h"
#include "hist.h"
#include "janus.h"
#include "offer.h"
#include "party.h"
#include "sizes.h"
#include "wire.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PARTIES = 4096, TICK = 5000, NAP = 1000, READS = 16, CONNECT_S = 30 };

struct options {
    const char *server, *where, *sizes;
    const char *room, *tokens; /* of a whole server: "/s/{slug}", a file of its `welcome` tokens */
    unsigned publishers, viewers, seconds, warm_s;
    bool is_audio;
    enum srtp_suite suite;
    int pid;
};

struct usage {
    double cpu_s, machine_s;
    uint64_t rss_kb;
};

struct load {
    struct options opt;
    struct sizes *sizes;
    struct client_kit *kit;
    struct wire *wire;
    struct janus *janus;
    struct party *parties[MAX_PARTIES]; /* publishers first; the place is the host */
    unsigned nparties;
    bool is_measuring;
    usec tick_due;
    struct hist delays;
    struct arena *arena; /* of the tokens */
    str tokens;          /* of those who have not joined yet, one a line */
};

/* ---- the server's process ---- */

static uint64_t read_rss(int pid)
{
    char path[64], line[256];
    uint64_t kb = 0;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/status", pid);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "VmRSS: %" SCNu64, &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

/* All threads', to the nanosecond: /proc counts in ticks of 10 ms, a tenth of what a small room
 * takes in five seconds. */
static double read_cpu(int pid)
{
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used))
        return 0;
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Of all processes, seconds of cores: everything in the first line of proc(5) stat but idle and
 * iowait. */
static double read_machine(void)
{
    unsigned long v[8] = {0};
    FILE *f = fopen("/proc/stat", "r");

    if (!f)
        return 0;
    if (fscanf(f, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
               &v[6], &v[7]) != 8)
        memset(v, 0, sizeof(v));
    fclose(f);
    return (double)(v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / (double)sysconf(_SC_CLK_TCK);
}

static struct usage read_usage(int pid)
{
    struct usage u = {.machine_s = read_machine()};

    if (pid) {
        u.cpu_s = read_cpu(pid);
        u.rss_kb = read_rss(pid);
    }
    return u;
}

/* ---- running ---- */

static usec tick(struct load *l, usec now)
{
    usec next = now + TICK;

    for (unsigned i = 0; i < l->opt.publishers && i < l->nparties; i++) {
        struct party *p = l->parties[i];

        party_tick(p, now);
        if (p->is_live && p->sources[0].due < next)
            next = p->sources[0].due;
    }
    /* before what a thousand viewers have to do: a stamp that waits for that is not the server's */
    wire_flush(l->wire);
    if (now >= l->tick_due) {
        for (unsigned i = l->opt.publishers; i < l->nparties; i++)
            party_tick(l->parties[i], now);
        l->tick_due = now + TICK;
    }
    wire_flush(l->wire);
    return next;
}

static unsigned receive(struct load *l, usec now)
{
    struct wire_packet packets[WIRE_BATCH];
    unsigned n = wire_rx(l->wire, packets);

    for (unsigned i = 0; i < n; i++)
        if (packets[i].host < l->nparties)
            party_rx(l->parties[packets[i].host], &packets[i], now,
                     l->is_measuring ? &l->delays : NULL);
    return n;
}

/*
 * Reads by the clock and not when woken: waking us would be billed to the server's send call, and
 * on a real line nobody wakes. Delays are not touched, because the kernel stamps what comes in.
 */
static void run_once(struct load *l)
{
    usec now = clock_mono(), next = tick(l, now);
    struct timespec wait = {0};

    now = clock_mono();
    if (next > now + NAP)
        next = now + NAP;
    if (next > now) {
        wait.tv_nsec = (next - now) * 1000;
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
    }
    now = clock_mono();
    for (unsigned i = 0; i < READS && receive(l, now) == WIRE_BATCH; i++)
        ;
}

static void run_for(struct load *l, usec length)
{
    usec end = clock_mono() + length;

    while (clock_mono() < end)
        run_once(l);
}

static unsigned connected(const struct load *l, unsigned from)
{
    unsigned n = 0;

    for (unsigned i = from; i < l->nparties; i++)
        n += party_is_connected(l->parties[i]);
    return n;
}

static int wait_connected(struct load *l)
{
    usec end = clock_mono() + CONNECT_S * USEC_S;

    while (connected(l, 0) < l->nparties) {
        if (clock_mono() > end)
            return ERR_TIMEOUT;
        run_once(l);
    }
    return 0;
}

/* ---- joining ---- */

static int join_whip(struct load *l, struct arena *a, str offer, str *ret_answer)
{
    bool is_up = l->nparties < l->opt.publishers;
    const char *path = is_up ? arena_printf(a, "/whip/%u", l->nparties + 1).p : "/whep";
    str token = {0};
    struct call c = {.where = l->opt.where,
                     .method = "POST",
                     .path = path,
                     .type = "application/sdp",
                     .body = offer};
    int r;

    if (l->opt.room) {
        c.path = path = arena_printf(a, "%s/%s", l->opt.room, is_up ? "whip" : "whep").p;
        if (!str_line(&l->tokens, &token))
            return ERR_NOT_FOUND;
        c.token = token;
    }
    r = call_http(a, &c);
    if (r < 0)
        return r;
    if (c.status != 201) {
        fprintf(stderr, "load: %s: %d %.*s\n", path, c.status, STR(c.reply));
        return ERR_CONFLICT;
    }
    *ret_answer = c.reply;
    return 0;
}

static int join_janus(struct load *l, struct arena *a, struct party *p, struct offer *o)
{
    bool is_up = l->nparties < l->opt.publishers;
    uint64_t handle;
    str theirs;
    int r;

    if (is_up)
        r = janus_publish(l->janus, a, l->nparties + 1, offer_write(a, o), &theirs);
    else
        r = janus_view(l->janus, a, l->opt.publishers, &theirs, &handle);
    if (r == 0)
        r = party_start(p, theirs);
    if (r == 0 && !is_up)
        r = janus_answer(l->janus, a, handle, offer_answer(a, theirs, &o->end));
    return r;
}

static int join(struct load *l, struct arena *a)
{
    bool is_up = l->nparties < l->opt.publishers;
    char ip[ADDR_TEXT];
    struct party *p;
    struct offer o;
    str answer;
    int r = party_new(l->kit, l->wire, l->nparties, &p);

    if (r < 0)
        return r;
    if (is_up)
        party_add_source(p, l->sizes, l->nparties * 37, clock_mono());
    party_offer(p, client_kit_fingerprint(l->kit), ip, &o);
    if (!is_up) {
        o.naudio = OFFER_AUDIOS;
        o.nvideo = OFFER_VIDEOS;
    } else {
        *(l->opt.is_audio ? &o.naudio : &o.nvideo) = 1;
    }
    if (l->janus) {
        r = join_janus(l, a, p, &o);
    } else {
        r = join_whip(l, a, offer_write(a, &o), &answer);
        if (r == 0)
            r = party_start(p, answer);
    }
    if (r < 0) {
        party_free(p);
        return r;
    }
    l->parties[l->nparties++] = p;
    return 0;
}

static int join_up_to(struct load *l, unsigned n)
{
    struct arena *a = arena_new();
    int r = a ? 0 : ERR_MEM;

    while (r == 0 && l->nparties < n) {
        r = join(l, a);
        if (r < 0)
            fprintf(stderr, "load: party %u cannot join: %s\n", l->nparties, err_text(r));
        run_for(l, 1000);
        arena_reset(a);
    }
    arena_free(a);
    return r < 0 ? r : wait_connected(l);
}

/* ---- measuring ---- */

static void start_sources(struct load *l)
{
    usec now = clock_mono();

    for (unsigned i = 0; i < l->opt.publishers; i++) {
        struct source *s = &l->parties[i]->sources[0];

        l->parties[i]->is_live = true;
        s->due = s->report_due = now + i * 7000; /* speakers do not speak in step */
    }
}

struct result {
    uint64_t packets, bytes, expected, refused, repeats, feedbacks, up;
    unsigned silent;
};

static struct result add_up(const struct load *l)
{
    struct result r = {0};

    for (unsigned i = 0; i < l->nparties; i++) {
        const struct party *p = l->parties[i];

        if (i < l->opt.publishers) {
            r.up += p->sources[0].packets;
            continue;
        }
        r.packets += p->packets;
        r.bytes += p->bytes;
        r.refused += p->refused;
        r.repeats += p->repeats;
        r.feedbacks += p->transport.told;
        r.expected += party_expected(p);
        r.silent += !p->packets;
    }
    return r;
}

static double own_cpu(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

struct cost {
    double seconds, server_s, own_s, others; /* others: cores that other processes kept busy */
    double rss_per_viewer;
};

static void print(const struct load *l, const struct result *r, const struct cost *c)
{
    uint64_t lost = r->expected > r->packets ? r->expected - r->packets : 0;

    printf("{\"server\":\"%s\",\"viewers\":%u,\"publishers\":%u,\"suite\":%d,\"seconds\":%.3f",
           l->opt.server, l->opt.viewers, l->opt.publishers,
           (int)client_suite(l->parties[l->nparties - 1]->client), c->seconds);
    printf(",\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"lost\":%" PRIu64
           ",\"refused\":%" PRIu64 ",\"silent\":%u,\"up\":%" PRIu64 ",\"overflows\":%" PRIu64,
           r->packets, r->bytes, lost, r->refused, r->silent, r->up, wire_overflows(l->wire));
    printf(",\"repeats\":%" PRIu64 ",\"feedbacks\":%" PRIu64, r->repeats, r->feedbacks);
    printf(",\"server_cpu_s\":%.4f,\"own_cpu_s\":%.2f,\"others_cores\":%.2f", c->server_s, c->own_s,
           c->others);
    printf(",\"packets_per_cpu_s\":%.0f,\"rss_per_viewer_kb\":%.1f",
           c->server_s > 0 ? (double)r->packets / c->server_s : 0, c->rss_per_viewer);
    printf(",\"delay_us\":{\"p50\":%.0f,\"p90\":%.0f,\"p99\":%.0f,\"max\":%.0f}}\n",
           (double)hist_at(&l->delays, 0.5) / 1e3, (double)hist_at(&l->delays, 0.9) / 1e3,
           (double)hist_at(&l->delays, 0.99) / 1e3, (double)l->delays.max / 1e3);
}

static int measure(struct load *l)
{
    struct usage empty, before, after;
    struct result begin, end;
    struct cost c;
    double own;
    usec from;
    int r = join_up_to(l, l->opt.publishers);

    if (r < 0)
        return r;
    run_for(l, USEC_S / 2); /* Janus knows a feed only a moment after its connection is up */
    empty = read_usage(l->opt.pid);
    r = join_up_to(l, l->opt.publishers + l->opt.viewers);
    if (r < 0)
        return r;
    start_sources(l);
    run_for(l, l->opt.warm_s * USEC_S);
    for (unsigned i = 0; i < l->nparties; i++)
        party_mark(l->parties[i]);
    begin = add_up(l);
    before = read_usage(l->opt.pid);
    own = own_cpu();
    from = clock_mono();
    l->is_measuring = true;
    run_for(l, l->opt.seconds * USEC_S);
    c.seconds = (double)(clock_mono() - from) / 1e6;
    c.own_s = own_cpu() - own;
    after = read_usage(l->opt.pid);
    end = add_up(l);
    end.up -= begin.up;
    end.feedbacks -= begin.feedbacks;
    c.server_s = after.cpu_s - before.cpu_s;
    c.others = (after.machine_s - before.machine_s - c.server_s - c.own_s) / c.seconds;
    c.rss_per_viewer =
        ((double)after.rss_kb - (double)empty.rss_kb) / (l->opt.viewers ? l->opt.viewers : 1);
    print(l, &end, &c);
    return 0;
}

/* ---- beginning and end ---- */

static void usage(void)
{
    fputs("load --server whip|janus --where 127.0.0.1:PORT --sizes FILE --viewers N [--publishers "
          "M] [--audio]\n"
          "     [--suite any|cm|gcm] [--seconds S] [--warm S] [--pid SERVER]\n"
          "     [--room /s/SLUG --tokens FILE]\n",
          stderr);
    exit(2);
}

static enum srtp_suite suite_of(const char *name)
{
    if (!strcmp(name, "cm"))
        return SRTP_AES_CM_128_HMAC_SHA1_80;
    return strcmp(name, "gcm") ? SRTP_NONE : SRTP_AEAD_AES_128_GCM;
}

static void read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {{"server", 1, NULL, 's'},
                                          {"where", 1, NULL, 'w'},
                                          {"sizes", 1, NULL, 'f'},
                                          {"viewers", 1, NULL, 'n'},
                                          {"publishers", 1, NULL, 'm'},
                                          {"audio", 0, NULL, 'a'},
                                          {"suite", 1, NULL, 'c'},
                                          {"seconds", 1, NULL, 't'},
                                          {"warm", 1, NULL, 'u'},
                                          {"pid", 1, NULL, 'p'},
                                          {"room", 1, NULL, 'r'},
                                          {"tokens", 1, NULL, 'k'},
                                          {0}};
    int c;

    *o = (struct options){.server = "whip", .publishers = 1, .seconds = 10, .warm_s = 3};
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (c) {
        case 's':
            o->server = optarg;
            break;
        case 'w':
            o->where = optarg;
            break;
        case 'f':
            o->sizes = optarg;
            break;
        case 'n':
            o->viewers = (unsigned)atoi(optarg);
            break;
        case 'm':
            o->publishers = (unsigned)atoi(optarg);
            break;
        case 'a':
            o->is_audio = true;
            break;
        case 'c':
            o->suite = suite_of(optarg);
            break;
        case 't':
            o->seconds = (unsigned)atoi(optarg);
            break;
        case 'u':
            o->warm_s = (unsigned)atoi(optarg);
            break;
        case 'r':
            o->room = optarg;
            break;
        case 'k':
            o->tokens = optarg;
            break;
        case 'p':
            o->pid = atoi(optarg);
            break;
        default:
            usage();
        }
    }
    if (!o->where || !o->sizes || !o->publishers || o->publishers + o->viewers > MAX_PARTIES)
        usage();
}

int main(int argc, char **argv)
{
    static struct load l;
    int r;

    read_options(argc, argv, &l.opt);
    r = sizes_read(l.opt.sizes, &l.sizes);
    l.arena = arena_new();
    if (r == 0 && l.opt.tokens)
        r = file_read(l.arena, l.opt.tokens, 1u << 20, &l.tokens);
    if (r == 0)
        r = client_kit_new(l.opt.suite, &l.kit);
    if (r == 0)
        r = wire_new(&l.wire);
    if (r == 0 && !strcmp(l.opt.server, "janus"))
        r = janus_new(l.opt.where, &l.janus);
    if (r == 0)
        r = measure(&l);
    if (r < 0)
        fprintf(stderr, "load: %s (%u of %u connected)\n", err_text(r), connected(&l, 0),
                l.nparties);
    for (unsigned i = 0; i < l.nparties; i++)
        party_free(l.parties[i]);
    janus_free(l.janus);
    wire_free(l.wire);
    client_kit_free(l.kit);
    free(l.sizes);
    arena_free(l.arena);
    return r < 0;
}
