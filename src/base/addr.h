/*
 * Where a datagram comes from or goes to: an IPv4 or IPv6 address and port, and by which way. The
 * ways that are not plain UDP (ICE-TCP, TURN) appear to media as synthetic addresses with a `via`
 * of their own, so media needs no special case.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/types.h"

struct arena;

enum { ADDR_TEXT = 64 }; /* "[ffff:…:ffff]:65535#4294967295" and a NUL */

/* No padding: compared and hashed as bytes. */
struct addr {
    uint8_t ip[16]; /* IPv4 as ::ffff:a.b.c.d (RFC 4291 2.5.5.2) */
    uint32_t via;   /* 0: UDP; otherwise a way, and the number of the stream or allocation */
    uint16_t port;  /* host order */
    uint16_t zero;
};

/* By which way a datagram comes and goes. ICE_TCP: RFC 6544. TURN: through an allocation of our
 * own TURN end, whose client came by the transport named. */
enum addr_way { ADDR_UDP, ADDR_ICE_TCP, ADDR_TURN_UDP, ADDR_TURN_TCP, ADDR_TURN_TLS, ADDR_WAYS };
enum { ADDR_WAY_SHIFT = 28, ADDR_ALL_WAYS = (1 << ADDR_WAYS) - 1 };

static inline enum addr_way addr_way(const struct addr *a)
{
    return (enum addr_way)(a->via >> ADDR_WAY_SHIFT);
}

/* Datagrams from this address belong to the caller from now on, or do so no more. */
typedef void addr_here_fn(const struct addr *a, bool is_here, void *ctx);

bool addr_eq(const struct addr *a, const struct addr *b);
bool addr_is_v4(const struct addr *a);
/* Of this machine: 127.0.0.0/8 or ::1. */
bool addr_is_self(const struct addr *a);
/* table_key() of the address. */
uint64_t addr_key(const struct addr *a);
/* "127.0.0.1" or "::1"; ERR_SYNTAX otherwise. */
int addr_parse(str ip, uint16_t port, struct addr *ret_addr);
/* The address without its port, as SDP and STUN write it. */
void addr_print_ip(const struct addr *a, char to[static ADDR_TEXT]);
/* With port, for logs of staff pages only: an address of a reader is never logged. */
void addr_print(const struct addr *a, char to[static ADDR_TEXT]);

#endif
