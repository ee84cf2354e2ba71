#include "media/sfu.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/random.h"
#include "base/sb.h"
#include "base/table.h"
#include "media/answer.h"
#include "media/channel.h"
#include "media/down.h"
#include "media/dtls.h"
#include "media/path.h"
#include "media/peer.h"
#include "media/rtcp.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the sfu ---- */

int sfu_new(const struct sfu_conf *c, struct sfu **ret_sfu)
{
    struct sfu *s = calloc(1, sizeof(*s));
    int r = ERR_MEM;

    if (!s)
        return ERR_MEM;
    s->conf = *c;
    s->conf.nannounce = c->nannounce < SFU_MAX_ANNOUNCE ? c->nannounce : SFU_MAX_ANNOUNCE;
    if (s->conf.nannounce)
        memcpy(s->announce, c->announce, s->conf.nannounce * sizeof(s->announce[0]));
    if (c->events)
        s->events = *c->events;
    s->out_end = &s->out;
    /* some day of this century, so that no report is dated to the epoch; nobody compares it with a
     * calendar */
    s->wall_offset = 1600000000 * USEC_S + (usec)(random_u32() % 86400) * USEC_S;
    r = table_new(MAX_PEERS * ICE_ADDRS, &s->by_addr);
    if (r == 0)
        r = table_new(MAX_PEERS * 2, &s->by_ufrag);
    if (r == 0)
        r = dtls_cert_new(&s->cert);
    if (r < 0)
        goto out;
    memcpy(s->fingerprint, "sha-256 ", 8);
    dtls_cert_fingerprint(s->cert, s->fingerprint + 8);
    *ret_sfu = s;
    s = NULL;
out:
    sfu_free(s);
    return r;
}

static void room_done(struct sfu_room *r);

void sfu_free(struct sfu *s)
{
    struct sfu_room *r;
    struct pkt *p;

    if (!s)
        return;
    while ((r = s->rooms)) {
        s->rooms = r->next;
        room_done(r);
    }
    while ((p = s->out)) {
        s->out = p->next;
        pkt_unref(p);
    }
    dtls_cert_free(s->cert);
    table_free(s->by_addr);
    table_free(s->by_ufrag);
    free(s);
}

void sfu_put(struct sfu *s, struct pkt *p)
{
    p->next = NULL;
    *s->out_end = p;
    s->out_end = &p->next;
    s->nout++;
    s->stats.tx_packets++;
    s->stats.tx_bytes += p->n;
}

uint64_t sfu_ntp(const struct sfu *s, usec now)
{
    return rtcp_ntp(s->wall_offset + now);
}

void sfu_rx(struct sfu *s, struct pkt *p, usec now)
{
    s->now = now;
    path_rx(s, p, now);
}

void sfu_announce_tcp(struct sfu *s, uint16_t port)
{
    s->tcp_port = port;
}

bool sfu_knows(const struct sfu *s, const struct addr *a)
{
    return table_by_key(s->by_addr, addr_key(a)) != NULL;
}

void sfu_choke(struct sfu *s, const struct addr *a, bool is_choked, usec now)
{
    struct sfu_peer *p = table_by_key(s->by_addr, addr_key(a));

    s->now = now;
    if (!p || p->role != SFU_DOWN || !p->ice.is_selected || !addr_eq(&p->ice.selected, a))
        return;
    path_flush(p->room); /* what has been collected was collected for an open line */
    if (p->is_choked != is_choked)
        p->down->line_since = now;
    p->is_choked = is_choked;
    sfu_room_show(p->room, p);
}

struct pkt *sfu_take_out(struct sfu *s)
{
    struct pkt *out;

    for (struct sfu_room *r = s->rooms; r; r = r->next)
        if (r->nbatch && s->nout < SFU_CHUNK)
            path_flush_some(r, SFU_CHUNK - s->nout);
    out = s->out;
    s->out = NULL;
    s->nout = 0;
    s->out_end = &s->out;
    return out;
}

/* ---- time ---- */

static const usec trim_period = 50 * USEC_MS; /* an eighth of the pool lasts longer */

static void tick_peers(struct sfu_peer **peers, unsigned n, usec now, usec *due)
{
    for (unsigned i = 0; i < n; i++) {
        if (now >= peers[i]->due)
            peer_tick(peers[i], now);
        if (peers[i]->due < *due)
            *due = peers[i]->due;
    }
}

/* The next peer of the list that has news; told one at a time, because a callback may change the
 * list. */
static struct sfu_peer *with_news(struct sfu_peer **peers, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const struct sfu_peer *p = peers[i];

        if (p->is_gone || (p->is_connected && !p->is_connected_told) ||
            (p->down && down_has_news(p, p->sfu->now)))
            return peers[i];
        for (unsigned k = 0; k < p->ntracks; k++)
            if (p->tracks[k]->is_begun && !p->tracks[k]->layers->lead->is_told)
                return peers[i];
    }
    return NULL;
}

