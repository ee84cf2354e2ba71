/*
 * Whole offers into sfu_peer_new, in either role, and a fragment for a restart behind it: what
 * becomes of an offer that parses. The answer has a line for each of the offer's and reads as a
 * description itself; what a viewer is sent by has an SSRC of its own, which the answer names.
 */
#include "media/answer.c"

#include "chance.h"
#include "fuzz.h"

#include "base/pkt.h"

#include <stdio.h>

enum { PACKETS = 16 };

static struct sfu *sfu;
static struct pkt_pool *pool;

static void begin(void)
{
    struct addr announce[2];
    struct sfu_conf c = {.announce = announce, .nannounce = NELEM(announce), .is_plain = true};

    if (sfu)
        return;
    CHECK(addr_parse(S("192.0.2.7"), 40000, &announce[0]) == 0);
    CHECK(addr_parse(S("2001:db8::7"), 40000, &announce[1]) == 0);
    CHECK(pkt_pool_new(PACKETS, &pool) == 0);
    c.pool = pool;
    CHECK(sfu_new(&c, &sfu) == 0);
    sfu_announce_tcp(sfu, 443);
}

static bool has_text(str in, const char *text)
{
    return memmem(in.p, in.n, text, strlen(text)) != NULL;
}

/* The SSRC is not that of another sender in this connection, and the answer says whose it is. */
static void named(const struct sfu_peer *p, uint32_t ssrc, str answer)
{
    unsigned n = ssrc == p->ssrc;
    char text[32];

    for (unsigned i = 0; i < p->naudio + p->nvideo; i++)
        n += (p->slots[i].ssrc == ssrc) + (p->slots[i].rtx_ssrc == ssrc);
    CHECK(ssrc && n == 1);
    (void)snprintf(text, sizeof(text), "\r\na=ssrc:%u cname:", ssrc);
    CHECK(has_text(answer, text));
}

static unsigned slots(const struct sfu_peer *p, str answer)
{
    unsigned n = 0;

    CHECK(p->naudio <= SFU_AUDIO_SLOTS && p->nvideo <= SFU_VIDEO_SLOTS && !p->ntracks);
    for (unsigned i = 0; i < p->naudio + p->nvideo; i++) {
        const struct slot *slot = &p->slots[i];
        bool has_rtx = false;

        if (!slot->is_accepted)
            continue;
        n++;
        named(p, slot->ssrc, answer);
        for (enum codec codec = 0; codec < CODEC_COUNT; codec++)
            has_rtx |= slot->pts[codec] != SDP_NO_PT && slot->rtx_pts[codec] != SDP_NO_PT;
        CHECK(has_rtx == (slot->rtx_ssrc != 0));
        if (has_rtx)
            named(p, slot->rtx_ssrc, answer);
    }
    return n;
}

static void tracks(const struct sfu_peer *p, unsigned naccepted)
{
    CHECK(p->ntracks >= naccepted && p->ntracks <= MAX_UP_TRACKS);
    CHECK(!p->naudio && !p->nvideo && !p->slots);
    for (unsigned i = 0; i < p->ntracks; i++)
        CHECK(p->tracks[i]->pt < 128 && p->tracks[i]->pt != p->tracks[i]->rtx_pt);
}

static void judge(const struct sfu_peer *p, str text, str answer, struct arena *a)
{
    struct sdp *offer = NULL, *back = NULL;
    unsigned naccepted = 0;

    CHECK(sdp_parse(a, text, &offer) == 0 && sdp_parse(a, answer, &back) == 0);
    CHECK(back->nmedia == offer->nmedia && !memchr(answer.p, 0, answer.n));
    for (unsigned i = 0; i < back->nmedia; i++) {
        CHECK(str_eq(back->media[i].mid, offer->media[i].mid));
        naccepted += back->media[i].port != 0;
    }
    CHECK(naccepted > 0 && str_eq(back->ufrag, str_c(p->ice.now.ufrag)));
    if (p->role == SFU_UP)
        tracks(p, naccepted);
    else
        CHECK(slots(p, answer) == naccepted);
}

static void restart(struct sfu_peer *p, str frag, struct arena *a)
{
    char before[ICE_UFRAG + 1];
    str answer = {0};

    memcpy(before, p->ice.now.ufrag, sizeof(before));
    if (sfu_peer_restart(p, frag, 2 * USEC_S, a, &answer) < 0 || !answer.p)
        return;
    CHECK(strcmp(before, p->ice.now.ufrag) != 0 && has_text(answer, p->ice.now.ufrag));
}

static void offer(enum sfu_role role, str text)
{
    struct sfu_peer_conf c = {.role = role, .person = 1, .offer = text};
    struct arena *a = arena_new();
    struct sfu_room *room;
    struct sfu_peer *p;
    struct sfu_stats stats;
    str answer;

    chance = 1;
    CHECK(a && sfu_room_new(sfu, 1, &room) == 0);
    if (sfu_peer_new(room, &c, USEC_S, a, &answer, &p) == 0) {
        judge(p, text, answer, a);
        restart(p, text, a);
        sfu_tick(sfu, 2 * USEC_S);
        sfu_peer_free(p, 2 * USEC_S);
    }
    sfu_stats(sfu, &stats);
    CHECK(stats.peers == 0 && !sfu_take_out(sfu));
    sfu_room_free(room);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str text = {(const char *)p, n};

    begin();
    offer(SFU_UP, text);
    offer(SFU_DOWN, text);
    CHECK(pkt_pool_used(pool) == 0);
    return 0;
}
