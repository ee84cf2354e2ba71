#include "media/feedback.h"

#include "base/pkt.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/down.h"
#include "media/path.h"
#include "media/peer.h"
#include "media/rtcp.h"
#include "media/sdp.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"

enum {
    COMPOUND = 1200, /* as DTLS: fits every path */
    NACKS_AT_ONCE = 128,
    LOSS_LEAST = 20, /* permille */
    LOSS_MOST = 150, /* more of everything makes worse what is lost for want of room */
};

static const usec report_period = USEC_S;     /* as browsers do; RFC 3550 6.2 allows it */
static const usec report_grid = 20 * USEC_MS; /* reports fall together: one walk serves many */
static const usec reorder_wait = 5 * USEC_MS;
static const usec jitter_most = 15 * USEC_MS;
static const usec double_after = 20 * USEC_MS;
static const usec rtt_least = 20 * USEC_MS;
static const usec layer_gone = USEC_S; /* as layers_is_live */
static const usec clock_jump = 5 * USEC_S; /* more than a report waits on any line we serve */

static usec sooner(usec a, usec b)
{
    return a < b ? a : b;
}

/* ---- from publishers ---- */

/* The least delay seen is the clocks' difference; it may drift, and is the same for all tracks so
 * lips stay in step. A telephone that is told the time by its network, or a liar, jumps: then it is
 * learnt anew. */
static void rx_clock(struct sfu_peer *p, uint64_t ntp, usec now)
{
    usec offset = now - rtcp_ntp_wall(ntp);

    if (!p->has_clock_offset || offset < p->clock_offset || offset - p->clock_offset > clock_jump)
        p->clock_offset = offset;
    else
        p->clock_offset += (offset - p->clock_offset) / 64;
    p->has_clock_offset = true;
}

static void rx_up(struct sfu_peer *p, const struct rtcp *part, usec now)
{
    struct rtcp_sr sr;

    if (part->type != RTCP_SR)
        return;
    if (rtcp_sr_parse(part, &sr) < 0) {
        sfu_drop(p->sfu, DROP_RTCP_PART);
        return;
    }
    for (unsigned i = 0; i < p->ntracks; i++) {
        if (p->tracks[i]->ssrc != part->ssrc || !sr.ntp)
            continue;
        rx_clock(p, sr.ntp, now);
        track_sr(p->tracks[i], &sr, p->clock_offset, now);
    }
}

/* ---- from viewers ---- */

static void rx_reports(struct sfu_peer *p, const struct rtcp *part, usec now)
{
    usec rtt, proved = -1;
    struct rtcp_report r;
    struct slot *slot;
    unsigned lost = 0, i;

    for (i = 0; rtcp_report_parse(part, i, &r); i++) {
        slot = peer_slot_by_ssrc(p, r.ssrc);
        if (!slot)
            continue;
        slot_heard(slot, r.lost_q8);
        lost = r.lost_q8 > lost ? r.lost_q8 : lost;
        rtt = rtcp_rtt(&r, sfu_ntp(p->sfu, now));
        proved = rtt >= 0 ? rtt : proved;
    }
    if (proved >= 0)
        p->rtt_us = p->rtt_us ? (p->rtt_us * 7 + proved) / 8 : proved;
    if (i)
        bwe_report(&p->down->bwe, lost * 1000 / 256, proved, now);
}

static void want_key(struct sfu_peer *p, uint32_t ssrc)
{
    struct slot *slot = peer_slot_by_ssrc(p, ssrc);
    struct track *t = slot ? (slot->next ? slot->next : slot->source) : NULL;

    p->sfu->stats.plis_rx++;
    if (!slot)
        sfu_drop(p->sfu, DROP_RTCP_SSRC);
    if (t && t->kind == SFU_VIDEO)
        down_ask_key(p, slot);
}

/* A browser asks again after a round trip as it measures it. One that asks a few milliseconds
 * before ours is over must not be made to wait for one more: a quarter is left for the difference.
 */
static usec again_after(const struct sfu_peer *p)
{
    usec most = p->rtt_us * 3 / 4;

    return most > rtt_least ? most : rtt_least;
}

/* A line that loses by itself gets a repeat twice, and three and four times when it is asked for
 * again, so that another round trip is seldom needed; apart, because losses come in bursts. */
