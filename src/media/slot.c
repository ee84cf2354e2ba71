#include "media/slot.h"

#include "base/random.h"
#include "media/ring.h"
#include "media/rtcp.h"
#include "media/sdp.h"
#include "media/track.h"

#include <string.h>

enum {
    /* 4 % and 1 % lost: below, Opus' own concealment does. A line of 5 % reports 4 now and then. */
    RED_ON_Q8 = 10,
    RED_OFF_Q8 = 3,
    MAX_GAP =
        3000, /* RFC 3550 A.1 MAX_DROPOUT: a longer one is a sender that began anew, not loss */
};

void slot_init(struct slot *s, struct slot_book *book, usec now)
{
    s->spans.at = book->spans;
    s->resends = book->resends;
    s->rate = s->kind == SFU_AUDIO ? 48000 : 90000;
    s->is_shown = true;
    s->height = SLOT_HEIGHT;
    s->cap = s->pick = LAYER_ALL;
    memset(s->pts, SDP_NO_PT, sizeof(s->pts));
    memset(s->rtx_pts, SDP_NO_PT, sizeof(s->rtx_pts));
    s->red_pt = SDP_NO_PT;
    /* below 2^15, so that early loss cannot hide the first roll-over (RFC 3711 3.3.1) */
    s->out_top = 65536u + (random_u32() & 0x7fff);
    s->rtx_seq = (uint16_t)(random_u32() & 0x7fff);
    s->base_ts = random_u32();
    s->base_at = now;
    s->pid = (uint16_t)(random_u32() & 0x7fff);
    s->tl0 = (uint8_t)random_u32();
}

/* ---- what to show ---- */

/* The source's late packets still belong here. */
static void leave_source(struct slot *s)
{
    const struct span *last = spans_last(&s->spans);

    if (s->source && last) {
        s->prev = s->source;
        s->prev_end = last->src_end;
    }
    s->source = NULL;
}

static void stop(struct slot *s)
{
    leave_source(s);
    s->next = NULL;
}

bool slot_target(struct slot *s, struct track *t)
{
    struct track *want = s->is_shown && s->is_accepted ? t : NULL;

    if (!want) {
        stop(s);
        return false;
    }
    if (want == s->source || want == s->next) {
        s->next = want == s->source ? NULL : want;
        return false;
    }
    if (s->kind == SFU_AUDIO)
        stop(s); /* two voices in one slot would be heard as noise; a picture may stay until the
                    next is whole */
    s->next = want;
    return s->kind == SFU_VIDEO;
}

void slot_pause(struct slot *s)
{
    struct track *was = s->source;

    leave_source(s);
    if (!s->next)
        s->next = was;
}

void slot_forget(struct slot *s, const struct track *t)
{
    if (s->target == t)
        s->target = NULL;
    if (s->source == t)
        s->source = NULL;
    if (s->next == t)
        s->next = NULL;
    if (s->prev == t)
        s->prev = NULL;
}

/* ---- numbering ---- */

static uint32_t line_at(const struct slot *s, usec at)
{
    return s->base_ts + (uint32_t)((at - s->base_at) * (usec)s->rate / USEC_S);
}

/* The first timestamp of a new source: where its moment lies on the slot's line, but never back. */
static uint32_t first_ts(const struct slot *s, const struct track *t, const struct ring_entry *e)
{
    uint32_t ts = line_at(s, track_at(t, e->ts));
    uint32_t step = s->kind == SFU_AUDIO ? s->rate / 50 : s->rate / 30; /* one packet, one frame */

    if (s->is_begun && (int32_t)(ts - s->out_ts - step) < 0)
        ts = s->out_ts + step;
    return ts;
}

static void switch_to(struct slot *s, struct track *t, const struct ring_entry *e)
{
    struct span span = {.track = t->id, .src_first = e->seq, .temporal = s->pick.temporal};

    /* a frame that was cut gets a hole behind it, so that the browser does not take it for whole */
    span.cut_before = span.cut_behind = SPAN_NO_PID;
    span.out_first = s->out_top + (s->is_begun && s->is_cut ? 2 : 1);
    span.ts_delta = first_ts(s, t, e) - e->ts;
    span.pid_delta = (uint16_t)(s->pid + 1 - e->vp8.picture_id);
    span.tl0_delta = (uint8_t)(s->tl0 + 1 - e->vp8.tl0);
    leave_source(s);
    spans_open(&s->spans, &span);
    s->source = t;
    s->next = NULL;
    s->has_frame = false;
    s->temporal = s->pick.temporal;
}

/* A late packet has a number, because nobody knew what the hole held; its frame may be one that is
 * not shown. One that needs the base layer alone may be shown all the same, and leaves no hole in
 * picture ids. */
