#include "media/peer.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/random.h"
#include "base/table.h"
#include "base/wr.h"
#include "media/down.h"
#include "media/feedback.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"
#include "media/stun.h"

#include <stdlib.h>
#include <string.h>

/* A browser checks the address that it uses every 2.5 s (Chromium) or 5 s (RFC 7675 5.1), and one
 * check may be lost or late. */
static const usec addr_held = 6 * USEC_S;

/* ---- birth and death ---- */

static uint64_t ufrag_key(const char *ufrag)
{
    return table_key(ufrag, strlen(ufrag));
}

int peer_new(struct sfu_room *r, const struct sfu_peer_conf *c, usec now,
             struct sfu_peer **ret_peer)
{
    struct sfu_peer *p = calloc(1, sizeof(*p));
    int err;

    if (!p)
        return ERR_MEM;
    p->sfu = r->sfu;
    p->room = r;
    p->id = ++r->sfu->last_id;
    p->role = c->role;
    p->person = c->person;
    p->is_backstage = c->is_backstage;
    p->ways = c->ways ? c->ways : ADDR_ALL_WAYS;
    p->is_on_air = p->is_allowed[SFU_AUDIO] = p->is_allowed[SFU_VIDEO] = true;
    p->ssrc = random_u32() | 1;
    p->report_due = now;
    p->due = now;
    ice_init(&p->ice, now);
    if (p->sfu->conf.mark)
        ice_mark(&p->ice, p->sfu->conf.mark);
    if (p->role == SFU_UP) {
        err = ERR_MEM;
        p->twcc = malloc(sizeof(*p->twcc));
        if (!p->twcc)
            goto out;
        twcc_init(p->twcc);
    } else {
        err = down_new(now, &p->down);
        if (err < 0)
            goto out;
    }
    err = table_add(p->sfu->by_ufrag, ufrag_key(p->ice.now.ufrag), p);
    if (err < 0)
        goto out;
    *ret_peer = p;
    p = NULL;
    err = 0;
out:
    peer_free(p);
    return err;
}

static void forget_ufrag(struct sfu_peer *p, const char *ufrag)
{
    uint64_t key = ufrag_key(ufrag);

    if (ufrag[0] && table_by_key(p->sfu->by_ufrag, key) == p)
        table_remove(p->sfu->by_ufrag, key);
}

static void tell_here(const struct sfu *s, const struct addr *a, bool is_here)
{
    if (s->conf.here)
        s->conf.here(a, is_here, s->conf.ctx);
}

static void forget_addr(struct sfu_peer *p, const struct addr *a)
{
    uint64_t key = addr_key(a);

    if (table_by_key(p->sfu->by_addr, key) != p)
        return;
    table_remove(p->sfu->by_addr, key);
    tell_here(p->sfu, a, false);
}

void peer_free(struct sfu_peer *p)
{
    if (!p)
        return;
    forget_ufrag(p, p->ice.now.ufrag);
    forget_ufrag(p, p->ice.old.ufrag);
    for (unsigned i = 0; i < p->ice.naddrs; i++)
        forget_addr(p, &p->ice.addrs[i]);
    for (unsigned i = 0; i < p->ntracks; i++) {
        track_done(p->tracks[i]);
        free(p->tracks[i]);
    }
    free(p->slots);
    free(p->twcc);
    if (p->down)
        down_forget(p, NULL);
    free(p->down);
    dtls_free(p->dtls);
    srtp_keys_free(p->up_keys);
    srtp_keys_free(p->down_keys);
    ct_wipe(p, sizeof(*p));
    free(p);
}

void peer_gone(struct sfu_peer *p, enum sfu_gone why)
{
    if (p->is_gone)
        return;
    p->is_gone = true;
    p->why = why;
    peer_wake(p, p->sfu->now);
}

void peer_wake(struct sfu_peer *p, usec at)
{
    if (at < p->due)
        p->due = at;
    if (at < p->room->due)
        p->room->due = at;
}

int peer_restart(struct sfu_peer *p)
{
    if (p->ice.old.ufrag[0])
        forget_ufrag(p, p->ice.now.ufrag);
    ice_restart(&p->ice);
    return table_add(p->sfu->by_ufrag, ufrag_key(p->ice.now.ufrag), p);
}

/* ---- connecting ---- */

void peer_plain_keys(struct dtls_keys *to)
{
    *to = (struct dtls_keys){.profile = DTLS_AES_128_GCM, .key_n = 16, .salt_n = 12};
    for (unsigned i = 0; i < DTLS_MASTER_MAX; i++) {
        to->up[i] = (uint8_t)i;
        to->down[i] = (uint8_t)(128 + i);
    }
}

