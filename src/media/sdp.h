/*
 * Session descriptions (RFC 8866, RFC 9429, RFC 9725): an offer is parsed into structs, an answer
 * is written from choices. Everything lives in the arena given; texts point into the offer, which
 * must outlive the result. No state, any thread. The server only answers, once: BUNDLE (RFC 9143),
 * rtcp-mux, ICE-lite, DTLS passive.
 */
#ifndef MEDIA_SDP_H
#define MEDIA_SDP_H

#include "base/addr.h"
#include "base/types.h"
#include "media/rtp.h"

struct arena;

enum sdp_kind { SDP_AUDIO, SDP_VIDEO, SDP_OTHER /* application and whatever comes: rejected */ };
enum sdp_dir { SDP_SENDRECV, SDP_SENDONLY, SDP_RECVONLY, SDP_INACTIVE };
enum sdp_setup { SDP_ACTPASS, SDP_ACTIVE, SDP_PASSIVE }; /* RFC 5763 5 */

/* a=rtcp-fb, as bits. */
enum {
    SDP_FB_NACK = 1,
    SDP_FB_PLI = 2,  /* nack pli */
    SDP_FB_FIR = 4,  /* ccm fir */
    SDP_FB_REMB = 8, /* goog-remb */
    SDP_FB_TWCC = 16 /* transport-cc */
};

enum {
    SDP_MAX_EXTS = 32,
    SDP_MAX_SSRCS = 16,
    SDP_MAX_RIDS = 4,
    SDP_MAX_ALSO = 4,
    SDP_HASH = 64,
    SDP_NO_PT = 255
};

struct sdp_codec {
    uint8_t pt;
    str name; /* as offered; compare with str_ieq */
    uint32_t clock;
    uint8_t channels;  /* 1 when not said */
    str fmtp;          /* parameters behind the payload type; unset when there are none */
    unsigned feedback; /* SDP_FB_* */
    uint8_t apt;       /* of an rtx codec: what it repeats; SDP_NO_PT otherwise */
};

struct sdp_ssrc {
    uint32_t ssrc;
    uint32_t rtx; /* its FID partner; 0: none. The partner has no entry of its own */
    str cname;
};

struct sdp_rid {
    str id;
    bool is_send;
};

/* a=fingerprint (RFC 8122); n 0: none, or a hash that is not one of sha-256, sha-384, sha-512. */
struct sdp_fingerprint {
    str hash; /* "sha-256" */
    uint8_t bytes[SDP_HASH];
    size_t n;
};

struct sdp_media {
    enum sdp_kind kind;
    str kind_text, protocol, formats; /* of the m= line, to be echoed in a rejection */
    uint16_t port;
    bool is_bundled; /* named in the first a=group:BUNDLE; an offer without one counts its first
                        usable line alone */
    bool is_rtp; /* audio or video over DTLS (RFC 9429 5.1.2), and not withdrawn by port 0 without
                    bundle-only */
    bool has_mux, has_rsize;
    enum sdp_dir dir;
    str mid;                  /* unset when absent */
    struct sdp_codec *codecs; /* in the order of preference of the m= line */
    unsigned ncodecs;
    struct rtp_ext_ids exts; /* those that we understand */
    struct sdp_ssrc ssrcs[SDP_MAX_SSRCS];
    unsigned nssrcs;
    struct sdp_rid rids[SDP_MAX_RIDS];
    unsigned nrids;
    str stream, track; /* a=msid; unset when absent; stream "-" means none */
    str ufrag, pwd;    /* the session's when the line has none */
    enum sdp_setup setup; /* of a line that is_bundled: the BUNDLE's */
    struct sdp_fingerprint fingerprint;
};

struct sdp {
    struct sdp_media *media; /* in the order of the offer; an answer has as many */
    unsigned nmedia;
    str ufrag, pwd; /* of the BUNDLE: of its first line that is_rtp (RFC 9143 7.3.1) */
    struct sdp_fingerprint fingerprint;
    enum sdp_setup setup;
    bool has_bundle, has_mixed_exts; /* has_mixed_exts: a=extmap-allow-mixed */
};

/*
 * ERR_SYNTAX: not an SDP, or without ICE credentials; ERR_TOO_BIG: past MAX_SDP_BYTES or
 * MAX_SDP_MEDIA; ERR_UNSUPPORTED: no usable DTLS fingerprint; ERR_MEM.
 */
int sdp_parse(struct arena *a, str text, struct sdp **ret_sdp);
/* The preferred codec of that name and clock; NULL when not offered. */
const struct sdp_codec *sdp_codec_by_name(const struct sdp_media *m, str name, uint32_t clock);
/* The value of one parameter of the codec's a=fmtp; unset when it has none such. */
str sdp_codec_param(const struct sdp_codec *c, str name);
/* The rtx codec that repeats pt; NULL when not offered. */
const struct sdp_codec *sdp_codec_rtx(const struct sdp_media *m, uint8_t pt);

/* What we say to one m= line. Zeroed means rejected: port 0. */
struct sdp_choice {
    bool is_accepted; /* only a line that is_rtp and is_bundled may be */
    enum sdp_dir dir; /* ours: recvonly towards a publisher, sendonly towards a viewer */
    const struct sdp_codec *codec;              /* of the offer */
    const struct sdp_codec *rtx;                /* of the offer, or NULL */
    const struct sdp_codec *also[SDP_MAX_ALSO]; /* behind them: of the offer, in order */
    unsigned nalso;
    bool has_ext[RTP_EXT_COUNT]; /* echoed if offered */
    bool has_rids;            /* recvonly: every a=rid it sends is taken, as simulcast (RFC 8853) */
    uint32_t ssrc, rtx_ssrc;  /* sendonly: ours; rtx_ssrc 0: none */
    str cname, stream, track; /* sendonly; stream and track become a=msid */
};

struct sdp_candidate {
    struct addr addr;
    bool is_tcp; /* ICE-TCP passive (RFC 6544) */
};

struct sdp_answer {
    uint64_t session; /* o= number; RFC 9429 asks for 63 random bits */
    str ufrag, pwd;
    str fingerprint;                        /* "sha-256 AB:CD:…" */
    const struct sdp_candidate *candidates; /* in order of preference */
    unsigned ncandidates;
    const struct sdp_choice *choices; /* one per m= line of the offer */
};

/*
 * ERR_MEM. We are the DTLS server (setup:passive), and the client (setup:active) of an offerer who
 * says that it is the server. Feedback written is what both the offer says and we speak: for VP8
 * all of SDP_FB_*, for Opus transport-cc and nack as offered.
 */
int sdp_write(struct arena *a, const struct sdp *offer, const struct sdp_answer *ans,
              str *ret_text);

#endif
