#include "live/hall.h"

#include "base/addr.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/pkt.h"
#include "base/queue.h"
#include "base/sb.h"
#include "base/str.h"
#include "live/board.h"
#include "live/live.h"
#include "live/room.h"
#include "live/street.h"
#include "live/ways.h"
#include "live/wire.h"
#include "media/sfu.h"
#include "media/stats.h"
#include "media/turn.h"
#include "net/loop.h"
#include "net/server.h"

#include <pthread.h>
#include <stdlib.h>

/*
 * One round of the thread (net/loop.h):
 *
 *   messages (connections, WHIP) → datagrams → control messages → timers → on_round: rooms, sfu,
 * send
 *
 * POOL_PACKETS: what is kept for retransmission in every track, and one batch on its way:
 *   about 640 a camera with its microphone, so a hundred cameras; 110 MB when all are in use, and
 * pages never touched cost nothing.
 */
enum { POOL_PACKETS = 65536, ANNOUNCED = 8, STOP_ROUNDS = 20 };

struct hall {
    struct hall_conf conf;
    struct record_port record;
    struct loop *loop;
    struct loop_timer timer;
    struct ways *ways;
    struct pkt_pool *pool;
    struct sfu *sfu;
    struct arena *arena;
    struct room_env env;
    struct addr announce[ANNOUNCED];
    size_t nannounce;
    struct room *rooms[MAX_ROOMS];
    struct seat *seats[MAX_ROOMS]; /* of the room at the same place */
    unsigned nrooms;
    pthread_t thread;
    bool is_running;
    bool is_over; /* the thread has ended: nothing is told any more */
};

/* ---- rooms ---- */

struct room *const *hall_rooms(const struct hall *h, unsigned *ret_n)
{
    *ret_n = h->nrooms;
    return h->rooms;
}

struct room *hall_room(const struct hall *h, int64_t seminar_id)
{
    for (unsigned i = 0; i < h->nrooms; i++) {
        if (room_id(h->rooms[i]) == seminar_id)
            return h->rooms[i];
    }
    return NULL;
}

struct room *hall_room_by_slug(const struct hall *h, str slug)
{
    for (unsigned i = 0; i < h->nrooms; i++) {
        if (str_eq(room_slug(h->rooms[i]), slug))
            return h->rooms[i];
    }
    return NULL;
}

static int make_room(struct hall *h, struct seat *seat, const struct room_who *who,
                     struct room **ret_room)
{
    int r = h->nrooms == MAX_ROOMS ? ERR_FULL : room_new(&h->env, who, hall_now(h), ret_room);

    if (r < 0)
        return r;
    h->seats[h->nrooms] = seat;
    h->rooms[h->nrooms++] = *ret_room;
    log_info("live", "room_open", "seminar=%lld hall=%u", (long long)who->seminar_id,
             h->conf.number);
    return 0;
}

int hall_open_room(struct hall *h, struct seat *seat, const struct room_who *who,
                   const struct room_deck *decks, size_t ndecks, struct room **ret_room)
{
    struct room *room = hall_room(h, who->seminar_id);
    int r = 0;

    if (!room) {
        r = make_room(h, seat, who, &room);
        if (r == 0)
            room_decks_set(room, decks, ndecks);
    }
    board_arrived(h->conf.board, seat, room != NULL);
    if (r == 0)
        *ret_room = room;
    return r;
}

static usec tick_rooms(struct hall *h, usec now)
{
    usec next = now + USEC_S, at;
    unsigned ways = 0;

    for (unsigned i = 0; i < h->nrooms;) {
        struct room *r = h->rooms[i];

        at = room_tick(r, now);
        next = at < next ? at : next;
        if (!room_is_empty(r)) {
            seat_set_present(h->seats[i++], room_present(r));
            ways |= room_ways(r);
            continue;
        }
        log_info("live", "room_close", "seminar=%lld", (long long)room_id(r));
        room_free(r, now);
        board_close(h->conf.board, h->seats[i]);
        h->rooms[i] = h->rooms[--h->nrooms];
        h->seats[i] = h->seats[h->nrooms];
    }
    board_ways_set(h->conf.board, h->conf.number, ways);
    return next;
}

