#include "live/room.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "live/network.h"
#include "live/record_port.h"
#include "live/remember.h"
#include "live/room_i.h"

#include <stdlib.h>
#include <string.h>

/*
 *   a client:  joined ──hello──▶ open ──lost──▶ away ──60 s──▶ gone
 *                                 ▲              │
 *                                 └──── hello with resume (a new client takes the old one's place
 * over) a room:    practice ──go_live──▶ live ──end──▶ ended
 */

#define MAY_ALL_SPEAK (MAY_LISTEN | MAY_PUBLISH | MAY_CHAT)

/* What each role may do; `staged` comes on top while the person is on stage. A protected speaker
 * has a voice and no face. */
static const struct {
    bool is_backstage;
    unsigned may, staged;
} roles[] = {
    [0] = {false, MAY_LISTEN, 0},
    [ROLE_HOST] = {true, MAY_ALL_SPEAK | MAY_CAMERA | MAY_SLIDES | MAY_HOST, 0},
    [ROLE_COHOST] = {true, MAY_ALL_SPEAK | MAY_CAMERA | MAY_SLIDES | MAY_HOST, 0},
    [ROLE_SPEAKER] = {true, MAY_ALL_SPEAK | MAY_CAMERA | MAY_SLIDES | MAY_HAND, 0},
    [ROLE_INTERPRETER] = {true, MAY_ALL_SPEAK | MAY_HAND | MAY_INTERPRET, 0},
    [ROLE_CAPTIONER] = {true, MAY_LISTEN | MAY_CHAT, 0},
    [ROLE_PARTICIPANT] = {false, MAY_LISTEN | MAY_HAND | MAY_CHAT,
                          MAY_PUBLISH | MAY_CAMERA | MAY_SLIDES},
    [ROLE_OBSERVER] = {false, MAY_LISTEN, 0},
    [ROLE_PROTECTED] = {true, MAY_ALL_SPEAK | MAY_HAND, MAY_SLIDES},
};

static size_t role_row(const struct member *p)
{
    return p->role > 0 && (size_t)p->role < NELEM(roles) ? (size_t)p->role : 0;
}

bool room_is_waiting(const struct room *r, const struct member *p)
{
    return r->state == SEMINAR_PRACTICE && !roles[role_row(p)].is_backstage;
}

unsigned room_role_may(int role)
{
    const struct member p = {.role = role};

    return roles[role_row(&p)].may;
}

unsigned room_may(const struct room *r, const struct member *p)
{
    size_t row = role_row(p);

    if (room_is_waiting(r, p) || r->state == SEMINAR_ENDED)
        return 0;
    return roles[row].may | (r->stage == p->id ? roles[row].staged : 0);
}

usec room_wall(const struct room *r, usec now)
{
    return now + r->env->wall_offset;
}

/* Cut to size at a whole character. */
static void copy_shown(char to[static MAX_SHOWN_BYTES + 1], str s)
{
    s = str_take_whole(s, MAX_SHOWN_BYTES);
    if (s.n > 0)
        memcpy(to, s.p, s.n);
    to[s.n] = 0;
}

int room_new(const struct room_env *env, const struct room_who *first, usec now,
             struct room **ret_room)
{
    struct room *r = calloc(1, sizeof *r);
    int e;

    if (!r)
        return ERR_MEM;
    r->env = env;
    r->id = first->seminar_id;
    r->out = sb_init(NULL, 0);
    r->state = first->state == SEMINAR_LIVE ? SEMINAR_LIVE : SEMINAR_PRACTICE;
    if (first->state == SEMINAR_ENDED || first->state == SEMINAR_ARCHIVED)
        r->state = SEMINAR_ENDED;
    r->slow_at = now + ROOM_SLOW_US;
    r->seen_at = now + ROOM_SEEN_US;
    e = str_copy(r->slug, sizeof r->slug, first->slug);
    if (e < 0)
        goto out;
    e = sfu_room_new(env->sfu, r->id, &r->sfu_room);
    if (e < 0)
        goto out;
    booth_langs(r, first->lang, first->nlangs);
    e = remember_begin(r, first->memory);
    if (e < 0)
        goto out;
    r->stage = first->stage;
    r->wait_until = now + ROOM_KEEP_US;
    if (r->stage)
        sfu_room_stage(r->sfu_room, r->stage, now);
    *ret_room = r;
    r = NULL;
out:
    room_free(r, now);
    return e;
}

