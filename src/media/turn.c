#include "media/turn.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/random.h"
#include "base/rd.h"
#include "base/sb.h"
#include "base/str.h"
#include "base/table.h"
#include "base/wr.h"
#include "media/bucket.h"
#include "media/stun.h"
#include "media/turn_cred.h"

#include <stdlib.h>
#include <string.h>

/*
 *   turn_rx ─▶ ChannelData ─────────────────────────────▶ inside
 *           ─▶ Send indication ─ permission? ───────────▶ inside
 *           ─▶ request ─ who? (401, 438) ─▶ Allocate, Refresh, CreatePermission, ChannelBind ─▶ out
 */
enum {
    CHANNEL_FIRST = 0x4000,
    CHANNEL_LAST = 0x4FFF, /* RFC 8656 12 */
    TRANSPORT_UDP = 17,
    FAMILY_V4 = 1,
    CHANNEL_HEAD = 4,
    DATA_HEAD = 20 + 12 + 4, /* header, XOR-PEER-ADDRESS, and DATA's own */
    INDEX_BITS = 12,
    GENERATION_MASK = 0xFFFF,
    PORT_FIRST = 1024,
};
#define SWEEP_US (5 * USEC_S)
#define HELD_US  (6 * USEC_S)

_Static_assert(MAX_TURN == 1 << INDEX_BITS, "an allocation's number is its index and a generation");
_Static_assert((int)DATA_HEAD <= (int)PKT_HEADROOM, "a datagram is wrapped where it lies");

const struct addr turn_peer = {.ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1},
                               .port = 40000};

struct alloc {
    struct addr client, relayed;
    char user[TURN_USER + 1];
    int64_t person;
    uint8_t key[TURN_LONG_TERM], tid[STUN_TID];
    usec expires, permitted_until, channel_until;
    usec heard; /* the newest message that was let through */
    uint16_t channel; /* 0: none was bound */
    struct bucket rate; /* bytes it may bring */
};

struct turn {
    struct pkt_pool *pool;
    struct turn_keys keys;
    unsigned ways;
    char mark;
    addr_here_fn *here;
    void *here_ctx;
    struct table *by_client; /* addr_key of the client → struct alloc */
    struct alloc *by_index[MAX_TURN];
    unsigned last, generation, n;
    struct pkt *out, **out_end;
    usec sweep_at;
    struct bucket asked; /* answers to who has no credentials */
    uint64_t drops[TURN_DROPS];
};

static struct pkt *drop(struct turn *t, struct pkt *p, enum turn_drop why)
{
    t->drops[why]++;
    pkt_unref(p);
    return NULL;
}

/* ---- allocations ---- */

static struct alloc *by_client(const struct turn *t, const struct addr *client)
{
    return table_by_key(t->by_client, addr_key(client));
}

static struct alloc *by_relayed(const struct turn *t, const struct addr *a)
{
    struct alloc *found = t->by_index[a->via & (MAX_TURN - 1)];

    return found && addr_eq(&found->relayed, a) ? found : NULL;
}

static void tell_here(const struct turn *t, const struct addr *client, bool is_here)
{
    if (t->here && addr_way(client) == ADDR_UDP)
        t->here(client, is_here, t->here_ctx);
}

static void alloc_free(struct turn *t, struct alloc *a)
{
    table_remove(t->by_client, addr_key(&a->client));
    tell_here(t, &a->client, false);
    t->by_index[a->relayed.via & (MAX_TURN - 1)] = NULL;
    t->n--;
    ct_wipe(a, sizeof(*a));
    free(a);
}

/* By person: names change with the hour, and the old ones hold for ten more. */
static unsigned count_of(const struct turn *t, int64_t person)
{
    unsigned n = 0;

    for (unsigned i = 0; i < MAX_TURN; i++)
        n += t->by_index[i] && t->by_index[i]->person == person;
    return n;
}

static enum addr_way way_of(const struct addr *client)
{
    enum addr_way way = addr_way(client);

    return way == ADDR_UDP ? ADDR_TURN_UDP : way;
}

