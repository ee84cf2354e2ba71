/*
 * A sequence of datagrams and orders into an sfu in plain mode, with two publishers and two viewers
 * that are connected. The input is a byte that says what was offered (enum offer), and a list of
 * steps: | kind | length | bytes |, the length in two bytes more behind 255. What is meant as media
 * is encrypted here, so that the bytes reach the parsers behind the tag. The SSRCs of the viewers'
 * slots are known, so that an input can ask for them, and chance is the same in every run.
 *
 *     0 UP: person 1     1 DOWN: 2, audience     2 DOWN: 3, backstage     3 UP: 3
 *
 * Whatever comes: media goes to addresses alone that ICE has validated for the peer whose SSRC it
 * has (in plain mode all have the same keys), its tag is good, no number is given twice, and while
 * both publishers practise the audience gets nothing but repeats.
 */
#include "chance.h"
#include "fuzz.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/channel.h"
#include "media/peer.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/sfu.h"
#include "media/stun.h"

#include <string.h>

enum {
    PACKETS = 256, /* half of what two publishers keep: the pool runs out, and is looked after */
    MAX_STEPS = 512,
    MAX_RUN = 64,
    PEERS = 4,
    AUDIENCE = 1,
    ADDRS = 10, /* of each peer: more than ICE_ADDRS */
    PORT = 1000,
    PORTS = PEERS * ADDRS,
    STRANGER = PORTS,
};

/* SSRCs of viewers' slots: of the first viewer's media, its RTX; and of the second one's. */
enum { SSRC = 0x10, SSRC_RTX = 0x10, SSRC_VIEWER = 0x20, SSRC_END = SSRC + 2 * SSRC_VIEWER };

enum offer {
    OFFER_RED = 1,         /* Opus in RED, preferred */
    OFFER_PICTURE = 2 * 3, /* VP8 in one, two, three sizes; H264 */
    OFFER_SHA1 = 8,        /* SRTP's other suite */
    OFFER_REMB = 16,       /* no transport-wide numbers */
    OFFER_NO_RTX = 32,     /* for viewers */
    OFFER_UNEVEN = 64,     /* packets of one picture keep their lengths */
};

enum step {
    STEP_RAW,        /* as it is, from peer `bytes[0] % 5` (4: a stranger) */
    STEP_RTP,        /* from the first publisher */
    STEP_RTCP,       /* from peer bytes[0] % 4 */
    STEP_TIME,       /* bytes[0] × 10 ms pass; peers check unless there is an odd bytes[1] */
    STEP_ORDER,      /* order bytes[0], of peer bytes[1], with value bytes[2] */
    STEP_TAKE,       /* the out queue is emptied */
    STEP_RTP_RUN,    /* bytes[0] % MAX_RUN times, the number one more each time */
    STEP_RTP_SECOND, /* from the second publisher */
    STEP_AGAIN,      /* the last datagram of media once more */
    STEP_KINDS
};

enum order {
    ORDER_STAGE,
    ORDER_ALLOW,
    ORDER_ON_AIR,
    ORDER_WANT,
    ORDER_SPEAK,
    ORDER_LISTEN,
    ORDER_BACKSTAGE,
    ORDER_RESTART,
    ORDER_ANEW, /* freed, and another in its place */
    ORDER_CHOKE,
    ORDER_REBIND, /* it checks from another address of its own, or from its neighbour's */
    ORDER_WAYS,
    ORDER_KINDS
};

struct scene {
    struct sfu *sfu;
    struct sfu_room *room;
    unsigned offers;               /* enum offer */
    struct sfu_peer *peers[PEERS]; /* NULL: gone */
    unsigned at[PEERS];            /* port that it checks from */
    bool is_valid[PEERS][PORTS];   /* … that ICE has taken as its own */
    bool is_dark;                  /* nothing is for the audience */
    struct srtp_keys *up, *down;
    struct srtp_tx tx[256]; /* by the last byte of the SSRC */
    struct srtp_rx rx[SSRC_END];
    struct srtcp_rx rx_rtcp[PORTS];
    uint8_t last[MAX_DATAGRAM];
    size_t last_n;
    unsigned last_port;
    usec now;
};

static struct pkt_pool *pool;

