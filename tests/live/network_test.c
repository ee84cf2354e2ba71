#include "world.h"

#include "live/network.h"

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

/* The policy is the seminar's: a page that asks by another way gets no answer, and the drop has a
 * name. */
static void checks_by_a_forbidden_way_are_dropped(void **state)
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

#define NETWORK(name) cmocka_unit_test_setup_teardown(name, world_new, world_free)

const struct CMUnitTest network_tests[] = {
    NETWORK(open_names_udp_and_tcp),
    NETWORK(tcp_only_names_no_udp),
    NETWORK(https_only_names_neither),
    NETWORK(checks_by_a_forbidden_way_are_dropped),
};
const size_t nnetwork_tests = NELEM(network_tests);
