#include "media/path.h"

#include "base/pkt.h"
#include "base/wr.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/sdp.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"

/*
 *   path_flush: for each viewer ─▶ for each packet of the batch ─▶ for each slot that knows it:
 *               offer ─▶ slot_map ─▶ protect ─▶ out queue
 *                 └─▶ pacer, while the viewer's line is limited ─▶ path_release ─▶ slot_map …
 */

enum {
    RED_OLDER = 200,                   /* bytes of a repeated Opus packet: 20 ms at 80 kbit/s */
    FRONT = RTP_RED_HEADS + RED_OLDER, /* more than an RTX number and a VP8 descriptor */
    PROBE_PACKETS = 5,                 /* at least: the spread of fewer says little */
};

static const usec wait_most = 400 * USEC_MS; /* of a picture; older ones stand for a frozen one */
/* … of a key frame: it stands for all to come. A large one may take twice what the line needs for
 * it, because voices and repeats go first. */
static const usec key_wait_least = 1500 * USEC_MS, key_wait_most = 8 * USEC_S;

/* ---- one packet ---- */

/* What stands between the RTP header and the shared payload: RTX number and the slot's own VP8
 * descriptor. */
static size_t write_front(uint8_t *to, size_t room, const struct slot *slot,
                          const struct slot_packet *sp, const struct ring_entry *e,
                          const uint16_t *original)
{
    struct wr w = wr_init(to, room);
    struct rtp_red older;

    if (original)
        rtp_rtx_write(&w, *original);
    if (e->codec == CODEC_VP8 && e->n && !sp->is_empty)
        vp8_write(&w, &sp->vp8);
    if (sp->older) {
        older = (struct rtp_red){.pt = slot->pts[CODEC_OPUS],
                                 .back = (uint16_t)(e->ts - sp->older->ts),
                                 .p = sp->older->payload,
                                 .n = sp->older->n};
        rtp_red_write(&w, &older, slot->pts[CODEC_OPUS]);
    }
    return wr_len(&w);
}

/* The transport-wide number behind the RTP header, where the viewer takes it. It is spent by
 * note_sent, when the packet goes: one that is never seen would count as lost. */
static void write_number(const struct sfu_peer *viewer, const struct slot *slot, struct wr *w)
{
    if (slot->twcc_id)
        rtp_twcc_write(w, slot->twcc_id, bwe_next(&viewer->down->bwe));
}

/* out: how the packet was called first; n: of its bytes. */
static void note_sent(struct sfu_peer *viewer, const struct slot *slot, uint16_t out, size_t n)
{
    if (slot->twcc_id)
        bwe_sent(&viewer->down->bwe, n, (unsigned)(slot - viewer->slots), out, viewer->sfu->now);
    else
        bwe_sent_plain(&viewer->down->bwe, n);
}

/* n bytes are in it; the line's rate is charged. */
static void put(struct sfu_peer *viewer, struct pkt *out, size_t n)
{
    struct down *d = viewer->down;

    if (d->is_paced)
        pacer_charge(&d->pacer, n + BWE_WRAP, down_pace(d), viewer->sfu->now);
    out->n = (uint32_t)n;
    out->addr = viewer->ice.selected;
    sfu_put(viewer->sfu, out);
}

static void tx_rtp(struct sfu_peer *viewer, struct slot *slot, const struct slot_packet *sp,
                   const struct ring_entry *e, bool is_rtx)
{
    uint8_t header[RTP_MAX_HEADER], front[FRONT];
    size_t skip = sp->is_empty ? e->n : e->vp8.n, pad = is_rtx || sp->is_empty ? 0 : e->pad, n;
    struct rtp h = {.ts = sp->ts,
                    .marker = sp->is_marker,
                    .ssrc = is_rtx ? slot->rtx_ssrc : slot->ssrc,
                    .pt = is_rtx      ? slot->rtx_pts[e->codec]
                          : sp->older ? slot->red_pt
                                      : slot->pts[e->codec],
                    .seq = is_rtx ? slot->rtx_seq++ : sp->seq};
    struct srtp_parts parts = {.header = header,
                               .front = front,
                               .payload = e->payload + skip,
                               .payload_n = e->n - skip + pad};
    struct wr w = wr_init(header, sizeof(header));
    struct pkt *out = pkt_get(viewer->sfu->conf.pool);

    if (!out) {
        sfu_drop(viewer->sfu, DROP_POOL);
        return;
    }
    parts.front_n = write_front(front, sizeof(front), slot, sp, e, is_rtx ? &sp->seq : NULL);
    rtp_write(&w, &h, NULL, NULL);
    header[0] |= pad ? RTP_PADDED : 0;
    write_number(viewer, slot, &w);
    parts.header_n = wr_len(&w);
    if (srtp_protect(viewer->down_keys, is_rtx ? &slot->rtx_tx : &slot->tx, &parts, out->data,
                     PKT_ROOM, &n) < 0) {
        sfu_drop(viewer->sfu, DROP_PROTECT);
        pkt_unref(out);
        return;
    }
    note_sent(viewer, slot, sp->seq, n);
    if (!is_rtx) {
        down_sent(viewer->down);
        viewer->sfu->stats.sent++;
        slot->packets++;
        slot->octets += (uint32_t)(parts.front_n + parts.payload_n - pad);
    }
    out->is_video = slot->kind == SFU_VIDEO;
    put(viewer, out, n);
}

