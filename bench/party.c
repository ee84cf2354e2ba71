#include "party.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "base/rd.h"
#include "base/wr.h"
#include "client.h"
#include "hist.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "offer.h"
#include "wire.h"

#include <stdlib.h>

enum { TICK_FAST = 20000, REPORTS = 10 /* of them one in so many periods of feedback */ };

static void send_datagram(const uint8_t *bytes, size_t n, void *ctx)
{
    struct party *p = ctx;

    wire_tx(p->wire, p->host, &p->server, bytes, n);
}

int party_new(struct client_kit *kit, struct wire *wire, unsigned host, struct party **ret_party)
{
    struct party *p = calloc(1, sizeof(*p));
    int r;

    if (!p)
        return ERR_MEM;
    p->wire = wire;
    p->host = host;
    p->ssrc = random_u32() | 1;
    r = client_new(kit, send_datagram, p, &p->client);
    if (r < 0) {
        party_free(p);
        return r;
    }
    *ret_party = p;
    return 0;
}

void party_add_source(struct party *p, const struct sizes *sizes, unsigned begin, usec now)
{
    if (p->nsources < PARTY_SOURCES)
        source_init(&p->sources[p->nsources++], p->client, sizes, &p->twcc, begin, now);
}

void party_offer(const struct party *p, const char *fingerprint, char ip[static ADDR_TEXT],
                 struct offer *to)
{
    wire_host(p->host, ip);
    *to = (struct offer){.end = {.ufrag = client_ufrag(p->client),
                                 .pwd = client_pwd(p->client),
                                 .fingerprint = fingerprint,
                                 .ip = ip,
                                 .port = wire_port(p->wire)},
                         .is_sending = p->nsources > 0};
    for (unsigned i = 0; i < p->nsources; i++)
        to->ssrc[i] = p->sources[i].ssrc;
}

int party_start(struct party *p, str sdp)
{
    struct offer_remote remote;
    int r = offer_read(sdp, &remote);

    if (r < 0)
        return r;
    p->server = remote.addr;
    transport_init(&p->transport, remote.twcc_id, p->ssrc);
    return client_start(p->client, remote.ufrag, remote.pwd, remote.fingerprint);
}

bool party_is_connected(const struct party *p)
{
    return client_is_connected(p->client);
}

/* ---- received ---- */

static void want_key(struct party *p, uint32_t ssrc)
{
    for (unsigned i = 0; i < p->nsources; i++)
        if (p->sources[i].ssrc == ssrc && p->sources[i].is_video)
            p->sources[i].is_key_wanted = true;
}

static void rx_sr(struct party *p, const struct rtcp *part, usec now)
{
    struct client_stream *s;
    struct rtcp_sr sr;

    if (part->type != RTCP_SR || rtcp_sr_parse(part, &sr) < 0)
        return;
    for (unsigned i = 0; (s = client_stream_at(p->client, i)) != NULL; i++) {
        if (s->ssrc != part->ssrc)
            continue;
        s->lsr = (uint32_t)(sr.ntp >> 16);
        s->sr_at = now;
    }
}

static void rx_rtcp(struct party *p, const uint8_t *bytes, size_t n, usec now)
{
    struct rd r = rd_init(bytes, n);
    struct rtcp part;

    if (rtcp_check(bytes, n) < 0)
        return;
    while (rtcp_next(&r, &part)) {
        uint32_t ssrc;
        uint8_t command;

        rx_sr(p, &part, now);
        if (rtcp_is_pli(&part))
            want_key(p, part.media_ssrc);
        for (unsigned i = 0; rtcp_fir_parse(&part, i, &ssrc, &command); i++)
            want_key(p, ssrc);
    }
}

void party_rx(struct party *p, const struct wire_packet *packet, usec now, struct hist *delays)
{
    struct client_packet got = {0};

    if (client_rx(p->client, packet->bytes, packet->n, now, &got) < 0)
        p->refused++;
    if (got.is_rtcp)
        rx_rtcp(p, packet->bytes, got.n, now);
    if (!got.is_rtp)
        return;
    if (packet->at_ns)
        transport_note(&p->transport, &got.rtp, packet->at_ns / 1000);
    got.stream->is_repeating = got.rtp.pt == SOURCE_VP8_RTX;
    if (!delays)
        return;
    if (got.stream->is_repeating) {
        p->repeats++;
        return;
    }
    p->packets++;
    p->bytes += packet->n;
    if (packet->at_ns && got.rtp.payload_n)
        hist_add(delays, packet->at_ns - source_stamp(got.rtp.payload, got.rtp.payload_n));
}

/* ---- reports ---- */

static uint64_t expected_of(const struct client_stream *s)
{
    return s->is_begun ? (uint64_t)s->top - s->first + 1 : 0;
}

/* Cycles count from 0 (RFC 3550 A.1); client.c counts from one, so that it may go below. */
static void block_of(struct client_stream *s, usec now, struct rtcp_report *to)
{
    uint64_t expected = expected_of(s), all = expected - s->expected_before,
             got = s->packets - s->packets_before;
    uint64_t lost = all > got ? all - got : 0;

    *to = (struct rtcp_report){.ssrc = s->ssrc,
                               .lost_q8 = (uint8_t)(all ? lost * 255 / all : 0),
                               .lost = expected > s->packets ? (int32_t)(expected - s->packets) : 0,
                               .top_seq = s->top - 65536u,
                               .lsr = s->lsr};
    if (s->lsr)
        to->dlsr = (uint32_t)((now - s->sr_at) * 65536 / USEC_S);
    s->expected_before = expected;
    s->packets_before = s->packets;
}

static void report(struct party *p, usec now)
{
    struct rtcp_report blocks[CLIENT_STREAMS];
    struct client_stream *s;
    uint8_t buf[512];
    struct wr w = wr_init(buf, sizeof(buf));
    unsigned n = 0;

    for (unsigned i = 0; (s = client_stream_at(p->client, i)) != NULL; i++)
        if (s->is_begun && !s->is_repeating)
            block_of(s, now, &blocks[n++]);
    if (!n)
        return;
    rtcp_rr_write(&w, p->ssrc, blocks, n);
    if (!w.err)
        client_tx_rtcp(p->client, buf, wr_len(&w));
}

void party_tick(struct party *p, usec now)
{
    if (p->is_live)
        for (unsigned i = 0; i < p->nsources; i++)
            source_tick(&p->sources[i], now);
    if (now < p->tick_due)
        return;
    client_tick(p->client, now);
    p->tick_due = now + TICK_FAST;
    if (!client_is_connected(p->client))
        return;
    p->tick_due = transport_due(p->host, now);
    transport_tell(&p->transport, p->client, clock_wall());
    if (p->nperiods++ % REPORTS == p->host % REPORTS)
        report(p, now);
}

/* ---- the window ---- */

static void totals(const struct party *p, uint64_t *ret_packets, uint64_t *ret_expected)
{
    struct client_stream *s;

    *ret_packets = *ret_expected = 0;
    for (unsigned i = 0; (s = client_stream_at(p->client, i)) != NULL; i++) {
        *ret_packets += s->is_repeating ? 0 : s->packets;
        *ret_expected += s->is_repeating ? 0 : expected_of(s);
    }
}

void party_mark(struct party *p)
{
    totals(p, &p->packets_before, &p->expected_before);
    p->packets = p->bytes = p->repeats = 0;
}

uint64_t party_expected(const struct party *p)
{
    uint64_t packets, expected;

    totals(p, &packets, &expected);
    return expected - p->expected_before;
}

void party_free(struct party *p)
{
    if (!p)
        return;
    client_free(p->client);
    free(p);
}