/* ---- offers ---- */

#define HEAD                                                                                       \
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3 4 5\r\n"            \
    "a=ice-ufrag:fuzz\r\na=ice-pwd:fuzzfuzzfuzzfuzzfuzzfuzz\r\na=setup:actpass\r\n"                \
    "a=fingerprint:sha-256 "                                                                       \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:"   \
    "EE:FF\r\n"
#define TWCC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
#define SDES "urn:ietf:params:rtp-hdrext:sdes:"

static void write_line(struct wr *w, unsigned mid, unsigned offers)
{
    wr_str(w, S("\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\na=extmap:4 " SDES "mid\r\na=mid:"));
    wr_u8(w, (uint8_t)('0' + mid));
    wr_str(w, S("\r\n"));
    if (!(offers & OFFER_REMB))
        wr_str(w, S("a=extmap:2 " TWCC));
}

static void write_voice(struct wr *w, unsigned mid, unsigned offers)
{
    wr_str(w, S("m=audio 9 UDP/TLS/RTP/SAVPF"));
    wr_str(w, offers & OFFER_RED ? S(" 63 111") : S(" 111"));
    write_line(w, mid, offers);
    wr_str(w, S("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"));
    if (offers & OFFER_RED)
        wr_str(w, S("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"));
}

static void write_codec(struct wr *w, const char *pt, const char *rtx, str name, unsigned offers)
{
    static const char *const feedback[] = {"nack", "nack pli", "ccm fir"};

    for (size_t i = 0; i < NELEM(feedback); i++) {
        wr_str(w, S("a=rtcp-fb:"));
        wr_str(w, str_c(pt));
        wr_str(w, S(" "));
        wr_str(w, str_c(feedback[i]));
        wr_str(w, S("\r\n"));
    }
    wr_str(w, S("a=rtcp-fb:"));
    wr_str(w, str_c(pt));
    wr_str(w, offers & OFFER_REMB ? S(" goog-remb\r\na=rtpmap:") : S(" transport-cc\r\na=rtpmap:"));
    wr_str(w, str_c(pt));
    wr_str(w, name);
    if (offers & OFFER_NO_RTX)
        return;
    wr_str(w, S("a=rtpmap:"));
    wr_str(w, str_c(rtx));
    wr_str(w, S(" rtx/90000\r\na=fmtp:"));
    wr_str(w, str_c(rtx));
    wr_str(w, S(" apt="));
    wr_str(w, str_c(pt));
    wr_str(w, S("\r\n"));
}

static void write_picture(struct wr *w, unsigned mid, unsigned offers, bool has_vp8, bool has_h264)
{
    wr_str(w, S("m=video 9 UDP/TLS/RTP/SAVPF"));
    wr_str(w, has_vp8 ? S(" 96 97") : S(""));
    wr_str(w, has_h264 ? S(" 102 103") : S(""));
    write_line(w, mid, offers);
    if (has_vp8)
        write_codec(w, "96", "97", S(" VP8/90000\r\n"), offers);
    if (has_h264)
        write_codec(w, "102", "103",
                    S(" H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\n"),
                    offers);
}

static void write_up(struct wr *w, unsigned offers, bool is_first)
{
    unsigned picture = is_first ? (offers & OFFER_PICTURE) / 2 : 0;

    offers &= ~(unsigned)OFFER_NO_RTX;
    wr_str(w, S(HEAD));
    write_voice(w, 0, offers);
    wr_str(w, is_first ? S("a=sendonly\r\na=ssrc:1 cname:f\r\n")
                       : S("a=sendonly\r\na=ssrc:129 cname:f\r\n"));
    write_picture(w, 1, offers, picture != 3, picture == 3);
    wr_str(w, S("a=sendonly\r\n"));
    if (picture == 1 || picture == 2)
        wr_str(w, S("a=extmap:10 " SDES "rtp-stream-id\r\n"
                    "a=extmap:11 " SDES "repaired-rtp-stream-id\r\n"
                    "a=rid:q send\r\na=rid:h send\r\n"));
    if (picture == 1)
        wr_str(w, S("a=simulcast:send q;h\r\n"));
    else if (picture == 2)
        wr_str(w, S("a=rid:f send\r\na=simulcast:send q;h;f\r\n"));
    else if (is_first)
        wr_str(w, S("a=ssrc-group:FID 2 3\r\na=ssrc:2 cname:f\r\na=ssrc:3 cname:f\r\n"));
    else
        wr_str(w, S("a=ssrc-group:FID 130 131\r\na=ssrc:130 cname:f\r\na=ssrc:131 cname:f\r\n"));
}

