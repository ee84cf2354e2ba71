#include "live/live.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/pkt.h"
#include "base/str.h"
#include "domain/memory.h"
#include "domain/slides.h"
#include "live/live_i.h"
#include "live/room.h"
#include "live/ways.h"
#include "live/whip.h"
#include "media/channel.h"
#include "media/sfu.h"
#include "media/turn.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/ws.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/*
 * One round of the media thread (net/loop.h):
 *
 *   messages (connections, WHIP) → datagrams → control messages → timers → on_round: rooms, sfu,
 * send
 *
 * POOL_PACKETS: what is kept for retransmission in every track, and one batch on its way:
 *   about 640 a camera with its microphone, so a hundred cameras; 110 MB when all are in use, and
 * pages never touched cost nothing.
 */
enum { POOL_PACKETS = 65536, ANNOUNCED = 8, STOP_ROUNDS = 20 };

struct present {
    _Atomic int64_t seminar_id;
    _Atomic unsigned n;
};

struct live {
    struct loop *loop;
    struct loop_timer timer;
    struct ways *ways;
    struct pkt_pool *pool;
    struct sfu *sfu;
    struct arena *arena;
    struct room_env env;
    struct record_port record;
    struct addr announce[ANNOUNCED];
    size_t nannounce;
    struct room *rooms[MAX_ROOMS];
    unsigned nrooms;
    struct present present[MAX_ROOMS];
    pthread_t thread;
    bool is_running;
};

/* The slides of one seminar on their way to its room. */
struct decks {
    struct msg msg;
    struct live *live;
    int64_t seminar_id;
    struct room_deck deck[MAX_DECKS];
    size_t n;
};

/* The live of this process: see live_i.h. */
static _Atomic(struct live *) the_live;

/* ---- rooms ---- */

struct room *const *live_rooms(const struct live *l, unsigned *ret_n)
{
    *ret_n = l->nrooms;
    return l->rooms;
}

static struct room *room_by_id(const struct live *l, int64_t id)
{
    for (unsigned i = 0; i < l->nrooms; i++) {
        if (room_id(l->rooms[i]) == id)
            return l->rooms[i];
    }
    return NULL;
}

static struct room *room_by_slug(const struct live *l, str slug)
{
    for (unsigned i = 0; i < l->nrooms; i++) {
        if (str_eq(room_slug(l->rooms[i]), slug))
            return l->rooms[i];
    }
    return NULL;
}

static int open_room(struct live *l, const struct room_who *who, const struct decks *decks,
                     usec now, struct room **ret_room)
{
    struct room *r = room_by_id(l, who->seminar_id);
    int e = 0;

    if (!r) {
        if (l->nrooms == MAX_ROOMS)
            return ERR_FULL;
        e = room_new(&l->env, who, now, &r);
        if (e < 0)
            return e;
        room_decks_set(r, decks->deck, decks->n);
        l->rooms[l->nrooms++] = r;
        log_info("live", "room_open", "seminar=%lld", (long long)who->seminar_id);
    }
    *ret_room = r;
    return 0;
}

/* Rooms and the numbers that web threads see stand at the same place of two arrays. */
static void publish_present(struct live *l)
{
    for (unsigned i = 0; i < MAX_ROOMS; i++) {
        struct room *r = i < l->nrooms ? l->rooms[i] : NULL;

        atomic_store_explicit(&l->present[i].seminar_id, r ? room_id(r) : 0, memory_order_relaxed);
        atomic_store_explicit(&l->present[i].n, r ? room_present(r) : 0, memory_order_relaxed);
    }
}

unsigned live_present(struct live *l, int64_t seminar_id)
{
    for (unsigned i = 0; i < MAX_ROOMS; i++) {
        if (atomic_load_explicit(&l->present[i].seminar_id, memory_order_relaxed) == seminar_id)
            return atomic_load_explicit(&l->present[i].n, memory_order_relaxed);
    }
    return 0;
}

/* Our TURN end answers only by the ways that some room on air allows. */
static void open_ways_of_rooms(struct live *l)
{
    unsigned ways = 0;

    for (unsigned i = 0; i < l->nrooms; i++)
        ways |= room_ways(l->rooms[i]);
    turn_set_ways(ways_turn(l->ways), ways);
}

static usec tick_rooms(struct live *l, usec now)
{
    usec next = now + USEC_S, at;

    for (unsigned i = 0; i < l->nrooms;) {
        at = room_tick(l->rooms[i], now);
        next = at < next ? at : next;
        if (!room_is_empty(l->rooms[i])) {
            i++;
            continue;
        }
        log_info("live", "room_close", "seminar=%lld", (long long)room_id(l->rooms[i]));
        room_free(l->rooms[i], now);
        l->rooms[i] = l->rooms[--l->nrooms];
    }
    return next;
}

