#include "live/network.h"

#include "base/addr.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/seminar.h"

#define WAY(name) (1u << ADDR_##name)

static const unsigned of_policy[] = {
    [0] = ADDR_ALL_WAYS,
    [NETWORK_OPEN] = ADDR_ALL_WAYS,
    [NETWORK_TCP_ONLY] = WAY(ICE_TCP) | WAY(TURN_TCP) | WAY(TURN_TLS),
    [NETWORK_HTTPS_ONLY] = WAY(TURN_TLS),
};

static const struct {
    const char *name;
    unsigned ways;
    unsigned must; /* without this way the rung is none */
} rungs[RUNGS] = {
    [RUNG_UDP] = {"udp", WAY(UDP) | WAY(ICE_TCP), WAY(UDP)},
    [RUNG_TCP] = {"tcp", WAY(ICE_TCP), WAY(ICE_TCP)},
    [RUNG_RELAY] = {"relay", WAY(TURN_UDP) | WAY(TURN_TCP) | WAY(TURN_TLS), WAY(TURN_TLS)},
};

unsigned network_ways(int policy)
{
    return policy >= 0 && policy < (int)NELEM(of_policy) ? of_policy[policy] : 0;
}

unsigned network_rung_ways(int policy, enum rung rung)
{
    unsigned ways = network_ways(policy);

    return ways & rungs[rung].must ? ways & rungs[rung].ways : 0;
}

bool network_has_rung(int policy, enum rung rung, bool has_tls)
{
    unsigned ways = network_rung_ways(policy, rung);

    return has_tls ? ways != 0 : (ways & ~WAY(TURN_TLS)) != 0;
}

const char *network_rung_name(enum rung rung)
{
    return rungs[rung].name;
}

int network_rung_parse(int policy, str name, enum rung *ret_rung)
{
    for (int i = 0; i < RUNGS; i++) {
        enum rung rung = (enum rung)i;

        if (name.p ? str_eq(name, str_c(rungs[i].name)) : network_rung_ways(policy, rung) != 0) {
            *ret_rung = rung;
            return 0;
        }
    }
    return ERR_SYNTAX;
}
