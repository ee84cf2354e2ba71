#include "media/sfu_room.h"

#include "base/err.h"
#include "media/down.h"
#include "media/path.h"
#include "media/peer.h"
#include "media/sdp.h"
#include "media/sfu_i.h"

#include <string.h>

/*
 * The election, for each programme:
 *   A0  the person on stage; nobody on stage: as A1
 *   A1  A2 the loudest others; who is in stays until somebody is clearly louder or he is silent
 *   A3  of each channel, for who has chosen it: the newest voice that speaks into it
 *   V0  the person on stage; nobody on stage: the one who speaks
 *   V1  and on: the other cameras, each staying where it is
 */

static const usec elect_period = 100 * USEC_MS;
static const usec hold = USEC_S; /* a voice keeps its slot, the picture its speaker, so long */
static const usec audio_alive = 3 * USEC_S; /* Opus in DTX speaks every 400 ms */
static const usec channel_pause =
    3 * USEC_S; /* an interpreter who waits for the verb is not silent */
static const usec replay_period = USEC_S;
static const usec video_alive = 5 * USEC_S; /* a screen that stands still sends a frame a second */

enum { CLEARLY_LOUDER_Q8 = 6 * 256 };

/* ---- who is there ---- */

int sfu_room_add(struct sfu_room *r, struct sfu_peer *p)
{
    struct sfu_peer **to = p->role == SFU_UP ? r->ups : r->downs;
    unsigned *n = p->role == SFU_UP ? &r->nups : &r->ndowns;

    if (*n >= MAX_ROOM_PEERS)
        return ERR_FULL;
    path_flush(r); /* the walk over the viewers may be under way */
    to[(*n)++] = p;
    return 0;
}

static void take_out(struct sfu_peer **from, unsigned *n, const struct sfu_peer *p)
{
    for (unsigned i = 0; i < *n; i++) {
        if (from[i] != p)
            continue;
        (*n)--;
        memmove(&from[i], &from[i + 1], (*n - i) * sizeof(from[0]));
        return;
    }
}

static void forget_in_programme(struct programme *g, const struct track *t)
{
    for (int i = 0; i < ROOM_VOICES; i++)
        if (g->audio[i] == t)
            g->audio[i] = NULL;
    for (int i = 0; i < SFU_VIDEO_SLOTS; i++)
        if (g->video[i] == t)
            g->video[i] = NULL;
    for (int i = 0; i <= SFU_CHANNELS; i++)
        if (g->channel[i] == t)
            g->channel[i] = NULL;
}

static void forget_track(struct sfu_room *r, const struct track *t)
{
    for (int i = 0; i < PROGRAMMES; i++)
        forget_in_programme(&r->programmes[i], t);
    for (unsigned i = 0; i < r->ndowns; i++)
        down_forget(r->downs[i], t);
    for (unsigned i = 0; i < r->ndowns; i++)
        for (unsigned k = 0; k < r->downs[i]->naudio + r->downs[i]->nvideo; k++)
            slot_forget(&r->downs[i]->slots[k], t);
}

void sfu_room_remove(struct sfu_room *r, struct sfu_peer *p)
{
    path_flush(r); /* the batch points to tracks */
    take_out(r->ups, &r->nups, p);
    take_out(r->downs, &r->ndowns, p);
    for (unsigned i = 0; i < p->ntracks; i++)
        forget_track(r, p->tracks[i]);
    r->is_stale = true;
}

struct track *sfu_room_track_by_id(const struct sfu_room *r, uint32_t id)
{
    for (unsigned i = 0; i < r->nups; i++)
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++)
            if (r->ups[i]->tracks[k]->id == id)
                return r->ups[i]->tracks[k];
    return NULL;
}

bool sfu_room_may_see(const struct sfu_peer *viewer, const struct track *t)
{
    const struct sfu_peer *up = t->peer;

    return viewer->person != up->person && up->is_allowed[t->kind] &&
           (up->is_on_air || viewer->is_backstage);
}