static void remove_peer(struct sfu_peer *p)
{
    sfu_room_remove(p->room, p);
    p->sfu->stats.peers--;
    peer_free(p);
}

static void tell(struct sfu *s, struct sfu_peer *p, usec now)
{
    if (p->is_gone) {
        if (s->events.gone)
            s->events.gone(p, p->why, now, s->conf.ctx);
        remove_peer(p);
        return;
    }
    if (p->is_connected && !p->is_connected_told) {
        p->is_connected_told = true;
        if (p->role == SFU_DOWN)
            sfu_room_show(p->room, p);
        if (s->events.connected)
            s->events.connected(p, now, s->conf.ctx);
        return;
    }
    if (p->down && down_has_news(p, now)) {
        p->down->told = down_line(p);
        if (s->events.line)
            s->events.line(p, p->down->told, now, s->conf.ctx);
        return;
    }
    for (unsigned k = 0; k < p->ntracks; k++) {
        struct track *lead = p->tracks[k]->layers->lead;

        if (!p->tracks[k]->is_begun || lead->is_told)
            continue;
        lead->is_told = true;
        if (s->events.track)
            s->events.track(p, p->tracks[k]->kind, now, s->conf.ctx);
        return;
    }
}

static usec tick_room(struct sfu *s, struct sfu_room *r, usec now)
{
    struct sfu_peer *p;

    path_flush(r);
    if (now >= r->due) {
        r->due = INT64_MAX;
        tick_peers(r->ups, r->nups, now, &r->due);
        tick_peers(r->downs, r->ndowns, now, &r->due);
        while ((p = with_news(r->ups, r->nups)) || (p = with_news(r->downs, r->ndowns)))
            tell(s, p, now);
    }
    sfu_room_tick(r, now);
    return r->due < r->elect_due ? r->due : r->elect_due;
}

static void trim_room(struct sfu_room *r, unsigned shift)
{
    for (unsigned i = 0; i < r->nups; i++)
        for (unsigned k = 0; k < r->ups[i]->ntracks; k++) {
            struct track *t = r->ups[i]->tracks[k];

            ring_trim(&t->ring, t->top, t->ring.size >> shift);
        }
}

/*
 * Tracks keep more packets than they need on a good day, and give nothing back by themselves: a
 * pool that has run out would stay so, and refuse even the checks that keep peers alive. When less
 * than an eighth is left they keep a quarter, and when nothing is left a sixteenth.
 */
static void trim(struct sfu *s, usec now)
{
    unsigned max = pkt_pool_max(s->conf.pool), left = max - pkt_pool_used(s->conf.pool);

    if (now < s->trim_due)
        return;
    s->trim_due = now + trim_period;
    for (struct sfu_room *r = s->rooms; r && left < max / 8; r = r->next)
        trim_room(r, left ? 2 : 4);
}

usec sfu_tick(struct sfu *s, usec now)
{
    usec due = now + USEC_S, room_due;

    s->now = now;
    for (struct sfu_room *r = s->rooms; r; r = r->next) {
        room_due = tick_room(s, r, now);
        due = room_due < due ? room_due : due;
    }
    trim(s, now);
    return due;
}

/* ---- rooms ---- */

int sfu_room_new(struct sfu *s, int64_t id, struct sfu_room **ret_room)
{
    struct sfu_room *r;

    if (s->stats.rooms >= MAX_ROOMS)
        return ERR_FULL;
    r = calloc(1, sizeof(*r));
    if (!r)
        return ERR_MEM;
    r->sfu = s;
    r->id = id;
    r->ways = ADDR_ALL_WAYS;
    random_token(r->cname, ROOM_CNAME);
    r->next = s->rooms;
    s->rooms = r;
    s->stats.rooms++;
    *ret_room = r;
    return 0;
}

int64_t sfu_room_id(const struct sfu_room *r)
{
    return r->id;
}

/* Out of the list already. */
static void room_done(struct sfu_room *r)
{
    while (r->ndowns)
        remove_peer(r->downs[r->ndowns - 1]);
    while (r->nups)
        remove_peer(r->ups[r->nups - 1]);
    r->sfu->stats.rooms--;
    free(r);
}

void sfu_room_free(struct sfu_room *r)
{
    struct sfu_room **at;

    if (!r)
        return;
    for (at = &r->sfu->rooms; *at != r; at = &(*at)->next)
        ;
    *at = r->next;
    room_done(r);
}

void sfu_room_stage(struct sfu_room *r, int64_t person, usec now)
{
    r->sfu->now = now;
    r->stage = person;
    r->is_stale = true;
    r->elect_due = now;
}

