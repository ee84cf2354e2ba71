#include "media/path.h"

#include "base/err.h"
#include "base/pkt.h"
#include "base/str.h"
#include "base/table.h"
#include "base/wr.h"
#include "media/down.h"
#include "media/feedback.h"
#include "media/h264.h"
#include "media/opus.h"
#include "media/peer.h"
#include "media/rtcp.h"
#include "media/sdp.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"
#include "media/stun.h"

/*
 *   path_rx ─▶ stun ─▶ peer_rx_stun
 *           ─▶ dtls ─▶ peer_rx_dtls
 *           ─▶ rtcp ─▶ unprotect ─▶ feedback_rx
 *           ─▶ rtp  ─▶ unprotect ─▶ parse ─▶ keep in the ring ─▶ the room's batch
 *   path_flush: for each viewer ─▶ for each packet of the batch ─▶ for each slot that knows it:
 *               offer ─▶ slot_map ─▶ protect ─▶ out queue
 *                 └─▶ pacer, while the viewer's line is limited ─▶ path_release ─▶ slot_map …
 */

enum {
    PAD_MOST = 8,                      /* bytes; below the tag of either suite */
    RED_OLDER = 200,                   /* bytes of a repeated Opus packet: 20 ms at 80 kbit/s */
    FRONT = RTP_RED_HEADS + RED_OLDER, /* more than an RTX number and a VP8 descriptor */
};
enum { PROBE_PACKETS = 5 }; /* at least: the spread of fewer says little */

static const usec wait_most =
    400 * USEC_MS; /* of a picture; what is older stands for a frozen one */

/* ---- stun, dtls, rtcp ---- */

static void rx_stun(struct sfu *s, const struct pkt *p, usec now)
{
    struct sfu_peer *peer;
    struct stun m;
    str ufrag;

    if (stun_parse(p->data, p->n, &m) < 0 || m.method != STUN_BINDING) {
        sfu_drop(s, DROP_STUN_BAD);
        return;
    }
    if (m.class != STUN_REQUEST)
        return; /* keep-alives are indications (RFC 8445 11), and we ask for nothing */
    ufrag = str_cut(m.username, ':').head;
    peer = table_by_key(s->by_ufrag, table_key(ufrag.p, ufrag.n));
    if (!m.username.p || !peer || peer->is_gone) {
        sfu_drop(s, DROP_STUN_USER);
        return;
    }
    peer_rx_stun(peer, &m, ufrag, &p->addr, now);
}

static void rx_rtcp(struct sfu *s, struct sfu_peer *peer, struct pkt *p, usec now)
{
    size_t n;

    if (!peer->is_connected) {
        sfu_drop(s, DROP_KEYS);
        return;
    }
    if (srtcp_unprotect(peer->up_keys, &peer->rtcp_rx, p->data, p->n, &n) < 0) {
        sfu_drop(s, DROP_RTCP_AUTH);
        return;
    }
    if (rtcp_check(p->data, n) < 0) {
        sfu_drop(s, DROP_RTCP_BAD);
        return;
    }
    feedback_rx(peer, p->data, n, now);
}

/* ---- rtp: which track ---- */

static struct track *by_ssrc(const struct sfu_peer *peer, uint32_t ssrc)
{
    for (unsigned i = 0; i < peer->ntracks; i++)
        if (peer->tracks[i]->ssrc == ssrc ||
            (peer->tracks[i]->rtx_ssrc && peer->tracks[i]->rtx_ssrc == ssrc))
            return peer->tracks[i];
    return NULL;
}

/* An SSRC that the offer did not name: by MID and RID on the packet (RFC 8852), else by its payload
 * type (RFC 9143 9.2). */
static struct track *by_name(const struct sfu_peer *peer, const struct rtp *h)
{
    for (unsigned i = 0; i < peer->ntracks; i++) {
        struct track *t = peer->tracks[i];
        struct rtp_exts e = {0};

        if (h->pt != t->pt && h->pt != t->rtx_pt && h->pt != t->red_pt)
            continue;
        rtp_exts_parse(h, &t->exts, &e);
        if (t->rid[0] && !str_eq(h->pt == t->pt ? e.rid : e.rrid, str_c(t->rid)))
            continue; /* all layers share the payload type and the MID */
        if (e.mid.p ? str_eq(e.mid, str_c(t->mid)) : !t->ssrc || h->pt == t->rtx_pt)
            return t;
    }
    return NULL;
}