static bool was_left_out(const struct span *span, const struct vp8 *v)
{
    if (v->picture_id == span->cut_before || v->picture_id == span->cut_behind)
        return true;
    return v->has_tid && v->tid > span->temporal && !v->y;
}

void slot_again(const struct span *span, const struct ring_entry *e, struct slot_packet *ret_packet)
{
    *ret_packet = (struct slot_packet){
        .seq = (uint16_t)(span->out_first + (e->seq - span->src_first)),
        .ts = e->ts + span->ts_delta,
        .is_marker = e->is_marker,
        .vp8 = e->vp8,
    };
    ret_packet->vp8.picture_id = (e->vp8.picture_id + span->pid_delta) & 0x7fff;
    ret_packet->vp8.tl0 = (uint8_t)(e->vp8.tl0 + span->tl0_delta);
    ret_packet->is_empty = e->n && was_left_out(span, &e->vp8);
    ret_packet->is_marker &= !ret_packet->is_empty;
}

/* The newest packet of the slot: remember how far numbers have gone. */
static void advance(struct slot *s, const struct span *span, const struct ring_entry *e)
{
    s->out_top = span->out_first + (e->seq - span->src_first);
    s->is_cut = s->kind == SFU_VIDEO && !e->is_marker;
    if (!s->is_begun || (int32_t)(e->ts + span->ts_delta - s->out_ts) > 0)
        s->out_ts = e->ts + span->ts_delta;
    s->is_begun = true;
    s->pid = (e->vp8.picture_id + span->pid_delta) & 0x7fff;
    s->tl0 = (uint8_t)(e->vp8.tl0 + span->tl0_delta);
}

/* The packet right behind the span's end is not sent: the next one takes its number. pid: of the
 * frame that it was of, SPAN_NO_PID for padding. Gives the span that goes on. */
static struct span *close_up(struct slot *s, struct span *span, uint16_t pid)
{
    struct span after = *span;

    if (span->src_end == span->src_first) {
        span->src_first++;
        span->src_end++;
        span->cut_before = pid == SPAN_NO_PID ? span->cut_before : pid;
        span->temporal = s->temporal;
        return span;
    }
    after.src_first = span->src_end + 1;
    after.out_first = span->out_first + (span->src_end - span->src_first);
    after.cut_before = pid;
    after.cut_behind = SPAN_NO_PID;
    after.temporal = s->temporal;
    spans_open(&s->spans, &after);
    return spans_last(&s->spans);
}

/* A leap: the source has begun anew. The slot's numbers go on behind a hole. */
static struct span *leap(struct slot *s, const struct span *span, const struct ring_entry *e)
{
    struct span after = *span;

    after.src_first = e->seq;
    after.out_first = s->out_top + 2;
    after.cut_before = after.cut_behind = SPAN_NO_PID;
    spans_open(&s->spans, &after);
    return spans_last(&s->spans);
}

/* ---- temporal layers ---- */

/*
 * Decided once for a frame, by the first of its packets that comes: half a frame helps nobody. Down
 * at once. Up where a frame needs nothing but the base layer (RFC 7741 4.2, Y), one step at a time,
 * because a higher layer's Y says nothing of the layers between; and with a key frame all the way.
 */
static bool shows_frame(struct slot *s, const struct ring_entry *e)
{
    const struct vp8 *v = &e->vp8;

    if (!v->has_tid || e->n == 0)
        return true;
    if (s->has_frame && s->frame_ts == e->ts)
        return s->is_frame_shown;
    if (e->is_key || s->pick.temporal < s->temporal)
        s->temporal = s->pick.temporal;
    else if (v->y && v->tid == s->temporal + 1 && v->tid <= s->pick.temporal)
        s->temporal = (int8_t)v->tid;
    s->has_frame = true;
    s->frame_ts = e->ts;
    s->is_frame_shown = v->tid <= s->temporal;
    return s->is_frame_shown;
}

/* From this frame on more or fewer are shown; what is missing before it is judged as before. */
static struct span *other_temporal(struct slot *s, struct span *span, const struct ring_entry *e)
{
    struct span after = *span;

    span->src_end = e->seq;
    after.src_first = e->seq;
    after.out_first = span->out_first + (e->seq - span->src_first);
    after.cut_before = after.cut_behind = SPAN_NO_PID;
    after.temporal = s->temporal;
    spans_open(&s->spans, &after);
    return spans_last(&s->spans);
}

/* What is missing right before e may yet come: whatever is shown next stands behind it. */
static void keep_hole(struct slot *s, struct span *span, const struct ring_entry *e, bool is_new)
{
    span->src_end = e->seq;
    s->out_top = span->out_first + (span->src_end - span->src_first) - 1;
    s->pid = (uint16_t)(e->vp8.picture_id + span->pid_delta - is_new) & 0x7fff;
    s->tl0 = (uint8_t)(e->vp8.tl0 + span->tl0_delta);
    if ((int32_t)(e->ts + span->ts_delta - s->out_ts) > 0)
        s->out_ts = e->ts + span->ts_delta;
}

