/* Offers and restart fragments; what parses is answered. */
#include "media/sdp.c"
#include "media/sdp_write.c"

#include "fuzz.h"

/* Every usable line is accepted with its first codec. */
static void answer(struct arena *a, const struct sdp *offer)
{
    struct sdp_choice choices[MAX_SDP_MEDIA] = {0};
    struct sdp_candidate to = {0};
    struct sdp_answer ans = {.ufrag = S("ours"),
                             .pwd = S("password"),
                             .fingerprint = S("sha-256 00"),
                             .candidates = &to,
                             .ncandidates = 1,
                             .choices = choices};
    str text = {0};

    for (unsigned i = 0; i < offer->nmedia; i++) {
        const struct sdp_media *m = &offer->media[i];
        struct sdp_choice *c = &choices[i];

        c->is_accepted = m->is_rtp && m->is_bundled && m->ncodecs;
        if (!c->is_accepted)
            continue;
        c->codec = &m->codecs[0];
        c->rtx = sdp_codec_rtx(m, c->codec->pt);
        c->dir = m->dir;
        c->has_rids = true;
        for (unsigned kind = 0; kind < RTP_EXT_COUNT; kind++)
            c->has_ext[kind] = true;
    }
    CHECK(sdp_write(a, offer, &ans, &text) == 0 && text.n > 0);
    for (size_t i = 0; i < text.n; i++)
        CHECK(text.p[i] != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str text = {(const char *)p, n};
    struct arena *a = arena_new();
    struct sdp *offer = NULL;
    struct sdp_frag frag;

    CHECK(a);
    if (sdp_parse(a, text, &offer) == 0) {
        CHECK(offer->nmedia > 0 && offer->fingerprint.n > 0 && offer->ufrag.n >= 4);
        answer(a, offer);
    }
    if (sdp_frag_parse(text, &frag) == 0)
        CHECK(!frag.ufrag.p == !frag.pwd.p);
    arena_free(a);
    return 0;
}
