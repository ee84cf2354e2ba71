#include "sim/viewer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/layer.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/twcc.h"
#include "media/vp8.h"
#include "sim/check.h"
#include "sim/peer.h"
#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

enum {
    AUDIOS = VIEWER_AUDIOS,
    VIDEOS = VIEWER_WIDE,
    RECEIVERS = AUDIOS + VIDEOS,
    WINDOW = 1024,
    FRAMES = 64,
    NACKS = 64,
    NACK_TRIES = 10
};

static const usec tick_period = 10 * USEC_MS;
static const usec nack_wait = 10 * USEC_MS, nack_least = 60 * USEC_MS;
static const usec video_patience = 600 * USEC_MS, audio_patience = 60 * USEC_MS;
static const usec pli_period = 300 * USEC_MS;
/* As libwebrtc: each receiver for itself, a half to one and a half of it apart. */
static const usec report_period[] = {[SFU_AUDIO] = 5 * USEC_S, [SFU_VIDEO] = USEC_S};
static const usec remb_period = USEC_S;
static const usec clock_slack = 5 * USEC_S; /* what a report may wait on a line */

/* A packet that came, or one that is missing (then asked, asked_at, since count). */
struct piece {
    uint32_t seq;
    bool is_here, is_marker, is_key, is_start, is_empty, is_h264;
    uint32_t ts, frame, needs;
    uint16_t index, count, pid;
    uint8_t tid, tl0;
    bool y;
    uint8_t asked, copies; /* copies: that came by RTX */
    usec since, asked_at;
    int64_t person;
};

struct receiver {
    enum sfu_kind kind;
    uint32_t ssrc, rtx_ssrc;
    struct srtp_rx rx, rtx_rx;
    bool is_begun, is_open, is_open_key, is_whole, is_stashed, has_empty, is_broken, has_frame,
        is_timed, is_key_wanted;
    uint32_t next, top; /* the next to be used; the highest that came */
    struct piece at[WINDOW];
    uint32_t last_ts, number;
    uint16_t last_pid, open_pid, open_index;
    uint32_t shown[FRAMES];                      /* by their number */
    uint16_t in_layer[LAYER_TEMPORALS], missing; /* picture ids: newest of each layer; not shown */
    uint8_t last_tl0;
    uint32_t told_top; /* as of the last report, and of the next */
    unsigned told_came;
    usec next_report;
    struct rtcp_sr sr; /* of this slot, last */
    usec sr_at;
    usec pli_at;
    struct slot_stats stats;
};

struct viewer {
    struct sim_peer *peer;
    struct receiver receivers[RECEIVERS];
    usec next_tick, next_remb;
    int64_t remb_bps;
    bool has_clock;
    usec clock; /* of the first report, minus ours */
    struct twcc twcc;
    unsigned own;
};

static const struct rtp_ext_ids ids = {.id = {[RTP_EXT_TWCC] = SIM_EXT_TWCC}};

/* ---- connecting ---- */

static uint32_t number_of(str s)
{
    uint64_t n = 0;

    assert_non_null(s.p);
    assert_int_equal(str_u64(str_cut(s, ' ').head, UINT32_MAX, &n), 0);
    return (uint32_t)n;
}

/* The voice and the picture of the stage are one stream, which a browser keeps in step; every other
 * slot is a stream of its own. */
static void assert_stream(str answer, int i, bool is_stage)
{
    str stream = str_cut(sim_sdp_line(answer, i, "a=msid:"), ' ').head;

    assert_true(stream.n > 0 && str_eq(stream, S("stage")) == is_stage);
    for (int k = 0; k < i && !is_stage; k++)
        assert_false(str_eq(stream, str_cut(sim_sdp_line(answer, k, "a=msid:"), ' ').head));
}

struct viewer *viewer_new(struct sim_peer *p, bool is_backstage, struct arena *a)
{
    struct viewer *v = calloc(1, sizeof(*v));
    str answer, fid;