/* 198.51.100.0/24 and even ports (RFC 8656 7.2 likes them): 4,096 at a time, none given again soon.
 */
static void name_relayed(struct turn *t, struct alloc *a, unsigned index)
{
    static const uint8_t prefix[15] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 198, 51, 100};
    unsigned turn;

    t->last = index;
    t->generation = (t->generation + 1) & GENERATION_MASK;
    turn = t->generation;
    memcpy(a->relayed.ip, prefix, sizeof(prefix));
    a->relayed.ip[15] = (uint8_t)(1 + index % 254);
    a->relayed.port = (uint16_t)(PORT_FIRST + (index / 254 + turn % 1800 * 17) * 2);
    a->relayed.via = (uint32_t)way_of(&a->client) << ADDR_WAY_SHIFT | turn << INDEX_BITS | index;
    t->by_index[index] = a;
    t->n++;
}

static int free_index(const struct turn *t)
{
    for (unsigned i = 0; i < MAX_TURN; i++) {
        unsigned k = (t->last + 1 + i) & (MAX_TURN - 1);

        if (!t->by_index[k])
            return (int)k;
    }
    return ERR_FULL;
}

static struct alloc *alloc_new(struct turn *t, const struct addr *client, str user)
{
    int index = free_index(t);
    struct alloc *a = index < 0 ? NULL : calloc(1, sizeof(*a));

    if (!a)
        return NULL;
    a->client = *client;
    if (str_copy(a->user, sizeof(a->user), user) < 0 || turn_cred_key(&t->keys, user, a->key) < 0 ||
        table_add(t->by_client, addr_key(client), a) < 0) {
        free(a);
        return NULL;
    }
    name_relayed(t, a, (unsigned)index);
    tell_here(t, client, true);
    return a;
}

/* ---- answers ---- */

static void put(struct turn *t, struct pkt *p)
{
    p->next = NULL;
    *t->out_end = p;
    t->out_end = &p->next;
}

struct ask {
    const struct stun *m;
    const struct addr *client;
    struct alloc *alloc; /* NULL: none */
    int64_t person; /* of who has none */
    uint8_t key[TURN_LONG_TERM];
    usec now;
};

static void say(struct turn *t, const struct ask *q, struct stun *answer, bool is_signed)
{
    struct pkt *p = pkt_get(t->pool);
    struct wr w;

    if (!p) {
        drop(t, NULL, TURN_DROP_POOL);
        return;
    }
    answer->method = q->m->method;
    answer->class = answer->error ? STUN_ERROR : STUN_RESPONSE;
    memcpy(answer->tid, q->m->tid, STUN_TID);
    w = wr_init(p->data, STUN_MAX_BYTES);
    stun_write(&w, answer, is_signed ? (str){(const char *)q->key, TURN_LONG_TERM} : (str){0});
    if (w.err) {
        pkt_unref(p);
        return;
    }
    p->n = (uint32_t)wr_len(&w);
    p->addr = *q->client;
    put(t, p);
}

static void refuse(struct turn *t, const struct ask *q, uint16_t error, enum turn_drop why)
{
    struct stun answer = {.error = error};

    t->drops[why]++;
    if (error == STUN_UNKNOWN_ATTRIBUTE) {
        answer.nunknown = q->m->nunknown;
        memcpy(answer.unknown, q->m->unknown, sizeof(answer.unknown));
    }
    say(t, q, &answer, true);
}

/* UDP can carry a forged address: the answer is short, and there are not many of them. */
static bool may_challenge(struct turn *t, const struct ask *q)
{
    return addr_way(q->client) != ADDR_UDP ||
           bucket_take(&t->asked, 1, MAX_TURN_ASKED_S, MAX_TURN_ASKED_S, q->now);
}

static void challenge(struct turn *t, const struct ask *q, uint16_t error, enum turn_drop why)
{
    char nonce[TURN_NONCE + 1];
    struct stun answer = {.error = error};

    t->drops[why]++;
    if (!may_challenge(t, q))
        return;
    turn_nonce(&t->keys, q->client, q->now, nonce);
    answer.turn.realm = S(TURN_REALM);
    answer.turn.nonce = str_c(nonce);
    say(t, q, &answer, false);
}

