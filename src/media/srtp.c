#include "media/srtp.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"
#include "media/hmac_sha1.h"
#include "media/rtp.h"

/* OpenSSL has a type of that name. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE
#include <stdlib.h>

enum {
    BLOCK = 16,         /* of AES */
    GCM_TAG = 16,       /* RFC 7714 13.1: the short tags are not for us */
    GCM_SALT = 12,
    CM_SALT = 14,       /* RFC 3711 8.2 */
    CM_TAG = 10,        /* 80 bits, RTP and RTCP alike (RFC 3711 5.2) */
    AUTH_KEY = 20,      /* n_a = 160 bits, RFC 3711 5.2 */
    INDEX_WORD = 4,     /* E flag and SRTCP index */
    RTCP_HEADER = 8,    /* stays in the clear, RFC 3711 3.4 */
};

#define E_FLAG 0x80000000u
#define MAX_INDEX 0x7FFFFFFFu

/* Labels of the key derivation, RFC 3711 4.3.1 and 4.3.2; RTCP adds 3. */
enum { LABEL_CIPHER = 0, LABEL_AUTH = 1, LABEL_SALT = 2, LABEL_RTCP = 3 };

/* Session keys of RTP or of RTCP. */
struct half {
    EVP_CIPHER_CTX *cipher;
    uint8_t salt[BLOCK];          /* as long as the salt is, then zeros */
    struct hmac_sha1 auth;
};

struct srtp_keys {
    enum srtp_suite suite;
    bool is_tx;
    struct half rtp, rtcp;
    uint32_t rtcp_index; /* of the last sent; one for all our SSRCs, so no nonce comes twice */
};

size_t srtp_salt_bytes(enum srtp_suite suite)
{
    switch (suite) {
    case SRTP_AEAD_AES_128_GCM:
        return GCM_SALT;
    case SRTP_AES_CM_128_HMAC_SHA1_80:
        return CM_SALT;
    case SRTP_NONE:
        break;
    }
    return 0;
}

size_t srtp_tag_bytes(enum srtp_suite suite)
{
    return suite == SRTP_AEAD_AES_128_GCM ? GCM_TAG : CM_TAG;
}

size_t srtp_material_bytes(enum srtp_suite suite)
{
    return 2 * (SRTP_KEY + srtp_salt_bytes(suite));
}

enum srtp_suite srtp_keys_suite(const struct srtp_keys *k)
{
    return k->suite;
}

/* ---- keys ---- */

/*
 * The pseudo-random function of RFC 3711 4.3.3: AES in counter mode over zeros, with
 *
 *     IV = (salt, padded to 14 bytes on the right, ^ label << 48) << 16
 *
 * The key derivation rate is nought, so the index drops out. RFC 7714 11 keeps this for GCM.
 */
static int derive(const uint8_t *key, const uint8_t *salt, size_t salt_n, int label, struct wr *to)
{
    static const uint8_t zeros[32];
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t iv[BLOCK] = {0};
    int n = 0, err = ERR_MEM, want = (int)(to->end - to->p);

    memcpy(iv, salt, salt_n);
    iv[7] ^= (uint8_t)label;
    if (c && EVP_EncryptInit_ex(c, EVP_aes_128_ctr(), NULL, key, iv) == 1 &&
        EVP_EncryptUpdate(c, to->p, &n, zeros, want) == 1 && n == want)
        err = 0;
    EVP_CIPHER_CTX_free(c);
    return err;
}

static int half_init(struct half *h, const struct srtp_keys *k, const uint8_t *key,
                     const uint8_t *salt, int label)
{
    size_t salt_n = srtp_salt_bytes(k->suite);
    bool is_gcm = k->suite == SRTP_AEAD_AES_128_GCM;
    uint8_t session[SRTP_KEY], auth[AUTH_KEY];
    struct wr to_session = wr_init(session, sizeof(session));
    struct wr to_auth = wr_init(auth, sizeof(auth)), to_salt = wr_init(h->salt, salt_n);
    int err = ERR_MEM;

    h->cipher = EVP_CIPHER_CTX_new();
    if (!h->cipher)
        goto out;
    if (derive(key, salt, salt_n, label + LABEL_CIPHER, &to_session) < 0 ||
        derive(key, salt, salt_n, label + LABEL_AUTH, &to_auth) < 0 ||
        derive(key, salt, salt_n, label + LABEL_SALT, &to_salt) < 0)
        goto out;
    /* Counter mode encrypts to decrypt. */
    if (EVP_CipherInit_ex(h->cipher, is_gcm ? EVP_aes_128_gcm() : EVP_aes_128_ctr(), NULL, session,
                          NULL, k->is_tx || !is_gcm) != 1)
        goto out;
    hmac_sha1_init(&h->auth, auth, sizeof(auth));
    err = 0;
out:
    ct_wipe(session, sizeof(session));
    ct_wipe(auth, sizeof(auth));
    return err;
}

