#include "media/sdp.h"
#include "media/sdp_frag.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define HASH                                                                                       \
    "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"                                     \
    "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"

/* An offer of tests/data/sdp and what was read of it. */
struct fixture {
    struct arena *arena;
    str text;
    struct sdp *sdp;
};

static struct fixture load(const char *name)
{
    struct fixture f = {.arena = arena_new(), .text = test_file(name)};

    assert_non_null(f.arena);
    assert_int_equal(sdp_parse(f.arena, f.text, &f.sdp), 0);
    return f;
}

static void unload(struct fixture *f)
{
    arena_free(f->arena);
    free((char *)(uintptr_t)f->text.p);
}

static void test_chromium_publish(void **state)
{
    struct fixture f = load("sdp/chromium_publish.sdp");
    const struct sdp_media *audio = &f.sdp->media[0], *video = &f.sdp->media[1];
    const struct sdp_codec *c;

    (void)state;
    assert_int_equal(f.sdp->nmedia, 2);
    assert_true(f.sdp->has_bundle && f.sdp->has_mixed_exts);
    assert_true(str_eq(f.sdp->ufrag, S("p7+B")));
    assert_true(str_eq(f.sdp->pwd, S("TDfTuieekYAaSpqMAQqiVUVa")));
    assert_int_equal(f.sdp->setup, SDP_ACTPASS);
    assert_int_equal(f.sdp->fingerprint.n, 32);
    assert_int_equal(f.sdp->fingerprint.bytes[0], 0x41);
    assert_int_equal(f.sdp->fingerprint.bytes[31], 0x74);
    assert_true(audio->is_rtp && audio->is_bundled && audio->has_mux && audio->has_rsize);
    assert_int_equal(audio->kind, SDP_AUDIO);
    assert_int_equal(audio->dir, SDP_SENDONLY);
    assert_true(str_eq(audio->mid, S("0")));
    assert_int_equal(audio->ncodecs, 8);
    c = sdp_codec_by_name(audio, S("OPUS"), 48000);
    assert_int_equal(c->pt, 111);
    assert_int_equal(c->channels, 2);
    assert_int_equal(c->feedback, SDP_FB_TWCC);
    assert_true(str_eq(c->fmtp, S("minptime=10;useinbandfec=1")));
    assert_int_equal(audio->exts.id[RTP_EXT_LEVEL], 1);
    assert_int_equal(audio->exts.id[RTP_EXT_ABS_TIME], 2);
    assert_int_equal(audio->exts.id[RTP_EXT_TWCC], 3);
    assert_int_equal(audio->exts.id[RTP_EXT_MID], 4);
    assert_int_equal(audio->nssrcs, 1);
    assert_int_equal(audio->ssrcs[0].ssrc, 334586806);
    assert_true(str_eq(audio->ssrcs[0].cname, S("bXNG6ST1MVzDaeVX")));
    assert_int_equal(video->kind, SDP_VIDEO);
    c = sdp_codec_by_name(video, S("VP8"), 90000);
    assert_int_equal(c->pt, 96);
    assert_int_equal(c->feedback, 31);
    assert_int_equal(sdp_codec_rtx(video, 96)->pt, 97);
    assert_null(sdp_codec_rtx(video, 97));
    assert_null(sdp_codec_by_name(video, S("VP8"), 8000));
    assert_int_equal(video->nssrcs, 1);
    assert_int_equal(video->ssrcs[0].ssrc, 432935370);
    assert_int_equal(video->ssrcs[0].rtx, 3640475143);
    assert_int_equal(video->exts.id[RTP_EXT_RRID], 11);
    assert_true(str_eq(video->stream, audio->stream));
    unload(&f);
}

