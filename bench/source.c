#include "source.h"

#include "base/random.h"
#include "base/wr.h"
#include "client.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "sizes.h"

#include <string.h>
#include <time.h>

enum { STAMP = 8, LOUD = 30 /* -30 dBov: somebody speaks */ };

static int64_t wall_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void source_init(struct source *s, struct client *c, const struct sizes *sizes, uint16_t *twcc,
                 unsigned begin, usec now)
{
    *s = (struct source){.client = c,
                         .sizes = sizes,
                         .is_video = sizes->has_key,
                         .is_key_wanted = sizes->has_key,
                         .ssrc = random_u32() | 1,
                         .ts = random_u32(),
                         .seq = (uint16_t)(random_u32() & 0x3fff),
                         .picture_id = (uint16_t)(random_u32() & 0x3fff),
                         .twcc = twcc,
                         .frame = begin % sizes->nframes,
                         .due = now,
                         .report_due = now};
}

/* Descriptor with a 15-bit picture id (RFC 7741 4.2), then what a decoder looks at first (RFC
 * 6386 9.1). */
static void write_vp8(const struct source *s, uint8_t *p, bool is_first, bool is_key)
{
    struct wr w = wr_init(p, 14);

    wr_u8(&w, is_first ? 0x90 : 0x80);
    wr_u8(&w, 0x80);
    wr_u16(&w, (uint16_t)(0x8000 | s->picture_id));
    if (!is_first)
        return;
    wr_u8(&w, is_key ? 0x10 : 0x11);
    wr_u16(&w, 0);
    if (!is_key)
        return;
    wr_u24(&w, 0x9d012a);
    wr_u16(&w, 0x8002); /* 640, little-endian */
    wr_u16(&w, 0x6801); /* 360 */
}

static void write_payload(const struct source *s, uint8_t *p, size_t n, bool is_first, bool is_key)
{
    int64_t stamp = wall_ns();

    memset(p, 0x5a, n);
    if (s->is_video)
        write_vp8(s, p, is_first, is_key);
    else
        p[0] = 0x78; /* RFC 6716 3.1: hybrid, full band, 20 ms, mono, one frame */
    memcpy(p + n - STAMP, &stamp, STAMP);
}

static void send_packet(struct source *s, size_t n, bool is_first, bool is_last, bool is_key)
{
    static const struct rtp_ext_ids ids = {{[RTP_EXT_LEVEL] = SOURCE_EXT_LEVEL,
                                            [RTP_EXT_TWCC] = SOURCE_EXT_TWCC,
                                            [RTP_EXT_ABS_TIME] = SOURCE_EXT_ABS_TIME}};
    struct rtp_exts e = {.has_twcc = true, .twcc = (*s->twcc)++, .has_abs_time = true};
    struct rtp r = {.ts = s->ts,
                    .ssrc = s->ssrc,
                    .seq = s->seq++,
                    .pt = s->is_video ? SOURCE_VP8 : SOURCE_OPUS,
                    .marker = s->is_video && is_last};
    uint8_t header[RTP_MAX_HEADER], payload[1500];
    struct wr w = wr_init(header, sizeof(header));
    size_t least = s->is_video ? 14 + STAMP : 1 + STAMP;

    if (n < least)
        n = least;
    e.has_level = e.is_voice = !s->is_video;
    e.level = LOUD;
    rtp_write(&w, &r, &ids, &e);
    write_payload(s, payload, n, is_first, is_key);
    (void)client_tx_rtp(
        s->client, &s->tx,
        &(struct srtp_parts){
            .header = header, .header_n = wr_len(&w), .payload = payload, .payload_n = n});
    s->packets++;
    s->octets += n;
}

static void send_frame(struct source *s)
{
    bool is_key = s->is_key_wanted && s->sizes->has_key;
    const struct sizes_frame *f = is_key ? &s->sizes->key : &s->sizes->frames[s->frame];

    for (unsigned i = 0; i < f->n; i++)
        send_packet(s, f->bytes[i], i == 0, i + 1 == f->n, is_key);
    if (!is_key)
        s->frame = (s->frame + 1) % s->sizes->nframes;
    s->is_key_wanted = false;
    s->picture_id = (uint16_t)((s->picture_id + 1) & 0x7fff);
}

static void send_report(const struct source *s)
{
    uint8_t buf[128];
    struct wr w = wr_init(buf, sizeof(buf));
    struct rtcp_sr sr = {.ntp = rtcp_ntp(wall_ns() / 1000),
                         .rtp_ts = s->ts,
                         .packets = (uint32_t)s->packets,
                         .octets = (uint32_t)s->octets};

    rtcp_sr_write(&w, s->ssrc, &sr);
    rtcp_cname_write(&w, s->ssrc, S("bench"));
    if (!w.err)
        client_tx_rtcp(s->client, buf, wr_len(&w));
}

void source_tick(struct source *s, usec now)
{
    while (s->due <= now) {
        send_frame(s);
        s->ts += s->is_video ? 3000 : 960; /* 90 kHz at 30 a second, 48 kHz at 50 */
        s->due += s->is_video ? 33333 : 20000;
    }
    if (s->report_due <= now) {
        send_report(s);
        s->report_due = now + USEC_S;
    }
}

int64_t source_stamp(const uint8_t *payload, size_t n)
{
    int64_t stamp = 0;

    if (n > STAMP)
        memcpy(&stamp, payload + n - STAMP, STAMP);
    return stamp;
}