int srtp_keys_new(enum srtp_suite suite, bool is_tx, const uint8_t *master_key,
                  const uint8_t *master_salt, struct srtp_keys **ret_keys)
{
    struct srtp_keys *k = NULL;
    int err = ERR_MEM;

    if (srtp_salt_bytes(suite) == 0)
        return ERR_UNSUPPORTED;
    k = calloc(1, sizeof(*k));
    if (!k)
        return ERR_MEM;
    k->suite = suite;
    k->is_tx = is_tx;
    err = half_init(&k->rtp, k, master_key, master_salt, 0);
    if (err < 0)
        goto out;
    err = half_init(&k->rtcp, k, master_key, master_salt, LABEL_RTCP);
    if (err < 0)
        goto out;
    *ret_keys = k;
    k = NULL;
out:
    srtp_keys_free(k);
    return err;
}

int srtp_keys_export(enum srtp_suite suite, const uint8_t *material, bool is_server,
                     struct srtp_keys **ret_rx, struct srtp_keys **ret_tx)
{
    size_t salt_n = srtp_salt_bytes(suite);
    const uint8_t *salts = material + 2 * SRTP_KEY;
    size_t theirs = is_server ? 0 : 1, ours = 1 - theirs; /* the client's come first */
    struct srtp_keys *rx = NULL, *tx = NULL;
    int err;

    err = srtp_keys_new(suite, false, material + theirs * SRTP_KEY, salts + theirs * salt_n, &rx);
    if (err < 0)
        goto out;
    err = srtp_keys_new(suite, true, material + ours * SRTP_KEY, salts + ours * salt_n, &tx);
    if (err < 0)
        goto out;
    *ret_rx = rx;
    *ret_tx = tx;
    rx = tx = NULL;
out:
    srtp_keys_free(rx);
    srtp_keys_free(tx);
    return err;
}

void srtp_keys_free(struct srtp_keys *k)
{
    if (!k)
        return;
    EVP_CIPHER_CTX_free(k->rtp.cipher);
    EVP_CIPHER_CTX_free(k->rtcp.cipher);
    ct_wipe(k, sizeof(*k));
    free(k);
}

/* ---- indices ---- */

/*
 * RFC 3711 3.3.1: of the three roll-over counters that the sequence number may belong to, the one
 * that gives the index nearest to the highest seen. False when that would be before the first.
 */
static bool guess_index(const struct srtp_window *w, uint16_t seq, uint64_t *ret_index)
{
    uint64_t roc = w->top >> 16;
    uint16_t top_seq = (uint16_t)w->top;

    if (!w->is_begun) {
        *ret_index = seq;
        return true;
    }
    if (top_seq < 32768 && seq > top_seq + 32768) {
        if (roc == 0)
            return false;
        roc--;
    } else if (top_seq >= 32768 && seq < top_seq - 32768) {
        roc++;
    }
    *ret_index = roc << 16 | seq;
    return true;
}

static bool window_is_fresh(const struct srtp_window *w, uint64_t index)
{
    uint64_t back = w->top - index;

    if (!w->is_begun || index > w->top)
        return true;
    return back < SRTP_WINDOW && !(w->seen[back / 64] >> back % 64 & 1);
}

