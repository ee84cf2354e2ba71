/*
 * Where one message ends and the next begins on a stream. Two kinds, told apart by the first bytes
 * of the connection (net/peek.h). Pure functions over bytes: no state, no allocation, any thread.
 *
 * FRAME_LENGTH, ICE-TCP (RFC 4571 2, RFC 6544 3):       FRAME_TURN (RFC 8656 12.5, RFC 8489 6.2.2):
 *     |   length (16)   |  message  |                       | type | length | cookie | tid |
 * attributes |   STUN | channel | length | data | padding to 4 |      ChannelData
 */
#ifndef MEDIA_FRAME_H
#define MEDIA_FRAME_H

#include "base/types.h"

struct pkt;

enum frame_kind { FRAME_LENGTH, FRAME_TURN };

enum {
    FRAME_MAX =
        1600 /* the longest message and its frame: MAX_DATAGRAM, and what TURN puts around it */
};

/* all: bytes that the message takes in the stream; the message itself is n bytes from `at`. */
struct frame {
    size_t all, at, n;
};

/*
 * The first message of p. 0; ERR_BUSY: it is not whole yet; ERR_SYNTAX: none begins here;
 * ERR_TOO_BIG: it is longer than FRAME_MAX. After an error the stream cannot be read any further.
 */
int frame_take(enum frame_kind kind, const uint8_t *p, size_t n, struct frame *ret_frame);
/* Puts the length in front of a message that is going to be sent (FRAME_LENGTH). */
void frame_put(struct pkt *p);

#endif
