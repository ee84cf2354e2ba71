/*
 *   client (the test's own, by stun_write) ── turn_rx ──▶ what was inside
 *                                          ◀── turn_tx ── what the sfu says to the relayed address
 */
#include "suites.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/random.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/stun.h"
#include "media/turn.h"
#include "media/turn_cred.h"

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client {
    struct pkt_pool *pool;
    struct turn *turn;
    struct addr addr;
    struct turn_cred cred;
    usec now;
    char nonce[64], realm[64];
    uint8_t last[STUN_MAX_BYTES]; /* the newest answer; `got` points into it */
    struct stun got;
};

static struct addr at(const char *ip, uint16_t port, uint32_t via)
{
    struct addr a;

    assert_int_equal(addr_parse(str_c(ip), port, &a), 0);
    a.via = via;
    return a;
}

static uint32_t link_number(enum addr_way way, uint32_t n)
{
    return (uint32_t)way << ADDR_WAY_SHIFT | n;
}

static int setup(void **state)
{
    struct client *c = calloc(1, sizeof(*c));

    if (!c || pkt_pool_new(64, &c->pool) < 0 || turn_new(c->pool, &c->turn) < 0)
        return -1;
    turn_set_ways(c->turn, ADDR_ALL_WAYS);
    c->now = 5000 * USEC_S;
    c->addr = at("203.0.113.9", 5555, link_number(ADDR_TURN_TLS, 7));
    turn_issue(c->turn, 12, c->now, &c->cred);
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    struct client *c = *state;

    turn_free(c->turn);
    pkt_pool_free(c->pool); /* asserts that every packet is back */
    free(c);
    return 0;
}

static str key_of(const struct client *c)
{
    static uint8_t key[TURN_LONG_TERM];
    char text[128];

    (void)snprintf(text, sizeof(text), "%s:%s:%s", c->cred.user, c->realm, c->cred.password);
    assert_true(EVP_Digest(text, strlen(text), key, NULL, EVP_md5(), NULL));
    return (str){(const char *)key, sizeof(key)};
}

/* The newest answer into `got`; false: none came. */
static bool hear(struct client *c)
{
    struct pkt *p = turn_take_out(c->turn), *next;
    bool is_any = p != NULL;

    for (; p; p = next) {
        next = p->next;
        assert_true(addr_eq(&p->addr, &c->addr));
        memcpy(c->last, p->data, p->n);
        assert_int_equal(stun_parse(c->last, p->n, &c->got), 0);
        pkt_unref(p);
    }
    return is_any;
}

static struct pkt *say_bytes(struct client *c, const void *d, size_t n)
{
    struct pkt *p = pkt_get(c->pool);

    assert_non_null(p);
    memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    p->addr = c->addr;
    return turn_rx(c->turn, p, c->now);
}

static struct pkt *say(struct client *c, const struct stun *m, str key)
{
    uint8_t d[STUN_MAX_BYTES];
    struct wr w = wr_init(d, sizeof(d));

    stun_write(&w, m, key);
    assert_false(w.err);
    return say_bytes(c, d, wr_len(&w));
}

/* Sends the request with credentials; the error code of the answer, 0: success. */
static int ask(struct client *c, struct stun m)
{
    m.class = STUN_REQUEST;
    random_bytes(m.tid, sizeof(m.tid));
    m.username = str_c(c->cred.user);
    m.turn.realm = str_c(c->realm);
    m.turn.nonce = str_c(c->nonce);
    assert_null(say(c, &m, key_of(c)));
    assert_true(hear(c));
    assert_memory_equal(c->got.tid, m.tid, sizeof(m.tid));
    if (c->got.class == STUN_RESPONSE)
        assert_int_equal(stun_check_key(&c->got, key_of(c)), 0);
    return c->got.class == STUN_RESPONSE ? 0 : c->got.error;
}

/* The first request of every client: it learns realm and nonce. */
static void greet(struct client *c)
{
    struct stun m = {.method = STUN_ALLOCATE, .turn = {.has_transport = true, .transport = 17}};

    assert_null(say(c, &m, (str){0}));
    assert_true(hear(c));
    assert_int_equal(c->got.error, STUN_UNAUTHENTICATED);
    (void)snprintf(c->nonce, sizeof(c->nonce), "%.*s", STR(c->got.turn.nonce));
    (void)snprintf(c->realm, sizeof(c->realm), "%.*s", STR(c->got.turn.realm));
    assert_false(c->got.has_integrity);
}

