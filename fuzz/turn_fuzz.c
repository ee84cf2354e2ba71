/*
 * What clients say to our TURN end, as a list of steps: | kind | length | bytes |. A request may be
 * signed here with good credentials, so that the bytes reach what stands behind the door. Whatever
 * comes: nothing goes to any address but a client's own, and what is inside comes from its own
 * relayed address.
 */
#include "media/turn.c"

#include "fuzz.h"

/* OpenSSL has a type of that name. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#include <openssl/hmac.h>
#undef ERR_STATE

enum { PACKETS = 256, MAX_STEPS = 256, CLIENTS = 4 };

enum step {
    STEP_RAW,    /* as it is, from client bytes[0] % 4 */
    STEP_SIGNED, /* method bytes[1], attributes behind it; signed */
    STEP_TX,     /* a datagram to the relayed address of a client */
    STEP_TIME,   /* bytes[0] × 10 s pass */
    STEP_CLOSED, /* a stream ends */
    STEP_KINDS
};

static struct pkt_pool *pool;
static struct addr clients[CLIENTS];

static void begin(void)
{
    static const uint32_t vias[CLIENTS] = {0, 0, ADDR_TURN_TCP << ADDR_WAY_SHIFT | 1,
                                           (uint32_t)ADDR_TURN_TLS << ADDR_WAY_SHIFT | 2};

    if (pool)
        return;
    CHECK(pkt_pool_new(PACKETS, &pool) == 0);
    for (unsigned i = 0; i < CLIENTS; i++) {
        CHECK(addr_parse(S("203.0.113.5"), (uint16_t)(4000 + i), &clients[i]) == 0);
        clients[i].via = vias[i];
    }
}

static void answers_go_to_clients(struct turn *t)
{
    struct pkt *p = turn_take_out(t), *next;
    struct stun m;

    for (; p; p = next) {
        bool is_client = false;

        next = p->next;
        for (unsigned i = 0; i < CLIENTS; i++)
            is_client |= addr_eq(&p->addr, &clients[i]);
        CHECK(is_client);
        CHECK(stun_parse(p->data, p->n, &m) == 0);
        pkt_unref(p);
    }
}

static void rx(struct turn *t, unsigned client, const uint8_t *d, size_t n, usec now)
{
    struct pkt *p = pkt_get(pool);

    CHECK(p && n <= PKT_ROOM);
    memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    p->addr = clients[client];
    p = turn_rx(t, p, now);
    if (p) {
        const struct addr *from = turn_relayed(t, &clients[client]);

        CHECK(from && addr_eq(from, &p->addr));
        CHECK(p->data >= p->bytes && p->data + p->n <= p->bytes + sizeof(p->bytes));
        pkt_unref(p);
    }
    answers_go_to_clients(t);
}

static void add_text(struct wr *w, uint16_t type, str s)
{
    wr_u16(w, type);
    wr_u16(w, (uint16_t)s.n);
    wr_str(w, s);
    wr_bytes(w, "\0\0\0", (4u - s.n % 4u) % 4u);
}

static void rx_signed(struct turn *t, unsigned client, const uint8_t *d, size_t n, usec now)
{
    uint8_t to[1400], key[TURN_LONG_TERM], tag[EVP_MAX_MD_SIZE];
    char nonce[TURN_NONCE + 1];
    struct wr w = wr_init(to, sizeof(to));
    struct turn_cred cred;
    size_t length;

    if (!n || n > 1000)
        return;
    turn_issue(t, 1 + client / 2, now, &cred);
    turn_nonce(&t->keys, &clients[client], now, nonce);
    CHECK(turn_cred_key(&t->keys, str_c(cred.user), key) == 0);
    wr_u16(&w, d[0] & 15);
    wr_u16(&w, 0);
    wr_u32(&w, 0x2112A442);
    wr_bytes(&w, "transaction!", STUN_TID);
    add_text(&w, 0x0006, str_c(cred.user));
    add_text(&w, 0x0014, S(TURN_REALM));
    add_text(&w, 0x0015, str_c(nonce));
    wr_bytes(&w, d + 1, (n - 1) & ~(size_t)3);
    CHECK(!w.err);
    length = wr_len(&w) - STUN_HEADER + 24;
    to[2] = (uint8_t)(length >> 8);
    to[3] = (uint8_t)length;
    HMAC(EVP_sha1(), key, sizeof(key), to, wr_len(&w), tag, NULL);
    add_text(&w, 0x0008, (str){(const char *)tag, 20});
    CHECK(!w.err);
    rx(t, client, to, wr_len(&w), now);
}

/* What goes to a relayed address comes out of the message again as it was. */
static void tx(struct turn *t, unsigned client, const uint8_t *d, size_t n, usec now)
{
    const struct addr *to = turn_relayed(t, &clients[client]);
    struct pkt *p = to ? pkt_get(pool) : NULL;
    struct stun m;

    if (!p)
        return;
    memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    p->addr = *to;
    p = turn_tx(t, p, now);
    if (!p)
        return;
    CHECK(addr_eq(&p->addr, &clients[client]) && p->data >= p->bytes);
    if (p->data[0] >= 0x40) {
        CHECK(p->n >= 4 + n && memcmp(p->data + 4, d, n) == 0);
    } else {
        CHECK(stun_parse(p->data, p->n, &m) == 0 && m.method == STUN_DATA);
        CHECK(m.turn.data.n == n && memcmp(m.turn.data.p, d, n) == 0);
    }
    pkt_unref(p);
}

static void take(struct turn *t, enum step kind, const uint8_t *d, size_t n, usec *now)
{
    unsigned client = n ? d[0] % CLIENTS : 0;

    if (!n)
        return;
    if (kind == STEP_RAW)
        rx(t, client, d + 1, n - 1, *now);
    else if (kind == STEP_SIGNED)
        rx_signed(t, client, d + 1, n - 1, *now);
    else if (kind == STEP_TX)
        tx(t, client, d + 1, n - 1, *now);
    else if (kind == STEP_TIME)
        *now += d[0] * 10 * USEC_S;
    else
        turn_closed(t, &clients[client]);
    turn_tick(t, *now);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);
    struct turn *t;
    usec now = 1000 * USEC_S;

    begin();
    CHECK(turn_new(pool, &t) == 0);
    turn_set_ways(t, ADDR_ALL_WAYS);
    for (unsigned i = 0; i < MAX_STEPS && rd_left(&r); i++) {
        enum step kind = rd_u8(&r) % STEP_KINDS;
        size_t length = rd_u8(&r);
        const uint8_t *bytes;

        length = length < rd_left(&r) ? length : rd_left(&r);
        bytes = rd_bytes(&r, length);
        take(t, kind, bytes, length, &now);
    }
    turn_free(t);
    CHECK(pkt_pool_used(pool) == 0);
    return 0;
}
