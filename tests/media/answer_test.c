#include "media/answer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/str.h"
#include "media/peer.h"
#include "media/sdp.h"
#include "media/sfu_i.h"
#include "suites.h"

/*
 * What becomes of an offer: which of its lines are taken, and what a viewer's slots may send.
 */
#define HEAD "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define TRANSPORT                                                                                  \
    "c=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"               \
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"                       \
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\na=setup:actpass\r\n"
#define MUX "a=rtcp-mux\r\n"
#define VOICE                                                                                      \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=mid:0\r\n" TRANSPORT
#define PICTURE                                                                                    \
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=mid:1\r\n" TRANSPORT
#define SENDS "a=sendonly\r\n"
#define BUNDLE HEAD "a=group:BUNDLE "

struct scene {
    struct pkt_pool *pool;
    struct arena *arena;
    struct sfu *sfu;
    struct sfu_room *room;
    struct sfu_peer *peer;
    str answer;
};

static struct scene begin(void)
{
    struct scene s = {.arena = arena_new()};
    struct sfu_conf c = {.is_plain = true};

    assert_non_null(s.arena);
    assert_int_equal(pkt_pool_new(64, &s.pool), 0);
    c.pool = s.pool;
    assert_int_equal(sfu_new(&c, &s.sfu), 0);
    assert_int_equal(sfu_room_new(s.sfu, 1, &s.room), 0);
    return s;
}

static int offer(struct scene *s, enum sfu_role role, str text)
{
    struct sfu_peer_conf c = {.role = role, .person = 1, .offer = text};

    return sfu_peer_new(s->room, &c, USEC_S, s->arena, &s->answer, &s->peer);
}

static void end(struct scene *s)
{
    sfu_free(s->sfu);
    pkt_pool_free(s->pool);
    arena_free(s->arena);
}

/* All lines have one transport with RTCP in it; what stands outside is not taken. */
static void test_lines_of_the_bundle(void **state)
{
    static const struct {
        const char *text;
        unsigned ntracks; /* 0: refused */
    } rows[] = {
        {BUNDLE "0 1\r\n" VOICE MUX SENDS PICTURE MUX SENDS, 2},
        {BUNDLE "0\r\n" VOICE MUX SENDS PICTURE MUX SENDS, 1},
        {BUNDLE "0 1\r\n" VOICE MUX SENDS PICTURE SENDS, 1},
        {HEAD VOICE MUX SENDS, 1}, /* a line by itself needs no group */
        {HEAD VOICE "a=rtcp-mux-only\r\na=sendonly\r\n", 1}, /* RFC 8858 */
        {HEAD VOICE SENDS, 0},
        /* RFC 9143 9.3.1.1: what is only in the bundle need not say it */
        {BUNDLE "0 1\r\n" VOICE MUX SENDS PICTURE
              "a=bundle-only\r\na=sendonly\r\n", 2},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct scene s = begin();
        int r = offer(&s, SFU_UP, str_c(rows[i].text));

        assert_int_equal(r, rows[i].ntracks ? 0 : ERR_UNSUPPORTED);
        if (r == 0)
            assert_int_equal(s.peer->ntracks, rows[i].ntracks);
        end(&s);
    }
}

#define TWO                                                                                        \
    HEAD "m=video 9 UDP/TLS/RTP/SAVPF 96 98 99\r\na=rtpmap:96 VP8/90000\r\n"                       \
         "a=rtpmap:98 H264/90000\r\na=fmtp:98 packetization-mode=1;profile-level-id=42e01f\r\n"    \
         "a=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\na=mid:0\r\na=recvonly\r\n" TRANSPORT MUX

/* Repeats go under an SSRC that the answer names; it names one where the first codec has them. */
/* A line has as many tracks as the sizes that it sends, and one when it names none or only what it
 * would take. */
static void test_sizes_of_a_line(void **state)
{
    static const struct {
        const char *rids;
        unsigned ntracks;
    } rows[] = {
        {"", 1},
        {"a=rid:q send\r\na=rid:h send\r\na=simulcast:send q;h\r\n", 2},
        {"a=rid:q send\r\na=rid:h recv\r\na=simulcast:send q recv h\r\n", 1},
        {"a=rid:q recv\r\na=rid:h recv\r\na=simulcast:recv q;h\r\n", 1},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct scene s = begin();
        str text = arena_printf(s.arena, "%s%s%s", BUNDLE "1\r\n" PICTURE MUX SENDS,
                                "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n",
                                rows[i].rids);

        assert_int_equal(offer(&s, SFU_UP, text), 0);
        assert_int_equal(s.peer->ntracks, rows[i].ntracks);
        end(&s);
    }
}

static void test_no_repeats_without_a_name(void **state)
{
    struct scene s = begin();
    const struct slot *slot;

    (void)state;
    assert_int_equal(offer(&s, SFU_DOWN, S(TWO)), 0);
    slot = peer_slot(s.peer, SFU_VIDEO, 0);
    assert_int_equal(slot->pts[CODEC_VP8], 96);
    assert_int_equal(slot->pts[CODEC_H264], 98);
    assert_int_equal(slot->rtx_ssrc, 0);
    assert_int_equal(slot->rtx_pts[CODEC_H264], SDP_NO_PT);
    assert_int_equal(slot_padding_pt(slot), SDP_NO_PT);
    assert_int_equal(str_find(s.answer, S("rtx/90000")), -1);
    end(&s);
}

int answer_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_the_bundle),
        cmocka_unit_test(test_sizes_of_a_line),
        cmocka_unit_test(test_no_repeats_without_a_name),
    };

    return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
