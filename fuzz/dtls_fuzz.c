/*
 * The demultiplexer of RFC 7983 and DTLS behind it, through sfu_rx. A real OpenSSL shakes hands as
 * a browser from an address that ICE has validated, and the input says what becomes of its records
 * on the way: | step | a | b |. So records are wrong at every stage of a handshake, not only at its
 * first one, and datagrams of every first byte come between them. The browser is the client, or
 * the server where the input's length says so. Whatever comes, we answer the browser alone.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/pkt.h"
#include "base/rd.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/peer.h"
#include "media/sfu.h"
#include "media/stun.h"

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#undef ERR_STATE
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

enum { PACKETS = 256, MAX_STEPS = 96, RECORD_HEAD = 13, DATAGRAM = 1400, MTU = 1200 };

enum step {
    STEP_PASS, /* the browser's next record as it is */
    STEP_LOSE, /* or not at all */
    STEP_TWICE,
    STEP_FLIP,  /* with byte (a, b) changed by the input's next byte */
    STEP_SHORT, /* cut to (a, b) bytes */
    STEP_JOIN,  /* with the one behind it in one datagram */
    STEP_RAW,   /* bytes of the input, from the validated address or a stranger's */
    STEP_TIME,  /* a × 10 ms pass; both repeat what is due */
    STEP_DEAF,  /* our next 1 + b % 4 datagrams do not come through */
    STEP_KINDS
};

struct scene {
    struct sfu_room *room;
    struct addr from, stranger;
    char ufrag[64], pwd[64];
    SSL *browser;
    unsigned lose; /* of our datagrams that come next */
    usec now;
};

static struct sfu *sfu;
static struct pkt_pool *pool;
static SSL_CTX *browsers;
static char digest_text[96];
static usec clock_now; /* the scene's */

/* Stands before libc's: OpenSSL takes the browser's timer from it, so that an input runs again as
 * it ran. */
int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
    (void)zone;
    to->tv_sec = (time_t)(clock_now / USEC_S);
    to->tv_usec = (suseconds_t)(clock_now % USEC_S);
    return 0;
}

/* ---- both ends ---- */

static void make_browsers(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    uint8_t digest[32];
    unsigned n;

    CHECK(key && x && X509_set_pubkey(x, key) && ASN1_INTEGER_set(X509_get_serialNumber(x), 1) &&
          X509_gmtime_adj(X509_getm_notBefore(x), 0) &&
          X509_gmtime_adj(X509_getm_notAfter(x), 86400) && X509_sign(x, key, EVP_sha256()) > 0 &&
          X509_digest(x, EVP_sha256(), digest, &n));
    for (unsigned i = 0; i < 32; i++)
        (void)snprintf(digest_text + 3 * i, 4, i < 31 ? "%02X:" : "%02X", digest[i]);
    browsers = SSL_CTX_new(DTLS_method());
    CHECK(browsers && SSL_CTX_use_certificate(browsers, x) == 1 &&
          SSL_CTX_use_PrivateKey(browsers, key) == 1 &&
          SSL_CTX_set_tlsext_use_srtp(browsers, "SRTP_AEAD_AES_128_GCM") == 0);
    X509_free(x);
    EVP_PKEY_free(key);
}

static void write_offer(char *to, size_t room, bool is_server)
{
    (void)snprintf(to, room,
                   "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
                   "a=ice-ufrag:fuzz\r\na=ice-pwd:fuzzfuzzfuzzfuzzfuzzfuzz\r\na=setup:%s\r\n"
                   "a=fingerprint:sha-256 %s\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
                   "c=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
                   "a=recvonly\r\n",
                   is_server ? "passive" : "actpass", digest_text);
}

static void rx(struct scene *s, const struct addr *from, const uint8_t *d, size_t n)
{
    struct pkt *p = pkt_get(pool);

    CHECK(p);
    n = n < DATAGRAM ? n : DATAGRAM;
    if (n)
        memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    p->addr = *from;
    p->at = s->now;
    sfu_rx(sfu, p, s->now);
}

/* After the handshake it hears a last flight that we repeat, and answers it. */
static void browser_hears(const struct scene *s)
{
    uint8_t scrap[256];

    if (SSL_is_init_finished(s->browser))
        (void)SSL_read(s->browser, scrap, sizeof(scrap));
    else
        (void)SSL_do_handshake(s->browser);
    ERR_clear_error();
}

/* What we send reaches the browser, and nobody else: the stranger has shown no password. */
static void take_out(struct scene *s)
{
    struct pkt *p = sfu_take_out(sfu), *next;

    for (; p; p = next ? next : sfu_take_out(sfu)) {
        next = p->next;
        CHECK(addr_eq(&p->addr, &s->from));
        if (p->n && p->data[0] >= 20 && p->data[0] <= 63) {
            if (s->lose)
                s->lose--;
            else
                BIO_write(SSL_get_rbio(s->browser), p->data, (int)p->n);
        }
        pkt_unref(p);
    }
    browser_hears(s);
}

