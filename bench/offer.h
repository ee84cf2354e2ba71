/*
 * Session descriptions of a client: the offer that a browser would make, the answer to an offer of
 * Janus, and what the other side's description says. Texts live in the arena. Spec: RFC 8829, RFC
 * 9725.
 */
#ifndef BENCH_OFFER_H
#define BENCH_OFFER_H

#include "base/addr.h"
#include "base/types.h"

struct arena;

/* What the room's page offers to receive (src/web/asset/js/listen.js): A0 to A3, V0 to V4. */
enum { OFFER_AUDIOS = 4, OFFER_VIDEOS = 5, OFFER_LINES = OFFER_AUDIOS + OFFER_VIDEOS };

/* The client's side of the connection. */
struct offer_end {
    const char *ufrag, *pwd, *fingerprint;
    const char *ip; /* its host candidate */
    uint16_t port;
};

struct offer {
    struct offer_end end;
    bool is_sending;         /* sendonly, with an SSRC for each line; otherwise recvonly */
    unsigned naudio, nvideo; /* lines, audio first */
    uint32_t ssrc[OFFER_LINES];
};

/* The other side's credentials, the first IPv4 UDP candidate, and the number of the transport-wide
 * header extension (0: not there; in one bundle it is the same everywhere, RFC 8843 9.4). */
struct offer_remote {
    str ufrag, pwd, fingerprint;
    struct addr addr;
    uint8_t twcc_id;
};

str offer_write(struct arena *a, const struct offer *o);
/* recvonly for every line of their offer, with all that it offers. */
str offer_answer(struct arena *a, str theirs, const struct offer_end *end);
/* ERR_SYNTAX when something is missing. Texts point into sdp. */
int offer_read(str sdp, struct offer_remote *ret_remote);

#endif
