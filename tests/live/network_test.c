#include "world.h"

#include "base/wr.h"
#include "live/network.h"
#include "media/stats.h"
#include "media/stun.h"

#include <stdio.h>
#include <string.h>

static str offer_file(const char *name)
{
    static char text[65536];
    char path[512];
    FILE *f;
    size_t n;

    (void)snprintf(path, sizeof path, "%s/tests/data/sdp/%s", ROOT, name);
    f = fopen(path, "r");
    assert_non_null(f);
    n = fread(text, 1, sizeof text, f);
    fclose(f);
    return (str){text, n};
}

/* The answer to a listener's offer under the policy and on the rung; unset when it was refused with
 * `wanted`. */
static str answer(struct world *w, int policy, str rung, int wanted)
{
    const struct session_offer offer = {SFU_DOWN, offer_file("chromium_listen.sdp"), rung};
    str text = {0};

    w->room->policy = policy;
    sfu_room_ways(w->room->sfu_room, network_ways(policy));
    assert_int_equal(session_open(w->wire[1].client, &offer, w->now, w->arena, &text), wanted);
    return text;
}

static bool has(str text, const char *what)
{
    return memmem(text.p, text.n, what, strlen(what)) != NULL;
}

static void open_names_udp_and_tcp(void **state)
{
    struct world *w = *state;
    str a;

    world_enter(w, 1, 11, ROLE_HOST);
    sfu_announce_tcp(w->sfu, 443);
    a = answer(w, NETWORK_OPEN, (str){0}, 0);
    assert_true(has(a, " udp 2130706431 127.0.0.1 4000 typ host\r\n"));
    assert_true(has(a, " tcp 2118123263 127.0.0.1 443 typ host tcptype passive\r\n"));
    a = answer(w, NETWORK_OPEN, S("tcp"), 0);
    assert_false(has(a, " udp "));
    assert_true(has(a, " tcp "));
}

static void tcp_only_names_no_udp(void **state)
{
    struct world *w = *state;
    str a;

    world_enter(w, 1, 11, ROLE_HOST);
    sfu_announce_tcp(w->sfu, 443);
    a = answer(w, NETWORK_TCP_ONLY, (str){0}, 0);
    assert_false(has(a, " udp "));
    assert_true(has(a, "tcptype passive"));
    answer(w, NETWORK_TCP_ONLY, S("udp"), ERR_DENIED);
}

static void https_only_names_neither(void **state)
{
    struct world *w = *state;
    str a;

    world_enter(w, 1, 11, ROLE_HOST);
    sfu_announce_tcp(w->sfu, 443);
    a = answer(w, NETWORK_HTTPS_ONLY, (str){0}, 0);
    assert_false(has(a, "127.0.0.1"));
    assert_false(has(a, "tcptype"));
    answer(w, NETWORK_HTTPS_ONLY, S("udp"), ERR_DENIED);
    answer(w, NETWORK_HTTPS_ONLY, S("tcp"), ERR_DENIED);
    answer(w, NETWORK_HTTPS_ONLY, S("wlan"), ERR_SYNTAX);
}

static void a_policy_is_a_set_of_ways(void **state)
{
    static const int policies[] = {NETWORK_OPEN, NETWORK_TCP_ONLY, NETWORK_HTTPS_ONLY};

    (void)state;
    for (size_t i = 0; i < NELEM(policies); i++) {
        unsigned ways = network_ways(policies[i]);

        assert_int_equal(ways >> ADDR_UDP & 1, policies[i] == NETWORK_OPEN);
        assert_int_equal(ways >> ADDR_TURN_UDP & 1, policies[i] == NETWORK_OPEN);
        assert_int_equal(ways >> ADDR_ICE_TCP & 1, policies[i] != NETWORK_HTTPS_ONLY);
        assert_int_equal(ways >> ADDR_TURN_TCP & 1, policies[i] != NETWORK_HTTPS_ONLY);
        assert_int_equal(ways >> ADDR_TURN_TLS & 1, 1);
    }
}

/* What stands behind `key` in the SDP, to the end of its line. */
static str value_of(str sdp, const char *key)
{
    const char *at = memmem(sdp.p, sdp.n, key, strlen(key));

    assert_non_null(at);
    at += strlen(key);
    return (str){at, strcspn(at, "\r")};
}