/* ---- requests: who asks ---- */

/* What has been allocated may be kept with a name that has expired. */
static bool knows_key(const struct turn *t, struct ask *q, bool is_known)
{
    if (is_known) {
        memcpy(q->key, q->alloc->key, sizeof(q->key));
        return true;
    }
    return turn_cred_person(&t->keys, q->m->username, q->now, &q->person) == 0 &&
           turn_cred_key(&t->keys, q->m->username, q->key) == 0;
}

/* The order of RFC 8489 9.2.4. */
static bool is_allowed(struct turn *t, struct ask *q)
{
    const struct stun *m = q->m;
    bool is_known = q->alloc && str_eq(str_c(q->alloc->user), m->username);

    if (!m->has_integrity) {
        challenge(t, q, STUN_UNAUTHENTICATED, TURN_DROP_ASKED);
        return false;
    }
    if (!m->username.p || !m->turn.realm.p || !m->turn.nonce.p || m->username.n > TURN_USER) {
        challenge(t, q, STUN_UNAUTHENTICATED, TURN_DROP_AUTH);
        return false;
    }
    if (!turn_nonce_is_fresh(&t->keys, q->client, m->turn.nonce, q->now)) {
        challenge(t, q, STUN_STALE_NONCE, TURN_DROP_ASKED);
        return false;
    }
    if (!knows_key(t, q, is_known) ||
        stun_check_key(m, (str){(const char *)q->key, TURN_LONG_TERM}) < 0) {
        challenge(t, q, STUN_UNAUTHENTICATED, TURN_DROP_AUTH);
        return false;
    }
    if (q->alloc && !is_known) {
        refuse(t, q, STUN_WRONG_CREDENTIALS, TURN_DROP_AUTH);
        return false;
    }
    return true;
}

/* ---- requests: what is asked ---- */

static void answer_allocate(struct turn *t, const struct ask *q)
{
    struct stun answer = {.has_mapped = true, .mapped = *q->client};

    answer.turn.has_relayed = answer.turn.has_lifetime = true;
    answer.turn.relayed = q->alloc->relayed;
    answer.turn.lifetime_s = TURN_LIFETIME_US / USEC_S;
    say(t, q, &answer, true);
}

static void rx_allocate(struct turn *t, struct ask *q)
{
    const struct stun_turn *want = &q->m->turn;

    if (q->alloc) {
        if (memcmp(q->alloc->tid, q->m->tid, STUN_TID) == 0)
            answer_allocate(t, q); /* our answer was lost */
        else
            refuse(t, q, STUN_ALLOCATION_MISMATCH, TURN_DROP_REFUSED);
    } else if (!want->has_transport) {
        refuse(t, q, STUN_BAD_REQUEST, TURN_DROP_REFUSED);
    } else if (want->transport != TRANSPORT_UDP) {
        refuse(t, q, STUN_TRANSPORT_UNSUPPORTED, TURN_DROP_REFUSED);
    } else if (want->has_family && want->family != FAMILY_V4) {
        refuse(t, q, STUN_FAMILY_UNSUPPORTED, TURN_DROP_REFUSED);
    } else if (want->is_reserving) {
        refuse(t, q, STUN_NO_CAPACITY, TURN_DROP_REFUSED);
    } else if (count_of(t, q->person) >= MAX_TURN_USER) {
        refuse(t, q, STUN_QUOTA, TURN_DROP_QUOTA);
    } else {
        q->alloc = alloc_new(t, q->client, q->m->username);
        if (!q->alloc) {
            refuse(t, q, STUN_NO_CAPACITY, TURN_DROP_QUOTA);
            return;
        }
        memcpy(q->alloc->tid, q->m->tid, STUN_TID);
        q->alloc->person = q->person;
        q->alloc->heard = q->now;
        q->alloc->expires = q->now + TURN_LIFETIME_US;
        answer_allocate(t, q);
    }
}