/* ---- viewers follow ---- */

/* The layer of the slot's target that page and line allow. A source that stands still for a moment
 * keeps the layer that it has. */
static struct track *layer_of(struct slot *slot, usec now)
{
    const struct layers *g = slot->target ? slot->target->layers : NULL;
    struct track *now_shown = slot->next ? slot->next : slot->source, *t;
    struct layer_pick pick;

    if (!g || slot->height == 0 || slot->cap.spatial < 0 || slot->pts[g->lead->codec] == SDP_NO_PT)
        return NULL;
    pick = layer_lower(layers_fit(g, slot->height, now), slot->cap);
    t = layers_track(g, pick, now);
    if (t)
        slot->pick = pick; /* of nothing live, the next key frame would be left out by it */
    return !t && now_shown && now_shown->layers == g ? now_shown : t;
}

/* What is shown to a newcomer would be seen a second time by one who looks at another layer. And a
 * page that turns to and fro is served a hundred packets at once no more than once a second. */
static bool has_replay(struct sfu_peer *viewer, struct slot *slot, struct track *t)
{
    bool is_other_layer = slot->source && slot->source->layers == t->layers;
    usec now = viewer->sfu->now;

    if (is_other_layer || (slot->replayed_at && now - slot->replayed_at < replay_period) ||
        !path_replay(viewer, slot, t))
        return false;
    slot->replayed_at = now;
    return true;
}

static void show(struct sfu_peer *viewer, enum sfu_kind kind, int index, struct track *lead)
{
    struct slot *slot = peer_slot(viewer, kind, index);
    struct track *t;

    if (!slot)
        return;
    slot->target = lead && sfu_room_may_see(viewer, lead) ? lead : NULL;
    if (kind == SFU_VIDEO && viewer->is_choked)
        slot->target = NULL;
    t = kind == SFU_AUDIO ? slot->target : layer_of(slot, viewer->sfu->now);
    if (slot_target(slot, t) && t && !has_replay(viewer, slot, t)) {
        track_want_key(t);
        peer_wake(t->peer, track_key_due(t));
    }
}

void sfu_room_show(struct sfu_room *r, struct sfu_peer *viewer)
{
    struct programme *g =
        &r->programmes[viewer->is_backstage ? PROGRAMME_BACKSTAGE : PROGRAMME_ON_AIR];

    if (!viewer->is_connected)
        return;
    path_flush(r);
    for (int i = 0; i < ROOM_VOICES; i++)
        show(viewer, SFU_AUDIO, i, g->audio[i]);
    show(viewer, SFU_AUDIO, ROOM_VOICES, g->channel[viewer->channel]);
    for (int i = 0; i < SFU_VIDEO_SLOTS; i++)
        show(viewer, SFU_VIDEO, i, g->video[i]);
}

static bool has_layers(const struct sfu_room *r)
{
    for (unsigned i = 0; i < r->nups; i++)
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++)
            if (r->ups[i]->tracks[k]->layers->n > 1)
                return true;
    return false;
}

/* Layers come and go with the publisher's line: every picture is looked at anew. */
static void review_layers(struct sfu_room *r)
{
    for (unsigned i = 0; has_layers(r) && i < r->ndowns; i++)
        sfu_room_show(r, r->downs[i]);
}

unsigned sfu_room_blind(const struct sfu_room *r, int64_t *persons, unsigned max)
{
    unsigned n = 0;

    for (unsigned i = 0; i < r->ndowns && n < max; i++) {
        const struct slot *v0 = peer_slot(r->downs[i], SFU_VIDEO, 0);

        if (v0 && v0->is_accepted && v0->target && v0->pts[v0->target->codec] == SDP_NO_PT)
            persons[n++] = r->downs[i]->person;
    }
    return n;
}

/* ---- candidates ---- */