/* ---- control connections ---- */

/* Between net and the room: either side may end first. */
struct wire {
    struct live *live;
    struct ws *ws;
    struct client *client; /* NULL: the room has let go */
};

static void on_text(struct ws *ws, str message, void *ctx)
{
    struct wire *w = ctx;

    (void)ws;
    if (!w->client)
        return;
    arena_reset(w->live->arena);
    room_rx(w->client, message, loop_now(w->live->loop));
}

static void on_closed(struct ws *ws, int code, void *ctx)
{
    struct wire *w = ctx;

    (void)ws;
    (void)code;
    if (w->client)
        room_lost(w->client, loop_now(w->live->loop));
    free(w);
}

static const struct ws_events ws_events = {.text = on_text, .closed = on_closed};

static void wire_send(void *wire, str text)
{
    struct wire *w = wire;

    (void)ws_send(w->ws, text); /* a full one is being closed, and on_closed follows */
}

static void wire_shut(void *wire, int code, const char *reason)
{
    struct wire *w = wire;

    w->client = NULL;
    ws_close(w->ws, code, str_c(reason));
}

/* A connection on its way from a web thread. */
struct joining {
    struct msg msg;
    struct live *live;
    struct ws_handover handover;
    struct room_who who;
    struct memory *memory;
    struct decks decks;
    char slug[64], name[MAX_SHOWN_BYTES * 2], organisation[MAX_SHOWN_BYTES * 2];
    char lang_text[SFU_CHANNELS][16];
    str lang[SFU_CHANNELS];
};

static void joining_free(struct joining *j)
{
    if (j)
        memory_free(j->memory);
    free(j);
}

static void run_join(struct msg *m, void *ctx)
{
    struct joining *j = ctx;
    struct live *l = j->live;
    usec now = loop_now(l->loop);
    struct wire *w = calloc(1, sizeof *w);
    struct room *r;

    (void)m;
    if (!w) {
        ws_refuse(&j->handover);
        goto out;
    }
    w->live = l;
    if (ws_open(l->loop, &j->handover, &ws_events, w, &w->ws) < 0) {
        free(w);
        goto out;
    }
    if (open_room(l, &j->who, &j->decks, now, &r) < 0)
        wire_shut(w, CLOSE_FULL, "full");
    else
        (void)room_join(r, &j->who, w, now, &w->client); /* refused: the wire is shut already */
out:
    joining_free(j);
}

static str keep(char *to, size_t size, str s)
{
    size_t n = s.n < size - 1 ? s.n : size - 1;

    if (n)
        memcpy(to, s.p, n);
    to[n] = 0;
    return (str){to, n};
}

static void fill_decks(struct decks *to, const struct deck_list *ready)
{
    for (size_t i = 0; ready && i < ready->n && to->n < MAX_DECKS; i++) {
        struct room_deck *d = &to->deck[to->n];

        d->id = ready->row[i].id;
        d->nslides = ready->row[i].nslides;
        if (ready->row[i].state == DECK_READY)
            to->n += str_copy(d->name, sizeof d->name, ready->row[i].name) == 0;
    }
}

void live_connect(struct live *l, struct exchange *x, const struct live_join *who)
{
    struct joining *j = calloc(1, sizeof *j);

    if (!j) {
        http_text(x, 503, S("text/plain; charset=utf-8"), S("The room is full.\n"));
        return;
    }
    if (who->memory)
        j->memory = memory_copy(who->memory);
    fill_decks(&j->decks, who->decks);
    if (ws_accept(x, &j->handover) < 0) {
        joining_free(j);
        return;
    }
    j->live = l;
    j->who = (struct room_who){
        .seminar_id = who->seminar_id,
        .person_id = who->person_id,
        .role = who->role,
        .state = who->state,
        .policy = who->policy,
        .stage = who->stage,
        .memory = j->memory,
        .slug = keep(j->slug, sizeof j->slug, who->slug),
        .name = keep(j->name, sizeof j->name, who->name),
        .organisation = keep(j->organisation, sizeof j->organisation, who->organisation)};
    j->who.lang = j->lang;
    for (; j->who.nlangs < who->nlangs && j->who.nlangs < SFU_CHANNELS; j->who.nlangs++)
        j->lang[j->who.nlangs] = keep(j->lang_text[j->who.nlangs], sizeof j->lang_text[0],
                                      who->langs[j->who.nlangs]);
    j->msg = (struct msg){.run = run_join, .ctx = j};
    if (loop_post(l->loop, &j->msg) < 0) {
        ws_refuse(&j->handover);
        joining_free(j);
    }
}

