#include "sim/publisher.h"

#include "base/arena.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/vp8.h"
#include "sim/check.h"
#include "sim/peer.h"
#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY = 1024, VOICE = 80, PIECE = 900, KEY_PIECES = 8, PIECES = 2 };

static const usec voice_period = 20 * USEC_MS;
static const usec frame_period = USEC_S / 30;

struct sent {
    uint16_t seq;
    uint32_t ts;
    bool is_marker;
    size_t n;
    uint8_t payload[PIECE + 32];
};

struct publisher {
    struct sim_peer *peer;
    uint32_t audio_ssrc, video_ssrc, rtx_ssrc;
    struct srtp_tx audio_tx, video_tx, rtx_tx;
    uint16_t audio_seq, video_seq, rtx_seq, twcc, pid;
    uint32_t audio_ts, video_ts;
    usec begun, next_voice, next_frame, next_report;
    uint8_t level, tl0;
    bool is_key_asked, is_padding;
    struct sent history[HISTORY];
    struct publisher_stats stats;
};

static const struct rtp_ext_ids ids = {.id = {[RTP_EXT_LEVEL] = SIM_EXT_LEVEL,
                                              [RTP_EXT_TWCC] = SIM_EXT_TWCC,
                                              [RTP_EXT_MID] = SIM_EXT_MID}};