static bool is_alive(const struct track *t, enum sfu_kind kind, enum programme_kind which, usec now)
{
    usec heard_at;

    if (t->kind != kind || t != t->layers->lead || !t->peer->is_allowed[kind] ||
        (which == PROGRAMME_ON_AIR && !t->peer->is_on_air))
        return false;
    heard_at = layers_heard_at(t->layers);
    return heard_at >= 0 && now - heard_at < (kind == SFU_AUDIO ? audio_alive : video_alive);
}

/* For the floor and the pictures: who interprets is seen, and not heard here. */
static bool is_candidate(const struct track *t, enum sfu_kind kind, enum programme_kind which,
                         usec now)
{
    return is_alive(t, kind, which, now) && (kind == SFU_VIDEO || t->peer->channel == SFU_FLOOR);
}

static bool is_in(struct track *const *list, int n, const struct track *t)
{
    for (int i = 0; i < n; i++)
        if (list[i] == t)
            return true;
    return false;
}

/* The person's newest: after a reload the old connection may still be there. */
static struct track *track_of(const struct sfu_room *r, int64_t person, enum sfu_kind kind,
                              enum programme_kind which, usec now)
{
    for (unsigned i = r->nups; i-- > 0;)
        for (unsigned k = r->ups[i]->ntracks; r->ups[i]->person == person && k-- > 0;)
            if (is_candidate(r->ups[i]->tracks[k], kind, which, now))
                return r->ups[i]->tracks[k];
    return NULL;
}

/* The loudest that is not in the list; on silence the one who came first. */
static struct track *loudest(const struct sfu_room *r, enum programme_kind which,
                             struct track *const *but, int n, usec now)
{
    struct track *best = NULL;

    for (unsigned i = 0; i < r->nups; i++) {
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++) {
            struct track *t = r->ups[i]->tracks[k];

            if (is_candidate(t, SFU_AUDIO, which, now) && !is_in(but, n, t) &&
                (!best || t->loud_q8 > best->loud_q8))
                best = t;
        }
    }
    return best;
}

/* ---- voices ---- */

/* Somebody outside is clearly louder than the quietest inside. */
static void challenge(struct sfu_room *r, struct programme *g, enum programme_kind which, int first,
                      usec now)
{
    struct track *c = loudest(r, which, g->audio, ROOM_VOICES, now);
    int quietest = first;

    if (!c || c->loud_q8 < TRACK_QUIET_Q8)
        return;
    for (int i = first; i < ROOM_VOICES; i++) {
        if (!g->audio[i])
            return;
        if (g->audio[i]->loud_q8 < g->audio[quietest]->loud_q8)
            quietest = i;
    }
    if (c->loud_q8 < g->audio[quietest]->loud_q8 + CLEARLY_LOUDER_Q8)
        return;
    if (now - g->audio_since[quietest] < hold && g->audio[quietest]->loud_q8 > TRACK_QUIET_Q8)
        return;
    g->audio[quietest] = c;
    g->audio_since[quietest] = now;
}

static void elect_audio(struct sfu_room *r, enum programme_kind which, usec now)
{
    struct programme *g = &r->programmes[which];
    struct track *stage = r->stage ? track_of(r, r->stage, SFU_AUDIO, which, now) : NULL;
    int first = r->stage ? 1 : 0;

    for (int i = 0; i < ROOM_VOICES; i++)
        if (g->audio[i] &&
            (!is_candidate(g->audio[i], SFU_AUDIO, which, now) || g->audio[i] == stage))
            g->audio[i] = NULL;
    if (r->stage)
        g->audio[0] = stage;
    for (int i = first; i < ROOM_VOICES; i++) {
        if (g->audio[i])
            continue;
        g->audio[i] = loudest(r, which, g->audio, ROOM_VOICES, now);
        g->audio_since[i] = now;
    }
    challenge(r, g, which, first, now);
}

/* ---- interpretation ---- */

