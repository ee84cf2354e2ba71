/*
 * Long-term credentials and nonces of TURN (RFC 8489 9.2), computed from one key that is made at
 * the start and known to nobody: nothing is kept for a client that has not proved who he is. Part
 * of turn.c; same thread.
 */
#ifndef MEDIA_TURN_CRED_H
#define MEDIA_TURN_CRED_H

#include "base/types.h"
#include "media/turn.h"

struct addr;

enum {
    TURN_KEY = 32,
    TURN_NAME_KEY = 16, /* of AES-128 */
    TURN_LONG_TERM = 16, /* MD5, RFC 8489 9.2.2 */
    TURN_NONCE = 16,
    TURN_MARK = 'A', /* of an end that is alone */
};

#define TURN_REALM "media"

struct turn_keys {
    uint8_t key[TURN_KEY], name[TURN_NAME_KEY];
};

void turn_keys_make(struct turn_keys *k);
void turn_cred_issue(const struct turn_keys *k, char mark, int64_t person, usec now,
                     struct turn_cred *ret_cred);
/* The key that a client with this name and its password signs with. */
int turn_cred_key(const struct turn_keys *k, str user, uint8_t ret_key[static TURN_LONG_TERM]);
/* Whose name it is; an error when it has expired or was not issued here. That it is no invention,
 * only its password proves. */
int turn_cred_person(const struct turn_keys *k, str user, usec now, int64_t *ret_person);
/* NUL-terminated; holds for this client and an hour. */
void turn_nonce(const struct turn_keys *k, const struct addr *client, usec now,
                char to[static TURN_NONCE + 1]);
bool turn_nonce_is_fresh(const struct turn_keys *k, const struct addr *client, str nonce, usec now);

#endif
