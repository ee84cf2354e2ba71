/*
 * What a new connection speaks, by its first bytes. One TCP port serves all of it, because in many
 * networks no other port is open. No sockets. Spec: RFC 7983 (who starts with which byte), RFC 8489
 * 5 (the cookie of STUN), RFC 4571 (a length of two bytes before each message of ICE-TCP).
 */
#ifndef NET_PEEK_H
#define NET_PEEK_H

#include "base/types.h"

enum peek_kind {
    PEEK_MORE, /* these bytes do not tell yet */
    PEEK_TLS,
    PEEK_HTTP,
    PEEK_TURN, /* STUN as it is: cookie at byte 4 */
    PEEK_ICE,  /* STUN in a frame: cookie at byte 6 */
    PEEK_OTHER,
};

/* So many bytes always tell. */
enum { PEEK_BYTES = 10 };

enum peek_kind peek_kind(const uint8_t *p, size_t n);

#endif