static void test_listen_offers(void **state)
{
    static const char *const names[] = {"sdp/chromium_listen.sdp", "sdp/firefox_listen.sdp"};

    (void)state;
    for (size_t i = 0; i < NELEM(names); i++) {
        struct fixture f = load(names[i]);

        assert_int_equal(f.sdp->nmedia, 8);
        for (unsigned m = 0; m < 8; m++) {
            const struct sdp_media *line = &f.sdp->media[m];
            const struct sdp_codec *c = m < 3 ? sdp_codec_by_name(line, S("opus"), 48000)
                                              : sdp_codec_by_name(line, S("VP8"), 90000);

            assert_int_equal(line->kind, m < 3 ? SDP_AUDIO : SDP_VIDEO);
            assert_int_equal(line->dir, SDP_RECVONLY);
            assert_true(line->is_rtp && line->is_bundled);
            assert_non_null(c);
            assert_true(m < 3 || sdp_codec_rtx(line, c->pt));
            assert_true(line->exts.id[RTP_EXT_TWCC] && line->exts.id[RTP_EXT_MID]);
        }
        unload(&f);
    }
}

static void test_simulcast(void **state)
{
    static const char *const names[] = {"sdp/chromium_simulcast.sdp", "sdp/firefox_simulcast.sdp"};

    (void)state;
    for (size_t i = 0; i < NELEM(names); i++) {
        struct fixture f = load(names[i]);
        const struct sdp_media *video = &f.sdp->media[1];

        assert_int_equal(video->nrids, 3);
        assert_true(str_eq(video->rids[0].id, S("q")) && video->rids[0].is_send);
        assert_true(str_eq(video->rids[2].id, S("f")));
        assert_true(video->exts.id[RTP_EXT_RID] > 0);
        unload(&f);
    }
}

/* Firefox gives the fingerprint once for the session. */
static void test_session_level(void **state)
{
    struct fixture f = load("sdp/firefox_publish.sdp");

    (void)state;
    assert_int_equal(f.sdp->fingerprint.n, 32);
    assert_int_equal(f.sdp->media[0].fingerprint.n, 32);
    assert_int_equal(f.sdp->media[1].ssrcs[0].rtx != 0, 1);
    unload(&f);
    f = load("sdp/whip_session_level.sdp");
    assert_true(str_eq(f.sdp->ufrag, S("Wn3q")));
    assert_true(str_eq(f.sdp->media[1].mid, S("video")));
    assert_null(sdp_codec_by_name(&f.sdp->media[1], S("VP8"), 90000));
    assert_non_null(sdp_codec_by_name(&f.sdp->media[1], S("H264"), 90000));
    unload(&f);
}

static void test_bundle_only(void **state)
{
    struct fixture f = load("sdp/whip_bundle_only.sdp");
    const struct sdp_media *video = &f.sdp->media[0], *audio = &f.sdp->media[1];

    (void)state;
    assert_true(audio->is_rtp && audio->is_bundled);
    assert_true(sdp_codec_by_name(audio, S("opus"), 48000) != NULL);
    assert_int_equal(sdp_codec_by_name(video, S("VP8"), 90000)->feedback,
                     SDP_FB_NACK | SDP_FB_PLI | SDP_FB_TWCC);
    assert_int_equal(video->ssrcs[0].rtx, 1102);
    assert_int_equal(video->nssrcs, 1);
    unload(&f);
}

static void test_data_channel_is_other(void **state)
{
    static const char *const names[] = {"sdp/chromium_data.sdp", "sdp/firefox_data.sdp"};

    (void)state;
    for (size_t i = 0; i < NELEM(names); i++) {
        struct fixture f = load(names[i]);

        assert_int_equal(f.sdp->nmedia, 2);
        assert_int_equal(f.sdp->media[1].kind, SDP_OTHER);
        assert_false(f.sdp->media[1].is_rtp);
        unload(&f);
    }
}

/* ---- answers ---- */

static struct sdp_candidate candidate(const char *ip, uint16_t port, bool is_tcp)
{
    struct sdp_candidate c = {.is_tcp = is_tcp};

