/*
 * The network policy of a seminar: by which ways its media may go (base/addr.h), and the rungs a
 * page may ask for. Spec: docs/protocol.md, "Ways". Pure functions.
 *
 *     policy       rungs (a page begins with the first and steps down by itself)
 *     open         udp: UDP and ICE-TCP · tcp: ICE-TCP · relay: TURN by UDP, TCP, TLS
 *     tcp-only     tcp: ICE-TCP · relay: TURN by TCP, TLS
 *     https-only   relay: TURN by TLS
 */
#ifndef LIVE_NETWORK_H
#define LIVE_NETWORK_H

#include "base/types.h"

enum rung { RUNG_UDP, RUNG_TCP, RUNG_RELAY, RUNGS };

/* Bits 1 << enum addr_way. policy: domain's enum network_policy; 0 counts as open. */
unsigned network_ways(int policy);
/* Those of the policy that the rung uses; 0: the policy rules it out. */
unsigned network_rung_ways(int policy, enum rung rung);
/* Whether a page may climb it. Through HTTPS alone media goes only where the port speaks TLS. */
bool network_has_rung(int policy, enum rung rung, bool has_tls);
const char *network_rung_name(enum rung rung);
/* ERR_SYNTAX. Unset: the first rung of the policy. */
int network_rung_parse(int policy, str name, enum rung *ret_rung);

#endif
