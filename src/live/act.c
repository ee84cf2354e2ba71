/*
 * What a message of a page does: one row and one function per type. The row names the right that is
 * needed, so no function can forget to ask; hello is the only one that may come first.
 */
#include "live/room_i.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/seminar.h"
#include "live/record_port.h"
#include "live/remember.h"

#include <stdio.h>

typedef int act_fn(struct client *c, const struct control *m, usec now);

/* 40 at once, 10 a second in the long run: a page sends under 1 a second, a finger on the hand
 * button 5. */
#define CREDIT_COST_US (100 * USEC_MS)
#define CREDIT_MAX_US  (40 * CREDIT_COST_US)

static int act_ping(struct client *c, const struct control *m, usec now)
{
    (void)now;
    tell_pong(c, m->at);
    return 0;
}

static int act_hand(struct client *c, const struct control *m, usec now)
{
    room_hand_set(c->room, c->person, m->is_on, now);
    return 0;
}

static int act_chat(struct client *c, const struct control *m, usec now)
{
    struct room *r = c->room;
    struct memory_chat *to = &r->chat[r->nchat % MAX_CHAT_KEPT];

    to->number = ++r->nchat;
    to->person = c->person->id;
    to->at = room_wall(r, now);
    snprintf(to->name, sizeof to->name, "%s", c->person->name);
    snprintf(to->text, sizeof to->text, "%.*s", STR(m->text));
    tell_chat(r, to);
    r->env->record->chat(r->env->record->ctx, r->id, to);
    return 0;
}

static int act_media(struct client *c, const struct control *m, usec now)
{
    struct member *p = c->person;
    bool has_camera = m->has_camera && (room_may(c->room, p) & MAY_CAMERA);

    if (p->has_mic == m->has_mic && p->has_camera == has_camera)
        return 0;
    p->has_mic = m->has_mic;
    p->has_camera = has_camera;
    room_dirty(c->room, p, now);
    return 0;
}

static int act_want(struct client *c, const struct control *m, usec now)
{
    for (int i = 0; i < CONTROL_VIDEO_SLOTS; i++) {
        if (m->want[i] >= 0)
            c->want[i] = m->want[i];
    }
    session_want(c, now);
    return 0;
}

/* Words for the host: above 10 % loss speech breaks, above 3 % or half a second of round trip it is
 * felt. */
static int act_stats(struct client *c, const struct control *m, usec now)
{
    enum line line = LINE_GOOD;

    if (m->loss > 10)
        line = LINE_BAD;
    else if (m->loss > 3 || m->rtt > 500)
        line = LINE_POOR;
    if (line != c->person->line) {
        c->person->line = line;
        room_dirty(c->room, c->person, now);
    }
    return 0;
}

static int act_leave(struct client *c, const struct control *m, usec now)
{
    (void)m;
    room_drop(c, 1000, "left", now);
    return 0;
}

static int act_stage(struct client *c, const struct control *m, usec now)
{
    return room_stage_set(c->room, c->person->id, m->person, now);
}

static int act_lower(struct client *c, const struct control *m, usec now)
{
    struct member *p = room_member(c->room, m->person);

    if (!p)
        return ERR_NOT_FOUND;
    room_hand_set(c->room, p, false, now);
    return 0;
}

static int act_mute(struct client *c, const struct control *m, usec now)
{
    struct member *p = room_member(c->room, m->person);

    if (!p)
        return ERR_NOT_FOUND;
    if (p->is_muted == m->is_on)
        return 0;
    p->is_muted = m->is_on;
    remember(c->room, p);
    room_dirty(c->room, p, now);
    room_review(c->room, p, now);
    return 0;
}

static int act_remove(struct client *c, const struct control *m, usec now)
{
    struct room *r = c->room;
    struct client *d, *next;

    if (m->person == c->person->id)
        return ERR_STATE;
    if (!room_member(r, m->person))
        return ERR_NOT_FOUND;
    room_bar(r, m->person);
    remember_removed(r, m->person);
    for (d = r->clients; d; d = next) {
        next = d->next;
        if (d->who.person_id == m->person)
            room_drop(d, CLOSE_REMOVED, "removed", now);
    }
    return 0;
}