/*
 * Decrypts in place. A new SSRC is believed only when its tag fits; then it is the track's (RFC
 * 3550 8.2 allows a sender to change it).
 */
static enum drop unprotect(struct sfu_peer *peer, struct pkt *p, const struct rtp *h,
                           struct track **ret_track, bool *ret_is_rtx)
{
    struct track *t = by_ssrc(peer, h->ssrc);
    bool is_known = t != NULL, is_rtx;
    struct srtp_rx fresh = {0}, *rx;
    size_t n;
    int r;

    if (!t)
        t = by_name(peer, h);
    if (!t)
        return DROP_RTP_TRACK;
    is_rtx = is_known ? h->ssrc == t->rtx_ssrc : h->pt == t->rtx_pt;
    if (is_rtx ? h->pt != t->rtx_pt : h->pt != t->pt && h->pt != t->red_pt)
        return DROP_RTP_TYPE;
    rx = is_rtx ? &t->rtx_rx : &t->rx;
    r = srtp_unprotect(peer->up_keys, is_known ? rx : &fresh, p->data, p->n, &n);
    if (r < 0)
        return r == ERR_REPLAY ? DROP_RTP_REPLAY : DROP_RTP_AUTH;
    if (!is_known) {
        *rx = fresh;
        *(is_rtx ? &t->rtx_ssrc : &t->ssrc) = h->ssrc;
    }
    p->n = (uint32_t)n;
    *ret_track = t;
    *ret_is_rtx = is_rtx;
    return DROP_NONE;
}

/* ---- rtp: parse and keep ---- */

/* A picture is entered at its parameter sets, or at its IDR slice when they came long before: the
 * first of the two of one frame. */
static int parse_h264(struct track *t, struct ring_entry *e)
{
    struct h264 h;

    if (h264_parse(e->payload, e->n, &h) < 0)
        return ERR_SYNTAX;
    e->is_key = h.has_sps || (h.has_idr && !(t->has_key && t->key_ts == e->ts));
    return 0;
}

/* Picture ids of 7 bits are unwrapped to 15, so that sources of both widths go on in one slot. */
static int parse_vp8(struct track *t, struct ring_entry *e)
{
    int32_t ahead;

    if (vp8_parse(e->payload, e->n, &e->vp8) < 0)
        return ERR_SYNTAX;
    e->is_key = e->vp8.is_key;
    if (!e->vp8.has_picture_id)
        return 0;
    if (!e->vp8.is_long_id) {
        ahead = ((e->vp8.picture_id - t->last_pid) & 0x7f);
        ahead = ahead > 63 ? ahead - 128 : ahead;
        e->vp8.picture_id = (uint16_t)((t->last_pid + ahead) & 0x7fff);
    }
    t->last_pid = e->vp8.picture_id;
    return 0;
}

static int parse_video(struct track *t, struct ring_entry *e)
{
    if (e->n == 0)
        return 0;
    return e->codec == CODEC_H264 ? parse_h264(t, e) : parse_vp8(t, e);
}

static void hear(struct track *t, const struct ring_entry *e, const struct rtp_exts *exts, usec now)
{
    struct opus o = {0};
    bool is_silence = opus_parse(e->payload, e->n, &o) < 0 || o.is_dtx;

    track_level(t, exts->has_level, exts->level, is_silence, now);
}

static void collect(struct sfu_room *r, struct track *t, uint32_t seq)
{
    if (r->nbatch == ROOM_BATCH || r->nserved)
        path_flush(r);
    r->batch[r->nbatch].track = t;
    r->batch[r->nbatch++].seq = seq;
}

