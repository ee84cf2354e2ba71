#include "media/answer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/sdp.h"
#include "media/sdp_frag.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"
#include "media/turn.h"

#include <stdlib.h>
#include <string.h>

/* ---- codecs ---- */

/* Of the profiles that browsers list, constrained baseline is what every decoder has. Mode 0
 * (single NAL units) is of a time without our viewers. */
static const struct sdp_codec *h264_of(const struct sdp_media *m)
{
    const struct sdp_codec *best = NULL;

    for (unsigned i = 0; i < m->ncodecs; i++) {
        const struct sdp_codec *c = &m->codecs[i];

        if (!str_ieq(c->name, S("H264")) || c->clock != 90000 ||
            !str_eq(sdp_codec_param(c, S("packetization-mode")), S("1")))
            continue;
        if (str_istarts(sdp_codec_param(c, S("profile-level-id")), S("42e0")))
            return c;
        best = best ? best : c;
    }
    return best;
}

/* There is one transport, with RTCP in it: a line outside the BUNDLE or with a port of its own for
 * RTCP has none here. */
static bool is_ours(const struct sdp_media *m)
{
    return m->is_rtp && m->port && m->is_bundled && m->has_mux && m->kind != SDP_OTHER;
}

static const struct sdp_codec *codec_of(const struct sdp_media *m, enum codec codec)
{
    if (!is_ours(m) || (m->kind == SDP_AUDIO) != (codec == CODEC_OPUS))
        return NULL;
    switch (codec) {
    case CODEC_OPUS:
        return sdp_codec_by_name(m, S("opus"), 48000);
    case CODEC_VP8:
        return sdp_codec_by_name(m, S("VP8"), 90000);
    case CODEC_H264:
        return h264_of(m);
    case CODEC_COUNT:
        break;
    }
    return NULL;
}

/* RED that wraps this Opus alone: "111/111" (RFC 2198 5). */
static const struct sdp_codec *red_of(const struct sdp_media *m, const struct sdp_codec *opus)
{
    const struct sdp_codec *red = sdp_codec_by_name(m, S("red"), 48000);
    uint64_t pt;

    if (!red || str_u64(str_cut(red->fmtp, '/').head, 127, &pt) < 0 || pt != opus->pt)
        return NULL;
    return red;
}

/* Opus, and RED in the offerer's order: the first of the answer is what a browser sends. */
static void choose_audio(const struct sdp_media *m, const struct sdp_codec *opus,
                         struct sdp_choice *c)
{
    const struct sdp_codec *red = red_of(m, opus);
    bool is_red_first = red && red < opus;

    c->codec = is_red_first ? red : opus;
    if (red)
        c->also[c->nalso++] = is_red_first ? opus : red;
}

/* ---- a publisher's tracks ---- */

/* What a publisher's line will carry: VP8 where it can. */
static enum codec codec_in(const struct sdp_media *m)
{
    if (m->kind == SDP_AUDIO)
        return CODEC_OPUS;
    return codec_of(m, CODEC_VP8) ? CODEC_VP8 : CODEC_H264;
}

/* rid: of one layer of simulcast; unset for a line that sends one. */
static int fill_track(struct track *t, const struct sdp_media *m, const struct sdp_choice *c,
                      str rid)
{
    const struct sdp_codec *rtx = c->rtx, *codec, *red;

    t->codec = codec_in(m);
    codec = codec_of(m, t->codec);
    red = m->kind == SDP_AUDIO ? red_of(m, codec) : NULL;
    t->red_pt = red ? red->pt : SDP_NO_PT;
    t->kind = m->kind == SDP_AUDIO ? SFU_AUDIO : SFU_VIDEO;
    t->pt = codec->pt;
    t->rtx_pt = rtx ? rtx->pt : SDP_NO_PT;
    t->has_nack = codec->feedback & SDP_FB_NACK;
    t->exts = m->exts;
    if (m->nssrcs && !rid.n) {
        t->ssrc = m->ssrcs[0].ssrc;
        t->rtx_ssrc = rtx ? m->ssrcs[0].rtx : 0;
    }
    if (str_copy(t->mid, sizeof(t->mid), m->mid) < 0)
        t->exts.id[RTP_EXT_MID] = 0;
    return rid.n ? str_copy(t->rid, sizeof(t->rid), rid) : 0;
}

