#include "offer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "source.h"

#define EXT_LEVEL    "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
#define EXT_ABS_TIME "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
#define EXT_TWCC     "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#define EXT_MID      "urn:ietf:params:rtp-hdrext:sdes:mid"

static void head(struct sb *b, unsigned nlines)
{
    sb_c(b, "v=0\r\no=- 4611732 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
    for (unsigned i = 0; i < nlines; i++)
        sb_printf(b, " %u", i);
    sb_c(b, "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS *\r\n");
}

/* We insist to be the DTLS client, as browsers are towards an answer-only server. */
static void transport(struct sb *b, const struct offer_end *e)
{
    sb_printf(b, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\na=setup:active\r\n",
              e->ufrag, e->pwd, e->fingerprint);
    sb_printf(b, "a=candidate:1 1 udp 2113937151 %s %u typ host\r\na=end-of-candidates\r\n", e->ip,
              e->port);
}

static void audio_codecs(struct sb *b)
{
    sb_printf(b,
              "a=extmap:%u " EXT_LEVEL "\r\na=extmap:%u " EXT_ABS_TIME "\r\na=extmap:%u " EXT_TWCC
              "\r\n",
              SOURCE_EXT_LEVEL, SOURCE_EXT_ABS_TIME, SOURCE_EXT_TWCC);
    sb_printf(b,
              "a=rtpmap:%u opus/48000/2\r\na=rtcp-fb:%u transport-cc\r\na=fmtp:%u "
              "minptime=10;useinbandfec=1\r\n",
              SOURCE_OPUS, SOURCE_OPUS, SOURCE_OPUS);
}

static void video_codecs(struct sb *b)
{
    sb_printf(b, "a=extmap:%u " EXT_ABS_TIME "\r\na=extmap:%u " EXT_TWCC "\r\n",
              SOURCE_EXT_ABS_TIME, SOURCE_EXT_TWCC);
    sb_printf(b, "a=rtpmap:%u VP8/90000\r\n", SOURCE_VP8);
    for (unsigned i = 0; i < 5; i++) {
        static const char *const feedback[] = {"goog-remb", "transport-cc", "ccm fir", "nack",
                                               "nack pli"};

        sb_printf(b, "a=rtcp-fb:%u %s\r\n", SOURCE_VP8, feedback[i]);
    }
    sb_printf(b, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", SOURCE_VP8_RTX, SOURCE_VP8_RTX,
              SOURCE_VP8);
}

static void line(struct sb *b, const struct offer *o, unsigned i)
{
    bool is_video = i >= o->naudio;

    if (is_video)
        sb_printf(b, "m=video 9 UDP/TLS/RTP/SAVPF %u %u\r\n", SOURCE_VP8, SOURCE_VP8_RTX);
    else
        sb_printf(b, "m=audio 9 UDP/TLS/RTP/SAVPF %u\r\n", SOURCE_OPUS);
    sb_c(b, "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n");
    transport(b, &o->end);
    sb_printf(b, "a=mid:%u\r\na=extmap:%u " EXT_MID "\r\na=%s\r\na=rtcp-mux\r\na=rtcp-rsize\r\n", i,
              SOURCE_EXT_MID, o->is_sending ? "sendonly" : "recvonly");
    if (is_video)
        video_codecs(b);
    else
        audio_codecs(b);
    if (o->is_sending)
        sb_printf(
            b, "a=msid:bench track%u\r\na=ssrc:%u cname:bench\r\na=ssrc:%u msid:bench track%u\r\n",
            i, o->ssrc[i], o->ssrc[i], i);
}

str offer_write(struct arena *a, const struct offer *o)
{
    struct sb b = sb_init(a, 0);

    head(&b, o->naudio + o->nvideo);
    for (unsigned i = 0; i < o->naudio + o->nvideo; i++)
        line(&b, o, i);
    return sb_str(&b);
}

/* Lines of theirs that an answer repeats as they are. */
static bool is_repeated(str s)
{
    static const char *const kept[] = {
        "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:", "a=mid:", "a=extmap:", "a=rtcp-mux", "a=rtcp-rsize"};

    for (size_t i = 0; i < NELEM(kept); i++)
        if (str_starts(s, str_c(kept[i])))
            return true;
    return false;
}

str offer_answer(struct arena *a, str theirs, const struct offer_end *end)
{
    struct sb b = sb_init(a, 0);
    bool is_in_media = false;
    str s;

    sb_c(&b, "v=0\r\no=- 4611732 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    while (str_line(&theirs, &s)) {
        if (str_starts(s, S("a=group:BUNDLE"))) {
            sb_printf(&b, "%.*s\r\n", STR(s));
        } else if (str_starts(s, S("m="))) {
            is_in_media = true;
            sb_printf(&b, "%.*s\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\n", STR(s));
            transport(&b, end);
        } else if (is_in_media && is_repeated(s)) {
            sb_printf(&b, "%.*s\r\n", STR(s));
        }
    }
    return sb_str(&b);
}

static void take(str s, const char *name, str *to)
{
    if (!to->p && str_starts(s, str_c(name)))
        *to = str_trim(str_from(s, str_c(name).n));
}

/* "foundation component transport priority ip port typ …", RFC 8839 5.1. */
static void take_candidate(str s, struct addr *to)
{
    str field[6];
    uint64_t port;

    if (to->port || !str_starts(s, S("a=candidate:")))
        return;
    for (unsigned i = 0; i < NELEM(field); i++) {
        struct str_pair cut = str_cut(s, ' ');

        field[i] = cut.head;
        s = cut.tail;
    }
    if (str_ieq(field[2], S("udp")) && str_chr(field[4], ':') < 0 &&
        str_u64(field[5], 65535, &port) == 0)
        (void)addr_parse(field[4], (uint16_t)port, to);
}

/* "id[/direction] uri", RFC 8285 8. */
static void take_twcc(str s, uint8_t *to)
{
    struct str_pair cut = str_cut(str_from(s, S("a=extmap:").n), ' ');
    uint64_t id;

    if (!*to && str_starts(s, S("a=extmap:")) && str_eq(str_cut(cut.tail, ' ').head, S(EXT_TWCC)) &&
        str_u64(str_cut(cut.head, '/').head, 14, &id) == 0)
        *to = (uint8_t)id;
}

int offer_read(str sdp, struct offer_remote *ret_remote)
{
    struct offer_remote r = {0};
    str s;

    while (str_line(&sdp, &s)) {
        take(s, "a=ice-ufrag:", &r.ufrag);
        take(s, "a=ice-pwd:", &r.pwd);
        take(s, "a=fingerprint:sha-256 ", &r.fingerprint);
        take_candidate(s, &r.addr);
        take_twcc(s, &r.twcc_id);
    }
    if (!r.ufrag.n || !r.pwd.n || !r.fingerprint.n || !r.addr.port)
        return ERR_SYNTAX;
    *ret_remote = r;
    return 0;
}