/* The next record of the browser, 0: none. Its BIO keeps no borders between datagrams. */
static size_t next_record(const struct scene *s, uint8_t to[static DATAGRAM])
{
    BIO *b = SSL_get_wbio(s->browser);
    size_t n;

    if (BIO_read(b, to, RECORD_HEAD) != RECORD_HEAD)
        return 0;
    n = (size_t)to[11] << 8 | to[12];
    CHECK(n + RECORD_HEAD <= DATAGRAM && BIO_read(b, to + RECORD_HEAD, (int)n) == (int)n);
    return n + RECORD_HEAD;
}

static void check(struct scene *s)
{
    uint8_t buf[STUN_MAX_BYTES];
    struct wr w = wr_init(buf, sizeof(buf));
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .has_use_candidate = true,
                     .role = STUN_CONTROLLING,
                     .username = str_c(s->ufrag)};

    stun_write(&w, &m, str_c(s->pwd));
    rx(s, &s->from, buf, wr_len(&w));
}

static void scene_init(struct scene *s, bool is_server)
{
    char offer[1400];
    struct sfu_peer_conf c = {.role = SFU_DOWN, .person = 1};
    struct arena *a = arena_new();
    struct sfu_peer *peer;
    str answer;

    memset(s, 0, sizeof(*s));
    s->now = clock_now = 1000 * USEC_S;
    write_offer(offer, sizeof(offer), is_server);
    c.offer = str_c(offer);
    CHECK(a && sfu_room_new(sfu, 1, &s->room) == 0 &&
          sfu_peer_new(s->room, &c, s->now, a, &answer, &peer) == 0);
    (void)snprintf(s->ufrag, sizeof(s->ufrag), "%s", peer->ice.now.ufrag);
    (void)snprintf(s->pwd, sizeof(s->pwd), "%s", peer->ice.now.pwd);
    CHECK(addr_parse(S("192.0.2.1"), 1000, &s->from) == 0 &&
          addr_parse(S("192.0.2.1"), 1001, &s->stranger) == 0);
    s->browser = SSL_new(browsers);
    CHECK(s->browser);
    SSL_set_bio(s->browser, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(s->browser), -1);
    SSL_set_options(s->browser, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(s->browser, MTU);
    if (is_server)
        SSL_set_accept_state(s->browser);
    else
        SSL_set_connect_state(s->browser);
    arena_free(a);
    check(s);
    take_out(s);
}

static void scene_done(struct scene *s)
{
    sfu_tick(sfu, s->now);
    take_out(s);
    sfu_room_free(s->room);
    take_out(s);
    SSL_free(s->browser);
    ERR_clear_error();
    CHECK(pkt_pool_used(pool) == 0);
}

/* ---- steps ---- */

static void pass(struct scene *s, enum step kind, size_t at, struct rd *r)
{
    uint8_t d[2 * DATAGRAM];
    size_t n = next_record(s, d);

    if (!n || kind == STEP_LOSE)
        return;
    if (kind == STEP_JOIN)
        n += next_record(s, d + n);
    if (kind == STEP_FLIP)
        d[at % n] ^= rd_u8(r);
    if (kind == STEP_SHORT)
        n = at % n;
    rx(s, &s->from, d, n);
    if (kind == STEP_TWICE)
        rx(s, &s->from, d, n);
}

static void pass_time(struct scene *s, usec us)
{
    s->now += us;
    clock_now = s->now;
    (void)DTLSv1_handle_timeout(s->browser);
    ERR_clear_error();
    check(s);
    sfu_tick(sfu, s->now);
}

static void run(struct scene *s, enum step kind, uint8_t a, uint8_t b, struct rd *r)
{
    size_t n;

    switch (kind) {
    case STEP_RAW:
        n = a < rd_left(r) ? a : rd_left(r);
        rx(s, b & 1 ? &s->stranger : &s->from, rd_bytes(r, n), n);
        break;
    case STEP_TIME:
        pass_time(s, a * 10 * USEC_MS);
        break;
    case STEP_DEAF:
        s->lose = 1 + b % 4;
        break;
    default:
        pass(s, kind, (size_t)a << 8 | b, r);
        break;
    }
    take_out(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);
    struct scene s;

    if (!sfu) {
        struct sfu_conf c = {0};

        CHECK(pkt_pool_new(PACKETS, &pool) == 0);
        c.pool = pool;
        CHECK(sfu_new(&c, &sfu) == 0);
        make_browsers();
    }
    scene_init(&s, n % 3 == 2);
    for (int i = 0; i < MAX_STEPS && rd_left(&r) >= 3; i++) {
        enum step kind = rd_u8(&r) % STEP_KINDS;
        uint8_t a = rd_u8(&r), b = rd_u8(&r);

        run(&s, kind, a, b, &r);
    }
    scene_done(&s);
    return 0;
}