static int allocate(struct client *c)
{
    return ask(c, (struct stun){.method = STUN_ALLOCATE,
                                .turn = {.has_transport = true, .transport = 17}});
}

static int permit(struct client *c, const char *ip)
{
    struct stun m = {.method = STUN_CREATE_PERMISSION};

    m.turn.npeers = 1;
    m.turn.peer = at(ip, 1, 0);
    return ask(c, m);
}

static int bind_channel(struct client *c, uint16_t channel, const struct addr *peer)
{
    struct stun m = {.method = STUN_CHANNEL_BIND};

    m.turn.npeers = 1;
    m.turn.peer = *peer;
    m.turn.channel = channel;
    return ask(c, m);
}

static struct pkt *send_to(struct client *c, const struct addr *peer, const char *text)
{
    struct stun m = {.class = STUN_INDICATION, .method = STUN_SEND};

    m.turn.npeers = 1;
    m.turn.peer = *peer;
    m.turn.has_data = true;
    m.turn.data = str_c(text);
    return say(c, &m, (str){0});
}

/* ---- tests ---- */

static void an_allocation_has_an_address_of_its_own(void **state)
{
    struct client *c = *state;
    struct addr first;

    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_true(c->got.has_mapped && c->got.turn.has_relayed && c->got.turn.has_lifetime);
    assert_int_equal(c->got.turn.lifetime_s, 600);
    assert_memory_equal(c->got.mapped.ip, c->addr.ip, 16);
    first = c->got.turn.relayed;
    assert_memory_equal(first.ip + 12, "\xc6\x33\x64", 3); /* 198.51.100.0/24 */
    assert_int_equal(addr_way(turn_relayed(c->turn, &c->addr)), ADDR_TURN_TLS);
    assert_int_equal(allocate(c), STUN_ALLOCATION_MISMATCH);
    c->addr.via++;
    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_false(addr_eq(&first, &c->got.turn.relayed));
    assert_int_equal(turn_allocations(c->turn), 2);
}

static void data_goes_both_ways(void **state)
{
    struct client *c = *state;
    struct pkt *p;
    struct stun m;

    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_null(send_to(c, &turn_peer, "too early"));
    assert_int_equal(turn_drops(c->turn, TURN_DROP_ALLOCATION), 1);
    assert_int_equal(permit(c, "192.0.2.1"), 0);
    p = send_to(c, &turn_peer, "hello");
    assert_non_null(p);
    assert_int_equal(p->n, 5);
    assert_memory_equal(p->data, "hello", 5);
    assert_true(addr_eq(&p->addr, turn_relayed(c->turn, &c->addr)));
    p = turn_tx(c->turn, p, c->now);
    assert_non_null(p);
    assert_true(addr_eq(&p->addr, &c->addr));
    assert_int_equal(stun_parse(p->data, p->n, &m), 0);
    assert_int_equal(m.class, STUN_INDICATION);
    assert_int_equal(m.method, STUN_DATA);
    assert_true(str_eq(m.turn.data, S("hello")));
    assert_true(addr_eq(&m.turn.peer, &turn_peer));
    pkt_unref(p);
}

static void a_channel_is_shorter(void **state)
{
    struct client *c = *state;
    struct pkt *p;

    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(bind_channel(c, 0x4001, &turn_peer), 0);
    p = say_bytes(c, "\x40\x01\0\5hello\0\0\0", 12);
    assert_non_null(p);
    assert_int_equal(p->n, 5);
    p = turn_tx(c->turn, p, c->now);
    assert_non_null(p);
    assert_int_equal(p->n, 12); /* padded: a stream */
    assert_memory_equal(p->data, "\x40\x01\0\5hello\0\0\0", 12);
    pkt_unref(p);
    assert_null(say_bytes(c, "\x40\x02\0\5hello\0\0\0", 12));
    assert_null(say_bytes(c, "\x40\x01\0\x0dhello\0\0\0", 12));
    assert_int_equal(bind_channel(c, 0x4002, &turn_peer), STUN_BAD_REQUEST);
    assert_int_equal(bind_channel(c, 0x3fff, &turn_peer), STUN_BAD_REQUEST);
    c->now += TURN_CHANNEL_US;
    assert_null(say_bytes(c, "\x40\x01\0\5hello\0\0\0", 12));
}

