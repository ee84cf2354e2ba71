#include "sim/publisher.h"

#include "base/arena.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/layer.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/vp8.h"
#include "sim/check.h"
#include "sim/peer.h"
#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY = 1024, VOICE = 80, PIECE = 900, KEY_PIECES = 4, PIECES = 2 };

static const usec voice_period = 20 * USEC_MS;
static const usec frame_period = USEC_S / 30;
static const usec hour = 3600 * USEC_S;

enum { TICKS = 90000 / 30 };

struct sent {
    uint16_t seq;
    uint32_t ts;
    bool is_marker;
    size_t n;
    uint8_t payload[PIECE + 32];
};

/* One size of the camera. */
struct size {
    unsigned index, pieces;
    uint32_t ssrc, rtx_ssrc, ts;
    struct srtp_tx tx, rtx_tx;
    uint16_t seq, rtx_seq, pid, height;
    uint8_t tl0;
    const char *rid; /* NULL: no simulcast */
    bool is_off, is_begun, is_key_asked;
    uint32_t last[LAYER_TEMPORALS]; /* newest frame of each temporal layer and those below */
    unsigned at;                    /* in the pattern */
    struct sent history[HISTORY];
};

struct publisher {
    struct sim_peer *peer;
    uint32_t audio_ssrc;
    struct srtp_tx audio_tx;
    uint16_t audio_seq, twcc;
    uint32_t audio_ts;
    usec clock; /* of its reports, before the world's */
    usec begun, next_voice, next_frame, next_report;
    uint8_t level;
    bool is_padding, is_h264, is_wrapping, is_short;
    struct size sizes[PUBLISHER_LAYERS];
    unsigned nsizes, key_pieces;
    usec frame_period;
    uint32_t ticks; /* of 90 kHz, since the first frame */
    struct publisher_stats stats;
};

static const struct {
    uint8_t tid;
    bool y;
} pattern[] = {{0, false}, {2, true},  {1, true},  {2, false},
               {0, false}, {2, false}, {1, false}, {2, false}};

static const struct rtp_ext_ids ids = {.id = {[RTP_EXT_LEVEL] = SIM_EXT_LEVEL,
                                              [RTP_EXT_TWCC] = SIM_EXT_TWCC,
                                              [RTP_EXT_MID] = SIM_EXT_MID,
                                              [RTP_EXT_RID] = SIM_EXT_RID,
                                              [RTP_EXT_RRID] = SIM_EXT_RRID}};