/* ---- whose addresses they are ---- */

/*
 * An address is of the hall that was the first to hear a good check or request from there, as long
 * as it hears it: a check can be forged in the name of another's address. Who wants it, asks:
 *
 *     hall 1: a good check from X, which is of 0 ── WISH ──▶ hall 0: heard just now? silence
 *                                    all ◀── NO_MORE ──            it was not:
 *     hall 1: the next one ── MINE ──▶ all
 */
enum word { WORD_MINE, WORD_NO_MORE, WORD_WISH };

/* From one hall to another: rare, when an address comes or goes, and for a check that is amiss. */
struct notice {
    struct msg msg;
    struct hall *to;
    unsigned from;
    struct addr addr;
    enum word word;
};

static void run_notice(struct msg *m, void *ctx);

/* Without memory for the notice the address is found by name alone. */
static void tell_one(const struct hall *h, struct hall *to, const struct addr *a, enum word word)
{
    struct notice *n = malloc(sizeof(*n));

    if (!n)
        return;
    *n = (struct notice){.msg = {.run = run_notice, .ctx = n},
                         .to = to,
                         .from = h->conf.number,
                         .addr = *a,
                         .word = word};
    loop_answer(to->loop, &n->msg);
}

static void tell_all(const struct hall *h, const struct addr *a, enum word word)
{
    for (unsigned i = 0; i < h->conf.nall; i++)
        if (i != h->conf.number)
            tell_one(h, h->conf.all[i], a, word);
}

static bool is_mine(const struct hall *h, const struct addr *a)
{
    return street_owner(h->conf.street, h->conf.number, a) == (int)h->conf.number;
}

static bool is_heard(const struct hall *h, const struct addr *a)
{
    usec now = hall_now(h);

    return sfu_is_held(h->sfu, a, now) || turn_is_held(ways_turn(h->ways), a, now);
}

/* Whether it was not so before. */
static bool note(const struct hall *h, unsigned of, const struct addr *a, bool is_here)
{
    return street_note(h->conf.street, h->conf.number, of, a, is_here);
}

static void rx_notice(const struct hall *h, const struct notice *n)
{
    switch (n->word) {
    case WORD_MINE:
        /* both at once: the lower number keeps it, and says so again */
        if (h->conf.number < n->from && is_mine(h, &n->addr) && is_heard(h, &n->addr))
            tell_all(h, &n->addr, WORD_MINE);
        else
            note(h, n->from, &n->addr, true);
        break;
    case WORD_NO_MORE:
        note(h, n->from, &n->addr, false);
        break;
    case WORD_WISH:
        if (is_mine(h, &n->addr) && is_heard(h, &n->addr))
            break;
        note(h, h->conf.number, &n->addr, false);
        tell_all(h, &n->addr, WORD_NO_MORE);
        break;
    }
}

static void run_notice(struct msg *m, void *ctx)
{
    struct notice *n = ctx;

    (void)m;
    if (!n->to->is_over)
        rx_notice(n->to, n);
    free(n);
}

/* Of the sfu and of the end of TURN: what one of them lets go may still be the other's, as a
 * browser has both at one port of its own. */
static void on_here(const struct addr *a, bool is_here, void *ctx)
{
    const struct hall *h = ctx;

    if (h->is_over || addr_way(a) != ADDR_UDP)
        return;
    if (!is_here && (sfu_knows(h->sfu, a) || turn_relayed(ways_turn(h->ways), a)))
        return;
    if (note(h, h->conf.number, a, is_here))
        tell_all(h, a, is_here ? WORD_MINE : WORD_NO_MORE);
}