static void udp_is_not_padded(void **state)
{
    struct client *c = *state;
    struct pkt *p;

    c->addr.via = 0;
    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(addr_way(turn_relayed(c->turn, &c->addr)), ADDR_TURN_UDP);
    assert_int_equal(bind_channel(c, 0x4001, &turn_peer), 0);
    p = turn_tx(c->turn, say_bytes(c, "\x40\x01\0\5hello", 9), c->now);
    assert_non_null(p);
    assert_int_equal(p->n, 9);
    pkt_unref(p);
}

/* It is no relay: whatever address is named, nothing but ourselves can be reached. */
static void nobody_else_is_reached(void **state)
{
    static const char *const others[] = {"127.0.0.1",    "0.0.0.0",        "10.0.0.1",
                                         "169.254.0.1",  "192.0.2.2",      "198.51.100.1",
                                         "203.0.113.10", "255.255.255.255"};
    struct client *c = *state;
    struct addr other;
    struct stun m = {.method = STUN_CREATE_PERMISSION};

    greet(c);
    assert_int_equal(allocate(c), 0);
    for (size_t i = 0; i < NELEM(others); i++) {
        assert_int_equal(permit(c, others[i]), STUN_FORBIDDEN);
        other = at(others[i], 9, 0);
        assert_int_equal(bind_channel(c, 0x4001, &other), STUN_FORBIDDEN);
        assert_null(send_to(c, &other, "elsewhere"));
    }
    assert_int_equal(permit(c, "::1"), STUN_FAMILY_MISMATCH);
    assert_int_equal(permit(c, "192.0.2.1"), 0);
    other = turn_peer;
    other.port++;
    assert_null(send_to(c, &other, "another port"));
    assert_int_equal(bind_channel(c, 0x4001, &other), STUN_FORBIDDEN);
    for (size_t i = 0; i < NELEM(others); i++) {
        other = at(others[i], turn_peer.port, 0);
        assert_null(send_to(c, &other, "permitted is one address only"));
    }
    assert_int_equal(ask(c, m), STUN_BAD_REQUEST); /* no peer at all */
    assert_false(hear(c));
}

static void only_who_was_invited_allocates(void **state)
{
    struct client *c = *state;
    struct turn_cred good = c->cred;

    greet(c);
    c->cred.password[3] ^= 1;
    assert_int_equal(allocate(c), STUN_UNAUTHENTICATED);
    c->cred = good;
    c->cred.user[1] ^= 1; /* a longer time */
    assert_int_equal(allocate(c), STUN_UNAUTHENTICATED);
    c->cred = good;
    c->nonce[0] ^= 1;
    assert_int_equal(allocate(c), STUN_STALE_NONCE);
    greet(c);
    c->addr.port++; /* the nonce is another client's */
    assert_int_equal(allocate(c), STUN_STALE_NONCE);
    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(turn_allocations(c->turn), 1);
}

static void note_here(const struct addr *a, bool is_here, void *ctx)
{
    (void)a;
    *(int *)ctx += is_here ? 1 : -1;
}

/* A stream is handed on when it says its name: the challenge was another thread's. */
static void a_challenge_is_good_at_every_thread(void **state)
{
    struct client *c = *state;
    struct turn *first = c->turn, *second;
    int nhere = 0;

    assert_int_equal(turn_new(c->pool, &second), 0);
    turn_join(second, first, 'C', note_here, &nhere);
    turn_set_ways(second, ADDR_ALL_WAYS);
    turn_issue(second, 12, c->now, &c->cred);
    assert_int_equal(c->cred.user[0], 'C');
    greet(c);
    c->turn = second;
    c->addr.via++; /* its number there */
    assert_int_equal(allocate(c), 0);
    assert_int_equal(nhere, 0); /* streams are asked for by nobody */
    c->addr = at("203.0.113.9", 5556, 0);
    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(nhere, 1);
    turn_free(second);
    assert_int_equal(nhere, 0);
    c->turn = first;
}

static void credentials_expire_and_allocations_live_on(void **state)
{
    struct client *c = *state;
    struct stun refresh = {.method = STUN_REFRESH};
    usec end = c->now + TURN_CRED_US + 3600 * USEC_S;

    greet(c);
    assert_int_equal(allocate(c), 0);
    while (c->now < end) {
        c->now += 500 * USEC_S;
        turn_tick(c->turn, c->now);
        greet(c);
        assert_int_equal(ask(c, refresh), 0);
    }
    c->addr.via++;
    greet(c);
    assert_int_equal(allocate(c), STUN_UNAUTHENTICATED);
}