/* The audience has every voice and two pictures, and alone takes H264; the other one is blind to it
 * and has one of each: an offer is what a run costs most. */
static void write_down(struct wr *w, unsigned offers, bool is_audience)
{
    unsigned voices = is_audience ? SFU_AUDIO_SLOTS : 1, pictures = is_audience ? 2 : 1;
    bool has_h264 = is_audience && (offers & OFFER_PICTURE) == OFFER_PICTURE;

    wr_str(w, S(HEAD));
    for (unsigned mid = 0; mid < voices + pictures; mid++) {
        if (mid < voices)
            write_voice(w, mid, offers);
        else
            write_picture(w, mid, offers, true, has_h264);
        wr_str(w, S("a=recvonly\r\n"));
    }
}

/* ---- what goes out ---- */

static unsigned port_of(const struct addr *a)
{
    struct addr ours;

    CHECK(addr_parse(S("192.0.2.1"), a->port, &ours) == 0 && addr_eq(a, &ours));
    CHECK(a->port >= PORT && a->port < PORT + PORTS);
    return a->port - PORT;
}

static void check_rtp(struct scene *s, uint8_t *d, size_t n, unsigned port)
{
    unsigned viewer;
    struct rtp h;

    CHECK(rtp_head(d, n, &h) == 0 && h.ssrc >= SSRC && h.ssrc < SSRC_END);
    viewer = AUDIENCE + (h.ssrc - SSRC) / SSRC_VIEWER;
    CHECK(s->is_valid[viewer][port]);
    CHECK(viewer != AUDIENCE || !s->is_dark || (h.ssrc - SSRC) & SSRC_RTX);
    CHECK(srtp_unprotect(s->down, &s->rx[h.ssrc], d, n, &n) == 0);
    CHECK(rtp_parse(d, n, &h) == 0);
}

static void check_rtcp(struct scene *s, uint8_t *d, size_t n, unsigned port)
{
    bool is_valid = false;

    for (unsigned i = 0; i < PEERS; i++)
        is_valid |= s->is_valid[i][port];
    CHECK(is_valid);
    if (srtcp_unprotect(s->down, &s->rx_rtcp[port], d, n, &n) == 0)
        CHECK(rtcp_check(d, n) == 0);
    else
        CHECK(s->rx_rtcp[port].n == SRTCP_MAX_SSRCS);
}

static void take_out(struct scene *s)
{
    struct pkt *p = sfu_take_out(s->sfu), *next;

    for (; p; p = next ? next : sfu_take_out(s->sfu)) {
        next = p->next;
        CHECK(p->n && p->n <= PKT_ROOM);
        CHECK(p->data >= p->bytes && p->data + p->n <= p->bytes + sizeof(p->bytes));
        if (p->data[0] >= 128 && rtp_is_rtcp(p->data, p->n))
            check_rtcp(s, p->data, p->n, port_of(&p->addr));
        else if (p->data[0] >= 128)
            check_rtp(s, p->data, p->n, port_of(&p->addr));
        else
            CHECK(stun_is(p->data, p->n)); /* an answer: to whoever knew the password */
        pkt_unref(p);
    }
}

/* ---- both ends ---- */

static void rx(struct scene *s, unsigned port, const uint8_t *d, size_t n)
{
    struct pkt *p = pkt_get(pool);

    if (!p)
        return;
    n = n < MAX_DATAGRAM ? n : MAX_DATAGRAM;
    if (n)
        memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    CHECK(addr_parse(S("192.0.2.1"), (uint16_t)(PORT + port), &p->addr) == 0);
    p->at = s->now;
    sfu_rx(s->sfu, p, s->now);
}

