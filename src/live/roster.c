/*
 * Who has been told of whom. A page is owed people: all of them when it comes, one when that one
 * has changed and its line is full. What it is owed it gets in pieces of at most ROOM_PIECE bytes,
 * the next when hardly anything waits for it, so that a thin line always hears something and no
 * queue grows with the number of people (500 of them with Cyrillic names are 126 kB).
 *
 *     welcome: oneself, the stage, the hosts, whoever else fits ──▶ roster ──▶ roster ──▶ whole
 */
#include "live/roster.h"

#include "base/err.h"
#include "live/room_i.h"

static void due_set(struct client *c, unsigned number)
{
    c->owed.due[number / 64] |= UINT64_C(1) << number % 64;
}

int roster_add(struct room *r, struct member *p)
{
    for (unsigned i = 0; i < MAX_ROOM_PEERS; i++) {
        if (r->by_number[i])
            continue;
        r->by_number[i] = p;
        p->number = i;
        return 0;
    }
    return ERR_FULL;
}

void roster_remove(struct room *r, struct member *p, usec now)
{
    r->by_number[p->number] = NULL;
    for (struct client *c = r->clients; c; c = c->next)
        c->owed.due[p->number / 64] &= ~(UINT64_C(1) << p->number % 64);
    if (r->ngone == MAX_ROOM_PEERS)
        tell_gone(r);
    r->gone[r->ngone++] = p->id;
    room_dirty(r, NULL, now);
}

/* Who has gone first: somebody who is back within the same moment is named after it. */
void roster_flush(struct room *r, usec now)
{
    if (r->ngone)
        tell_gone(r);
    for (const struct member *p = r->people; p; p = p->next) {
        if (p->is_dirty) {
            tell_roster(r, now);
            return;
        }
    }
}

int64_t roster_chat_first(const struct room *r)
{
    return r->nchat > MAX_CHAT_KEPT ? r->nchat - MAX_CHAT_KEPT + 1 : 1;
}

void roster_owe(struct client *c)
{
    c->owed = (struct owed){.chat_from = c->room->nchat + 1};
    for (const struct member *p = c->room->people; p; p = p->next)
        due_set(c, p->number);
}

bool roster_is_owed(const struct client *c)
{
    for (int i = 0; i < ROOM_DUE; i++) {
        if (c->owed.due[i])
            return true;
    }
    return !c->owed.is_whole;
}

static bool is_crowded(const struct client *c)
{
    const struct room_env *env = c->room->env;

    return env->waiting && env->waiting(c->wire) > ROOM_PIECE;
}

static bool is_let_in(const struct client *c)
{
    return c->wire && c->person && !room_is_waiting(c->room, c->person);
}

void roster_feed(struct client *c, usec now)
{
    struct room *r = c->room;

    while (is_let_in(c) && roster_is_owed(c)) {
        if (is_crowded(c)) {
            r->feed_at = r->feed_at ? r->feed_at : now + ROOM_FLUSH_US;
            return;
        }
        tell_rest(c);
    }
}

void roster_tick(struct room *r, usec now)
{
    r->feed_at = 0;
    for (struct client *c = r->clients; c; c = c->next)
        roster_feed(c, now);
}

bool roster_takes(struct client *c, const uint64_t people[static ROOM_DUE], usec now)
{
    bool is_full;

    if (!is_let_in(c))
        return false;
    is_full = is_crowded(c);
    for (int i = 0; i < ROOM_DUE; i++)
        c->owed.due[i] = is_full ? c->owed.due[i] | people[i] : c->owed.due[i] & ~people[i];
    if (is_full && !c->room->feed_at)
        c->room->feed_at = now + ROOM_FLUSH_US;
    return !is_full;
}