/* What the slot called so, as it is kept; NULL: it is not, or may not be shown any more. */
static const struct ring_entry *kept(const struct sfu_peer *viewer, const struct slot *slot,
                                     uint16_t number, const struct span **ret_span)
{
    uint32_t src;
    const struct span *span = spans_by_out(&slot->spans, number, &src);
    const struct track *t = span ? sfu_room_track_by_id(viewer->room, span->track) : NULL;

    *ret_span = span;
    return t && sfu_room_may_see(viewer, t) ? ring_by_seq(&t->ring, src) : NULL;
}

bool path_is_kept(const struct sfu_peer *viewer, const struct slot *slot, uint16_t number)
{
    const struct span *span;

    return kept(viewer, slot, number, &span) != NULL;
}

bool path_resend(struct sfu_peer *viewer, struct slot *slot, uint16_t number)
{
    const struct span *span;
    const struct ring_entry *e = kept(viewer, slot, number, &span);
    struct slot_packet sp;

    if (!e) {
        sfu_drop(viewer->sfu, DROP_NACK_GONE);
        return false;
    }
    if (slot->rtx_pts[e->codec] == SDP_NO_PT) {
        sfu_drop(viewer->sfu, DROP_NACK_PLAIN); /* the same bytes under the same key a second time
                                                   are refused by srtp */
        return false;
    }
    slot_again(span, e, &sp);
    tx_rtp(viewer, slot, &sp, e, true);
    viewer->sfu->stats.rtx_tx++;
    return true;
}

/* Padding goes by RTX, so that no number of a picture is spent on it (RFC 3550 5.1, P). */
static void tx_padding(struct sfu_peer *viewer, struct slot *slot, uint8_t pt, uint8_t n)
{
    static const uint8_t zeros[255];
    uint8_t header[RTP_MAX_HEADER];
    struct rtp h = {.pt = pt, .ssrc = slot->rtx_ssrc, .seq = slot->rtx_seq++, .ts = slot->out_ts};
    struct srtp_parts parts = {
        .header = header, .front = zeros, .front_n = n - 1u, .payload = &n, .payload_n = 1};
    struct wr w = wr_init(header, sizeof(header));
    struct pkt *out = pkt_get(viewer->sfu->conf.pool);
    size_t out_n;

    if (!out) {
        sfu_drop(viewer->sfu, DROP_POOL);
        return;
    }
    rtp_write(&w, &h, NULL, NULL);
    header[0] |= RTP_PADDED;
    write_number(viewer, slot, &w);
    parts.header_n = wr_len(&w);
    if (srtp_protect(viewer->down_keys, &slot->rtx_tx, &parts, out->data, PKT_ROOM, &out_n) < 0) {
        sfu_drop(viewer->sfu, DROP_PROTECT);
        pkt_unref(out);
        return;
    }
    bwe_sent(&viewer->down->bwe, out_n, BWE_NO_SLOT, 0, viewer->sfu->now);
    put(viewer, out, out_n);
}

void path_probe(struct sfu_peer *viewer, const struct slot *slot, const struct bwe_plan *plan)
{
    size_t around =
        RTP_HEADER + RTP_TWCC_BYTES + BWE_WRAP + srtp_tag_bytes(srtp_keys_suite(viewer->down_keys));
    size_t n = plan->bytes / (around + 255) + 1, pad;
    struct pace_item item = {.is_padding = true, .slot = (uint8_t)(slot - viewer->slots)};

    n = n > PROBE_PACKETS ? n : PROBE_PACKETS;
    pad = plan->bytes / n > around ? plan->bytes / n - around : 1;
    item.seq = (uint32_t)(pad < 255 ? pad : 255);
    bwe_probe(&viewer->down->bwe, (unsigned)n, viewer->sfu->now);
    for (size_t i = 0; i < n; i++) {
        item.at = viewer->sfu->now + plan->length * (usec)i / (usec)(n - 1);
        if (!pacer_add(&viewer->down->pacer, PACE_PROBE, &item))
            sfu_drop(viewer->sfu, DROP_PROBE_FULL);
    }
    peer_wake(viewer, viewer->sfu->now);
}

