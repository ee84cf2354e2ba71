#include "media/hmac_sha1.h"

#include "base/ct.h"

#include <string.h>

enum { BLOCK = 64 };

/* RFC 2104 2: the hash of the key's block, each byte changed by ipad or opad. */
static void begin(SHA_CTX *c, const uint8_t key[static BLOCK], uint8_t pad)
{
    uint8_t block[BLOCK];

    for (unsigned i = 0; i < BLOCK; i++)
        block[i] = key[i] ^ pad;
    SHA1_Init(c);
    SHA1_Update(c, block, sizeof(block));
    ct_wipe(block, sizeof(block));
}

void hmac_sha1_init(struct hmac_sha1 *h, const void *key, size_t n)
{
    uint8_t block[BLOCK] = {0};
    SHA_CTX c;

    if (n > BLOCK) { /* a long key counts as its hash */
        SHA1_Init(&c);
        SHA1_Update(&c, key, n);
        SHA1_Final(block, &c);
    } else if (n) {
        memcpy(block, key, n);
    }
    begin(&h->inner, block, 0x36);
    begin(&h->outer, block, 0x5C);
    ct_wipe(block, sizeof(block));
}

void hmac_sha1(const struct hmac_sha1 *h, str a, str b, uint8_t ret_tag[static HMAC_SHA1_TAG])
{
    SHA_CTX c = h->inner;

    SHA1_Update(&c, a.p, a.n);
    SHA1_Update(&c, b.p, b.n);
    SHA1_Final(ret_tag, &c);
    c = h->outer;
    SHA1_Update(&c, ret_tag, HMAC_SHA1_TAG);
    SHA1_Final(ret_tag, &c);
}
