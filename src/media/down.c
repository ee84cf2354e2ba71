#include "media/down.h"

#include "base/err.h"
#include "media/alloc.h"
#include "media/path.h"
#include "media/peer.h"
#include "media/sdp.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const usec allot_period = 100 * USEC_MS;
/* One slow viewer must not cost the others many key frames, least of all such as never pass. */
static const usec key_wait_least = 2 * USEC_S, key_wait_most = 16 * USEC_S;
static const usec rise_wait_least = USEC_S, rise_wait_most = 32 * USEC_S;
static const usec trial = 8 * USEC_S;     /* what falls again so soon had risen in vain */
static const usec settle = 500 * USEC_MS; /* between two steps up: until the first is seen */
static const usec calm_enough = 20 * USEC_S;
static const usec line_holds = USEC_S; /* before a person is told */

enum {
    WRAP_BPS = 36 * 8 * 50, /* IP, UDP and extension of 20 ms packets, that meters do not count */
    WRAP_PERCENT = 106,     /* the same of pictures' packets, which are long */
    HURRY_PERCENT = 125,    /* more makes a queue of every key frame, and the rate falls for it */
    HURRY_BLIND_PERCENT = 150, /* by reports alone a rate is found by trying */
    ROOM_TIMES = 3,
    UNKNOWN_BPS = 150000, /* a picture of which no rate is known yet */
    KEY_COST = 2, /* of the bucket, which fills by one a second */
    KEYS_MOST = 4 * KEY_COST,
    GOAL_PERCENT = 125,   /* above the cost of all, so that the last step can be taken */
};

int down_new(usec now, struct down **ret_down)
{
    struct down *d = malloc(sizeof(*d));

    if (!d)
        return ERR_MEM;
    memset(d, 0, offsetof(struct down, pacer)); /* most of the rest is never touched */
    bwe_init(&d->bwe, now);
    pacer_init(&d->pacer);
    d->rise_wait = rise_wait_least;
    d->key_wait = key_wait_least;
    d->due = d->resends_at = now;
    d->resends = DOWN_RESENDS * DOWN_RESEND_SHARE;
    *ret_down = d;
    return 0;
}

bool down_may_resend(struct down *d, usec now)
{
    usec due = (now - d->resends_at) * DOWN_RESEND_FLOOR * DOWN_RESEND_SHARE / USEC_S;
    usec most = DOWN_RESENDS * DOWN_RESEND_SHARE - (usec)d->resends;

    if (due > 0) {
        d->resends += (unsigned)(due < most ? due : most);
        d->resends_at = now;
    }
    return d->resends >= DOWN_RESEND_SHARE;
}

int64_t down_pace(const struct down *d)
{
    int64_t rate = bwe_rate(&d->bwe);

    if (rate == INT64_MAX)
        return rate;
    if (!bwe_is_calm(&d->bwe))
        return rate * 3 / 4; /* what stands on the line runs off */
    return rate * (d->bwe.has_feedback ? HURRY_PERCENT : HURRY_BLIND_PERCENT) / 100;
}

/* ---- what each picture would cost ---- */

struct ladder {
    struct layer_pick picks[ALLOC_STEPS];
};

static void add_step(struct alloc_ask *ask, struct ladder *l, struct layer_pick pick, int64_t bps)
{
    int64_t cost = bps * WRAP_PERCENT / 100;

    if (ask->n == ALLOC_STEPS || (ask->n && cost <= ask->cost[ask->n - 1]))
        return;
    l->picks[ask->n] = pick;
    ask->cost[ask->n++] = cost;
}

/* Steps of which each costs more than the one before: sizes, and temporal layers within them. */
static void ask_of(const struct slot *slot, usec now, struct alloc_ask *ask, struct ladder *l)
{
    const struct layers *g = slot->target && slot->is_accepted ? slot->target->layers : NULL;
    struct layer_pick fit = LAYER_NOTHING;

    *ask = (struct alloc_ask){0};
    if (g && slot->is_shown)
        fit = layers_fit(g, slot->height, now);
    for (int8_t s = 0; s <= fit.spatial; s++)
        for (int8_t t = 0; layers_is_live(g, s, now) && t < layers_temporals(g, s); t++) {
            struct layer_pick pick = {s, t};
            bool is_held =
                pick.spatial <= slot->cap.spatial && pick.temporal <= slot->cap.temporal;
            int64_t bps = layers_rate(g, pick, is_held, now);

            if (bps || t + 1 == layers_temporals(g, s))
                add_step(ask, l, pick, bps ? bps : UNKNOWN_BPS);
        }
    for (unsigned i = 0; i < ask->n; i++)
        if (l->picks[i].spatial <= slot->cap.spatial && l->picks[i].temporal <= slot->cap.temporal)
            ask->had = i + 1;
}

static int64_t voice_bps(const struct sfu_peer *viewer)
{
    int64_t sum = 0;

    for (unsigned i = 0; i < viewer->naudio; i++)
        if (viewer->slots[i].source)
            sum += WRAP_BPS + layer_rate(&viewer->slots[i].source->meter, LAYER_TEMPORALS - 1) *
                                  (viewer->slots[i].is_red && viewer->down->has_room ? 2 : 1);
    return sum;
}

