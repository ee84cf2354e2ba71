/* SRTP and SRTCP there and back over any sequence of packets; what is forged, changed on the way or
 * said twice is refused. */
#include "media/rtp.c"
#include "media/srtp.c"

#include "fuzz.h"

/* Keys of one suite in both directions, made once: only the windows are of one input. */
struct both {
    struct srtp_keys *tx, *rx;
};

static struct both both(enum srtp_suite suite)
{
    static const uint8_t key[SRTP_KEY] = {1}, salt[SRTP_MAX_SALT] = {2};
    struct both b = {0};

    CHECK(srtp_keys_new(suite, true, key, salt, &b.tx) == 0);
    CHECK(srtp_keys_new(suite, false, key, salt, &b.rx) == 0);
    return b;
}

static void rtp_there_and_back(struct both *b, struct srtp_tx *tx, struct srtp_rx *rx,
                               const uint8_t *p, size_t n)
{
    uint8_t to[256 + SRTP_MAX_TAG];
    struct rtp h;
    struct srtp_parts in;
    size_t got_n;

    if (rtp_head(p, n, &h) < 0)
        return;
    in = (struct srtp_parts){p,
                             h.header_n,
                             h.payload,
                             h.payload_n / 3,
                             h.payload + h.payload_n / 3,
                             h.payload_n - h.payload_n / 3};
    if (srtp_protect(b->tx, tx, &in, to, sizeof(to), &got_n) < 0)
        return;
    CHECK(srtp_unprotect(b->rx, rx, to, got_n, &got_n) == 0);
    CHECK(got_n == n && memcmp(to, p, n) == 0);
}

static void rtcp_there_and_back(struct both *b, struct srtcp_rx *rx, const uint8_t *p, size_t n)
{
    uint8_t to[256 + SRTCP_MAX_EXTRA];
    size_t got_n;

    if (n < 8 || p[0] >> 6 != 2)
        return;
    CHECK(srtcp_protect(b->tx, p, n, to, sizeof(to), &got_n) == 0);
    if (srtcp_unprotect(b->rx, rx, to, got_n, &got_n) == 0)
        CHECK(got_n == n && memcmp(to, p, n) == 0);
    else
        CHECK(rx->n == SRTCP_MAX_SSRCS);
}

/* The same bytes as if they had come by the wire: nobody has the key, so nothing passes. */
static void forged(struct both *b, struct srtp_rx *rx, struct srtcp_rx *rtcp, const uint8_t *p,
                   size_t n)
{
    uint8_t copy[256];
    size_t got_n;

    memcpy(copy, p, n);
    CHECK(srtp_unprotect(b->rx, rx, copy, n, &got_n) < 0);
    memcpy(copy, p, n);
    CHECK(srtcp_unprotect(b->rx, rtcp, copy, n, &got_n) < 0);
}

/*
 * A packet of ours with one bit of it changed on the way, wherever: the header, the index and the
 * tag are bound as well as what is encrypted. A refused one moves nothing, so the right one still
 * passes, and passes once.
 */
static void changed_rtp(struct both *b, const uint8_t *p, size_t n, unsigned bit)
{
    uint8_t to[256 + SRTP_MAX_TAG], copy[sizeof(to)];
    struct srtp_parts in = {.header = p};
    struct srtp_tx tx = {0};
    struct srtp_rx rx = {0};
    struct rtp h;
    size_t all_n, got_n;

    if (rtp_head(p, n, &h) < 0)
        return;
    in.header_n = h.header_n;
    in.payload = h.payload;
    in.payload_n = h.payload_n;
    CHECK(srtp_protect(b->tx, &tx, &in, to, sizeof(to), &all_n) == 0);
    memcpy(copy, to, all_n);
    copy[bit / 8 % all_n] ^= (uint8_t)(1u << bit % 8);
    CHECK(srtp_unprotect(b->rx, &rx, copy, all_n, &got_n) < 0);
    memcpy(copy, to, all_n);
    CHECK(srtp_unprotect(b->rx, &rx, copy, all_n, &got_n) == 0 && got_n == n);
    CHECK(srtp_unprotect(b->rx, &rx, to, all_n, &got_n) == ERR_REPLAY);
}

static void changed_rtcp(struct both *b, const uint8_t *p, size_t n, unsigned bit)
{
    uint8_t to[256 + SRTCP_MAX_EXTRA], copy[sizeof(to)];
    struct srtcp_rx rx = {0};
    size_t all_n, got_n;

    if (n < 8 || p[0] >> 6 != 2)
        return;
    CHECK(srtcp_protect(b->tx, p, n, to, sizeof(to), &all_n) == 0);
    memcpy(copy, to, all_n);
    copy[bit / 8 % all_n] ^= (uint8_t)(1u << bit % 8);
    CHECK(srtcp_unprotect(b->rx, &rx, copy, all_n, &got_n) < 0 && rx.n == 0);
    memcpy(copy, to, all_n);
    CHECK(srtcp_unprotect(b->rx, &rx, copy, all_n, &got_n) == 0 && got_n == n);
    CHECK(srtcp_unprotect(b->rx, &rx, to, all_n, &got_n) == ERR_REPLAY);
}

/* Input: packets, each with its length in a byte before it. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct both by_suite[2];
    struct rd r = rd_init(p, n);
    struct both *b = &by_suite[rd_u8(&r) & 1];
    struct srtp_tx tx = {0};
    struct srtp_rx rx = {0}, other_rx = {0};
    struct srtcp_rx rtcp_rx = {0}, other_rtcp = {0};

    if (!b->tx)
        *b = both(b == by_suite ? SRTP_AEAD_AES_128_GCM : SRTP_AES_CM_128_HMAC_SHA1_80);
    b->tx->rtcp_index = 0; /* of one input: a long run would use the numbers up */
    for (unsigned i = 0; rd_left(&r) > 0 && i < 64; i++) {
        size_t len = rd_u8(&r);
        const uint8_t *packet;
        unsigned bit;

        len = len < rd_left(&r) ? len : rd_left(&r);
        packet = rd_bytes(&r, len);
        rtp_there_and_back(b, &tx, &rx, packet, len);
        rtcp_there_and_back(b, &rtcp_rx, packet, len);
        forged(b, &other_rx, &other_rtcp, packet, len);
        bit = (unsigned)(len ? packet[len - 1] << 8 | packet[len / 2] : 0);
        changed_rtp(b, packet, len, bit);
        changed_rtcp(b, packet, len, bit);
    }
    return 0;
}