static void an_allocation_ends(void **state)
{
    struct client *c = *state;
    struct stun end = {.method = STUN_REFRESH, .turn = {.has_lifetime = true}};
    struct pkt *p;

    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(ask(c, end), 0); /* by its client */
    assert_int_equal(turn_allocations(c->turn), 0);
    assert_int_equal(ask(c, end), STUN_ALLOCATION_MISMATCH);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(permit(c, "192.0.2.1"), 0);
    p = send_to(c, &turn_peer, "x");
    turn_closed(c->turn, &c->addr); /* with its stream */
    assert_null(turn_tx(c->turn, p, c->now));
    assert_int_equal(allocate(c), 0);
    c->now += TURN_LIFETIME_US; /* by itself */
    turn_tick(c->turn, c->now);
    assert_int_equal(turn_allocations(c->turn), 0);
}

static void one_person_has_so_many(void **state)
{
    struct client *c = *state;
    struct turn_cred first = c->cred;

    for (unsigned i = 0; i < MAX_TURN_USER; i++, c->addr.via++) {
        greet(c);
        assert_int_equal(allocate(c), 0);
    }
    greet(c);
    assert_int_equal(allocate(c), STUN_QUOTA);
    turn_issue(c->turn, 12, c->now + USEC_S, &c->cred); /* asking again gives no more */
    assert_string_equal(c->cred.user, first.user);
    turn_issue(c->turn, 12, c->now + 3600 * USEC_S, &c->cred); /* nor in an hour by another name */
    assert_string_not_equal(c->cred.user, first.user);
    assert_int_equal(allocate(c), STUN_QUOTA);
    turn_issue(c->turn, 13, c->now, &c->cred);
    assert_int_equal(allocate(c), 0);
}

/* By what its client says and proves; by silence not longer than an address of ICE. */
static void a_client_that_speaks_is_held(void **state)
{
    struct client *c = *state;
    struct stun refresh = {.method = STUN_REFRESH};

    c->addr.via = 0;
    greet(c);
    assert_false(turn_is_held(c->turn, &c->addr, c->now));
    assert_int_equal(allocate(c), 0);
    assert_true(turn_is_held(c->turn, &c->addr, c->now + 6 * USEC_S - 1));
    assert_false(turn_is_held(c->turn, &c->addr, c->now + 6 * USEC_S));
    c->now += 6 * USEC_S;
    assert_null(say_bytes(c, "\x40\x01\0\5hello", 9)); /* no channel */
    greet(c);
    assert_false(turn_is_held(c->turn, &c->addr, c->now));
    assert_int_equal(ask(c, refresh), 0);
    assert_true(turn_is_held(c->turn, &c->addr, c->now));
    assert_int_equal(bind_channel(c, 0x4001, &turn_peer), 0);
    c->now += 6 * USEC_S;
    pkt_unref(say_bytes(c, "\x40\x01\0\5hello", 9));
    assert_true(turn_is_held(c->turn, &c->addr, c->now));
}

static void it_is_silent_where_no_seminar_allows(void **state)
{
    struct client *c = *state;
    struct stun m = {.method = STUN_ALLOCATE};

    turn_set_ways(c->turn, 1u << ADDR_TURN_TLS);
    c->addr.via = 0;
    assert_null(say(c, &m, (str){0}));
    assert_false(hear(c));
    c->addr.via = link_number(ADDR_TURN_TCP, 3);
    assert_null(say(c, &m, (str){0}));
    assert_false(hear(c));
    assert_int_equal(turn_drops(c->turn, TURN_DROP_WAY), 2);
    c->addr.via = link_number(ADDR_TURN_TLS, 3);
    greet(c);
}

/* A forged address gets little: not much more than it cost, and not often. */
static void it_is_no_echo(void **state)
{
    struct client *c = *state;
    struct stun m = {.method = STUN_ALLOCATE};
    unsigned n = 0;

    c->addr.via = 0;
    for (int i = 0; i < 1000; i++) {
        assert_null(say(c, &m, (str){0}));
        n += hear(c);
    }
    assert_int_equal(n, MAX_TURN_ASKED_S);
    c->now += USEC_S / 2;
    assert_null(say(c, &m, (str){0}));
    assert_true(hear(c));
    n = 0;
    for (int i = 0; i < 2000; i++) { /* a thousand a second: newcomers among them get on */
        c->now += USEC_MS;
        assert_null(say(c, &m, (str){0}));
        n += hear(c);
    }
    assert_in_range(n, 2 * MAX_TURN_ASKED_S, 3 * MAX_TURN_ASKED_S);
}

