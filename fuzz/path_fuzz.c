/*
 * A sequence of datagrams and orders into an sfu in plain mode, with a publisher and two viewers
 * that are connected. The input is a list of steps: | kind | length | bytes |. What is meant as
 * media is encrypted here, so that the bytes reach the parsers behind the tag.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/pkt.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/peer.h"
#include "media/rtp.h"
#include "media/sfu.h"
#include "media/stun.h"

#include <string.h>

enum { PACKETS = 4096, MAX_STEPS = 512, UP = 0, PEERS = 3 };

enum step {
    STEP_RAW,   /* as it is, from the address of peer `bytes[0] % 4` (3: a stranger) */
    STEP_RTP,   /* from the publisher */
    STEP_RTCP,  /* from peer bytes[0] % 3 */
    STEP_TIME,  /* bytes[0] × 10 ms pass */
    STEP_ORDER, /* stage, mute, practice, want */
    STEP_TAKE,  /* the out queue is emptied */
    STEP_KINDS
};

struct scene {
    struct sfu_room *room;
    struct sfu_peer *peers[PEERS];
    struct addr addrs[PEERS + 1];
    struct srtp_keys *tx;
    struct srtp_tx rtp[256]; /* by the last byte of the SSRC */
    usec now;
};

static struct sfu *sfu;
static struct pkt_pool *pool;

#define HEAD                                                                                       \
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 "                         \
    "1\r\na=ice-ufrag:fuzz\r\n"                                                                    \
    "a=ice-pwd:fuzzfuzzfuzzfuzzfuzzfuzz\r\na=setup:actpass\r\na=fingerprint:sha-256 "              \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:"   \
    "EE:FF\r\n"
#define VOICE                                                                                      \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\n"             \
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"                                   \
    "a=extmap:2 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"     \
    "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
#define PICTURE                                                                                    \
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\n"           \
    "a=extmap:2 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"     \
    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"                      \
    "a=rtcp-fb:96 transport-cc\r\na=rtpmap:97 rtx/90000\r\n"                                       \
    "a=fmtp:97 apt=96\r\n"

static const char offer_up[] =
    HEAD VOICE "a=sendonly\r\na=ssrc:1 cname:f\r\n" PICTURE
               "a=sendonly\r\na=ssrc-group:FID 2 3\r\na=ssrc:2 cname:f\r\na=ssrc:3 cname:f\r\n";
static const char offer_down[] = HEAD VOICE "a=recvonly\r\n" PICTURE "a=recvonly\r\n";

static void rx(struct scene *s, const struct addr *from, const uint8_t *d, size_t n)
{
    struct pkt *p = pkt_get(pool);

    if (!p)
        return;
    n = n < 1500 ? n : 1500;
    if (n)
        memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    p->addr = *from;
    p->at = s->now;
    sfu_rx(sfu, p, s->now);
}

static void take_out(void)
{
    struct pkt *p = sfu_take_out(sfu), *next;

    for (; p; p = next ? next : sfu_take_out(sfu)) {
        next = p->next;
        pkt_unref(p);
    }
}

static void check(struct scene *s, int i)
{
    uint8_t buf[STUN_MAX_BYTES];
    struct wr w = wr_init(buf, sizeof(buf));
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .has_use_candidate = true,
                     .role = STUN_CONTROLLING,
                     .username = str_c(s->peers[i]->ice.now.ufrag)};

    stun_write(&w, &m, str_c(s->peers[i]->ice.now.pwd));
    rx(s, &s->addrs[i], buf, wr_len(&w));
}