/* The packet is new: into the ring it goes, with its reference. */
static enum drop keep(struct track *t, struct pkt *p, const struct rtp *h,
                      const struct rtp_exts *exts, bool is_rtx)
{
    struct sfu_peer *peer = t->peer;
    usec now = peer->sfu->now, rtt;
    struct ring_entry *kept, e = {.pkt = p,
                                  .payload = h->payload,
                                  .n = (uint16_t)h->payload_n,
                                  .ts = h->ts,
                                  .codec = (uint8_t)t->codec,
                                  .is_marker = h->marker};
    int r;

    e.seq = track_extend(t, h->seq);
    if (t->kind == SFU_VIDEO && parse_video(t, &e) < 0)
        return DROP_RTP_PAYLOAD;
    r = ring_add(&t->ring, &e, &kept);
    if (r < 0)
        return r == ERR_REPLAY ? DROP_RTP_REPLAY : DROP_RTP_OLD;
    rtt = track_nack_rtt(t, e.seq, now);
    if (rtt >= 0)
        peer->rtt_us = peer->rtt_us ? (peer->rtt_us * 7 + rtt) / 8 : rtt;
    if (!t->is_begun) {
        peer->room->is_stale = true;
        peer_wake(peer, now); /* the event `track` */
    }
    if (track_add(t, e.seq, e.ts, is_rtx, now) && t->kind == SFU_VIDEO)
        track_want_key(t);
    track_measure(t, &e, now);
    if (e.is_key)
        track_key_came(t, &e, now);
    if (t->kind == SFU_AUDIO)
        hear(t, &e, exts, now);
    peer_wake(peer, feedback_due(peer));
    collect(peer->room, t, e.seq);
    return DROP_NONE;
}

/* An older block of a RED packet whose own packet has not come: it takes its place. Numbers are not
 * said (RFC 2198 3), but a sender wraps packets that follow each other. */
static void recover(struct track *t, struct pkt *p, const struct rtp *h,
                    const struct rtp_red *block, unsigned back)
{
    struct ring_entry *kept, e = {.payload = block->p,
                                  .n = (uint16_t)block->n,
                                  .ts = h->ts - block->back,
                                  .codec = CODEC_OPUS};

    e.seq = track_extend(t, h->seq) - back;
    if (!t->is_begun || !block->n || (int32_t)(e.seq - t->first) <= 0 ||
        ring_by_seq(&t->ring, e.seq))
        return;
    e.pkt = pkt_ref(p);
    if (ring_add(&t->ring, &e, &kept) < 0) {
        pkt_unref(p);
        return;
    }
    track_add(t, e.seq, e.ts, true, t->peer->sfu->now);
    collect(t->peer->room, t, e.seq);
}

/* Opus is kept unwrapped: each viewer gets it as the offer of that viewer says. */
static int unwrap_red(struct track *t, struct pkt *p, struct rtp *h)
{
    struct rtp_red blocks[RTP_RED_BLOCKS];
    unsigned n;
    int r = rtp_red_parse(h, blocks, &n);

    if (r < 0 || blocks[n - 1].pt != t->pt)
        return ERR_SYNTAX;
    for (unsigned i = 0; i + 1 < n; i++)
        if (blocks[i].pt == t->pt)
            recover(t, p, h, &blocks[i], n - 1 - i);
    h->payload = blocks[n - 1].p;
    h->payload_n = blocks[n - 1].n;
    return 0;
}

/* Of a picture's packet by the publisher's clock, up to a constant; -1: not to be told. */
static usec delay_of(const struct track *t, const struct rtp *h, bool is_rtx, usec now)
{
    usec delay =
        now + USEC_S - track_at(t, h->ts); /* clocks are compared by their least distance */

    return t->kind == SFU_VIDEO && !is_rtx && t->is_begun && delay > 0 ? delay : -1;
}