    assert_non_null(v);
    v->peer = p;
    v->next_tick = v->next_remb = p->world->now;
    twcc_init(&v->twcc);
    assert_int_equal(sim_peer_connect(p, SFU_DOWN, is_backstage, viewer_offer(a, p), a,
                                      &answer), 0);
    for (int i = 0; i < AUDIOS + (p->is_wide ? VIEWER_WIDE : VIEWER_VIDEOS); i++) {
        struct receiver *r = &v->receivers[i];

        r->kind = i < AUDIOS ? SFU_AUDIO : SFU_VIDEO;
        assert_stream(answer, i, i == 0 || i == AUDIOS);
        r->ssrc = number_of(sim_sdp_line(answer, i, "a=ssrc:"));
        if (r->kind == SFU_AUDIO)
            continue;
        fid = sim_sdp_line(answer, i, "a=ssrc-group:FID ");
        assert_int_equal(number_of(fid), r->ssrc);
        r->rtx_ssrc = number_of(str_cut(fid, ' ').tail);
    }
    return v;
}

/* ---- packets in order ---- */

static void use_frame(struct receiver *r, const struct piece *e, usec now)
{
    struct slot_stats *s = &r->stats;

    r->is_broken = false;
    if (r->is_timed && now - s->last_at > s->freeze)
        s->freeze = now - s->last_at;
    r->is_timed = true;
    s->last_at = now;
    s->person = e->person;
    s->frames++;
    s->keys += r->is_open_key;
    s->unfounded += !r->is_open_key && r->shown[e->needs / 4 % FRAMES] != e->needs;
    s->layer = (int)(e->frame % 4);
    r->shown[e->frame / 4 % FRAMES] = e->frame;
    for (int i = 0; i < LAYER_TEMPORALS; i++)
        if (i == e->tid || r->is_open_key)
            r->in_layer[i] = e->pid;
    if (r->is_open_key)
        r->missing = (e->pid - 1) & 0x7fff;
    r->last_tl0 = e->tl0;
    r->has_frame = true;
}

static bool pid_after(uint16_t a, uint16_t b)
{
    return a != b && ((a - b) & 0x7fff) < 0x4000;
}

/*
 * As libwebrtc judges it (RtpVp8RefFinder): a base frame needs the one before; a sync frame its
 * base frame; others need that nothing is missing since the newest frame of each layer below.
 */
static bool is_founded(const struct receiver *r, const struct piece *e)
{
    if (e->tid == 0)
        return e->tl0 == (uint8_t)(r->last_tl0 + 1);
    for (int i = 0; e->tl0 == r->last_tl0 && !e->y && i <= e->tid; i++)
        if (pid_after(r->missing, r->in_layer[i]))
            return false;
    return e->tl0 == r->last_tl0;
}

/* The first packet of a frame: picture ids go on, unless numbers were left empty. */
static void open_picture(struct receiver *r, const struct piece *e)
{
    bool goes_on = e->pid == ((r->last_pid + 1) & 0x7fff);

    if (r->has_frame && !r->is_broken && !r->has_empty && !goes_on && !e->is_key)
        r->stats.bad_ids++;
    if (!goes_on && pid_after(e->pid, r->last_pid))
        r->missing = (e->pid - 1) & 0x7fff;
    r->is_open = true;
    r->is_open_key = e->is_key;
    r->is_whole = e->is_key || (r->has_frame && !r->is_broken && is_founded(r, e));
    r->is_stashed = !r->is_whole && e->tid > 0;
    r->last_pid = r->open_pid = e->pid;
    r->open_index = 0;
    r->has_empty = false;
}

static void use_picture(struct receiver *r, const struct piece *e, usec now)
{
    if (e->is_start) {
        open_picture(r, e);
    } else if (!r->is_open || e->pid != r->open_pid || e->index != r->open_index + 1) {
        r->stats.torn += r->is_open && r->is_whole;
        r->is_whole = false;
    } else {
        r->open_index = e->index;
    }
    if (!e->is_marker)
        return;
    if (r->is_open && r->is_whole && e->index + 1 == e->count)
        use_frame(r, e, now);
    else if (r->is_stashed)
        r->missing = e->pid; /* nothing but its own layer waits for it */
    else
        r->is_broken = true;
    r->is_open = false;
}

