/*
 * Who is let in, and who is sent out. The host bars a person until the seminar has ended
 * (CLOSE_REMOVED). The organiser's desk changes what lets a person in: then everything that came
 * in by the old link or role ends (CLOSE_EXPELLED), and nobody is barred, since the rightful person
 * and whoever found the old link have the same number.
 */
#include "live/door.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/seminar.h"
#include "live/record_port.h"
#include "live/remember.h"
#include "live/room_i.h"

#include <stdio.h>
#include <string.h>

static bool is_barred(const struct room *r, int64_t person)
{
    for (unsigned i = 0; i < r->nbarred; i++) {
        if (r->barred[i] == person)
            return true;
    }
    return false;
}

/* When the table is full the oldest row makes room: nobody removes 64 people from one seminar. */
void room_bar(struct room *r, int64_t person)
{
    if (r->nbarred == ROOM_BARRED)
        memmove(r->barred, r->barred + 1, (--r->nbarred) * sizeof r->barred[0]);
    r->barred[r->nbarred++] = person;
}

/* The host has shut the door: who has been inside may come back, and hosts may come in. */
static bool is_locked_out(const struct room *r, const struct room_who *who)
{
    return r->is_locked && !(room_role_may(who->role) & MAY_HOST) &&
           !remember_knows(r, who->person_id);
}

static bool is_expelled(const struct room *r, int64_t person, usec now)
{
    for (unsigned i = 0; i < MAX_ROOM_PEERS; i++) {
        if (r->expelled[i].person == person && now < r->expelled[i].until)
            return true;
    }
    return false;
}

int door_refuses(const struct room *r, const struct room_who *who, usec now, int *ret_close)
{
    if (is_barred(r, who->person_id)) {
        *ret_close = CLOSE_REMOVED;
        return ERR_DENIED;
    }
    if (r->state == SEMINAR_ENDED) {
        *ret_close = CLOSE_ENDED;
        return ERR_STATE;
    }
    if (is_expelled(r, who->person_id, now)) {
        *ret_close = CLOSE_EXPELLED;
        return ERR_DENIED;
    }
    if (is_locked_out(r, who)) {
        *ret_close = CLOSE_LOCKED;
        return ERR_DENIED;
    }
    if (r->nclients >= MAX_ROOM_PEERS) {
        *ret_close = CLOSE_FULL;
        return ERR_FULL;
    }
    return 0;
}

/* ---- what was said before ---- */

/* What has been shown already stands on the pages: they are told the whole anew. */
static void tell_anew(struct room *r, const struct client *but, usec now)
{
    for (struct client *c = r->clients; c; c = c->next) {
        if (c != but && c->person && !room_is_waiting(r, c->person))
            tell_welcome(c, true, now);
    }
}

void door_rename(struct room *r, int64_t person, str name, const struct client *but, usec now)
{
    bool is_changed = false;

    for (size_t i = 0; i < MAX_CHAT_KEPT; i++) {
        struct memory_chat *m = &r->chat[i];

        if (!m->number || m->person != person || str_eq(str_c(m->name), name))
            continue;
        snprintf(m->name, sizeof m->name, "%.*s", STR(str_take_whole(name, MAX_SHOWN_BYTES)));
        r->env->record->chat(r->env->record->ctx, r->id, m);
        is_changed = true;
    }
    if (is_changed)
        tell_anew(r, but, now);
}

/* A message without its number is skipped, as one that was lost. */
static void forget_chat(struct room *r, int64_t person, usec now)
{
    bool is_changed = false;

    for (size_t i = 0; i < MAX_CHAT_KEPT; i++) {
        if (!r->chat[i].number || r->chat[i].person != person)
            continue;
        r->chat[i] = (struct memory_chat){0};
        is_changed = true;
    }
    if (is_changed)
        tell_anew(r, NULL, now);
}

/* ---- sent out ---- */

static void send_out(struct room *r, int64_t person, usec now)
{
    struct client *c, *next;

    r->expelled[r->nexpelled++ % MAX_ROOM_PEERS] =
        (struct expelled){.person = person, .until = now + ROOM_EXPEL_US};
    for (c = r->clients; c; c = next) {
        next = c->next;
        if (c->who.person_id == person)
            room_drop(c, CLOSE_EXPELLED, "expelled", now);
    }
}

void room_expel(struct room *r, int64_t person, str name, usec now)
{
    send_out(r, person, now);
    if (name.p)
        door_rename(r, person, name, NULL, now);
}

void room_forget(struct room *r, int64_t person, usec now)
{
    remember_nothing(r, person);
    send_out(r, person, now);
    forget_chat(r, person, now);
}