/* True when the packet was kept with its reference. */
static bool rx_rtp(struct sfu *s, struct sfu_peer *peer, struct pkt *p, usec now)
{
    struct rtp_exts exts = {0};
    struct track *t = NULL;
    bool is_rtx = false;
    enum drop why;
    struct rtp h;

    if (peer->role != SFU_UP || !peer->is_connected) {
        sfu_drop(s, peer->role != SFU_UP ? DROP_RTP_DOWN : DROP_KEYS);
        return false;
    }
    if (rtp_head(p->data, p->n, &h) < 0) {
        sfu_drop(s, DROP_RTP_BAD);
        return false;
    }
    why = unprotect(peer, p, &h, &t, &is_rtx);
    if (why != DROP_NONE) {
        sfu_drop(s, why);
        return false;
    }
    if (rtp_parse(p->data, p->n, &h) < 0) {
        sfu_drop(s, DROP_RTP_BAD);
        return false;
    }
    rtp_exts_parse(&h, &t->exts, &exts);
    if (exts.has_twcc) {
        twcc_add(peer->twcc, exts.twcc, now);
        peer_wake(peer, peer->twcc->due);
    }
    if (peer->has_remb)
        remb_add(&peer->remb, p->n, delay_of(t, &h, is_rtx, now), now);
    if (is_rtx && rtp_rtx_parse(&h, t->pt, t->ssrc) < 0)
        return false; /* a probe: it has been counted, and there is nothing in it */
    if (h.pt == t->red_pt && h.payload_n && unwrap_red(t, p, &h) < 0)
        why = DROP_RTP_PAYLOAD;
    else
        why = keep(t, p, &h, &exts, is_rtx);
    if (why != DROP_NONE)
        sfu_drop(s, why);
    return why == DROP_NONE;
}

/* ---- in ---- */

/* RFC 7983 7: the first byte tells. Nothing but STUN is taken from an address that ICE has not
 * validated. */
static bool demux(struct sfu *s, struct pkt *p, usec now)
{
    uint8_t first = p->n ? p->data[0] : 255;
    struct sfu_peer *peer;

    if (first < 4 && stun_is(p->data, p->n)) {
        rx_stun(s, p, now);
        return false;
    }
    if (first < 20 || (first > 63 && first < 128) || first > 191 || p->n < 12) {
        sfu_drop(s, DROP_UNKNOWN);
        return false;
    }
    peer = table_by_key(s->by_addr, addr_key(&p->addr));
    if (!peer || peer->is_gone || !ice_has(&peer->ice, &p->addr)) {
        sfu_drop(s, DROP_ADDRESS);
        return false;
    }
    if (first <= 63)
        peer_rx_dtls(peer, p->data, p->n, &p->addr, now);
    else if (rtp_is_rtcp(p->data, p->n))
        rx_rtcp(s, peer, p, now);
    else
        return rx_rtp(s, peer, p, now);
    return false;
}

void path_rx(struct sfu *s, struct pkt *p, usec now)
{
    s->stats.rx_packets++;
    s->stats.rx_bytes += p->n;
    if (!demux(s, p, now))
        pkt_unref(p);
}

/* ---- out ---- */

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

/* The transport-wide number behind the RTP header, where the viewer takes it; out: how the packet
 * was called first; rest: all bytes behind the header. */
static void write_number(struct sfu_peer *viewer, const struct slot *slot, uint16_t out,
                         struct wr *w, size_t rest)
{
    rest += RTP_HEADER + srtp_tag_bytes(srtp_keys_suite(viewer->down_keys));
    if (slot->twcc_id)
        rtp_twcc_write(w, slot->twcc_id,
                       bwe_sent(&viewer->down->bwe, rest + RTP_TWCC_BYTES,
                                (unsigned)(slot - viewer->slots), out, viewer->sfu->now));
    else
        bwe_sent_plain(&viewer->down->bwe, rest);
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
    write_number(viewer, slot, sp->seq, &w, parts.front_n + parts.payload_n);
    parts.header_n = wr_len(&w);
    if (srtp_protect(viewer->down_keys, is_rtx ? &slot->rtx_tx : &slot->tx, &parts, out->data,
                     PKT_ROOM, &n) < 0) {
        sfu_drop(viewer->sfu, DROP_PROTECT);
        pkt_unref(out);
        return;
    }
    if (!is_rtx) {
        slot->packets++;
        slot->octets += (uint32_t)(parts.front_n + parts.payload_n - pad);
    }
    out->is_video = slot->kind == SFU_VIDEO;
    put(viewer, out, n);
}