static void window_add(struct srtp_window *w, uint64_t index)
{
    uint64_t back, ahead = index - w->top;

    if (!w->is_begun || (index > w->top && ahead >= SRTP_WINDOW)) {
        *w = (struct srtp_window){.top = index, .seen = {1}, .is_begun = true};
        return;
    }
    if (index > w->top) {
        if (ahead >= 64) {
            w->seen[1] = w->seen[0];
            w->seen[0] = 0;
            ahead -= 64;
        }
        if (ahead) {
            w->seen[1] = w->seen[1] << ahead | w->seen[0] >> (64 - ahead);
            w->seen[0] <<= ahead;
        }
        w->top = index;
    }
    back = w->top - index;
    w->seen[back / 64] |= UINT64_C(1) << back % 64;
}

/* ---- ciphers ---- */

/*
 * Counter mode (RFC 3711 4.1.1)      |  salt (14)  ^  0 (4) SSRC (4) index (6)   | counter (2) |
 * GCM (RFC 7714 8.1, 9.1)            |  salt (12)  ^  0 (2) SSRC (4) index (6)   |
 */
static int set_iv(const struct srtp_keys *k, const struct half *h, uint32_t ssrc, uint64_t index)
{
    size_t at = k->suite == SRTP_AEAD_AES_128_GCM ? 2 : 4;
    uint8_t iv[BLOCK];

    memcpy(iv, h->salt, sizeof(iv));
    for (unsigned i = 0; i < 4; i++)
        iv[at + i] ^= (uint8_t)(ssrc >> (24 - 8 * i));
    for (unsigned i = 0; i < 6; i++)
        iv[at + 4 + i] ^= (uint8_t)(index >> (40 - 8 * i));
    return EVP_CipherInit_ex(h->cipher, NULL, NULL, NULL, iv, -1) == 1 ? 0 : ERR_CRYPTO;
}

/* Encrypts or decrypts; to NULL: additional data of GCM. */
static int feed(const struct half *h, uint8_t *to, const uint8_t *from, size_t n)
{
    int done;

    if (n == 0)
        return 0;
    return EVP_CipherUpdate(h->cipher, to, &done, from, (int)n) == 1 ? 0 : ERR_CRYPTO;
}

/* GCM: ends a packet that is sent. */
static int take_tag(const struct half *h, uint8_t *tag)
{
    int n;

    if (EVP_CipherFinal_ex(h->cipher, tag, &n) != 1 ||
        EVP_CIPHER_CTX_ctrl(h->cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG, tag) != 1)
        return ERR_CRYPTO;
    return 0;
}

/* GCM: ends a packet that has come. OpenSSL compares in constant time. */
static int check_tag(const struct half *h, uint8_t *tag)
{
    uint8_t none[BLOCK];
    int n;

    if (EVP_CIPHER_CTX_ctrl(h->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, tag) != 1 ||
        EVP_CipherFinal_ex(h->cipher, none, &n) != 1)
        return ERR_CRYPTO;
    return 0;
}

/* Of p and a word behind it. */
static void hmac(const struct half *h, const uint8_t *p, size_t n, const uint32_t *word,
                 uint8_t tag[static HMAC_SHA1_TAG])
{
    uint8_t tail[4];
    struct wr w = wr_init(tail, sizeof(tail));

    if (word)
        wr_u32(&w, *word);
    hmac_sha1(&h->auth, (str){(const char *)p, n}, (str){(const char *)tail, wr_len(&w)}, tag);
}

static int check_hmac(const struct half *h, const uint8_t *p, size_t n, const uint32_t *word,
                      const uint8_t *told)
{
    uint8_t tag[HMAC_SHA1_TAG];

    hmac(h, p, n, word, tag);
    return ct_equal(tag, told, CM_TAG) ? 0 : ERR_CRYPTO;
}

static uint32_t ssrc_at(const uint8_t *p)
{
    struct rd r = rd_init(p, 4);

    return rd_u32(&r);
}

/* ---- RTP ---- */