/* A good check has come from there: it is asked for when it is another's. */
static bool on_is_elsewhere(const struct addr *a, void *ctx)
{
    const struct hall *h = ctx;
    int owner = street_owner(h->conf.street, h->conf.number, a);

    if (owner < 0 || owner == (int)h->conf.number)
        return false;
    tell_one(h, h->conf.all[owner], a, WORD_WISH);
    return true;
}

static void on_foreign_stream(const struct server_raw *raw, int home, void *ctx)
{
    const struct hall *h = ctx;

    hall_take(h->conf.all[home], raw);
}

/* ---- messages ---- */

struct arrival {
    struct msg msg;
    struct hall *hall;
    struct server_raw raw;
};

static void run_take(struct msg *m, void *ctx)
{
    struct arrival *a = ctx;

    (void)m;
    ways_take(a->hall->ways, &a->raw, hall_now(a->hall));
    free(a);
}

void hall_take(struct hall *h, const struct server_raw *raw)
{
    struct arrival *a = calloc(1, sizeof *a);

    if (!a) {
        server_raw_refuse(raw);
        return;
    }
    *a = (struct arrival){.msg = {.run = run_take, .ctx = a}, .hall = h, .raw = *raw};
    if (hall_post(h, &a->msg) < 0) {
        server_raw_refuse(raw);
        free(a);
    }
}

int hall_post(struct hall *h, struct msg *m)
{
    return loop_post(h->loop, m);
}

void hall_announce_tcp(struct hall *h, uint16_t port)
{
    sfu_announce_tcp(h->sfu, port);
}

struct loop *hall_loop(const struct hall *h)
{
    return h->loop;
}

usec hall_now(const struct hall *h)
{
    return loop_now(h->loop);
}

struct arena *hall_arena(const struct hall *h)
{
    return h->arena;
}

uint16_t hall_udp_port(const struct hall *h)
{
    return ways_udp_port(h->ways);
}

void hall_print(const struct hall *h, struct sb *to)
{
    sb_printf(to, "hall %u\n", h->conf.number);
    for (unsigned i = 0; i < h->nrooms; i++)
        room_print(h->rooms[i], to);
    sfu_print(h->sfu, to);
    ways_print(h->ways, to);
    street_print(h->conf.street, h->conf.number, to);
    sb_c(to, "media thread: ");
    loop_print(h->loop, to);
}

/* ---- the thread ---- */

static void send_out(struct hall *h, usec now)
{
    struct pkt *chain;

    do {
        chain = sfu_take_out(h->sfu);
        ways_tx(h->ways, chain, now);
    } while (chain);
}

static void on_round(usec now, void *ctx)
{
    struct hall *h = ctx;
    usec rooms, media;

    h->env.wall_offset = clock_wall() - clock_mono();
    send_out(h, now); /* what has come leaves first */
    media = sfu_tick(h->sfu, now);
    rooms = tick_rooms(h, now);
    send_out(h, now);
    /* our TURN end answers only by the ways that some room on air allows, in whatever hall */
    turn_set_ways(ways_turn(h->ways), board_ways(h->conf.board));
    loop_timer_set(h->loop, &h->timer, media < rooms ? media : rooms);
}

/* The work is done by on_round, which follows every timer. */
static void on_timer(usec now, void *ctx)
{
    (void)now;
    (void)ctx;
}

static void close_rooms(struct hall *h)
{
    usec now = clock_mono();

    for (unsigned i = 0; i < h->nrooms; i++) {
        room_free(h->rooms[i], now);
        board_close(h->conf.board, h->seats[i]);
    }
    h->nrooms = 0;
}

static void *hall_main(void *ctx)
{
    struct hall *h = ctx;

    loop_run(h->loop);
    close_rooms(h);
    for (int i = 0; i < STOP_ROUNDS; i++) /* the close frames go out */
        loop_once(h->loop, 10 * USEC_MS);
    close_rooms(h); /* of whoever was still on the way */
    return NULL;
}

/* ---- life ---- */