static void rx_refresh(struct turn *t, struct ask *q)
{
    struct stun answer = {0};
    bool is_end = q->m->turn.has_lifetime && q->m->turn.lifetime_s == 0;

    answer.turn.has_lifetime = true;
    answer.turn.lifetime_s = is_end ? 0 : TURN_LIFETIME_US / USEC_S;
    if (is_end)
        alloc_free(t, q->alloc);
    else
        q->alloc->expires = q->now + TURN_LIFETIME_US;
    q->alloc = NULL;
    say(t, q, &answer, true);
}

/* 0, or the error that says why not: the only peer is ourselves. */
static uint16_t judge_peer(const struct stun_turn *want)
{
    if (!want->npeers)
        return STUN_BAD_REQUEST;
    if (!addr_is_v4(&want->peer))
        return STUN_FAMILY_MISMATCH;
    if (want->is_mixed || memcmp(want->peer.ip, turn_peer.ip, sizeof(turn_peer.ip)) != 0)
        return STUN_FORBIDDEN;
    return 0;
}

static void rx_permission(struct turn *t, struct ask *q)
{
    uint16_t error = judge_peer(&q->m->turn);
    struct stun answer = {0};

    if (error) {
        refuse(t, q, error, TURN_DROP_PEER);
        return;
    }
    q->alloc->permitted_until = q->now + TURN_PERMISSION_US;
    say(t, q, &answer, true);
}

static void rx_bind(struct turn *t, struct ask *q)
{
    const struct stun_turn *want = &q->m->turn;
    uint16_t error = judge_peer(want);
    struct alloc *a = q->alloc;
    struct stun answer = {0};

    if (!error && want->peer.port != turn_peer.port)
        error = STUN_FORBIDDEN;
    if (error) {
        refuse(t, q, error, TURN_DROP_PEER);
        return;
    }
    if (want->channel < CHANNEL_FIRST || want->channel > CHANNEL_LAST || want->npeers != 1 ||
        (a->channel && a->channel != want->channel && q->now < a->channel_until)) {
        refuse(t, q, STUN_BAD_REQUEST, TURN_DROP_REFUSED);
        return;
    }
    a->channel = want->channel;
    a->channel_until = q->now + TURN_CHANNEL_US;
    a->permitted_until = q->now + TURN_PERMISSION_US;
    say(t, q, &answer, true);
}

static void rx_request(struct turn *t, const struct stun *m, const struct addr *client, usec now)
{
    struct ask q = {.m = m, .client = client, .alloc = by_client(t, client), .now = now};

    if (!is_allowed(t, &q))
        return;
    if (m->nunknown) {
        refuse(t, &q, STUN_UNKNOWN_ATTRIBUTE, TURN_DROP_REFUSED);
        return;
    }
    if (q.alloc) {
        q.alloc->heard = now;
        tell_here(t, client, true); /* its nonce came back: the address is not forged */
    }
    if (m->method == STUN_ALLOCATE) {
        rx_allocate(t, &q);
        return;
    }
    if (!q.alloc) {
        refuse(t, &q, STUN_ALLOCATION_MISMATCH, TURN_DROP_REFUSED);
        return;
    }
    if (m->method == STUN_REFRESH)
        rx_refresh(t, &q);
    else if (m->method == STUN_CREATE_PERMISSION)
        rx_permission(t, &q);
    else if (m->method == STUN_CHANNEL_BIND)
        rx_bind(t, &q);
    else
        refuse(t, &q, STUN_BAD_REQUEST, TURN_DROP_REFUSED);
}

/* ---- data ---- */

static struct pkt *inside(struct turn *t, struct alloc *a, struct pkt *p, const void *data,
                          size_t n, usec now)
{
    if (!bucket_take(&a->rate, (int64_t)n, MAX_TURN_BYTES_S, MAX_TURN_BYTES_S, now))
        return drop(t, p, TURN_DROP_RATE);
    a->heard = now;
    p->data = (uint8_t *)data;
    p->n = (uint32_t)n;
    p->addr = a->relayed;
    return p;
}