static void what_is_asked_for_amiss_is_refused(void **state)
{
    struct client *c = *state;
    struct stun m = {.method = STUN_ALLOCATE};

    greet(c);
    assert_int_equal(ask(c, m), STUN_BAD_REQUEST); /* no transport */
    m.turn.has_transport = true;
    m.turn.transport = 6;
    assert_int_equal(ask(c, m), STUN_TRANSPORT_UNSUPPORTED);
    m.turn.transport = 17;
    m.turn.has_family = true;
    m.turn.family = 2;
    assert_int_equal(ask(c, m), STUN_FAMILY_UNSUPPORTED);
    m.turn.family = 1;
    assert_int_equal(ask(c, m), 0);
    m = (struct stun){.method = 10}; /* TURN over TCP's Connect: none of ours */
    assert_int_equal(ask(c, m), STUN_BAD_REQUEST);
}

static void a_flood_is_bounded(void **state)
{
    struct client *c = *state;
    uint8_t d[1204] = {0x40, 1, 0x04, 0xb0};
    unsigned n = 0;
    struct pkt *p;

    greet(c);
    assert_int_equal(allocate(c), 0);
    assert_int_equal(bind_channel(c, 0x4001, &turn_peer), 0);
    for (int i = 0; i < 1000; i++) {
        p = say_bytes(c, d, sizeof(d));
        n += p != NULL;
        pkt_unref(p);
    }
    assert_true(n >= MAX_TURN_BYTES_S / 1204 - 1 && n <= MAX_TURN_BYTES_S / 1200 + 1);
    assert_int_equal(turn_drops(c->turn, TURN_DROP_RATE), 1000 - n);
}

static void credentials_name_nobody(void **state)
{
    struct client *c = *state;
    struct turn_cred a, b;
    struct turn *other;

    turn_issue(c->turn, 123456789, c->now, &a);
    turn_issue(c->turn, 123456788, c->now, &b);
    assert_string_not_equal(a.user, b.user);
    assert_null(strstr(a.user, "123456789"));
    turn_issue(c->turn, 123456789, c->now + 3600 * USEC_S, &b); /* nothing of it stays */
    for (size_t i = 1; i + 4 < sizeof(a.user) && a.user[i + 4]; i++)
        assert_memory_not_equal(a.user + i, b.user + i, 4);
    assert_int_equal(turn_new(c->pool, &other), 0);
    turn_issue(other, 123456789, c->now, &b); /* another start, another key */
    assert_string_not_equal(a.user, b.user);
    turn_free(other);
}

static void turn_is_told_from_ice(void **state)
{
    uint8_t m[20] = {0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42};

    (void)state;
    assert_false(turn_is(m, sizeof(m))); /* Binding request */
    m[0] = 1;
    m[1] = 0x11;
    assert_false(turn_is(m, sizeof(m))); /* Binding error */
    m[0] = 0;
    m[1] = 3;
    assert_true(turn_is(m, sizeof(m)));
    m[1] = 0x16;
    assert_true(turn_is(m, sizeof(m)));
    assert_true(turn_is((const uint8_t *)"\x40\0\0\0", 4));
    assert_false(turn_is((const uint8_t *)"\x80\0\0\0", 4));   /* RTP */
    assert_false(turn_is((const uint8_t *)"\x16\xfe\xfd", 3)); /* DTLS */
    assert_false(turn_is(m, 0));
}

#define TURN(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int turn_suite(void)
{
    const struct CMUnitTest tests[] = {
        TURN(an_allocation_has_an_address_of_its_own),
        TURN(data_goes_both_ways),
        TURN(a_channel_is_shorter),
        TURN(udp_is_not_padded),
        TURN(nobody_else_is_reached),
        TURN(only_who_was_invited_allocates),
        TURN(a_challenge_is_good_at_every_thread),
        TURN(credentials_expire_and_allocations_live_on),
        TURN(an_allocation_ends),
        TURN(one_person_has_so_many),
        TURN(a_client_that_speaks_is_held),
        TURN(it_is_silent_where_no_seminar_allows),
        TURN(it_is_no_echo),
        TURN(what_is_asked_for_amiss_is_refused),
        TURN(a_flood_is_bounded),
        TURN(credentials_name_nobody),
        TURN(turn_is_told_from_ice),
    };

    return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