static void resend_copies(struct sfu_peer *p, struct slot *slot, uint16_t out, usec now)
{
    usec apart = double_after;

    if (p->down->bwe.loss_permille < LOSS_LEAST || p->down->bwe.loss_permille > LOSS_MOST)
        return;
    for (unsigned i = 0; i < slot_tries(slot, out) && down_may_resend(p->down, now); i++) {
        down_resent(p->down);
        path_resend_later(p, slot, out, now + apart);
        apart += double_after;
    }
}

/* Whether it may go again now, by its own count and by the viewer's; counts it if so. */
static enum drop may_resend(struct sfu_peer *p, struct slot *slot, uint16_t out, usec now)
{
    if (!down_may_resend(p->down, now))
        return DROP_NACK_MANY;
    switch (slot_may_resend(slot, out, again_after(p), now)) {
    case SLOT_AGAIN_SOON:
        return DROP_NACK_SOON;
    case SLOT_AGAIN_OFTEN:
        return DROP_NACK_OFTEN;
    case SLOT_AGAIN:
        break;
    }
    down_resent(p->down);
    return DROP_NONE;
}

/* One packet again. True when it does not go, nor has just gone. */
static bool resend(struct sfu_peer *p, struct slot *slot, uint16_t out, usec now)
{
    enum drop why;

    /* Without a source only the key frame that is to come helps. And what the publisher still owes
     * us comes by itself: tries are not spent on it, and no key frame is. */
    if ((p->down->is_paced && !slot->source) || !path_is_kept(p, slot, out)) {
        sfu_drop(p->sfu, DROP_NACK_GONE);
        return false;
    }
    why = may_resend(p, slot, out, now);
    if (why == DROP_NONE) {
        if (p->down->is_paced)
            path_resend_later(p, slot, out, now);
        else if (path_resend(p, slot, out))
            resend_copies(p, slot, out, now);
        return false;
    }
    sfu_drop(p->sfu, why);
    return why != DROP_NACK_SOON;
}

/* So many numbers of one datagram are looked at as are remembered: the rest is told or asked for
 * again and again. */
static bool may_look(struct sfu_peer *p)
{
    if (p->down->looked++ < BWE_HISTORY)
        return true;
    sfu_drop(p->sfu, DROP_RTCP_MUCH);
    return false;
}

/* What transport feedback says is lost need not wait for the viewer's request, which may be lost
 * itself. Not under jitter: there it may only be late; and what was sent right before the newest
 * that has come may be so too: it is looked at again with the next feedback. */
static void resend_lost(struct sfu_peer *p, const struct rtcp_twcc *head, usec now)
{
    struct down *d = p->down;
    uint16_t end = (uint16_t)(head->base_seq + head->count), i = d->unsure;
    const struct bwe_sent *newest = bwe_by_number(&d->bwe, (uint16_t)(end - 1)), *sent;
    usec wait = reorder_wait + 3 * d->bwe.jitter;

    if (!newest || (d->has_unsure && (int16_t)(end - i) <= 0))
        return; /* older than what is waited for */
    if (!d->has_unsure || (uint16_t)(end - i) > BWE_HISTORY)
        i = head->base_seq;
    d->has_unsure = false;
    for (; i != end && d->bwe.jitter < jitter_most && down_may_resend(d, now); i++) {
        sent = bwe_by_number(&d->bwe, i);
        if (!sent || !sent->is_lost || sent->is_here || sent->slot >= p->naudio + p->nvideo)
            continue;
        if ((int32_t)(newest->at - sent->at) < wait) {
            d->unsure = i; /* and all behind it */
            d->has_unsure = true;
            return;
        }
        if (p->slots[sent->slot].kind == SFU_VIDEO && p->slots[sent->slot].rtx_ssrc)
            (void)resend(p, &p->slots[sent->slot], sent->out, now);
    }
}

static void rx_transport(struct sfu_peer *p, const struct rtcp *part, usec now)
{
    usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head;

    if (!may_look(p))
        return;
    if (rtcp_twcc_parse(part, &head, at) < 0) {
        sfu_drop(p->sfu, DROP_RTCP_PART);
        return;
    }
    p->down->looked += head.count;
    bwe_feedback(&p->down->bwe, &head, at, now);
    resend_lost(p, &head, now);
}