static const char fingerprint[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                  "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

static str offer(const struct publisher *u, struct arena *a)
{
    return arena_printf(
        a,
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF %d\r\nc=IN IP4 "
        "0.0.0.0\r\na=ice-ufrag:sim1\r\na=ice-pwd:simsimsimsimsimsimsimsim\r\n"
        "a=fingerprint:sha-256 %s\r\na=setup:actpass\r\na=mid:0\r\n"
        "a=extmap:%d urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
        "a=extmap:%d http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
        "a=sendonly\r\na=rtcp-mux\r\na=rtpmap:%d opus/48000/2\r\na=rtcp-fb:%d "
        "transport-cc\r\na=ssrc:%u cname:sim\r\n"
        "m=video 9 UDP/TLS/RTP/SAVPF %d %d\r\nc=IN IP4 "
        "0.0.0.0\r\na=ice-ufrag:sim1\r\na=ice-pwd:simsimsimsimsimsimsimsim\r\n"
        "a=fingerprint:sha-256 %s\r\na=setup:actpass\r\na=mid:1\r\n"
        "a=extmap:%d http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
        "a=sendonly\r\na=rtcp-mux\r\na=rtpmap:%d VP8/90000\r\na=rtcp-fb:%d nack\r\na=rtcp-fb:%d "
        "nack pli\r\n"
        "a=rtcp-fb:%d transport-cc\r\na=rtpmap:%d rtx/90000\r\na=fmtp:%d apt=%d\r\n"
        "a=ssrc-group:FID %u %u\r\na=ssrc:%u cname:sim\r\na=ssrc:%u cname:sim\r\n",
        SIM_AUDIO_PT, fingerprint, SIM_EXT_LEVEL, SIM_EXT_TWCC, SIM_AUDIO_PT, SIM_AUDIO_PT,
        u->audio_ssrc, SIM_VIDEO_PT, SIM_RTX_PT, fingerprint, SIM_EXT_TWCC, SIM_VIDEO_PT,
        SIM_VIDEO_PT, SIM_VIDEO_PT, SIM_VIDEO_PT, SIM_RTX_PT, SIM_RTX_PT, SIM_VIDEO_PT,
        u->video_ssrc, u->rtx_ssrc, u->video_ssrc, u->rtx_ssrc);
}

struct publisher *publisher_new(struct sim_peer *p, struct arena *a)
{
    struct publisher *u = calloc(1, sizeof(*u));
    uint32_t base = (uint32_t)p->person * 100 + p->ssrc * 10000;
    usec now = p->world->now;
    str answer;

    assert_non_null(u);
    u->peer = p;
    u->audio_ssrc = base + 1;
    u->video_ssrc = base + 2;
    u->rtx_ssrc = base + 3;
    u->audio_seq = (uint16_t)(65000 + p->person); /* wraps within seconds */
    u->video_seq = (uint16_t)(65000 + p->person);
    u->audio_ts = 0xffff0000u + base; /* and so do the timestamps */
    u->video_ts = 0xfff00000u + base;
    u->pid = (uint16_t)(32700 + p->person);
    u->level = 30;
    u->begun = u->next_voice = u->next_frame = now;
    u->next_report = now + 500 * USEC_MS;
    assert_int_equal(sim_peer_connect(p, SFU_UP, false, offer(u, a), a, &answer), 0);
    assert_non_null(sim_sdp_line(answer, 0, "a=recvonly").p);
    assert_non_null(sim_sdp_line(answer, 1, "a=recvonly").p);
    return u;
}

void publisher_level(struct publisher *u, uint8_t level)
{
    u->level = level;
}

void publisher_seq(struct publisher *u, uint16_t seq)
{
    u->video_seq = seq;
}

void publisher_pads(struct publisher *u, bool is_padding)
{
    u->is_padding = is_padding;
}

/* ---- sending ---- */

static void send(struct publisher *u, struct srtp_tx *tx, const struct rtp *h, const uint8_t *front,
                 size_t front_n, const uint8_t *payload, size_t n, usec now)
{
    uint8_t header[RTP_MAX_HEADER];
    struct wr w = wr_init(header, sizeof(header));
    struct rtp_exts e = {
        .has_twcc = true, .twcc = u->twcc++, .has_level = h->pt == SIM_AUDIO_PT, .level = u->level};
    struct srtp_parts parts = {
        .header = header, .front = front, .front_n = front_n, .payload = payload, .payload_n = n};

    rtp_write(&w, h, &ids, &e);
    parts.header_n = wr_len(&w);
    sim_peer_tx_rtp(u->peer, tx, &parts, now);
    u->stats.packets++;
}

static void send_voice(struct publisher *u, usec now)
{
    uint8_t payload[VOICE] = {0x78}; /* hybrid, 20 ms, one frame: RFC 6716 3.1 */
    struct wr w = wr_init(payload + 1, sizeof(payload) - 1);
    struct rtp h = {.pt = SIM_AUDIO_PT, .ssrc = u->audio_ssrc, .seq = u->audio_seq++};

    h.ts = u->audio_ts + 960 * u->stats.voices;
    wr_u32(&w, u->stats.voices++);
    wr_u32(&w, (uint32_t)u->peer->person);
    send(u, &u->audio_tx, &h, NULL, 0, payload, sizeof(payload), now);
}

static void send_piece(struct publisher *u, bool is_key, unsigned index, unsigned count, usec now)
{
    struct sent *s = &u->history[u->video_seq % HISTORY];
    struct vp8 v = {.s = index == 0,
                    .has_picture_id = true,
                    .is_long_id = true,
                    .has_tl0 = true,
                    .has_tid = true,
                    .picture_id = u->pid,
                    .tl0 = u->tl0};
    struct wr w = wr_init(s->payload, sizeof(s->payload));
    const uint8_t tag[10] = {is_key ? 0 : 1, 0, 0, 0x9d, 1, 0x2a, 64, 1, 180, 0};
    struct rtp h = {.pt = SIM_VIDEO_PT, .ssrc = u->video_ssrc};

    vp8_write(&w, &v);
    wr_bytes(&w, tag, sizeof(tag));
    wr_u32(&w, u->stats.frames);
    wr_u16(&w, (uint16_t)index);
    wr_u16(&w, (uint16_t)count);
    wr_u32(&w, (uint32_t)u->peer->person);
    s->seq = h.seq = u->video_seq++;
    s->ts = h.ts = u->video_ts + 3000 * u->stats.frames;
    s->is_marker = h.marker = index + 1 == count;
    s->n = PIECE;
    send(u, &u->video_tx, &h, NULL, 0, s->payload, s->n, now);
}

static void send_frame(struct publisher *u, usec now)
{
    bool is_key = u->is_key_asked || u->stats.frames == 0;
    unsigned count = is_key ? KEY_PIECES : PIECES;
    struct rtp h = {.pt = SIM_VIDEO_PT, .ssrc = u->video_ssrc};

    for (unsigned i = 0; i < count; i++)
        send_piece(u, is_key, i, count, now);
    if (u->is_padding) {
        h.ts = u->video_ts + 3000 * u->stats.frames;
        h.seq = u->video_seq;
        u->history[u->video_seq++ % HISTORY] = (struct sent){.seq = h.seq, .ts = h.ts};
        send(u, &u->video_tx, &h, NULL, 0, NULL, 0, now);
    }
    u->stats.keys += is_key;
    u->is_key_asked = false;
    u->stats.frames++;
    u->pid = (u->pid + 1) & 0x7fff;
    u->tl0++;
}

static void send_reports(struct publisher *u, usec now)
{
    uint8_t buf[256];
    struct wr w = wr_init(buf, sizeof(buf));
    struct rtcp_sr sr = {.ntp = rtcp_ntp(now), .packets = u->stats.packets};

    sr.rtp_ts = u->audio_ts + (uint32_t)((now - u->begun) * 48 / 1000);
    rtcp_sr_write(&w, u->audio_ssrc, &sr);
    sr.rtp_ts = u->video_ts + (uint32_t)((now - u->begun) * 90 / 1000);
    rtcp_sr_write(&w, u->video_ssrc, &sr);
    sim_peer_tx_rtcp(u->peer, buf, wr_len(&w), now);
}

void publisher_tick(struct publisher *u, usec now)
{
    for (; now >= u->next_voice; u->next_voice += voice_period)
        send_voice(u, now);
    for (; now >= u->next_frame; u->next_frame += frame_period)
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

static void resend(struct publisher *u, uint16_t seq, usec now)
{
    const struct sent *s = &u->history[seq % HISTORY];
    struct rtp h = {.pt = SIM_RTX_PT, .ssrc = u->rtx_ssrc, .seq = u->rtx_seq};
    uint8_t osn[RTP_RTX_BYTES];
    struct wr w = wr_init(osn, sizeof(osn));

    u->stats.nacks++;
    if (s->seq != seq)
        return;
    u->rtx_seq++;
    h.ts = s->ts;
    h.marker = s->is_marker;
    rtp_rtx_write(&w, seq);
    send(u, &u->rtx_tx, &h, osn, sizeof(osn), s->payload, s->n, now);
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
            resend(u, seqs[i], now);
        if (rtcp_is_pli(&part)) {
            assert_int_equal(part.media_ssrc, u->video_ssrc);
            u->stats.plis++;
            u->is_key_asked = true;
        }
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