/*
 *     |     channel (16)    |     length (16)     |  data, padded to 4 on streams
 */
static struct pkt *rx_channel(struct turn *t, struct pkt *p, usec now)
{
    struct alloc *a = by_client(t, &p->addr);
    struct rd r = rd_init(p->data, p->n);
    uint16_t channel = rd_u16(&r), n = rd_u16(&r);
    const uint8_t *data = rd_bytes(&r, n);

    if (r.err)
        return drop(t, p, TURN_DROP_SYNTAX);
    if (!a || a->channel != channel || now >= a->channel_until || now >= a->expires)
        return drop(t, p, TURN_DROP_ALLOCATION);
    return inside(t, a, p, data, n, now);
}

static struct pkt *rx_send(struct turn *t, struct pkt *p, const struct stun *m, usec now)
{
    struct alloc *a = by_client(t, &p->addr);

    if (!m->turn.has_data || m->turn.npeers != 1)
        return drop(t, p, TURN_DROP_SYNTAX);
    if (!a || now >= a->expires || now >= a->permitted_until)
        return drop(t, p, TURN_DROP_ALLOCATION);
    if (!addr_eq(&m->turn.peer, &turn_peer))
        return drop(t, p, TURN_DROP_PEER);
    return inside(t, a, p, m->turn.data.p, m->turn.data.n, now);
}

bool turn_is(const uint8_t *p, size_t n)
{
    /* RFC 7983: 64 to 79 are channels; of STUN, what is no Binding */
    if (n && p[0] >= CHANNEL_FIRST >> 8 && p[0] <= CHANNEL_LAST >> 8)
        return true;
    return stun_is(p, n) && ((p[0] & 0x3E) != 0 || (p[1] & 0xEF) != STUN_BINDING);
}

struct pkt *turn_rx(struct turn *t, struct pkt *p, usec now)
{
    struct stun m;

    if (!(t->ways & 1u << way_of(&p->addr)))
        return drop(t, p, TURN_DROP_WAY);
    if (p->n && p->data[0] >= CHANNEL_FIRST >> 8)
        return rx_channel(t, p, now);
    if (stun_parse(p->data, p->n, &m) < 0)
        return drop(t, p, TURN_DROP_SYNTAX);
    if (m.class == STUN_INDICATION && m.method == STUN_SEND)
        return rx_send(t, p, &m, now);
    if (m.class != STUN_REQUEST || m.method == STUN_BINDING)
        return drop(t, p, TURN_DROP_SYNTAX);
    rx_request(t, &m, &p->addr, now);
    pkt_unref(p);
    return NULL;
}

/* Streams are read in steps of four bytes (RFC 8656 12.5). */
static void pad(struct pkt *p)
{
    while (p->n % 4)
        p->data[p->n++] = 0;
}

/* A header that is written in front of the data: Data indication, RFC 8656 11.4. */
static void wrap_data(struct pkt *p, const struct addr *peer)
{
    uint32_t n = p->n, padded = (n + 3) & ~3u;
    uint8_t head[DATA_HEAD];
    struct wr w = wr_init(head, sizeof(head));

    pad(p);
    wr_u16(&w, 0x0017);
    wr_u16(&w, (uint16_t)(DATA_HEAD - STUN_HEADER + padded));
    wr_u32(&w, 0x2112A442);
    wr_u64(&w, random_u64());
    wr_u32(&w, random_u32());
    wr_u16(&w, 0x0012);
    wr_u16(&w, 8);
    stun_put_address(&w, peer);
    wr_u16(&w, 0x0013);
    wr_u16(&w, (uint16_t)n);
    p->data -= sizeof(head);
    memcpy(p->data, head, sizeof(head));
    p->n += (uint32_t)sizeof(head);
}

static void wrap_channel(struct pkt *p, uint16_t channel, bool is_padded)
{
    uint8_t head[CHANNEL_HEAD];
    struct wr w = wr_init(head, sizeof(head));

    wr_u16(&w, channel);
    wr_u16(&w, (uint16_t)p->n);
    if (is_padded)
        pad(p);
    p->data -= sizeof(head);
    memcpy(p->data, head, sizeof(head));
    p->n += (uint32_t)sizeof(head);
}