static void elect_channels(const struct sfu_room *r, struct programme *g, enum programme_kind which,
                           usec now)
{
    memset(g->channel, 0, sizeof(g->channel));
    memset(g->is_speaking, 0, sizeof(g->is_speaking));
    for (unsigned i = 0; i < r->nups; i++) {
        int channel = r->ups[i]->channel;
        struct track *t = peer_track(r->ups[i], SFU_AUDIO);

        if (channel <= SFU_FLOOR || !t || !is_alive(t, SFU_AUDIO, which, now))
            continue;
        g->channel[channel] = t;
        g->is_speaking[channel] = t->spoke_at > 0 && now - t->spoke_at < channel_pause;
    }
}

/* ---- pictures ---- */

static struct track *first_video(const struct sfu_room *r, enum programme_kind which,
                                 struct track *const *but, usec now)
{
    for (unsigned i = 0; i < r->nups; i++) {
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++) {
            struct track *t = r->ups[i]->tracks[k];

            if (is_candidate(t, SFU_VIDEO, which, now) && !is_in(but, SFU_VIDEO_SLOTS, t))
                return t;
        }
    }
    return NULL;
}

/* V0: the stage. Without one, who speaks; and while nobody does, who was there. */
static struct track *big_picture(struct sfu_room *r, enum programme_kind which, usec now)
{
    struct programme *g = &r->programmes[which];
    struct track *none[SFU_VIDEO_SLOTS] = {0}, *t;

    if (r->stage)
        return track_of(r, r->stage, SFU_VIDEO, which, now);
    t = r->speaker ? track_of(r, r->speaker, SFU_VIDEO, which, now) : NULL;
    if (t && (!g->video[0] || now - g->video_since >= hold))
        return t;
    if (g->video[0] && is_candidate(g->video[0], SFU_VIDEO, which, now))
        return g->video[0];
    return t ? t : first_video(r, which, none, now);
}

static void elect_video(struct sfu_room *r, enum programme_kind which, usec now)
{
    struct programme *g = &r->programmes[which];
    struct track *big = big_picture(r, which, now), *before = g->video[0];
    int freed = 0;

    if (big != before)
        g->video_since = now;
    g->video[0] = big;
    for (int i = 1; i < SFU_VIDEO_SLOTS; i++) {
        struct track *t = g->video[i];

        if (t && (t == big || !is_candidate(t, SFU_VIDEO, which, now))) {
            freed = t == big ? i : freed;
            g->video[i] = NULL;
        }
    }
    /* who leaves the big picture takes the place of who enters it */
    if (freed && before && before != big && is_candidate(before, SFU_VIDEO, which, now))
        g->video[freed] = before;
    for (int i = 1; i < SFU_VIDEO_SLOTS; i++)
        if (!g->video[i])
            g->video[i] = first_video(r, which, g->video, now);
}

/* ---- telling ---- */

static void count_wanted(struct sfu_room *r)
{
    for (unsigned i = 0; i < r->nups; i++)
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++)
            r->ups[i]->tracks[k]->layers->wanted = 0;
    for (unsigned i = 0; i < r->ndowns; i++)
        for (unsigned k = r->downs[i]->naudio; k < r->downs[i]->naudio + r->downs[i]->nvideo; k++) {
            const struct slot *slot = &r->downs[i]->slots[k];

            if (slot->target && slot->height > slot->target->layers->wanted)
                slot->target->layers->wanted = slot->height;
        }
}

/* The next camera whose publisher is to be told something. */
static struct track *with_wish(const struct sfu_room *r, usec now)
{
    for (unsigned i = 0; i < r->nups; i++)
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++) {
            struct track *t = r->ups[i]->tracks[k];

            if (t == t->layers->lead && t->kind == SFU_VIDEO && layers_heard_at(t->layers) >= 0 &&
                layers_wish(t->layers, now))
                return t;
        }
    return NULL;
}

/* One at a time: a callback may change the room. */
static void tell_wishes(struct sfu_room *r, usec now)
{
    struct track *t;

    count_wanted(r);
    while ((t = with_wish(r, now)))
        if (r->sfu->events.wish)
            r->sfu->events.wish(t->peer, t->layers->told, now, r->sfu->conf.ctx);
}