int64_t room_id(const struct room *r)
{
    return r->id;
}

str room_slug(const struct room *r)
{
    return str_c(r->slug);
}

unsigned room_ways(const struct room *r)
{
    return network_ways(r->policy);
}

bool room_is_empty(const struct room *r)
{
    return r->clients == NULL;
}

unsigned room_present(const struct room *r)
{
    unsigned n = 0;

    for (const struct member *p = r->people; p; p = p->next)
        n += !p->is_away;
    return n;
}

struct member *room_member(const struct room *r, int64_t id)
{
    for (struct member *p = r->people; p; p = p->next) {
        if (p->id == id)
            return p;
    }
    return NULL;
}

void room_dirty(struct room *r, struct member *p, usec now)
{
    if (p)
        p->is_dirty = true;
    if (r->flush_at == 0)
        r->flush_at = now + ROOM_FLUSH_US;
}

/* The order is told, and not the place: with it all others would be told anew. */
void room_hand_set(struct room *r, struct member *p, bool is_up, usec now)
{
    if ((p->hand != 0) == is_up)
        return;
    p->hand = is_up ? ++r->nhands : 0;
    room_dirty(r, p, now);
    remember(r, p);
}

/* ---- coming and going ---- */

/* The organiser may have changed it while the room was open. */
static void set_policy(struct room *r, int policy)
{
    r->policy = policy ? policy : NETWORK_OPEN;
    sfu_room_ways(r->sfu_room, network_ways(policy));
}

/*
 * A link that many have, or a page that opens without end, takes the places of its own person and
 * of nobody else. Those that have not said hello are counted by themselves, so that one which comes
 * back does not take the place that it is about to resume.
 */
static void make_place(struct room *r, int64_t person, bool has_greeted, usec now)
{
    struct client *first = NULL; /* to go: away, or else the oldest; the newest are met first */
    unsigned n = 0;

    for (struct client *c = r->clients; c; c = c->next) {
        if (c->who.person_id != person || (c->person != NULL) != has_greeted)
            continue;
        n++;
        if (!first || !c->wire || first->wire)
            first = c;
    }
    if (n >= MAX_ROOM_PERSON)
        room_drop(first, CLOSE_RESUMED, "opened elsewhere", now);
}

int room_join(struct room *r, const struct room_who *who, void *wire, usec now,
              struct client **ret_client)
{
    struct client *c;
    int close, e;

    if (who->state == SEMINAR_ENDED && r->state != SEMINAR_ENDED)
        room_end(r, who->person_id, now); /* the record was closed from the organiser's page */
    e = door_refuses(r, who, now, &close);
    if (e < 0) {
        r->env->shut(wire, close, "refused");
        return e;
    }
    make_place(r, who->person_id, false, now);
    c = calloc(1, sizeof *c);
    if (!c) {
        r->env->shut(wire, CLOSE_FULL, "refused");
        return ERR_MEM;
    }
    set_policy(r, who->policy);
    c->room = r;
    c->wire = wire;
    c->who = *who;
    c->who.slug = (str){0};
    copy_shown(c->name, who->name);
    copy_shown(c->org, who->organisation);
    c->who.name = str_c(c->name);
    c->who.organisation = str_c(c->org);
    c->joined_at = c->credit_at = now;
    c->credit_us = 40 * 100 * USEC_MS;
    for (int i = 0; i < CONTROL_VIDEO_SLOTS; i++)
        c->want[i] = -1;
    c->next = r->clients;
    r->clients = c;
    r->nclients++;
    *ret_client = c;
    return 0;
}

static void remove_person(struct room *r, struct member *p, usec now)
{
    struct member **at = &r->people;

    /* The stage of somebody who is gone could not be taken back, and would wait for them. */
    if (r->stage == p->id && r->state != SEMINAR_ENDED && !r->is_stopping)
        (void)room_stage_set(r, p->id, 0, now);
    room_hand_set(r, p, false, now);
    booth_gone(r, p, now);
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    roster_remove(r, p, now);
    free(p);
}

static void unlink_client(struct room *r, struct client *c)
{
    struct client **at = &r->clients;

    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    r->nclients--;
}