static int seal(struct srtp_keys *k, const struct srtp_parts *in, uint64_t index, uint8_t *to)
{
    size_t body_at = in->header_n, end = body_at + in->front_n + in->payload_n;
    bool is_gcm = k->suite == SRTP_AEAD_AES_128_GCM;
    uint32_t roc = (uint32_t)(index >> 16);
    uint8_t tag[HMAC_SHA1_TAG];
    int err;

    memcpy(to, in->header, in->header_n);
    err = set_iv(k, &k->rtp, ssrc_at(in->header + 8), index);
    if (err == 0 && is_gcm)
        err = feed(&k->rtp, NULL, in->header, in->header_n);
    if (err == 0)
        err = feed(&k->rtp, to + body_at, in->front, in->front_n);
    if (err == 0)
        err = feed(&k->rtp, to + body_at + in->front_n, in->payload, in->payload_n);
    if (err < 0)
        return err;
    if (is_gcm)
        return take_tag(&k->rtp, to + end);
    hmac(&k->rtp, to, end, &roc, tag);
    memcpy(to + end, tag, CM_TAG);
    return 0;
}

int srtp_protect(struct srtp_keys *k, struct srtp_tx *tx, const struct srtp_parts *in, uint8_t *to,
                 size_t room, size_t *ret_n)
{
    size_t tag_n = srtp_tag_bytes(k->suite);
    size_t n = in->header_n + in->front_n + in->payload_n;
    uint64_t index;
    int err;

    if (in->header_n < RTP_HEADER)
        return ERR_TRUNCATED;
    if (n > room || room - n < tag_n)
        return ERR_TOO_BIG;
    if (!guess_index(&tx->w, (uint16_t)(in->header[2] << 8 | in->header[3]), &index) ||
        !window_is_fresh(&tx->w, index))
        return ERR_REPLAY;
    err = seal(k, in, index, to);
    if (err < 0)
        return err;
    window_add(&tx->w, index);
    *ret_n = n + tag_n;
    return 0;
}

static int open_rtp(struct srtp_keys *k, const struct rtp *h, uint64_t index, uint8_t *p, size_t n)
{
    uint32_t roc = (uint32_t)(index >> 16);
    uint8_t *body = p + h->header_n;
    size_t body_n = n - h->header_n;
    int err = 0;

    if (k->suite != SRTP_AEAD_AES_128_GCM)
        err = check_hmac(&k->rtp, p, n, &roc, p + n);
    if (err == 0)
        err = set_iv(k, &k->rtp, h->ssrc, index);
    if (err == 0 && k->suite == SRTP_AEAD_AES_128_GCM)
        err = feed(&k->rtp, NULL, p, h->header_n);
    if (err == 0)
        err = feed(&k->rtp, body, body, body_n);
    if (err == 0 && k->suite == SRTP_AEAD_AES_128_GCM)
        err = check_tag(&k->rtp, p + n);
    return err;
}

int srtp_unprotect(struct srtp_keys *k, struct srtp_rx *rx, uint8_t *p, size_t n, size_t *ret_n)
{
    size_t tag_n = srtp_tag_bytes(k->suite);
    struct rtp h;
    uint64_t index;
    int err;

    if (n < RTP_HEADER + tag_n)
        return ERR_TRUNCATED;
    n -= tag_n;
    err = rtp_head(p, n, &h);
    if (err < 0)
        return err;
    if (!guess_index(&rx->w, h.seq, &index) || !window_is_fresh(&rx->w, index))
        return ERR_REPLAY;
    err = open_rtp(k, &h, index, p, n);
    if (err < 0)
        return err;
    window_add(&rx->w, index);
    *ret_n = n;
    return 0;
}

/* ---- RTCP ---- */

/*
 *   GCM (RFC 7714 9.2):      | header (8) | encrypted | tag (16) | E, index (4) |
 *   counter mode (3711 3.4): | header (8) | encrypted | E, index (4) | tag (10) |
 */
static int seal_rtcp(struct srtp_keys *k, uint32_t word, size_t n, const uint8_t *p, uint8_t *to)
{
    bool is_gcm = k->suite == SRTP_AEAD_AES_128_GCM;
    uint8_t *behind = to + n;
    uint8_t tag[HMAC_SHA1_TAG];
    struct wr w = wr_init(is_gcm ? behind + GCM_TAG : behind, INDEX_WORD);
    int err;

    wr_u32(&w, word);
    memcpy(to, p, RTCP_HEADER);
    err = set_iv(k, &k->rtcp, ssrc_at(p + 4), word & MAX_INDEX);
    if (err == 0 && is_gcm)
        err = feed(&k->rtcp, NULL, p, RTCP_HEADER);
    if (err == 0 && is_gcm)
        err = feed(&k->rtcp, NULL, w.start, INDEX_WORD);
    if (err == 0)
        err = feed(&k->rtcp, to + RTCP_HEADER, p + RTCP_HEADER, n - RTCP_HEADER);
    if (err < 0)
        return err;
    if (is_gcm)
        return take_tag(&k->rtcp, behind);
    hmac(&k->rtcp, to, n + INDEX_WORD, NULL, tag);
    memcpy(behind + INDEX_WORD, tag, CM_TAG);
    return 0;
}

