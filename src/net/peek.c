#include "net/peek.h"

#include <string.h>

/*
 *            0   1   2   3   4   5   6   7   8   9
 * TLS       22   3  ...                              a record of the handshake (RFC 8446 5.1)
 * HTTP      'G' 'E' 'T' ...                          a method, or the empty line of RFC 9112 2.2
 * TURN      [type ] [len  ] [21  12  A4  42] ...     the two upper bits of a type are 0
 * ICE-TCP   [frame] [type ] [len  ] [21  12  A4  42]
 */
enum { TLS_HANDSHAKE = 22 };

static bool has_cookie(const uint8_t *p, size_t n, size_t at)
{
    static const uint8_t magic[] = {0x21, 0x12, 0xa4, 0x42};

    return n >= at + sizeof(magic) && !memcmp(p + at, magic, sizeof(magic));
}

enum peek_kind peek_kind(const uint8_t *p, size_t n)
{
    if (!n)
        return PEEK_MORE;
    if (p[0] == TLS_HANDSHAKE)
        return PEEK_TLS;
    if ((p[0] > ' ' && p[0] < 127) || p[0] == '\r')
        return PEEK_HTTP;
    if (p[0] > 3)
        return PEEK_OTHER; /* no STUN type, and a frame that long holds none */
    if (has_cookie(p, n, 4))
        return PEEK_TURN;
    if (has_cookie(p, n, 6))
        return PEEK_ICE;
    return n < PEEK_BYTES ? PEEK_MORE : PEEK_OTHER;
}