/*
 * The packet is of a frame that is not shown. A hole before it may hold packets of shown frames:
 * they keep their numbers. The frames behind go on with the picture id that this one would have
 * had.
 */
static void leave_out(struct slot *s, struct span *span, const struct ring_entry *e)
{
    uint16_t pid = e->vp8.has_picture_id ? e->vp8.picture_id : SPAN_NO_PID;
    bool is_new = span->cut_before != pid;

    if (e->seq != span->src_end)
        keep_hole(s, span, e, is_new);
    if (span->src_end != span->src_first)
        span->cut_behind = pid;
    span = close_up(s, span, pid);
    if (is_new)
        span->pid_delta--;
}

enum slot_result slot_map(struct slot *s, struct track *t, const struct ring_entry *e,
                          struct slot_packet *ret_packet)
{
    const struct span *old;
    struct span *span;
    int32_t ahead;

    if (t == s->next && e->n && (s->kind == SFU_AUDIO || e->is_key) && !track_is_hidden(t, e->seq))
        switch_to(s, t, e);
    span = spans_last(&s->spans);
    ahead = span ? (int32_t)(e->seq - span->src_end) : -1;
    if (t != s->source || ahead < 0) {
        old = spans_by_src(&s->spans, t->id, e->seq);
        if (!old)
            return t == s->next ? SLOT_BEFORE_KEY : SLOT_LATE;
        slot_again(old, e, ret_packet);
        return SLOT_SEND;
    }
    if (!e->n && ahead == 0) {
        close_up(s, span, SPAN_NO_PID);
        return SLOT_SKIP;
    }
    if (ahead > MAX_GAP)
        span = leap(s, span, e);
    if (s->kind == SFU_VIDEO && !shows_frame(s, e)) {
        leave_out(s, span, e);
        return SLOT_SKIP;
    }
    if (span->temporal != s->temporal)
        span = other_temporal(s, span, e);
    span->src_end = e->seq + 1;
    slot_again(span, e, ret_packet);
    ret_packet->is_marker |=
        s->kind == SFU_AUDIO && e->seq == span->src_first; /* a talk spurt, RFC 3551 4.1 */
    advance(s, span, e);
    return SLOT_SEND;
}

/* ---- repeats and reports ---- */

void slot_heard(struct slot *s, uint8_t lost_q8)
{
    if (s->red_pt == SDP_NO_PT)
        return;
    if (lost_q8 >= RED_ON_Q8)
        s->is_red = true;
    else if (lost_q8 <= RED_OFF_Q8)
        s->is_red = false;
}

/* The place where the repeats of a packet are counted. */
static struct resend *place_of(struct slot *s, uint16_t out)
{
    unsigned i = out % SLOT_RESENDS;

    if (!(s->is_resent[i / 64] >> i % 64 & 1)) {
        s->is_resent[i / 64] |= (uint64_t)1 << i % 64;
        s->resends[i] = (struct resend){.out = out};
    }
    return &s->resends[i];
}

enum slot_again slot_may_resend(struct slot *s, uint16_t out, usec rtt_us, usec now)
{
    struct resend *r = place_of(s, out);

    /* … of another packet too: two that share a place would each make the other look new */
    if (r->tries && (uint32_t)now - r->at < rtt_us)
        return SLOT_AGAIN_SOON;
    if (r->out != out)
        *r = (struct resend){.out = out};
    else if (r->tries >= SLOT_MAX_TRIES)
        return SLOT_AGAIN_OFTEN;
    r->tries++;
    r->at = (uint32_t)now;
    return SLOT_AGAIN;
}

unsigned slot_tries(struct slot *s, uint16_t out)
{
    const struct resend *r = place_of(s, out);

    return r->out == out ? r->tries : 0;
}

uint8_t slot_padding_pt(const struct slot *s)
{
    for (int i = 0; i < CODEC_COUNT; i++)
        if (s->rtx_pts[i] != SDP_NO_PT)
            return s->rtx_pts[i];
    return SDP_NO_PT;
}

bool slot_report(const struct slot *s, usec now, struct rtcp_sr *ret_sr)
{
    const struct span *span = s->spans.n ? &s->spans.at[(s->spans.n - 1) % SPANS_MAX] : NULL;

    if (!s->source || !span || !s->packets)
        return false;
    *ret_sr = (struct rtcp_sr){.rtp_ts = track_ts(s->source, now) + span->ts_delta,
                               .packets = s->packets,
                               .octets = s->octets};
    return true;
}