static void rx_nacks(struct sfu_peer *p, const struct rtcp *part, usec now)
{
    struct slot *slot = peer_slot_by_ssrc(p, part->media_ssrc);
    uint16_t seqs[NACKS_AT_ONCE];
    unsigned n = rtcp_nack_parse(part, seqs, NACKS_AT_ONCE);
    bool is_beyond = false;

    p->sfu->stats.nacks_rx += n;
    if (!slot)
        sfu_drop(p->sfu, DROP_RTCP_SSRC);
    for (unsigned i = 0; slot && i < n && may_look(p); i++)
        is_beyond |= resend(p, slot, seqs[i], now);
    if (is_beyond && slot->source && slot->kind == SFU_VIDEO)
        down_ask_key(p, slot); /* the browser will ask too, but waits longer */
}

static void rx_down(struct sfu_peer *p, const struct rtcp *part, usec now)
{
    uint32_t ssrc;
    uint8_t command;
    int64_t bps;

    if (part->type == RTCP_RR || part->type == RTCP_SR) {
        rx_reports(p, part, now);
    } else if (part->type == RTCP_RTPFB && part->count == RTCP_FMT_TWCC) {
        rx_transport(p, part, now);
    } else if (part->type == RTCP_RTPFB) {
        rx_nacks(p, part, now);
    } else if (rtcp_remb_parse(part, &bps) == 0) {
        bwe_cap(&p->down->bwe, bps, now);
    } else if (rtcp_is_pli(part)) {
        want_key(p, part->media_ssrc);
    } else {
        for (unsigned i = 0; rtcp_fir_parse(part, i, &ssrc, &command); i++)
            want_key(p, ssrc);
    }
}

void feedback_rx(struct sfu_peer *p, const uint8_t *d, size_t n, usec now)
{
    struct rd r = rd_init(d, n);
    struct rtcp part;

    if (p->role == SFU_DOWN)
        p->down->looked = 0;
    while (rtcp_next(&r, &part)) {
        if (p->role == SFU_UP)
            rx_up(p, &part, now);
        else
            rx_down(p, &part, now);
    }
    if (p->role == SFU_DOWN)
        down_heard(p, now);
}

/* ---- to publishers ---- */

static void tx(struct sfu_peer *p, const struct wr *w)
{
    if (w->err)
        sfu_drop(p->sfu, DROP_RTCP_LONG);
    else if (wr_len(w))
        peer_tx_rtcp(p, w->start, wr_len(w));
}

/* What one track asks of its publisher. */
struct asked {
    uint32_t ssrc;
    unsigned n; /* of seqs */
    bool is_key;
    uint16_t seqs[NACKS_AT_ONCE];
};

/* Into the compound in buf; when it is full, it goes and another begins. */
static void add_requests(struct sfu_peer *p, struct wr *w, uint8_t *buf, const struct asked *a)
{
    struct wr before = *w;

    for (int i = 0; i < 2; i++) {
        if (a->n)
            rtcp_nack_write(w, p->ssrc, a->ssrc, a->seqs, a->n);
        if (a->is_key)
            rtcp_pli_write(w, p->ssrc, a->ssrc);
        if (!w->err)
            return;
        tx(p, &before);
        *w = wr_init(buf, COMPOUND);
        rtcp_rr_write(w, p->ssrc, NULL, 0);
    }
}

/* Of a size that the publisher has stopped sending no key frame comes, whoever wanted one: asked
 * for without end it would be made of all the others, on a line that has become thin. Who is shown
 * that size again asks again. */
static void forget_key(struct track *t, usec now)
{
    const struct layers *g = t->layers;
    usec heard = layers_heard_at(g);

    if (g->n > 1 && now - t->last_at > layer_gone && now - heard < layer_gone)
        t->is_key_wanted = false;
}

