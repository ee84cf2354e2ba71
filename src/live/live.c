#include "live/live.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/sb.h"
#include "base/str.h"
#include "live/board.h"
#include "live/hall.h"
#include "live/live_i.h"
#include "live/room.h"
#include "live/street.h"
#include "live/whip.h"
#include "live/wire.h"
#include "net/http.h"
#include "net/loop.h"

#include <stdatomic.h>
#include <stdlib.h>

struct live {
    struct board *board;
    struct street *street;
    struct hall *halls[MAX_HALLS];
    unsigned nhalls;
};

/* The live of this process: see live_i.h. */
static _Atomic(struct live *) the_live;

unsigned live_present(struct live *l, int64_t seminar_id)
{
    return board_present(l->board, seminar_id);
}

void live_connect(struct live *l, struct exchange *x, const struct live_join *who)
{
    wire_connect(l->board, l->halls, x, who);
}

/* The slides of one seminar on their way to its room. */
struct decks {
    struct msg msg;
    const struct hall *hall;
    int64_t seminar_id;
    struct room_deck deck[MAX_DECKS];
    size_t n;
};

static void run_decks(struct msg *m, void *ctx)
{
    struct decks *d = ctx;
    struct room *r = hall_room(d->hall, d->seminar_id);

    (void)m;
    if (r)
        room_decks_set(r, d->deck, d->n);
    free(d);
}

void live_decks(struct live *l, int64_t seminar_id, const struct deck_list *ready)
{
    int hall = board_by_id(l->board, seminar_id);
    struct decks *d = hall < 0 ? NULL : calloc(1, sizeof *d);

    if (!d)
        return;
    d->hall = l->halls[hall];
    d->seminar_id = seminar_id;
    d->n = wire_decks(d->deck, ready);
    d->msg = (struct msg){.run = run_decks, .ctx = d};
    if (hall_post(l->halls[hall], &d->msg) < 0) {
        log_warn("live", "decks", "seminar=%lld error=busy", (long long)seminar_id);
        free(d);
    }
}

/* A person who is to leave a room, or all of this hall. */
struct expel {
    struct msg msg;
    const struct hall *hall;
    int64_t seminar_id, person_id;
    bool has_name;
    char name[MAX_SHOWN_BYTES + 1];
};

static void run_expel(struct msg *m, void *ctx)
{
    struct expel *e = ctx;
    usec now = hall_now(e->hall);
    unsigned n;
    struct room *const *rooms = hall_rooms(e->hall, &n);

    (void)m;
    for (unsigned i = 0; i < n; i++) {
        if (!e->seminar_id)
            room_forget(rooms[i], e->person_id, now);
        else if (room_id(rooms[i]) == e->seminar_id)
            room_expel(rooms[i], e->person_id, e->has_name ? str_c(e->name) : (str){0}, now);
    }
    free(e);
}

static void expel_from(struct live *l, int hall, int64_t seminar_id, int64_t person_id, str name)
{
    struct expel *e = calloc(1, sizeof *e);

    if (e) {
        e->hall = l->halls[hall];
        e->seminar_id = seminar_id;
        e->person_id = person_id;
        e->has_name = name.p != NULL;
        (void)str_copy(e->name, sizeof e->name, str_take_whole(name, MAX_SHOWN_BYTES));
        e->msg = (struct msg){.run = run_expel, .ctx = e};
    }
    if (!e || hall_post(l->halls[hall], &e->msg) < 0) {
        log_error("live", "expel", "seminar=%lld person=%lld error=busy", (long long)seminar_id,
                  (long long)person_id);
        free(e);
    }
}

void live_expel(struct live *l, int64_t seminar_id, int64_t person_id, str name)
{
    int hall = seminar_id ? board_by_id(l->board, seminar_id) : -1;

    if (hall >= 0)
        expel_from(l, hall, seminar_id, person_id, name);
    for (unsigned i = 0; !seminar_id && i < l->nhalls; i++)
        expel_from(l, (int)i, 0, person_id, name);
}

/* Whose it is, its first message says: the hall then hands it on. */
void live_take(struct live *l, const struct server_raw *raw)
{
    hall_take(l->halls[0], raw);
}

struct port {
    struct msg msg;
    struct hall *hall;
    uint16_t tcp;
};

static void run_port(struct msg *m, void *ctx)
{
    struct port *p = ctx;

    (void)m;
    hall_announce_tcp(p->hall, p->tcp);
    free(p);
}