static void use_voice(struct receiver *r, const struct piece *e, usec now)
{
    struct slot_stats *s = &r->stats;

    if (s->voices && s->person == e->person && e->frame > r->number) {
        unsigned gap = e->frame - r->number - 1;

        s->voice_gaps += gap;
        s->longest_gap = gap > s->longest_gap ? gap : s->longest_gap;
    }
    r->number = e->frame;
    s->person = e->person;
    s->last_at = now;
    s->voices++;
}

static void use(struct receiver *r, const struct piece *e, usec now)
{
    if (r->stats.packets > 1 && (int32_t)(e->ts - r->last_ts) < 0)
        r->stats.back++;
    r->last_ts = e->ts;
    r->has_empty |= e->is_empty;
    if (e->is_empty)
        return;
    if (r->kind == SFU_AUDIO)
        use_voice(r, e, now);
    else
        use_picture(r, e, now);
}

/* Where a whole key frame waits beyond the hole; 0: nowhere. */
static uint32_t whole_key(const struct receiver *r)
{
    for (uint32_t seq = r->next; (int32_t)(r->top - seq) >= 0; seq++) {
        const struct piece *e = &r->at[seq % WINDOW];
        bool is_whole = e->is_here && e->seq == seq && e->is_key;

        for (uint32_t k = 1; is_whole && k < e->count; k++)
            is_whole =
                r->at[(seq + k) % WINDOW].is_here && r->at[(seq + k) % WINDOW].seq == seq + k;
        if (is_whole)
            return seq;
    }
    return 0;
}

static void skip_to(struct receiver *r, uint32_t seq)
{
    r->stats.given_up += seq - r->next;
    r->next = seq;
    r->is_open = false;
    r->is_broken = true;
}

/* What a browser learns from its reports; here the link tells. */
static usec round_trip(const struct viewer *v)
{
    return v->peer->up.delay + v->peer->down.delay;
}

/* A picture is worth three round trips of waiting; a voice must go on. */
static usec patience_of(const struct viewer *v, const struct receiver *r)
{
    usec three = 3 * round_trip(v);

    if (r->kind == SFU_AUDIO)
        return audio_patience;
    return three > video_patience ? three : video_patience;
}

/* Uses what is in order; over a hole it goes when a key frame waits behind it, or when patience
 * ends. */
static void use_all(struct receiver *r, usec patience, usec now)
{
    while (r->is_begun && (int32_t)(r->top - r->next) >= 0) {
        struct piece *e = &r->at[r->next % WINDOW];
        uint32_t key;

        if (e->is_here && e->seq == r->next) {
            use(r, e, now);
            r->next++;
            continue;
        }
        key = r->kind == SFU_VIDEO ? whole_key(r) : 0;
        if (key)
            skip_to(r, key);
        else if (now - e->since > patience)
            skip_to(r, r->next + 1);
        else
            return;
    }
}

/* ---- a packet comes ---- */

static struct receiver *receiver_of(struct viewer *v, uint32_t ssrc)
{
    for (int i = 0; i < RECEIVERS; i++)
        if (v->receivers[i].ssrc == ssrc ||
            (v->receivers[i].rtx_ssrc && v->receivers[i].rtx_ssrc == ssrc))
            return &v->receivers[i];
    return NULL;
}

static void read_payload(struct viewer *v, struct receiver *r, const struct rtp *h, struct piece *e)
{
    struct rd rd = rd_init(h->payload, h->payload_n);
    struct vp8 vp8 = {0};

    e->is_empty = h->payload_n == 0;
    if (e->is_empty)
        return;
    if (r->kind == SFU_AUDIO) {
        rd_u8(&rd);
    } else if (e->is_h264) {
        e->is_key = rd_u8(&rd) == 0x67;
        rd_u8(&rd);
    } else {
        assert_int_equal(vp8_parse(h->payload, h->payload_n, &vp8), 0);
        rd_bytes(&rd, vp8.n + 10u);
        e->is_key = vp8.is_key;
        e->is_start = vp8.is_start;
        e->pid = vp8.picture_id;
        e->tid = vp8.tid;
        e->tl0 = vp8.tl0;
        e->y = vp8.y;
    }
    e->frame = rd_u32(&rd);
    e->index = r->kind == SFU_VIDEO ? rd_u16(&rd) : 0;
    e->count = r->kind == SFU_VIDEO ? rd_u16(&rd) : 0;
    e->person = rd_u32(&rd);
    e->needs = r->kind == SFU_VIDEO ? rd_u32(&rd) : 0;
    if (e->is_h264) { /* which has none of these: frames are counted instead */
        e->is_start = e->index == 0;
        e->pid = e->frame / 4 & 0x7fff;
        e->tl0 = (uint8_t)(e->frame / 4);
    }
    assert_false(rd.err);
    v->own += e->person == v->peer->person;
}

