/* What media allocates, with each allocation failing in turn: see tests/sweep/sweep.h. */
#include "suites.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/sb.h"
#include "media/sdp.h"
#include "media/sfu.h"
#include "media/srtp.h"
#include "media/stats.h"
#include "sweep/sweep.h"

#include <stdlib.h>

static str offer(const char *name)
{
    static struct {
        const char *name;
        str text;
    } kept[4];
    size_t i = 0;

    while (kept[i].name && kept[i].name != name)
        i++;
    if (!kept[i].name) {
        sweep_pause();
        kept[i].name = name;
        kept[i].text = test_file(name);
        sweep_resume();
    }
    return kept[i].text;
}

static int sdp_sweep(void)
{
    str text = offer("sdp/chromium_publish.sdp");
    struct arena *a = arena_new();
    struct sdp *sdp = NULL;
    int r = a ? sdp_parse(a, text, &sdp) : ERR_MEM;

    arena_free(a);
    return r;
}

static int join(struct sfu *s, struct sfu_room *room, struct arena *a)
{
    const struct sfu_peer_conf up = {
        .role = SFU_UP, .person = 1, .offer = offer("sdp/chromium_publish.sdp")};
    const struct sfu_peer_conf down = {
        .role = SFU_DOWN, .person = 2, .offer = offer("sdp/chromium_listen.sdp")};
    struct sfu_peer *one = NULL, *two = NULL;
    struct sb text = sb_init(a, 0);
    str answer = {0};
    int r = sfu_peer_new(room, &up, USEC_S, a, &answer, &one);

    if (r == 0)
        r = sfu_peer_new(room, &down, USEC_S, a, &answer, &two);
    if (r == 0) {
        sfu_tick(s, 2 * USEC_S);
        sfu_print(s, &text);
    }
    sfu_peer_free(one, 3 * USEC_S);
    sfu_peer_free(two, 3 * USEC_S);
    return r;
}

static int sfu_sweep(void)
{
    struct arena *a = arena_new();
    struct sfu_conf conf = {.is_plain = true};
    struct sfu_room *room = NULL;
    struct sfu *s = NULL;
    int r = a ? pkt_pool_new(64, &conf.pool) : ERR_MEM;

    if (r == 0)
        r = sfu_new(&conf, &s);
    if (r == 0)
        r = sfu_room_new(s, 1, &room);
    if (r == 0)
        r = join(s, room, a);
    sfu_free(s);
    pkt_pool_free(conf.pool);
    arena_free(a);
    return r;
}

static int srtp_sweep(void)
{
    static const uint8_t key[16] = {1}, salt[14] = {2};
    struct srtp_keys *k = NULL;
    int r = srtp_keys_new(SRTP_AEAD_AES_128_GCM, true, key, salt, &k);

    srtp_keys_free(k);
    return r;
}

const struct sweep_row media_sweeps[] = {
    {"sdp", sdp_sweep}, {"sfu", sfu_sweep}, {"srtp", srtp_sweep}};
const size_t nmedia_sweeps = NELEM(media_sweeps);
