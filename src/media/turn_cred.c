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
 *   user      "<mark><second until which it holds>-<tag of person and second>"
 *   password  keyed hash of user
 *   nonce     second (4 bytes) and keyed hash of second and client, in base64url
 *
 * TAG_BYTES gives 12 characters: nobody guesses another person's.
 */
enum { TAG_BYTES = 9, NONCE_BYTES = 12, PASSWORD_BYTES = 16 };
#define NONCE_US (3600 * USEC_S) /* RFC 8656 5 */
#define HOUR_US  (3600 * USEC_S)

void turn_keys_make(struct turn_keys *k)
{
    random_bytes(k->key, sizeof(k->key));
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

void turn_cred_issue(const struct turn_keys *k, char mark, int64_t person, usec now,
                     struct turn_cred *ret_cred)
{
    /* to the full hour, so that a page which reloads keeps its name and its quota */
    int64_t until = (now + TURN_CRED_US + HOUR_US - 1) / HOUR_US * (HOUR_US / USEC_S);
    uint8_t in[16], tag[TAG_BYTES];
    struct wr w = wr_init(in, sizeof(in));
    char text[TURN_USER + 1];

    wr_u64(&w, (uint64_t)person);
    wr_u64(&w, (uint64_t)until);
    keyed(k, "user", (str){(const char *)in, sizeof(in)}, tag, sizeof(tag));
    encode_base64url(text, tag, sizeof(tag));
    (void)snprintf(ret_cred->user, sizeof(ret_cred->user), "%c%lld-%.12s", mark, (long long)until,
                   text);
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

bool turn_cred_is_expired(str user, usec now)
{
    uint64_t until;

    return str_u64(str_from(str_cut(user, '-').head, 1), INT32_MAX, &until) < 0 ||
           now > (int64_t)until * USEC_S;
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
