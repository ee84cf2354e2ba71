#include "media/sdp.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "media/sdp_frag.h"
#include "media/sdp_i.h"

const char *const sdp_ext_uris[RTP_EXT_COUNT] = {
    [RTP_EXT_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    [RTP_EXT_TWCC] = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    [RTP_EXT_ABS_TIME] = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    [RTP_EXT_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
    [RTP_EXT_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    [RTP_EXT_RRID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
};

const struct sdp_feedback sdp_feedbacks[SDP_FEEDBACKS] = {
    {SDP_FB_REMB, S("goog-remb")}, {SDP_FB_TWCC, S("transport-cc")}, {SDP_FB_FIR, S("ccm fir")},
    {SDP_FB_NACK, S("nack")},      {SDP_FB_PLI, S("nack pli")},
};

const str sdp_dirs[SDP_DIRS] = {
    [SDP_SENDRECV] = S("sendrecv"),
    [SDP_SENDONLY] = S("sendonly"),
    [SDP_RECVONLY] = S("recvonly"),
    [SDP_INACTIVE] = S("inactive"),
};

/* What is being read: lines go to the media section m, or to the session while m is NULL. */
struct parse {
    struct arena *arena;
    struct sdp *sdp;
    struct sdp_media *m;
    struct sdp_media session; /* holds what a session may say for all its media */
    str bundle;
};

/* The next word, space or tab after it; unset at the end. */
static str word(str *rest)
{
    str s = str_trim(*rest), w = s;

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ' ' || s.p[i] == '\t') {
            w = str_take(s, i);
            break;
        }
    *rest = str_from(s, w.n);
    return w.n ? w : (str){0};
}

static bool take_number(str s, uint64_t max, uint64_t *to)
{
    return s.p && str_u64(s, max, to) == 0;
}

static struct sdp_codec *codec_by_pt(const struct sdp_media *m, uint64_t pt)
{
    for (unsigned i = 0; i < m->ncodecs; i++)
        if (m->codecs[i].pt == pt)
            return &m->codecs[i];
    return NULL;
}

/* The codec whose payload type is the next word of *rest; NULL when the m= line has none such. */
static struct sdp_codec *take_codec(const struct sdp_media *m, str *rest)
{
    uint64_t pt;

    return take_number(word(rest), 127, &pt) ? codec_by_pt(m, pt) : NULL;
}

/* ---- attributes: each takes the text behind "a=name:" ---- */

/* 111 opus/48000/2 */
static int take_rtpmap(struct parse *p, struct sdp_media *m, str v)
{
    struct sdp_codec *c = take_codec(m, &v);
    struct str_pair name = str_cut(str_trim(v), '/'), clock = str_cut(name.tail, '/');
    uint64_t n;

    (void)p;
    if (!c)
        return 0;
    if (!name.ok || !take_number(clock.head, UINT32_MAX, &n))
        return ERR_SYNTAX;
    c->name = name.head;
    c->clock = (uint32_t)n;
    if (clock.ok && take_number(clock.tail, 255, &n))
        c->channels = (uint8_t)n;
    return 0;
}

/* 97 apt=96;rtx-time=3000 */
static int take_fmtp(struct parse *p, struct sdp_media *m, str v)
{
    struct sdp_codec *c = take_codec(m, &v);
    struct str_pair next = {.tail = str_trim(v), .ok = true};
    uint64_t pt;

    (void)p;
    if (!c)
        return 0;
    c->fmtp = next.tail;
    while (next.ok) {
        next = str_cut(next.tail, ';');
        str one = str_trim(next.head);
        if (str_istarts(one, S("apt=")) && take_number(str_from(one, 4), 127, &pt))
            c->apt = (uint8_t)pt;
    }
    return 0;
}

/* 96 nack pli, or * nack pli */
static int take_feedback(struct parse *p, struct sdp_media *m, str v)
{
    struct sdp_codec *c;
    bool is_all = str_starts(str_trim(v), S("* "));
    unsigned bit = 0;

    (void)p;
    if (is_all)
        word(&v);
    c = is_all ? NULL : take_codec(m, &v);
    for (size_t i = 0; i < SDP_FEEDBACKS; i++)
        if (str_ieq(str_trim(v), sdp_feedbacks[i].text))
            bit = sdp_feedbacks[i].bit;
    if (c)
        c->feedback |= bit;
    for (unsigned i = 0; is_all && i < m->ncodecs; i++)
        m->codecs[i].feedback |= bit;
    return 0;
}

/* 3/recvonly uri attributes (RFC 8285 8) */
static int take_extmap(struct parse *p, struct sdp_media *m, str v)
{
    str id = str_cut(word(&v), '/').head, uri = word(&v);
    uint64_t n;

    (void)p;
    if (!take_number(id, 65535, &n) || !uri.p)
        return ERR_SYNTAX;
    for (unsigned kind = 0; kind < RTP_EXT_COUNT; kind++)
        if (str_eq(uri, str_c(sdp_ext_uris[kind])) && n >= 1 && n <= 255 && n != 15)
            m->exts.id[kind] = (uint8_t)n;
    return 0;
}

static int take_mid(struct parse *p, struct sdp_media *m, str v)
{
    (void)p;
    m->mid = str_trim(v);
    return m->mid.n ? 0 : ERR_SYNTAX;
}

/* RFC 8839 5.4: 4 to 256 characters, and 22 to 256. */
static int take_ufrag(struct parse *p, struct sdp_media *m, str v)
{
    (void)p;
    m->ufrag = str_trim(v);
    return m->ufrag.n >= 4 && m->ufrag.n <= 256 ? 0 : ERR_SYNTAX;
}

static int take_pwd(struct parse *p, struct sdp_media *m, str v)
{
    (void)p;
    m->pwd = str_trim(v);
    return m->pwd.n >= 22 && m->pwd.n <= 256 ? 0 : ERR_SYNTAX;
}

static size_t hash_bytes(str hash)
{
    if (str_ieq(hash, S("sha-256")))
        return 32;
    if (str_ieq(hash, S("sha-384")))
        return 48;
    return str_ieq(hash, S("sha-512")) ? 64 : 0;
}

/* sha-256 AB:CD:… One hash that we can check is enough; of several, sha-256 is kept. */
static int take_fingerprint(struct parse *p, struct sdp_media *m, str v)
{
    struct sdp_fingerprint f = {.hash = word(&v)};
    size_t n = hash_bytes(f.hash);

    (void)p;
    v = str_trim(v);
    if (n == 0 || (m->fingerprint.n && n != 32))
        return 0;
    if (v.n != 3 * n - 1)
        return ERR_SYNTAX;
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && v.p[3 * i + 2] != ':')
            return ERR_SYNTAX;
        if (decode_hex(f.bytes + i, 1, (str){v.p + 3 * i, 2}) < 0)
            return ERR_SYNTAX;
    }
    f.n = n;
    m->fingerprint = f;
    return 0;
}

static int take_setup(struct parse *p, struct sdp_media *m, str v)
{
    (void)p;
    v = str_trim(v);
    if (str_eq(v, S("active")))
        m->setup = SDP_ACTIVE;
    else if (str_eq(v, S("passive")))
        m->setup = SDP_PASSIVE;
    else if (str_eq(v, S("actpass")))
        m->setup = SDP_ACTPASS;
    return 0;
}

/* stream track */
static int take_msid(struct parse *p, struct sdp_media *m, str v)
{
    (void)p;
    m->stream = word(&v);
    m->track = word(&v);
    return 0;
}

/* h send max-width=640 (RFC 8851) */
static int take_rid(struct parse *p, struct sdp_media *m, str v)
{
    struct sdp_rid rid = {.id = word(&v)};

    (void)p;
    rid.is_send = str_eq(word(&v), S("send"));
    if (!rid.id.p)
        return ERR_SYNTAX;
    if (m->nrids < SDP_MAX_RIDS)
        m->rids[m->nrids++] = rid;
    return 0;
}

/* The entry of a source, made when new; NULL when there are too many. */
static struct sdp_ssrc *entry(struct sdp_media *m, uint32_t ssrc)
{
    for (unsigned i = 0; i < m->nssrcs; i++)
        if (m->ssrcs[i].ssrc == ssrc)
            return &m->ssrcs[i];
    if (m->nssrcs == SDP_MAX_SSRCS)
        return NULL;
    m->ssrcs[m->nssrcs] = (struct sdp_ssrc){.ssrc = ssrc};
    return &m->ssrcs[m->nssrcs++];
}

/* 1234 cname:abc */
static int take_ssrc(struct parse *p, struct sdp_media *m, str v)
{
    uint64_t n;
    struct sdp_ssrc *e;

    (void)p;
    if (!take_number(word(&v), UINT32_MAX, &n))
        return ERR_SYNTAX;
    v = str_trim(v);
    e = entry(m, (uint32_t)n);
    if (e && str_starts(v, S("cname:")))
        e->cname = str_from(v, 6);
    return 0;
}

/* FID 1234 5678 (RFC 5576 4.2): the second repeats the first. */
static int take_ssrc_group(struct parse *p, struct sdp_media *m, str v)
{
    bool is_fid = str_eq(word(&v), S("FID"));
    uint64_t first, second;
    struct sdp_ssrc *e;

    (void)p;
    if (!is_fid || !take_number(word(&v), UINT32_MAX, &first) ||
        !take_number(word(&v), UINT32_MAX, &second))
        return 0;
    e = entry(m, (uint32_t)first);
    if (e && first != second)
        e->rtx = (uint32_t)second;
    return 0;
}

static int take_group(struct parse *p, struct sdp_media *m, str v)
{
    (void)m;
    if (!p->bundle.p && str_eq(word(&v), S("BUNDLE")))
        p->bundle = str_trim(v);
    return 0;
}

static int take_mux(struct parse *p, struct sdp_media *m, str v)
{
    (void)p, (void)v;
    m->has_mux = true;
    return 0;
}

static int take_rsize(struct parse *p, struct sdp_media *m, str v)
{
    (void)p, (void)v;
    m->has_rsize = true;
    return 0;
}

static int take_mixed(struct parse *p, struct sdp_media *m, str v)
{
    (void)m, (void)v;
    p->sdp->has_mixed_exts = true;
    return 0;
}

/* RFC 9143 6: port 0 means "only within the bundle" then. What is only there need not say that it
 * is muxed (9.3.1.1). */
static int take_bundle_only(struct parse *p, struct sdp_media *m, str v)
{
    (void)p, (void)v;
    m->port = m->port ? m->port : 9;
    m->has_mux = true;
    return 0;
}

static const struct {
    str name;
    int (*take)(struct parse *p, struct sdp_media *m, str v);
} attributes[] = {
    {S("bundle-only"), take_bundle_only},
    {S("extmap"), take_extmap},
    {S("extmap-allow-mixed"), take_mixed},
    {S("fingerprint"), take_fingerprint},
    {S("fmtp"), take_fmtp},
    {S("group"), take_group},
    {S("ice-pwd"), take_pwd},
    {S("ice-ufrag"), take_ufrag},
    {S("mid"), take_mid},
    {S("msid"), take_msid},
    {S("rid"), take_rid},
    {S("rtcp-fb"), take_feedback},
    {S("rtcp-mux"), take_mux},
    {S("rtcp-mux-only"), take_mux}, /* RFC 8858 */
    {S("rtcp-rsize"), take_rsize},
    {S("rtpmap"), take_rtpmap},
    {S("setup"), take_setup},
    {S("ssrc"), take_ssrc},
    {S("ssrc-group"), take_ssrc_group},
};

static int take_attribute(struct parse *p, str line)
{
    struct str_pair a = str_cut(line, ':');
    struct sdp_media *m = p->m ? p->m : &p->session;

    for (unsigned i = 0; i < SDP_DIRS; i++)
        if (str_eq(line, sdp_dirs[i]))
            m->dir = (enum sdp_dir)i;
    for (size_t i = 0; i < NELEM(attributes); i++)
        if (str_eq(a.head, attributes[i].name))
            return attributes[i].take(p, m, a.tail);
    return 0;
}

/* ---- the m= line ---- */

static bool is_dtls_rtp(str protocol)
{
    return str_eq(protocol, S("UDP/TLS/RTP/SAVPF")) || str_eq(protocol, S("TCP/TLS/RTP/SAVPF")) ||
           str_eq(protocol, S("TCP/DTLS/RTP/SAVPF")) || str_eq(protocol, S("RTP/SAVPF"));
}

static int take_formats(struct parse *p, struct sdp_media *m)
{
    unsigned max = 0;
    uint64_t pt;

    for (str rest = m->formats; word(&rest).p;)
        max++;
    m->codecs = arena_array(p->arena, max, sizeof(*m->codecs));
    if (!m->codecs)
        return ERR_MEM;
    for (str rest = m->formats; max > 0; max--) {
        if (!take_number(word(&rest), 127, &pt))
            return ERR_SYNTAX;
        if (codec_by_pt(m, pt))
            continue;
        m->codecs[m->ncodecs++] =
            (struct sdp_codec){.pt = (uint8_t)pt, .name = S(""), .channels = 1, .apt = SDP_NO_PT};
    }
    return 0;
}

/* video 9 UDP/TLS/RTP/SAVPF 96 97 */
static int take_media(struct parse *p, str line)
{
    struct sdp *s = p->sdp;
    struct sdp_media *m;
    uint64_t port;

    if (s->nmedia == MAX_SDP_MEDIA)
        return ERR_TOO_BIG;
    m = p->m = &s->media[s->nmedia++];
    *m = p->session; /* a line of its own overrides */
    m->kind_text = word(&line);
    if (!take_number(str_cut(word(&line), '/').head, 65535, &port))
        return ERR_SYNTAX;
    m->port = (uint16_t)port;
    m->protocol = word(&line);
    m->formats = str_trim(line);
    if (!m->protocol.p || !m->formats.n)
        return ERR_SYNTAX;
    m->kind = str_eq(m->kind_text, S("audio"))   ? SDP_AUDIO
              : str_eq(m->kind_text, S("video")) ? SDP_VIDEO
                                                 : SDP_OTHER;
    m->is_rtp = m->kind != SDP_OTHER && is_dtls_rtp(m->protocol);
    return m->is_rtp ? take_formats(p, m) : 0;
}

/* ---- the whole ---- */

static bool is_clean(str line)
{
    for (size_t i = 0; i < line.n; i++)
        if ((uint8_t)line.p[i] < ' ' && line.p[i] != '\t')
            return false;
    return true;
}

static int take_line(struct parse *p, str line)
{
    if (line.n == 0)
        return 0;
    if (!is_clean(line) || line.n < 2 || line.p[1] != '=')
        return ERR_SYNTAX;
    if (line.p[0] == 'm')
        return take_media(p, str_from(line, 2));
    if (line.p[0] == 'a')
        return take_attribute(p, str_from(line, 2));
    return 0;
}

static bool is_named(str list, str mid)
{
    for (str w = word(&list); w.p; w = word(&list))
        if (str_eq(w, mid))
            return true;
    return false;
}

/* A source that repeats another has no entry of its own. */
static void drop_rtx_entries(struct sdp_media *m)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < m->nssrcs; i++) {
        bool is_rtx = false;

        for (unsigned j = 0; j < m->nssrcs; j++)
            is_rtx |= m->ssrcs[j].rtx == m->ssrcs[i].ssrc && m->ssrcs[j].rtx;
        if (is_rtx)
            m->ssrcs[i].ssrc = 0;
    }
    for (unsigned i = 0; i < m->nssrcs; i++)
        if (m->ssrcs[i].ssrc)
            m->ssrcs[kept++] = m->ssrcs[i];
    m->nssrcs = kept;
}

