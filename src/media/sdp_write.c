#include "media/sdp.h"

#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "media/sdp_frag.h"
#include "media/sdp_i.h"

static void write_transport(struct sb *b, const struct sdp_answer *ans)
{
    sb_printf(b, "a=ice-ufrag:%.*s\r\n", STR(ans->ufrag));
    sb_printf(b, "a=ice-pwd:%.*s\r\n", STR(ans->pwd));
}

/*
 * RFC 8839 5.1; priority as in RFC 8445 5.1.2.1: type preference 126 (host), local preference
 * falling with the place in the list, TCP under all UDP (RFC 6544 4.2), component 1.
 */
static void write_candidates(struct sb *b, const struct sdp_answer *ans)
{
    char ip[ADDR_TEXT];

    for (unsigned i = 0; i < ans->ncandidates; i++) {
        const struct sdp_candidate *c = &ans->candidates[i];
        uint32_t local = (c->is_tcp ? 16383u : 65535u) - i;

        addr_print_ip(&c->addr, ip);
        sb_printf(b, "a=candidate:%u 1 %s %u %s %u typ host%s\r\n", i + 1,
                  c->is_tcp ? "tcp" : "udp", 126u << 24 | local << 8 | 255u, ip, c->addr.port,
                  c->is_tcp ? " tcptype passive" : "");
    }
    sb_c(b, "a=end-of-candidates\r\n");
}

static void write_codec(struct sb *b, const struct sdp_codec *c)
{
    bool is_opus = str_ieq(c->name, S("opus")), is_rtx = str_ieq(c->name, S("rtx"));
    unsigned speak = is_opus ? SDP_FB_TWCC | SDP_FB_NACK : is_rtx ? 0 : ~0u;

    sb_printf(b, "a=rtpmap:%u %.*s/%u", c->pt, STR(c->name), c->clock);
    if (c->channels > 1)
        sb_printf(b, "/%u", c->channels);
    sb_c(b, "\r\n");
    for (size_t i = 0; i < SDP_FEEDBACKS; i++)
        if (c->feedback & speak & sdp_feedbacks[i].bit)
            sb_printf(b, "a=rtcp-fb:%u %.*s\r\n", c->pt, STR(sdp_feedbacks[i].text));
    if (is_opus)
        sb_printf(b, "a=fmtp:%u minptime=10;useinbandfec=1;usedtx=1\r\n", c->pt);
    else if (is_rtx)
        sb_printf(b, "a=fmtp:%u apt=%u\r\n", c->pt, c->apt);
    else if (c->fmtp.n)
        sb_printf(b, "a=fmtp:%u %.*s\r\n", c->pt, STR(c->fmtp));
}

static void write_rids(struct sb *b, const struct sdp_media *m)
{
    bool is_first = true;

    for (unsigned i = 0; i < m->nrids; i++)
        if (m->rids[i].is_send)
            sb_printf(b, "a=rid:%.*s recv\r\n", STR(m->rids[i].id));
    for (unsigned i = 0; i < m->nrids; i++)
        if (m->rids[i].is_send) {
            sb_c(b, is_first ? "a=simulcast:recv " : ";");
            sb_add(b, m->rids[i].id);
            is_first = false;
        }
    if (!is_first)
        sb_c(b, "\r\n");
}

static void write_source(struct sb *b, uint32_t ssrc, const struct sdp_choice *c)
{
    sb_printf(b, "a=ssrc:%u cname:%.*s\r\n", ssrc, STR(c->cname));
    sb_printf(b, "a=ssrc:%u msid:%.*s %.*s\r\n", ssrc, STR(c->stream), STR(c->track));
}

static void write_sources(struct sb *b, const struct sdp_choice *c)
{
    sb_printf(b, "a=msid:%.*s %.*s\r\n", STR(c->stream), STR(c->track));
    if (c->rtx && c->rtx_ssrc)
        sb_printf(b, "a=ssrc-group:FID %u %u\r\n", c->ssrc, c->rtx_ssrc);
    write_source(b, c->ssrc, c);
    if (c->rtx && c->rtx_ssrc)
        write_source(b, c->rtx_ssrc, c);
}