static void rx_media(struct scene *s, unsigned port, const uint8_t *d, size_t n)
{
    memcpy(s->last, d, n);
    s->last_n = n;
    s->last_port = port;
    rx(s, port, d, n);
}

static void make_keys(enum srtp_suite suite, bool is_up_tx, struct srtp_keys **up,
                      struct srtp_keys **down)
{
    struct dtls_keys k;

    peer_plain_keys(&k);
    srtp_keys_free(*up);
    srtp_keys_free(*down);
    *up = *down = NULL;
    CHECK(srtp_keys_new(suite, is_up_tx, k.up, k.up + k.key_n, up) == 0);
    CHECK(srtp_keys_new(suite, !is_up_tx, k.down, k.down + k.key_n, down) == 0);
}

/* A valid check; the plain mode knows one suite, so the other one is put in its place. */
static void check(struct scene *s, unsigned i)
{
    struct sfu_peer *p = s->peers[i];
    uint8_t buf[STUN_MAX_BYTES];
    struct wr w = wr_init(buf, sizeof(buf));
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .has_use_candidate = true,
                     .role = STUN_CONTROLLING};
    struct addr a;

    if (!p)
        return;
    m.username = str_c(p->ice.now.ufrag);
    stun_write(&w, &m, str_c(p->ice.now.pwd));
    rx(s, s->at[i], buf, wr_len(&w));
    CHECK(addr_parse(S("192.0.2.1"), (uint16_t)(PORT + s->at[i]), &a) == 0);
    s->is_valid[i][s->at[i]] |= ice_has(&p->ice, &a);
    if (s->offers & OFFER_SHA1 && p->is_connected &&
        srtp_keys_suite(p->up_keys) != SRTP_AES_CM_128_HMAC_SHA1_80)
        make_keys(SRTP_AES_CM_128_HMAC_SHA1_80, false, &p->up_keys, &p->down_keys);
}

/* So that inputs mean the same whatever chance began with. */
static void name_slots(struct scene *s, unsigned viewer)
{
    struct sfu_peer *p = s->peers[viewer];

    for (unsigned k = 0; k < p->naudio + p->nvideo; k++) {
        struct slot *slot = &p->slots[k];

        slot->ssrc = SSRC + (viewer - AUDIENCE) * SSRC_VIEWER + k;
        if (slot->rtx_ssrc)
            slot->rtx_ssrc = slot->ssrc + SSRC_RTX;
        slot->out_top = 65536 + 0xFFF0;
        slot->rtx_seq = 0;
        slot->base_ts = 1000;
        slot->pid = 0x7FF0;
        slot->tl0 = 0xF0;
        memset(&s->rx[slot->ssrc], 0, sizeof(s->rx[0]));
        memset(&s->rx[slot->ssrc + SSRC_RTX], 0, sizeof(s->rx[0]));
    }
}

static void add_peer(struct scene *s, unsigned i)
{
    static const int64_t persons[PEERS] = {1, 2, 3, 3};
    char offer[8192];
    bool is_up = i == 0 || i == 3;
    struct wr w = wr_init(offer, sizeof(offer));
    struct sfu_peer_conf c = {
        .role = is_up ? SFU_UP : SFU_DOWN, .person = persons[i], .is_backstage = i == 2};
    struct arena *a = arena_new();
    str answer;

    if (is_up)
        write_up(&w, s->offers, i == 0);
    else
        write_down(&w, s->offers, i == AUDIENCE);
    CHECK(a && !w.err);
    c.offer = (str){offer, wr_len(&w)};
    CHECK(sfu_peer_new(s->room, &c, s->now, a, &answer, &s->peers[i]) == 0);
    arena_free(a);
    memset(s->rx_rtcp, 0, sizeof(s->rx_rtcp));
    if (is_up)
        s->is_dark = false;
    else
        name_slots(s, i);
    check(s, i);
}

static void gone(struct sfu_peer *p, enum sfu_gone why, usec now, void *ctx)
{
    struct scene *s = ctx;

    (void)why;
    (void)now;
    for (unsigned i = 0; i < PEERS; i++)
        if (s->peers[i] == p)
            s->peers[i] = NULL;
}

