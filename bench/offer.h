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

enum { OFFER_LINES = 8 };

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

/* The other side's credentials and the first IPv4 UDP candidate. */
struct offer_remote {
    str ufrag, pwd, fingerprint;
    struct addr addr;
};

str offer_write(struct arena *a, const struct offer *o);
/* recvonly for every line of their offer, with all that it offers. */
str offer_answer(struct arena *a, str theirs, const struct offer_end *end);
/* ERR_SYNTAX when something is missing. Texts point into sdp. */
int offer_read(str sdp, struct offer_remote *ret_remote);

#endif