static void write_rejected(struct sb *b, const struct sdp_media *m)
{
    sb_printf(b, "m=%.*s 0 %.*s %.*s\r\n", STR(m->kind_text), STR(m->protocol), STR(m->formats));
    sb_c(b, "c=IN IP4 0.0.0.0\r\n");
    if (m->mid.p)
        sb_printf(b, "a=mid:%.*s\r\n", STR(m->mid));
    sb_c(b, "a=inactive\r\n");
}

/* Port 9 and address 0.0.0.0 say: look at the candidates (RFC 9429 5.3.1). */
static void write_accepted(struct sb *b, const struct sdp_media *m, const struct sdp_choice *c,
                           const struct sdp_answer *ans, bool is_first)
{
    sb_printf(b, "m=%.*s 9 %.*s %u", STR(m->kind_text), STR(m->protocol), c->codec->pt);
    if (c->rtx)
        sb_printf(b, " %u", c->rtx->pt);
    for (unsigned i = 0; i < c->nalso; i++)
        sb_printf(b, " %u", c->also[i]->pt);
    sb_c(b, "\r\nc=IN IP4 0.0.0.0\r\n");
    if (m->mid.p)
        sb_printf(b, "a=mid:%.*s\r\n", STR(m->mid));
    write_transport(b, ans);
    sb_printf(b, "a=fingerprint:%.*s\r\na=setup:%s\r\n", STR(ans->fingerprint),
              m->setup == SDP_PASSIVE ? "active" : "passive");
    if (is_first)
        write_candidates(b, ans);
    sb_printf(b, "a=%.*s\r\n", STR(sdp_dirs[c->dir]));
    sb_c(b, "a=rtcp-mux\r\n");
    if (m->has_rsize)
        sb_c(b, "a=rtcp-rsize\r\n");
    write_codec(b, c->codec);
    if (c->rtx)
        write_codec(b, c->rtx);
    for (unsigned i = 0; i < c->nalso; i++)
        write_codec(b, c->also[i]);
    for (unsigned kind = 0; kind < RTP_EXT_COUNT; kind++)
        if (c->has_ext[kind] && m->exts.id[kind])
            sb_printf(b, "a=extmap:%u %s\r\n", m->exts.id[kind], sdp_ext_uris[kind]);
    if (c->has_rids)
        write_rids(b, m);
    if (c->dir == SDP_SENDONLY || c->dir == SDP_SENDRECV)
        write_sources(b, c);
}

static void write_bundle(struct sb *b, const struct sdp *offer, const struct sdp_answer *ans)
{
    sb_c(b, "a=group:BUNDLE");
    for (unsigned i = 0; i < offer->nmedia; i++)
        if (ans->choices[i].is_accepted)
            sb_printf(b, " %.*s", STR(offer->media[i].mid));
    sb_c(b, "\r\n");
}

int sdp_write(struct arena *a, const struct sdp *offer, const struct sdp_answer *ans, str *ret_text)
{
    struct sb b = sb_init(a, 0);
    bool is_first = true;

    sb_printf(&b, "v=0\r\no=- %llu 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
              (unsigned long long)(ans->session & INT64_MAX));
    if (offer->has_bundle)
        write_bundle(&b, offer, ans);
    if (offer->has_mixed_exts)
        sb_c(&b, "a=extmap-allow-mixed\r\n");
    sb_c(&b, "a=ice-lite\r\na=msid-semantic: WMS *\r\n");
    for (unsigned i = 0; i < offer->nmedia; i++) {
        if (!ans->choices[i].is_accepted) {
            write_rejected(&b, &offer->media[i]);
            continue;
        }
        write_accepted(&b, &offer->media[i], &ans->choices[i], ans, is_first);
        is_first = false;
    }
    if (b.err)
        return ERR_MEM;
    *ret_text = sb_str(&b);
    return 0;
}

int sdp_frag_write(struct arena *a, const struct sdp_frag *theirs, const struct sdp_answer *ans,
                   str *ret_text)
{
    struct sb b = sb_init(a, 0);

    sb_c(&b, "a=ice-lite\r\n");
    write_transport(&b, ans);
    if (theirs->media_line.p)
        sb_printf(&b, "m=%.*s\r\n", STR(theirs->media_line));
    if (theirs->mid.p)
        sb_printf(&b, "a=mid:%.*s\r\n", STR(theirs->mid));
    write_candidates(&b, ans);
    if (b.err)
        return ERR_MEM;
    *ret_text = sb_str(&b);
    return 0;
}
