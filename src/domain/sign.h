/*
 * The house's signature: an Ed25519 key (RFC 8032) in a file of its own beside the secret, mode
 * 0600, made at first use. What is signed can be verified by anybody with the public key. Any
 * thread; never changes.
 */
#ifndef DOMAIN_SIGN_H
#define DOMAIN_SIGN_H

#include "base/types.h"

enum { SIGN_SEED = 32, SIGN_KEY = 32, SIGN_BYTES = 64, SIGN_KEY_TEXT = 48, SIGN_TEXT = 96 };

struct signer {
    uint8_t public_key[SIGN_KEY];
    uint8_t secret_key[64];
    char key_text[SIGN_KEY_TEXT]; /* of the public key, base64 */
};

/* Reads the file; makes it when there is none. ERR_SYNTAX for a file of another size. */
int sign_open(const char *path, struct signer *ret_signer);
/* From 32 bytes, for tests. */
int sign_from_seed(const uint8_t seed[static SIGN_SEED], struct signer *ret_signer);
/* Base64 of the signature over exactly these bytes. */
int sign_text(const struct signer *s, str bytes, char to[static SIGN_TEXT]);
/* key and signature in base64. ERR_CRYPTO: they do not belong to these bytes. */
int sign_verify(str key, str signature, str bytes);
/* SHA-256 in hex, lower case. */
enum { SIGN_HASH_TEXT = 65 };
void sign_hash(str bytes, char to[static SIGN_HASH_TEXT]);

#endif