static void begin(struct receiver *r, uint16_t seq, usec now)
{
    r->is_begun = true;
    r->next = 65536u + seq;
    r->top = r->told_top = r->next - 1;
    r->stats.first_seq = r->next;
    r->next_report = now + report_period[r->kind] / 2;
}

/* Places between the old top and the new one are missing from now on. */
static struct piece *place(struct receiver *r, uint16_t seq16, usec now)
{
    int32_t ahead = (int16_t)(uint16_t)(seq16 - (uint16_t)r->top);
    uint32_t seq = r->top + (uint32_t)ahead;

    if (ahead <= 0)
        return (int32_t)(seq - r->next) < 0 ? NULL : &r->at[seq % WINDOW];
    while (r->top != seq) {
        r->top++;
        if (r->top - r->next >= WINDOW)
            skip_to(r, r->next + 1);
        r->at[r->top % WINDOW] = (struct piece){.seq = r->top, .since = now};
    }
    return &r->at[seq % WINDOW];
}

/* However often a repeat comes, and whether it is still of use. */
static void count_copy(struct receiver *r, uint16_t seq16)
{
    int32_t ahead = (int16_t)(uint16_t)(seq16 - (uint16_t)r->top);
    uint32_t seq = r->top + (uint32_t)ahead;
    struct piece *e = &r->at[seq % WINDOW];

    if (e->seq == seq && ++e->copies > r->stats.most_copies)
        r->stats.most_copies = e->copies;
}

static bool is_right(const struct viewer *v, const struct receiver *r, uint8_t pt)
{
    if (r->kind == SFU_AUDIO)
        return pt == SIM_AUDIO_PT || (pt == SIM_RED_PT && !v->peer->is_plain);
    return pt == SIM_VIDEO_PT || (pt == SIM_H264_PT && !v->peer->is_plain);
}

/* The older voice of a RED packet fills a hole; the packet's own stays. */
static void unwrap(struct viewer *v, struct receiver *r, struct rtp *h, usec now)
{
    struct rtp_red blocks[RTP_RED_BLOCKS];
    struct piece *e = place(r, (uint16_t)(h->seq - 1), now);
    struct rtp older = *h;
    unsigned n;

    r->stats.wrapped++;
    assert_int_equal(rtp_red_parse(h, blocks, &n), 0);
    assert_int_equal(n, 2);
    h->payload = blocks[1].p;
    h->payload_n = blocks[1].n;
    older.payload = blocks[0].p;
    older.payload_n = blocks[0].n;
    if (!e || e->is_here || !r->stats.voices)
        return;
    e->is_here = true;
    e->ts = h->ts - blocks[0].back;
    read_payload(v, r, &older, e);
    r->stats.unwrapped++;
}

/* Nothing is doubled on it, and nothing is overtaken: a replay of 128 packets overtakes what was
 * held back by more than SRTP's window. */
static bool is_orderly(const struct link *l)
{
    return l->duplicate <= 0 && l->reorder <= 0 && l->jitter == 0;
}

