#include "media/track.h"

#include "media/rtcp.h"

#include <string.h>

enum {
    NACK_TRIES = 10, /* at 40 ms or a round trip apart: a second and more, past which a picture is
                        better asked anew */
    JITTER_MOST = 1 << 27, /* of one packet: sixteen times that still fits */
    LEVEL_UNKNOWN = 30,    /* -30 dBov: speech, when the sender does not say */
};

static const usec reorder_wait = 10 * USEC_MS; /* networks reorder within this */
static const usec nack_least = 40 * USEC_MS;
static const usec missing_life = 1500 * USEC_MS;
static const usec key_period = 500 * USEC_MS; /* a key frame costs as much as ten frames */
static const usec clock_off = 10 * USEC_S; /* a packet's way and its sender's queue */
static const usec replay_age = USEC_S; /* older ones would put the picture this far ahead of time */

int track_init(struct track *t, usec now)
{
    t->rate = t->kind == SFU_AUDIO ? 48000 : 90000;
    t->last_at = now;
    t->layers = &t->own;
    layers_init(&t->own, t);
    return ring_init(&t->ring, t->kind == SFU_AUDIO ? TRACK_AUDIO_RING : TRACK_VIDEO_RING);
}

void track_done(struct track *t)
{
    ring_done(&t->ring);
}

uint32_t track_extend(const struct track *t, uint16_t seq)
{
    int32_t ahead = (int16_t)(uint16_t)(seq - (uint16_t)t->top);

    return t->is_begun ? t->top + (uint32_t)ahead : 65536u + seq;
}

/* ---- what is missing ---- */

static void missing_remove(struct track *t, uint32_t seq)
{
    for (unsigned i = 0; i < t->nmissing; i++) {
        if (t->missing[i].seq != seq)
            continue;
        t->nmissing--;
        memmove(&t->missing[i], &t->missing[i + 1], (t->nmissing - i) * sizeof(t->missing[0]));
        return;
    }
}

/* Ascending by itself, because top only grows. False when there are too many. */
static bool missing_add(struct track *t, uint32_t from, uint32_t to, usec now)
{
    if (to - from > TRACK_MAX_MISSING - t->nmissing) {
        t->nmissing = 0;
        return false;
    }
    for (uint32_t seq = from; seq != to; seq++)
        t->missing[t->nmissing++] = (struct missing){seq, 0, now, now + reorder_wait};
    return true;
}

/*
 * RFC 3550 A.8; 16 times the jitter, in units of the timestamp. Transit times are compared modulo
 * 2^32, as the timestamp itself runs; a publisher whose clock jumps by half of that range is held
 * to what the sixteenfold has room for.
 */
static void add_jitter(struct track *t, uint32_t ts, usec now)
{
    uint32_t transit = (uint32_t)(now * t->rate / USEC_S) - ts;
    uint32_t d = transit - t->transit;

    t->transit = transit;
    if (t->received <= 1)
        return;
    d = (int32_t)d < 0 ? 0 - d : d;
    if (d > JITTER_MOST)
        d = JITTER_MOST;
    t->jitter_q4 += d - ((t->jitter_q4 + 8) >> 4);
}

bool track_add(struct track *t, uint32_t seq, uint32_t ts, bool is_rtx, usec now)
{
    bool is_torn = false;

    t->received++;
    t->last_at = now;
    if (!t->is_begun) {
        t->is_begun = true;
        t->top = t->first = seq;
        t->top_ts = ts;
        t->top_at = now;
        t->clock = (struct track_clock){.is_begun = true, .ts = ts, .at = now};
    }
    if (!is_rtx)
        add_jitter(t, ts, now);
    if ((int32_t)(seq - t->top) > 0) {
        if (t->has_nack && seq - t->top > 1)
            is_torn = !missing_add(t, t->top + 1, seq, now);
        t->top = seq;
        t->top_ts = ts;
        t->top_at = now;
    } else {
        missing_remove(t, seq);
    }
    return is_torn;
}

void track_measure(struct track *t, const struct ring_entry *e, usec now)
{
    bool is_of_key = track_is_of_key(t, e);
    bool is_new = layer_count(&t->meter, e->vp8.tid, e->n, is_of_key, now);

    if (e->is_key)
        t->key_bytes = 0;
    if (is_of_key)
        t->key_bytes += e->n;
    if (e->is_key && e->vp8.height && e->vp8.height != t->height) {
        t->height = e->vp8.height;
        is_new = true;
    }
    if (is_new && t->layers->n > 1)
        layers_sort(t->layers);
}

usec track_nack_rtt(const struct track *t, uint32_t seq, usec now)
{
    for (unsigned i = 0; i < t->nmissing; i++)
        if (t->missing[i].seq == seq)
            return t->missing[i].tries == 1 ? now - t->missing[i].since : -1;
    return -1;
}