static void scene_init(struct scene *s)
{
    struct arena *a = arena_new();
    struct dtls_keys k;
    str answer;

    memset(s, 0, sizeof(*s));
    s->now = 1000 * USEC_S;
    CHECK(a && sfu_room_new(sfu, 1, &s->room) == 0);
    for (int i = 0; i < PEERS; i++) {
        struct sfu_peer_conf c = {.role = i == UP ? SFU_UP : SFU_DOWN,
                                  .person = 1 + i,
                                  .offer = i == UP ? str_c(offer_up) : str_c(offer_down),
                                  .is_backstage = i == 2};

        CHECK(sfu_peer_new(s->room, &c, s->now, a, &answer, &s->peers[i]) == 0);
    }
    for (int i = 0; i <= PEERS; i++)
        CHECK(addr_parse(S("192.0.2.1"), (uint16_t)(1000 + i), &s->addrs[i]) == 0);
    for (int i = 0; i < PEERS; i++)
        check(s, i);
    sfu_tick(sfu, s->now);
    peer_plain_keys(&k);
    CHECK(srtp_keys_new(SRTP_AEAD_AES_128_GCM, true, k.up, k.up + k.key_n, &s->tx) == 0);
    arena_free(a);
}

static void rx_rtp(struct scene *s, const uint8_t *d, size_t n)
{
    struct srtp_parts parts = {.header = d};
    uint8_t out[1500];
    struct rtp h;
    size_t out_n;

    if (n > 1400 || rtp_head(d, n, &h) < 0)
        return;
    parts.header_n = h.header_n;
    parts.payload = d + h.header_n;
    parts.payload_n = n - h.header_n;
    if (srtp_protect(s->tx, &s->rtp[h.ssrc & 255], &parts, out, sizeof(out), &out_n) == 0)
        rx(s, &s->addrs[UP], out, out_n);
}

static void rx_rtcp(struct scene *s, int i, const uint8_t *d, size_t n)
{
    uint8_t out[1500];
    size_t out_n;

    if (n < 8 || n > 1400)
        return;
    if (srtcp_protect(s->tx, d, n, out, sizeof(out), &out_n) == 0)
        rx(s, &s->addrs[i], out, out_n);
}

static void order(struct scene *s, uint8_t what)
{
    bool is_on = what & 8;

    switch (what & 3) {
    case 0:
        sfu_room_stage(s->room, what >> 4, s->now);
        break;
    case 1:
        sfu_peer_allow(s->peers[UP], what & 4 ? SFU_AUDIO : SFU_VIDEO, is_on);
        break;
    case 2:
        sfu_peer_on_air(s->peers[UP], is_on, s->now);
        break;
    default:
        sfu_peer_want(s->peers[1], what >> 4, is_on ? 180 : 0, s->now);
        break;
    }
}

static void run(struct scene *s, enum step kind, const uint8_t *d, size_t n)
{
    uint8_t first = n ? d[0] : 0;

    switch (kind) {
    case STEP_RAW:
        rx(s, &s->addrs[first % (PEERS + 1)], n ? d + 1 : d, n ? n - 1 : 0);
        break;
    case STEP_RTP:
        rx_rtp(s, d, n);
        break;
    case STEP_RTCP:
        rx_rtcp(s, first % PEERS, n ? d + 1 : d, n ? n - 1 : 0);
        break;
    case STEP_TIME: /* never so far that a peer is given up, because the scene keeps pointers */
        s->now += first * 10 * USEC_MS;
        for (int i = 0; i < PEERS; i++)
            check(s, i);
        sfu_tick(sfu, s->now);
        break;
    case STEP_ORDER:
        order(s, first);
        break;
    default:
        take_out();
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct sfu_conf conf = {.is_plain = true};
    struct sfu_conf c = conf;
    struct scene s;
    struct rd r = rd_init(p, n);

    if (!sfu) {
        CHECK(pkt_pool_new(PACKETS, &pool) == 0);
        c.pool = pool;
        CHECK(sfu_new(&c, &sfu) == 0);
    }
    scene_init(&s);
    for (int i = 0; i < MAX_STEPS && rd_left(&r); i++) {
        uint8_t kind = rd_u8(&r);
        size_t len = rd_u8(&r);

        len = len < rd_left(&r) ? len : rd_left(&r);
        run(&s, kind % STEP_KINDS, rd_bytes(&r, len), len);
    }
    sfu_tick(sfu, s.now);
    take_out();
    sfu_room_free(s.room);
    take_out();
    srtp_keys_free(s.tx);
    CHECK(pkt_pool_used(pool) == 0);
    return 0;
}