static void record_left(struct client *c, usec now)
{
    struct room *r = c->room;

    if (c->connection)
        r->env->record->left(r->env->record->ctx, r->id, c->connection, room_wall(r, now));
    c->connection = 0;
}

/* A person with no open connection is away. */
static void review_away(struct room *r, struct member *p, usec now)
{
    bool is_away = true;

    for (const struct client *c = r->clients; c; c = c->next) {
        if (c->person == p && c->wire)
            is_away = false;
    }
    if (is_away != p->is_away) {
        p->is_away = is_away;
        room_dirty(r, p, now);
        if (p->booth)
            booth_dirty(r, now);
    }
}

static void drop(struct room *r, struct client *c, int code, const char *reason, usec now)
{
    struct member *p = c->person;

    record_left(c, now);
    session_close(&c->session[SFU_UP], now);
    session_close(&c->session[SFU_DOWN], now);
    if (c->wire)
        r->env->shut(c->wire, code, reason);
    unlink_client(r, c);
    if (p && --p->nclients == 0)
        remove_person(r, p, now);
    else if (p)
        review_away(r, p, now);
    ct_wipe(c->token, sizeof c->token);
    ct_wipe(c->resume, sizeof c->resume);
    free(c);
}

void room_drop(struct client *c, int code, const char *reason, usec now)
{
    drop(c->room, c, code, reason, now);
}

void room_lost(struct client *c, usec now)
{
    c->wire = NULL;
    if (!c->person) {
        room_drop(c, 0, "", now);
        return;
    }
    record_left(c, now);
    c->keep_until = now + ROOM_KEEP_US;
    review_away(c->room, c->person, now);
}

static struct client *find_resumed(struct client *c, str resume)
{
    if (!resume.p || resume.n != ROOM_TOKEN)
        return NULL;
    for (struct client *d = c->room->clients; d; d = d->next) {
        if (d != c && d->person && d->who.person_id == c->who.person_id &&
            ct_str_equal(resume, str_c(d->resume)))
            return d;
    }
    return NULL;
}

/* c takes over d's place: token, sessions, wishes. */
static void take_place(struct client *c, struct client *d, usec now)
{
    memcpy(c->token, d->token, sizeof c->token);
    memcpy(c->resume, d->resume, sizeof c->resume);
    memcpy(c->session, d->session, sizeof c->session);
    memcpy(c->want, d->want, sizeof c->want);
    for (int role = SFU_UP; role <= SFU_DOWN; role++)
        if (c->session[role].peer) /* what was told while the line was broken went nowhere */
            sfu_peer_retell(c->session[role].peer, now);
    memset(d->session, 0, sizeof d->session);
    room_drop(d, CLOSE_RESUMED, "resumed", now);
}

/* The organiser gave another role while the person was here: what runs is asked for anew. */
static void change_role(struct room *r, struct member *p, usec now)
{
    unsigned may = room_may(r, p);

    if (!(may & MAY_INTERPRET)) {
        booth_gone(r, p, now);
        remember(r, p);
    }
    if (!(may & MAY_HAND))
        room_hand_set(r, p, false, now);
    if (!(may & MAY_PUBLISH) && r->stage == p->id)
        (void)room_stage_set(r, p->id, 0, now);
    p->has_mic = p->has_mic && (may & MAY_PUBLISH);
    p->has_camera = p->has_camera && (may & MAY_CAMERA);
    room_dirty(r, p, now);
    room_review(r, p, now);
}

static int enter(struct client *c, bool *ret_is_changed, usec now)
{
    struct room *r = c->room;
    struct member **at = &r->people, *p = room_member(r, c->who.person_id);

    if (!p) {
        p = calloc(1, sizeof *p);
        if (!p)
            return ERR_MEM;
        p->id = c->who.person_id;
        p->role = c->who.role;
        if (roster_add(r, p) < 0) {
            free(p);
            return ERR_FULL;
        }
        while (*at)
            at = &(*at)->next;
        *at = p;
        remember_person(r, p);
    }
    copy_shown(p->name, c->who.name);
    copy_shown(p->org, c->who.organisation);
    *ret_is_changed = p->role != c->who.role;
    p->role = c->who.role;
    p->is_away = false;
    p->nclients++;
    c->person = p;
    room_dirty(r, p, now);
    booth_back(r, p, now);
    return 0;
}