/* ---- allotting ---- */

/* True when the slot's cap is another now. */
static bool give(struct slot *slot, const struct alloc_ask *ask, const struct ladder *l)
{
    struct layer_pick cap = ask->gets == 0        ? LAYER_NOTHING
                            : ask->gets == ask->n ? LAYER_ALL
                                                  : l->picks[ask->gets - 1];

    if (ask->n == 0 || (cap.spatial == slot->cap.spatial && cap.temporal == slot->cap.temporal))
        return false;
    slot->cap = cap;
    return true;
}

static void note_line(struct down *d, enum sfu_line line, usec now)
{
    if (d->line != line)
        d->line_since = now;
    d->line = line;
}

static void fell(struct down *d, usec now)
{
    if (d->risen_at && now - d->risen_at < trial)
        d->rise_wait = d->rise_wait * 2 < rise_wait_most ? d->rise_wait * 2 : rise_wait_most;
    else
        d->rise_wait = rise_wait_least;
    d->rise_at = now + d->rise_wait;
    d->risen_at = 0;
}

/* A smaller size is on its way, and the larger one is what the line cannot carry. */
static void leave_larger(struct sfu_peer *viewer, unsigned i)
{
    struct slot *slot = &viewer->slots[i];

    if (slot->source && !slot->next)
        return; /* fewer temporal layers of the same */
    sfu_drop_some(viewer->sfu, DROP_WAIT_SIZE,
                  pacer_cut(&viewer->down->pacer, slot->index ? PACE_SMALL : PACE_STAGE, i));
    sfu_drop_some(viewer->sfu, DROP_AGAIN_OLD, pacer_cut(&viewer->down->pacer, PACE_AGAIN, i));
    slot_pause(slot);
}

static void allot(struct sfu_peer *viewer, usec now)
{
    struct alloc_ask asks[SFU_VIDEO_SLOTS];
    struct ladder ladders[SFU_VIDEO_SLOTS];
    struct down *d = viewer->down;
    bool is_any = false, is_less = false, is_fall = false, is_rise = false, is_changed = false;
    int64_t voice = voice_bps(viewer);

    d->rate_bps = bwe_rate(&d->bwe);
    d->has_room = bwe_is_calm(&d->bwe) && d->rate_bps > ROOM_TIMES * voice;
    for (unsigned i = 0; i < viewer->nvideo; i++)
        ask_of(&viewer->slots[viewer->naudio + i], now, &asks[i], &ladders[i]);
    d->goal_bps = voice + alloc_divide(asks, viewer->nvideo, d->rate_bps - voice,
                                       now >= d->rise_at && bwe_is_calm(&d->bwe));
    for (unsigned i = 0; i < viewer->nvideo; i++) {
        is_changed |= give(&viewer->slots[viewer->naudio + i], &asks[i], &ladders[i]);
        is_fall |= asks[i].gets < asks[i].had;
        is_rise |= asks[i].gets > asks[i].had;
        is_less |= asks[i].gets < asks[i].n;
        is_any |= asks[i].gets > 0;
    }
    if (is_changed)
        sfu_room_show(viewer->room, viewer);
    for (unsigned i = 0; i < viewer->nvideo; i++)
        if (asks[i].gets < asks[i].had)
            leave_larger(viewer, viewer->naudio + i);
    if (is_fall) {
        fell(d, now);
    } else if (is_rise) {
        d->risen_at = now;
        d->rise_at = now + settle;
        d->key_wait = key_wait_least; /* what did not pass was another layer's, or another line's */
    }
    if (is_less || !bwe_is_calm(&d->bwe))
        d->calm_since = now;
    note_line(d, !is_less ? SFU_LINE_FULL : is_any ? SFU_LINE_LESS : SFU_LINE_VOICE, now);
}

/* ---- time ---- */

static struct slot *probe_slot(const struct sfu_peer *viewer)
{
    for (unsigned i = viewer->naudio; i < viewer->naudio + viewer->nvideo; i++) {
        struct slot *slot = &viewer->slots[i];

        if (slot->is_accepted && slot_padding_pt(slot) != SDP_NO_PT && slot->twcc_id)
            return slot;
    }
    return NULL;
}

static void probe(struct sfu_peer *viewer, usec now)
{
    struct slot *slot = probe_slot(viewer);
    struct down *d = viewer->down;
    struct bwe_plan plan;

    d->bwe.can_probe = slot != NULL;
    if (!slot || d->line == SFU_LINE_FULL || now + settle < d->rise_at)
        return;
    if (bwe_wants_probe(&d->bwe, d->goal_bps * GOAL_PERCENT / 100, now, &plan))
        path_probe(viewer, slot, &plan);
}

