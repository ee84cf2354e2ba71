#include "live/wire.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/queue.h"
#include "base/str.h"
#include "domain/memory.h"
#include "domain/slides.h"
#include "live/board.h"
#include "live/hall.h"
#include "live/live.h"
#include "live/room.h"
#include "media/channel.h"
#include "net/http.h"
#include "net/ws.h"

#include <stdlib.h>
#include <string.h>

/* Between net and the room: either side may end first. */
struct wire {
    struct hall *hall;
    struct ws *ws;
    struct client *client; /* NULL: the room has let go */
};

static void on_text(struct ws *ws, str message, void *ctx)
{
    struct wire *w = ctx;

    (void)ws;
    if (!w->client)
        return;
    arena_reset(hall_arena(w->hall));
    room_rx(w->client, message, hall_now(w->hall));
}

static void on_closed(struct ws *ws, int code, void *ctx)
{
    struct wire *w = ctx;

    (void)ws;
    (void)code;
    if (w->client)
        room_lost(w->client, hall_now(w->hall));
    free(w);
}

static const struct ws_events ws_events = {.text = on_text, .closed = on_closed};

void wire_send(void *wire, str text)
{
    struct wire *w = wire;

    (void)ws_send(w->ws, text); /* a full one is being closed, and on_closed follows */
}

size_t wire_waiting(void *wire)
{
    const struct wire *w = wire;

    return ws_waiting(w->ws);
}

void wire_shut(void *wire, int code, const char *reason)
{
    struct wire *w = wire;

    w->client = NULL;
    ws_close(w->ws, code, str_c(reason));
}

/* A connection on its way from a web thread. */
struct joining {
    struct msg msg;
    struct hall *hall;
    struct seat *seat;
    struct ws_handover handover;
    struct room_who who;
    struct memory *memory;
    struct room_deck deck[MAX_DECKS];
    size_t ndecks;
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

/* The room is opened even when the connection has broken: it is empty then and closes by itself. */
static void run_join(struct msg *m, void *ctx)
{
    struct joining *j = ctx;
    struct hall *h = j->hall;
    struct wire *w = calloc(1, sizeof *w);
    struct room *room = NULL;
    int r = hall_open_room(h, j->seat, &j->who, j->deck, j->ndecks, &room);

    (void)m;
    if (!w) {
        ws_refuse(&j->handover);
        goto out;
    }
    w->hall = h;
    if (ws_open(hall_loop(h), &j->handover, &ws_events, w, &w->ws) < 0) {
        free(w);
        goto out;
    }
    if (r < 0)
        wire_shut(w, CLOSE_FULL, "full");
    else /* refused: the wire is shut already */
        (void)room_join(room, &j->who, w, hall_now(h), &w->client);
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

size_t wire_decks(struct room_deck *to, const struct deck_list *ready)
{
    size_t n = 0;

    for (size_t i = 0; ready && i < ready->n && n < MAX_DECKS; i++) {
        struct room_deck *d = &to[n];

        d->id = ready->row[i].id;
        d->nslides = ready->row[i].nslides;
        if (ready->row[i].state == DECK_READY)
            n += str_copy(d->name, sizeof d->name, ready->row[i].name) == 0;
    }
    return n;
}

static void fill(struct joining *j, const struct live_join *who)
{
    if (who->memory)
        j->memory = memory_copy(who->memory);
    j->ndecks = wire_decks(j->deck, who->decks);
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
}

static void answer_full(struct exchange *x)
{
    http_text(x, 503, S("text/plain; charset=utf-8"), S("The room is full.\n"));
}

void wire_connect(struct board *b, struct hall *const *all, struct exchange *x,
                  const struct live_join *who)
{
    struct joining *j = calloc(1, sizeof *j);

    if (!j) {
        answer_full(x);
        return;
    }
    fill(j, who);
    if (board_take(b, who->seminar_id, j->who.slug, &j->seat) < 0) {
        answer_full(x);
        joining_free(j);
        return;
    }
    if (ws_accept(x, &j->handover) < 0) {
        board_arrived(b, j->seat, false);
        joining_free(j);
        return;
    }
    j->hall = all[seat_hall(j->seat)];
    j->msg = (struct msg){.run = run_join, .ctx = j};
    if (hall_post(j->hall, &j->msg) < 0) {
        board_arrived(b, j->seat, false);
        ws_refuse(&j->handover);
        joining_free(j);
    }
}
