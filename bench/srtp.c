/*
 * Nanoseconds of one core that protecting and opening a packet costs: ours on EVP against libsrtp2
 * as Debian ships it, both suites, three sizes. Runs of the two alternate and the best of each
 * counts, because other work on the machine can only make a run slower.
 *
 *     build/bench/srtp
 */
#include "media/srtp.h"

#include "base/wr.h"
#include "media/rtp.h"
#include "tests/media/srtp_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PACKETS = 20000, ROUNDS = 9, ROOM = 1500 + 144 };

static const uint8_t master[SRTP_KEY + SRTP_MAX_SALT] = {1, 2, 3};
static uint8_t (*sent)[ROOM]; /* PACKETS protected packets, to be opened */
static size_t sent_n[PACKETS];

static double cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void must(bool is_ok, const char *what)
{
    if (!is_ok) {
        fprintf(stderr, "srtp bench: %s failed\n", what);
        exit(1);
    }
}

static void header(uint8_t *to, unsigned i)
{
    struct wr w = wr_init(to, RTP_HEADER);
    struct rtp r = {.seq = (uint16_t)i, .pt = 96, .ssrc = 7};

    rtp_write(&w, &r, NULL, NULL);
}

/* Fresh keys each time: a packet index is protected once. */
static void ours(enum srtp_suite suite, size_t payload_n, double *tx_ns, double *rx_ns)
{
    static const uint8_t payload[ROOM];
    struct srtp_keys *tx_k, *rx_k;
    struct srtp_tx tx = {0};
    struct srtp_rx rx = {0};
    uint8_t head[RTP_HEADER];
    double start;
    size_t n;

    must(srtp_keys_new(suite, true, master, master + SRTP_KEY, &tx_k) == 0, "srtp_keys_new");
    must(srtp_keys_new(suite, false, master, master + SRTP_KEY, &rx_k) == 0, "srtp_keys_new");
    start = cpu_ns();
    for (unsigned i = 0; i < PACKETS; i++) {
        struct srtp_parts in = {head, RTP_HEADER, NULL, 0, payload, payload_n};

        header(head, i);
        must(srtp_protect(tx_k, &tx, &in, sent[i], ROOM, &sent_n[i]) == 0, "srtp_protect");
    }
    *tx_ns = (cpu_ns() - start) / PACKETS;
    start = cpu_ns();
    for (unsigned i = 0; i < PACKETS; i++)
        must(srtp_unprotect(rx_k, &rx, sent[i], sent_n[i], &n) == 0, "srtp_unprotect");
    *rx_ns = (cpu_ns() - start) / PACKETS;
    srtp_keys_free(tx_k);
    srtp_keys_free(rx_k);
}

/* libsrtp2 works in place, so a forwarder has to copy the packet first: the copy is counted. */
static void theirs(enum srtp_suite suite, size_t payload_n, double *tx_ns, double *rx_ns)
{
    static const uint8_t payload[ROOM];
    bool is_gcm = suite == SRTP_AEAD_AES_128_GCM;
    struct srtp_oracle *tx = srtp_oracle_new(is_gcm, true, master);
    struct srtp_oracle *rx = srtp_oracle_new(is_gcm, false, master);
    double start;

    must(tx && rx, "opening libsrtp2");
    start = cpu_ns();
    for (unsigned i = 0; i < PACKETS; i++) {
        header(sent[i], i);
        memcpy(sent[i] + RTP_HEADER, payload, payload_n);
        sent_n[i] = RTP_HEADER + payload_n;
        must(srtp_oracle_protect(tx, sent[i], &sent_n[i]), "protect by libsrtp2");
    }
    *tx_ns = (cpu_ns() - start) / PACKETS;
    start = cpu_ns();
    for (unsigned i = 0; i < PACKETS; i++)
        must(srtp_oracle_unprotect(rx, sent[i], &sent_n[i]), "unprotect by libsrtp2");
    *rx_ns = (cpu_ns() - start) / PACKETS;
    srtp_oracle_free(tx);
    srtp_oracle_free(rx);
}

static void keep_best(double *best, double ns)
{
    if (*best == 0 || ns < *best)
        *best = ns;
}

static void compare(enum srtp_suite suite, size_t payload_n)
{
    double best[4] = {0}, tx, rx;

    for (int i = 0; i < ROUNDS; i++) {
        ours(suite, payload_n, &tx, &rx);
        keep_best(&best[0], tx);
        keep_best(&best[1], rx);
        theirs(suite, payload_n, &tx, &rx);
        keep_best(&best[2], tx);
        keep_best(&best[3], rx);
    }
    printf("%-12s %5zu  %8.0f %8.0f %6.2f  %8.0f %8.0f %6.2f\n",
           suite == SRTP_AEAD_AES_128_GCM ? "GCM" : "CM+SHA1", payload_n, best[0], best[2],
           best[2] / best[0], best[1], best[3], best[3] / best[1]);
}

int main(void)
{
    static const size_t sizes[] = {80, 500, 1100};

    sent = calloc(PACKETS, ROOM);
    must(sent, "memory");
    printf("suite        bytes  protect: ours libsrtp2  ratio  unprotect: ours libsrtp2  ratio  "
           "(ns)\n");
    for (size_t i = 0; i < NELEM(sizes); i++)
        compare(SRTP_AEAD_AES_128_GCM, sizes[i]);
    for (size_t i = 0; i < NELEM(sizes); i++)
        compare(SRTP_AES_CM_128_HMAC_SHA1_80, sizes[i]);
    free(sent);
    return 0;
}
