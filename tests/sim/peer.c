#include "sim/peer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/peer.h"
#include "media/rtp.h"
#include "media/stun.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <stdio.h>
#include <string.h>

static const usec check_period = 2500 * USEC_MS; /* as Chromium */
static const usec first_checks = 50 * USEC_MS;

str sim_sdp_line(str sdp, int section, const char *begins)
{
    int at = -1;
    str line;

    while (str_line(&sdp, &line)) {
        if (str_starts(line, S("m=")))
            at++;
        if ((section < 0 || at == section) && str_starts(line, str_c(begins)))
            return str_from(line, strlen(begins));
    }
    return (str){0};
}

void sim_peer_keys(enum srtp_suite suite, bool is_browser, struct srtp_keys **ret_up,
                   struct srtp_keys **ret_down)
{
    struct dtls_keys k;
    uint8_t *up_salt = k.up + SRTP_KEY, *down_salt = k.down + SRTP_KEY;

    peer_plain_keys(&k);
    assert_int_equal(srtp_keys_new(suite, is_browser, k.up, up_salt, ret_up), 0);
    assert_int_equal(srtp_keys_new(suite, !is_browser, k.down, down_salt, ret_down), 0);
}

int sim_peer_connect(struct sim_peer *p, enum sfu_role role, bool is_backstage, str text,
                     struct arena *a, str *ret_answer)
{
    struct sfu_peer_conf c = {
        .role = role, .person = p->person, .offer = text, .is_backstage = is_backstage};
    str answer;
    int r = sfu_peer_new(p->world->room, &c, p->world->now, a, &answer, &p->sfu_peer);

    if (r < 0)
        return r;
    r = str_copy(p->ufrag, sizeof(p->ufrag), sim_sdp_line(answer, -1, "a=ice-ufrag:"));
    if (r == 0)
        r = str_copy(p->pwd, sizeof(p->pwd), sim_sdp_line(answer, -1, "a=ice-pwd:"));
    if (r == 0)
        sim_peer_keys(p->world->suite, true, &p->tx, &p->rx);
    p->next_check = p->world->now;
    *ret_answer = answer;
    return r;
}

void sim_peer_rebind(struct sim_peer *p)
{
    p->addr.port++;
    p->is_answered = false;
}

static void tx(struct sim_peer *p, const void *d, size_t n, usec now)
{
    if (!p->is_silent)
        net_send(p->world->net, &p->up, &p->addr, &p->world->server,
                 (str){d, n}, now);
}

static void check(struct sim_peer *p, usec now)
{
    uint8_t buf[STUN_MAX_BYTES];
    struct wr w = wr_init(buf, sizeof(buf));
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .has_priority = true,
                     .priority = 1,
                     .has_use_candidate = true,
                     .role = STUN_CONTROLLING,
                     .tie_breaker = 7};
    char name[80];

    snprintf(name, sizeof(name), "%s:sim", p->ufrag);
    m.username = str_c(name);
    for (unsigned i = 0; i < STUN_TID; i++)
        m.tid[i] = (uint8_t)net_random(p->world->net, 256);
    stun_write(&w, &m, str_c(p->pwd));
    if (!w.err)
        tx(p, buf, wr_len(&w), now);
    p->next_check = now + (p->is_answered ? check_period : first_checks);
}

void sim_peer_tick(struct sim_peer *p, usec now)
{
    if (now >= p->next_check)
        check(p, now);
    if (p->is_answered && p->publisher)
        publisher_tick(p->publisher, now);
    if (p->is_answered && p->viewer)
        viewer_tick(p->viewer, now);
}

usec sim_peer_due(const struct sim_peer *p)
{
    usec due = p->next_check;

    if (p->is_answered && p->publisher && publisher_due(p->publisher) < due)
        due = publisher_due(p->publisher);
    if (p->is_answered && p->viewer && viewer_due(p->viewer) < due)
        due = viewer_due(p->viewer);
    return due;
}

static void rx_media(struct sim_peer *p, uint8_t *d, size_t n, usec now)
{
    size_t plain;
    int r;

    if (!rtp_is_rtcp(d, n)) {
        p->rtp_came++;
        if (p->viewer)
            viewer_rx(p->viewer, d, n, now);
        return;
    }
    r = srtcp_unprotect(p->rx, &p->rtcp_rx, d, n, &plain);
    if (r < 0) {
        p->world->bad += r != ERR_REPLAY; /* the network may double it */
        return;
    }
    if (p->publisher)
        publisher_rx_rtcp(p->publisher, d, plain, now);
    if (p->viewer)
        viewer_rx_rtcp(p->viewer, d, plain, now);
}

void sim_peer_rx(struct sim_peer *p, const struct datagram *d, usec now)
{
    uint8_t copy[sizeof(d->bytes)];
    struct stun m;

    if (p->is_silent)
        return;
    memcpy(copy, d->bytes, d->n);
    if (!stun_is(copy, d->n)) {
        rx_media(p, copy, d->n, now);
        return;
    }
    if (stun_parse(copy, d->n, &m) < 0 || m.class != STUN_RESPONSE ||
        stun_check(&m, str_c(p->pwd)) < 0) {
        p->world->bad++;
        return;
    }
    if (!p->is_answered)
        p->next_check = now + check_period;
    p->is_answered = true;
}

void sim_peer_tx_rtp(struct sim_peer *p, struct srtp_tx *srtp, const struct srtp_parts *parts,
                     usec now)
{
    uint8_t out[1500];
    size_t n;

    if (srtp_protect(p->tx, srtp, parts, out, sizeof(out), &n) < 0)
        p->world->bad++;
    else
        tx(p, out, n, now);
}

void sim_peer_tx_rtcp(struct sim_peer *p, const uint8_t *d, size_t n, usec now)
{
    uint8_t out[1500];
    size_t out_n;

    if (srtcp_protect(p->tx, d, n, out, sizeof(out), &out_n) < 0)
        p->world->bad++;
    else
        tx(p, out, out_n, now);
}

void sim_peer_done(struct sim_peer *p)
{
    srtp_keys_free(p->tx);
    srtp_keys_free(p->rx);
    publisher_free(p->publisher);
    viewer_free(p->viewer);
}