    assert_int_equal(addr_parse(str_c(ip), port, &c.addr), 0);
    return c;
}

/* Accepts every Opus and VP8 line the way a server does. */
static str answer_to(struct fixture *f, bool is_up)
{
    struct sdp_choice choices[MAX_SDP_MEDIA] = {0};
    struct sdp_candidate to[] = {candidate("192.0.2.1", 3478, false),
                                 candidate("2001:db8::1", 443, true)};
    struct sdp_answer ans = {.session = 77,
                             .ufrag = S("ours"),
                             .pwd = S("ourspasswordof22letters"),
                             .fingerprint = S(HASH),
                             .candidates = to,
                             .ncandidates = 2,
                             .choices = choices};
    str text;

    for (unsigned i = 0; i < f->sdp->nmedia; i++) {
        const struct sdp_media *m = &f->sdp->media[i];
        struct sdp_choice *c = &choices[i];
        bool is_audio = m->kind == SDP_AUDIO;

        c->codec = !m->is_rtp ? NULL
                   : is_audio ? sdp_codec_by_name(m, S("opus"), 48000)
                              : sdp_codec_by_name(m, S("VP8"), 90000);
        c->is_accepted = c->codec != NULL;
        c->dir = is_up ? SDP_RECVONLY : SDP_SENDONLY;
        c->rtx = c->codec ? sdp_codec_rtx(m, c->codec->pt) : NULL;
        memset(c->has_ext, true, sizeof(c->has_ext));
        c->has_rids = is_up;
        c->ssrc = 1000 + i;
        c->rtx_ssrc = is_audio ? 0 : 2000 + i;
        c->cname = c->stream = S("stage");
        c->track = is_audio ? S("a") : S("v");
    }
    assert_int_equal(sdp_write(f->arena, f->sdp, &ans, &text), 0);
    return text;
}

static bool has(str text, const char *line)
{
    return str_find(text, str_c(line)) >= 0;
}