bool path_resend(struct sfu_peer *viewer, struct slot *slot, uint16_t number)
{
    const struct ring_entry *e;
    const struct span *span;
    struct slot_packet sp;
    struct track *t;
    uint32_t src;

    span = spans_by_out(&slot->spans, number, &src);
    t = span ? sfu_room_track_by_id(viewer->room, span->track) : NULL;
    e = t && sfu_room_may_see(viewer, t) ? ring_by_seq(&t->ring, src) : NULL;
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
    header[0] |= 0x20;
    rtp_twcc_write(&w, slot->twcc_id,
                   bwe_sent(&viewer->down->bwe,
                            RTP_HEADER + RTP_TWCC_BYTES + n +
                                srtp_tag_bytes(srtp_keys_suite(viewer->down_keys)),
                            BWE_NO_SLOT, 0, viewer->sfu->now));
    parts.header_n = wr_len(&w);
    if (srtp_protect(viewer->down_keys, &slot->rtx_tx, &parts, out->data, PKT_ROOM, &out_n) < 0) {
        sfu_drop(viewer->sfu, DROP_PROTECT);
        pkt_unref(out);
        return;
    }
    put(viewer, out, out_n);
}

void path_probe(struct sfu_peer *viewer, struct slot *slot, size_t bytes)
{
    size_t around =
        RTP_HEADER + RTP_TWCC_BYTES + BWE_WRAP + srtp_tag_bytes(srtp_keys_suite(viewer->down_keys));
    size_t n = bytes / (around + 255) + 1, pad;

    n = n > PROBE_PACKETS ? n : PROBE_PACKETS;
    pad = bytes / n > around ? bytes / n - around : 1;
    pad = pad < 255 ? pad : 255;
    bwe_probe(&viewer->down->bwe, (unsigned)n, viewer->sfu->now);
    for (size_t i = 0; i < n; i++)
        tx_padding(viewer, slot, slot_padding_pt(slot), (uint8_t)pad);
}

/* The packet before this one, when it was of the same talk spurt and is small enough. */
static const struct ring_entry *older_of(const struct track *t, const struct ring_entry *e)
{
    const struct ring_entry *older = ring_by_seq(&t->ring, e->seq - 1);

    return older && older->n && older->n <= RED_OLDER && e->ts - older->ts < RTP_RED_BACK ? older
                                                                                          : NULL;
}

static void show(struct sfu_peer *viewer, struct slot *slot, struct track *t,
                 const struct ring_entry *e)
{
    struct slot_packet sp;

    switch (slot_map(slot, t, e, &sp)) {
    case SLOT_SEND:
        sp.older = slot->is_red && e->n ? older_of(t, e) : NULL;
        tx_rtp(viewer, slot, &sp, e, false);
        break;
    case SLOT_BEFORE_KEY:
        sfu_drop(viewer->sfu, DROP_BEFORE_KEY);
        break;
    case SLOT_LATE:
        sfu_drop(viewer->sfu, DROP_LATE);
        break;
    case SLOT_SKIP:
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
        sfu_drop(viewer->sfu, DROP_WAIT_FULL);
}

/* It may be shown no longer: sources change and gates close while it waits. */
static void release(struct sfu_peer *viewer, const struct pace_item *item)
{
    struct slot *slot = &viewer->slots[item->slot];
    const struct ring_entry *e;

    if (!item->track) {
        path_resend(viewer, slot, (uint16_t)item->seq);
        return;
    }
    e = ring_by_seq(&item->track->ring, item->seq);
    if (e && slot_knows(slot, item->track, item->seq) && sfu_room_may_see(viewer, item->track))
        show(viewer, slot, item->track, e);
    else
        sfu_drop(viewer->sfu, DROP_WAIT_GONE);
}

/* What is worth showing is at the head of its line: when that is too old, its slot begins anew. */
static void give_up_old(struct sfu_peer *viewer, usec now)
{
    const struct pacer *q = &viewer->down->pacer;
    const struct pace_item *item;

    for (int class = PACE_STAGE; class < PACE_CLASSES; class ++)
        while ((item = pacer_first(q, class)) && now - item->at > wait_most)
            down_break(viewer, &viewer->slots[item->slot]);
}

/* The next that may go; NULL: none. */
static const struct pace_item *next_waiting(const struct pacer *q, usec now,
                                            enum pace_class *ret_class)
{
    const struct pace_item *item;

    for (int class = 0; pacer_may(q, now) && class < PACE_CLASSES; class ++) {
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

    if (!viewer->ice.is_selected || !track_has_replay(t, viewer->sfu->now))
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