static int take_keys(struct sfu_peer *p)
{
    struct dtls_keys k;
    enum srtp_suite suite;
    int r = 0;

    if (p->sfu->conf.is_plain)
        peer_plain_keys(&k);
    else
        r = dtls_keys(p->dtls, &k);
    if (r < 0)
        return r;
    suite = k.profile == DTLS_AES_128_GCM ? SRTP_AEAD_AES_128_GCM : SRTP_AES_CM_128_HMAC_SHA1_80;
    r = srtp_keys_new(suite, false, k.up, k.up + k.key_n, &p->up_keys);
    if (r == 0)
        r = srtp_keys_new(suite, true, k.down, k.down + k.key_n, &p->down_keys);
    ct_wipe(&k, sizeof(k));
    return r;
}

static void connect(struct sfu_peer *p, usec now)
{
    if (take_keys(p) < 0) {
        peer_gone(p, SFU_GONE_DTLS);
        return;
    }
    p->is_connected = true;
    peer_wake(p, now);
}

bool sfu_is_held(const struct sfu *s, const struct addr *a, usec now)
{
    const struct sfu_peer *p = table_by_key(s->by_addr, addr_key(a));

    return p && !p->is_gone && ice_has(&p->ice, a) && now - ice_heard(&p->ice, a) < addr_held;
}

/* One who knows where another is heard may send a check in the name of that address: it is the
 * other's as long as checks come from it. A port that a NAT gives again waits so long; a person
 * that comes again does not. A stream's address belongs to the stream and cannot be forged. */
static bool is_held(const struct sfu_peer *p, const struct addr *from, usec now)
{
    const struct sfu_peer *other = table_by_key(p->sfu->by_addr, addr_key(from));

    if (!other || other == p || addr_way(from) != ADDR_UDP ||
        (other->room == p->room && other->person == p->person))
        return false;
    return sfu_is_held(p->sfu, from, now);
}

/* The same among several sfus at one port. They ask each other, so the check has to be good. */
static bool is_elsewhere(const struct sfu_peer *p, const struct stun *m, str ufrag,
                         const struct addr *from)
{
    const struct sfu_conf *c = &p->sfu->conf;

    return c->is_elsewhere && addr_way(from) == ADDR_UDP &&
           ice_judge(&p->ice, m, ufrag) == ICE_OK && c->is_elsewhere(from, c->ctx);
}

/* The address is this peer's from now on: ports are given again by NATs and by browsers that
 * reload. It is told each time: while nothing was heard another sfu may have had it. */
static int claim_addr(struct sfu_peer *p, const struct addr *from)
{
    uint64_t key = addr_key(from);
    int r = 0;

    if (table_by_key(p->sfu->by_addr, key) != p) {
        table_remove(p->sfu->by_addr, key);
        r = table_add(p->sfu->by_addr, key, p);
    }
    if (r == 0)
        tell_here(p->sfu, from, true);
    return r;
}

static void tx(struct sfu_peer *p, const uint8_t *d, size_t n, const struct addr *to)
{
    struct pkt *out = pkt_get(p->sfu->conf.pool);

    if (!out || n > PKT_ROOM) {
        sfu_drop(p->sfu, DROP_POOL);
        pkt_unref(out);
        return;
    }
    memcpy(out->data, d, n);
    out->n = (uint32_t)n;
    out->addr = *to;
    sfu_put(p->sfu, out);
}

/* The peer's last DTLS came from a validated address, and the nominated one is as good. */
static void tx_dtls(const uint8_t *d, size_t n, void *ctx)
{
    struct sfu_peer *p = ctx;

    tx(p, d, n, p->ice.is_selected ? &p->ice.selected : &p->dtls_from);
}

/* A browser that is the DTLS server waits for us: the nominated address is where it does. */
static void start_dtls(struct sfu_peer *p, usec now)
{
    int r = dtls_new(p->sfu->cert, DTLS_CLIENT, p->fingerprint, tx_dtls, p, &p->dtls);

    if (r == 0)
        r = dtls_start(p->dtls, now);
    if (r < 0)
        peer_gone(p, SFU_GONE_DTLS);
    else
        peer_wake(p, dtls_due(p->dtls));
}