static void test_answer_up(void **state)
{
    struct fixture f = load("sdp/chromium_publish.sdp");
    str text = answer_to(&f, true);

    (void)state;
    assert_true(str_starts(
        text, S("v=0\r\no=- 77 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n")));
    assert_true(has(text, "\r\na=ice-lite\r\n"));
    assert_true(has(text, "\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
    assert_true(has(text, "\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n"));
    assert_true(has(text, "a=setup:passive\r\n"));
    assert_true(has(text, "a=recvonly\r\n"));
    assert_true(has(text, "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
                          "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n"));
    assert_true(
        has(text, "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\n"
                  "a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n"
                  "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"));
    assert_true(has(text, "a=candidate:1 1 udp 2130706431 192.0.2.1 3478 typ host\r\n"));
    assert_true(
        has(text,
            " tcp 2118123263 2001:db8::1 443 typ host tcptype passive\r\na=end-of-candidates\r\n"));
    assert_true(
        has(text, "a=extmap:3 "
                  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"));
    assert_false(has(text, "a=ssrc"));
    assert_false(has(text, "a=msid:"));
    unload(&f);
}

static void test_answer_down(void **state)
{
    struct fixture f = load("sdp/firefox_listen.sdp");
    str text = answer_to(&f, false);

    (void)state;
    assert_true(has(text, "a=sendonly\r\n"));
    assert_true(
        has(text, "a=msid:stage a\r\na=ssrc:1000 cname:stage\r\na=ssrc:1000 msid:stage a\r\n"));
    assert_true(
        has(text, "a=msid:stage v\r\na=ssrc-group:FID 1003 2003\r\na=ssrc:1003 cname:stage\r\n"));
    assert_true(has(text, "a=ssrc:2003 cname:stage\r\n"));
    unload(&f);
}

static void test_answer_rejects(void **state)
{
    struct fixture f = load("sdp/chromium_data.sdp");
    str text = answer_to(&f, true);

    (void)state;
    assert_true(has(text, "a=group:BUNDLE 0\r\n"));
    assert_true(has(text, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
    unload(&f);
}

static void test_answer_simulcast(void **state)
{
    struct fixture f = load("sdp/chromium_simulcast.sdp");
    str text = answer_to(&f, true);

    (void)state;
    assert_true(
        has(text, "a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n"));
    unload(&f);
}

/* RFC 5763 5: who offers to be the server alone is answered as by a client, in every line. */
static void test_browser_as_server(void **state)
{
    struct fixture f = load("sdp/chromium_listen.sdp");
    ptrdiff_t at;
    str text;

    (void)state;
    while ((at = str_find(f.text, S("a=setup:actpass"))) >= 0)
        memcpy((char *)(uintptr_t)f.text.p + at, "a=setup:passive", 15);
    assert_int_equal(sdp_parse(f.arena, f.text, &f.sdp), 0);
    assert_int_equal(f.sdp->setup, SDP_PASSIVE);
    text = answer_to(&f, false);
    assert_true(has(text, "a=setup:active\r\n"));
    assert_false(has(text, "a=setup:passive\r\n"));
    unload(&f);
}

/* What we write is itself an SDP. */
static void test_answer_is_sdp(void **state)
{
    struct fixture f = load("sdp/chromium_listen.sdp");
    str text = answer_to(&f, false);
    struct sdp *back;

    (void)state;
    assert_int_equal(sdp_parse(f.arena, text, &back), 0);
    assert_int_equal(back->setup, SDP_PASSIVE);
    assert_int_equal(back->nmedia, 8);
    for (unsigned i = 0; i < 8; i++) {
        assert_true(back->media[i].is_bundled);
        assert_int_equal(back->media[i].ssrcs[0].ssrc, 1000 + i);
        assert_int_equal(back->media[i].ssrcs[0].rtx, i < 3 ? 0 : 2000 + i);
        assert_memory_equal(&back->media[i].exts, &f.sdp->media[i].exts,
                            sizeof(back->media[i].exts));
    }
    unload(&f);
}

/* ---- refusals ---- */

static int parse(const char *text)
{
    struct arena *a = arena_new();
    struct sdp *s = NULL;
    int err = sdp_parse(a, str_c(text), &s);

    assert_true(err == 0 ? s != NULL : s == NULL);
    arena_free(a);
    return err;
}

#define FINGERPRINT "a=fingerprint:" HASH "\n"
#define ICE         "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\n"
#define AUDIO       "m=audio 9 UDP/TLS/RTP/SAVPF 111\n"

static void test_refusals(void **state)
{
    (void)state;
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT AUDIO "a=rtpmap:111 opus/48000/2\n"), 0);
    assert_int_equal(parse(""), ERR_SYNTAX);
    assert_int_equal(parse("hello"), ERR_SYNTAX);
    assert_int_equal(parse("v=0\nrubbish\n"), ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT), ERR_UNSUPPORTED);
    assert_int_equal(parse("v=0\n" FINGERPRINT AUDIO), ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE AUDIO), ERR_UNSUPPORTED);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT "m=audio 9 UDP/TLS/RTP/SAVPF 200\n"),
                     ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT "m=audio 9 UDP/TLS/RTP/SAVPF\n"), ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT "m=audio x UDP/TLS/RTP/SAVPF 111\n"),
                     ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT "m=audio 9 RTP/AVP 0\n"), ERR_UNSUPPORTED);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT "m=audio 0 UDP/TLS/RTP/SAVPF 111\n"),
                     ERR_UNSUPPORTED);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT AUDIO "a=mid:a\rb\n"), ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE FINGERPRINT AUDIO "a=rtpmap:111 opus\n"), ERR_SYNTAX);
    assert_int_equal(parse("v=0\n" ICE "a=fingerprint:sha-256 00:11\n" AUDIO), ERR_SYNTAX);
    assert_int_equal(parse("v=0\na=ice-ufrag:abc\n"), ERR_SYNTAX);
    assert_int_equal(parse("v=0\na=ice-pwd:short\n"), ERR_SYNTAX);
}

