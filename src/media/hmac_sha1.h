/*
 * HMAC-SHA1 (RFC 2104) for what is authenticated packet by packet: SRTP and STUN. Asks for no
 * memory and takes no lock. OpenSSL's own HMAC does both for every call: 3.0 fetches the digest by
 * its name. Values; any thread.
 */
#ifndef MEDIA_HMAC_SHA1_H
#define MEDIA_HMAC_SHA1_H

#include "base/types.h"

/* SHA1_Init and its kin. */
#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#endif
/* OpenSSL has a type of that name. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/sha.h>
#undef ERR_STATE

enum { HMAC_SHA1_TAG = 20 };

/* The two states that a key gives; to be wiped with the key. */
struct hmac_sha1 {
    SHA_CTX inner, outer;
};

void hmac_sha1_init(struct hmac_sha1 *h, const void *key, size_t n);
/* Of a and then b, which may be empty. */
void hmac_sha1(const struct hmac_sha1 *h, str a, str b, uint8_t ret_tag[static HMAC_SHA1_TAG]);

#endif