void sfu_room_ways(struct sfu_room *r, unsigned ways)
{
    r->ways = ways;
}

static int64_t person_in(const struct programme *g, enum sfu_kind kind, int slot)
{
    int n = kind == SFU_AUDIO ? ROOM_VOICES : SFU_VIDEO_SLOTS;
    const struct track *t;

    if (slot < 0 || slot >= n)
        return 0;
    t = kind == SFU_AUDIO ? g->audio[slot] : g->video[slot];
    return t ? t->peer->person : 0;
}

int64_t sfu_room_slot(const struct sfu_room *r, enum sfu_kind kind, int slot)
{
    return person_in(&r->programmes[PROGRAMME_ON_AIR], kind, slot);
}

int64_t sfu_room_backstage_slot(const struct sfu_room *r, enum sfu_kind kind, int slot)
{
    return person_in(&r->programmes[PROGRAMME_BACKSTAGE], kind, slot);
}

int64_t sfu_room_channel(const struct sfu_room *r, int channel, bool is_backstage,
                         bool *ret_is_speaking)
{
    const struct programme *g =
        &r->programmes[is_backstage ? PROGRAMME_BACKSTAGE : PROGRAMME_ON_AIR];
    const struct track *t =
        channel > 0 && channel <= SFU_CHANNELS ? g->channel[channel] : NULL;

    *ret_is_speaking = t && g->is_speaking[channel];
    return t ? t->peer->person : 0;
}

/* ---- peers ---- */

int sfu_peer_new(struct sfu_room *r, const struct sfu_peer_conf *c, usec now, struct arena *a,
                 str *ret_answer, struct sfu_peer **ret_peer)
{
    struct sfu *s = r->sfu;
    struct sfu_peer *p = NULL;
    str answer;
    int err;

    s->now = now;
    if (s->stats.peers >= MAX_PEERS)
        return ERR_FULL;
    err = peer_new(r, c, now, &p);
    if (err < 0)
        return err;
    err = answer_write(p, c->offer, a, &answer);
    if (err < 0)
        goto out;
    err = sfu_room_add(r, p);
    if (err < 0)
        goto out;
    s->stats.peers++;
    peer_wake(p, now);
    r->due = r->due < now ? r->due : now;
    *ret_answer = answer;
    *ret_peer = p;
    p = NULL;
out:
    peer_free(p);
    return err;
}

enum sfu_role sfu_peer_role(const struct sfu_peer *p)
{
    return p->role;
}

int64_t sfu_peer_person(const struct sfu_peer *p)
{
    return p->person;
}

bool sfu_peer_is_connected(const struct sfu_peer *p)
{
    return p->is_connected;
}

int sfu_peer_restart(struct sfu_peer *p, str frag, usec now, struct arena *a, str *ret_frag)
{
    p->sfu->now = now;
    return answer_restart(p, frag, a, ret_frag);
}

void sfu_peer_retell(struct sfu_peer *p, usec now)
{
    for (unsigned k = 0; k < p->ntracks; k++)
        p->tracks[k]->layers->told = -1;
    if (p->down)
        p->down->told = SFU_LINE_FULL;
    p->room->is_stale = true;
    peer_wake(p, now);
}

/* What has been collected was collected under the old rule. */
static void gate_changes(struct sfu_peer *p)
{
    path_flush(p->room);
    p->room->is_stale = true;
    p->room->elect_due = 0;
}

/* What is kept from before stays behind it. */
static void gate_opens(const struct sfu_peer *p, enum sfu_kind kind)
{
    for (unsigned i = 0; i < p->ntracks; i++)
        if (p->tracks[i]->kind == kind)
            p->tracks[i]->shown_from = p->tracks[i]->top + 1;
}

void sfu_peer_allow(struct sfu_peer *p, enum sfu_kind kind, bool is_allowed)
{
    gate_changes(p);
    if (is_allowed && !p->is_allowed[kind])
        gate_opens(p, kind);
    p->is_allowed[kind] = is_allowed;
}

void sfu_peer_backstage(struct sfu_peer *p, bool is_backstage, usec now)
{
    if (p->role != SFU_DOWN || p->is_backstage == is_backstage)
        return;
    p->sfu->now = now;
    path_flush(p->room); /* what has come is for whom it came */
    p->is_backstage = is_backstage;
    sfu_room_show(p->room, p);
}

void sfu_peer_on_air(struct sfu_peer *p, bool is_on_air, usec now)
{
    p->sfu->now = now;
    gate_changes(p);
    if (is_on_air && !p->is_on_air) {
        gate_opens(p, SFU_AUDIO);
        gate_opens(p, SFU_VIDEO);
    }
    p->is_on_air = is_on_air;
}