static void run_decks(struct msg *m, void *ctx)
{
    struct decks *d = ctx;
    struct room *r = room_by_id(d->live, d->seminar_id);

    (void)m;
    if (r)
        room_decks_set(r, d->deck, d->n);
    free(d);
}

void live_decks(struct live *l, int64_t seminar_id, const struct deck_list *ready)
{
    struct decks *d = calloc(1, sizeof *d);

    if (!d)
        return;
    d->live = l;
    d->seminar_id = seminar_id;
    fill_decks(d, ready);
    d->msg = (struct msg){.run = run_decks, .ctx = d};
    if (loop_post(l->loop, &d->msg) < 0) {
        log_warn("live", "decks", "seminar=%lld error=busy", (long long)seminar_id);
        free(d);
    }
}

/* ---- streams that speak no HTTP, and where they arrive ---- */

struct arrival {
    struct msg msg;
    struct live *live;
    struct server_raw raw;
};

static void run_take(struct msg *m, void *ctx)
{
    struct arrival *a = ctx;

    (void)m;
    ways_take(a->live->ways, &a->raw, loop_now(a->live->loop));
    free(a);
}

void live_take(struct live *l, const struct server_raw *raw)
{
    struct arrival *a = calloc(1, sizeof *a);

    if (!a) {
        server_raw_refuse(raw);
        return;
    }
    *a = (struct arrival){.msg = {.run = run_take, .ctx = a}, .live = l, .raw = *raw};
    if (loop_post(l->loop, &a->msg) < 0) {
        server_raw_refuse(raw);
        free(a);
    }
}

struct port {
    struct msg msg;
    struct live *live;
    uint16_t tcp;
};

static void run_port(struct msg *m, void *ctx)
{
    struct port *p = ctx;

    (void)m;
    sfu_announce_tcp(p->live->sfu, p->tcp);
    free(p);
}

int live_announce_tcp(struct live *l, uint16_t port)
{
    struct port *p = calloc(1, sizeof *p);

    if (!p)
        return ERR_MEM;
    *p = (struct port){.msg = {.run = run_port, .ctx = p}, .live = l, .tcp = port};
    if (loop_post(l->loop, &p->msg) < 0) {
        free(p);
        return ERR_FULL;
    }
    return 0;
}

/* ---- WHIP, WHEP and diagnosis: the exchange itself travels ---- */

static void run_answer(struct msg *m, void *ctx)
{
    (void)m;
    http_finish(ctx);
}

static void send_back(struct exchange *x)
{
    x->msg.run = run_answer;
    x->msg.ctx = x;
    loop_answer(x->loop, &x->msg);
}

static void run_whip(struct msg *m, void *ctx)
{
    struct live *l = atomic_load(&the_live);
    struct exchange *x = ctx;
    const struct whip_task *t = x->state;

    (void)m;
    whip_run(x, t, room_by_slug(l, t->slug), loop_now(l->loop));
    send_back(x);
}

/* A full queue is answered by the same way back, so a deferred exchange has one end only. */
static int submit(struct live *l, struct exchange *x, msg_fn *run)
{
    if (!l)
        return ERR_CLOSED;
    x->msg = (struct msg){.run = run, .ctx = x};
    http_defer(x);
    if (loop_post(l->loop, &x->msg) < 0) {
        http_text(x, 503, S("application/problem+json"),
                  S("{\"title\":\"busy, try again\",\"status\":503,\"code\":\"busy\"}\n"));
        send_back(x);
    }
    return 0;
}

int live_submit(struct exchange *x, struct whip_task *t)
{
    x->state = t;
    return submit(atomic_load(&the_live), x, run_whip);
}

static void run_debug(struct msg *m, void *ctx)
{
    struct live *l = atomic_load(&the_live);
    struct exchange *x = ctx;
    struct sb b = sb_init(x->arena, 0);
    const char *name;

    (void)m;
    for (unsigned i = 0; i < l->nrooms; i++)
        room_print(l->rooms[i], &b);
    sfu_print(l->sfu, &b);
    ways_print(l->ways, &b);
    sb_c(&b, "media thread: ");
    loop_print(l->loop, &b);
    for (unsigned i = 0; (name = sfu_drop_name(i)) != NULL; i++) {
        if (sfu_drops(l->sfu, i))
            sb_printf(&b, "drop %s %llu\n", name, (unsigned long long)sfu_drops(l->sfu, i));
    }
    http_text(x, 200, S("text/plain; charset=utf-8"), sb_str(&b));
    send_back(x);
}