/* lead: NULL for the first layer of a source. */
static int add_track(struct sfu_peer *p, const struct sdp_media *m, const struct sdp_choice *c,
                     str rid, struct track *lead)
{
    struct track *t = calloc(1, sizeof(*t));
    int r;

    if (!t)
        return ERR_MEM;
    t->id = ++p->sfu->last_id;
    t->peer = p;
    r = fill_track(t, m, c, rid);
    if (r == 0)
        r = track_init(t, p->sfu->now);
    if (r < 0) {
        free(t);
        return r;
    }
    if (lead && layers_join(lead->layers, t) == 0)
        t->layers = lead->layers;
    p->tracks[p->ntracks++] = t;
    return 0;
}

/* Simulcast (RFC 8853) when the line names what it sends and can say it on every packet. */
static bool is_simulcast(const struct sdp_media *m)
{
    bool is_sent = false;

    for (unsigned i = 0; i < m->nrids; i++)
        is_sent |= m->rids[i].is_send;
    return m->kind == SDP_VIDEO && is_sent && m->exts.id[RTP_EXT_RID];
}

static int add_layers(struct sfu_peer *p, const struct sdp_media *m, struct sdp_choice *c)
{
    unsigned before = p->ntracks;
    int r = 0;

    c->has_rids = c->has_ext[RTP_EXT_RID] = c->has_ext[RTP_EXT_RRID] = true;
    for (unsigned i = 0; r == 0 && i < m->nrids && p->ntracks < MAX_UP_TRACKS; i++)
        if (m->rids[i].is_send)
            r = add_track(p, m, c, m->rids[i].id, p->ntracks > before ? p->tracks[before] : NULL);
    return r;
}

static int add_source(struct sfu_peer *p, const struct sdp_media *m, struct sdp_choice *c)
{
    const struct sdp_codec *codec = codec_of(m, codec_in(m));

    if (!codec || (m->dir != SDP_SENDONLY && m->dir != SDP_SENDRECV) || p->ntracks >= MAX_UP_TRACKS)
        return 0;
    *c = (struct sdp_choice){.is_accepted = true,
                             .dir = SDP_RECVONLY,
                             .codec = codec,
                             .rtx = sdp_codec_rtx(m, codec->pt)};
    if (m->kind == SDP_AUDIO)
        choose_audio(m, codec, c);
    else if (!m->exts.id[RTP_EXT_TWCC] || !(codec->feedback & SDP_FB_TWCC))
        p->has_remb |= (codec->feedback & SDP_FB_REMB) != 0;
    c->has_ext[RTP_EXT_LEVEL] = m->kind == SDP_AUDIO;
    c->has_ext[RTP_EXT_TWCC] = true;
    c->has_ext[RTP_EXT_MID] = true;
    return is_simulcast(m) ? add_layers(p, m, c) : add_track(p, m, c, (str){0}, NULL);
}

/* ---- a viewer's slots ---- */

static bool is_slot_line(const struct sdp_media *m)
{
    return m->kind != SDP_OTHER && (m->dir == SDP_RECVONLY || m->dir == SDP_SENDRECV);
}

static int make_slots(struct sfu_peer *p, const struct sdp *offer)
{
    for (unsigned i = 0; i < offer->nmedia; i++) {
        const struct sdp_media *m = &offer->media[i];

        if (is_slot_line(m) && m->kind == SDP_AUDIO && p->naudio < SFU_AUDIO_SLOTS)
            p->naudio++;
        if (is_slot_line(m) && m->kind == SDP_VIDEO && p->nvideo < SFU_VIDEO_SLOTS)
            p->nvideo++;
    }
    p->slots = calloc(p->naudio + p->nvideo + 1, sizeof(p->slots[0]));
    return p->slots ? 0 : ERR_MEM;
}