static int open_ways(struct hall *h)
{
    const struct live_conf *c = h->conf.live;
    const struct hall *first = h->conf.number ? h->conf.all[0] : NULL;
    const struct ways_conf conf = {.loop = h->loop,
                                   .pool = h->pool,
                                   .bind_to = c->bind_to,
                                   .is_self_only = c->is_self_only,
                                   .is_gso_off = c->is_gso_off,
                                   .street = h->conf.nall > 1 ? h->conf.street : NULL,
                                   .hall = h->conf.number,
                                   .first = first ? first->ways : NULL,
                                   .here = on_here,
                                   .hand_over = on_foreign_stream,
                                   .ctx = h};
    int r = ways_new(&conf, &h->ways);

    if (r < 0)
        return r;
    h->nannounce = c->nannounce < ANNOUNCED ? c->nannounce : ANNOUNCED;
    for (size_t i = 0; i < h->nannounce; i++) {
        h->announce[i] = c->announce[i];
        if (h->announce[i].port == 0)
            h->announce[i].port = ways_udp_port(h->ways);
    }
    return 0;
}

static int open_sfu(struct hall *h)
{
    bool is_alone = h->conf.nall == 1;
    struct sfu_conf conf = {.events = &hall_events,
                            .ctx = h,
                            .pool = h->pool,
                            .announce = h->announce,
                            .nannounce = h->nannounce,
                            .mark = street_mark(h->conf.number),
                            .here = is_alone ? NULL : on_here,
                            .is_elsewhere = is_alone ? NULL : on_is_elsewhere,
                            .is_uneven = h->conf.live->is_gso_off}; /* it would pad for nothing */
    int r = sfu_new(&conf, &h->sfu);

    ways_set_sfu(h->ways, h->sfu);
    h->env = (struct room_env){.sfu = h->sfu,
                               .turn = ways_turn(h->ways),
                               .udp_port = ways_udp_port(h->ways),
                               .has_tls = h->conf.live->has_tls,
                               .record = &h->record,
                               .arena = h->arena,
                               .send = wire_send,
                               .waiting = wire_waiting,
                               .shut = wire_shut,
                               .wall_offset = clock_wall() - clock_mono()};
    return r;
}

int hall_new(const struct hall_conf *c, struct hall **ret_hall)
{
    struct hall *h = calloc(1, sizeof *h);
    int r = ERR_MEM;

    if (!h)
        return r;
    h->conf = *c;
    h->record = c->live->record;
    h->timer = (struct loop_timer){.run = on_timer, .ctx = h};
    h->arena = arena_new();
    if (!h->arena)
        goto out;
    r = loop_new(&h->loop);
    if (r == 0)
        r = pkt_pool_new(POOL_PACKETS, &h->pool);
    if (r == 0)
        r = open_ways(h);
    if (r == 0)
        r = open_sfu(h);
    if (r < 0)
        goto out;
    h->conf.live = NULL; /* the caller's */
    loop_on_round(h->loop, on_round, h);
    loop_timer_set(h->loop, &h->timer, clock_mono());
    *ret_hall = h;
    h = NULL;
out:
    hall_free(h);
    return r;
}

int hall_start(struct hall *h)
{
    if (pthread_create(&h->thread, NULL, hall_main, h) != 0)
        return ERR_MEM;
    h->is_running = true;
    return 0;
}

void hall_stop(struct hall *h)
{
    if (!h->is_running)
        return;
    loop_stop(h->loop);
    pthread_join(h->thread, NULL);
    h->is_running = false;
    h->is_over = true;
}

void hall_free(struct hall *h)
{
    if (!h)
        return;
    hall_stop(h);
    if (h->is_over)
        queue_run(loop_queue(h->loop)); /* what the other halls have said since */
    sfu_free(h->sfu);
    ways_free(h->ways);
    pkt_pool_free(h->pool);
    loop_free(h->loop);
    arena_free(h->arena);
    free(h);
}
