/*
 * The addresses at which browsers are told to reach the UDP port: those that the operator names,
 * or, for "auto", those that the socket is bound to. A socket of every address is at all of this
 * machine's own, of IPv4 and of IPv6, that somebody else could reach.
 */
#ifndef APP_ANNOUNCE_H
#define APP_ANNOUNCE_H

#include "base/addr.h"
#include "base/types.h"

struct arena;

enum { ANNOUNCED = 8 }; /* as many as an answer carries */

/* "127.0.0.1:443" or "[::]:443". */
int announce_host_port(const char *text, struct addr *ret_addr);
/* What stands for "auto" at a socket bound to `at`: an address for each that fits among `own`, in
 * their order and once each; `at` itself when it is one; loopback when nothing else is there. */
size_t announce_choose(const struct addr *at, const struct addr *own, size_t n,
                       struct addr to[static ANNOUNCED]);
/* The text of --announce, with --udp beside it. ERR_SYNTAX, ERR_FULL. */
int announce_list(const char *text, const char *udp, struct addr to[static ANNOUNCED],
                  size_t *ret_n);
/* The same as text with commas, in the arena; NULL when it cannot be read. */
const char *announce_text(struct arena *a, const char *text, const char *udp);

#endif
