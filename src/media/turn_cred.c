#include "media/turn_cred.h"

#include "base/addr.h"
#include "base/ct.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/random.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"

/* OpenSSL has a type of that name. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#include <openssl/hmac.h>
#undef ERR_STATE
#include <stdio.h>
#include <string.h>

/*
 *   user      mark, and one block of AES in base64url:
 *               |  person (8)  |  second until which it holds (8)  |
 *   password  keyed hash of user
 *   nonce     second (4 bytes) and keyed hash of second and client, in base64url
 *
 * Without the key nobody can tell whether two names are of one person; we read the person, whose
 * allocations are counted under all of his names.
 */
enum { BLOCK = 16, BLOCK_TEXT = 22, NONCE_BYTES = 12, PASSWORD_BYTES = 16 };

_Static_assert(1 + (int)BLOCK_TEXT <= (int)TURN_USER, "a name has room");

#define NONCE_US (3600 * USEC_S) /* RFC 8656 5 */
#define HOUR_US  (3600 * USEC_S)

void turn_keys_make(struct turn_keys *k)
{
    random_bytes(k->key, sizeof(k->key));
    random_bytes(k->name, sizeof(k->name));
}

/* A keyed hash, the first n bytes of it. `what` keeps the uses of one key apart. */
static void keyed(const struct turn_keys *k, const char *what, str in, uint8_t *to, size_t n)
{
    uint8_t text[128], tag[EVP_MAX_MD_SIZE];
    struct wr w = wr_init(text, sizeof(text));

    wr_str(&w, str_c(what));
    wr_u8(&w, 0);
    wr_str(&w, in);
    HMAC(EVP_sha256(), k->key, sizeof(k->key), text, wr_len(&w), tag, NULL);
    memcpy(to, tag, n);
}

static void password_of(const struct turn_keys *k, str user, char to[static TURN_PASSWORD + 1])
{
    uint8_t tag[PASSWORD_BYTES];

    keyed(k, "password", user, tag, sizeof(tag));
    encode_base64url(to, tag, sizeof(tag));
}

/* One block by itself: every name that we issue is another, so no mode is needed. */
static int crypt_block(const struct turn_keys *k, bool is_writing, const uint8_t from[static BLOCK],
                       uint8_t to[static BLOCK])
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int n = 0, r = ERR_CRYPTO;

    if (c && EVP_CipherInit_ex(c, EVP_aes_128_ecb(), NULL, k->name, NULL, is_writing) == 1 &&
        EVP_CIPHER_CTX_set_padding(c, 0) == 1 && EVP_CipherUpdate(c, to, &n, from, BLOCK) == 1 &&
        n == BLOCK)
        r = 0;
    EVP_CIPHER_CTX_free(c);
    return r;
}

void turn_cred_issue(const struct turn_keys *k, char mark, int64_t person, usec now,
                     struct turn_cred *ret_cred)
{
    /* to the full hour, so that a page which reloads keeps its name and its quota */
    int64_t until = (now + TURN_CRED_US + HOUR_US - 1) / HOUR_US * (HOUR_US / USEC_S);
    uint8_t in[BLOCK], block[BLOCK];
    struct wr w = wr_init(in, sizeof(in));
    char text[4 * ((BLOCK + 2) / 3) + 1];

    wr_u64(&w, (uint64_t)person);
    wr_u64(&w, (uint64_t)until);
    if (crypt_block(k, true, in, block) < 0)
        random_bytes(block, sizeof(block)); /* out of memory: a name that opens nothing */
    encode_base64url(text, block, sizeof(block));
    (void)snprintf(ret_cred->user, sizeof(ret_cred->user), "%c%s", mark, text);
    password_of(k, str_c(ret_cred->user), ret_cred->password);
}

int turn_cred_key(const struct turn_keys *k, str user, uint8_t ret_key[static TURN_LONG_TERM])
{
    char password[TURN_PASSWORD + 1], text[128];
    unsigned n = 0;
    int len;

    password_of(k, user, password);
    len = snprintf(text, sizeof(text), "%.*s:%s:%s", STR(user), TURN_REALM, password);
    if (len < 0 || (size_t)len >= sizeof(text) ||
        !EVP_Digest(text, (size_t)len, ret_key, &n, EVP_md5(), NULL))
        return ERR_CRYPTO;
    return 0;
}

int turn_cred_person(const struct turn_keys *k, str user, usec now, int64_t *ret_person)
{
    uint8_t block[BLOCK], out[BLOCK];
    uint64_t person, until;
    struct rd r;
    size_t n;

    if (user.n != 1 + BLOCK_TEXT ||
        decode_base64(block, sizeof(block), str_from(user, 1), &n) < 0 || n != BLOCK ||
        crypt_block(k, false, block, out) < 0)
        return ERR_SYNTAX;
    r = rd_init(out, sizeof(out));
    person = rd_u64(&r);
    until = rd_u64(&r);
    if (until > INT32_MAX || now > (int64_t)until * USEC_S)
        return ERR_GONE;
    *ret_person = (int64_t)person;
    return 0;
}

static void nonce_at(const struct turn_keys *k, const struct addr *client, uint32_t s,
                     char to[static TURN_NONCE + 1])
{
    uint8_t in[4 + sizeof(*client)], nonce[NONCE_BYTES];
    struct wr w = wr_init(in, sizeof(in));
    struct addr place = *client;

    wr_u32(&w, s);
    memcpy(nonce, in, 4);
    /* a stream that another thread takes over gets another number there, and is the same client */
    place.via = (uint32_t)addr_way(client) << ADDR_WAY_SHIFT;
    wr_bytes(&w, &place, sizeof(place));
    keyed(k, "nonce", (str){(const char *)in, sizeof(in)}, nonce + 4, sizeof(nonce) - 4);
    encode_base64url(to, nonce, sizeof(nonce));
}

void turn_nonce(const struct turn_keys *k, const struct addr *client, usec now,
                char to[static TURN_NONCE + 1])
{
    nonce_at(k, client, (uint32_t)(now / USEC_S), to);
}

/* The second that it says; whether it is ours, only nonce_at can tell. */
static int second_of(str nonce, uint32_t *ret_s)
{
    char text[TURN_NONCE];
    uint8_t bytes[NONCE_BYTES + 3];
    struct rd r;
    size_t n;
    int e;

    if (nonce.n != TURN_NONCE)
        return ERR_SYNTAX;
    for (size_t i = 0; i < nonce.n; i++) /* base64url differs from base64 in two characters */
        text[i] = nonce.p[i] == '-' ? '+' : nonce.p[i] == '_' ? '/' : nonce.p[i];
    e = decode_base64(bytes, sizeof(bytes), (str){text, sizeof(text)}, &n);
    r = rd_init(bytes, 4);
    if (e == 0)
        *ret_s = rd_u32(&r);
    return e;
}

bool turn_nonce_is_fresh(const struct turn_keys *k, const struct addr *client, str nonce, usec now)
{
    char wanted[TURN_NONCE + 1];
    uint32_t s = 0;

    if (second_of(nonce, &s) < 0)
        return false;
    nonce_at(k, client, s, wanted);
    return ct_str_equal(nonce, str_c(wanted)) && now - (usec)s * USEC_S < NONCE_US;
}