static void tell_slot(struct sfu_room *r, enum programme_kind which, enum sfu_kind kind, int slot,
                      usec now)
{
    struct programme *g = &r->programmes[which];
    struct track *t = kind == SFU_AUDIO ? g->audio[slot] : g->video[slot];
    int64_t *told = kind == SFU_AUDIO ? &g->told_audio[slot] : &g->told_video[slot];
    int64_t person = t ? t->peer->person : 0;
    void *ctx = r->sfu->conf.ctx;

    if (*told == person)
        return;
    *told = person;
    if (which == PROGRAMME_ON_AIR && r->sfu->events.slot)
        r->sfu->events.slot(r, kind, slot, person, now, ctx);
    if (which == PROGRAMME_BACKSTAGE && r->sfu->events.backstage_slot)
        r->sfu->events.backstage_slot(r, kind, slot, person, now, ctx);
}

static void tell_channel(struct sfu_room *r, enum programme_kind which, int channel, usec now)
{
    struct programme *g = &r->programmes[which];
    int64_t person = g->channel[channel] ? g->channel[channel]->peer->person : 0;

    if (g->told_channel[channel] == person && g->told_speaking[channel] == g->is_speaking[channel])
        return;
    g->told_channel[channel] = person;
    g->told_speaking[channel] = g->is_speaking[channel];
    if (r->sfu->events.channel)
        r->sfu->events.channel(r, channel, now, r->sfu->conf.ctx);
}

static void elect_speaker(struct sfu_room *r, usec now)
{
    struct track *t = loudest(r, PROGRAMME_ON_AIR, NULL, 0, now);
    int64_t person = t && now - t->spoke_at < hold ? t->peer->person : 0;

    if (person == r->speaker || (r->speaker && now - r->speaker_since < hold))
        return;
    r->speaker = person;
    r->speaker_since = now;
    if (r->sfu->events.speaker)
        r->sfu->events.speaker(r, person, now, r->sfu->conf.ctx);
}

static void elect(struct sfu_room *r, enum programme_kind which, usec now)
{
    struct programme before = r->programmes[which];
    struct programme *g = &r->programmes[which];
    bool is_backstage = which == PROGRAMME_BACKSTAGE;

    elect_audio(r, which, now);
    elect_video(r, which, now);
    elect_channels(r, g, which, now);
    if (!memcmp(before.channel, g->channel, sizeof(g->channel)) &&
        !memcmp(before.audio, g->audio, sizeof(g->audio)) &&
        !memcmp(before.video, g->video, sizeof(g->video)))
        return;
    for (unsigned i = 0; i < r->ndowns; i++)
        if (r->downs[i]->is_backstage == is_backstage)
            sfu_room_show(r, r->downs[i]);
}

void sfu_room_tick(struct sfu_room *r, usec now)
{
    if (now < r->elect_due && !r->is_stale)
        return;
    for (unsigned i = 0; now >= r->elect_due && i < r->nups; i++)
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++)
            track_fade(r->ups[i]->tracks[k], now);
    r->is_stale = false;
    r->elect_due = now + elect_period;
    for (enum programme_kind which = 0; which < PROGRAMMES; which++)
        elect(r, which, now);
    review_layers(r);
    /* callbacks last: they may change the room */
    for (enum programme_kind which = 0; which < PROGRAMMES; which++) {
        for (int i = 0; i < ROOM_VOICES; i++)
            tell_slot(r, which, SFU_AUDIO, i, now);
        for (int i = 0; i < SFU_VIDEO_SLOTS; i++)
            tell_slot(r, which, SFU_VIDEO, i, now);
        for (int i = 1; i <= SFU_CHANNELS; i++)
            tell_channel(r, which, i, now);
    }
    elect_speaker(r, now);
    tell_wishes(r, now);
}
