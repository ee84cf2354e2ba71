/*
 * What outlasts a connection and a restart of the server: slides and lock of the room, hands and
 * shut microphones of people, who has been inside, who was shut out. Every change is told to the
 * record at once; after a restart the record tells it to the room (domain/memory.h).
 */
#include "live/remember.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/invitation.h"
#include "domain/secret.h"
#include "live/record_port.h"
#include "live/room_i.h"

#include <stdlib.h>
#include <string.h>

static struct memory_person *find(const struct room *r, int64_t person)
{
    for (size_t i = 0; i < r->memory->npersons; i++) {
        if (r->memory->person[i].id == person)
            return &r->memory->person[i];
    }
    return NULL;
}

int remember_begin(struct room *r, const struct memory *k)
{
    static const struct memory none;

    r->memory = memory_copy(k ? k : &none);
    if (!r->memory)
        return ERR_MEM;
    k = r->memory;
    r->shown = k->deck;
    r->slide = k->slide;
    r->is_locked = k->is_locked;
    for (size_t i = 0; i < k->npersons; i++) {
        if ((uint64_t)k->person[i].hand > r->nhands)
            r->nhands = (uint64_t)k->person[i].hand;
        if (k->person[i].is_removed)
            room_bar(r, k->person[i].id);
        if (k->person[i].is_on_mic)
            r->booth[booth_channel(r, str_c(k->person[i].booth))].on_mic = k->person[i].id;
    }
    for (size_t i = 0; i < k->nchats; i++) {
        const struct memory_chat *m = &k->chat[i];

        if (m->number <= r->nchat)
            continue;
        r->chat[(m->number - 1) % MAX_CHAT_KEPT] = *m;
        r->nchat = m->number;
    }
    return 0;
}

/* The row of a person who is new; when memory ends the room goes on and only forgets. */
static struct memory_person *add(struct room *r, int64_t person)
{
    struct memory *k = r->memory;
    struct memory_person *more = realloc(k->person, (k->npersons + 1) * sizeof(*more));

    if (!more)
        return NULL;
    k->person = more;
    more[k->npersons] = (struct memory_person){.id = person};
    return &more[k->npersons++];
}

static void tell_record(struct room *r, const struct memory_person *p)
{
    const struct record_port *record = r->env->record;

    record->person(record->ctx, r->id, p);
}

void remember_person(struct room *r, struct member *p)
{
    const struct memory_person *k = find(r, p->id);

    if (k) {
        p->hand = room_role_may(p->role) & MAY_HAND ? (uint64_t)k->hand : 0;
        p->is_muted = k->is_muted;
        p->channel = booth_channel(r, str_c(k->channel));
        p->booth = p->role == ROLE_INTERPRETER ? booth_channel(r, str_c(k->booth)) : 0;
        return;
    }
    k = add(r, p->id);
    if (k)
        tell_record(r, k);
}

void remember(struct room *r, const struct member *p)
{
    struct memory_person *k = find(r, p->id);

    if (!k || r->is_stopping)
        return;
    k->hand = (int64_t)p->hand;
    k->is_muted = p->is_muted;
    (void)str_copy(k->channel, sizeof(k->channel), str_c(booth_lang(r, p->channel)));
    (void)str_copy(k->booth, sizeof(k->booth), str_c(booth_lang(r, p->booth)));
    k->is_on_mic = p->booth && r->booth[p->booth].on_mic == p->id;
    tell_record(r, k);
}

void remember_end_wait(struct room *r, usec now)
{
    const struct member *staged = room_member(r, r->stage);

    r->wait_until = INT64_MAX;
    if (r->stage && !(staged && (room_may(r, staged) & MAY_PUBLISH)))
        (void)room_stage_set(r, r->stage, 0, now);
    booth_free_lost(r, now);
    for (size_t i = 0; i < r->memory->npersons; i++) {
        struct memory_person *k = &r->memory->person[i];
        const struct member *p = room_member(r, k->id);
        bool is_on_mic = p && p->booth && r->booth[p->booth].on_mic == p->id;
        int64_t hand = p ? (int64_t)p->hand : 0;

        if (k->hand == hand && k->is_on_mic == is_on_mic)
            continue;
        k->hand = hand;
        k->is_on_mic = is_on_mic;
        tell_record(r, k);
    }
}

void remember_removed(struct room *r, int64_t person)
{
    struct memory_person *k = find(r, person);

    if (!k)
        return;
    k->is_removed = true;
    k->hand = 0;
    tell_record(r, k);
}

void remember_nothing(struct room *r, int64_t person)
{
    struct memory_person *k = find(r, person);

    if (k)
        *k = r->memory->person[--r->memory->npersons];
}

bool remember_knows(const struct room *r, int64_t person)
{
    return find(r, person) != NULL;
}

bool remember_place(const struct room *r, int64_t person, str token)
{
    uint8_t hash[32];

    if (!token.p || token.n != ROOM_TOKEN)
        return false;
    secret_hash(token, hash);
    for (size_t i = 0; i < r->memory->nplaces; i++) {
        const struct memory_place *p = &r->memory->place[i];

        if (p->person == person && ct_equal(p->hash, hash, sizeof(hash)))
            return true;
    }
    return false;
}

/* ---- slides ---- */

static const struct room_deck *deck_of(const struct room *r, int64_t id)
{
    for (unsigned i = 0; i < r->ndecks; i++) {
        if (r->deck[i].id == id)
            return &r->deck[i];
    }
    return NULL;
}

int room_slide_set(struct room *r, int64_t by, int64_t deck, int number)
{
    const struct record_port *record = r->env->record;
    const struct room_deck *d = deck_of(r, deck);

    if (deck && (!d || number < 1 || number > d->nslides))
        return ERR_STATE;
    if (!deck)
        number = 0;
    if (r->shown == deck && r->slide == number)
        return 0;
    r->shown = deck;
    r->slide = number;
    tell_slide(r, by);
    record->slide(record->ctx, r->id, deck, number);
    return 0;
}

void room_decks_set(struct room *r, const struct room_deck *deck, size_t n)
{
    if (n > MAX_DECKS)
        n = MAX_DECKS;
    if (n)
        memcpy(r->deck, deck, n * sizeof(*deck));
    r->ndecks = (unsigned)n;
    tell_decks(r);
    if (r->shown && !deck_of(r, r->shown))
        (void)room_slide_set(r, 0, 0, 0);
}

void room_lock_set(struct room *r, bool is_on)
{
    const struct record_port *record = r->env->record;

    if (r->is_locked == is_on)
        return;
    r->is_locked = is_on;
    tell_lock(r);
    record->lock(record->ctx, r->id, is_on);
}
