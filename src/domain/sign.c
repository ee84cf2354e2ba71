#include "domain/sign.h"

#include "base/ct.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/random.h"
#include "domain/secret.h"

#include <sodium.h>
#include <string.h>

_Static_assert((int)SIGN_SEED == crypto_sign_SEEDBYTES && SIGN_KEY == crypto_sign_PUBLICKEYBYTES &&
                   SIGN_BYTES == crypto_sign_BYTES && (int)SECRET_BYTES == (int)SIGN_SEED,
               "sizes of Ed25519");

int sign_from_seed(const uint8_t seed[static SIGN_SEED], struct signer *ret_signer)
{
    struct signer s = {0};

    if (crypto_sign_seed_keypair(s.public_key, s.secret_key, seed) != 0)
        return ERR_CRYPTO;
    (void)encode_base64(s.key_text, s.public_key, SIGN_KEY);
    *ret_signer = s;
    ct_wipe(&s, sizeof(s));
    return 0;
}

int sign_open(const char *path, struct signer *ret_signer)
{
    struct secret seed;
    int r = secret_open(path, &seed);

    if (r == 0)
        r = sign_from_seed(seed.key, ret_signer);
    ct_wipe(&seed, sizeof(seed));
    return r;
}

int sign_text(const struct signer *s, str bytes, char to[static SIGN_TEXT])
{
    uint8_t signature[SIGN_BYTES];

    if (crypto_sign_detached(signature, NULL, (const unsigned char *)bytes.p, bytes.n,
                             s->secret_key) != 0)
        return ERR_CRYPTO;
    (void)encode_base64(to, signature, SIGN_BYTES);
    return 0;
}

int sign_verify(str key, str signature, str bytes)
{
    uint8_t k[SIGN_KEY], s[SIGN_BYTES];
    size_t nk = 0, ns = 0;

    if (decode_base64(k, sizeof(k), key, &nk) < 0 || nk != SIGN_KEY ||
        decode_base64(s, sizeof(s), signature, &ns) < 0 || ns != SIGN_BYTES)
        return ERR_CRYPTO;
    return crypto_sign_verify_detached(s, (const unsigned char *)bytes.p, bytes.n, k) == 0
               ? 0
               : ERR_CRYPTO;
}

void sign_hash(str bytes, char to[static SIGN_HASH_TEXT])
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)bytes.p, bytes.n);
    encode_hex(to, hash, sizeof(hash));
}