/* Lost packets and key frames, at once. */
static void tx_requests(struct sfu_peer *p, usec now)
{
    usec rtt = p->rtt_us ? p->rtt_us : 100 * USEC_MS;
    uint8_t buf[COMPOUND];
    struct wr w = wr_init(buf, sizeof(buf));
    struct asked a;
    size_t empty;

    rtcp_rr_write(&w, p->ssrc, NULL, 0);
    empty = wr_len(&w);
    for (unsigned i = 0; i < p->ntracks; i++) {
        struct track *t = p->tracks[i];

        forget_key(t, now);
        a.ssrc = t->ssrc;
        a.n = track_nacks(t, rtt, now, a.seqs, NACKS_AT_ONCE);
        a.is_key = t->ssrc && now >= track_key_due(t);
        add_requests(p, &w, buf, &a);
        p->sfu->stats.nacks_tx += a.n;
        p->sfu->stats.plis_tx += a.is_key;
    }
    /* behind the loop: layers of one source are asked together */
    for (unsigned i = 0; i < p->ntracks; i++)
        if (p->tracks[i]->ssrc && now >= track_key_due(p->tracks[i]))
            track_key_asked(p->tracks[i], now);
    if (wr_len(&w) > empty)
        tx(p, &w);
}

static void tx_transport(struct sfu_peer *p, usec now)
{
    uint8_t buf[COMPOUND];
    bool is_more = p->ntracks > 0;

    while (is_more) {
        struct wr w = wr_init(buf, sizeof(buf));

        rtcp_rr_write(&w, p->ssrc, NULL, 0);
        is_more = twcc_write(p->twcc, &w, p->ssrc, p->tracks[0]->ssrc, now);
        if (is_more)
            tx(p, &w);
    }
}

static void write_remb(struct sfu_peer *p, struct wr *w, const struct rtcp_report *reports,
                       unsigned n, usec now)
{
    uint32_t ssrcs[MAX_UP_TRACKS];
    unsigned lost = 0;
    int64_t bps;

    for (unsigned i = 0; i < n; i++) {
        ssrcs[i] = reports[i].ssrc;
        lost = reports[i].lost_q8 > lost ? reports[i].lost_q8 : lost;
    }
    bps = remb_tell(&p->remb, lost, now);
    if (bps && n)
        rtcp_remb_write(w, p->ssrc, ssrcs, n, bps);
}

static void tx_receiver_report(struct sfu_peer *p, usec now)
{
    struct rtcp_report reports[MAX_UP_TRACKS] = {0};
    uint8_t buf[COMPOUND];
    struct wr w = wr_init(buf, sizeof(buf));
    unsigned n = 0;

    for (unsigned i = 0; i < p->ntracks; i++)
        if (track_report(p->tracks[i], now, &reports[n]))
            n++;
    rtcp_rr_write(&w, p->ssrc, reports, n);
    rtcp_cname_write(&w, p->ssrc, str_c(p->room->cname));
    if (p->has_remb)
        write_remb(p, &w, reports, n, now);
    tx(p, &w);
}

/* ---- to viewers ---- */

static void tx_sender_reports(struct sfu_peer *p, usec now)
{
    uint8_t buf[COMPOUND];
    struct wr w = wr_init(buf, sizeof(buf));
    struct rtcp_sr sr;

    for (unsigned i = 0; i < p->naudio + p->nvideo; i++) {
        struct slot *slot = &p->slots[i];

        if (!slot_report(slot, now, &sr))
            continue;
        sr.ntp = sfu_ntp(p->sfu, now);
        rtcp_sr_write(&w, slot->ssrc, &sr);
        rtcp_cname_write(&w, slot->ssrc, str_c(p->room->cname));
    }
    if (!wr_len(&w)) /* a page that hears nothing at all for some seconds takes another way */
        rtcp_rr_write(&w, p->ssrc, NULL, 0);
    tx(p, &w);
}

/* ---- when ---- */

void feedback_tick(struct sfu_peer *p, usec now)
{
    if (p->role == SFU_UP) {
        tx_requests(p, now);
        tx_transport(p, now);
    } else {
        down_tick(p, now);
    }
    if (now < p->report_due)
        return;
    if (p->role == SFU_UP)
        tx_receiver_report(p, now);
    else
        tx_sender_reports(p, now);
    p->report_due = (now + report_period) / report_grid * report_grid;
}

usec feedback_due(const struct sfu_peer *p)
{
    usec due = p->report_due;

    for (unsigned i = 0; i < p->ntracks; i++) {
        due = sooner(due, track_nacks_due(p->tracks[i]));
        if (p->tracks[i]->ssrc)
            due = sooner(due, track_key_due(p->tracks[i]));
    }
    return sooner(due, p->twcc ? p->twcc->due : down_due(p));
}