static void test_too_big(void **state)
{
    struct arena *a = arena_new();
    char *text = malloc(MAX_SDP_BYTES + 1);
    struct sdp *s;
    size_t n = 4;

    (void)state;
    memset(text, '\n', MAX_SDP_BYTES + 1);
    memcpy(text, "v=0\n", 4);
    assert_int_equal(sdp_parse(a, (str){text, MAX_SDP_BYTES + 1}, &s), ERR_TOO_BIG);
    for (unsigned i = 0; i <= MAX_SDP_MEDIA; i++, n += sizeof(AUDIO) - 1)
        memcpy(text + n, AUDIO, sizeof(AUDIO) - 1);
    assert_int_equal(sdp_parse(a, (str){text, n}, &s), ERR_TOO_BIG);
    free(text);
    arena_free(a);
}

/* Nothing outside the text is touched wherever it is cut. */
static void test_cut_anywhere(void **state)
{
    struct fixture f = load("sdp/chromium_simulcast.sdp");
    struct sdp *s;

    (void)state;
    for (size_t n = 0; n < f.text.n; n += 7) {
        char *cut = malloc(n + 1);
        struct arena *a = arena_new();

        memcpy(cut, f.text.p, n);
        sdp_parse(a, (str){cut, n}, &s);
        arena_free(a);
        free(cut);
    }
    unload(&f);
}

static void test_frag(void **state)
{
    str text = test_file("sdp/restart.sdpfrag"), out;
    struct sdp_candidate to = candidate("192.0.2.1", 3478, false);
    struct sdp_answer ans = {.ufrag = S("ours"),
                             .pwd = S("ourspasswordof22letters"),
                             .candidates = &to,
                             .ncandidates = 1};
    struct arena *a = arena_new();
    struct sdp_frag f;

    (void)state;
    assert_int_equal(sdp_frag_parse(text, &f), 0);
    assert_true(str_eq(f.ufrag, S("ysXw")));
    assert_true(str_eq(f.pwd, S("vw5LmwG4y/e6dPP/zAP9Gp5k")));
    assert_true(str_eq(f.mid, S("0")));
    assert_int_equal(f.ncandidates, 2);
    assert_int_equal(sdp_frag_write(a, &f, &ans, &out), 0);
    assert_true(
        str_eq(out, S("a=ice-lite\r\na=ice-ufrag:ours\r\na=ice-pwd:ourspasswordof22letters\r\n"
                      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
                      "a=candidate:1 1 udp 2130706431 192.0.2.1 3478 typ host\r\n"
                      "a=end-of-candidates\r\n")));
    assert_int_equal(sdp_frag_parse(S("a=ice-ufrag:abcd\r\n"), &f), ERR_SYNTAX);
    assert_int_equal(sdp_frag_parse(S(""), &f), ERR_SYNTAX);
    assert_int_equal(
        sdp_frag_parse(S("m=audio 9 x 1\r\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n"), &f),
        0);
    assert_null(f.ufrag.p);
    arena_free(a);
    free((char *)(uintptr_t)text.p);
}

int sdp_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chromium_publish),
        cmocka_unit_test(test_listen_offers),
        cmocka_unit_test(test_simulcast),
        cmocka_unit_test(test_session_level),
        cmocka_unit_test(test_bundle_only),
        cmocka_unit_test(test_data_channel_is_other),
        cmocka_unit_test(test_answer_up),
        cmocka_unit_test(test_answer_down),
        cmocka_unit_test(test_answer_rejects),
        cmocka_unit_test(test_answer_simulcast),
        cmocka_unit_test(test_answer_is_sdp),
        cmocka_unit_test(test_browser_as_server),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_too_big),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_frag),
    };

    return cmocka_run_group_tests_name("sdp", tests, NULL, NULL);
}