static void scene_init(struct scene *s, unsigned offers)
{
    static const struct sfu_events events = {.gone = gone};
    struct sfu_conf c = {.events = &events, .ctx = s, .pool = pool, .is_plain = true};

    memset(s, 0, sizeof(*s));
    chance = 1;
    s->now = 1000 * USEC_S;
    s->offers = offers;
    c.is_uneven = offers & OFFER_UNEVEN;
    make_keys(offers & OFFER_SHA1 ? SRTP_AES_CM_128_HMAC_SHA1_80 : SRTP_AEAD_AES_128_GCM, true,
              &s->up, &s->down);
    CHECK(sfu_new(&c, &s->sfu) == 0 && sfu_room_new(s->sfu, 1, &s->room) == 0);
    for (unsigned i = 0; i < PEERS; i++) {
        s->at[i] = i;
        add_peer(s, i);
    }
    sfu_tick(s->sfu, s->now);
}

static void scene_done(struct scene *s)
{
    sfu_tick(s->sfu, s->now);
    take_out(s);
    sfu_room_free(s->room);
    take_out(s);
    sfu_free(s->sfu);
    srtp_keys_free(s->up);
    srtp_keys_free(s->down);
    CHECK(pkt_pool_used(pool) == 0);
}

/* ---- steps ---- */

static void rx_rtp(struct scene *s, unsigned up, const uint8_t *d, size_t n)
{
    struct srtp_parts parts = {.header = d};
    uint8_t out[MAX_DATAGRAM];
    struct rtp h;
    size_t out_n;

    if (rtp_head(d, n, &h) < 0)
        return;
    parts.header_n = h.header_n;
    parts.payload = d + h.header_n;
    parts.payload_n = n - h.header_n;
    if (srtp_protect(s->up, &s->tx[h.ssrc & 255], &parts, out, sizeof(out), &out_n) == 0)
        rx_media(s, s->at[up], out, out_n);
}

static void rx_rtp_run(struct scene *s, unsigned times, const uint8_t *d, size_t n)
{
    uint8_t copy[MAX_DATAGRAM];

    if (n < 4 || n > sizeof(copy))
        return;
    memcpy(copy, d, n);
    for (unsigned i = 0; i < times; i++) {
        rx_rtp(s, 0, copy, n);
        if (!++copy[3])
            copy[2]++;
    }
}

static void rx_rtcp(struct scene *s, unsigned i, const uint8_t *d, size_t n)
{
    uint8_t out[MAX_DATAGRAM];
    size_t out_n;

    if (n < 8 || n + SRTCP_MAX_EXTRA > sizeof(out))
        return;
    if (srtcp_protect(s->up, d, n, out, sizeof(out), &out_n) == 0)
        rx_media(s, s->at[i], out, out_n);
}

static void pass_time(struct scene *s, unsigned ticks, bool is_silent)
{
    s->now += ticks * 10 * USEC_MS;
    for (unsigned i = 0; i < PEERS && !is_silent; i++)
        check(s, i);
    sfu_tick(s->sfu, s->now);
}

/* What is under way was for those of before. */
static void look_for_dark(struct scene *s)
{
    const struct sfu_peer *viewer = s->peers[AUDIENCE];
    bool is_on_air = false;

    take_out(s);
    for (unsigned i = 0; i < PEERS; i++)
        is_on_air |= s->peers[i] && s->peers[i]->role == SFU_UP && s->peers[i]->is_on_air;
    s->is_dark = !is_on_air && viewer && !viewer->is_backstage;
}

static void restart(struct scene *s, struct sfu_peer *p, str frag)
{
    struct arena *a = arena_new();
    str answer;

    CHECK(a);
    if (!frag.n)
        frag = S("a=ice-ufrag:anew\r\na=ice-pwd:anewanewanewanewanewanew\r\n");
    (void)sfu_peer_restart(p, frag, s->now, a, &answer);
    arena_free(a);
}

static void anew(struct scene *s, unsigned i)
{
    take_out(s);
    sfu_peer_free(s->peers[i], s->now);
    take_out(s);
    s->peers[i] = NULL;
    memset(s->is_valid[i], 0, sizeof(s->is_valid[i]));
    add_peer(s, i);
    look_for_dark(s);
}