void live_debug(struct live *l, struct exchange *x)
{
    if (submit(l, x, run_debug) < 0)
        http_text(x, 503, S("text/plain; charset=utf-8"), S("The media thread is busy.\n"));
}

const struct route *live_routes(size_t *ret_n)
{
    *ret_n = nwhip_routes;
    return whip_routes;
}

/* ---- the thread ---- */

static void send_out(struct live *l, usec now)
{
    struct pkt *chain;

    do {
        chain = sfu_take_out(l->sfu);
        ways_tx(l->ways, chain, now);
    } while (chain);
}

static void on_round(usec now, void *ctx)
{
    struct live *l = ctx;
    usec rooms, media;

    l->env.wall_offset = clock_wall() - clock_mono();
    send_out(l, now); /* what has come leaves first */
    media = sfu_tick(l->sfu, now);
    rooms = tick_rooms(l, now);
    send_out(l, now);
    publish_present(l);
    open_ways_of_rooms(l);
    loop_timer_set(l->loop, &l->timer, media < rooms ? media : rooms);
}

/* The work is done by on_round, which follows every timer. */
static void on_timer(usec now, void *ctx)
{
    (void)now;
    (void)ctx;
}

static void *media_main(void *ctx)
{
    struct live *l = ctx;
    usec now;

    loop_run(l->loop);
    now = clock_mono();
    for (unsigned i = 0; i < l->nrooms; i++)
        room_free(l->rooms[i], now);
    l->nrooms = 0;
    for (int i = 0; i < STOP_ROUNDS; i++) /* the close frames go out */
        loop_once(l->loop, 10 * USEC_MS);
    return NULL;
}

static int open_ways(struct live *l, const struct live_conf *c)
{
    const struct ways_conf conf = {
        .loop = l->loop, .pool = l->pool, .bind_to = c->bind_to, .is_self_only = c->is_self_only};
    int e = ways_new(&conf, &l->ways);

    if (e < 0)
        return e;
    l->nannounce = c->nannounce < ANNOUNCED ? c->nannounce : ANNOUNCED;
    for (size_t i = 0; i < l->nannounce; i++) {
        l->announce[i] = c->announce[i];
        if (l->announce[i].port == 0)
            l->announce[i].port = ways_udp_port(l->ways);
    }
    return 0;
}

static int open_sfu(struct live *l, const struct live_conf *c)
{
    struct sfu_conf conf = {.events = &live_events,
                            .ctx = l,
                            .pool = l->pool,
                            .announce = l->announce,
                            .nannounce = l->nannounce};
    int e = sfu_new(&conf, &l->sfu);

    ways_set_sfu(l->ways, l->sfu);
    l->env = (struct room_env){.sfu = l->sfu,
                               .turn = ways_turn(l->ways),
                               .udp_port = ways_udp_port(l->ways),
                               .has_tls = c->has_tls,
                               .record = &l->record,
                               .arena = l->arena,
                               .send = wire_send,
                               .shut = wire_shut,
                               .wall_offset = clock_wall() - clock_mono()};
    return e;
}

int live_new(const struct live_conf *c, struct live **ret_live)
{
    struct live *l = calloc(1, sizeof *l);
    int e = ERR_MEM;

    if (!l)
        return e;
    l->record = c->record;
    l->timer = (struct loop_timer){.run = on_timer, .ctx = l};
    l->arena = arena_new();
    if (!l->arena)
        goto out;
    e = loop_new(&l->loop);
    if (e == 0)
        e = pkt_pool_new(POOL_PACKETS, &l->pool);
    if (e == 0)
        e = open_ways(l, c);
    if (e == 0)
        e = open_sfu(l, c);
    if (e < 0)
        goto out;
    loop_on_round(l->loop, on_round, l);
    loop_timer_set(l->loop, &l->timer, clock_mono());
    atomic_store(&the_live, l);
    if (pthread_create(&l->thread, NULL, media_main, l) != 0) {
        e = ERR_MEM;
        goto out;
    }
    l->is_running = true;
    *ret_live = l;
    l = NULL;
out:
    live_free(l);
    return e;
}

uint16_t live_udp_port(const struct live *l)
{
    return ways_udp_port(l->ways);
}

void live_free(struct live *l)
{
    if (!l)
        return;
    if (l->is_running) {
        loop_stop(l->loop);
        pthread_join(l->thread, NULL);
    }
    if (atomic_load(&the_live) == l)
        atomic_store(&the_live, NULL);
    sfu_free(l->sfu);
    ways_free(l->ways);
    pkt_pool_free(l->pool);
    loop_free(l->loop);
    arena_free(l->arena);
    free(l);
}