static int64_t new_connection(void)
{
    int64_t n = 0;

    while (n == 0)
        n = (int64_t)(random_u64() >> 1);
    return n;
}

void room_hello(struct client *c, const struct control *m, usec now)
{
    struct room *r = c->room;
    const struct record_port *record = r->env->record;
    struct client *resumed = find_resumed(c, m->resume);
    bool is_back = !resumed && remember_place(r, c->who.person_id, m->resume), is_changed = false;

    if (!resumed)
        make_place(r, c->who.person_id, true, now);
    if (enter(c, &is_changed, now) < 0) {
        room_drop(c, CLOSE_FULL, "full", now);
        return;
    }
    if (resumed) {
        take_place(c, resumed, now);
    } else {
        random_token(c->token, ROOM_TOKEN);
        random_token(c->resume, ROOM_TOKEN);
        record->place(record->ctx, r->id, c->person->id, str_c(c->resume));
    }
    if (is_changed)
        change_role(r, c->person, now);
    if (c->person->role == ROLE_PROTECTED)
        door_rename(r, c->person->id, str_c(c->person->name), c, now);
    c->connection = new_connection();
    record->joined(record->ctx, r->id, c->person->id, c->connection, room_wall(r, now));
    if (c->who.state == SEMINAR_PLANNED && r->state == SEMINAR_PRACTICE &&
        (room_may(r, c->person) & MAY_HOST))
        record->state(record->ctx, r->id, c->person->id, SEMINAR_PRACTICE, room_wall(r, now));
    /* Whose place was kept has the hand where the room has it: the host may have lowered it. */
    if (m->is_on && !resumed && !is_back && (room_may(r, c->person) & MAY_HAND))
        room_hand_set(r, c->person, true, now);
    tell_welcome(c, resumed || is_back, now);
    r->is_blind_due = true;
}

void room_rx(struct client *c, str message, usec now)
{
    act_rx(c, message, now);
}

struct client *room_by_token(struct room *r, str token)
{
    if (token.n != ROOM_TOKEN)
        return NULL;
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->person && ct_str_equal(token, str_c(c->token)))
            return c;
    }
    return NULL;
}

/* ---- what hosts do ---- */

void room_review(struct room *r, const struct member *p, usec now)
{
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->person != p)
            continue;
        session_review(c, now);
        tell_you(c);
    }
}

static void leave_stage(struct room *r, usec now)
{
    struct member *p = room_member(r, r->stage);

    r->stage = 0;
    if (!p)
        return;
    if (!(room_may(r, p) & MAY_PUBLISH)) {
        p->has_mic = p->has_camera = false;
        room_dirty(r, p, now);
    }
    room_review(r, p, now);
}

int room_stage_set(struct room *r, int64_t by, int64_t person, usec now)
{
    const struct record_port *record = r->env->record;
    struct member *p = room_member(r, person);
    size_t row;

    if (person != 0) {
        if (!p || room_is_waiting(r, p))
            return ERR_STATE;
        row = role_row(p);
        if (!((roles[row].may | roles[row].staged) & MAY_PUBLISH))
            return ERR_DENIED;
    }
    if (person == r->stage)
        return 0;
    leave_stage(r, now);
    r->stage = person;
    sfu_room_stage(r->sfu_room, person, now);
    tell_stage(r);
    r->is_blind_due = true;
    if (p) {
        room_hand_set(r, p, false, now);
        room_review(r, p, now);
    }
    record->stage(record->ctx, r->id, by, person, room_wall(r, now));
    return 0;
}

int room_go_live(struct room *r, int64_t by, usec now)
{
    const struct record_port *record = r->env->record;

    if (r->state != SEMINAR_PRACTICE)
        return ERR_STATE;
    r->state = SEMINAR_LIVE;
    /* The backstage wrote for itself alone; the record forgets it with the state. Numbers go on. */
    memset(r->chat, 0, sizeof(r->chat));
    record->state(record->ctx, r->id, by, SEMINAR_LIVE, room_wall(r, now));
    for (struct client *c = r->clients; c; c = c->next) {
        if (!c->person)
            continue;
        session_review(c, now);
        if (roles[role_row(c->person)].is_backstage)
            tell_state(c);
        else
            tell_welcome(c, true, now);
    }
    return 0;
}