static void order_up(struct scene *s, enum order what, struct sfu_peer *p, uint8_t value)
{
    if (what == ORDER_ALLOW)
        sfu_peer_allow(p, value & 1 ? SFU_AUDIO : SFU_VIDEO, value & 2);
    else if (what == ORDER_ON_AIR)
        sfu_peer_on_air(p, value & 1, s->now);
    else if (what == ORDER_SPEAK)
        sfu_peer_speak(p, value % (SFU_CHANNELS + 2) + SFU_NOWHERE, s->now);
}

static void order_down(struct scene *s, enum order what, struct sfu_peer *p, uint8_t value)
{
    if (what == ORDER_WANT)
        sfu_peer_want(p, value % 2, value / 4 * 20, s->now);
    else if (what == ORDER_LISTEN)
        sfu_peer_listen(p, value % (SFU_CHANNELS + 1), s->now);
    else if (what == ORDER_BACKSTAGE)
        sfu_peer_backstage(p, value & 1, s->now);
}

static void order(struct scene *s, enum order what, unsigned i, struct rd *r)
{
    struct sfu_peer *p = s->peers[i];
    uint8_t value = rd_u8(r);
    bool is_gate = what == ORDER_ON_AIR || what == ORDER_BACKSTAGE;

    if (is_gate) {
        take_out(s);
        s->is_dark = false;
    }
    if (what == ORDER_STAGE)
        sfu_room_stage(s->room, value % 5, s->now);
    else if (what == ORDER_WAYS)
        sfu_room_ways(s->room, value);
    else if (what == ORDER_ANEW)
        anew(s, i);
    else if (!p)
        (void)p; /* gone: there is nobody to be told */
    else if (what == ORDER_RESTART)
        restart(s, p, (str){(const char *)r->p, rd_left(r)});
    else if (what == ORDER_CHOKE)
        sfu_choke(s->sfu, &p->ice.selected, value & 1, s->now);
    else if (what == ORDER_REBIND)
        s->at[i] = value % (ADDRS + 1) == ADDRS ? s->at[(i + 1) % PEERS]
                                                : i + PEERS * (value % (ADDRS + 1));
    else if (p->role == SFU_UP)
        order_up(s, what, p, value);
    else
        order_down(s, what, p, value);
    if (what == ORDER_REBIND)
        check(s, i);
    if (is_gate)
        look_for_dark(s);
}

static void run(struct scene *s, enum step kind, const uint8_t *d, size_t n)
{
    struct rd r = rd_init(d, n);
    uint8_t first, second;

    switch (kind) {
    case STEP_RTP:
        rx_rtp(s, 0, d, n);
        return;
    case STEP_RTP_SECOND:
        rx_rtp(s, 3, d, n);
        return;
    case STEP_TAKE:
        take_out(s);
        return;
    case STEP_AGAIN:
        rx(s, s->last_port, s->last, s->last_n);
        return;
    default:
        break;
    }
    first = rd_u8(&r);
    if (kind == STEP_RAW)
        rx(s, first % (PEERS + 1) == PEERS ? STRANGER : s->at[first % (PEERS + 1)], r.p,
           rd_left(&r));
    else if (kind == STEP_RTCP)
        rx_rtcp(s, first % PEERS, r.p, rd_left(&r));
    else if (kind == STEP_RTP_RUN)
        rx_rtp_run(s, first % MAX_RUN, r.p, rd_left(&r));
    else if (kind == STEP_TIME)
        pass_time(s, first, rd_u8(&r) & 1);
    else {
        second = rd_u8(&r);
        order(s, first % ORDER_KINDS, second % PEERS, &r);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct scene s;
    struct rd r = rd_init(p, n);

    if (!pool)
        CHECK(pkt_pool_new(PACKETS, &pool) == 0);
    scene_init(&s, rd_u8(&r));
    for (int i = 0; i < MAX_STEPS && rd_left(&r); i++) {
        enum step kind = rd_u8(&r) % STEP_KINDS;
        size_t length = rd_u8(&r);

        length = length == UINT8_MAX ? rd_u16(&r) : length;
        length = length < rd_left(&r) ? length : rd_left(&r);
        run(&s, kind, rd_bytes(&r, length), length);
    }
    scene_done(&s);
    return 0;
}
