#include "media/path.h"

#include "base/err.h"
#include "base/limits.h"
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
 *
 * and on in path_flush.c and path_down.c.
 */

/* ---- stun, dtls, rtcp ---- */

/* Each of these says what became of the datagram: path_rx counts it. */

static enum drop rx_stun(struct sfu *s, const struct pkt *p, usec now)
{
    struct sfu_peer *peer;
    struct stun m;
    str ufrag;

    if (stun_parse(p->data, p->n, &m) < 0 || m.method != STUN_BINDING)
        return DROP_STUN_BAD;
    if (m.class != STUN_REQUEST)
        return DROP_STUN_CLASS; /* keep-alives are indications (RFC 8445 11) */
    ufrag = str_cut(m.username, ':').head;
    peer = table_by_key(s->by_ufrag, table_key(ufrag.p, ufrag.n));
    if (!m.username.p || !peer || peer->is_gone)
        return DROP_STUN_USER;
    return peer_rx_stun(peer, &m, ufrag, &p->addr, now);
}

static enum drop rx_rtcp(struct sfu_peer *peer, struct pkt *p, usec now)
{
    size_t n;

    if (!peer->is_connected)
        return DROP_KEYS;
    if (srtcp_unprotect(peer->up_keys, &peer->rtcp_rx, p->data, p->n, &n) < 0)
        return DROP_RTCP_AUTH;
    if (rtcp_check(p->data, n) < 0)
        return DROP_RTCP_BAD;
    feedback_rx(peer, p->data, n, now);
    return DROP_NONE;
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
 * Decrypts in place. A new SSRC is believed only when its tag fits; then it is the track's, and for
 * good once the track has begun. A sender might change it after a collision (RFC 3550 8.2), of
 * which there is none in a connection that it has for itself, and browsers keep it when another
 * camera is chosen; but whoever kept packets of an older one could bring it back, past the replay
 * window.
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
    if (!is_known && !is_rtx && t->is_begun && t->ssrc)
        return DROP_RTP_TRACK; /* without one it was begun by a repeat */
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

/* Each packet is multiplied by the viewers, and voices never wait: a publisher that sends without
 * measure would take everybody's line. */
static bool may_bring(struct track *t, size_t n, usec now)
{
    return (t->kind != SFU_AUDIO || bucket_take(&t->voice, (int64_t)n, MAX_VOICE_BYTES_S,
                                                MAX_VOICE_BYTES_S, now)) &&
           bucket_take(&t->peer->up, (int64_t)n, MAX_UP_BYTES_S, 2 * MAX_UP_BYTES_S, now);
}

/* Of a picture's packet by the publisher's clock, up to a constant; -1: not to be told. */
static usec delay_of(const struct track *t, const struct rtp *h, bool is_rtx, usec now)
{
    usec delay =
        now + USEC_S - track_at(t, h->ts); /* clocks are compared by their least distance */

    return t->kind == SFU_VIDEO && !is_rtx && t->is_begun && delay > 0 ? delay : -1;
}

/* Taken: the packet was kept with its reference. */
static enum drop rx_rtp(struct sfu_peer *peer, struct pkt *p, usec now)
{
    struct rtp_exts exts = {0};
    struct track *t = NULL;
    bool is_rtx = false, is_probe;
    enum drop why;
    struct rtp h;

    if (peer->role != SFU_UP || !peer->is_connected)
        return peer->role != SFU_UP ? DROP_RTP_DOWN : DROP_KEYS;
    if (rtp_head(p->data, p->n, &h) < 0)
        return DROP_RTP_BAD;
    why = unprotect(peer, p, &h, &t, &is_rtx);
    if (why != DROP_NONE)
        return why;
    if (rtp_parse(p->data, p->n, &h) < 0)
        return DROP_RTP_BAD;
    is_probe = is_rtx && h.payload_n < sizeof(uint16_t); /* RFC 4588 4: the number alone */
    if (!is_probe && !may_bring(t, p->n, now))
        return DROP_RTP_RATE; /* before it is told to have come: its sender is to slow down */
    rtp_exts_parse(&h, &t->exts, &exts);
    if (exts.has_twcc) {
        twcc_add(peer->twcc, exts.twcc, now);
        peer_wake(peer, peer->twcc->due);
    }
    if (peer->has_remb)
        remb_add(&peer->remb, p->n, delay_of(t, &h, is_rtx, now), now);
    if (is_rtx && rtp_rtx_parse(&h, t->pt, t->ssrc) < 0)
        return DROP_RTX_EMPTY; /* a probe: the estimate has counted it */
    if (h.pt == t->red_pt && h.payload_n && unwrap_red(t, p, &h) < 0)
        return DROP_RTP_PAYLOAD;
    return keep(t, p, &h, &exts, is_rtx);
}

/* ---- in ---- */

/* RFC 7983 7: the first byte tells. Nothing but STUN is taken from an address that ICE has not
 * validated. *ret_is_kept: the packet is in a ring now. */
static enum drop demux(struct sfu *s, struct pkt *p, usec now, bool *ret_is_kept)
{
    uint8_t first = p->n ? p->data[0] : 255;
    struct sfu_peer *peer;
    enum drop why;

    if (first < 4 && stun_is(p->data, p->n))
        return rx_stun(s, p, now);
    if (first < 20 || (first > 63 && first < 128) || first > 191 || p->n < 12)
        return DROP_UNKNOWN;
    peer = table_by_key(s->by_addr, addr_key(&p->addr));
    if (!peer || peer->is_gone || !ice_has(&peer->ice, &p->addr))
        return DROP_ADDRESS;
    if (first <= 63)
        return peer_rx_dtls(peer, p->data, p->n, &p->addr, now);
    if (rtp_is_rtcp(p->data, p->n))
        return rx_rtcp(peer, p, now);
    why = rx_rtp(peer, p, now);
    *ret_is_kept = why == DROP_NONE;
    return why;
}

void path_rx(struct sfu *s, struct pkt *p, usec now)
{
    bool is_kept = false;
    enum drop why;

    s->stats.rx_packets++;
    s->stats.rx_bytes += p->n;
    why = demux(s, p, now, &is_kept);
    if (why == DROP_NONE)
        s->stats.rx_taken++;
    else
        sfu_drop(s, why);
    if (!is_kept)
        pkt_unref(p);
}