static void ask_keys(struct sfu_peer *viewer, usec now)
{
    struct down *d = viewer->down;

    if (!d->broken || now - d->key_at < d->key_wait)
        return;
    for (unsigned i = 0; i < viewer->naudio + viewer->nvideo; i++) {
        struct track *t = d->broken >> i & 1 ? viewer->slots[i].next : NULL;

        if (!t)
            continue;
        track_want_key(t);
        peer_wake(t->peer, track_key_due(t));
    }
    d->broken = 0;
    d->key_at = now;
    d->key_wait = d->key_wait * 2 < key_wait_most ? d->key_wait * 2 : key_wait_most;
}

void down_ask_key(struct sfu_peer *viewer, struct slot *slot)
{
    struct track *t = slot->next ? slot->next : slot->source;
    unsigned i = (unsigned)(slot - viewer->slots);
    struct down *d = viewer->down;
    usec now = viewer->sfu->now;

    if (!t || path_key_waits(viewer, slot, t))
        return;
    if (t->is_key_wanted) { /* a browser says it again and again until the frame has come */
        peer_wake(t->peer, track_key_due(t));
        return;
    }
    /* other slots that wait are before it, or one that asks all the time would take every turn */
    if (d->wished & ~(1u << i) || !bucket_take(&d->keys, KEY_COST, 1, KEYS_MOST, now)) {
        if (!d->wished)
            d->wish_due = now + USEC_S;
        d->wished |= 1u << i;
        peer_wake(viewer, d->wish_due);
        return;
    }
    d->wished &= ~(1u << i);
    d->wish_first = i + 1;
    track_want_key(t);
    peer_wake(t->peer, track_key_due(t));
}

static void ask_wished(struct sfu_peer *viewer, usec now)
{
    unsigned n = viewer->naudio + viewer->nvideo;
    struct down *d = viewer->down;
    uint32_t wished = d->wished;

    if (!wished || now < d->wish_due)
        return;
    d->wished = 0;
    for (unsigned k = 0, first = d->wish_first; k < n; k++)
        if (wished >> (first + k) % n & 1)
            down_ask_key(viewer, &viewer->slots[(first + k) % n]);
}

void down_key_passed(struct down *d, unsigned slot)
{
    d->wished &= ~(1u << slot);
    d->key_wait = key_wait_least;
}

void down_break(struct sfu_peer *viewer, struct slot *slot)
{
    unsigned i = (unsigned)(slot - viewer->slots);

    sfu_drop_some(viewer->sfu, DROP_WAIT_OLD,
                  pacer_cut(&viewer->down->pacer, slot->index ? PACE_SMALL : PACE_STAGE, i));
    slot_pause(slot);
    if (slot->next)
        viewer->down->broken |= 1u << i;
}

static void open_line(struct sfu_peer *viewer)
{
    struct down *d = viewer->down;

    bwe_open(&d->bwe);
    /* nobody allots on an open line: what was taken away has to be given back here */
    for (unsigned i = viewer->naudio; i < viewer->naudio + viewer->nvideo; i++)
        viewer->slots[i].cap = LAYER_ALL;
    sfu_room_show(viewer->room, viewer);
    note_line(d, SFU_LINE_FULL, viewer->sfu->now);
    d->rise_at = d->risen_at = 0;
    d->rise_wait = rise_wait_least;
}

void down_forget(struct sfu_peer *viewer, const struct track *t)
{
    sfu_drop_some(viewer->sfu, DROP_WAIT_LEFT, pacer_forget(&viewer->down->pacer, t));
}

void down_heard(struct sfu_peer *viewer, usec now)
{
    struct down *d = viewer->down;

    if (!d->bwe.is_limited || (d->is_paced && bwe_rate(&d->bwe) == d->rate_bps))
        return;
    if (!d->is_paced)
        d->calm_since = now;
    d->is_paced = true;
    d->due = now;
    peer_wake(viewer, now);
}

void down_tick(struct sfu_peer *viewer, usec now)
{
    struct down *d = viewer->down;

    ask_wished(viewer, now);
    if (d->is_paced || d->pacer.n)
        path_release(viewer, now);
    if (!d->is_paced)
        return;
    if (now >= d->due) {
        allot(viewer, now);
        probe(viewer, now);
        d->due = now + allot_period;
    }
    ask_keys(viewer, now);
    if (now - d->calm_since > calm_enough && d->bwe.is_limited)
        open_line(viewer);
    d->is_paced = d->bwe.is_limited || d->pacer.n || d->broken;
}

enum sfu_line down_line(const struct sfu_peer *viewer)
{
    return viewer->is_choked ? SFU_LINE_VOICE : viewer->down->line;
}

bool down_has_news(const struct sfu_peer *viewer, usec now)
{
    const struct down *d = viewer->down;

    return d && down_line(viewer) != d->told && now - d->line_since >= line_holds;
}

usec down_due(const struct sfu_peer *viewer)
{
    const struct down *d = viewer->down;
    usec due = d->is_paced ? d->due : INT64_MAX, next = pacer_next(&d->pacer);

    if (d->wished && d->wish_due < due)
        due = d->wish_due;
    return next < due ? next : due;
}