static int finish(struct parse *p)
{
    struct sdp *s = p->sdp;
    struct sdp_media *head = NULL;

    s->has_bundle = p->bundle.p != NULL;
    for (unsigned i = 0; i < s->nmedia; i++) {
        struct sdp_media *m = &s->media[i];

        drop_rtx_entries(m);
        m->is_rtp &= m->port != 0;
        m->is_bundled =
            s->has_bundle ? m->mid.p && is_named(p->bundle, m->mid) : m->is_rtp && !head;
        if (m->is_rtp && m->is_bundled && !head)
            head = m;
    }
    if (!head)
        return ERR_UNSUPPORTED;
    if (!head->ufrag.p || !head->pwd.p)
        return ERR_SYNTAX;
    if (!head->fingerprint.n)
        return ERR_UNSUPPORTED;
    for (unsigned i = 0; i < s->nmedia; i++)
        if (s->media[i].is_bundled) /* RFC 9143 7.3.1: transport is the first line's */
            s->media[i].setup = head->setup;
    s->ufrag = head->ufrag;
    s->pwd = head->pwd;
    s->fingerprint = head->fingerprint;
    s->setup = head->setup;
    return 0;
}

int sdp_parse(struct arena *a, str text, struct sdp **ret_sdp)
{
    struct parse p = {.arena = a};
    str line;
    int err;

    if (text.n > MAX_SDP_BYTES)
        return ERR_TOO_BIG;
    if (!str_line(&text, &line) || !str_eq(line, S("v=0")))
        return ERR_SYNTAX;
    p.sdp = arena_make(a, struct sdp);
    if (!p.sdp)
        return ERR_MEM;
    p.sdp->media = arena_array(a, MAX_SDP_MEDIA, sizeof(*p.sdp->media));
    if (!p.sdp->media)
        return ERR_MEM;
    while (str_line(&text, &line)) {
        err = take_line(&p, line);
        if (err < 0)
            return err;
    }
    err = finish(&p);
    if (err < 0)
        return err;
    *ret_sdp = p.sdp;
    return 0;
}