/* The packet before this one, when it was of the same talk spurt and is small enough. */
static const struct ring_entry *older_of(const struct track *t, const struct ring_entry *e)
{
    const struct ring_entry *older = ring_by_seq(&t->ring, e->seq - 1);

    if (!older || !older->n || older->n > RED_OLDER || track_is_hidden(t, older->seq))
        return NULL;
    return e->ts - older->ts < RTP_RED_BACK ? older : NULL;
}

static void show(struct sfu_peer *viewer, struct slot *slot, struct track *t,
                 const struct ring_entry *e)
{
    struct slot_packet sp;

    switch (slot_map(slot, t, e, &sp)) {
    case SLOT_SEND:
        sp.older = slot->is_red && down_has_room(viewer->down) && e->n ? older_of(t, e) : NULL;
        tx_rtp(viewer, slot, &sp, e, false);
        if (e->is_marker && slot->kind == SFU_VIDEO && track_is_of_key(t, e))
            down_key_passed(viewer->down, (unsigned)(slot - viewer->slots));
        break;
    case SLOT_BEFORE_KEY:
        sfu_drop(viewer->sfu, DROP_BEFORE_KEY);
        break;
    case SLOT_LATE:
        sfu_drop(viewer->sfu, DROP_LATE);
        break;
    case SLOT_SKIP:
        sfu_drop(viewer->sfu, e->n ? DROP_LEFT_OUT : DROP_PADDING);
        break;
    }
}

/* ---- what waits ---- */

static enum pace_class class_of(const struct slot *slot)
{
    return slot->index ? PACE_SMALL : PACE_STAGE;
}

/* On an open line everything goes at once, and voices always do. */
static void offer(struct sfu_peer *viewer, struct slot *slot, struct track *t,
                  const struct ring_entry *e)
{
    struct down *d = viewer->down;
    usec now = viewer->sfu->now;
    struct pace_item item = {
        .track = t, .seq = e->seq, .slot = (uint8_t)(slot - viewer->slots), .at = now};

    viewer->sfu->stats.offered++;
    if (!d->is_paced || slot->kind == SFU_AUDIO || pacer_is_free(&d->pacer, class_of(slot), now))
        show(viewer, slot, t, e);
    else if (pacer_add(&d->pacer, class_of(slot), &item))
        peer_wake(viewer, pacer_next(&d->pacer));
    else {
        sfu_drop(viewer->sfu, DROP_WAIT_FULL);
        down_break(viewer, slot);
    }
}

void path_resend_later(struct sfu_peer *viewer, const struct slot *slot, uint16_t number, usec at)
{
    struct pace_item item = {.seq = number, .slot = (uint8_t)(slot - viewer->slots), .at = at};

    if (pacer_add(&viewer->down->pacer, PACE_AGAIN, &item))
        peer_wake(viewer, pacer_next(&viewer->down->pacer));
    else
        sfu_drop(viewer->sfu, DROP_AGAIN_FULL);
}

/* How late pictures are for a key frame's sake; less and less as the line catches up. */
static void note_lag(usec *io_lag, bool is_key, usec lag)
{
    if (is_key || lag < *io_lag)
        *io_lag = lag;
}

/* It may be shown no longer: sources change and gates close while it waits. */
static void release(struct sfu_peer *viewer, const struct pace_item *item)
{
    struct slot *slot = &viewer->slots[item->slot];
    const struct ring_entry *e;

    if (item->is_padding) {
        tx_padding(viewer, slot, slot_padding_pt(slot), (uint8_t)item->seq);
        bwe_probe_sent(&viewer->down->bwe, viewer->sfu->now);
        return;
    }
    if (!item->track) {
        path_resend(viewer, slot, (uint16_t)item->seq);
        return;
    }
    e = ring_by_seq(&item->track->ring, item->seq);
    if (e)
        note_lag(&viewer->down->key_lag[class_of(slot)], track_is_of_key(item->track, e),
                 viewer->sfu->now - item->at);
    if (e && slot_knows(slot, item->track, item->seq) && sfu_room_may_see(viewer, item->track))
        show(viewer, slot, item->track, e);
    else
        sfu_drop(viewer->sfu, DROP_WAIT_GONE);
}

