/*
 * Interpretation: who interprets into which language of the seminar, who is on the microphone of a
 * booth, and which channel each person hears. The sfu knows channels by number (the language's
 * place in the seminar, from 1), the protocol and the record by the language's code.
 *
 *   a booth:  nobody ──the first comes──▶ on the microphone ──handover──▶ asked ──the partner says
 * yes──▶ countdown ──▶ the partner is on the microphone
 */
#include "live/room_i.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "live/remember.h"

/* ---- languages ---- */

void booth_langs(struct room *r, const str *lang, size_t n)
{
    for (size_t i = 0; i < n && r->nlangs < SFU_CHANNELS; i++)
        r->nlangs += str_copy(r->lang[r->nlangs], ROOM_LANG, lang[i]) == 0;
}

int booth_channel(const struct room *r, str lang)
{
    for (int i = 0; i < r->nlangs; i++) {
        if (str_eq(lang, str_c(r->lang[i])))
            return i + 1;
    }
    return SFU_FLOOR;
}

const char *booth_lang(const struct room *r, int channel)
{
    return channel > 0 && channel <= r->nlangs ? r->lang[channel - 1] : "";
}

/* ---- who is heard where ---- */

/* An interpreter is heard on the floor on stage alone, or in practice before having chosen a
 * booth. */
static int speaks_into(const struct room *r, const struct member *p)
{
    if (p->role != ROLE_INTERPRETER || r->stage == p->id || r->nlangs == 0)
        return SFU_FLOOR;
    if (p->booth)
        return r->booth[p->booth].on_mic == p->id ? p->booth : SFU_NOWHERE;
    return r->state == SEMINAR_PRACTICE ? SFU_FLOOR : SFU_NOWHERE;
}

void booth_review(struct client *c, usec now)
{
    struct sfu_peer *up = c->session[SFU_UP].peer, *down = c->session[SFU_DOWN].peer;

    if (up)
        sfu_peer_speak(up, speaks_into(c->room, c->person), now);
    if (down)
        sfu_peer_listen(down, c->person->channel, now);
}

static void review_all(struct room *r, usec now)
{
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->person)
            booth_review(c, now);
    }
}

/* Told with the next flush, which is due at once: a listener's floor comes up or goes down by it.
 */
void booth_dirty(struct room *r, usec now)
{
    r->is_channels_dirty = true;
    r->flush_at = now;
}

/* ---- the microphone of a booth ---- */

static void take_mic(struct room *r, int booth, int64_t person, usec now)
{
    struct booth *b = &r->booth[booth];
    struct member *before = room_member(r, b->on_mic), *p = room_member(r, person);

    *b = (struct booth){.on_mic = person};
    if (before)
        remember(r, before);
    if (p)
        remember(r, p);
    review_all(r, now);
    booth_dirty(r, now);
}

/* In the booth, and with an open connection. */
static bool is_here(const struct room *r, int booth, int64_t person)
{
    const struct member *p = room_member(r, person);

    return p && p->booth == booth && !p->is_away;
}

/* Somebody else of the booth who is here; NULL: alone. */
static struct member *partner(const struct room *r, int booth, const struct member *but)
{
    for (struct member *p = r->people; p; p = p->next) {
        if (p != but && p->booth == booth && !p->is_away)
            return p;
    }
    return NULL;
}

/* The booth goes on with whoever is left. It is remembered as p's, for the way back: who goes to
 * another one is remembered anew by the caller. */
static void leave(struct room *r, struct member *p, usec now)
{
    struct booth *b = &r->booth[p->booth];
    const struct member *next = partner(r, p->booth, p);

    if (b->on_mic == p->id)
        take_mic(r, p->booth, next ? next->id : 0, now);
    else if (b->asked == p->id)
        b->asked = b->at = 0;
    p->booth = 0;
    booth_dirty(r, now);
}

void booth_gone(struct room *r, struct member *p, usec now)
{
    if (p->booth && !r->is_stopping)
        leave(r, p, now);
}

void booth_back(struct room *r, struct member *p, usec now)
{
    if (p->booth && !r->booth[p->booth].on_mic)
        take_mic(r, p->booth, p->id, now);
    else if (p->booth)
        booth_dirty(r, now);
}

static void tell_own(const struct room *r, const struct member *p)
{
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->person == p)
            tell_you(c);
    }
}

int booth_set(struct room *r, struct member *p, str lang, usec now)
{
    int to = booth_channel(r, lang);

    if (lang.n && !to)
        return ERR_NOT_FOUND;
    if (to == p->booth)
        return 0;
    if (p->booth)
        leave(r, p, now);
    p->booth = to;
    if (to && !r->booth[to].on_mic)
        take_mic(r, to, p->id, now);
    remember(r, p);
    review_all(r, now);
    booth_dirty(r, now);
    tell_own(r, p);
    return 0;
}

int booth_listen(struct room *r, struct member *p, str lang, usec now)
{
    int to = booth_channel(r, lang);

    if (lang.n && !to)
        return ERR_NOT_FOUND;
    if (to == p->channel)
        return 0;
    p->channel = to;
    remember(r, p);
    review_all(r, now);
    if (p->booth)
        booth_dirty(r, now); /* who depends on whom */
    tell_own(r, p);
    return 0;
}

/* Yes of who is on the microphone asks the partner; yes of the partner begins the countdown, or
 * takes a microphone that nobody holds; no of either calls it off. */
int booth_handover(struct room *r, struct member *p, bool is_on, usec now)
{
    struct booth *b = &r->booth[p->booth];
    const struct member *other = p->booth ? partner(r, p->booth, p) : NULL;

    if (!p->booth)
        return ERR_STATE;
    if (!is_on) {
        b->asked = b->at = 0;
    } else if (b->on_mic == p->id) {
        if (!other)
            return ERR_STATE;
        b->asked = other->id;
        b->at = 0;
    } else if (!is_here(r, p->booth, b->on_mic)) {
        take_mic(r, p->booth, p->id, now);
    } else if (b->asked == p->id) {
        b->at = b->at ? b->at : now + ROOM_HANDOVER_US;
    } else {
        return ERR_STATE;
    }
    booth_dirty(r, now);
    return 0;
}

/* The countdown is over. A partner whose line broke meanwhile takes nothing: nobody would speak. */
static void end_countdown(struct room *r, int booth, usec now)
{
    struct booth *b = &r->booth[booth];

    if (is_here(r, booth, b->asked)) {
        take_mic(r, booth, b->asked, now);
        return;
    }
    b->asked = b->at = 0;
    booth_dirty(r, now);
}

usec booth_tick(struct room *r, usec now)
{
    usec next = INT64_MAX;

    for (int i = 1; i <= r->nlangs; i++) {
        if (r->booth[i].at && now >= r->booth[i].at)
            end_countdown(r, i, now);
        if (r->booth[i].at && r->booth[i].at < next)
            next = r->booth[i].at;
    }
    return next;
}

void booth_free_lost(struct room *r, usec now)
{
    for (int i = 1; i <= r->nlangs; i++) {
        const struct member *p = room_member(r, r->booth[i].on_mic), *next = partner(r, i, NULL);

        if (r->booth[i].on_mic && (!p || p->booth != i))
            take_mic(r, i, next ? next->id : 0, now);
    }
}

/* ---- signals to who speaks ---- */

int booth_signal(struct room *r, const struct member *p, enum control_signal what, usec now)
{
    if (now < r->signal_at[what])
        return ERR_RATE;
    r->signal_at[what] = now + ROOM_SIGNAL_US;
    tell_signal(r, p, what);
    return 0;
}