/* SSRCs of one peer are drawn until they differ (RFC 3550 8.1). */
static uint32_t new_ssrc(const struct sfu_peer *p)
{
    uint32_t ssrc = random_u32();

    while (!ssrc || ssrc == p->ssrc || peer_slot_by_ssrc(p, ssrc))
        ssrc = random_u32();
    return ssrc;
}

/* A0 and V0 are one stream, so that the browser keeps voice and lips in step; every other slot is a
 * stream of its own. */
static void name_slot(struct sfu_peer *p, const struct slot *slot, struct sdp_choice *c,
                      struct arena *a)
{
    const char *kind = slot->kind == SFU_AUDIO ? "a" : "v";

    c->cname = str_c(p->room->cname);
    c->track = arena_printf(a, "%s%d", kind, slot->index);
    c->stream = slot->index ? c->track : S("stage");
}

/* All that the viewer can decode and we can send: the source decides which comes. */
static void take_codec(struct slot *slot, const struct sdp_media *m, enum codec codec,
                       struct sdp_choice *c)
{
    const struct sdp_codec *found = codec_of(m, codec), *rtx, *red;

    if (!found)
        return;
    /* They all go by one SSRC, which the answer names for the first: without it every slot's would
     * be 0, and their numbers under one key the same. */
    rtx = c->codec && !c->rtx ? NULL : sdp_codec_rtx(m, found->pt);
    red = codec == CODEC_OPUS ? red_of(m, found) : NULL;
    slot->pts[codec] = found->pt;
    slot->rtx_pts[codec] = rtx ? rtx->pt : SDP_NO_PT;
    slot->red_pt = red ? red->pt : SDP_NO_PT;
    if (!c->codec) {
        c->codec = found;
        c->rtx = rtx;
    } else {
        c->also[c->nalso++] = found;
        if (rtx)
            c->also[c->nalso++] = rtx;
    }
    if (red)
        c->also[c->nalso++] = red;
}

/* index: how many lines of that kind came before. */
static void take_slot(struct sfu_peer *p, int index, const struct sdp_media *m,
                      struct sdp_choice *c, struct arena *a)
{
    enum sfu_kind kind = m->kind == SDP_AUDIO ? SFU_AUDIO : SFU_VIDEO;
    struct slot *slot = peer_slot(p, kind, index);

    if (!slot)
        return;
    slot->kind = kind;
    slot->index = index;
    slot_init(slot, &p->down->books[slot - p->slots], p->sfu->now);
    *c = (struct sdp_choice){.dir = SDP_SENDONLY};
    for (enum codec codec = 0; codec < CODEC_COUNT; codec++)
        take_codec(slot, m, codec, c);
    if (!c->codec)
        return;
    c->has_ext[RTP_EXT_TWCC] = c->codec->feedback & SDP_FB_TWCC;
    slot->is_accepted = c->is_accepted = true;
    slot->twcc_id = c->has_ext[RTP_EXT_TWCC] ? m->exts.id[RTP_EXT_TWCC] : 0;
    slot->ssrc = c->ssrc = new_ssrc(p);
    if (c->rtx)
        slot->rtx_ssrc = c->rtx_ssrc = new_ssrc(p);
    name_slot(p, slot, c, a);
}

/* ---- both ---- */

static int choose(struct sfu_peer *p, const struct sdp *offer, struct sdp_choice *choices,
                  struct arena *a)
{
    int index[2] = {0, 0}, r = p->role == SFU_DOWN ? make_slots(p, offer) : 0;
    bool is_any = false;