/* ---- what has waited too long ---- */

static bool is_of_key(const struct pace_item *item)
{
    const struct ring_entry *e = ring_by_seq(&item->track->ring, item->seq);

    return e && track_is_of_key(item->track, e);
}

bool path_key_waits(const struct sfu_peer *viewer, const struct slot *slot, const struct track *t)
{
    const struct pacer *q = &viewer->down->pacer;
    const struct pace_item *item;

    for (unsigned i = 0; (item = pacer_at(q, class_of(slot), i)); i++)
        if (item->track == t && &viewer->slots[item->slot] == slot && is_of_key(item))
            return true;
    return false;
}

/*
 * A key frame takes as long as thirty others, that of a shared page of small print as long as
 * hundreds, and there is nothing better to send meanwhile: one asked for in its place takes as long
 * again. What follows it waits no less than it did, until the line has caught up.
 */
static usec patience(const struct down *d, enum pace_class class, const struct pace_item *item)
{
    usec need;

    if (!is_of_key(item))
        return wait_most + d->key_lag[class];
    need = (usec)item->track->key_bytes * 8 * 2 * USEC_S / down_pace(d);
    return need < key_wait_least ? key_wait_least : need < key_wait_most ? need : key_wait_most;
}

/* A younger key frame that waits in the same line makes all before it needless. */
static bool skip_to_key(struct sfu_peer *viewer, enum pace_class class, struct slot *slot)
{
    const struct track *t = slot->next ? slot->next : slot->source;
    struct pacer *q = &viewer->down->pacer;
    const struct pace_item *item;
    const struct ring_entry *e;
    unsigned i = q->lines[class].n;

    while (i-- > 1) {
        item = pacer_at(q, class, i);
        e = item->track == t && &viewer->slots[item->slot] == slot
                ? ring_by_seq(&t->ring, item->seq)
                : NULL;
        if (!e || !e->is_key)
            continue;
        sfu_drop_some(viewer->sfu, DROP_WAIT_OLD, pacer_cut_some(q, class, item->slot, i));
        slot_pause(slot);
        return true;
    }
    return false;
}

static void give_up_old(struct sfu_peer *viewer, usec now)
{
    const struct down *d = viewer->down;
    const struct pace_item *item;

    for (enum pace_class class = PACE_STAGE; class < PACE_CLASSES; class ++)
        while ((item = pacer_first(&d->pacer, class)) && now - item->at > patience(d, class, item))
            if (!skip_to_key(viewer, class, &viewer->slots[item->slot]))
                down_break(viewer, &viewer->slots[item->slot]);
}

/* The next that may go; NULL: none. */
static const struct pace_item *next_waiting(const struct pacer *q, usec now,
                                            enum pace_class *ret_class)
{
    const struct pace_item *item;

    for (enum pace_class class = 0; class < PACE_CLASSES; class ++) {
        if (class != PACE_PROBE && !pacer_may(q, now))
            return NULL; /* a probe has a pace of its own */
        item = pacer_first(q, class);
        if (item && item->at <= now) {
            *ret_class = class;
            return item;
        }
    }
    return NULL;
}

void path_release(struct sfu_peer *viewer, usec now)
{
    struct pacer *q = &viewer->down->pacer;
    const struct pace_item *item;
    enum pace_class class;

    give_up_old(viewer, now);
    while ((item = next_waiting(q, now, &class))) {
        struct pace_item it = *item;

        pacer_take(q, class);
        release(viewer, &it);
    }
}

/* ---- to all viewers ---- */

bool path_replay(struct sfu_peer *viewer, struct slot *slot, struct track *t)
{
    const struct ring_entry *e;

    if (!viewer->ice.is_selected || track_is_hidden(t, t->key_seq) ||
        !track_has_replay(t, viewer->sfu->now))
        return false;
    for (uint32_t seq = t->key_seq; (int32_t)(t->top - seq) >= 0; seq++) {
        e = ring_by_seq(&t->ring, seq);
        if (e)
            offer(viewer, slot, t, e);
    }
    return true;
}

void path_forward(struct sfu_peer *viewer, struct track *t, const struct ring_entry *e)
{
    unsigned from = t->kind == SFU_AUDIO ? 0 : viewer->naudio;
    unsigned to = t->kind == SFU_AUDIO ? viewer->naudio : viewer->naudio + viewer->nvideo;

    for (unsigned i = from; i < to; i++)
        if (slot_knows(&viewer->slots[i], t, e->seq))
            offer(viewer, &viewer->slots[i], t, e);
}