enum drop peer_rx_stun(struct sfu_peer *p, const struct stun *m, str ufrag,
                       const struct addr *from, usec now)
{
    uint8_t answer[STUN_MAX_BYTES];
    struct wr w;
    struct ice_change change = {0};
    enum drop why = DROP_NONE;
    enum ice_result result;
    bool is_taken;

    if (!(p->ways & p->room->ways & 1u << addr_way(from)))
        return DROP_STUN_WAY;
    is_taken = is_held(p, from, now) || is_elsewhere(p, m, ufrag, from);
    result = is_taken ? ice_judge(&p->ice, m, ufrag)
                      : ice_rx(&p->ice, m, ufrag, from, now, &change);
    if (result == ICE_REFUSED)
        return DROP_STUN_AUTH;
    w = wr_init(answer, sizeof(answer));
    tx(p, answer, ice_answer(&p->ice, m, result, ufrag, from, &w), from);
    if (result != ICE_OK)
        return DROP_STUN_ROLE;
    if (is_taken)
        return DROP_STUN_TAKEN; /* answered, so that the next check may find it free */
    if (change.has_replaced)
        forget_addr(p, &change.replaced);
    if (claim_addr(p, from) < 0)
        why = DROP_STUN_ADDRS;
    if (change.is_restarted) {
        forget_ufrag(p, p->ice.old.ufrag);
        ct_wipe(&p->ice.old, sizeof(p->ice.old));
    }
    if (change.is_nominated && p->is_choked)
        sfu_choke(p->sfu, from, false, now); /* that was another stream */
    if (change.is_nominated && p->sfu->conf.is_plain && !p->is_connected)
        connect(p, now);
    if (change.is_nominated && p->is_dtls_client && !p->dtls && !p->sfu->conf.is_plain)
        start_dtls(p, now);
    return why;
}

enum drop peer_rx_dtls(struct sfu_peer *p, const uint8_t *d, size_t n, const struct addr *from,
                       usec now)
{
    int r = 0;

    if (p->sfu->conf.is_plain || p->is_gone || (p->is_dtls_client && !p->dtls))
        return DROP_DTLS;
    p->dtls_from = *from;
    if (!p->dtls)
        r = dtls_new(p->sfu->cert, DTLS_SERVER, p->fingerprint, tx_dtls, p, &p->dtls);
    if (r == 0)
        r = dtls_rx(p->dtls, d, n, now);
    if (r == ERR_CLOSED) {
        peer_gone(p, SFU_GONE_CLOSED);
        return DROP_NONE;
    }
    if (r < 0) {
        peer_gone(p, SFU_GONE_DTLS);
        return DROP_DTLS;
    }
    if (dtls_is_done(p->dtls) && !p->is_connected) {
        /* a handshake went both ways here: media need not wait for the nomination, which may be a
         * check away */
        if (!p->ice.is_selected)
            ice_select(&p->ice, from);
        connect(p, now);
    }
    peer_wake(p, dtls_due(p->dtls));
    return DROP_NONE;
}

/* ---- while it lives ---- */

void peer_tx_rtcp(struct sfu_peer *p, const uint8_t *d, size_t n)
{
    struct pkt *out;
    size_t out_n;

    if (!p->is_connected || !p->ice.is_selected)
        return;
    out = pkt_get(p->sfu->conf.pool);
    if (!out) {
        sfu_drop(p->sfu, DROP_POOL);
        return;
    }
    if (srtcp_protect(p->down_keys, d, n, out->data, PKT_ROOM, &out_n) < 0) {
        sfu_drop(p->sfu, DROP_PROTECT);
        pkt_unref(out);
        return;
    }
    out->n = (uint32_t)out_n;
    out->addr = p->ice.selected;
    sfu_put(p->sfu, out);
}

static usec sooner(usec a, usec b)
{
    return a < b ? a : b;
}

void peer_tick(struct sfu_peer *p, usec now)
{
    p->due = INT64_MAX;
    if (p->is_gone)
        return;
    if (now >= ice_expires(&p->ice)) {
        peer_gone(p, SFU_GONE_TIMEOUT);
        return;
    }
    if (p->dtls && dtls_tick(p->dtls, now) < 0) {
        peer_gone(p, SFU_GONE_DTLS);
        return;
    }
    if (p->is_connected)
        feedback_tick(p, now);
    p->due = sooner(ice_expires(&p->ice), p->dtls ? dtls_due(p->dtls) : INT64_MAX);
    if (p->is_connected)
        p->due = sooner(p->due, feedback_due(p));
}

/* ---- questions ---- */

struct slot *peer_slot(const struct sfu_peer *p, enum sfu_kind kind, int index)
{
    unsigned n = kind == SFU_AUDIO ? p->naudio : p->nvideo;

    if (!p->slots || index < 0 || (unsigned)index >= n)
        return NULL;
    return &p->slots[(kind == SFU_AUDIO ? 0 : p->naudio) + (unsigned)index];
}

struct slot *peer_slot_by_ssrc(const struct sfu_peer *p, uint32_t ssrc)
{
    for (unsigned i = 0; i < p->naudio + p->nvideo; i++)
        if (p->slots[i].ssrc == ssrc || (p->slots[i].rtx_ssrc && p->slots[i].rtx_ssrc == ssrc))
            return &p->slots[i];
    return NULL;
}

struct track *peer_track(const struct sfu_peer *p, enum sfu_kind kind)
{
    for (unsigned i = 0; i < p->ntracks; i++)
        if (p->tracks[i]->kind == kind)
            return p->tracks[i];
    return NULL;
}