static const char fingerprint[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                  "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

/* SSRCs are named for one size; several are named by RIDs, and their SSRCs are found out. */
static str sources(const struct publisher *u, struct arena *a)
{
    const struct size *z = u->sizes;

    if (u->nsizes > 1)
        return arena_printf(a,
                            "a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                            "a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
                            "a=extmap:%d urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"
                            "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n"
                            "a=simulcast:send q;h;f\r\n",
                            SIM_EXT_MID, SIM_EXT_RID, SIM_EXT_RRID);
    return arena_printf(a,
                        "a=ssrc-group:FID %u %u\r\na=ssrc:%u cname:sim\r\na=ssrc:%u cname:sim\r\n",
                        z->ssrc, z->rtx_ssrc, z->ssrc, z->rtx_ssrc);
}

static str offer(const struct publisher *u, struct arena *a)
{
    return arena_printf(
        a,
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF %d %d\r\nc=IN IP4 "
        "0.0.0.0\r\na=ice-ufrag:sim1\r\na=ice-pwd:simsimsimsimsimsimsimsim\r\n"
        "a=fingerprint:sha-256 %s\r\na=setup:actpass\r\na=mid:0\r\n"
        "a=extmap:%d urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
        "a=extmap:%d http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
        "a=sendonly\r\na=rtcp-mux\r\na=rtpmap:%d red/48000/2\r\na=fmtp:%d %d/%d\r\n"
        "a=rtpmap:%d opus/48000/2\r\na=rtcp-fb:%d "
        "transport-cc\r\na=ssrc:%u cname:sim\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF %d %d\r\nc=IN IP4 "
        "0.0.0.0\r\na=ice-ufrag:sim1\r\na=ice-pwd:simsimsimsimsimsimsimsim\r\n"
        "a=fingerprint:sha-256 %s\r\na=setup:actpass\r\na=mid:1\r\n"
        "a=extmap:%d %s\r\n"
        "a=sendonly\r\na=rtcp-mux\r\na=rtpmap:%d %s\r\na=rtcp-fb:%d nack\r\na=rtcp-fb:%d "
        "nack pli\r\n"
        "a=rtcp-fb:%d %s\r\na=rtpmap:%d rtx/90000\r\na=fmtp:%d apt=%d\r\n%.*s",
        SIM_AUDIO_PT, SIM_RED_PT, fingerprint, SIM_EXT_LEVEL, SIM_EXT_TWCC, SIM_RED_PT, SIM_RED_PT,
        SIM_AUDIO_PT, SIM_AUDIO_PT, SIM_AUDIO_PT, SIM_AUDIO_PT, u->audio_ssrc, SIM_VIDEO_PT,
        SIM_RTX_PT, fingerprint, SIM_EXT_TWCC,
        u->peer->is_old
            ? "urn:example:other"
            : "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        SIM_VIDEO_PT,
        u->is_h264 ? "H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f"
                   : "VP8/90000",
        SIM_VIDEO_PT, SIM_VIDEO_PT, SIM_VIDEO_PT, u->peer->is_old ? "goog-remb" : "transport-cc",
        SIM_RTX_PT, SIM_RTX_PT, SIM_VIDEO_PT, STR(sources(u, a)));
}

static void size_init(struct publisher *u, unsigned i, uint32_t base)
{
    static const char *const rids[] = {"q", "h", "f"};
    struct size *z = &u->sizes[i];

    z->index = i;
    z->ssrc = base + 2 + 2 * i;
    z->rtx_ssrc = z->ssrc + 1;
    z->seq = (uint16_t)(65000 + u->peer->person); /* wraps within seconds */
    z->ts = 0xfff00000u + base + i * 7777;        /* and so do the timestamps */
    z->pid = (uint16_t)(32700 + u->peer->person);
    z->pieces = u->nsizes > 1 ? 1u << i : PIECES;
    z->height = (uint16_t)(180u << i);
    z->rid = u->nsizes > 1 ? rids[i] : NULL;
}

static struct publisher *make(struct sim_peer *p, unsigned nsizes, bool is_h264, struct arena *a)
{
    struct publisher *u = calloc(1, sizeof(*u));
    uint32_t base = (uint32_t)p->person * 100 + p->ssrc * 10000;
    usec now = p->world->now;
    str answer;

    assert_non_null(u);
    u->peer = p;
    u->audio_ssrc = base + 1;
    u->audio_seq = (uint16_t)(65000 + p->person); /* wraps within seconds */
    u->audio_ts = 0xffff0000u + base;             /* and so do the timestamps */
    u->nsizes = nsizes;
    u->key_pieces = KEY_PIECES;
    u->frame_period = frame_period;
    u->clock = p->person * hour;
    u->is_h264 = is_h264;
    for (unsigned i = 0; i < nsizes; i++)
        size_init(u, i, base);
    u->level = 30;
    u->begun = u->next_voice = u->next_frame = now;
    u->next_report = now + 500 * USEC_MS;
    assert_int_equal(sim_peer_connect(p, SFU_UP, false, offer(u, a), a, &answer), 0);
    assert_non_null(sim_sdp_line(answer, 0, "a=recvonly").p);
    assert_non_null(sim_sdp_line(answer, 1, "a=recvonly").p);
    if (nsizes > 1)
        assert_true(str_eq(sim_sdp_line(answer, 1, "a=simulcast:"), S("recv q;h;f")));
    return u;
}

struct publisher *publisher_new(struct sim_peer *p, struct arena *a)
{
    return make(p, 1, false, a);
}

struct publisher *publisher_new_layers(struct sim_peer *p, struct arena *a)
{
    return make(p, PUBLISHER_LAYERS, false, a);
}

struct publisher *publisher_new_h264(struct sim_peer *p, struct arena *a)
{
    return make(p, 1, true, a);
}

void publisher_wraps(struct publisher *u, bool is_wrapping)
{
    u->is_wrapping = is_wrapping;
}

/* A size that comes back begins with a key frame. */
void publisher_layer(struct publisher *u, unsigned layer, bool is_on)
{
    u->sizes[layer].is_begun &= is_on;
    u->sizes[layer].is_off = !is_on;
}

void publisher_heavy_keys(struct publisher *u, unsigned n)
{
    u->key_pieces = n;
}

void publisher_slow(struct publisher *u, unsigned n)
{
    u->frame_period = n * frame_period;
}

void publisher_key(struct publisher *u)
{
    for (unsigned i = 0; i < u->nsizes; i++)
        u->sizes[i].is_key_asked = true;
}

void publisher_level(struct publisher *u, uint8_t level)
{
    u->level = level;
}

void publisher_seq(struct publisher *u, uint16_t seq)
{
    u->sizes[0].seq = seq;
}

void publisher_short_ids(struct publisher *u)
{
    u->is_short = true;
}

void publisher_pads(struct publisher *u, bool is_padding)
{
    u->is_padding = is_padding;
}

/* ---- sending ---- */

/* parts: what stands behind the header. */
static void send(struct publisher *u, struct srtp_tx *tx, const struct rtp *h, struct rtp_exts *e,
                 struct srtp_parts parts, usec now)
{
    uint8_t header[RTP_MAX_HEADER];
    struct wr w = wr_init(header, sizeof(header));

    e->has_twcc = true;
    e->twcc = u->twcc++;
    rtp_write(&w, h, &ids, e);
    parts.header = header;
    parts.header_n = wr_len(&w);
    sim_peer_tx_rtp(u->peer, tx, &parts, now);
    u->stats.packets++;
}

static void write_voice(const struct publisher *u, uint32_t number, uint8_t to[static VOICE])
{
    struct wr w = wr_init(to, VOICE);

    wr_u8(&w, 0x78); /* hybrid, 20 ms, one frame: RFC 6716 3.1 */
    wr_u32(&w, number);
    wr_u32(&w, (uint32_t)u->peer->person);
}

static void send_voice(struct publisher *u, usec now)
{
    uint8_t before[VOICE] = {0}, own[VOICE] = {0}, front[RTP_RED_HEADS + VOICE];
    uint32_t number = u->stats.voices++;
    struct rtp_red older = {.pt = SIM_AUDIO_PT, .back = 960, .p = before, .n = VOICE};
    struct rtp h = {.pt = u->is_wrapping ? SIM_RED_PT : SIM_AUDIO_PT,
                    .ssrc = u->audio_ssrc,
                    .seq = u->audio_seq++,
                    .ts = u->audio_ts + 960 * number};
    struct rtp_exts e = {.has_level = true, .level = u->level};
    struct wr w = wr_init(front, sizeof(front));

    write_voice(u, number - 1, before);
    write_voice(u, number, own);
    if (u->is_wrapping)
        rtp_red_write(&w, &older, SIM_AUDIO_PT);
    send(u, &u->audio_tx, &h, &e,
         (struct srtp_parts){
             .front = front, .front_n = wr_len(&w), .payload = own, .payload_n = VOICE},
         now);
}

/* MID and RID stand on every packet: a browser stops when it has heard a report. */
static struct rtp_exts named(const struct size *z, bool is_rtx)
{
    struct rtp_exts e = {0};

    if (z->rid) {
        e.mid = S("1");
        *(is_rtx ? &e.rrid : &e.rid) = str_c(z->rid);
    }
    return e;
}

struct frame {
    bool is_key, y;
    uint8_t tid;
    uint32_t needs;
    unsigned count;
};

/* RFC 6184: parameter sets alone in the first piece of a key frame, all else in FU-A. */
static void write_h264(struct wr *w, const struct frame *f, unsigned index)
{
    bool is_sets = f->is_key && index == 0;
    bool is_first = index == (f->is_key ? 1 : 0);

    wr_u8(w, is_sets ? 0x67 : 0x7c);
    wr_u8(w, (uint8_t)(is_sets ? 0x42 : (is_first ? 128 : 0) | (f->is_key ? 5 : 1)));
}

/* RFC 7741 4.2: ours are always written in 15 bits; a short one is a byte less. */
static void write_vp8(struct wr *w, const struct vp8 *v, bool is_short)
{
    enum { FLAGS = 2, LONG = 4 };
    uint8_t d[8];
    struct wr whole = wr_init(d, sizeof(d));

    vp8_write(&whole, v);
    if (is_short) {
        wr_bytes(w, d, FLAGS);
        wr_u8(w, v->picture_id & 0x7f);
        wr_bytes(w, d + LONG, wr_len(&whole) - LONG);
    } else {
        wr_bytes(w, d, wr_len(&whole));
    }
}

static void send_piece(struct publisher *u, struct size *z, const struct frame *f, unsigned index,
                       usec now)
{
    struct sent *s = &z->history[z->seq % HISTORY];
    struct vp8 v = {.s = index == 0,
                    .has_picture_id = true,
                    .is_long_id = true,
                    .has_tl0 = true,
                    .has_tid = true,
                    .tid = f->tid,
                    .y = f->y,
                    .picture_id = z->pid,
                    .tl0 = z->tl0};
    struct wr w = wr_init(s->payload, sizeof(s->payload));
    const uint8_t tag[10] = {
        f->is_key ? 0 : 1,        0, 0, 0x9d, 1, 0x2a, 64, 1, (uint8_t)z->height,
        (uint8_t)(z->height >> 8)};
    struct rtp h = {.pt = SIM_VIDEO_PT, .ssrc = z->ssrc};
    struct rtp_exts e = named(z, false);

    if (u->is_h264) {
        write_h264(&w, f, index);
    } else {
        write_vp8(&w, &v, u->is_short);
        wr_bytes(&w, tag, sizeof(tag));
    }
    wr_u32(&w, 4 * u->stats.frames + z->index);
    wr_u16(&w, (uint16_t)index);
    wr_u16(&w, (uint16_t)f->count);
    wr_u32(&w, (uint32_t)u->peer->person);
    wr_u32(&w, f->needs);
    s->seq = h.seq = z->seq++;
    s->ts = h.ts = z->ts + u->ticks;
    s->is_marker = h.marker = index + 1 == f->count;
    s->n = index + 1 < f->count ? PIECE - 3 : PIECE; /* as Chromium: the last is a little longer */
    send(u, &z->tx, &h, &e, (struct srtp_parts){.payload = s->payload, .payload_n = s->n}, now);
}

static void send_padding(struct publisher *u, struct size *z, usec now)
{
    struct rtp h = {.pt = SIM_VIDEO_PT, .ssrc = z->ssrc, .seq = z->seq};
    struct rtp_exts e = named(z, false);

    h.ts = z->ts + u->ticks;
    z->history[z->seq++ % HISTORY] = (struct sent){.seq = h.seq, .ts = h.ts};
    send(u, &z->tx, &h, &e, (struct srtp_parts){0}, now);
}

/* A camera of one size has one temporal layer. */
static void send_size(struct publisher *u, struct size *z, usec now)
{
    uint32_t number = 4 * u->stats.frames + z->index;
    struct frame f = {.is_key = z->is_key_asked || !z->is_begun};

    z->at = f.is_key || u->nsizes == 1 ? 0 : (z->at + 1) % NELEM(pattern);
    f.tid = pattern[z->at].tid;
    f.y = pattern[z->at].y;
    f.needs = z->last[f.y ? 0 : f.tid];
    f.count = f.is_key ? z->pieces * u->key_pieces : z->pieces;
    z->tl0 = (uint8_t)(z->tl0 + (f.tid == 0));
    for (unsigned i = 0; i < f.count; i++)
        send_piece(u, z, &f, i, now);
    if (u->is_padding)
        send_padding(u, z, now);
    for (unsigned i = f.tid; i < LAYER_TEMPORALS; i++)
        z->last[i] = number;
    u->stats.keys += f.is_key;
    u->stats.layer_keys[z->index] += f.is_key;
    z->is_key_asked = false;
    z->is_begun = true;
    z->pid = (z->pid + 1) & 0x7fff;
}

static void send_frame(struct publisher *u, usec now)
{
    for (unsigned i = 0; i < u->nsizes; i++)
        if (!u->sizes[i].is_off)
            send_size(u, &u->sizes[i], now);
    u->stats.frames++;
    u->ticks += TICKS * (uint32_t)(u->frame_period / frame_period);
}

/* By a clock of its own, as every browser has: an hour apart for each person. */
static void send_reports(struct publisher *u, usec now)
{
    uint8_t buf[256];
    struct wr w = wr_init(buf, sizeof(buf));
    struct rtcp_sr sr = {.ntp = rtcp_ntp(now + u->clock),
                         .packets = u->stats.packets};

    sr.rtp_ts = u->audio_ts + (uint32_t)((now - u->begun) * 48 / 1000);
    rtcp_sr_write(&w, u->audio_ssrc, &sr);
    for (unsigned i = 0; i < u->nsizes; i++) {
        sr.rtp_ts = u->sizes[i].ts + (uint32_t)((now - u->begun) * 90 / 1000);
        rtcp_sr_write(&w, u->sizes[i].ssrc, &sr);
    }
    sim_peer_tx_rtcp(u->peer, buf, wr_len(&w), now);
}

void publisher_tick(struct publisher *u, usec now)
{
    for (; now >= u->next_voice; u->next_voice += voice_period)
        send_voice(u, now);
    for (; now >= u->next_frame; u->next_frame += u->frame_period)
        send_frame(u, now);
    if (now < u->next_report)
        return;
    send_reports(u, now);
    u->next_report = now + USEC_S;
}

usec publisher_due(const struct publisher *u)
{
    usec due = u->next_voice < u->next_frame ? u->next_voice : u->next_frame;

    return due < u->next_report ? due : u->next_report;
}

/* ---- feedback ---- */

static struct size *by_ssrc(struct publisher *u, uint32_t ssrc)
{
    for (unsigned i = 0; i < u->nsizes; i++)
        if (u->sizes[i].ssrc == ssrc)
            return &u->sizes[i];
    fail_msg("feedback about an SSRC that is not ours");
    return NULL;
}

static void resend(struct publisher *u, struct size *z, uint16_t seq, usec now)
{
    const struct sent *s = &z->history[seq % HISTORY];
    struct rtp h = {.pt = SIM_RTX_PT, .ssrc = z->rtx_ssrc, .seq = z->rtx_seq};
    struct rtp_exts e = named(z, true);
    uint8_t osn[RTP_RTX_BYTES];
    struct wr w = wr_init(osn, sizeof(osn));

    u->stats.nacks++;
    if (s->seq != seq)
        return;
    z->rtx_seq++;
    h.ts = s->ts;
    h.marker = s->is_marker;
    rtp_rtx_write(&w, seq);
    send(u, &z->rtx_tx, &h, &e,
         (struct srtp_parts){
             .front = osn, .front_n = sizeof(osn), .payload = s->payload, .payload_n = s->n},
         now);
}

void publisher_clock(struct publisher *u, usec before)
{
    u->clock = before;
}

void publisher_rx_rtcp(struct publisher *u, const uint8_t *d, size_t n, usec now)
{
    struct rd r = rd_init(d, n);
    uint16_t seqs[256];
    struct rtcp part;

    assert_int_equal(rtcp_check(d, n), 0);
    while (rtcp_next(&r, &part)) {
        unsigned count = rtcp_nack_parse(&part, seqs, NELEM(seqs));

        for (unsigned i = 0; i < count; i++)
            resend(u, by_ssrc(u, part.media_ssrc), seqs[i], now);
        if (rtcp_is_pli(&part)) {
            struct size *z = by_ssrc(u, part.media_ssrc);

            u->stats.plis++;
            u->stats.layer_plis[z->index]++;
            z->is_key_asked = true;
        }
        if (rtcp_remb_parse(&part, &u->stats.bps) == 0)
            u->stats.rembs++;
        if (part.type == RTCP_RTPFB && part.count == RTCP_FMT_TWCC)
            u->stats.feedbacks++;
    }
}

const struct publisher_stats *publisher_stats(const struct publisher *u)
{
    return &u->stats;
}

void publisher_free(struct publisher *u)
{
    free(u);
}