void room_end(struct room *r, int64_t by, usec now)
{
    const struct record_port *record = r->env->record;

    if (r->state == SEMINAR_ENDED)
        return;
    r->state = SEMINAR_ENDED;
    record->state(record->ctx, r->id, by, SEMINAR_ENDED, room_wall(r, now));
    while (r->clients) {
        if (r->clients->person)
            tell_state(r->clients);
        drop(r, r->clients, CLOSE_ENDED, "ended", now);
    }
    record->closed(record->ctx, r->id, room_wall(r, now));
}

/* ---- time ---- */

static void flush(struct room *r, usec now)
{
    r->flush_at = 0;
    if (r->is_slots_dirty)
        tell_slots(r);
    r->is_slots_dirty = false;
    if (r->is_channels_dirty)
        tell_channels(r, now);
    r->is_channels_dirty = false;
    roster_flush(r, now);
}

static void record_seen(struct room *r, usec now)
{
    const struct record_port *record = r->env->record;
    int64_t open[MAX_ROOM_PEERS];
    size_t n = 0;

    for (const struct client *c = r->clients; c; c = c->next) {
        if (c->connection)
            open[n++] = c->connection;
    }
    if (n)
        record->seen(record->ctx, r->id, open, n, room_wall(r, now));
}

static void look_at_places(struct room *r, usec now)
{
    struct client *c, *next;

    for (c = r->clients; c; c = next) {
        next = c->next;
        if (!c->person && now - c->joined_at >= ROOM_HELLO_US)
            room_drop(c, CLOSE_SYNTAX, "no hello", now);
        else if (c->person && !c->wire && now >= c->keep_until)
            room_drop(c, 0, "", now);
    }
    if (now >= r->wait_until)
        remember_end_wait(r, now);
}

static usec soonest(usec a, usec b)
{
    return b && b < a ? b : a;
}

usec room_tick(struct room *r, usec now)
{
    usec booth_at;

    if (now >= r->slow_at) {
        look_at_places(r, now);
        sight_look(r);
        r->slow_at = now + ROOM_SLOW_US;
    }
    if (now >= r->seen_at) {
        record_seen(r, now);
        r->seen_at = now + ROOM_SEEN_US;
    }
    booth_at = booth_tick(r, now);
    if (r->flush_at && now >= r->flush_at)
        flush(r, now);
    if (r->feed_at && now >= r->feed_at)
        roster_tick(r, now);
    return soonest(soonest(soonest(r->slow_at, booth_at), r->flush_at), r->feed_at);
}

void room_stop(struct room *r, usec now)
{
    r->is_stopping = true;
    while (r->clients)
        drop(r, r->clients, CLOSE_RESTART, "restart", now);
}

/* ---- the sfu's events ---- */

void room_on_slot(struct room *r, usec now)
{
    r->is_slots_dirty = true;
    r->flush_at = now;
}

void room_on_channel(struct room *r, usec now)
{
    booth_dirty(r, now);
}

void room_on_speaker(struct room *r, int64_t person)
{
    if (person == r->speaker)
        return;
    r->speaker = person;
    tell_speaker(r);
}

void room_print(const struct room *r, struct sb *to)
{
    sb_printf(to, "room %s state=%s stage=%lld speaker=%lld clients=%u\n", r->slug,
              seminar_state_name(r->state), (long long)r->stage, (long long)r->speaker,
              r->nclients);
    for (const struct client *c = r->clients; c; c = c->next) {
        if (!c->person)
            continue;
        sb_printf(to, "  person=%lld role=%s %s up=%s down=%s hand=%llu\n",
                  (long long)c->person->id, role_name(c->person->role), c->wire ? "here" : "away",
                  c->session[SFU_UP].is_connected ? "connected"
                  : c->session[SFU_UP].peer       ? "connecting"
                                                  : "none",
                  c->session[SFU_DOWN].is_connected ? "connected"
                  : c->session[SFU_DOWN].peer       ? "connecting"
                                                    : "none",
                  (unsigned long long)c->person->hand);
    }
}

void room_free(struct room *r, usec now)
{
    if (!r)
        return;
    room_stop(r, now);
    sfu_room_free(r->sfu_room);
    memory_free(r->memory);
    sb_done(&r->out);
    free(r);
}
