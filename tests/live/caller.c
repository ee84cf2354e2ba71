#include "caller.h"

#include "../../bench/client.h"
#include "../../bench/offer.h"
#include "../../bench/sizes.h"
#include "../../bench/source.h"

#include "base/rd.h"
#include "base/str.h"
#include "media/rtcp.h"
#include "media/rtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Payload bytes of a picture's packets: two of a key frame, one of another. */
enum { KEY_BYTES = 900, KEY_REST = 300, DELTA_BYTES = 500 };

struct caller {
    struct caller_conf conf;
    struct client_kit *kit;
    struct client *client;
    struct sizes voice_sizes, camera_sizes;
    struct source voice, camera;
    bool has_sources;
    uint16_t twcc;
    struct caller_count count;
};

/* A datagram that the kernel does not take is lost as any other. */
static void tx(const uint8_t *p, size_t n, void *ctx)
{
    (void)send(((struct caller *)ctx)->conf.fd, p, n, 0);
}

struct caller *caller_new(const struct caller_conf *conf)
{
    struct caller *c = calloc(1, sizeof *c);

    assert_non_null(c);
    c->conf = *conf;
    c->voice_sizes.nframes = 1;
    c->voice_sizes.frames[0] = (struct sizes_frame){1, {(uint16_t)conf->voice}};
    c->camera_sizes.has_key = true;
    c->camera_sizes.key = (struct sizes_frame){2, {KEY_BYTES, KEY_REST}};
    c->camera_sizes.nframes = 1;
    c->camera_sizes.frames[0] = (struct sizes_frame){1, {DELTA_BYTES}};
    assert_int_equal(client_kit_new((enum srtp_suite)0, &c->kit), 0);
    assert_int_equal(client_new(c->kit, tx, c, &c->client), 0);
    if (conf->is_sending) {
        source_init(&c->voice, c->client, &c->voice_sizes, &c->twcc, 0, 0);
        source_init(&c->camera, c->client, &c->camera_sizes, &c->twcc, 0, 0);
    }
    return c;
}

str caller_offer(const struct caller *c, struct arena *a)
{
    const struct offer o = {.end = {.ufrag = client_ufrag(c->client),
                                    .pwd = client_pwd(c->client),
                                    .fingerprint = client_kit_fingerprint(c->kit),
                                    .ip = "127.0.0.1",
                                    .port = 9},
                            .is_sending = c->conf.is_sending,
                            .naudio = 1,
                            .nvideo = 1,
                            .ssrc = {c->voice.ssrc, c->camera.ssrc}};

    return offer_write(a, &o);
}

void caller_start(struct caller *c, str answer)
{
    struct offer_remote remote;

    assert_int_equal(offer_read(answer, &remote), 0);
    assert_int_equal(client_start(c->client, remote.ufrag, remote.pwd, remote.fingerprint), 0);
}

static void rx_rtcp(struct caller *c, const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);
    struct rtcp part;

    if (rtcp_check(p, n) < 0)
        return;
    while (rtcp_next(&r, &part))
        c->camera.is_key_wanted |= rtcp_is_pli(&part) && part.media_ssrc == c->camera.ssrc;
}

static void rx(struct caller *c, uint8_t *p, size_t n, usec now)
{
    struct client_packet got = {0};

    if (client_rx(c->client, p, n, now, &got) < 0)
        c->count.refused++;
    if (got.is_rtcp)
        rx_rtcp(c, p, got.n);
    if (!got.is_rtp)
        return;
    if (got.rtp.pt == SOURCE_OPUS) {
        c->count.voices++;
        c->count.foreign += got.rtp.payload_n != c->conf.voice;
    } else {
        c->count.pictures++;
    }
}

static void tick_sources(struct caller *c, usec now)
{
    if (!c->has_sources) {
        c->voice.due = c->voice.report_due = c->camera.due = c->camera.report_due = now;
        c->has_sources = true;
    }
    source_tick(&c->voice, now);
    source_tick(&c->camera, now);
}

void caller_tick(struct caller *c, usec now)
{
    uint8_t bytes[2048];
    ssize_t n;

    while ((n = recv(c->conf.fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        rx(c, bytes, (size_t)n, now);
    client_tick(c->client, now);
    assert_false(client_is_broken(c->client));
    if (c->conf.is_sending && client_is_connected(c->client))
        tick_sources(c, now);
}

void caller_count(const struct caller *c, struct caller_count *ret_count)
{
    *ret_count = c->count;
}

void caller_free(struct caller *c)
{
    if (!c)
        return;
    client_free(c->client);
    client_kit_free(c->kit);
    close(c->conf.fd);
    free(c);
}