unsigned track_nacks(struct track *t, usec rtt_us, usec now, uint16_t *to, unsigned max)
{
    usec wait = rtt_us + rtt_us / 2 > nack_least ? rtt_us + rtt_us / 2 : nack_least;
    unsigned n = 0, kept = 0;

    for (unsigned i = 0; i < t->nmissing; i++) {
        struct missing m = t->missing[i];

        if (m.tries && (m.tries >= NACK_TRIES || now - m.since > missing_life) && now >= m.due)
            continue;
        if (now >= m.due && n < max) {
            to[n++] = (uint16_t)m.seq;
            if (m.tries++ == 0)
                m.since =
                    now; /* from the first request on, so that the answer proves a round trip */
            m.due = now + wait;
        }
        t->missing[kept++] = m;
    }
    t->nmissing = kept;
    return n;
}

usec track_nacks_due(const struct track *t)
{
    usec due = INT64_MAX;

    for (unsigned i = 0; i < t->nmissing; i++)
        if (t->missing[i].due < due)
            due = t->missing[i].due;
    return due;
}

/* ---- key frames ---- */

void track_want_key(struct track *t)
{
    t->is_key_wanted = true;
}

usec track_key_due(const struct track *t)
{
    if (!t->is_key_wanted)
        return INT64_MAX;
    return t->layers->key_asked_at ? t->layers->key_asked_at + key_period : 0;
}

void track_key_asked(struct track *t, usec now)
{
    t->layers->key_asked_at = now;
}

void track_key_came(struct track *t, const struct ring_entry *e, usec now)
{
    t->is_key_wanted = false;
    if (t->has_key && (int32_t)(e->seq - t->key_seq) < 0)
        return;
    t->has_key = true;
    t->key_seq = e->seq;
    t->key_ts = e->ts;
    t->key_at = now;
}

bool track_is_of_key(const struct track *t, const struct ring_entry *e)
{
    return e->is_key || (t->has_key && e->ts == t->key_ts);
}

bool track_has_replay(const struct track *t, usec now)
{
    if (!t->has_key || now - t->key_at > replay_age || t->top - t->key_seq >= TRACK_MAX_REPLAY)
        return false;
    for (uint32_t seq = t->key_seq; (int32_t)(t->top - seq) >= 0; seq++)
        if (!ring_by_seq(&t->ring, seq))
            return false;
    return true;
}

/* ---- clocks and reports ---- */

static usec clock_at(const struct track_clock *c, uint32_t ts, uint32_t rate)
{
    return c->at + (usec)(int32_t)(ts - c->ts) * USEC_S / (usec)rate;
}

/* A report that puts the newest packet hours from when it came is wrong, or a lie: slots would
 * follow it and not come back, whoever is shown in them later. */
void track_sr(struct track *t, const struct rtcp_sr *sr, usec offset_us, usec now)
{
    struct track_clock told = {true, true, sr->rtp_ts, rtcp_ntp_wall(sr->ntp) + offset_us};
    usec off = clock_at(&told, t->top_ts, t->rate) - t->top_at;

    t->lsr = (uint32_t)(sr->ntp >> 16);
    t->lsr_at = now;
    if (!t->is_begun || (off < clock_off && off > -clock_off))
        t->clock = told;
}

bool track_report(struct track *t, usec now, struct rtcp_report *ret_report)
{
    uint32_t expected = t->top - t->first + 1;
    uint32_t expected_now = expected - t->expected_before;
    uint32_t received_now = t->received - t->received_before;
    int32_t lost = (int32_t)(expected - t->received);
    struct rtcp_report r = {
        .ssrc = t->ssrc, .top_seq = t->top - 65536u, .jitter = t->jitter_q4 >> 4};

    if (!t->is_begun || !t->ssrc)
        return false;
    if (expected_now && expected_now > received_now)
        r.lost_q8 = (uint8_t)(((uint64_t)(expected_now - received_now) * 255) / expected_now);
    r.lost = lost < -0x800000 ? -0x800000 : lost > 0x7fffff ? 0x7fffff : lost;
    if (t->lsr_at) {
        r.lsr = t->lsr;
        r.dlsr = (uint32_t)((now - t->lsr_at) * 65536 / USEC_S);
    }
    t->expected_before = expected;
    t->received_before = t->received;
    *ret_report = r;
    return true;
}

uint32_t track_ts(const struct track *t, usec at)
{
    return t->clock.ts + (uint32_t)((at - t->clock.at) * (usec)t->rate / USEC_S);
}

usec track_at(const struct track *t, uint32_t ts)
{
    return clock_at(&t->clock, ts, t->rate);
}

/* ---- loudness ---- */

/* Rises within three packets, falls over half a second: a word begins fast, and a pause is not an
 * end. */
void track_level(struct track *t, bool has_level, uint8_t level, bool is_silence, usec now)
{
    int heard = has_level ? 127 - level : is_silence ? 0 : 127 - LEVEL_UNKNOWN;
    int diff = heard * 256 - t->loud_q8;

    t->loud_q8 += diff > 0 ? diff / 3 : diff / 24;
    t->level_at = now;
    if (t->loud_q8 > TRACK_QUIET_Q8)
        t->spoke_at = now;
}

void track_fade(struct track *t, usec now)
{
    if (now - t->level_at > 300 * USEC_MS)
        t->loud_q8 /= 2;
}