struct pkt *turn_tx(struct turn *t, struct pkt *p, usec now)
{
    struct alloc *a = by_relayed(t, &p->addr);
    bool is_bound = a && a->channel && now < a->channel_until;

    if (!a || now >= a->expires || (!is_bound && now >= a->permitted_until))
        return drop(t, p, TURN_DROP_ALLOCATION);
    if (p->n + 3 > PKT_ROOM)
        return drop(t, p, TURN_DROP_SYNTAX);
    if (is_bound)
        wrap_channel(p, a->channel, addr_way(&a->client) != ADDR_UDP);
    else
        wrap_data(p, &turn_peer);
    p->addr = a->client;
    return p;
}

struct pkt *turn_take_out(struct turn *t)
{
    struct pkt *out = t->out;

    t->out = NULL;
    t->out_end = &t->out;
    return out;
}

/* ---- life ---- */

void turn_tick(struct turn *t, usec now)
{
    if (now < t->sweep_at)
        return;
    t->sweep_at = now + SWEEP_US;
    for (unsigned i = 0; t->n && i < MAX_TURN; i++)
        if (t->by_index[i] && now >= t->by_index[i]->expires)
            alloc_free(t, t->by_index[i]);
}

void turn_closed(struct turn *t, const struct addr *client)
{
    struct alloc *a = by_client(t, client);

    if (a)
        alloc_free(t, a);
}

const struct addr *turn_relayed(const struct turn *t, const struct addr *client)
{
    const struct alloc *a = by_client(t, client);

    return a ? &a->relayed : NULL;
}

bool turn_is_held(const struct turn *t, const struct addr *client, usec now)
{
    const struct alloc *a = by_client(t, client);

    return a && now - a->heard < HELD_US;
}

void turn_issue(const struct turn *t, int64_t person, usec now, struct turn_cred *ret_cred)
{
    turn_cred_issue(&t->keys, t->mark, person, now, ret_cred);
}

void turn_join(struct turn *t, const struct turn *first, char mark, addr_here_fn *here, void *ctx)
{
    t->keys = first->keys;
    t->mark = mark;
    t->here = here;
    t->here_ctx = ctx;
}

void turn_set_ways(struct turn *t, unsigned ways)
{
    t->ways = ways;
}

int turn_new(struct pkt_pool *pool, struct turn **ret_turn)
{
    struct turn *t = calloc(1, sizeof(*t));
    int r;

    if (!t)
        return ERR_MEM;
    t->pool = pool;
    t->mark = TURN_MARK;
    t->out_end = &t->out;
    turn_keys_make(&t->keys);
    r = table_new(MAX_TURN, &t->by_client);
    if (r < 0)
        goto out;
    *ret_turn = t;
    t = NULL;
out:
    turn_free(t);
    return r;
}

uint64_t turn_drops(const struct turn *t, enum turn_drop why)
{
    return t->drops[why];
}

unsigned turn_allocations(const struct turn *t)
{
    return t->n;
}

void turn_print(const struct turn *t, struct sb *to)
{
    static const char *const names[] = {
#define DROP(name, text) #name,
        TURN_DROP_TABLE(DROP)
#undef DROP
    };

    sb_printf(to, "turn allocations %u\n", t->n);
    for (unsigned i = 0; i < TURN_DROPS; i++)
        if (t->drops[i])
            sb_printf(to, "turn drop %s %llu\n", names[i], (unsigned long long)t->drops[i]);
}

void turn_free(struct turn *t)
{
    struct pkt *p;

    if (!t)
        return;
    while ((p = t->out)) {
        t->out = p->next;
        pkt_unref(p);
    }
    for (unsigned i = 0; t->by_client && i < MAX_TURN; i++)
        if (t->by_index[i])
            alloc_free(t, t->by_index[i]);
    table_free(t->by_client);
    ct_wipe(&t->keys, sizeof(t->keys));
    free(t);
}