/* A check of a browser, that comes from `from`; the answer, NULL: none. */
static struct pkt *check(struct world *w, str sdp, const struct addr *from)
{
    struct stun m = {.method = STUN_BINDING, .role = STUN_CONTROLLING, .has_use_candidate = true};
    struct pkt *p = pkt_get(w->pool);
    char user[64];
    struct wr to;

    assert_non_null(p);
    (void)snprintf(user, sizeof user, "%.*s:them", STR(value_of(sdp, "a=ice-ufrag:")));
    m.username = str_c(user);
    to = wr_init(p->data, PKT_ROOM);
    stun_write(&to, &m, value_of(sdp, "a=ice-pwd:"));
    p->n = (uint32_t)wr_len(&to);
    p->addr = *from;
    sfu_rx(w->sfu, p, w->now);
    return sfu_take_out(w->sfu);
}

static uint64_t drops_by_way(const struct world *w)
{
    for (unsigned i = 0; sfu_drop_name(i); i++)
        if (strcmp(sfu_drop_name(i), "STUN_WAY") == 0)
            return sfu_drops(w->sfu, i);
    fail_msg("no drop is called STUN_WAY");
    return 0;
}

/* A page that comes by another way than the policy's gets no answer, and the drop has a name. */
static void checks_by_a_forbidden_way_are_dropped(void **state)
{
    static const int policies[] = {NETWORK_OPEN, NETWORK_TCP_ONLY, NETWORK_HTTPS_ONLY};
    struct world *w = *state;
    uint64_t dropped = 0;

    world_enter(w, 1, 11, ROLE_HOST);
    for (size_t i = 0; i < NELEM(policies); i++) {
        str sdp = answer(w, policies[i], S("relay"), 0);

        for (unsigned way = 0; way < ADDR_WAYS; way++) {
            struct addr from = {.port = 5000, .via = way << ADDR_WAY_SHIFT | (way ? 9 : 0)};
            unsigned ways = network_rung_ways(policies[i], RUNG_RELAY);
            struct pkt *p = check(w, sdp, &from);

            assert_int_equal(p != NULL, ways >> way & 1);
            dropped += !p;
            pkt_unref(p);
        }
    }
    assert_int_equal(drops_by_way(w), dropped);
    assert_int_equal(dropped, 2 + 3 + 4);
}

/* Firefox asks for it: the address that the relay gave is the one that the peer has seen. */
static void a_check_through_the_relay_names_the_relayed_address(void **state)
{
    struct world *w = *state;
    struct addr from = {.via = (uint32_t)ADDR_TURN_TLS << ADDR_WAY_SHIFT | 5};
    uint32_t via = from.via;
    struct stun m;
    struct pkt *p;

    world_enter(w, 1, 11, ROLE_HOST);
    assert_int_equal(addr_parse(S("198.51.100.7"), 1040, &from), 0);
    from.via = via;
    p = check(w, answer(w, NETWORK_HTTPS_ONLY, (str){0}, 0), &from);
    assert_non_null(p);
    assert_true(addr_eq(&p->addr, &from));
    assert_int_equal(stun_parse(p->data, p->n, &m), 0);
    assert_int_equal(m.mapped.port, 1040);
    assert_memory_equal(m.mapped.ip, from.ip, 16);
    pkt_unref(p);
}

static void the_relay_is_one_documentation_address(void **state)
{
    struct world *w = *state;
    str a;

    world_enter(w, 1, 11, ROLE_HOST);
    sfu_announce_tcp(w->sfu, 443);
    a = answer(w, NETWORK_OPEN, S("relay"), 0);
    assert_true(has(a, " udp 2130706431 192.0.2.1 40000 typ host\r\n"));
    assert_false(has(a, "127.0.0.1"));
}

#define NETWORK(name) cmocka_unit_test_setup_teardown(name, world_new, world_free)

const struct CMUnitTest network_tests[] = {
    NETWORK(open_names_udp_and_tcp),
    NETWORK(tcp_only_names_no_udp),
    NETWORK(https_only_names_neither),
    NETWORK(the_relay_is_one_documentation_address),
    NETWORK(a_policy_is_a_set_of_ways),
    NETWORK(checks_by_a_forbidden_way_are_dropped),
    NETWORK(a_check_through_the_relay_names_the_relayed_address),
};
const size_t nnetwork_tests = NELEM(network_tests);