void sfu_peer_speak(struct sfu_peer *p, int channel, usec now)
{
    if (channel < SFU_NOWHERE || channel > SFU_CHANNELS || channel == p->channel)
        return;
    p->sfu->now = now;
    gate_changes(p);
    p->channel = channel;
}

void sfu_peer_listen(struct sfu_peer *p, int channel, usec now)
{
    if (channel < SFU_FLOOR || channel > SFU_CHANNELS || channel == p->channel)
        return;
    p->sfu->now = now;
    path_flush(p->room);
    p->channel = channel;
    sfu_room_show(p->room, p);
}

void sfu_peer_want(struct sfu_peer *p, int video_slot, int height, usec now)
{
    struct slot *slot = peer_slot(p, SFU_VIDEO, video_slot);

    p->sfu->now = now;
    if (!slot || slot->height == height)
        return;
    path_flush(p->room);
    slot->is_shown = height > 0;
    slot->height = height;
    sfu_room_show(p->room, p);
}

void sfu_peer_free(struct sfu_peer *p, usec now)
{
    if (!p)
        return;
    p->sfu->now = now;
    if (p->dtls)
        dtls_close(p->dtls);
    remove_peer(p);
}

/* ---- what happened ---- */

void sfu_stats(const struct sfu *s, struct sfu_stats *ret_stats)
{
    struct sfu_stats st = s->stats;

    for (const struct sfu_room *r = s->rooms; r; r = r->next)
        for (unsigned i = 0; i < r->nups; i++)
            for (unsigned k = 0; k < r->ups[i]->ntracks; k++) {
                const struct track *t = r->ups[i]->tracks[k];

                if (t->is_begun && t->top - t->first + 1 > t->received)
                    st.up_lost += t->top - t->first + 1 - t->received;
            }
    *ret_stats = st;
}

static const char *const drop_names[] = {
#define DROP(name, of, text) #name,
    DROP_TABLE(DROP)
#undef DROP
};

const char *sfu_drop_name(unsigned i)
{
    return i < NELEM(drop_names) ? drop_names[i] : NULL;
}

static const uint8_t drop_of[] = {
#define DROP(name, of, text) DROP_OF_##of,
    DROP_TABLE(DROP)
#undef DROP
};

uint64_t sfu_drops_of(const struct sfu *s, enum drop_of of)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < DROP_COUNT; i++)
        sum += drop_of[i] == of ? s->drops[i] : 0;
    return sum;
}

uint64_t sfu_drops(const struct sfu *s, unsigned i)
{
    return i < DROP_COUNT ? s->drops[i] : 0;
}

static void print_up(const struct sfu_peer *p, struct sb *to)
{
    sb_printf(to, "  up %u person %lld %s%s\n", p->id, (long long)p->person,
              p->is_connected ? "connected" : "connecting", p->is_on_air ? "" : " backstage");
    for (unsigned k = 0; k < p->ntracks; k++) {
        const struct track *t = p->tracks[k];

        sb_printf(to, "    track %u %s %s came %u missing %u loud %d lines %u %lld bit/s%s\n",
                  t->id, t->kind == SFU_AUDIO ? "audio" : "video", t->rid, t->received, t->nmissing,
                  t->loud_q8 / 256, t->height,
                  (long long)layer_rate(&t->meter, LAYER_TEMPORALS - 1),
                  t->is_key_wanted ? " wants a key frame" : "");
    }
}

static void print_down(const struct sfu_peer *p, struct sb *to)
{
    sb_printf(to, "  down %u person %lld %s%s rtt %lld us\n", p->id, (long long)p->person,
              p->is_connected ? "connected" : "connecting", p->is_backstage ? " backstage" : "",
              (long long)p->rtt_us);
    for (unsigned i = 0; i < p->naudio + p->nvideo; i++) {
        const struct slot *slot = &p->slots[i];

        if (slot->packets)
            sb_printf(to, "    %c%d track %u next %u sent %u\n",
                      slot->kind == SFU_AUDIO ? 'A' : 'V', slot->index,
                      slot->source ? slot->source->id : 0, slot->next ? slot->next->id : 0,
                      slot->packets);
    }
}

void sfu_print(const struct sfu *s, struct sb *to)
{
    for (const struct sfu_room *r = s->rooms; r; r = r->next) {
        sb_printf(to, "room %lld stage %lld speaker %lld\n", (long long)r->id, (long long)r->stage,
                  (long long)r->speaker);
        for (unsigned i = 0; i < r->nups; i++)
            print_up(r->ups[i], to);
        for (unsigned i = 0; i < r->ndowns; i++)
            print_down(r->downs[i], to);
    }
    for (unsigned i = 0; i < DROP_COUNT; i++)
        if (s->drops[i])
            sb_printf(to, "drop %s %llu\n", drop_names[i], (unsigned long long)s->drops[i]);
}