const struct sdp_codec *sdp_codec_by_name(const struct sdp_media *m, str name, uint32_t clock)
{
    for (unsigned i = 0; i < m->ncodecs; i++)
        if (str_ieq(m->codecs[i].name, name) && m->codecs[i].clock == clock)
            return &m->codecs[i];
    return NULL;
}

str sdp_codec_param(const struct sdp_codec *c, str name)
{
    struct str_pair next = {.tail = c->fmtp, .ok = true}, one;

    while (next.ok) {
        next = str_cut(next.tail, ';');
        one = str_cut(str_trim(next.head), '=');
        if (one.ok && str_ieq(one.head, name))
            return one.tail;
    }
    return (str){0};
}

const struct sdp_codec *sdp_codec_rtx(const struct sdp_media *m, uint8_t pt)
{
    for (unsigned i = 0; i < m->ncodecs; i++)
        if (str_ieq(m->codecs[i].name, S("rtx")) && m->codecs[i].apt == pt)
            return &m->codecs[i];
    return NULL;
}

/* ---- trickle-ice-sdpfrag ---- */

static int take_frag_line(struct parse *p, str line, struct sdp_frag *f)
{
    struct sdp_media *m = &p->session;
    int err = 0;

    if (!is_clean(line) || (line.n && (line.n < 2 || line.p[1] != '=')))
        return ERR_SYNTAX;
    if (str_starts(line, S("m=")) && !f->media_line.p)
        f->media_line = str_from(line, 2);
    else if (str_starts(line, S("a=candidate:")))
        f->ncandidates++;
    else if (str_starts(line, S("a=mid:")) && !f->mid.p)
        f->mid = str_from(line, 6);
    else if (str_starts(line, S("a=ice-ufrag:")))
        err = take_ufrag(p, m, str_from(line, 12));
    else if (str_starts(line, S("a=ice-pwd:")))
        err = take_pwd(p, m, str_from(line, 10));
    return err;
}

int sdp_frag_parse(str text, struct sdp_frag *ret_frag)
{
    struct parse p = {0};
    struct sdp_frag f = {0};
    str line;
    int err;

    if (text.n > MAX_SDP_BYTES)
        return ERR_TOO_BIG;
    while (str_line(&text, &line)) {
        err = take_frag_line(&p, line, &f);
        if (err < 0)
            return err;
    }
    if (!p.session.ufrag.p != !p.session.pwd.p)
        return ERR_SYNTAX;
    f.ufrag = p.session.ufrag;
    f.pwd = p.session.pwd;
    if (!f.ufrag.p && !f.media_line.p && f.ncandidates == 0)
        return ERR_SYNTAX;
    *ret_frag = f;
    return 0;
}