void viewer_rx(struct viewer *v, uint8_t *d, size_t n, usec now)
{
    struct receiver *r;
    struct piece *e;
    struct rtp_exts exts;
    struct rtp h;
    size_t plain, inside;
    bool is_rtx;
    int res;

    assert_int_equal(rtp_head(d, n, &h), 0);
    r = receiver_of(v, h.ssrc);
    assert_non_null(r);
    is_rtx = h.ssrc == r->rtx_ssrc;
    res = srtp_unprotect(v->peer->rx, is_rtx ? &r->rtx_rx : &r->rx, d, n, &plain);
    if (res < 0) {
        v->peer->world->bad += res != ERR_REPLAY || is_orderly(&v->peer->down);
        return;
    }
    assert_int_equal(rtp_parse(d, plain, &h), 0);
    inside = h.payload_n;
    rtp_exts_parse(&h, &ids, &exts);
    assert_true(exts.has_twcc == v->peer->has_transport);
    if (exts.has_twcc)
        twcc_add(&v->twcc, exts.twcc, now);
    if (is_rtx &&
        rtp_rtx_parse(&h, h.pt == SIM_H264_RTX_PT ? SIM_H264_PT : SIM_VIDEO_PT, r->ssrc) < 0)
        return; /* a probe */
    assert_true(is_right(v, r, h.pt));
    r->stats.packets++;
    r->stats.again += is_rtx;
    r->stats.padded += h.padding_n > 0 && h.payload_n > 0;
    if (!r->is_begun)
        begin(r, h.seq, now);
    if (h.pt == SIM_RED_PT)
        unwrap(v, r, &h, now);
    e = place(r, h.seq, now);
    if (is_rtx)
        count_copy(r, h.seq);
    if (!e || e->is_here)
        return;
    r->stats.bytes += n + LINK_WRAP - (inside - h.payload_n);
    e->is_here = true;
    e->ts = h.ts;
    e->is_marker = h.marker;
    e->is_h264 = h.pt == SIM_H264_PT;
    read_payload(v, r, &h, e);
    r->stats.top_seq = r->top;
    use_all(r, patience_of(v, r), now);
}

/* One clock for all sources, the server's: a publisher's report passed on would have its own. */
static void assert_one_clock(struct viewer *v, const struct rtcp_sr *sr, usec now)
{
    usec clock = rtcp_ntp_wall(sr->ntp) - now;

    if (!v->has_clock)
        v->clock = clock;
    v->has_clock = true;
    assert_in_range(clock - v->clock + clock_slack, 0, 2 * clock_slack);
}

void viewer_rx_rtcp(struct viewer *v, const uint8_t *d, size_t n, usec now)
{
    struct rd rd = rd_init(d, n);
    struct receiver *r;
    struct rtcp part;
    struct rtcp_sr sr;

    assert_int_equal(rtcp_check(d, n), 0);
    while (rtcp_next(&rd, &part)) {
        if (part.type != RTCP_SR)
            continue;
        r = receiver_of(v, part.ssrc);
        assert_non_null(r);
        assert_int_equal(rtcp_sr_parse(&part, &sr), 0);
        assert_one_clock(v, &sr, now);
        r->stats.reports++;
        r->sr = sr;
        r->sr_at = now;
    }
}

/* ---- asking ---- */

static void ask(struct viewer *v, struct receiver *r, struct wr *w, usec now)
{
    usec again = round_trip(v) > nack_least ? round_trip(v) : nack_least;
    uint16_t seqs[NACKS];
    unsigned n = 0;

    for (uint32_t seq = r->next; (int32_t)(r->top - seq) > 0 && n < NACKS; seq++) {
        struct piece *e = &r->at[seq % WINDOW];

        if (e->is_here || now - e->since < nack_wait || e->asked >= NACK_TRIES ||
            now - e->asked_at < again)
            continue;
        e->asked++;
        e->asked_at = now;
        seqs[n++] = (uint16_t)seq;
    }
    if (n)
        rtcp_nack_write(w, v->peer->ssrc, r->ssrc, seqs, n);
    r->stats.nacks += n;
    if (!r->is_key_wanted && (!r->is_broken || now - r->pli_at < pli_period))
        return;
    r->is_key_wanted = false;
    rtcp_pli_write(w, v->peer->ssrc, r->ssrc);
    r->stats.plis++;
    r->pli_at = now;
}

static void tell_transport(struct viewer *v, usec now)
{
    uint8_t buf[1400];
    bool is_more = true;

    while (is_more) {
        struct wr w = wr_init(buf, sizeof(buf));

        rtcp_rr_write(&w, v->peer->ssrc, NULL, 0);
        is_more = twcc_write(&v->twcc, &w, v->peer->ssrc, v->receivers[0].ssrc, now);
        if (is_more)
            sim_peer_tx_rtcp(v->peer, buf, wr_len(&w), now);
    }
}