int live_announce_tcp(struct live *l, uint16_t port)
{
    for (unsigned i = 0; i < l->nhalls; i++) {
        struct port *p = calloc(1, sizeof *p);

        if (!p)
            return ERR_MEM;
        *p = (struct port){.msg = {.run = run_port, .ctx = p}, .hall = l->halls[i], .tcp = port};
        if (hall_post(l->halls[i], &p->msg) < 0) {
            free(p);
            return ERR_FULL;
        }
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
    struct exchange *x = ctx;
    const struct whip_task *t = x->state;

    (void)m;
    whip_run(x, t, hall_room_by_slug(t->hall, t->slug), hall_now(t->hall));
    send_back(x);
}

/* A full queue is answered by the same way back, so a deferred exchange has one end only. */
static void submit(struct hall *h, struct exchange *x, msg_fn *run)
{
    x->msg = (struct msg){.run = run, .ctx = x};
    http_defer(x);
    if (hall_post(h, &x->msg) < 0) {
        http_text(x, 503, S("application/problem+json"),
                  S("{\"title\":\"busy, try again\",\"status\":503,\"code\":\"busy\"}\n"));
        send_back(x);
    }
}

/* To the hall of the room; when there is none, any hall says so. */
int live_submit(struct exchange *x, struct whip_task *t)
{
    struct live *l = atomic_load(&the_live);
    int hall;

    if (!l)
        return ERR_CLOSED;
    hall = board_by_slug(l->board, t->slug);
    t->hall = l->halls[hall < 0 ? 0 : hall];
    x->state = t;
    submit(t->hall, x, run_whip);
    return 0;
}

/* From hall to hall; each writes what it knows. */
struct tour {
    const struct live *live;
    unsigned at;
    struct sb text;
};

static void run_debug(struct msg *m, void *ctx)
{
    struct exchange *x = ctx;
    struct tour *t = x->state;

    hall_print(t->live->halls[t->at++], &t->text);
    if (t->at < t->live->nhalls && hall_post(t->live->halls[t->at], m) == 0)
        return;
    http_text(x, 200, S("text/plain; charset=utf-8"), sb_str(&t->text));
    send_back(x);
}

void live_debug(struct live *l, struct exchange *x)
{
    struct tour *t = arena_make(x->arena, struct tour);

    if (!t) {
        http_text(x, 503, S("text/plain; charset=utf-8"), S("out of memory\n"));
        return;
    }
    *t = (struct tour){.live = l, .text = sb_init(x->arena, 0)};
    x->state = t;
    submit(l->halls[0], x, run_debug);
}

const struct route *live_routes(size_t *ret_n)
{
    *ret_n = nwhip_routes;
    return whip_routes;
}

/* ---- life ---- */

static int open_halls(struct live *l, const struct live_conf *c)
{
    unsigned n = c->nhalls ? c->nhalls : 1;
    int r = 0;

    n = n < MAX_HALLS ? n : MAX_HALLS;
    r = board_new(n, &l->board);
    if (r == 0)
        r = street_new(n, &l->street);
    while (r == 0 && l->nhalls < n) {
        const struct hall_conf conf = {.live = c,
                                       .board = l->board,
                                       .street = l->street,
                                       .all = l->halls,
                                       .nall = n,
                                       .number = l->nhalls};

        r = hall_new(&conf, &l->halls[l->nhalls]);
        l->nhalls += r == 0;
    }
    for (unsigned i = 0; r == 0 && i < n; i++)
        r = hall_start(l->halls[i]);
    return r;
}

int live_new(const struct live_conf *c, struct live **ret_live)
{
    struct live *l = calloc(1, sizeof *l);
    int r;

    if (!l)
        return ERR_MEM;
    r = open_halls(l, c);
    if (r < 0)
        goto out;
    atomic_store(&the_live, l);
    *ret_live = l;
    l = NULL;
out:
    live_free(l);
    return r;
}

uint16_t live_udp_port(const struct live *l)
{
    return hall_udp_port(l->halls[0]);
}

void live_free(struct live *l)
{
    if (!l)
        return;
    for (unsigned i = 0; i < l->nhalls; i++)
        hall_stop(l->halls[i]);
    if (atomic_load(&the_live) == l)
        atomic_store(&the_live, NULL);
    for (unsigned i = l->nhalls; i > 0; i--) /* the socket that the others joined goes last */
        hall_free(l->halls[i - 1]);
    street_free(l->street);
    board_free(l->board);
    free(l);
}
