#include "sim/viewer.h"

#include "base/sb.h"
#include "base/str.h"
#include "sim/peer.h"

static void line(struct sb *b, int mid, const struct sim_peer *p)
{
    bool is_audio = mid < VIEWER_AUDIOS;

    sb_printf(b, "m=%s 9 UDP/TLS/RTP/SAVPF ", is_audio ? "audio" : "video");
    if (is_audio)
        sb_printf(b, p->is_plain ? "%d\r\n" : "%d %d\r\n", SIM_AUDIO_PT, SIM_RED_PT);
    else
        sb_printf(b, p->is_plain ? "%d %d\r\n" : "%d %d %d %d\r\n", SIM_VIDEO_PT, SIM_RTX_PT,
                  SIM_H264_PT, SIM_H264_RTX_PT);
    sb_printf(b, "c=IN IP4 "
                 "0.0.0.0\r\na=ice-ufrag:sim2\r\na=ice-pwd:simsimsimsimsimsimsimsim\r\na="
                 "fingerprint:sha-256 ");
    for (int i = 0; i < 32; i++)
        sb_printf(b, i ? ":%02X" : "%02X", i);
    sb_printf(b, "\r\na=setup:actpass\r\na=mid:%d\r\na=recvonly\r\na=rtcp-mux\r\n", mid);
    if (p->has_transport)
        sb_printf(b,
                  "a=extmap:%d http://www.ietf.org/id/"
                  "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\na=rtcp-fb:%d "
                  "transport-cc\r\n",
                  SIM_EXT_TWCC, is_audio ? SIM_AUDIO_PT : SIM_VIDEO_PT);
    if (is_audio) {
        sb_printf(b, "a=rtpmap:%d opus/48000/2\r\n", SIM_AUDIO_PT);
        if (!p->is_plain)
            sb_printf(b, "a=rtpmap:%d red/48000/2\r\na=fmtp:%d %d/%d\r\n", SIM_RED_PT, SIM_RED_PT,
                      SIM_AUDIO_PT, SIM_AUDIO_PT);
        return;
    }
    sb_printf(b, "a=rtpmap:%d VP8/90000\r\na=rtcp-fb:%d nack\r\na=rtcp-fb:%d nack pli\r\n",
              SIM_VIDEO_PT, SIM_VIDEO_PT, SIM_VIDEO_PT);
    sb_printf(b, "a=rtpmap:%d rtx/90000\r\na=fmtp:%d apt=%d\r\n", SIM_RTX_PT, SIM_RTX_PT,
              SIM_VIDEO_PT);
    if (!p->is_plain)
        sb_printf(b,
                  "a=rtpmap:%d H264/90000\r\na=rtcp-fb:%d nack\r\n"
                  "a=fmtp:%d level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
                  "\r\na=rtpmap:%d rtx/90000\r\na=fmtp:%d apt=%d\r\n",
                  SIM_H264_PT, SIM_H264_PT, SIM_H264_PT, SIM_H264_RTX_PT, SIM_H264_RTX_PT,
                  SIM_H264_PT);
}

str viewer_offer(struct arena *a, const struct sim_peer *p)
{
    struct sb b = sb_init(a, 0);
    int n = VIEWER_AUDIOS + (p->is_wide ? VIEWER_WIDE : VIEWER_VIDEOS);

    sb_c(&b, "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
    for (int i = 0; i < n; i++)
        sb_printf(&b, " %d", i);
    sb_c(&b, "\r\n");
    for (int i = 0; i < n; i++)
        line(&b, i, p);
    return sb_str(&b);
}
