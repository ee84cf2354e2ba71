/*
 * A page's end of one peer connection, over a real socket: checks, DTLS, SRTP (bench/client.h). It
 * sends a voice and a camera, or counts what it can decrypt. One thread drives it.
 */
#ifndef TESTS_LIVE_CALLER_H
#define TESTS_LIVE_CALLER_H

#include "base/types.h"

struct arena;
struct caller;

struct caller_conf {
    int fd; /* connected to the server; the caller closes it */
    bool is_sending;
    unsigned voice; /* bytes of a voice's payload: this room's and no other's */
};

/* What came, decrypted. */
struct caller_count {
    unsigned voices, pictures;
    unsigned foreign; /* of another room */
    unsigned refused; /* could not be decrypted */
};

struct caller *caller_new(const struct caller_conf *c);
/* In the arena. */
str caller_offer(const struct caller *c, struct arena *a);
void caller_start(struct caller *c, str answer);
/* Reads what has come and sends what is due. */
void caller_tick(struct caller *c, usec now);
void caller_count(const struct caller *c, struct caller_count *ret_count);
/* NULL-safe. */
void caller_free(struct caller *c);

#endif