/* RFC 3550 A.3. Repeats are another stream's, so what they make good counts as lost. */
static struct rtcp_report report_of(struct viewer *v, struct receiver *r, usec now)
{
    unsigned came = r->stats.packets - r->stats.again, since = came - r->told_came;
    uint32_t expected = r->top - r->told_top;
    unsigned lost = expected > since ? (expected - since) * 256 / expected : 0;
    usec period = report_period[r->kind];

    r->told_top = r->top;
    r->told_came = came;
    r->next_report = now + period / 2 + net_random(v->peer->world->net, (uint32_t)period);
    return (struct rtcp_report){.ssrc = r->ssrc,
                                .lost_q8 = (uint8_t)(lost < 255 ? lost : 255),
                                .lost = (int32_t)(r->top + 1 - r->stats.first_seq - came),
                                .top_seq = r->top,
                                .lsr = (uint32_t)(r->sr.ntp >> 16),
                                .dlsr = r->sr_at ? (uint32_t)((now - r->sr_at) * 65536 / USEC_S)
                                                 : 0};
}

static unsigned write_reports(struct viewer *v, struct wr *w, usec now)
{
    struct rtcp_report reports[RECEIVERS];
    unsigned n = 0;

    for (int i = 0; i < RECEIVERS; i++)
        if (v->receivers[i].is_begun && now >= v->receivers[i].next_report)
            reports[n++] = report_of(v, &v->receivers[i], now);
    rtcp_rr_write(w, v->peer->ssrc, reports, n);
    return n;
}

void viewer_tick(struct viewer *v, usec now)
{
    uint8_t buf[1400];
    struct wr w = wr_init(buf, sizeof(buf));
    size_t empty;

    if (now < v->next_tick)
        return;
    v->next_tick = now + tick_period;
    tell_transport(v, now);
    empty = write_reports(v, &w, now) ? 0 : wr_len(&w);
    for (int i = 0; i < RECEIVERS; i++) {
        use_all(&v->receivers[i], patience_of(v, &v->receivers[i]), now);
        if (v->receivers[i].kind == SFU_VIDEO)
            ask(v, &v->receivers[i], &w, now);
    }
    if (v->remb_bps && now >= v->next_remb) {
        rtcp_remb_write(&w, v->peer->ssrc, &v->receivers[AUDIOS].ssrc, 1, v->remb_bps);
        v->next_remb = now + remb_period;
    }
    if (wr_len(&w) > empty && !w.err)
        sim_peer_tx_rtcp(v->peer, buf, wr_len(&w), now);
}

usec viewer_due(const struct viewer *v)
{
    return v->next_tick;
}

/* ---- questions ---- */

const struct slot_stats *viewer_slot(const struct viewer *v, enum sfu_kind kind, int slot)
{
    return &v->receivers[(kind == SFU_AUDIO ? 0 : AUDIOS) + slot].stats;
}

usec viewer_time(const struct viewer *v, enum sfu_kind kind, int slot)
{
    const struct receiver *r = &v->receivers[(kind == SFU_AUDIO ? 0 : AUDIOS) + slot];
    int64_t rate = kind == SFU_AUDIO ? 48000 : 90000;
    usec since = (int32_t)(r->last_ts - r->sr.rtp_ts) * USEC_S / rate;

    return rtcp_ntp_wall(r->sr.ntp) - v->clock + since;
}

void viewer_want_key(struct viewer *v, int slot)
{
    v->receivers[AUDIOS + slot].is_key_wanted = true;
}

void viewer_remb(struct viewer *v, int64_t bps)
{
    v->remb_bps = bps;
}

void viewer_forget_freezes(struct viewer *v)
{
    for (int i = 0; i < RECEIVERS; i++) {
        v->receivers[i].stats.freeze = 0;
        v->receivers[i].stats.longest_gap = v->receivers[i].stats.most_copies = 0;
        v->receivers[i].is_timed = false;
    }
}

unsigned viewer_own(const struct viewer *v)
{
    return v->own;
}

void viewer_free(struct viewer *v)
{
    free(v);
}