int srtcp_protect(struct srtp_keys *k, const uint8_t *p, size_t n, uint8_t *to, size_t room,
                  size_t *ret_n)
{
    size_t extra = srtp_tag_bytes(k->suite) + INDEX_WORD;
    int err;

    if (n < RTCP_HEADER)
        return ERR_TRUNCATED;
    if (n > room || room - n < extra)
        return ERR_TOO_BIG;
    if (k->rtcp_index == MAX_INDEX)
        return ERR_STATE; /* RFC 3711 9.2: new keys are due; at ten a second that is seven years */
    err = seal_rtcp(k, E_FLAG | (k->rtcp_index + 1), n, p, to);
    if (err < 0)
        return err;
    k->rtcp_index++;
    *ret_n = n + extra;
    return 0;
}

/* n counts neither tag nor index. */
static int open_rtcp(struct srtp_keys *k, uint32_t word, uint8_t *p, size_t n)
{
    bool is_gcm = k->suite == SRTP_AEAD_AES_128_GCM;
    bool is_secret = word & E_FLAG;
    size_t clear = is_secret ? RTCP_HEADER : n; /* RFC 7714 9.3: then all is additional data */
    int err = 0;

    if (!is_gcm)
        err = check_hmac(&k->rtcp, p, n + INDEX_WORD, NULL, p + n + INDEX_WORD);
    if (err == 0)
        err = set_iv(k, &k->rtcp, ssrc_at(p + 4), word & MAX_INDEX);
    if (err == 0 && is_gcm)
        err = feed(&k->rtcp, NULL, p, clear);
    if (err == 0 && is_gcm)
        err = feed(&k->rtcp, NULL, p + n + GCM_TAG, INDEX_WORD);
    if (err == 0)
        err = feed(&k->rtcp, p + clear, p + clear, n - clear);
    if (err == 0 && is_gcm)
        err = check_tag(&k->rtcp, p + n);
    return err;
}

/* The window of a sender, or the free place behind the last; NULL when all are taken. */
static struct srtp_window *window_of(struct srtcp_rx *rx, uint32_t ssrc)
{
    for (unsigned i = 0; i < rx->n; i++)
        if (rx->by[i].ssrc == ssrc)
            return &rx->by[i].w;
    if (rx->n == SRTCP_MAX_SSRCS)
        return NULL;
    rx->by[rx->n].ssrc = ssrc;
    rx->by[rx->n].w = (struct srtp_window){0};
    return &rx->by[rx->n].w;
}

int srtcp_unprotect(struct srtp_keys *k, struct srtcp_rx *rx, uint8_t *p, size_t n, size_t *ret_n)
{
    size_t tag_n = srtp_tag_bytes(k->suite);
    struct srtp_window *w;
    uint32_t word;
    int err;

    if (n < RTCP_HEADER + INDEX_WORD + tag_n)
        return ERR_TRUNCATED;
    if (p[0] >> 6 != 2)
        return ERR_SYNTAX;
    word = ssrc_at(p + n - INDEX_WORD - (k->suite == SRTP_AEAD_AES_128_GCM ? 0 : CM_TAG));
    n -= INDEX_WORD + tag_n;
    w = window_of(rx, ssrc_at(p + 4));
    if (!w)
        return ERR_FULL;
    if (!window_is_fresh(w, word & MAX_INDEX))
        return ERR_REPLAY;
    err = open_rtcp(k, word, p, n);
    if (err < 0)
        return err;
    if (!w->is_begun)
        rx->n++;
    window_add(w, word & MAX_INDEX);
    *ret_n = n;
    return 0;
}