static int act_slide(struct client *c, const struct control *m, usec now)
{
    (void)now;
    return room_slide_set(c->room, c->person->id, m->deck, m->number);
}

static int act_lock(struct client *c, const struct control *m, usec now)
{
    (void)now;
    room_lock_set(c->room, m->is_on);
    return 0;
}

static int act_channel(struct client *c, const struct control *m, usec now)
{
    return booth_listen(c->room, c->person, m->lang, now);
}

static int act_booth(struct client *c, const struct control *m, usec now)
{
    return booth_set(c->room, c->person, m->lang, now);
}

static int act_handover(struct client *c, const struct control *m, usec now)
{
    return booth_handover(c->room, c->person, m->is_on, now);
}

static int act_signal(struct client *c, const struct control *m, usec now)
{
    return booth_signal(c->room, c->person, m->signal, now);
}

static int act_go_live(struct client *c, const struct control *m, usec now)
{
    (void)m;
    return room_go_live(c->room, c->person->id, now);
}

static int act_end(struct client *c, const struct control *m, usec now)
{
    (void)m;
    if (c->room->state != SEMINAR_LIVE)
        return ERR_STATE; /* a rehearsal that is over is no seminar that has ended */
    room_end(c->room, c->person->id, now);
    return 0;
}

static const struct {
    act_fn *act;
    unsigned may; /* all of these bits; 0: anybody who has said hello */
} acts[CONTROL_TYPES] = {
    [CONTROL_PING] = {act_ping, 0},
    [CONTROL_HAND] = {act_hand, MAY_HAND},
    [CONTROL_CHAT] = {act_chat, MAY_CHAT},
    [CONTROL_MEDIA] = {act_media, MAY_PUBLISH},
    [CONTROL_WANT] = {act_want, 0},
    [CONTROL_STATS] = {act_stats, 0},
    [CONTROL_LEAVE] = {act_leave, 0},
    [CONTROL_STAGE] = {act_stage, MAY_HOST},
    [CONTROL_LOWER] = {act_lower, MAY_HOST},
    [CONTROL_MUTE] = {act_mute, MAY_HOST},
    [CONTROL_REMOVE] = {act_remove, MAY_HOST},
    [CONTROL_SLIDE] = {act_slide, MAY_SLIDES},
    [CONTROL_LOCK] = {act_lock, MAY_HOST},
    [CONTROL_CHANNEL] = {act_channel, MAY_LISTEN},
    [CONTROL_BOOTH] = {act_booth, MAY_INTERPRET},
    [CONTROL_HANDOVER] = {act_handover, MAY_INTERPRET},
    [CONTROL_SIGNAL] = {act_signal, MAY_INTERPRET},
    [CONTROL_GO_LIVE] = {act_go_live, MAY_HOST},
    [CONTROL_END] = {act_end, MAY_HOST},
};

static bool take_credit(struct client *c, usec now)
{
    int64_t credit = c->credit_us + (now - c->credit_at);

    c->credit_us = credit > CREDIT_MAX_US ? CREDIT_MAX_US : credit;
    c->credit_at = now;
    if (c->credit_us < CREDIT_COST_US)
        return false;
    c->credit_us -= CREDIT_COST_US;
    return true;
}

void act_rx(struct client *c, str message, usec now)
{
    struct control m;
    int type = -1;
    int r = take_credit(c, now) ? control_parse(c->room->env->arena, message, &type, &m) : ERR_RATE;

    if (r == 0 && !c->person && m.type != CONTROL_HELLO)
        r = ERR_STATE;
    if (r == 0 && m.type == CONTROL_HELLO) {
        if (!c->person) {
            room_hello(c, &m, now);
            return;
        }
        r = ERR_STATE;
    }
    if (r == 0 && (room_may(c->room, c->person) & acts[m.type].may) != acts[m.type].may)
        r = ERR_DENIED;
    if (r == 0) {
        r = acts[m.type].act(c, &m, now);
        if (m.type == CONTROL_LEAVE || (m.type == CONTROL_END && r == 0))
            return; /* the client is gone */
    }
    if (r < 0)
        tell_error(c, r, type);
}