    for (unsigned i = 0; r == 0 && i < offer->nmedia; i++) {
        const struct sdp_media *m = &offer->media[i];

        if (p->role == SFU_UP)
            r = add_source(p, m, &choices[i]);
        else if (is_slot_line(m))
            take_slot(p, index[m->kind == SDP_VIDEO]++, m, &choices[i], a);
        is_any |= choices[i].is_accepted;
    }
    if (r < 0)
        return r;
    return is_any ? 0 : ERR_UNSUPPORTED;
}

enum { CANDIDATES = 2 * SFU_MAX_ANNOUNCE };

static bool may(const struct sfu_peer *p, enum addr_way way)
{
    return p->ways & p->room->ways & 1u << way;
}

/* Through TURN a browser pairs a relayed address, which is UDP, with a candidate of UDP. Otherwise
 * UDP at every address, and TCP at every address: a browser tries both and takes what works (RFC
 * 6544 4.2). */
static unsigned list_candidates(const struct sfu_peer *p,
                                struct sdp_candidate to[static CANDIDATES])
{
    const struct sfu *s = p->sfu;
    unsigned n = 0;

    for (size_t i = 0; i < s->conf.nannounce && may(p, ADDR_UDP); i++)
        to[n++] = (struct sdp_candidate){.addr = s->announce[i]};
    for (size_t i = 0; i < s->conf.nannounce && s->tcp_port && may(p, ADDR_ICE_TCP); i++) {
        to[n] = (struct sdp_candidate){.addr = s->announce[i], .is_tcp = true};
        to[n++].addr.port = s->tcp_port;
    }
    if (!may(p, ADDR_UDP) && !may(p, ADDR_ICE_TCP))
        to[n++] = (struct sdp_candidate){.addr = turn_peer}; /* only our own TURN end knows it */
    return n;
}

static void our_side(const struct sfu_peer *p, struct sdp_candidate *candidates,
                     struct sdp_answer *ret_answer)
{
    const struct sfu *s = p->sfu;

    *ret_answer = (struct sdp_answer){
        .session = random_u64() >> 1,
        .ufrag = str_c(p->ice.now.ufrag),
        .pwd = str_c(p->ice.now.pwd),
        .fingerprint = str_c(s->fingerprint),
        .candidates = candidates,
        .ncandidates = list_candidates(p, candidates),
    };
}

int answer_write(struct sfu_peer *p, str offer, struct arena *a, str *ret_answer)
{
    struct sdp_candidate candidates[CANDIDATES];
    struct sdp_choice *choices;
    struct sdp_answer ans;
    struct sdp *sdp;
    int r = sdp_parse(a, offer, &sdp);

    if (r < 0)
        return r;
    if (sdp->fingerprint.n != sizeof(p->fingerprint) || (sdp->nmedia > 1 && !sdp->has_bundle))
        return ERR_UNSUPPORTED;
    memcpy(p->fingerprint, sdp->fingerprint.bytes, sizeof(p->fingerprint));
    p->is_dtls_client = sdp->setup == SDP_PASSIVE;
    choices = arena_array(a, sdp->nmedia + 1, sizeof(*choices));
    if (!choices)
        return ERR_MEM;
    r = choose(p, sdp, choices, a);
    if (r < 0)
        return r;
    our_side(p, candidates, &ans);
    ans.choices = choices;
    return sdp_write(a, sdp, &ans, ret_answer);
}

int answer_restart(struct sfu_peer *p, str frag, struct arena *a, str *ret_frag)
{
    struct sdp_candidate candidates[CANDIDATES];
    struct sdp_answer ans;
    struct sdp_frag theirs;
    int r = sdp_frag_parse(frag, &theirs);

    if (r == 0 && !theirs.ufrag.p)
        r = ERR_SYNTAX;
    if (r == 0)
        r = peer_restart(p);
    if (r < 0)
        return r;
    our_side(p, candidates, &ans);
    return sdp_frag_write(a, &theirs, &ans, ret_frag);
}
